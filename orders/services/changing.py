"""Changes of an order after its lines were agreed: the new amount, and the credit of what is paid
beyond it, in one transaction (ORD-17).

The credit is written before the lines: at no moment is more paid than the order costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused, refuse_if
from core.services.once import once
from orders.models import Credit, Delivery, Order, OrderLine
from orders.rules.changes import Changed, change_blockers
from orders.rules.credits import left_over
from orders.services import milestones
from orders.services.clerks import owe_check, uncheck
from orders.services.comparing import explain_change
from orders.services.completing import follow_goods
from orders.services.credits import make_credit
from orders.services.floor_samples import follow_floor_samples
from orders.services.history import note
from orders.services.holding import hold_order
from orders.services.lines import LinesNotPlaced, NewLine, checked_lines
from orders.services.terms import follow_amount
from orders.states import CreditKind, EventKind, LineState, MilestoneKind, OrderState
from staff.models import Person

NOTHING = Decimal(0)


class OrderNotReduced(Refused):
    """What was ordered was left as it was."""

    messages = {
        **LinesNotPlaced.messages,
        "reason_missing": _("Say why the order is changed."),
        "not_a_change": _("Choose what changes."),
        "gone_already": _("%(product)s is off the order already."),
        "nothing_changes": _("%(product)s: nothing changes. Say how many are left, or the price."),
        "more_not_less": _("%(product)s: a change makes it less. Write down more as a new line."),
        "price_alone": _("%(product)s: only the price changes here."),
        "delivered": _(
            "%(product)s: %(delivered)s are delivered already. Take goods back instead."
        ),
        "under_way": _("%(product)s is under way. Take the goods back when they have arrived."),
        "exchange_missing": _("Say what comes instead."),
        "last_line": _("Nothing would be left of this order: cancel it as a whole."),
    }


@dataclass(frozen=True, kw_only=True)
class LineChange:
    """What becomes of one line: so many pieces at this price; 0 takes it off the order.

    `special_no` carries a price under the floor (FIL-38).
    """

    line_id: int
    qty: int
    price: Decimal
    special_no: str = ""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change of an order: what it is, of which lines, what comes instead, and why."""

    kind: CreditKind
    lines: Sequence[LineChange]
    reason: str
    added: Sequence[NewLine] = ()


@dataclass(frozen=True, kw_only=True)
class Reckoned:
    """What a change comes to, before it is made."""

    before: Decimal
    after: Decimal
    credit: Decimal


def reckon(order: Order, change: Change) -> Reckoned:
    """What the order costs before and after, and what is paid beyond: shown before the button."""
    lines = {line.pk: line for line in OrderLine.objects.filter(order=order)}
    before = order.amount or NOTHING
    less = sum((_saved(lines[one.line_id], one) for one in change.lines), NOTHING)
    more = sum((line.qty * line.agreed_price for line in change.added), NOTHING)
    after = before - less + more
    return Reckoned(before=before, after=after, credit=left_over(paid=order.paid, new_amount=after))


def _saved(line: OrderLine, one: LineChange) -> Decimal:
    """By how much a line costs less; pieces that came back cost nothing already (ORD-37)."""
    pieces, left = line.qty - line.returned_qty, max(one.qty - line.returned_qty, 0)
    return pieces * line.agreed_price - left * one.price


@transaction.atomic
def change_order(
    *, order: Order, change: Change, by: Person, key: UUID, now: datetime | None = None
) -> Credit | None:
    """Make an order less, or exchange goods of it; the credit, where more is paid than it costs.

    `key` is the form's own id: sent twice, it is changed once. Raises OrderNotReduced and
    OrderNotChanged.
    """
    with once(key=key, purpose="change_order", by=by, content=_content(order, change)) as form:
        if form.result_id:
            return Credit.objects.filter(key=key).first()
        held = hold_order(order)
        at = now or database_now()
        lines = _held_lines(held, change)
        _check(held, change, lines)
        added = _checked(held, change, lines, at=at)
        reckoned = reckon(held, change)

        credit = None
        if reckoned.credit:
            credit = make_credit(
                held,
                kind=change.kind,
                amount=reckoned.credit,
                before=reckoned.before,
                after=reckoned.after,
                by=by,
                at=at,
                key=key,
            )
        explain_change(held, reason=change.reason)
        _add(held, change, added)
        for one in change.lines:
            _write(held, lines[one.line_id], one, change, by=by, at=at)
        uncheck(held)
        if held.state == OrderState.RECEIVED:
            owe_check(held, at=at)

        follow_floor_samples(held, list(OrderLine.objects.filter(order=held)), now=at)
        follow_amount(held, now=at)
        follow_goods(held, by=by, now=at)
        form.result_id = held.pk
    return credit


