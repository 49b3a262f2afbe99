"""When care falls due, in what order a day is done: pure decisions over plain values.

The engine says the same in SQL (`followups.services.occurrences`); a test holds the two together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from core.calendars import add_months
from core.rules import TAKE_BACK_WITHIN, Blocker
from customers.states import Grade, NextKind, Quiet
from followups.states import (
    ACT_ANCHORS,
    BIRTHDAY_ANCHORS,
    TERM_ANCHORS,
    YEARLY_ANCHORS,
    Anchor,
    Unit,
    Way,
)

# An obligation is made when its day is no earlier than this before its anchor was registered.
LOOK_BACK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class StepSpec:
    """A step as the rules see it (see `followups.models.Step`)."""

    code: str
    anchor: Anchor | str
    offset: int
    unit: Unit | str
    every: int = 0
    times: int = 1
    ahead_days: int = 0
    is_before: bool = False
    asks_from: date | None = None


@dataclass(frozen=True, kw_only=True)
class Anchored:
    """A fact that a step counts from: its day, its hour where known, and when we learnt of it.

    `ends_before` are the ends of insurances that were renewed since.
    """

    on: date
    at: datetime | None = None
    noted_on: date
    ends_before: tuple[date, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Due:
    """One occurrence: its number, its business day, its exact limit, and from when it shows."""

    occurrence: int
    on: date
    at: datetime
    shown_on: date


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """24:00 of `day` in `zone`: a day limit ends there."""
    return datetime.combine(day + timedelta(days=1), time(), zone)


def _day_after(
    *, anchored: Anchored, count: int, unit: str, add_working_days: Callable[[date, int], date]
) -> date:
    """The business day `count` units after the anchor, before it where `count` is negative; months
    clamp and are never chained.
    """
    if unit == Unit.MONTHS:
        return add_months(anchored.on, count)
    if unit == Unit.WORKING_DAYS:
        return add_working_days(anchored.on, count)
    if unit == Unit.HOURS:
        return anchored.on + timedelta(days=-(-count // 24))
    return anchored.on + timedelta(days=count)


def due_after(
    *,
    step: StepSpec,
    anchored: Anchored,
    occurrence: int,
    zone: ZoneInfo,
    add_working_days: Callable[[date, int], date],
) -> Due:
    """The `occurrence`-th time of `step` (formulas 3.11; AFT-01 … AFT-20).

    Hours are exact where the anchor's hour is known; else they end at the next day's 24:00.
    """
    times_before = 0 if step.anchor in YEARLY_ANCHORS else occurrence - 1
    count = (step.offset + times_before * step.every) * (-1 if step.is_before else 1)
    if step.unit == Unit.HOURS and anchored.at is not None:
        at = anchored.at + timedelta(hours=count)
        on = at.astimezone(zone).date()
    else:
        on = _day_after(
            anchored=anchored, count=count, unit=step.unit, add_working_days=add_working_days
        )
        at = end_of_day(on, zone)
    return Due(occurrence=occurrence, on=on, at=at, shown_on=on - timedelta(days=step.ahead_days))


# Added to the number of an insurance for each that ended in the same year before it.
ANOTHER_END = 10_000


def number_of_term(anchored: Anchored) -> int:
    """The year in which an insurance or a warranty ends: a date corrected within its year keeps its
    number. The second of a year that was renewed within it is 10,000 more, and so on (AFT-10).
    """
    year = anchored.on.year
    return year + ANOTHER_END * sum(end.year == year for end in anchored.ends_before)


def numbers(*, step: StepSpec, anchored: Anchored) -> Sequence[int]:
    """The occurrences of `step`: 1 … `times`, or that of the insurance or the warranty which ends,
    so that each renewal is work of its own (AFT-10).
    """
    if step.anchor in YEARLY_ANCHORS:
        return [number_of_term(anchored)]
    return range(1, step.times + 1)


def occurrences(
    *,
    step: StepSpec,
    anchored: Anchored,
    zone: ZoneInfo,
    add_working_days: Callable[[date, int], date],
) -> list[Due]:
    """All occurrences of `step`, each counted from the anchor itself."""
    return [
        due_after(
            step=step,
            anchored=anchored,
            occurrence=number,
            zone=zone,
            add_working_days=add_working_days,
        )
        for number in numbers(step=step, anchored=anchored)
    ]


def is_made(
    *, due_on: date, noted_on: date, today: date, horizon: timedelta, asks_from: date | None = None
) -> bool:
    """Whether the occurrence becomes an obligation now (decision 9): not long past when its
    anchor was registered nor when the plan began to ask (`asks_from`), and within the horizon.
    """
    known_on = noted_on if asks_from is None else max(noted_on, asks_from)
    return known_on - LOOK_BACK <= due_on <= today + horizon


def planned_after(*, planned_on: date | None, due_before: date, due_on: date) -> date | None:
    """The day to which somebody has put a task, once it falls due on another day (FUP-09).

    What was agreed stays, unless it was put off and falls due later than that by now.
    """
    if planned_on is not None and due_before <= planned_on < due_on:
        return None
    return planned_on


@dataclass(frozen=True, kw_only=True)
class Care:
    """What the cadence of one customer depends on; all days are business days.

    `again_on` is when contact was wished again, or the customer was no longer given up.
    """

    grade: Grade | str
    quiet: Quiet | str
    registered_on: date
    last_contact_on: date | None = None
    last_closed_on: date | None = None
    again_on: date | None = None
    plan_runs_until: date | None = None
    next_step_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Cadence:
    """The one open occurrence of a customer's cadence."""

    grade: Grade | str
    due_on: date


