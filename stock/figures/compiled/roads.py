"""Transfers on their way, by document: the twin of what `stock.rules.fifo.Flow` does with them."""

import numpy as np

from stock.figures import arrays
from stock.figures.arrays import FLAG_BITS
from stock.figures.compiled.fields import (
    A_CLAIM,
    A_CROSSING,
    AFTER,
    CLAIM,
    CLAIM_QUANTITY,
    CLAIM_ROW,
    CLAIMED,
    CROSSINGS_FOUND,
    CROSSINGS_FULL,
    FLAGS,
    FREE_CLAIM,
    HEAD,
    HOME,
    IS_FULL,
    LAST_CLAIM,
    LEAVING,
    NEXT_CLAIM,
    ON,
    OWED,
    QUANTITY,
    RANK,
    REGION,
    ROW_DOCUMENT,
    ROW_ON,
    ROW_QUANTITY,
    ROW_SHELF,
    ROW_SIZE,
    ROW_STYLE,
    SIZE,
    SOURCE,
    TO_LEAVE,
)
from stock.figures.compiled.kernel import inner
from stock.figures.compiled.layers import append, new_layer, part_of, remove
from stock.figures.compiled.shelf import receive, take
from stock.rules.figures import Flag

EARLY_TRANSFER = FLAG_BITS[Flag.EARLY_TRANSFER]
NOWHERE = np.int64(arrays.NOWHERE)
UNMATCHED_TRANSFER = FLAG_BITS[Flag.UNMATCHED_TRANSFER]


@inner
def leave(cells, row):
    """A transfer out takes the oldest pairs onto the road of its document, and serves who waits."""
    document = cells[row + ROW_DOCUMENT]
    taken = take(cells, cells[row + ROW_SHELF], cells[row + ROW_QUANTITY])
    while cells[taken + HEAD]:
        layer = cells[taken + HEAD]
        remove(cells, taken, layer)
        set_out(cells, row, layer)
    owed = cells[taken + OWED]
    if owed:
        set_out(cells, row, new_layer(cells, cells[row + ROW_ON], owed, document))
    cells[document + LEAVING] -= 1
    cells[document + TO_LEAVE] -= cells[row + ROW_QUANTITY]
    if not cells[document + LEAVING]:
        serve_claims(cells, row)


@inner
def set_out(cells, row, layer):
    """Put a layer on the road, of a size and from a region."""
    cells[layer + SIZE] = cells[row + ROW_SIZE]
    cells[layer + REGION] = cells[cells[row + ROW_SHELF] + HOME]
    append(cells, cells[row + ROW_DOCUMENT], layer)


@inner
def serve_claims(cells, row):
    """What left today under the document of `row` goes to those it came in for earlier."""
    document = cells[row + ROW_DOCUMENT]
    while cells[document + CLAIM] and cells[document + HEAD]:
        claim = cells[document + CLAIM]
        came = cells[claim + CLAIM_ROW]
        served = unload(cells, came, cells[claim + CLAIM_QUANTITY])
        cells[claim + CLAIM_QUANTITY] -= served
        cells[document + CLAIMED] -= served
        if cells[came + ROW_ON] < cells[row + ROW_ON]:
            cells[cells[came + ROW_SHELF] + FLAGS] |= EARLY_TRANSFER
        if not cells[claim + CLAIM_QUANTITY]:
            cells[document + CLAIM] = cells[claim + NEXT_CLAIM]
    while cells[document + CLAIM] and not cells[document + TO_LEAVE]:
        claim = cells[document + CLAIM]
        cells[document + CLAIM] = cells[claim + NEXT_CLAIM]
        cells[document + CLAIMED] -= cells[claim + CLAIM_QUANTITY]
        receive_unmatched(cells, cells[claim + CLAIM_ROW], cells[claim + CLAIM_QUANTITY])


@inner
def come_in(cells, row):
    """A transfer in: from the road, from what leaves later, and from nowhere."""
    document = cells[row + ROW_DOCUMENT]
    rest = cells[row + ROW_QUANTITY]
    rest -= unload(cells, row, rest)
    awaited = max(0, min(rest, cells[document + TO_LEAVE] - cells[document + CLAIMED]))
    if awaited:
        claim_later(cells, row, awaited)
    if rest > awaited:
        receive_unmatched(cells, row, rest - awaited)


@inner
def claim_later(cells, row, quantity):
    """Stand in the queue for pairs that leave on a later day."""
    document, claim = cells[row + ROW_DOCUMENT], cells[FREE_CLAIM]
    cells[FREE_CLAIM] += A_CLAIM
    cells[claim + CLAIM_ROW] = row
    cells[claim + CLAIM_QUANTITY] = quantity
    cells[claim + NEXT_CLAIM] = 0
    if cells[document + CLAIM]:
        cells[cells[document + LAST_CLAIM] + NEXT_CLAIM] = claim
    else:
        cells[document + CLAIM] = claim
    cells[document + LAST_CLAIM] = claim
    cells[document + CLAIMED] += quantity


@inner
def receive_unmatched(cells, row, quantity):
    """Pairs that came in and never left anywhere are of their own day."""
    shelf = cells[row + ROW_SHELF]
    cells[shelf + FLAGS] |= UNMATCHED_TRANSFER
    note_crossing(cells, row, NOWHERE, quantity)
    layer = new_layer(cells, cells[row + ROW_ON], quantity, cells[row + ROW_DOCUMENT])
    receive(cells, shelf, layer)


@inner
def unload(cells, row, quantity):
    """Take up to so many pairs off the road: of this region first, then of the size."""
    road, rest = cells[row + ROW_DOCUMENT], quantity
    region, size = cells[cells[row + ROW_SHELF] + HOME], cells[row + ROW_SIZE]
    for strangeness in range(4):
        layer = cells[road + HEAD]
        while layer and rest:
            beyond, other = cells[layer + AFTER], cells[layer + SIZE]
            is_far = 2 if cells[layer + REGION] != region else 0
            is_other_size = 1 if size and other and size != other else 0
            if is_far + is_other_size == strangeness:
                part = min(rest, cells[layer + QUANTITY])
                rest -= part
                arrive(cells, row, part_of(cells, road, layer, part), is_far)
            layer = beyond
    return quantity - rest


@inner
def arrive(cells, row, layer, is_far):
    """A layer comes in; from another region it is new."""
    if is_far:
        note_crossing(cells, row, cells[layer + REGION], cells[layer + QUANTITY])
        cells[layer + ON] = cells[row + ROW_ON]
        cells[layer + SOURCE] = cells[row + ROW_DOCUMENT]
    receive(cells, cells[row + ROW_SHELF], layer)


@inner
def note_crossing(cells, row, origin, quantity):
    """Write down what came over a border."""
    told = cells[CROSSINGS_FOUND]
    if told == cells[CROSSINGS_FULL]:
        cells[IS_FULL] = 1
        return
    cells[told] = cells[row + ROW_STYLE]
    cells[told + 1] = cells[row + ROW_ON]
    cells[told + 2] = cells[cells[row + ROW_SHELF] + RANK]
    cells[told + 3] = origin
    cells[told + 4] = quantity
    cells[CROSSINGS_FOUND] += A_CROSSING
