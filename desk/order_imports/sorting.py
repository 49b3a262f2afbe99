"""Puts the rows of a sheet together by order: the same number is the same order. Pure.

What belongs to the order stands in any of its rows; where they contradict each other in what cannot
be both, the order is refused. An order comes in whole or not at all: its lines count by position.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.phones import Phone
from desk.imports.facts import Remark
from desk.order_imports.facts import LineRow, ToldLine, ToldOrder

# Of these only one can be true; of the others the first row stands, and the reader is told.
ONE_IS_TRUE = ("seller", "paid", "method")


@dataclass
class Sorted:
    """The orders of a sheet, and the rows that are refused or should be looked at."""

    orders: list[ToldOrder] = field(default_factory=list)
    refusals: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)


def put_together(
    rows: Iterable[LineRow], *, store_id: int | None, refused: Mapping[str, int]
) -> Sorted:
    """The orders that these rows tell of.

    `store_id` is that of rows which name none; `refused` are the numbers of orders of which a row
    was refused already, with that row.
    """
    by_number: dict[str, list[LineRow]] = {}
    for row in rows:
        by_number.setdefault(row.order_no, []).append(row)
    found = Sorted()
    for number, of_order in by_number.items():
        if number in refused:
            found.refusals += _with_it(of_order, row=refused[number])
            continue
        wrong = _contradictions(of_order)
        said = _said(of_order, found.warnings)
        store = next((row.store_id for row in of_order if row.store_id), store_id)
        wrong += _missing(of_order, said, store)
        days = [row.ordered_on for row in of_order if row.ordered_on]
        if not wrong and days:
            wrong += _before_the_order(of_order, days[0], said)
        if wrong or store is None or not days:
            found.refusals += wrong
            told = {remark.row for remark in wrong}
            rest = [row for row in of_order if row.number not in told]
            found.refusals += _with_it(rest, row=wrong[0].row if wrong else of_order[0].number)
            continue
        found.orders.append(
            ToldOrder(
                number=number,
                ordered_on=days[0],
                store_id=store,
                phones=_phones(of_order),
                name=next((row.name for row in of_order if row.name), ""),
                said=said,
                lines=[
                    ToldLine(row=row.number, position=position, said=row.line)
                    for position, row in enumerate(of_order, start=1)
                ],
            )
        )
    return found


def _with_it(rows: Sequence[LineRow], *, row: int) -> list[Remark]:
    """An order comes in whole: its other rows wait for the one that is refused."""
    return [
        Remark(row=one.number, column="order_no", code="row_of_refused_order", params={"row": row})
        for one in rows
    ]


def _phones(rows: Sequence[LineRow]) -> tuple[Phone, ...]:
    found = {phone.e164: phone for row in rows for phone in row.phones}
    return tuple(found.values())


def _contradictions(rows: Sequence[LineRow]) -> list[Remark]:
    """The rows that cannot be of the same order as the ones before them."""
    wrong = []
    for column, values in _only_ones(rows).items():
        first = values[0] if values else None
        for number, value in values[1:]:
            if first is not None and value != first[1]:
                params = {"row": first[0]}
                wrong.append(
                    Remark(row=number, column=column, code="rows_contradict", params=params)
                )
    return wrong


def _only_ones(rows: Sequence[LineRow]) -> dict[str, list[tuple[int, Any]]]:
    """By column, what each row says of what only one can be true."""
    told: dict[str, list[tuple[int, Any]]] = {
        column: [(row.number, row.order[column]) for row in rows if column in row.order]
        for column in ONE_IS_TRUE
    }
    told["ordered_on"] = [(row.number, row.ordered_on) for row in rows if row.ordered_on]
    told["store"] = [(row.number, row.store_id) for row in rows if row.store_id]
    told["phone"] = [
        (row.number, frozenset(phone.e164 for phone in row.phones)) for row in rows if row.phones
    ]
    return told


def _said(rows: Sequence[LineRow], warnings: list[Remark]) -> dict[str, Any]:
    """What the rows say of the order: of what may differ the first stands."""
    said: dict[str, Any] = {}
    stands_in: dict[str, int] = {}
    for row in rows:
        for column, value in row.order.items():
            if column not in said:
                said[column], stands_in[column] = value, row.number
            elif said[column] != value and column not in ONE_IS_TRUE:
                params = {"row": stands_in[column]}
                warnings.append(
                    Remark(row=row.number, column=column, code="first_row_stands", params=params)
                )
    return said


def _missing(
    rows: Sequence[LineRow], said: Mapping[str, Any], store_id: int | None
) -> list[Remark]:
    """What none of the rows says and an order cannot do without."""
    first = rows[0].number
    is_there = {
        "ordered_on": any(row.ordered_on for row in rows),
        "seller": "seller" in said,
        "phone": any(row.phones for row in rows),
    }
    wrong = [
        Remark(row=first, column=key, code="EMPTY") for key, has in is_there.items() if not has
    ]
    if store_id is None:
        wrong.append(Remark(row=first, column="store", code="store_missing"))
    return wrong


def _before_the_order(rows: Sequence[LineRow], ordered_on, said: Mapping[str, Any]) -> list[Remark]:
    """Nothing is promised or delivered before it was ordered."""
    wrong = []
    promised = said.get("promised_on")
    if promised and promised < ordered_on:
        wrong.append(Remark(row=rows[0].number, column="promised_on", code="before_the_order"))
    for row in rows:
        delivered = row.line.get("delivered_at")
        if delivered and delivered.on < ordered_on:
            wrong.append(Remark(row=row.number, column="delivered_at", code="before_the_order"))
    return wrong
