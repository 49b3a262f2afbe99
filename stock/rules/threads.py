"""Which rows of a ledger may be summed without the age of any pair changing (MER-20)."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from stock.rules.fifo import Movement, day_order, phase
from stock.states import Kind

TRANSFERS = frozenset({Kind.TRANSFER_IN, Kind.TRANSFER_OUT})


def summed(rows: list[Movement]) -> Movement:
    """The first of these rows with the pairs of all."""
    return replace(rows[0], quantity=sum(row.quantity for row in rows))


def condensed(movements: Iterable[Movement]) -> list[Movement]:
    """The rows of one style that tell `stock_of_style` the same as all its movements do.

    The receipts of one office and day, and so its outflows, are one row without document, line and
    size as long as their order says nothing: they are of one kind and sign, none is a transfer,
    refers to a document, or is of a document that a row of the style refers to. Otherwise they stay
    in their order, and only neighbours that agree in document, kind and reference (of a transfer
    also in size) are summed. A kept day-by-day summary is this rule's twin.
    """
    rows = sorted(movements, key=lambda row: (row.on, row.office, day_order(row)))
    referred = {row.reference for row in rows if row.reference}

    def has_thread(row: Movement) -> bool:
        return row.kind in TRANSFERS or bool(row.reference) or row.document in referred

    found = []
    for _key, group in groupby(rows, key=lambda row: (row.on, row.office, phase(row))):
        own = list(group)
        is_plain = len({(row.kind, row.quantity > 0) for row in own}) == 1
        if is_plain and not any(map(has_thread, own)):
            found.append(replace(summed(own), document="", line="", size=""))
            continue
        for _same, neighbours in groupby(own, key=neighbourhood):
            found.append(summed(list(neighbours)))
    return found


def neighbourhood(row: Movement) -> tuple[object, ...]:
    """What rows side by side share that are as good as one."""
    size = row.size if row.kind in TRANSFERS else ""
    return (row.document, row.kind, row.reference, row.quantity > 0, size)
