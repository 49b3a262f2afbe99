"""Moving goods along: submitted, in production, arrived, ready, shipped; and steps taken back."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.days import date_text
from core.refusals import Refused
from orders.models import Order, OrderLine
from orders.rules import moves
from orders.services import milestones
from orders.services.history import note, note_lines
from orders.services.holding import hold_order
from orders.states import EventKind, LineState, OrderState, Supply
from staff.models import Person

# Goods are ordered and moved once the customer has confirmed them (ORD-33).
MOVED_WHEN = (OrderState.CONFIRMED, OrderState.DELIVERED)


class LinesNotMoved(Refused):
    """Goods were left where they are."""

    messages = {
        "no_lines": _("Choose the lines that this is about."),
        "not_confirmed": _(
            "The customer has not confirmed this order yet. Its goods are moved once they have."
        ),
        "moved_meanwhile": _(
            "%(product)s is “%(state)s”, so this step does not fit. Read how far it is by now."
        ),
        "in_future": _("This day lies in the future. Record it when it has happened."),
        "before_order": _("The order is of %(day)s: this day lies before it."),
        "po_missing": _("%(product)s: say the number of the purchase order."),
        "reason_missing": _("Say why the step is taken back."),
        "nothing_to_take_back": _("%(product)s: there is no step to take back."),
        "delivered_partly": _(
            "Some of %(product)s is delivered already. Take that delivery back first."
        ),
    }


@dataclass(frozen=True, kw_only=True)
class Step:
    """What is said of goods: how far they are, since when, and how they travel."""

    to: LineState | str
    on: date
    po_no: str = ""
    carrier: str = ""
    tracking_no: str = ""


def lines_of(held: Order, ids: Collection[int]) -> list[OrderLine]:
    """These lines of an order that is held, locked. Raises LinesNotMoved where there are none."""
    found = OrderLine.objects.filter(order=held, pk__in=ids).order_by("position")
    lines = list(found.select_for_update(no_key=True))
    if not lines:
        raise LinesNotMoved.because("no_lines")
    return lines


def check_day(held: Order, on: date, *, now: datetime) -> None:
    """A day on which something happened: since the order, and not ahead. Raises LinesNotMoved."""
    if on > held.store.today(now):
        raise LinesNotMoved.because("in_future")
    if on < held.ordered_on:
        raise LinesNotMoved.because("before_order", day=date_text(held.ordered_on, today=on))


@transaction.atomic
def move_lines(
    *, order: Order, lines: Collection[int], step: Step, by: Person, now: datetime | None = None
) -> list[OrderLine]:
    """Have the goods of these lines (ids) come so far (ORD-03 … ORD-06), all of them or none.

    Goods that are where the step leads already stay; so a form sent twice moves once. Raises
    LinesNotMoved and OrderNotChanged.
    """
    held = hold_order(order)
    at = now or database_now()
    to = LineState(step.to)
    moving = [line for line in lines_of(held, lines) if line.state != to]
    _check(held, moving, step, now=at)

    for line in moving:
        _write(line, to, step)
    OrderLine.objects.bulk_update(moving, ["state", "po_no", "carrier", "tracking_no"])
    milestones.reach_lines(held, moving, moves.MILESTONES[to], on=step.on, by=by)
    told = [(line, {"on": step.on.isoformat(), **_how(line, to)}) for line in moving]
    note_lines(held, moves.EVENTS[to], told, by=by, at=at)
    return moving


def _check(held: Order, lines: Sequence[OrderLine], step: Step, *, now: datetime) -> None:
    if held.state not in MOVED_WHEN:
        raise LinesNotMoved.because("not_confirmed")
    check_day(held, step.on, now=now)
    to = LineState(step.to)
    for line in lines:
        if to not in moves.next_steps(line.state, supply=line.supply):
            raise LinesNotMoved.because(
                "moved_meanwhile", product=line.product, state=line.get_state_display()
            )
        is_bought = line.supply == Supply.PURCHASE
        if to == LineState.SUBMITTED and is_bought and not (step.po_no or line.po_no):
            raise LinesNotMoved.because("po_missing", product=line.product)


def _write(line: OrderLine, to: LineState, step: Step) -> None:
    line.state = to
    if to == LineState.SUBMITTED and step.po_no:
        line.po_no = step.po_no
    if to == LineState.SHIPPED:
        line.carrier, line.tracking_no = step.carrier, step.tracking_no


def _how(line: OrderLine, to: LineState) -> dict[str, object]:
    """What the history says of this step beside its day."""
    if to == LineState.SUBMITTED and line.po_no:
        return {"po_no": line.po_no}
    if to == LineState.SHIPPED:
        return {"carrier": line.carrier, "tracking_no": line.tracking_no}
    return {}


@transaction.atomic
def take_step_back(
    *, line: OrderLine, seen: LineState | str, reason: str, by: Person, now: datetime | None = None
) -> OrderLine:
    """A step was said by mistake: the goods are where they were before it; the reason stays.

    `seen` is the state that the person has read: sent twice, one step is taken back. Raises
    LinesNotMoved and OrderNotChanged.
    """
    if not reason.strip():
        raise LinesNotMoved.because("reason_missing")
    held = hold_order(line.order)
    at = now or database_now()
    standing = lines_of(held, [line.pk])[0]
    if standing.state != seen:
        raise LinesNotMoved.because(
            "moved_meanwhile", product=standing.product, state=standing.get_state_display()
        )
    reached = milestones.reached_of(held).get(standing.pk, set())
    back = moves.step_back(standing.state, supply=standing.supply, reached=reached)
    if back is None or standing.state == LineState.DELIVERED:
        raise LinesNotMoved.because("nothing_to_take_back", product=standing.product)
    if standing.delivered_qty:
        raise LinesNotMoved.because("delivered_partly", product=standing.product)

    before = LineState(standing.state)
    standing.state = back
    standing.save(update_fields=["state"])
    milestones.take_back(held, moves.MILESTONES[before], lines=[standing])
    note(
        held,
        EventKind.TAKEN_BACK,
        line=standing,
        by=by,
        at=at,
        typed=reason.strip(),
        before=before.value,
        after=back.value,
    )
    return standing


def undeliver(held: Order, lines: Sequence[OrderLine]) -> None:
    """Where goods are again whose delivery was a mistake; the caller writes them."""
    reached = milestones.reached_of(held)
    by_state: dict[LineState, list[OrderLine]] = defaultdict(list)
    for line in lines:
        if line.state != LineState.DELIVERED:
            continue
        known = reached.get(line.pk, set())
        back = moves.step_back(line.state, supply=line.supply, reached=known)
        line.state = back or LineState.OPEN
        by_state[LineState.DELIVERED].append(line)
    milestones.take_back(
        held, moves.MILESTONES[LineState.DELIVERED], lines=by_state[LineState.DELIVERED]
    )
