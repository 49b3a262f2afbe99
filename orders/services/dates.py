"""Days of orders that change: wished, planned, expected; the promised one stays (ORD-13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused
from orders.models import DateChange, Order, OrderEvent, OrderLine
from orders.rules.dates import is_later, proposed_delivery
from orders.services import milestones
from orders.services.history import note
from orders.services.holding import hold_order
from orders.services.moving import lines_of
from orders.services.news import end_news, have_told, is_told
from orders.services.preparing import follow_preparation
from orders.services.terms import follow_delivery
from orders.states import (
    ARRIVED_LINES,
    DateKind,
    DelayCause,
    EventKind,
    LineState,
    MilestoneKind,
    OrderState,
    Preparation,
)
from staff.models import Person

COLUMNS = {DateKind.WISHED: "wished_on", DateKind.CURRENT: "current_on"}


class DateNotChanged(Refused):
    """A day of an order stayed as it was."""

    messages = {
        "day_is_over": _("This day is over. Choose one that comes."),
        "cause_missing": _("Say why the day changes."),
        "delivered": _("Everything is delivered: there is no day left to plan."),
        "goods_are_here": _("The goods of %(product)s have arrived: nothing is expected."),
    }


@dataclass(frozen=True, kw_only=True)
class Why:
    """Why a day changes: the cause, and what somebody adds."""

    cause: DelayCause | str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """How goods are to be delivered (forms 2.13)."""

    crew: str = ""
    time_window: str = ""
    preparation: Sequence[Preparation | str] = ()


@transaction.atomic
def change_wish(
    *, order: Order, on: date | None, why: Why, by: Person, now: datetime | None = None
) -> Order:
    """The customer wishes another day, or none any more; what is planned stays.

    Raises DateNotChanged and OrderNotChanged.
    """
    held = _held(order)
    at = now or database_now()
    if held.wished_on == on:
        return held
    _check_day(held, on, now=at)
    _change(held, DateKind.WISHED, on, why=why, by=by, at=at)
    return held


@transaction.atomic
def plan_delivery(
    *,
    order: Order,
    on: date,
    plan: Planned,
    by: Person,
    why: Why | None = None,
    now: datetime | None = None,
) -> Order:
    """Plan on which day, by whom and with what the goods are delivered (ORD-19, ORD-35).

    Another day than the planned one needs its cause; a later one is news to the customer, unless
    they wished it. Raises DateNotChanged and OrderNotChanged.
    """
    held = _held(order)
    at = now or database_now()
    moves = held.current_on != on
    if moves:
        _check_day(held, on, now=at)
    if moves and held.current_on is not None and why is None:
        raise DateNotChanged.because("cause_missing")
    _write_plan(held, plan, by=by, at=at, on=on)
    if not moves:
        follow_preparation(held, now=at)
        return held

    if held.current_on is None or why is None:
        Order.objects.filter(pk=held.pk).update(current_on=on)
        held.current_on = on
        milestones.plan(held, MilestoneKind.DELIVERED, on=on)
        follow_preparation(held, now=at)
    else:
        _move_delivery(held, on, why=why, by=by, at=at)
    follow_delivery(held, now=at)
    return held


@transaction.atomic
def change_arrival(
    *,
    line: OrderLine,
    on: date,
    why: Why,
    by: Person,
    moves_delivery: bool = True,
    delivery_on: date | None = None,
    now: datetime | None = None,
) -> Order:
    """The goods of a line are expected on another day.

    Where that lies past the planned delivery, it moves along by keeping its distance; to
    `delivery_on` wherever one is said. The promised day stays. Raises DateNotChanged, LinesNotMoved
    and OrderNotChanged.
    """
    held = _held(line.order)
    at = now or database_now()
    standing = lines_of(held, [line.pk])[0]
    before = standing.arrives_on
    if before == on:
        return held
    if standing.state in (*ARRIVED_LINES, LineState.CANCELLED):
        raise DateNotChanged.because("goods_are_here", product=standing.product)
    _check_day(held, on, now=at)

    event = _change(held, DateKind.ETA, on, why=why, line=standing, by=by, at=at)
    proposed = proposed_delivery(planned_on=held.current_on, before_on=before, after_on=on)
    moved_to = delivery_on or proposed if moves_delivery else None
    if moved_to is not None and moved_to != held.current_on:
        _check_day(held, moved_to, now=at)
        _move_delivery(held, moved_to, why=why, by=by, at=at)
    elif is_later(before, on):
        _tell(held, event, before=before, after=on, why=why, at=at)
    follow_delivery(held, now=at)
    return held


def _held(order: Order) -> Order:
    held = hold_order(order)
    if held.state == OrderState.DELIVERED:
        raise DateNotChanged.because("delivered")
    return held


def _check_day(held: Order, on: date | None, *, now: datetime) -> None:
    if on is not None and on < held.store.today(now):
        raise DateNotChanged.because("day_is_over")


def _write_plan(held: Order, plan: Planned, *, by: Person, at: datetime, on: date) -> None:
    """Who comes when with what, where that is another than before."""
    told = {
        "crew": plan.crew,
        "time_window": plan.time_window,
        "preparation": [str(each) for each in plan.preparation],
    }
    is_first = held.current_on is None
    if not is_first and all(getattr(held, name) == value for name, value in told.items()):
        return
    for name, value in told.items():
        setattr(held, name, value)
    Order.objects.filter(pk=held.pk).update(**told)
    note(held, EventKind.PLANNED, by=by, at=at, on=on.isoformat(), preparation=told["preparation"])


def _move_delivery(held: Order, on: date, *, why: Why, by: Person, at: datetime) -> None:
    """Another planned day; the customer is told at once of a later one, and of an earlier one where
    they may have been told a later one than was promised (ORD-04).
    """
    before = held.current_on
    event = _change(held, DateKind.CURRENT, on, why=why, by=by, at=at)
    milestones.plan(held, MilestoneKind.DELIVERED, on=on)
    follow_preparation(held, now=at)
    if is_later(before, on) or is_later(held.promised_on, before):
        _tell(held, event, before=before, after=on, why=why, at=at)


def _change(
    held: Order,
    which: DateKind,
    on: date | None,
    *,
    why: Why,
    by: Person,
    at: datetime,
    line: OrderLine | None = None,
) -> OrderEvent:
    """Write the day, what it was before, and why it is another."""
    column = "arrives_on" if line is not None else COLUMNS[which]
    row = line or held
    before: date | None = getattr(row, column)
    setattr(row, column, on)
    type(row)._default_manager.filter(pk=row.pk).update(**{column: on})
    if line is not None:
        milestones.plan(held, MilestoneKind.ARRIVED, on=on, line=line)
    DateChange.objects.create(
        order=held,
        line=line,
        which=which,
        before_on=before,
        after_on=on,
        cause=why.cause,
        note=why.note[:200],
        at=at,
        by=by,
    )
    return note(
        held,
        EventKind.DATE_CHANGED,
        line=line,
        by=by,
        at=at,
        typed=why.note,
        which=which.value,
        before=before.isoformat() if before else "",
        after=on.isoformat() if on else "",
        cause=str(why.cause),
    )


def _tell(
    held: Order,
    event: OrderEvent,
    *,
    before: date | None,
    after: date,
    why: Why,
    at: datetime,
) -> None:
    """The change is news, unless the customer wished it; what was not told yet of earlier changes
    was overtaken.
    """
    end_news(held, now=at, kinds=[EventKind.DATE_CHANGED], but=event.pk)
    if not is_told(held) or why.cause == DelayCause.CUSTOMER:
        return
    text = f"{held.number} · {before:%m-%d} → {after:%m-%d}"
    have_told(held, event, text=text, now=at)
