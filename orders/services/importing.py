"""Orders of the shop's own system, many at once: a handful of statements, however many rows.

The callers have read, compared and locked: what is written here is final. What an order brings it
brings as if it had been written by hand: dues, milestones, the delivered goods on the customer's
card, a line of history and one on the trail. It decides nothing: whose an old sale is says the
shop's system, and its money was counted there.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from core.services.copying import copy_rows, take_ids
from orders.rules.importing import line_state, order_state
from orders.rules.terms import Days, asked_for, due_day
from orders.services.importing_goods import add_parcels, parcels_of
from orders.states import (
    EventKind,
    LineState,
    MilestoneKind,
    OrderState,
    PaymentKind,
    Terms,
)
from staff.models import Person
from staff.services.system import system_account

ORDERS, LINES, DUES = "orders_order", "orders_orderline", "orders_due"
PAYMENTS, MILESTONES = "orders_payment", "orders_milestone"
EVENTS, AUDIT = "orders_orderevent", "core_auditentry"
MANY = 1_000
Ids = Sequence[int]


@dataclass(frozen=True, kw_only=True)
class LineFacts:
    """One line as a sheet tells it, whole; prices in yuan a piece."""

    position: int
    product: str
    qty: int
    price: Decimal
    supply: str
    style_id: int | None = None
    list_price: Decimal | None = None
    spec: str = ""
    colour: str = ""
    remark: str = ""
    arrives_on: date | None = None
    arrived_on: date | None = None
    delivered_on: date | None = None
    delivered_at: datetime | None = None

    @property
    def amount(self) -> Decimal:
        return self.qty * self.price

    @property
    def state(self) -> LineState:
        """How far its goods are, by the days that are told."""
        return line_state(
            supply=self.supply,
            is_awaited=self.arrives_on is not None,
            is_arrived=self.arrived_on is not None,
            is_delivered=self.delivered_on is not None,
        )


@dataclass(frozen=True, kw_only=True)
class OrderFacts:
    """One order as a sheet tells it, whole. `carer_id` is the seller where they see the customer;
    `paid` is all that was paid so far, by `method`.
    """

    number: str
    ordered_on: date
    customer_id: int
    project_id: int
    store_id: int
    seller_id: int
    carer_id: int | None
    is_cars: bool
    zone: ZoneInfo
    check_days: int
    monthly_days: int
    buyer: str
    address: str = ""
    designer_id: int | None = None
    clerk_id: int | None = None
    promised_on: date | None = None
    lines: Sequence[LineFacts] = ()
    paid: Decimal = Decimal(0)
    method: str = ""

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def state(self) -> OrderState:
        return order_state(
            [line.state for line in self.lines], has_promise=self.promised_on is not None
        )

    @property
    def delivered_on(self) -> date | None:
        """The day of the last delivery, once all is delivered."""
        if self.state != OrderState.DELIVERED:
            return None
        return max(line.delivered_on for line in self.lines if line.delivered_on)


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What an import brings in, in whose name, and where it came from (codes and ids)."""

    by: Person
    now: datetime
    origin: Mapping[str, object] = field(default_factory=dict)


@transaction.atomic
def add_orders(orders: Sequence[OrderFacts], brought: Brought) -> list[int]:
    """Write these orders with all that hangs on them; returns their ids in order.

    Raises IntegrityError where a number was taken meanwhile.
    """
    ids = take_ids(ORDERS, len(orders))
    pairs = list(zip(ids, orders, strict=True))
    _write_orders(pairs, brought)
    lines = _write_lines(pairs)
    _write_dues(pairs)
    write_payments(((pk, facts, facts.paid, None) for pk, facts in pairs), brought)
    _write_milestones(pairs, lines, brought)
    parcels = [
        parcel for pk, facts in pairs for parcel in parcels_of(pk, facts, facts.lines, lines[pk])
    ]
    add_parcels(parcels, by=brought.by, now=brought.now)
    _set_states(pairs)
    note_imported(((pk, facts.store_id, _told(facts)) for pk, facts in pairs), brought)
    if len(ids) >= MANY:
        _let_the_planner_look()
    return ids


Pairs = Sequence[tuple[int, OrderFacts]]


def _write_orders(pairs: Pairs, brought: Brought) -> None:
    copy_rows(
        ORDERS,
        ("id", "number", "buyer", "ordered_on", "customer_id", "project_id", "store_id",
         "seller_id", "made_at", "designer_id", "clerk_id", "address", "promised_on",
         "current_on", "terms"),
        (
            (
                pk, facts.number, facts.buyer, facts.ordered_on, facts.customer_id,
                facts.project_id, facts.store_id, facts.seller_id, brought.now,
                facts.designer_id, facts.clerk_id, facts.address, facts.promised_on,
                facts.promised_on, Terms.PREPAID.value,
            )
            for pk, facts in pairs
        ),
    )  # fmt: skip


def _write_lines(pairs: Pairs) -> dict[int, dict[int, int]]:
    """By order, position → id of the line."""
    count = sum(len(facts.lines) for _pk, facts in pairs)
    ids = iter(take_ids(LINES, count))
    placed = {pk: {line.position: next(ids) for line in facts.lines} for pk, facts in pairs}
    copy_rows(
        LINES,
        LINE_COLUMNS,
        (
            line_row(placed[pk][line.position], pk, line)
            for pk, facts in pairs
            for line in facts.lines
        ),
    )
    return placed


