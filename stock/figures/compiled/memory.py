"""Lays the cells out for the rows of many styles, and takes out of them what was found."""

import numpy as np

from stock.figures.arrays import MOVED, Table
from stock.figures.compiled import fields

# Where the next row of what is found goes, where there is room for no more, and its columns.
FOUND = (
    (fields.OFFICES_FOUND, fields.OFFICES_FULL, fields.AN_OFFICE),
    (fields.LAYERS_FOUND, fields.LAYERS_FULL, fields.A_LAYER),
    (fields.CROSSINGS_FOUND, fields.CROSSINGS_FULL, fields.A_CROSSING),
)

STRETCH = 4096  # rows that the nearest caches hold


def room_for(rows: int) -> int:
    """So many offices, layers and crossings are written down before they are taken out."""
    return rows + 64


class Memory:
    """The cells, first those of one style while it runs, then movements, then what is found.

    A movement makes at most one thing of each kind but layers, which are cut a handful of times.
    """

    def __init__(self, table: Table, regions: np.ndarray) -> None:
        changes = np.flatnonzero(np.diff(table["style"], prepend=-1, append=-1))
        longest = int(np.diff(changes).max(initial=0)) + 1
        lengths = {
            fields.SHELVES: fields.SHELF * len(regions),
            fields.SHELVES_END: 0,
            fields.QUEUES: fields.QUEUE * len(regions),
            fields.FIRST_LAYER: fields.LAYER * (12 * longest + 64),
            fields.FIRST_TAKEN: fields.TAKEN * longest,
            fields.FIRST_CLAIM: fields.A_CLAIM * longest,
            fields.FIRST_LATE: fields.A_RETURN * longest,
            fields.SLOTS: fields.SLOT * 8 * longest,
            fields.DOCUMENTS: fields.DOCUMENT * 2 * longest,
        }
        begins = np.cumsum([fields.OWN_CELLS, *lengths.values()])
        self.first_row = int(begins[-1])
        count = len(table["style"])
        self.end = self.first_row + count * fields.ROW
        self._room = room_for(count)
        self.cells = np.empty(self.end + self._found_length(), dtype=np.int64)
        self.cells[: self.first_row] = 0
        self.cells[list(lengths)] = begins[:-1]
        self._stand(regions)
        self._lay_down(table)
        self._begin_found()

    def _stand(self, regions: np.ndarray) -> None:
        """Put up the shelves."""
        begin, end = self.cells[fields.SHELVES], self.cells[fields.SHELVES_END]
        shelves = self.cells[begin:end].reshape(-1, fields.SHELF)
        shelves[:, fields.HOME], shelves[:, fields.RANK] = regions, np.arange(len(regions))

    def _lay_down(self, table: Table) -> None:
        """Row by row what stands in columns, a stretch at a time."""
        rows = self.cells[self.first_row : self.end].reshape(-1, fields.ROW)
        for begin in range(0, len(rows), STRETCH):
            part = rows[begin : begin + STRETCH]
            for at, name in enumerate(MOVED):
                part[:, at] = table[name][begin : begin + STRETCH]
            part[:, fields.ROW_SHELF] *= fields.SHELF
            part[:, fields.ROW_SHELF] += self.cells[fields.SHELVES]

    def _found_length(self) -> int:
        return self._room * sum(columns for _next, _full, columns in FOUND)

    def _begin_found(self) -> None:
        begin = self.end
        for free, full, columns in FOUND:
            self.cells[free] = begin
            begin += self._room * columns
            self.cells[full] = begin

    def take_found(self) -> list[np.ndarray]:
        """Offices, layers and crossings so far; their room is free again."""
        found = []
        for free, full, columns in FOUND:
            begin = self.cells[full] - self._room * columns
            found.append(self.cells[begin : self.cells[free]].reshape(-1, columns).copy())
        self._begin_found()
        return found

    def make_room(self) -> None:
        """Twice as much room for what is found: one style had more."""
        self._room *= 2
        kept = self.cells[: self.end]
        self.cells = np.concatenate([kept, np.empty(self._found_length(), dtype=np.int64)])
        self._begin_found()
