"""The shelf of one office: the twin of `stock.rules.shelf`."""

from stock.figures.arrays import FLAG_BITS
from stock.figures.compiled.fields import (
    ANY,
    BEHIND,
    BELOW,
    DRAWN,
    FLAGS,
    HEAD,
    LAST_OWING,
    NEWEST,
    NEWEST_FIRST,
    NEXT_TAKEN,
    OLDEST_FIRST,
    ON,
    OWED,
    OWING,
    QUANTITY,
    SALES,
    SAME_DOCUMENT,
    SOLD,
    TAKEN,
    TAKEN_FROM,
)
from stock.figures.compiled.kernel import inner
from stock.figures.compiled.layers import (
    append,
    draw,
    insert_by_day,
    new_layer,
    piece,
    release_all,
    remove,
)
from stock.rules.figures import Flag

WENT_NEGATIVE = FLAG_BITS[Flag.WENT_NEGATIVE]
UNKNOWN_REFERENCE = FLAG_BITS[Flag.UNKNOWN_REFERENCE]


@inner
def lay(cells, shelf, layer):
    """Make up for what is owed, the longest owed first; the rest lies down by its day."""
    left = cells[layer + QUANTITY]
    while left and cells[shelf + OWING]:
        taken = cells[shelf + OWING]
        part = min(left, cells[taken + OWED])
        cells[taken + OWED] -= part
        left -= part
        if part:
            append(cells, taken, piece(cells, layer, part))
        if not cells[taken + OWED]:
            cells[shelf + OWING] = cells[taken + BEHIND]
    if left:
        insert_by_day(cells, shelf, layer)


@inner
def lay_all(cells, shelf, ends):
    """Lay down the layers of a list one by one."""
    while cells[ends + HEAD]:
        layer = cells[ends + HEAD]
        remove(cells, ends, layer)
        lay(cells, shelf, layer)


@inner
def receive(cells, shelf, layer):
    """Pairs come in, of the day that their layer says."""
    cells[shelf + NEWEST] = max(cells[shelf + NEWEST], cells[layer + ON])
    lay(cells, shelf, layer)


@inner
def find(cells, shelf, quantity, on, source):
    """Pairs turn up whose receipt nobody knows."""
    newest = cells[shelf + NEWEST]
    lay(cells, shelf, new_layer(cells, newest if newest else on, quantity, source))


@inner
def new_taken(cells, shelf):
    """What a movement is about to take."""
    taken = cells[NEXT_TAKEN]
    cells[NEXT_TAKEN] += TAKEN
    for field in range(TAKEN):
        cells[taken + field] = 0
    cells[taken + TAKEN_FROM] = shelf
    return taken


@inner
def owe(cells, shelf, taken, quantity):
    """What was not there waits for the next receipts."""
    if not quantity:
        return
    cells[taken + OWED] = quantity
    cells[shelf + FLAGS] |= WENT_NEGATIVE
    if cells[shelf + OWING]:
        cells[cells[shelf + LAST_OWING] + BEHIND] = taken
    else:
        cells[shelf + OWING] = taken
    cells[shelf + LAST_OWING] = taken


@inner
def take(cells, shelf, quantity):
    """Pairs leave, the oldest first."""
    taken = new_taken(cells, shelf)
    owe(cells, shelf, taken, draw(cells, shelf, taken, quantity, OLDEST_FIRST, ANY))
    return taken


@inner
def sell(cells, shelf, quantity, document):
    """Pairs are sold, which is remembered for a return."""
    taken = take(cells, shelf, quantity)
    cells[taken + BELOW] = cells[shelf + SOLD]
    cells[shelf + SOLD] = taken
    cells[taken + SAME_DOCUMENT] = cells[document + SALES]
    cells[document + SALES] = taken


@inner
def send_back(cells, shelf, quantity, reference):
    """Pairs go back to the supplier: of the receipt referred to, then the newest."""
    rest = quantity
    if reference:
        rest = draw(cells, shelf, DRAWN, rest, NEWEST_FIRST, reference)
        if rest:
            cells[shelf + FLAGS] |= UNKNOWN_REFERENCE
    rest = draw(cells, shelf, DRAWN, rest, NEWEST_FIRST, ANY)
    release_all(cells, DRAWN)
    owe(cells, shelf, new_taken(cells, shelf), rest)


@inner
def take_back(cells, shelf, quantity, reference):
    """A customer returns pairs of the newest sales, or of one document's; how many were not."""
    rest = quantity
    taken = cells[reference + SALES] if reference else cells[shelf + SOLD]
    while taken and rest:
        if cells[taken + TAKEN_FROM] == shelf:
            settled = min(rest, cells[taken + OWED])
            cells[taken + OWED] -= settled
            rest = draw(cells, taken, DRAWN, rest - settled, NEWEST_FIRST, ANY)
        taken = cells[taken + SAME_DOCUMENT] if reference else cells[taken + BELOW]
    taken = cells[shelf + SOLD]
    while taken and not cells[taken + HEAD] and not cells[taken + OWED]:
        taken = cells[taken + BELOW]
    cells[shelf + SOLD] = taken
    lay_all(cells, shelf, DRAWN)
    return rest


@inner
def give_up(cells, shelf, quantity, reference):
    """Draw what was sold here under a document; answers how many pairs were not."""
    taken, rest = cells[reference + SALES], quantity
    while taken:
        if cells[taken + TAKEN_FROM] == shelf:
            rest = draw(cells, taken, DRAWN, rest, NEWEST_FIRST, ANY)
        taken = cells[taken + SAME_DOCUMENT]
    return rest