# Days to the next contact that a form proposes where a grade has no cadence.
PLAIN_GAP = 7


def cadence_grade(grade: Grade | str) -> Grade | str:
    """Whose cadence a grade has: a B2 whose plan has ended has C1's (decision 9)."""
    return Grade.C1 if grade == Grade.B2 else grade


def worn_reason(last_reasons: Sequence[str]) -> str:
    """The reason of the last two contacts, where it is one: a third time it is worn (FUP-13)."""
    if len(last_reasons) < 2 or last_reasons[0] != last_reasons[1]:
        return ""
    return last_reasons[0]


def cadence(*, care: Care, days: Mapping[str, int]) -> Cadence | None:
    """When this customer is to be met next by grade, if by grade at all (decisions 9, 14).

    `days` gives the days by grade; a grade without an entry has no cadence. Counted from the last
    effective contact, from registering where there was none since (history that was moved in
    starts no clock that has run out), or from the day the last occurrence was closed; after a
    silence, or after having been given up, from its end: what fell due in it is over. A running
    plan replaces it, and so does a next step, an appointment or a new inquiry of no later day.
    """
    grade = cadence_grade(care.grade)
    if care.quiet == Quiet.ALL or grade not in days:
        return None
    gap = timedelta(days=days[grade])
    marks = (care.registered_on, care.last_contact_on, care.last_closed_on, care.again_on)
    due_on = max(mark for mark in marks if mark is not None) + gap
    if care.plan_runs_until is not None and due_on <= care.plan_runs_until:
        due_on = care.plan_runs_until + gap
    if care.next_step_on is not None and care.next_step_on <= due_on:
        return None
    return Cadence(grade=grade, due_on=due_on)


class Kind(IntEnum):
    """The kinds of a day's work, in the order in which a good salesperson does them (FUP-26)."""

    TIMED = 1
    HOUR_LIMIT = 2
    ACTIVE = 3
    CARE = 4
    LETTER = 5
    WAITING = 6
    LATER = 7


def kind_of_task(
    *,
    is_timed: bool,
    has_hour_limit: bool,
    is_letter: bool,
    is_care: bool,
    grade: Grade | str,
    shown_early: bool,
    opens_later: bool = False,
) -> Kind:
    """Where a task stands in today's order (decision 17).

    Appointments by hour; limits with an hour; calls to A; other after-sale contacts with B and C;
    letters without an hour; who may be called later today waits for that hour (ORD-15); what is
    shown before its day comes last. `opens_later`: see `opens_later`.
    """
    if is_timed:
        return Kind.TIMED
    if opens_later and not is_letter and not shown_early:
        return Kind.WAITING
    if has_hour_limit:
        return Kind.HOUR_LIMIT
    if shown_early:
        return Kind.LATER
    if is_letter:
        return Kind.LETTER
    if grade == Grade.A and not is_care:
        return Kind.ACTIVE
    return Kind.CARE


