"""The timeline of a dispute: every side on one linear scale, as numbers for an SVG.

Geometry only: the template draws it with attributes, for the pages allow no style of their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.days import month
from filings.queries.bench import Case, Happening, Lane
from filings.rules.limits import silence_end
from filings.showing.limits import limits_of, silences
from filings.states import Lost
from filings.wording import limit_text, moment_text, stretch_text

WIDTH, LEFT, RIGHT, TOP = 830, 148, 14, 36
LANE, BAR = 126, 68
LETTER = 6.1  # width of a digit at this size
DAY_LABEL = 24


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One sign on a side's line; `label` is placed where there is room."""

    kind: str
    x: float
    title: str
    label: str = ""
    label_x: float = 0
    label_y: float = 0
    anchor: str = "middle"
    claimed_x: float | None = None


@dataclass(frozen=True, kw_only=True)
class Box:
    """A stretch of a side's line: protection, silence, or what came after the loss."""

    kind: str
    x: float
    width: float
    title: str = ""
    is_open: bool = False


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A limit: where it stands, and whether it was met."""

    x: float
    tone: str
    label: str
    title: str
    has_label: bool = True
    anchor: str = "start"


@dataclass(frozen=True, kw_only=True)
class Said:
    """A few words under the bar."""

    x: float
    text: str
    tone: str
    anchor: str = "start"
    y: int = 88


@dataclass(kw_only=True)
class Row:
    """One side as it is drawn."""

    letter: str
    name: str
    place: str
    lines: list[str]
    y: float
    quota: list[dict[str, object]]
    marks: list[Mark] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)


@dataclass(kw_only=True)
class Day:
    """One day of the axis."""

    x: float
    width: float
    label: str
    is_rest: bool
    month: str = ""


@dataclass(kw_only=True)
class Timeline:
    """All of it, with the size of the drawing."""

    width: int
    height: float
    left: float
    top: float
    days: list[Day]
    rows: list[Row]
    lines: list[dict[str, object]]


class Scale:
    """One linear scale from the first day to the last, in the store's zone."""

    def __init__(self, case: Case) -> None:
        self.zone = case.zone
        moments = [case.until]
        for lane in case.lanes:
            moments += [each.at for each in lane.happenings]
            moments += [each.claimed_at for each in lane.happenings if each.claimed_at]
            moments += [
                stretch.ends_at
                for state in lane.states
                for stretch in state.stretches
                if stretch.ends_at <= case.until
            ]
        self.first = self.day(min(moments))
        self.last = self.day(max(moments)) + timedelta(days=1)
        self.begins = datetime.combine(self.first, time(), self.zone)
        self.ends = datetime.combine(self.last + timedelta(days=1), time(), self.zone)
        self.span = (self.ends - self.begins).total_seconds()

    def day(self, at: datetime) -> date:
        return timezone.localtime(at, self.zone).date()

    def x(self, at: datetime) -> float:
        """Where a moment stands; outside it is held at the edge."""
        part = (at - self.begins).total_seconds() / self.span
        return round(LEFT + min(max(part, 0), 1) * (WIDTH - LEFT - RIGHT), 1)

    @property
    def day_width(self) -> float:
        return (WIDTH - LEFT - RIGHT) / ((self.last - self.first).days + 1)


def timeline_of(case: Case) -> Timeline:
    """The drawing of a case: days on top, a row a side, the deposit through all of them."""
    scale = Scale(case)
    rows = [_row(case, lane, index, scale) for index, lane in enumerate(case.lanes)]
    deal = case.dispute.deal
    lines: list[dict[str, object]] = []
    if deal is not None:
        lines.append({"x": scale.x(deal.at), "kind": "deal"})
    firsts = [lane.filings[0].submitted_at for lane in case.lanes[1:] if lane.filings]
    lines += [{"x": scale.x(at), "kind": "filed"} for at in firsts if at is not None]
    return Timeline(
        width=WIDTH,
        height=TOP + LANE * max(len(rows), 1),
        left=LEFT,
        top=TOP,
        days=list(_days(scale)),
        rows=rows,
        lines=lines,
    )


