"""How the functions of the loop are compiled: all but its entry for one another only."""

from typing import Any

import numba

_njit: Any = numba.njit  # its types know neither of these options
inner = _njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, error_model="numpy")
# Kept where `stock.figures.looping` found a place for it.
_is_kept = bool(getattr(numba.config, "CACHE_DIR", ""))
entry = _njit(cache=_is_kept, nogil=True, error_model="numpy")