def opens_later(
    *,
    now: datetime,
    zone: ZoneInfo,
    contact_from: time | None,
    has_hour_limit: bool,
    due_at: datetime,
) -> bool:
    """Whether the customer may be called from a later hour of today on (ORD-15, forms 2.7).

    A limit that ends before that hour does not wait for it.
    """
    if contact_from is None:
        return False
    opens_at = datetime.combine(now.astimezone(zone).date(), contact_from, zone)
    return now < opens_at and not (has_hour_limit and due_at <= opens_at)


VISITS = (Way.HOME_VISIT, Way.MEASURING, Way.TEST_DRIVE, Way.STORE_VISIT)


def leading_way(ways: Sequence[str], *, quiet: Quiet | str = Quiet.NONE) -> str:
    """How a task of several obligations is done: a visit wins over a call (AFT-12).

    Whoever wishes no visits is called instead (FUP-24).
    """
    visits = () if quiet == Quiet.VISITS else VISITS
    for way in (*visits, Way.CALL, Way.WECHAT, Way.LETTER, Way.GREETING):
        if way in ways:
            return way
    return Way.CALL


def next_step_blockers(*, grade: Grade | str, next_kind: NextKind | str) -> list[Blocker]:
    """A customer graded D has no tasks, so that D and a dated step exclude each other (GRD-08)."""
    if grade == Grade.D and next_kind not in ("", NextKind.NONE):
        return [Blocker("given_up_has_no_step")]
    return []


def move_blockers(*, day: date, today: date, reason: str) -> list[Blocker]:
    """A task is moved to today or later, at most a year ahead, and with a reason."""
    blockers = []
    if not reason:
        blockers.append(Blocker("move_reason_missing"))
    if day < today:
        blockers.append(Blocker("move_to_past"))
    if day > today + timedelta(days=366):
        blockers.append(Blocker("move_too_far"))
    return blockers


# A plan reaches ten years; far beyond, dates and the calendar of working days end.
LONGEST = {Unit.HOURS: 24 * 3660, Unit.DAYS: 3660, Unit.WORKING_DAYS: 2500, Unit.MONTHS: 120}
MOST_TIMES = 120
MOST_AHEAD_DAYS = 60
# Each year has its own, or there is but one: nothing is repeated from such an anchor.
COME_ONCE = (*TERM_ANCHORS, *BIRTHDAY_ANCHORS)


def extent_blockers(step: StepSpec) -> list[Blocker]:
    """A step happens once or more, and within ten years of its anchor."""
    blockers = []
    most_times = 1 if step.anchor in COME_ONCE else MOST_TIMES
    if not 1 <= step.times <= most_times:
        blockers.append(Blocker("step_times_wrong", {"most": most_times}))
    if step.times > 1 and not step.every:
        blockers.append(Blocker("step_every_missing"))
    if step.times > 1 and step.unit == Unit.HOURS:
        blockers.append(Blocker("hours_do_not_repeat"))
    if step.offset + (step.times - 1) * step.every > LONGEST[Unit(step.unit)]:
        blockers.append(Blocker("step_too_far"))
    if step.ahead_days > MOST_AHEAD_DAYS:
        blockers.append(Blocker("step_shown_too_early", {"most": MOST_AHEAD_DAYS}))
    return blockers


def step_blockers(
    *,
    step: StepSpec,
    has_names: bool,
    way: Way | str,
    way_before: Way | str,
    is_kept_by_keeper: bool,
) -> list[Blocker]:
    """Everything that stops a step from being written so."""
    if step.anchor in ACT_ANCHORS:
        return [Blocker("next_step_is_fixed")]
    blockers = extent_blockers(step)
    if not has_names:
        blockers.append(Blocker("step_name_missing"))
    if not step.offset and step.anchor not in COME_ONCE:
        blockers.append(Blocker("step_offset_missing"))
    if (way == Way.LETTER) != (way_before == Way.LETTER):
        blockers.append(Blocker("letter_stays_letter"))
    if step.anchor == Anchor.CADENCE and (
        step.unit != Unit.DAYS or step.times != 1 or way == Way.LETTER or not is_kept_by_keeper
    ):
        blockers.append(Blocker("cadence_is_by_days"))
    return blockers


def void_blockers(
    *, is_own: bool, is_manager: bool, logged_at: datetime, now: datetime
) -> list[Blocker]:
    """Who may void a contact: the person who logged it within ten minutes, a manager any time."""
    if is_manager:
        return []
    if not is_own:
        return [Blocker("not_yours_to_void")]
    if now - logged_at > TAKE_BACK_WITHIN:
        return [Blocker("void_too_late")]
    return []
