"""The ages of many rows: the compiled twin of the rules, and where it is kept once compiled."""

import hashlib
import tempfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings

from stock.figures.arrays import Found, Rows, picked

if TYPE_CHECKING:
    import numpy as np

log = structlog.get_logger(__name__)
SOURCES = Path(__file__).parent / "compiled"


def _compiled() -> "Callable[[np.ndarray, int, int], int]":
    """The loop: read from where an earlier process kept it, else compiled on its first use."""
    import numba

    config: Any = numba.config
    config.CACHE_DIR = _kept_in()
    from stock.figures.compiled.loop import run

    return run


@cache
def _kept_in() -> str:
    """Where this version of the loop is kept; "" where nothing can be, and then each process
    compiles for itself.

    Apart for each version: numba looks at the entry's own file alone to know what was changed.
    """
    texts = b"".join(path.read_bytes() for path in sorted(SOURCES.glob("*.py")))
    version = hashlib.blake2b(texts, digest_size=8).hexdigest()
    kept = settings.COMPILED_DIR / version
    try:
        kept.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=kept):
            return str(kept)
    except OSError as error:
        log.warning("compiled_code_not_kept", folder=str(kept), why=error.strerror)
        return ""


def by_the_loop(rows: Rows, *, as_of: date) -> Found:
    """What the rules find of each style."""
    import numpy as np

    run = _compiled()
    from stock.figures.compiled.memory import Memory

    is_past = rows.table["on"] <= as_of.toordinal()
    # Mostly nothing later was read; choosing would copy every row.
    table = rows.table if is_past.all() else picked(rows.table, is_past)
    memory = Memory(table, rows.places.regions)
    lots = [memory.take_found()]
    done = memory.first_row
    while done < memory.end:
        before, done = done, run(memory.cells, done, memory.end)
        lots.append(memory.take_found())
        if done == before:
            memory.make_room()
    return Found(*(np.concatenate(each) for each in zip(*lots, strict=True)))
