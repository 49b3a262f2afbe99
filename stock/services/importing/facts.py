"""What an import of stock says: remarks about rows, and what became of a sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

# So many rows of each fate are shown; the others are counted.
MOST_SHOWN = 500


class Remark(NamedTuple):
    """One thing to say about a row: a code with its parameters, worded at the edge.

    Row 0 is the sheet as a whole, an empty `column` the row as a whole.
    """

    row: int
    column: str
    code: str
    params: Mapping[str, object] = {}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One row as a page shows it: what it is of, what it says, what becomes different."""

    row: int
    name: str
    said: Sequence[str] = ()
    changes: Sequence[tuple[str, str, str]] = ()  # key of a column, before, after


@dataclass(kw_only=True)
class SheetOutcome:
    """What an import did with one sheet, or would do: read = created + … + refused."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0  # rows that stood and no longer do: what is no longer on its way
    refusals: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    shown: dict[str, list[Shown]] = field(default_factory=dict)  # fate → the first rows

    @property
    def refused(self) -> int:
        """How many rows were refused."""
        return len({remark.row for remark in self.refusals})

    def counts(self) -> dict[str, int]:
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "warnings": len(self.warnings),
        }