def _content(order: Order, change: Change) -> str:
    """What the form said: sent again with something else, it is another form."""
    lines = [f"{one.line_id} {one.qty} {one.price}" for one in change.lines]
    added = [f"{one.qty} {one.agreed_price} {one.product}" for one in change.added]
    return "\n".join([str(order.pk), change.kind, *lines, *added])


def _held_lines(held: Order, change: Change) -> dict[int, OrderLine]:
    """The lines that change, locked. Raises OrderNotReduced where one is not this order's."""
    ids = [one.line_id for one in change.lines]
    found = OrderLine.objects.filter(order=held, pk__in=ids).select_related("style")
    found = found.order_by("position").select_for_update(no_key=True, of=("self",))
    lines = {line.pk: line for line in found}
    if not ids or lines.keys() != set(ids):
        raise OrderNotReduced.because("not_a_change")
    return lines


def _check(held: Order, change: Change, lines: dict[int, OrderLine]) -> None:
    standing = OrderLine.objects.filter(order=held).exclude(state=LineState.CANCELLED)
    changed = [
        Changed(
            product=lines[one.line_id].product,
            state=lines[one.line_id].state,
            delivered=lines[one.line_id].delivered_qty,
            qty_before=lines[one.line_id].qty,
            price_before=lines[one.line_id].agreed_price,
            qty=one.qty,
            price=one.price,
        )
        for one in change.lines
    ]
    refuse_if(
        OrderNotReduced,
        change_blockers(
            change.kind,
            changed,
            added=len(change.added),
            left=standing.exclude(pk__in=lines).count(),
            reason=change.reason,
        ),
    )


def _checked(
    held: Order, change: Change, lines: dict[int, OrderLine], *, at: datetime
) -> list[dict]:
    """The columns of what comes instead; prices that fall are held against their floors, too.

    Raises OrderNotReduced.
    """
    on = held.store.today(at)
    try:
        fallen = [
            (lines[one.line_id], one)
            for one in change.lines
            if one.qty and one.price < lines[one.line_id].agreed_price
        ]
        if fallen:
            said = [_as_new(line, one) for line, one in fallen]
            checked = checked_lines(said, customer=held.customer, on=on)
            for (line, _one), told in zip(fallen, checked, strict=True):
                line.special_price, line.floor_price = told["special_price"], told["floor_price"]
        if not change.added:
            return []
        return checked_lines(change.added, customer=held.customer, on=on)
    except LinesNotPlaced as refusal:
        raise OrderNotReduced(*refusal.blockers) from refusal


def _as_new(line: OrderLine, one: LineChange) -> NewLine:
    return NewLine(
        product=line.product,
        qty=one.qty,
        agreed_price=one.price,
        list_price=line.list_price,
        floor_price=line.floor_price,
        style=line.style,
        special_no=one.special_no,
    )


def _add(held: Order, change: Change, columns: Sequence[dict]) -> None:
    """What comes instead, before what goes: the order never costs less than in the end."""
    last = OrderLine.objects.filter(order=held).aggregate(at=Max("position"))["at"] or 0
    OrderLine.objects.bulk_create(
        OrderLine(order=held, position=last + index, supply=line.supply, **told)
        for index, (line, told) in enumerate(zip(change.added, columns, strict=True), start=1)
    )


def _write(
    held: Order, line: OrderLine, one: LineChange, change: Change, *, by: Person, at: datetime
) -> None:
    """One line as it is from now on; a line that goes keeps what it said, crossed out."""
    before = line.amount
    if one.qty:
        line.qty, line.agreed_price = one.qty, one.price
        line.save(update_fields=["qty", "agreed_price", "special_price", "floor_price"])
        if line.state != LineState.DELIVERED and line.delivered_qty == line.qty:
            _complete(held, line, by=by)
    else:
        line.state = LineState.CANCELLED
        line.save(update_fields=["state"])
    note(
        held,
        EventKind.LINE_CHANGED if one.qty else EventKind.LINE_CANCELLED,
        line=line,
        by=by,
        at=at,
        typed=change.reason.strip(),
        of=change.kind.value,
        before=str(before),
        after=str(one.qty * one.price),
        qty=one.qty,
    )


def _complete(held: Order, line: OrderLine, *, by: Person) -> None:
    """Nothing of the line is left to deliver: it is delivered since the last of its deliveries."""
    line.state = LineState.DELIVERED
    line.save(update_fields=["state"])
    standing = Delivery.objects.filter(lines__line=line, voided_at=None)
    on = standing.aggregate(on=Max("delivered_on"))["on"]
    milestones.reach_lines(held, [line], MilestoneKind.DELIVERED, on=on, by=by)