def _days(scale: Scale) -> Iterator[Day]:
    width = scale.day_width
    step = next((each for each in (1, 2, 3, 5, 7, 14, 30) if each * width >= DAY_LABEL), 60)
    count = (scale.last - scale.first).days + 1
    for index in range(count):
        day = scale.first + timedelta(days=index)
        is_labelled = index % step == 0
        yield Day(
            x=round(LEFT + index * width, 1),
            width=round(width, 2),
            label=str(day.day) if is_labelled else "",
            is_rest=day.weekday() >= 5,
            month=month(day) if index == 0 or day.day == 1 else "",
        )


def _row(case: Case, lane: Lane, index: int, scale: Scale) -> Row:
    person = lane.party.person
    row = Row(
        letter=lane.letter,
        name=person.name,
        place=person.store.name if person.store else "",
        lines=list(_facts(lane, scale)),
        y=TOP + index * LANE,
        quota=_quota(lane),
    )
    row.boxes = [*_silences(case, lane, scale), *_protections(case, lane, scale)]
    row.marks = list(_marks(lane, scale))
    row.ticks = list(_ticks(case, lane, scale))
    row.said = list(_apart(_said(case, lane, scale)))
    return row


def _facts(lane: Lane, scale: Scale) -> Iterator[str]:
    """Number of the filing, place in the quota, end of protection."""
    for filing, state in list(zip(lane.filings, lane.states, strict=True))[-1:]:
        yield filing.number
        if filing.channel == "field" and not filing.invalid:
            yield _("Quota of the month %(place)s/%(most)s") % {
                "place": filing.place,
                "most": filing.policy.field_quota,
            }
        elif not filing.invalid:
            yield _("Store: no quota")
        if state.ended == Lost.RELEASED_D and state.ended_at is not None:
            yield _("Released %(at)s") % {"at": moment_text(state.ended_at, zone=scale.zone)}
        elif state.protected_until is not None and not state.withdrawn:
            yield _("Protected to %(until)s") % {
                "until": limit_text(state.protected_until, zone=scale.zone)
            }
        elif filing.invalid:
            yield filing.get_invalid_display()


def _quota(lane: Lane) -> list[dict[str, object]]:
    """The month's slots as a strip: used, this one, left."""
    last = lane.filings[-1] if lane.filings else None
    if last is None or last.channel != "field" or last.invalid:
        return []
    most, place = min(last.policy.field_quota, 40), last.place
    width = round(110 / most, 2)
    return [
        {
            "x": round(8 + slot * width, 1),
            "width": round(width - 0.8, 2),
            "kind": "own" if slot + 1 == place else "used" if slot < place else "left",
        }
        for slot in range(most)
    ]


def _title(each: Happening, scale: Scale) -> str:
    said = moment_text(each.at, zone=scale.zone)
    return f"{said} · No. {each.number}" if each.number else said


def _marks(lane: Lane, scale: Scale) -> Iterator[Mark]:
    """The signs; a time beside each where there is room in one of two lines."""
    taken: list[float] = [0.0, 0.0]
    for each in lane.happenings:
        x = scale.x(each.at)
        local = timezone.localtime(each.at, scale.zone)
        label, half = f"{local:%H:%M:%S}", 8 * LETTER / 2
        line = next((i for i in (0, 1) if x - half > taken[i]), None)
        centre = min(max(x, LEFT + half), WIDTH - half - 2)
        if each.kind in ("filed", "deal", "refused", "undone") or line is None:
            label = ""
        elif line is not None:
            taken[line] = centre + half + 4
        yield Mark(
            kind=each.kind,
            x=x,
            title=_title(each, scale),
            label=label,
            label_x=centre,
            label_y=27 if line == 1 else 15,
            claimed_x=scale.x(each.claimed_at) if each.kind == "late" and each.claimed_at else None,
        )


