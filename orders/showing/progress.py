"""How far an order is: milestones, planned beside reached, its days and goods (ORD-03 … 13)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.days import date_text
from core.phones import mask_in_text
from orders.models import DateChange, Milestone, Order, OrderLine
from orders.rules import moves
from orders.rules.dates import latest_arrival
from orders.showing.acts import Act
from orders.showing.progress_acts import acts_of
from orders.showing.reader import Reader
from orders.states import (
    ARRIVED_LINES,
    CLOSED_ORDERS,
    SUBMITTED_LINES,
    DateKind,
    LineState,
    MilestoneKind,
    OrderState,
    Preparation,
)

# What an order as a whole goes through; the others are said where they were reached.
STEPS = (
    MilestoneKind.CHECKED,
    MilestoneKind.CONFIRMED,
    MilestoneKind.DELIVERED,
    MilestoneKind.SETTLED,
    MilestoneKind.ARCHIVED,
)
SOMETIMES = (MilestoneKind.SIGNED, MilestoneKind.INSTALLED)
# How far an order is says what it has gone through, also where nobody wrote down when.
WAY = (
    OrderState.RECEIVED,
    OrderState.CHECKED,
    OrderState.CONFIRMED,
    OrderState.DELIVERED,
    OrderState.SETTLED,
    OrderState.ARCHIVED,
)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: `tone` is done, late, next or open, and always has its word."""

    label: str
    tone: str
    word: str
    reached: str = ""
    planned: str = ""


