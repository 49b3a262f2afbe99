"""What a sheet says anew of orders that are known: one order at a time, as a person would write it.

Nothing goes backwards: goods that are further along stay there, what is paid stays paid, and the
promised day stays, too; what is planned moves (ORD-13).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from followups import services as followups
from followups.states import ChoreKind
from orders.models import DateChange, Milestone, Order, OrderLine
from orders.rules.importing import order_state
from orders.services.completing import follow_goods
from orders.services.holding import hold_order
from orders.services.importing import (
    Brought,
    LineFacts,
    OrderFacts,
    note_imported,
    write_payments,
)
from orders.services.importing_goods import add_parcels, parcels_of
from orders.services.milestones import KEY
from orders.services.terms import follow_amount
from orders.states import DateKind, DelayCause, LineState, MilestoneKind, OrderState

# How far orders and goods go: what is told later never leads back.
ORDERS_GO = (
    OrderState.RECEIVED,
    OrderState.CHECKED,
    OrderState.CONFIRMED,
    OrderState.DELIVERED,
)
GOODS_GO = tuple(LineState)


@dataclass(frozen=True, kw_only=True)
class OrderChange:
    """What becomes different of one order. `facts` tell it whole, as it shall be; `columns` are
    those of its row that change, `promised_on` a day that the sheet promises and we do not know.
    """

    order_id: int
    facts: OrderFacts
    columns: Mapping[str, object] = field(default_factory=dict)
    promised_on: date | None = None
    paid_more: Decimal = Decimal(0)
    new_lines: Sequence[LineFacts] = ()
    changed_lines: Mapping[int, LineFacts] = field(default_factory=dict)  # by id


def change_orders(changes: Iterable[OrderChange], brought: Brought) -> None:
    """Write these changes; the caller holds the customers. Raises OrderNotChanged."""
    for change in changes:
        _change(change, brought)


def _change(change: OrderChange, brought: Brought) -> None:
    held = hold_order(Order(pk=change.order_id, customer_id=change.facts.customer_id))
    _write_columns(held, change, brought)
    delivered = _write_lines(held, change)
    write_payments([(held.pk, change.facts, change.paid_more, brought.now)], brought)
    _write_milestones(held, change, delivered, brought)
    goods = [facts for facts, _line in delivered]
    lines = {facts.position: line.pk for facts, line in delivered}
    parcels = list(parcels_of(held.pk, change.facts, goods, lines))
    add_parcels(parcels, by=brought.by, now=brought.now)
    _go_on(held, brought)
    follow_amount(held, now=brought.now)
    follow_goods(held, by=brought.by, now=brought.now)
    told = {
        "fields": sorted(change.columns),
        "lines": [*change.changed_lines, *(line.position for line in change.new_lines)],
        "paid": str(change.paid_more),
    }
    note_imported([(held.pk, held.store_id, told)], brought)


def _write_columns(held: Order, change: OrderChange, brought: Brought) -> None:
    columns = dict(change.columns)
    promised = change.promised_on
    if promised is not None and held.promised_on is None:
        columns |= {"promised_on": promised, "current_on": promised}
    elif promised is not None:
        DateChange.objects.create(
            order=held,
            which=DateKind.CURRENT,
            before_on=held.current_on,
            after_on=promised,
            cause=DelayCause.OTHER,
            at=brought.now,
            by=brought.by,
        )
        columns["current_on"] = promised
    if columns:
        Order.objects.filter(pk=held.pk).update(**columns)
        held.refresh_from_db(fields=list(columns))


def _write_lines(held: Order, change: OrderChange) -> list[tuple[LineFacts, OrderLine]]:
    """The lines as the sheet has them, the dearer first: what is paid stays within what the order
    costs at every moment. Answers with what is handed over by them: the goods of each line.
    """
    standing = {line.pk: line for line in OrderLine.objects.filter(order=held)}
    written = [
        OrderLine.objects.create(order=held, **_columns(facts), state=facts.state)
        for facts in change.new_lines
    ]
    delivered = [
        (facts, line)
        for facts, line in zip(change.new_lines, written, strict=True)
        if facts.delivered_on
    ]
    changed = [(facts, standing[pk]) for pk, facts in change.changed_lines.items()]
    changed.sort(key=lambda pair: pair[1].amount - pair[0].amount)
    for facts, line in changed:
        left = facts.qty - line.delivered_qty
        is_handed_over = facts.delivered_on is not None and line.state != LineState.DELIVERED
        state = max(facts.state, LineState(line.state), key=GOODS_GO.index)
        told = _columns(facts) | {"state": state}
        if not is_handed_over:
            told["delivered_qty"] = line.delivered_qty
        OrderLine.objects.filter(pk=line.pk).update(**told)
        if is_handed_over and left:
            delivered.append((replace(facts, qty=left), line))
    return delivered


def _columns(facts: LineFacts) -> dict[str, object]:
    return {
        "position": facts.position,
        "style_id": facts.style_id,
        "product": facts.product,
        "spec": facts.spec,
        "colour": facts.colour,
        "qty": facts.qty,
        "list_price": facts.price if facts.list_price is None else facts.list_price,
        "agreed_price": facts.price,
        "remark": facts.remark,
        "supply": facts.supply,
        "arrives_on": facts.arrives_on,
        "delivered_qty": facts.qty if facts.delivered_on else 0,
    }


def _write_milestones(
    held: Order,
    change: OrderChange,
    delivered: Sequence[tuple[LineFacts, OrderLine]],
    brought: Brought,
) -> None:
    ids = {line.position: line.pk for line in OrderLine.objects.filter(order=held)}
    told = [*change.new_lines, *change.changed_lines.values()]
    rows = [
        Milestone(
            order=held,
            line_id=ids[facts.position],
            kind=MilestoneKind.ARRIVED,
            planned_on=facts.arrives_on,
            reached_on=facts.arrived_on,
            reached_by=brought.by if facts.arrived_on else None,
        )
        for facts in told
        if facts.arrives_on or facts.arrived_on
    ]
    rows += [
        Milestone(
            order=held,
            line=line,
            kind=MilestoneKind.DELIVERED,
            reached_on=facts.delivered_on,
            reached_by=brought.by,
        )
        for facts, line in delivered
    ]
    Milestone.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=KEY,
        update_fields=("planned_on", "reached_on", "reached_by"),
    )


def _go_on(held: Order, brought: Brought) -> None:
    """The order is as far as the shop's system says, where that is further than it is here."""
    states = OrderLine.objects.filter(order=held).values_list("state", flat=True)
    wanted = order_state(list(states), has_promise=held.promised_on is not None)
    if ORDERS_GO.index(wanted) > ORDERS_GO.index(OrderState(held.state)):
        Order.objects.filter(pk=held.pk).update(state=wanted)
        held.state = wanted
        followups.drop_chores(kind=ChoreKind.CHECK_ORDER, subject_ids=[held.pk], now=brought.now)
