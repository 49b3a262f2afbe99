"""Opportunities worded for their reader: cards of the board, figures of a stage, a chance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.amounts import money_text, short_money
from core.days import date_text, day_text, moment_text
from core.phones import mask_in_text
from core.time_left import TimeLeft, until_day
from customers.models import Opportunity, Stage, StageMove
from customers.queries.opportunities import Column, chance_in
from customers.rules.opportunities import Chance, history_since
from customers.states import LostReason, StageKind

# Sorts behind every day: an opportunity without one stands last in its column.
NO_DAY = "9999"


@dataclass(frozen=True)
class Card:
    """One card of the board. `due` is drawn where the expected day has passed or is near."""

    pk: int
    name: str
    grade: str
    what: str
    amount: str
    expected: str
    due: TimeLeft | None
    days: str
    keeper: str
    url: str
    move_url: str
    order: str
    is_open: bool


@dataclass(frozen=True)
class StageHead:
    """The head of a column: the stage and its true totals."""

    pk: int
    name: str
    kind: str
    chance: str
    chance_title: str
    count: int
    sum: str
    sum_title: str
    weighted: str
    url: str
    more: int


def what_of(opportunity: Opportunity) -> str:
    """The product, the brand where none is named; a number typed into it is masked."""
    brand = opportunity.brand.name if opportunity.brand else ""
    words = [brand, mask_in_text(opportunity.product)]
    return " ".join(word for word in words if word)


def due_of(opportunity: Opportunity, *, today: date) -> TimeLeft | None:
    """The expected day of an open one, in words, where it has passed or is at hand."""
    day = opportunity.expected_on
    if day is None or opportunity.state != StageKind.OPEN or (day - today).days > 0:
        return None
    return until_day(day, today=today)


def days_in_stage(opportunity: Opportunity, *, today: date) -> str:
    days = (today - timezone.localdate(opportunity.staged_at)).days
    if days <= 0:
        return _("since today")
    return ngettext("%(count)s day here", "%(count)s days here", days) % {"count": days}


def card_of(opportunity: Opportunity, *, today: date, with_keeper: bool) -> Card:
    is_open = opportunity.state == StageKind.OPEN
    day = opportunity.expected_on
    pk = opportunity.pk
    return Card(
        pk=pk,
        name=opportunity.customer.shown_name,
        grade=opportunity.customer.grade,
        what=what_of(opportunity),
        amount=money_text(opportunity.amount) if opportunity.amount is not None else "",
        expected=date_text(day, today=today) if day else _("no day"),
        due=due_of(opportunity, today=today),
        days=days_in_stage(opportunity, today=today),
        keeper=(opportunity.owner.name if opportunity.owner else _("nobody")) * with_keeper,
        url=reverse("customers:opportunity", args=[pk]),
        move_url=reverse("customers:move_opportunity", args=[pk]),
        order=day.isoformat() if day else NO_DAY,
        is_open=is_open,
    )


def percent(share: Decimal) -> str:
    """30 %: whole percents, as people speak of chances."""
    return f"{(share * 100).quantize(Decimal(1))} %"


def why_this_chance(chance: Chance, *, history_needed: int, now: datetime) -> str:
    """Where the figure comes from: our own history, or judgement and what history is missing."""
    since = date_text(timezone.localdate(history_since(now)), today=timezone.localdate(now))
    if chance.is_own:
        return ngettext(
            "our own history, from %(count)s closed one since %(day)s",
            "our own history, from %(count)s closed ones since %(day)s",
            chance.closed,
        ) % {"count": chance.closed, "day": since}
    return ngettext(
        "our judgement; %(count)s closed one since %(day)s, own history counts from %(needed)s",
        "our judgement; %(count)s closed ones since %(day)s, own history counts from %(needed)s",
        chance.closed,
    ) % {"count": chance.closed, "day": since, "needed": history_needed}


def head_of(column: Column, *, scope: str, now: datetime) -> StageHead:
    """The head of a column; its figures open the rows they count."""
    stage, is_open = column.stage, column.stage.kind == StageKind.OPEN
    narrowed = f"?stage={stage.pk}" if is_open else f"?stage={stage.pk}&closed=month"
    needed = getattr(stage, "history_needed", 0)
    return StageHead(
        pk=stage.pk,
        name=stage.name,
        kind=stage.kind,
        chance=percent(column.chance.share) if is_open else _("this month"),
        chance_title=why_this_chance(column.chance, history_needed=needed, now=now)
        if is_open
        else "",
        count=column.count,
        sum=short_money(column.sum),
        sum_title=money_text(column.sum),
        weighted=short_money(column.weighted) if is_open else "",
        url=reverse("customers:opportunities") + narrowed + (f"&scope={scope}" if scope else ""),
        more=column.more,
    )


@dataclass(frozen=True)
class PathStep:
    """One stage of the path of an opportunity: done, next (where it stands), ahead or lost."""

    name: str
    state: str


def path_of(opportunity: Opportunity, stages: Iterable[Stage]) -> list[PathStep]:
    """The stages of its set in order; a lost one ends with the loss, beyond how far it came."""
    current, is_lost = opportunity.stage, opportunity.state == StageKind.LOST
    been = [move.after for move in opportunity.moves.all() if move.after.kind != StageKind.LOST]
    furthest = max((stage.position for stage in been), default=-1)
    steps = []
    for stage in stages:
        if stage.pk == current.pk:
            steps.append(PathStep(stage.name, "lost" if is_lost else "next"))
        elif stage.kind == StageKind.OPEN or (stage.kind == StageKind.WON and not is_lost):
            came = stage.position <= furthest if is_lost else stage.position < current.position
            steps.append(PathStep(stage.name, "done" if came else "ahead"))
    return steps


@dataclass(frozen=True)
class Page:
    """The top of an opportunity's page."""

    pk: int
    what: str
    customer: str
    customer_url: str
    customer_pk: int
    grade: str
    amount: str
    expected: str
    due: TimeLeft | None
    stage: str
    days: str
    chance: str
    why_chance: str
    weighted: str
    lost: str
    note: str


