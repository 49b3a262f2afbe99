"""What becomes of each order of a sheet: pure decisions over rows and what is known.

Empty cells never erase, money that is known is never taken away, and what the store has changed
since (who cares for the order, on which day it is planned) is not brought back by an old sheet.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.phones import Phone
from desk.imports.facts import Change, Remark
from desk.imports.sorting import KeyOf
from desk.order_imports.facts import (
    OF_LINE,
    Comparison,
    Delivered,
    House,
    KnownLine,
    KnownOrder,
    Newcomer,
    OrderFate,
    Standing,
    ToldLine,
    ToldOrder,
)
from orders.rules.importing import paid_more
from orders.states import CLOSED_ORDERS, LineState

DAYS = ("eta", "arrived_on", "delivered_at")


class OrderRefused(Exception):
    """An order that cannot come in, for something in one of its rows."""

    def __init__(self, row: int, column: str, code: str, **params: object) -> None:
        self.remark = Remark(row=row, column=column, code=code, params=params)


@dataclass
class _Newcomers:
    """The customers whom only the sheet knows, by their numbers."""

    key_of: KeyOf
    by_key: dict[bytes, int] = field(default_factory=dict)
    found: list[Newcomer] = field(default_factory=list)

    def number_of(self, told: ToldOrder) -> int:
        """Which newcomer this order is of, from 1. Raises OrderRefused."""
        keys: dict[bytes, Phone] = {self.key_of(phone): phone for phone in told.phones}
        standing = {self.by_key[key] for key in keys if key in self.by_key}
        if len(standing) > 1:
            rows = sorted(self.found[at - 1].orders[0].rows[0] for at in standing)
            shown = ", ".join(map(str, rows))
            raise OrderRefused(told.rows[0], "phone", "numbers_of_two_rows", rows=shown)
        if not standing and not told.name:
            raise OrderRefused(told.rows[0], "name", "newcomer_without_name")
        at = standing.pop() if standing else len(self.found) + 1
        if at > len(self.found):
            self.found.append(Newcomer(name=told.name, phones=told.phones, orders=[told]))
        else:
            before = self.found[at - 1]
            phones = {phone.e164: phone for phone in (*before.phones, *told.phones)}
            self.found[at - 1] = Newcomer(
                name=before.name, phones=tuple(phones.values()), orders=[*before.orders, told]
            )
        self.by_key.update(dict.fromkeys(keys, at))
        return at


def compare(
    orders: Sequence[ToldOrder], standing: Standing, house: House, *, key_of: KeyOf
) -> Comparison:
    """Decide about every order: new, changed, same or refused; nothing is touched."""
    newcomers = _Newcomers(key_of)
    fates: list[OrderFate] = []
    refusals: list[Remark] = []
    warnings: list[Remark] = []
    for told in orders:
        try:
            known = standing.orders.get(told.number)
            if known is None:
                fates.append(_new(told, standing, newcomers, warnings))
            else:
                fates.append(_known(told, known, standing, key_of, warnings))
        except OrderRefused as refused:
            first = refused.remark
            refusals.append(first)
            refusals += [
                Remark(
                    row=row,
                    column="order_no",
                    code="row_of_refused_order",
                    params={"row": first.row},
                )
                for row in told.rows
                if row != first.row
            ]
    return Comparison(
        standing=standing,
        fates=fates,
        newcomers=newcomers.found,
        refusals=refusals,
        warnings=warnings,
    )


def _owner(told: ToldOrder, standing: Standing, key_of: KeyOf) -> int | None:
    """The customer who has these numbers. Raises OrderRefused."""
    keys = [key_of(phone) for phone in told.phones]
    owners = {standing.by_key[key] for key in keys if key in standing.by_key}
    if len(owners) > 1:
        raise OrderRefused(told.rows[0], "phone", "numbers_of_two_customers")
    return next(iter(owners), None)


def amount_of(lines: Sequence[ToldLine]) -> Decimal:
    """What these lines cost together."""
    return sum((line.said["qty"] * line.said["price"] for line in lines), Decimal(0))


def _new(
    told: ToldOrder, standing: Standing, newcomers: _Newcomers, warnings: list[Remark]
) -> OrderFate:
    """An order that is not known yet."""
    paid = told.said.get("paid", Decimal(0))
    if paid > amount_of(told.lines):
        raise OrderRefused(told.rows[0], "paid", "paid_exceeds_amount")
    if paid and "method" not in told.said:
        warnings.append(Remark(row=told.rows[0], column="method", code="method_untold"))
    owner = _owner(told, standing, newcomers.key_of)
    return OrderFate(
        told=told,
        customer_id=owner,
        newcomer=0 if owner else newcomers.number_of(told),
        paid_more=paid,
        new_lines=tuple(line.position for line in told.lines),
    )


def _known(
    told: ToldOrder,
    known: KnownOrder,
    standing: Standing,
    key_of: KeyOf,
    warnings: list[Remark],
) -> OrderFate:
    """An order we know: field by field."""
    _refuse_another(told, known, _owner(told, standing, key_of))
    changes = _order_changes(told, known, warnings)
    line_changes = {
        line.position: found
        for line in told.lines
        if (there := known.lines.get(line.position)) and (found := _line_changes(line, there))
    }
    new_lines = tuple(line.position for line in told.lines if line.position not in known.lines)
    more = paid_more(
        told=told.said.get("paid", Decimal(0)), known=known.said.get("paid", Decimal(0))
    )
    fate = OrderFate(
        told=told,
        known=known,
        customer_id=known.customer_id,
        changes=tuple(changes),
        line_changes=line_changes,
        new_lines=new_lines,
        paid_more=more,
    )
    if not fate.is_same and known.state in CLOSED_ORDERS:
        raise OrderRefused(told.rows[0], "order_no", "order_is_closed")
    _refuse_overpaid(fate)
    if len(known.lines) > len(told.lines):
        warnings.append(
            Remark(
                row=told.rows[-1],
                column="order_no",
                code="order_has_more_lines",
                params={"count": len(known.lines)},
            )
        )
    return fate


def _refuse_another(told: ToldOrder, known: KnownOrder, owner: int | None) -> None:
    if not known.is_in_reach:
        raise OrderRefused(told.rows[0], "order_no", "order_out_of_reach")
    if known.store_id != told.store_id:
        raise OrderRefused(told.rows[0], "store", "order_of_another_store")
    if owner != known.customer_id:
        raise OrderRefused(told.rows[0], "phone", "order_of_another_customer")


def _order_changes(told: ToldOrder, known: KnownOrder, warnings: list[Remark]) -> list[Change]:
    """What of the order as a whole becomes different."""
    found = []
    if told.ordered_on != known.ordered_on:
        found.append(Change(column="ordered_on", before=known.ordered_on, after=told.ordered_on))
    for column in ("address", "designer"):
        after, before = told.said.get(column), known.said.get(column)
        if after and after != before:
            found.append(Change(column=column, before=before, after=after))
    seller = told.said["seller"]
    if seller.is_active and seller.id != known.said["seller"]:
        found.append(Change(column="seller", before=known.said["seller"], after=seller.id))
    promised = told.said.get("promised_on")
    if promised and promised not in (known.said.get("promised_on"), known.current_on):
        found.append(Change(column="promised_on", before=known.current_on, after=promised))
    paid, there = told.said.get("paid"), known.said.get("paid", Decimal(0))
    if paid is not None and paid > there:
        found.append(Change(column="paid", before=there, after=paid))
    elif paid is not None and paid < there:
        warnings.append(Remark(row=told.rows[0], column="paid", code="more_is_paid_here"))
    return found


def _line_changes(told: ToldLine, known: KnownLine) -> tuple[Change, ...]:
    """What of one line becomes different. Raises OrderRefused."""
    found = [
        Change(column=column, before=known.said.get(column), after=told.said[column])
        for column in OF_LINE
        if column in told.said and not _is_same(told.said[column], known.said.get(column))
    ]
    if not found:
        return ()
    if known.state == LineState.CANCELLED:
        raise OrderRefused(told.row, "order_no", "line_is_cancelled")
    if known.state == LineState.DELIVERED:
        first = next((change for change in found if change.column not in DAYS), None)
        if first is not None:
            raise OrderRefused(told.row, first.column, "line_is_delivered")
        if any(change.column == "delivered_at" for change in found):
            raise OrderRefused(told.row, "delivered_at", "delivered_on_another_day")
        return ()
    return tuple(found)


def _is_same(told: Any, known: Any) -> bool:
    """Equal; a day without its hour says nothing against the hour that is known."""
    if isinstance(told, Delivered) and isinstance(known, Delivered):
        return told.on == known.on and (told.at is None or told.at == known.at)
    return told == known


def _refuse_overpaid(fate: OrderFate) -> None:
    """What is paid stays within what the order costs after the sheet."""
    known = fate.known
    if known is None:
        return
    after = known.amount
    for line in fate.told.lines:
        there = known.lines.get(line.position)
        if there is None:
            after += amount_of([line])
        elif line.position in fate.line_changes:
            before = there.said["qty"] * there.said["price"]
            after += amount_of([line]) - before
    if known.paid + fate.paid_more > after:
        raise OrderRefused(fate.told.rows[0], "paid", "paid_exceeds_amount")
