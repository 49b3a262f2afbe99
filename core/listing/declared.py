"""What lists declare once, a class for all requests: how a request gets parts of its own.

django-filters and django-tables2 copy whole filters and columns for each request, down to every
label and attribute. Written on is only what is near: a filter's choices, a column's table.
"""

import copy
from collections.abc import Mapping
from typing import Any


class Declared(dict[str, Any]):
    """Filters or columns by name. Its deep copy has a shallow copy of each part."""

    def __deepcopy__(self, _memo: Mapping[int, Any]) -> dict[str, Any]:
        return {name: copy.copy(part) for name, part in self.items()}
