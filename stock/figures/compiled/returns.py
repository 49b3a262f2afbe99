"""Customers' returns, at once or at the day's end: the twin of `stock.rules.fifo.Flow`."""

from stock.figures.arrays import FLAG_BITS
from stock.figures.compiled.fields import (
    A_RETURN,
    DRAWN,
    FIRST_LATE,
    FLAGS,
    HOME,
    LATE_QUANTITY,
    LATE_ROW,
    NEXT_LATE,
    NONE,
    ROW_DOCUMENT,
    ROW_ON,
    ROW_QUANTITY,
    ROW_REFERENCE,
    ROW_SHELF,
    ROW_TURN,
    SALES,
    SHELF,
    SHELVES,
    SHELVES_END,
)
from stock.figures.compiled.kernel import inner
from stock.figures.compiled.shelf import UNKNOWN_REFERENCE, find, give_up, lay_all, take_back
from stock.rules.figures import Flag

RETURN_OVER_SOLD = FLAG_BITS[Flag.RETURN_OVER_SOLD]


@inner
def return_now(cells, row):
    """What was sold before comes back; the rest waits for the day's end."""
    rest = return_known(cells, row, cells[row + ROW_QUANTITY])
    if rest:
        late = cells[NEXT_LATE]
        cells[late + LATE_ROW] = row
        cells[late + LATE_QUANTITY] = rest
        cells[NEXT_LATE] += A_RETURN


@inner
def return_known(cells, row, quantity):
    """Undo the sale it refers to, here, else in the region; answers how many are left."""
    own, reference = cells[row + ROW_SHELF], cells[row + ROW_REFERENCE]
    rest = take_back(cells, own, quantity, reference)
    if not rest or not reference or not cells[reference + SALES]:
        return rest
    for shelf in range(cells[SHELVES], cells[SHELVES_END], SHELF):
        if shelf != own and cells[shelf + HOME] == cells[own + HOME]:
            rest = give_up(cells, shelf, rest, reference)
            lay_all(cells, own, DRAWN)
    return rest


@inner
def comes_before(cells, row, other):
    """Returns that name their sale go first, in their turn; then in the order of rows."""
    names, other_names = cells[row + ROW_REFERENCE] != 0, cells[other + ROW_REFERENCE] != 0
    if names != other_names:
        return names
    if cells[row + ROW_TURN] != cells[other + ROW_TURN]:
        return cells[row + ROW_TURN] < cells[other + ROW_TURN]
    return row < other


@inner
def sort_late(cells):
    """Put the returns that wait into the order in which they are taken back."""
    first = cells[FIRST_LATE]
    for late in range(first + A_RETURN, cells[NEXT_LATE], A_RETURN):
        row, quantity, place = cells[late + LATE_ROW], cells[late + LATE_QUANTITY], late
        while place > first and comes_before(cells, row, cells[place - A_RETURN + LATE_ROW]):
            cells[place + LATE_ROW] = cells[place - A_RETURN + LATE_ROW]
            cells[place + LATE_QUANTITY] = cells[place - A_RETURN + LATE_QUANTITY]
            place -= A_RETURN
        cells[place + LATE_ROW] = row
        cells[place + LATE_QUANTITY] = quantity


@inner
def return_late(cells):
    """The day's other rows are through: what still waits finds its sale, or pairs turn up."""
    sort_late(cells)
    for late in range(cells[FIRST_LATE], cells[NEXT_LATE], A_RETURN):
        return_at_last(cells, cells[late + LATE_ROW], cells[late + LATE_QUANTITY])
    cells[NEXT_LATE] = cells[FIRST_LATE]


@inner
def return_at_last(cells, row, quantity):
    """A document that nobody knows is none; what was never sold here counts as found."""
    shelf = cells[row + ROW_SHELF]
    rest = return_known(cells, row, quantity)
    if rest and cells[row + ROW_REFERENCE]:
        cells[shelf + FLAGS] |= UNKNOWN_REFERENCE
        rest = take_back(cells, shelf, rest, NONE)
    if rest:
        cells[shelf + FLAGS] |= RETURN_OVER_SOLD
        find(cells, shelf, rest, cells[row + ROW_ON], cells[row + ROW_DOCUMENT])