def page_of(opportunity: Opportunity, stages: Iterable[Stage], *, now: datetime) -> Page:
    """`stages` are those of its set, and have passed `with_history_needed`."""
    today = timezone.localdate(now)
    stage = next(each for each in stages if each.pk == opportunity.stage_id)
    chance = chance_in(stage)
    amount, day = opportunity.amount, opportunity.expected_on
    is_open = opportunity.state == StageKind.OPEN
    needed = getattr(stage, "history_needed", 0)
    why_lost = [opportunity.get_lost_reason_display(), mask_in_text(opportunity.lost_note)]
    return Page(
        pk=opportunity.pk,
        what=what_of(opportunity),
        customer=opportunity.customer.shown_name,
        customer_url=reverse("desk:customer", args=[opportunity.customer_id]),
        customer_pk=opportunity.customer_id,
        grade=opportunity.customer.grade,
        amount=money_text(amount) if amount is not None else _("no amount yet"),
        expected=day_text(day, today=today) if day else _("no day yet"),
        due=due_of(opportunity, today=today),
        stage=stage.name,
        days=days_in_stage(opportunity, today=today),
        chance=percent(chance.share),
        why_chance=why_this_chance(chance, history_needed=needed, now=now) if is_open else "",
        weighted=money_text((amount * chance.share).quantize(Decimal(1))) if amount else "",
        lost=" · ".join(word for word in why_lost if word) if not is_open else "",
        note=mask_in_text(opportunity.note),
    )


@dataclass(frozen=True)
class Fact:
    """One line of what is known."""

    label: str
    value: str


def facts_of(opportunity: Opportunity, *, today: date) -> list[Fact]:
    """What is known beside the figures; empty ones are left out."""
    project, owner = opportunity.project, opportunity.owner
    said = [
        (_("Project"), mask_in_text(project.name or project.address) if project else ""),
        (_("Competitor"), mask_in_text(opportunity.competitor)),
        (_("Keeper"), owner.name if owner else _("nobody")),
        (_("Store"), opportunity.customer.store.name),
        (_("Opened on"), date_text(timezone.localdate(opportunity.opened_at), today=today)),
        (_("Opened by"), opportunity.opened_by.name),
        (_("Note"), mask_in_text(opportunity.note)),
    ]
    return [Fact(label, value) for label, value in said if value]


@dataclass(frozen=True)
class MoveLine:
    """One move as the page tells it."""

    when: str
    title: str
    text: str
    by: str
    kind: str


def moves_of(
    opportunity: Opportunity, reasons: Mapping[int, tuple[str, str]], *, now: datetime
) -> list[MoveLine]:
    """The moves, newest first, each with what was said at it."""
    return [
        _move_line(move, reasons.get(move.pk, ("", "")), now=now) for move in _moves(opportunity)
    ]


def _moves(opportunity: Opportunity) -> Iterable[StageMove]:
    return opportunity.moves.all()  # prefetched in order


def _move_line(move: StageMove, reason: tuple[str, str], *, now: datetime) -> MoveLine:
    code, words = reason
    labels = dict(LostReason.choices)
    said = [str(labels[code]) if code in labels else "", words]
    was = _("from %(stage)s") % {"stage": move.before.name} if move.before else _("opened")
    return MoveLine(
        when=moment_text(move.at, now=now),
        title=move.after.name,
        text=" · ".join([was, *(word for word in said if word)]),
        by=move.by.name,
        kind={StageKind.WON: "big", StageKind.LOST: "no"}.get(StageKind(move.after.kind), ""),
    )


@dataclass(frozen=True)
class Someone:
    """One of those who decide."""

    pk: int
    name: str
    role: str
    position: str


def key_people_of(opportunity: Opportunity) -> list[Someone]:
    """Who counts in the purchase, and how (KNW-05)."""
    return [
        Someone(
            each.pk, mask_in_text(each.name), each.get_role_display(), mask_in_text(each.position)
        )
        for each in opportunity.customer.key_people.all()
    ]


@dataclass(frozen=True)
class Booked:
    """One appointment of the opportunity."""

    pk: int
    when: str
    kind: str
    state: str
    person: str


def appointments_of(opportunity: Opportunity, *, now: datetime) -> list[Booked]:
    """The appointments made for it, the latest first."""
    today = timezone.localdate(now)
    shown = []
    for each in opportunity.appointments.all():
        local = timezone.localtime(each.starts_at)
        when = f"{day_text(local.date(), today=today)} {local:%H:%M}"
        state = each.get_state_display()
        shown.append(Booked(each.pk, when, each.get_kind_display(), state, each.person.name))
    return shown
