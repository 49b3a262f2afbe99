"""The calendar of appointments as its page draws it: columns on one scale of hours, and a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias, cast
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.days import date_text, day_text, weekday
from core.phones import mask_in_text
from customers.models import Appointment, Customer, Resource
from customers.rules.appointments import Slot, lanes
from customers.states import AppointmentKind, AppointmentState
from followups.models import Obligation, Task
from followups.states import Way
from staff.models import Person

OPENS, CLOSES = 8, 22
QUARTER = timedelta(minutes=15)
HALF_HOUR = timedelta(minutes=30)
# Of the words that were agreed on; the card has them in full.
MOST_SAID = 30
ROWS = (CLOSES - OPENS) * 4
MOST_LANES = 4

ICONS = {
    AppointmentKind.STORE_VISIT: "building-store",
    AppointmentKind.HOME_VISIT: "map-pin",
    AppointmentKind.TEST_DRIVE: "car",
    AppointmentKind.MEASURING: "ruler-2",
    AppointmentKind.DELIVERY: "truck-delivery",
    AppointmentKind.SERVICE: "home",
}
WAY_ICONS = {
    Way.CALL: "phone",
    Way.WECHAT: "message",
    Way.STORE_VISIT: "building-store",
    Way.HOME_VISIT: "map-pin",
    Way.MEASURING: "ruler-2",
    Way.TEST_DRIVE: "car",
}
# How a state looks beside its word.
TONES = {
    AppointmentState.BOOKED: "plain",
    AppointmentState.KEPT: "good",
    AppointmentState.MISSED: "late",
    AppointmentState.MOVED: "plain",
    AppointmentState.CANCELLED: "plain",
}


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """A next step agreed on with an hour, half an hour long, read as an appointment is."""

    pk: int
    customer: Customer
    person: Person
    starts_at: datetime
    way: Way
    text: str
    resource: None = None
    resource_id: None = None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + HALF_HOUR

    @property
    def person_id(self) -> int:
        return self.person.pk


Entry: TypeAlias = Appointment | Agreed


def agreed_of(row: Obligation) -> Agreed:
    """An open next step on somebody's list, as the calendar has it."""
    task = cast(Task, row.task)
    return Agreed(
        pk=row.pk,
        customer=row.customer,
        person=cast(Person, task.assignee),
        starts_at=row.due_at,
        way=Way(row.way),
        text=Truncator(mask_in_text(row.text)).chars(MOST_SAID),
    )


@dataclass(frozen=True, kw_only=True)
class Block:
    """One appointment, or what was agreed, on the scale: its first quarter of an hour, how many it
    takes, its lane.
    """

    row: int
    span: int
    lane: int
    hours: str
    title: str
    text: str
    icon: str
    tone: str
    state: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Column:
    """One person, car or day, with its blocks by hour."""

    label: str
    hint: str
    blocks: list[Block]
    lanes: int
    is_today: bool = False
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class AgendaDay:
    """One day as a list by hour."""

    label: str
    lines: list[Block]


def hours() -> list[dict[str, object]]:
    """The scale beside the columns."""
    return [{"label": f"{hour}:00", "row": (hour - OPENS) * 4 + 1} for hour in range(OPENS, CLOSES)]