@dataclass(frozen=True, kw_only=True)
class Day:
    """One of the days that are promised, wished and planned."""

    label: str
    day: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One change of a day, with its cause."""

    text: str
    cause: str
    note: str
    by: str


@dataclass(frozen=True, kw_only=True)
class Goods:
    """The goods of one line: how far, from where, what is expected; and what may be done."""

    product: str
    qty: int
    state: str
    tone: str
    facts: list[str]
    steps: list[Step]
    acts: list[Act]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """The section of how far an order is."""

    steps: list[Step]
    days: list[Day]
    moved: list[Moved]
    late: str
    late_act: Act | None
    goods: list[Goods]
    acts: list[Act]


def progress_of(order: Order, *, reader: Reader, now: datetime) -> Progress:
    """The section; a handful of queries, however many lines there are."""
    today = order.store.today(now)
    lines = list(OrderLine.objects.filter(order=order).order_by("position"))
    of_line: dict[int | None, dict[str, Milestone]] = {}
    for row in Milestone.objects.filter(order=order):
        of_line.setdefault(row.line_id, {})[row.kind] = row
    may_move = reader.may_move and order.state not in CLOSED_ORDERS
    late_on = _late_arrival(order, lines)
    return Progress(
        steps=_steps(order, of_line.get(None, {}), today=today),
        days=_days(order, today=today),
        moved=_moved(order, today=today),
        late=_late_text(late_on, today=today),
        late_act=_move_along(order, late_on) if may_move else None,
        goods=[
            _goods(order, line, of_line.get(line.pk, {}), may_move=may_move, today=today)
            for line in lines
        ],
        acts=acts_of(order, lines, reader=reader, now=now),
    )


# --- Steps of the order.


def _steps(order: Order, rows: dict[str, Milestone], *, today: date) -> list[Step]:
    steps = [_passed(OrderState.RECEIVED, date_text(order.ordered_on, today=today))]
    is_running = order.state != OrderState.CANCELLED
    come = WAY.index(OrderState(order.state)) if is_running else 0
    behind = {state.value for state in WAY[: come + 1]}
    for kind in MilestoneKind:
        row = rows.get(kind)
        if kind in behind and (row is None or row.reached_on is None):
            steps.append(_passed(kind))
        elif kind in STEPS or (kind in SOMETIMES and row is not None):
            is_next = is_running and all(step.tone == "done" for step in steps)
            steps.append(_step(kind, row, today=today, is_next=is_next))
    if is_running:
        return steps
    at = order.cancelled_at
    day = date_text(order.store.today(at), today=today) if at else ""
    ended = replace(_passed(OrderState.CANCELLED, day), tone="late")
    return [*(step for step in steps if step.tone == "done"), ended]


def _passed(state: OrderState | MilestoneKind, on: str = "") -> Step:
    """What an order has gone through, with the day where it is known."""
    return Step(label=str(state.label), tone="done", word=pgettext("step", "reached"), reached=on)


def _step(kind: MilestoneKind, row: Milestone | None, *, today: date, is_next: bool) -> Step:
    planned = row.planned_on if row else None
    reached = row.reached_on if row else None
    return Step(
        label=str(kind.label),
        tone=_tone(planned, reached, today=today, is_next=is_next),
        word=_word(planned, reached, today=today, is_next=is_next),
        reached=date_text(reached, today=today) if reached else "",
        planned=date_text(planned, today=today) if planned else "",
    )


def _tone(planned: date | None, reached: date | None, *, today: date, is_next: bool) -> str:
    if reached is not None:
        return "done"
    if planned is not None and planned < today:
        return "late"
    return "next" if is_next else "open"


def _word(planned: date | None, reached: date | None, *, today: date, is_next: bool) -> str:
    """On time, late by so many days, next: the colour in words."""
    if reached is None and (planned is None or planned >= today):
        return pgettext("step", "next") if is_next else pgettext("step", "to come")
    days = ((reached or today) - planned).days if planned else 0
    if days > 0:
        return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
    if days < 0:
        return ngettext("%(days)s day early", "%(days)s days early", -days) % {"days": -days}
    return _("on time") if planned else pgettext("step", "reached")


# --- Days.


def _days(order: Order, *, today: date) -> list[Day]:
    """What was promised stays beside what is planned now."""
    how = [order.time_window, order.crew, *map(_prepared, order.preparation)]
    days = [
        (_("Promised"), order.promised_on, ""),
        (
            pgettext("day", "Planned"),
            order.current_on,
            " · ".join(mask_in_text(text) for text in how if text),
        ),
        (_("Wished"), order.wished_on, ""),
    ]
    return [
        Day(label=label, day=date_text(on, today=today), note=note)
        for label, on, note in days
        if on is not None
    ]


def _prepared(code: str) -> str:
    return str(Preparation(code).label)


def _moved(order: Order, *, today: date) -> list[Moved]:
    rows = DateChange.objects.filter(order=order).select_related("by", "line")
    return [_change(row, today=today) for row in rows.order_by("-at", "-pk")]


def _change(row: DateChange, *, today: date) -> Moved:
    what = str(DateKind(row.which).label)
    if row.line is not None:
        what = f"{mask_in_text(row.line.product)} · {what}"
    before = date_text(row.before_on, today=today) if row.before_on else "–"
    after = date_text(row.after_on, today=today) if row.after_on else "–"
    return Moved(
        text=f"{what} {before} → {after}",
        cause=row.get_cause_display(),
        note=mask_in_text(row.note),
        by=row.by.name,
    )


def _late_arrival(order: Order, lines: Sequence[OrderLine]) -> date | None:
    """The last arrival, where it lies past the planned delivery: one of the two is wrong."""
    if order.state not in (OrderState.RECEIVED, OrderState.CHECKED, OrderState.CONFIRMED):
        return None
    gone = (*ARRIVED_LINES, LineState.CANCELLED)
    return latest_arrival(
        planned_on=order.current_on,
        arrivals=[line.arrives_on for line in lines if line.state not in gone],
    )


def _late_text(on: date | None, *, today: date) -> str:
    if on is None:
        return ""
    return _("Goods are expected on %(day)s only, after the planned delivery.") % {
        "day": date_text(on, today=today)
    }


def _move_along(order: Order, on: date | None) -> Act | None:
    if on is None:
        return None
    url = f"{reverse('orders:plan', args=[order.pk])}?on={on.isoformat()}"
    return Act(label=_("Move the delivery"), url=url, icon="calendar")


# --- Goods.


def _goods(
    order: Order,
    line: OrderLine,
    rows: dict[str, Milestone],
    *,
    may_move: bool,
    today: date,
) -> Goods:
    is_awaited = line.state not in (*ARRIVED_LINES, LineState.CANCELLED)
    is_late = is_awaited and line.arrives_on is not None and line.arrives_on < today
    tones = {LineState.DELIVERED: "done", LineState.CANCELLED: "gone"}
    return Goods(
        product=mask_in_text(line.product),
        qty=line.qty,
        state=line.get_state_display(),
        tone="late" if is_late else tones.get(LineState(line.state), "next"),
        facts=_facts(line, is_awaited=is_awaited, is_late=is_late, today=today),
        steps=_way(line, rows, today=today),
        acts=_acts_of_line(order, line, is_awaited=is_awaited) if may_move else [],
    )


def _facts(line: OrderLine, *, is_awaited: bool, is_late: bool, today: date) -> list[str]:
    facts = [line.get_supply_display()]
    if line.po_no:
        facts.append(mask_in_text(line.po_no))
    if line.arrives_on and is_awaited:
        day = {"day": date_text(line.arrives_on, today=today)}
        facts.append(_("overdue since %(day)s") % day if is_late else _("expected %(day)s") % day)
    if line.carrier or line.tracking_no:
        facts.append(mask_in_text(f"{line.carrier} {line.tracking_no}".strip()))
    if line.delivered_qty and line.delivered_qty < line.qty:
        said = {"delivered": line.delivered_qty, "qty": line.qty}
        facts.append(_("%(delivered)s of %(qty)s delivered") % said)
    if line.returned_qty:
        facts.append(_("%(qty)s came back") % {"qty": line.returned_qty})
    return facts


def _way(line: OrderLine, rows: dict[str, Milestone], *, today: date) -> list[Step]:
    """The milestones of the line that were reached or are planned, in their order."""
    if line.state == LineState.CANCELLED:
        return []
    shown = [(kind, rows[kind]) for kind in MilestoneKind if kind in rows]
    return [
        _step(kind, row, today=today, is_next=False)
        for kind, row in shown
        if row.reached_on or row.planned_on
    ]


def _acts_of_line(order: Order, line: OrderLine, *, is_awaited: bool) -> list[Act]:
    acts = []
    has_day = line.arrives_on is not None or line.state in SUBMITTED_LINES
    if is_awaited and has_day and order.state != OrderState.DELIVERED:
        url = reverse("orders:arrival", args=[line.pk])
        acts.append(Act(label=_("Arrival changed"), url=url, icon="calendar"))
    has_step = line.state not in (*moves.LAST_LINES, LineState.OPEN)
    if has_step and not line.delivered_qty:
        url = reverse("orders:step_back", args=[line.pk])
        acts.append(Act(label=_("Take a step back"), url=url, icon="refresh"))
    return acts
