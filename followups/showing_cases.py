"""A service case in words: its clock, its facts, its trail."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from core.days import day_text, moment_text
from core.labels import labelled
from core.phones import mask_in_text
from core.time_left import TimeLeft, span, until
from followups import rules
from followups.models import Case, CaseEvent
from followups.states import CaseAct, CaseState, PauseReason
from followups.timeleft import last_day


def clock_of(case: Case, *, now: datetime) -> TimeLeft:
    """What the clock of a case says: 2 d 4 h, 3 h late, rests, solved in time."""
    is_late = rules.is_late(due_at=case.due_at, state=case.state, paused_at=case.paused_at, now=now)
    if case.state == CaseState.OPEN:
        return until(case.due_at, now=now)
    if case.paused_at is not None and is_late:
        late = span(case.paused_at - case.due_at)
        return TimeLeft(_("clock rests, %(time)s late") % {"time": late}, "late")
    if case.paused_at is not None:
        left = span(case.due_at - case.paused_at)
        return TimeLeft(_("clock rests, %(time)s left") % {"time": left}, "plain")
    if case.solved_at is None:
        return TimeLeft(str(case.get_state_display()), "plain")
    if rules.is_in_time(
        due_at=case.due_at, solved_at=case.solved_at, times_reopened=case.times_reopened
    ):
        return TimeLeft(_("solved in time"), "good")
    if case.solved_at <= case.due_at:
        return TimeLeft(_("solved at the second go"), "plain")
    late = span(case.solved_at - case.due_at)
    return TimeLeft(_("solved %(time)s late") % {"time": late}, "plain")


def due_text(case: Case, *, now: datetime) -> str:
    """Until when it is to be solved: 8 Jul (Wed), 24:00."""
    zone = case.customer.store.tzinfo
    day = last_day(case.due_at, zone)
    return _("%(day)s, 24:00") % {"day": day_text(day, today=now.astimezone(zone).date())}


def facts_of(case: Case, *, now: datetime) -> list[tuple[str, str]]:
    """What is known of a case, as label and value; what is not is left out."""
    answered = case.answered_at and _("%(when)s by %(who)s, after %(time)s") % {
        "when": moment_text(case.answered_at, now=now),
        "who": case.answered_by.name if case.answered_by else "",
        "time": span(case.answered_at - case.opened_at),
    }
    opened = _("%(when)s by %(who)s") % {
        "when": moment_text(case.opened_at, now=now),
        "who": case.opened_by.name,
    }
    facts = [
        (_("To be solved by"), due_text(case, now=now)),
        (_("Seen to by"), case.assignee.name if case.assignee else _("nobody")),
        (_("First answer"), answered or ""),
        (_("Product"), mask_in_text(case.product.product) if case.product else ""),
        (_("About"), case.about.name if case.about else ""),
        (_("How it reached us"), str(case.get_channel_display())),
        (_("Opened"), opened),
        (_("From the survey"), case.answer.question.text if case.answer else ""),
        (_("Store"), case.store.name),
        (_("Reported up to"), case.escalated_to.name if case.escalated_to else ""),
        (_("Clock rests because"), str(case.get_pause_reason_display())),
        (_("Opened again"), _times(case.times_reopened)),
        (_("Customer's satisfaction"), _of_five(case.satisfaction)),
    ]
    return [(label, value) for label, value in facts if value]


def _times(count: int) -> str:
    return _("%(count)s times") % {"count": count} if count else ""


def _of_five(points: int | None) -> str:
    return _("%(points)s of 5") % {"points": points} if points else ""


@dataclass(frozen=True, kw_only=True)
class TrailLine:
    """One line of a case's trail."""

    when: str
    title: str
    text: str
    by: str


def trail_of(events: list[CaseEvent], *, now: datetime) -> list[TrailLine]:
    """What happened to a case, the latest first."""
    return [
        TrailLine(
            when=moment_text(event.at, now=now),
            title=_title(event),
            text=mask_in_text(event.text),
            by=_("the clock") if event.by.is_system else event.by.name,
        )
        for event in events
    ]


def _title(event: CaseEvent) -> str:
    words = str(CaseAct(event.act).label)
    if event.to is not None:
        words = _("%(act)s → %(who)s") % {"act": words, "who": event.to.name}
    if event.reason:
        words = labelled(words, str(PauseReason(event.reason).label))
    if event.points:
        words = labelled(words, _of_five(event.points))
    return words


@dataclass(frozen=True, kw_only=True)
class CaseLine:
    """One case on a card or in a report."""

    url: str
    number: int
    kind: str
    text: str
    state: str
    clock: TimeLeft
    who: str
    opened: str


def line_of(case: Case, *, now: datetime) -> CaseLine:
    """One case in a line."""
    return CaseLine(
        url=reverse("followups:case", args=[case.pk]),
        number=case.pk,
        kind=str(case.get_kind_display()),
        text=mask_in_text(case.text),
        state=str(case.get_state_display()),
        clock=clock_of(case, now=now),
        who=case.assignee.name if case.assignee else _("nobody"),
        opened=moment_text(case.opened_at, now=now),
    )