LINE_COLUMNS = (
    "id", "order_id", "position", "style_id", "product", "spec", "colour", "qty", "list_price",
    "agreed_price", "is_accessory", "remark", "supply", "state", "po_no", "arrives_on", "carrier",
    "tracking_no", "delivered_qty",
)  # fmt: skip


def line_row(pk: int, order: int, line: LineFacts) -> tuple[object, ...]:
    """The values of `LINE_COLUMNS`."""
    return (
        pk, order, line.position, line.style_id, line.product, line.spec, line.colour, line.qty,
        line.price if line.list_price is None else line.list_price, line.price, False,
        line.remark, str(line.supply), line.state.value, "", line.arrives_on, "", "",
        line.qty if line.delivered_on else 0,
    )  # fmt: skip


def _write_dues(pairs: Pairs) -> None:
    """All is due before delivery: the shop's system says nothing else."""
    copy_rows(
        DUES,
        ("order_id", "position", "kind", "amount", "due_on", "dispute_reason"),
        (
            (pk, position, one.kind.value, one.amount, due_day(one.kind, days=_days(facts)), "")
            for pk, facts in pairs
            for position, one in enumerate(asked_for(terms=Terms.PREPAID, amount=facts.amount))
        ),
    )


def _days(facts: OrderFacts) -> Days:
    return Days(
        ordered_on=facts.ordered_on,
        delivery_on=facts.delivered_on or facts.promised_on,
        check_days=facts.check_days,
        monthly_days=facts.monthly_days,
    )


def write_payments(
    rows: Iterable[tuple[int, OrderFacts, Decimal, datetime | None]], brought: Brought
) -> None:
    """So much of each order was paid: taken by who sold it, at the beginning of the day of the
    order unless an hour is given; counted by the shop, so the system's account confirms it.
    """
    system = system_account()
    copy_rows(
        PAYMENTS,
        ("order_id", "kind", "payer", "amount", "method", "taken_at", "taken_by_id", "key", "note",
         "is_imported", "confirmed_at", "confirmed_by_id", "return_reason"),
        (
            (
                pk, PaymentKind.PAYMENT.value, facts.buyer, amount, facts.method,
                at or datetime.combine(facts.ordered_on, time(), facts.zone), facts.seller_id,
                str(uuid4()), "", True, brought.now, system.pk, "",
            )
            for pk, facts, amount, at in rows
            if amount
        ),
    )  # fmt: skip


def _write_milestones(
    pairs: Pairs, placed: Mapping[int, Mapping[int, int]], brought: Brought
) -> None:
    rows = [
        (pk, placed[pk][line.position], *told)
        for pk, facts in pairs
        for line in facts.lines
        for told in milestones_of(line, by=brought.by)
    ]
    rows += [
        (pk, None, MilestoneKind.DELIVERED.value, facts.promised_on, facts.delivered_on,
         brought.by.pk)
        for pk, facts in pairs
        if facts.delivered_on
    ]  # fmt: skip
    copy_rows(
        MILESTONES,
        ("order_id", "line_id", "kind", "planned_on", "reached_on", "reached_by_id"),
        rows,
    )


def milestones_of(line: LineFacts, *, by: Person) -> Iterator[tuple[object, ...]]:
    """Kind, planned, reached and by whom, of what a sheet tells of one line."""
    if line.arrives_on or line.arrived_on:
        who = by.pk if line.arrived_on else None
        yield MilestoneKind.ARRIVED.value, line.arrives_on, line.arrived_on, who
    if line.delivered_on:
        yield MilestoneKind.DELIVERED.value, None, line.delivered_on, by.pk


def _set_states(pairs: Pairs) -> None:
    """How far each order is, once its lines have told what it costs."""
    columns: list[Any] = [
        [pk for pk, _facts in pairs],
        [facts.state.value for _pk, facts in pairs],
        [facts.delivered_on for _pk, facts in pairs],
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {ORDERS} SET state = told.state, delivered_on = told.delivered_on"  # noqa: S608
            " FROM unnest(%s::bigint[], %s::text[], %s::date[]) AS told (id, state, delivered_on)"
            f" WHERE {ORDERS}.id = told.id",
            columns,
        )


def _told(facts: OrderFacts) -> dict[str, object]:
    return {"lines": len(facts.lines), "amount": str(facts.amount), "paid": str(facts.paid)}


def note_imported(rows: Iterable[tuple[int, int, Mapping[str, object]]], brought: Brought) -> None:
    """One line of history and one on the trail for each order: (id, store, what was told)."""
    told = list(rows)
    copy_rows(
        EVENTS,
        ("order_id", "kind", "at", "by_id", "params", "note"),
        (
            (pk, EventKind.IMPORTED.value, brought.now, brought.by.pk,
             json.dumps({**brought.origin, **params}), "")
            for pk, _store, params in told
        ),
    )  # fmt: skip
    copy_rows(
        AUDIT,
        ("at", "by_id", "verb", "object_type", "object_id", "store_id", "reason", "detail",
         "request_id"),
        (
            (brought.now, brought.by.pk, f"order_{EventKind.IMPORTED.value}", "orders.order", pk,
             store, "", json.dumps(brought.origin), "")
            for pk, store, _params in told
        ),
    )  # fmt: skip


def _let_the_planner_look() -> None:
    """Thousands of new rows change which way is fast; autovacuum would notice in a minute."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {ORDERS}, {LINES}, {DUES}, {PAYMENTS}, {MILESTONES}")