def _protections(case: Case, lane: Lane, scale: Scale) -> Iterator[Box]:
    for state in lane.states:
        for stretch in state.stretches:
            begins, ends = scale.x(stretch.starts_at), scale.x(min(stretch.ends_at, scale.ends))
            yield Box(
                kind="withdrawn" if state.withdrawn else "protected",
                x=begins,
                width=max(round(ends - begins, 1), 1),
                title=limit_text(stretch.ends_at, zone=scale.zone),
                is_open=stretch.ends_at > case.until,
            )


def _silences(case: Case, lane: Lane, scale: Scale) -> Iterator[Box]:
    """Silence longer than the policy's days, and the loss that followed from it (FIL-14)."""
    for since, until, state in silences(case, lane):
        begins, ends = scale.x(since), scale.x(until)
        lost_at = silence_end(
            acted_at=since, filed_at=state.filed_at, terms=state.terms, clock=state.clock
        )
        yield Box(kind="silent", x=begins, width=round(ends - begins, 1))
        yield Box(kind="lost", x=scale.x(lost_at), width=max(round(ends - scale.x(lost_at), 1), 1))


def _ticks(case: Case, lane: Lane, scale: Scale) -> Iterator[Tick]:
    """The 3-, 10- and 15-day limits, met or not; a word beside each where there is room."""
    # What was lost is said before what was only owed.
    found = sorted(limits_of(case, lane), key=lambda each: (each[1] != "lost", each[0]))
    taken: list[tuple[float, float]] = []
    for at, tone, label in found:
        x, width = scale.x(at), _width_of(label) + 6
        is_right = x + width > WIDTH
        left = x - width if is_right else x
        has_label = not any(left < right and begins < left + width for begins, right in taken)
        if has_label:
            taken.append((left, left + width))
        yield Tick(
            x=x, tone=tone, label=label, title=limit_text(at, zone=scale.zone),
            has_label=has_label, anchor="end" if is_right else "start",
        )  # fmt: skip


def _width_of(text: str) -> float:
    """About how wide a text is drawn: a Chinese sign is as wide as two digits."""
    return sum(LETTER if ord(letter) < 0x2E80 else 2 * LETTER - 1 for letter in text)


def _apart(said: Iterator[Said]) -> Iterator[Said]:
    """Words that would lie on others go one line down."""
    taken: list[tuple[float, float]] = []
    for one in said:
        width = _width_of(one.text)
        begins = one.x - {"start": 0, "middle": width / 2, "end": width}[one.anchor]
        is_taken = any(begins < right and left < begins + width for left, right in taken)
        taken.append((begins, begins + width))
        yield replace(one, y=99) if is_taken else one


def _said(case: Case, lane: Lane, scale: Scale) -> Iterator[Said]:
    """Under the bar: when it was filed, how long the silence was, when the deposit came."""
    for each in lane.happenings:
        local = timezone.localtime(each.at, scale.zone)
        words = {
            "filed": _("filed %(time)s"), "refused": _("refused %(time)s"),
            "deal": _("deposit %(time)s"),
        }.get(each.kind)  # fmt: skip
        if words is None:
            continue
        x = scale.x(each.at)
        is_right = x > WIDTH - 130
        yield Said(
            x=x + (-8 if is_right else 8),
            text=words % {"time": f"{local:%H:%M:%S}"},
            tone=each.kind,
            anchor="end" if is_right else "start",
        )
    for since, until, _state in silences(case, lane):
        begins, ends = scale.x(since), scale.x(until)
        text = _("%(time)s without a follow-up") % {"time": stretch_text(until - since)}
        if ends - begins > len(text) * 5:
            yield Said(x=round((begins + ends) / 2, 1), text=text, tone="silent", anchor="middle")