def row_of(at: datetime, *, day: date, zone: ZoneInfo) -> int:
    """The quarter of an hour in which `at` lies, counted from 1; what is outside stands at the
    edge.
    """
    opens = datetime.combine(day, time(OPENS), zone)
    return min(max((at - opens) // QUARTER + 1, 1), ROWS)


def now_row(*, now: datetime, day: date, zone: ZoneInfo) -> int | None:
    """Where the present stands on the scale of `day`; None on other days and outside its hours."""
    local = now.astimezone(zone)
    if local.date() != day or not OPENS <= local.hour < CLOSES:
        return None
    return row_of(now, day=day, zone=zone)


def hours_text(row: Appointment | Slot, zone: ZoneInfo) -> str:
    begins, ends = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
    return f"{begins:%H:%M}–{ends:%H:%M}"


def _agreed_block(
    row: Agreed, *, hours: str, row_at: int, span: int, lane: int, names: Sequence[str]
) -> Block:
    """What was agreed leads to the card, on which it is the next step."""
    words = [row.way.label, row.text, *names]
    return Block(
        row=row_at,
        span=span,
        lane=lane,
        hours=f"{hours} {pgettext('calendar', 'Agreed')}",
        title=row.customer.shown_name,
        text=" · ".join(str(word) for word in words if word),
        icon=WAY_ICONS.get(row.way, "phone"),
        tone="plain",
        state="",
        url=reverse("desk:customer", args=[row.customer.pk]),
    )


def _block(
    row: Entry, *, day: date, zone: ZoneInfo, lane: int, is_known: bool, names: Sequence[str]
) -> Block:
    first = row_of(row.starts_at, day=day, zone=zone)
    last = row_of(row.ends_at - timedelta(microseconds=1), day=day, zone=zone)
    span = max(last - first + 1, 2)
    if isinstance(row, Agreed):
        hours = f"{row.starts_at.astimezone(zone):%H:%M}"
        return _agreed_block(row, hours=hours, row_at=first, span=span, lane=lane, names=names)
    return Block(
        row=first,
        span=span,
        lane=lane,
        hours=hours_text(row, zone),
        title=row.customer.shown_name if is_known else _("Taken"),
        text=" · ".join([row.get_kind_display(), *names]) if is_known else "",
        icon=ICONS[AppointmentKind(row.kind)] if is_known else "lock",
        tone=TONES[AppointmentState(row.state)] if is_known else "plain",
        state=row.get_state_display() if row.state != AppointmentState.BOOKED else "",
        url=reverse("followups:appointment", args=[row.pk]) if is_known else "",
    )


def blocks_of(
    rows: Sequence[Entry],
    *,
    day: date,
    zone: ZoneInfo,
    known: frozenset[int] | None = None,
    with_whom: bool = False,
    with_what: bool = True,
) -> tuple[list[Block], int]:
    """The rows of one column, side by side where they overlap; how many lanes that takes.

    Those that are not `known` to the reader show that time is taken, and nothing else.
    """
    placed = lanes([Slot(starts_at=row.starts_at, ends_at=row.ends_at) for row in rows])
    most = min(max((wide for _lane, wide in placed), default=1), MOST_LANES)
    blocks = [
        _block(
            row,
            day=day,
            zone=zone,
            lane=0 if wide == 1 else min(lane, MOST_LANES - 1) + 1,
            is_known=known is None or row.pk in known,
            names=[
                *([row.resource.name] if with_what and row.resource else []),
                *([row.person.name] if with_whom else []),
            ],
        )
        for row, (lane, wide) in zip(rows, placed, strict=True)
    ]
    return blocks, most


def person_columns(
    people: Iterable[Person], rows: Sequence[Entry], *, day: date, zone: ZoneInfo
) -> list[Column]:
    """A column a person; whoever has something but is not among `people` has one, too."""
    shown = list(people)
    ids = {person.pk for person in shown}
    for row in rows:
        if row.person_id not in ids:
            shown.append(row.person)
            ids.add(row.person_id)
    columns = []
    for person in shown:
        blocks, most = blocks_of(
            [row for row in rows if row.person_id == person.pk], day=day, zone=zone
        )
        columns.append(Column(label=person.name, hint="", blocks=blocks, lanes=most))
    return columns


def resource_columns(
    resources: Iterable[Resource],
    rows: Sequence[Entry],
    *,
    day: date,
    zone: ZoneInfo,
    known: frozenset[int],
) -> list[Column]:
    """A column a car, crew or room, with what it is booked for, whoever booked it."""
    columns = []
    for resource in resources:
        blocks, most = blocks_of(
            [row for row in rows if row.resource_id == resource.pk],
            day=day,
            zone=zone,
            known=known,
            with_whom=True,
            with_what=False,
        )
        columns.append(
            Column(label=resource.name, hint=resource.get_kind_display(), blocks=blocks, lanes=most)
        )
    return columns


def of_day(rows: Sequence[Entry], day: date, zone: ZoneInfo) -> list[Entry]:
    """What begins on that day."""
    return [row for row in rows if row.starts_at.astimezone(zone).date() == day]


def day_columns(
    days: Sequence[date],
    rows: Sequence[Entry],
    *,
    today: date,
    zone: ZoneInfo,
    urls: Sequence[str],
    with_whom: bool,
) -> list[Column]:
    """A column a day of the week."""
    columns = []
    for day, url in zip(days, urls, strict=True):
        blocks, most = blocks_of(of_day(rows, day, zone), day=day, zone=zone, with_whom=with_whom)
        columns.append(
            Column(
                label=weekday(day),
                hint=date_text(day, today=today),
                blocks=blocks,
                lanes=most,
                is_today=day == today,
                url=url,
            )
        )
    return columns


def agenda(
    days: Sequence[date],
    rows: Sequence[Entry],
    *,
    today: date,
    zone: ZoneInfo,
    with_whom: bool,
) -> list[AgendaDay]:
    """The days that hold something, as lists by hour."""
    found = []
    for day in days:
        lines, _most = blocks_of(of_day(rows, day, zone), day=day, zone=zone, with_whom=with_whom)
        if lines:
            found.append(AgendaDay(label=day_text(day, today=today), lines=lines))
    return found
