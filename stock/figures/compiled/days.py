"""The rows of a style, a day at a time: the twin of how `stock.rules.fifo.Flow` runs."""

from stock.figures.arrays import FLAG_BITS
from stock.figures.compiled.fields import (
    FLAGS,
    IS_THERE,
    LEAVING,
    QUEUE,
    QUEUE_END,
    QUEUE_NEXT,
    QUEUES,
    ROW,
    ROW_DOCUMENT,
    ROW_KIND,
    ROW_ON,
    ROW_QUANTITY,
    ROW_REFERENCE,
    ROW_SHELF,
    TO_LEAVE,
)
from stock.figures.compiled.kernel import inner
from stock.figures.compiled.layers import new_layer, release_all
from stock.figures.compiled.returns import return_late, return_now
from stock.figures.compiled.roads import come_in, leave
from stock.figures.compiled.shelf import find, receive, sell, send_back, take
from stock.rules.figures import Flag
from stock.states import Kind

NEG_OPENING = FLAG_BITS[Flag.NEG_OPENING]
OPENING, PURCHASE, GAIN = int(Kind.OPENING), int(Kind.PURCHASE), int(Kind.GAIN)
PURCHASE_RETURN, SALE_RETURN = int(Kind.PURCHASE_RETURN), int(Kind.SALE_RETURN)
SALE, TRANSFER_IN, TRANSFER_OUT = int(Kind.SALE), int(Kind.TRANSFER_IN), int(Kind.TRANSFER_OUT)


@inner
def run_style(cells, first, end):
    """Move the rows from `first` to before `end`, which are one style's, in order."""
    for row in range(first, end, ROW):
        cells[cells[row + ROW_SHELF] + IS_THERE] = 1
        if cells[row + ROW_KIND] == TRANSFER_OUT:
            cells[cells[row + ROW_DOCUMENT] + TO_LEAVE] += cells[row + ROW_QUANTITY]
    while first < end:
        after = first + ROW
        while after < end and cells[after + ROW_ON] == cells[first + ROW_ON]:
            after += ROW
        run_day(cells, first, after)
        first = after


@inner
def run_day(cells, first, end):
    """One day; where something leaves, offices take turns."""
    is_leaving = False
    for row in range(first, end, ROW):
        if cells[row + ROW_KIND] == TRANSFER_OUT:
            cells[cells[row + ROW_DOCUMENT] + LEAVING] += 1
            is_leaving = True
    if is_leaving:
        run_in_turns(cells, line_up(cells, first, end))
    else:
        for row in range(first, end, ROW):
            move(cells, row)
    return_late(cells)


@inner
def line_up(cells, first, end):
    """A queue for each office of the day; answers where the last one ends."""
    queue = cells[QUEUES] - QUEUE
    for row in range(first, end, ROW):
        if row == first or cells[row + ROW_SHELF] != cells[row - ROW + ROW_SHELF]:
            queue += QUEUE
            cells[queue + QUEUE_NEXT] = row
        cells[queue + QUEUE_END] = row + ROW
    return queue + QUEUE


@inner
def run_in_turns(cells, end):
    """Always the first office, by code, whose next row need not wait."""
    first = cells[QUEUES]
    while first < end:
        chosen = first
        for queue in range(first, end, QUEUE):
            row = cells[queue + QUEUE_NEXT]
            if row < cells[queue + QUEUE_END] and not waits(cells, row):
                chosen = queue
                break
        move(cells, cells[chosen + QUEUE_NEXT])
        cells[chosen + QUEUE_NEXT] += ROW
        while first < end and cells[first + QUEUE_NEXT] == cells[first + QUEUE_END]:
            first += QUEUE


@inner
def waits(cells, row):
    """A transfer in waits for what leaves today under its document."""
    if cells[row + ROW_KIND] != TRANSFER_IN:
        return False
    return cells[cells[row + ROW_DOCUMENT] + LEAVING] > 0


@inner
def move(cells, row):
    """One movement."""
    shelf, on, kind = cells[row + ROW_SHELF], cells[row + ROW_ON], cells[row + ROW_KIND]
    quantity, document = cells[row + ROW_QUANTITY], cells[row + ROW_DOCUMENT]
    if kind == SALE:
        sell(cells, shelf, quantity, document)
    elif kind == OPENING and quantity < 0:
        cells[shelf + FLAGS] |= NEG_OPENING
        sell(cells, shelf, -quantity, document)
    elif kind in (OPENING, PURCHASE):
        receive(cells, shelf, new_layer(cells, on, quantity, document))
    elif kind == GAIN:
        find(cells, shelf, quantity, on, document)
    elif kind == PURCHASE_RETURN:
        send_back(cells, shelf, quantity, cells[row + ROW_REFERENCE])
    elif kind == SALE_RETURN:
        return_now(cells, row)
    elif kind == TRANSFER_OUT:
        leave(cells, row)
    elif kind == TRANSFER_IN:
        come_in(cells, row)
    else:
        release_all(cells, take(cells, shelf, quantity))
