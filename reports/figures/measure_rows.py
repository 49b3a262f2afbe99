"""The rows behind each figure of the measures: as many as the figure counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.days import day_text, moment_text
from core.time_left import TimeLeft
from followups.models import Case, Obligation, SurveyResult
from followups.naming import name_of
from followups.showing_cases import clock_of
from followups.states import CaseKind, State
from followups.survey_words import score_words
from reports.asking.periods import Period
from reports.figures.measures import (
    SATISFIED,
    case_is_in_time,
    cases_opened,
    return_visits,
    surveys_held,
)
from staff.scope import Reach


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which figure: of what period, of whom (`key` "" is everybody, "none" nobody), by what."""

    period: Period
    by: str
    key: str
    show: str
    step: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row behind a figure."""

    url: str
    name: str
    text: str
    state: TimeLeft


VISITS: Mapping[str, Callable[[datetime], Q]] = {
    "due": lambda now: Q(),
    "done": lambda now: Q(is_done=True),
    "missed": lambda now: Q(is_done=False),
    "late": lambda now: Q(is_late=True),
    "ahead": lambda now: Q(state=State.OPEN, due_at__gte=now),
    "to_survey": lambda now: Q(is_to_survey=True),
    "surveyed": lambda now: Q(is_surveyed=True),
}
CASES: Mapping[str, Callable[[Case], bool]] = {
    "problems": lambda case: case.kind != CaseKind.NEED,
    "problems_solved": lambda case: case.kind != CaseKind.NEED and case_is_in_time(case),
    "needs": lambda case: case.kind == CaseKind.NEED,
    "needs_met": lambda case: case.kind == CaseKind.NEED and case_is_in_time(case),
    "answered": lambda case: case.answered_at is not None,
}
SURVEYS: Mapping[str, Q] = {"surveys": Q(), "satisfied": Q(score__gte=SATISFIED)}
SHOWN = (*VISITS, *CASES, *SURVEYS)


def _of(rows: QuerySet[Any], asked: Asked, *, person: str, store: str) -> QuerySet[Any]:
    """The rows of the person or store whose figure it is."""
    if not asked.key:
        return rows
    column = person if asked.by == "person" else store
    if asked.key == "none":
        return rows.filter(**{f"{column}__isnull": True})
    return rows.filter(**{column: int(asked.key)})


def rows_behind(asked: Asked, *, reach: Reach | None, now: datetime) -> list[Row]:
    """The rows that the figure counts, the latest first."""
    if asked.show in VISITS:
        return _visits(asked, reach=reach, now=now)
    if asked.show in CASES:
        return _cases(asked, reach=reach, now=now)
    return _surveys(asked, reach=reach, now=now)


def _visits(asked: Asked, *, reach: Reach | None, now: datetime) -> list[Row]:
    """One row a conversation or task, with all that fell due in it."""
    rows = return_visits(reach, period=asked.period, now=now)
    rows = _of(rows, asked, person="assignee", store="customer__store")
    rows = rows.filter(VISITS[asked.show](now))
    if asked.step:
        rows = rows.filter(step__code=asked.step)
    rows = rows.select_related("step", "customer__store", "assignee")
    # Of two people who do the same thing once, each has a row of the own.
    units: dict[tuple[str, int | None], list[Obligation]] = {}
    for row in rows.order_by("-due_at", "pk"):
        whose = row.assignee_id if asked.by == "person" else row.customer.store_id
        units.setdefault((row.unit, whose), []).append(row)
    return [_visit(found, now=now) for found in units.values()]


def _visit(found: list[Any], *, now: datetime) -> Row:
    first = found[0]
    today = first.customer.store.today(now)
    steps = _(", ").join(dict.fromkeys(name_of(row) for row in found))
    who = first.assignee.name if first.assignee else _("nobody")
    return Row(
        url=reverse("desk:customer", args=[first.customer_id]),
        name=first.customer.shown_name,
        text=f"{steps} · {day_text(first.due_on, today=today)} · {who}",
        state=_state_of(found, now=now),
    )


def _state_of(found: list[Any], *, now: datetime) -> TimeLeft:
    """Done, late, not done: of what was merged, done by one is done."""
    is_late = any(row.is_late for row in found)
    done = next((row for row in found if row.is_done), None)
    if done is not None:
        when = moment_text(done.answered_at, now=now)
        words = _("done late, %(when)s") if is_late else _("done, %(when)s")
        return TimeLeft(words % {"when": when}, "plain" if is_late else "good")
    if found[0].state == State.OPEN:
        return TimeLeft(
            _("overdue") if is_late else _("not due yet"), "late" if is_late else "plain"
        )
    if found[0].state == State.SKIPPED:
        return TimeLeft(_("skipped"), "soon")
    return TimeLeft(_("done after the month, or not reached"), "soon")


def _cases(asked: Asked, *, reach: Reach | None, now: datetime) -> list[Row]:
    rows = _of(cases_opened(reach, period=asked.period), asked, person="assignee", store="store")
    rows = rows.select_related("customer__store", "assignee").order_by("-opened_at", "pk")
    return [_case(case, now=now) for case in rows if CASES[asked.show](case)]


def _case(case: Case, *, now: datetime) -> Row:
    who = case.assignee.name if case.assignee else _("nobody")
    kind, opened = case.get_kind_display(), moment_text(case.opened_at, now=now)
    return Row(
        url=reverse("followups:case", args=[case.pk]),
        name=case.customer.shown_name,
        text=f"{kind} {case.pk} · {opened} · {who}",
        state=clock_of(case, now=now),
    )


def _surveys(asked: Asked, *, reach: Reach | None, now: datetime) -> list[Row]:
    held = surveys_held(reach, period=asked.period).filter(SURVEYS[asked.show])
    rows = _of(held, asked, person="whose", store="store")
    rows = rows.select_related("customer", "version__survey", "about", "asked_by")
    return [_survey(result, now=now) for result in rows.order_by("-asked_at", "pk")]


def _survey(result: SurveyResult, *, now: datetime) -> Row:
    who = (result.about or result.asked_by).name
    survey, asked_at = result.version.survey.name, moment_text(result.asked_at, now=now)
    is_good = result.score is not None and result.score >= SATISFIED
    return Row(
        url=reverse("desk:customer", args=[result.customer_id]),
        name=result.customer.shown_name,
        text=f"{survey} · {asked_at} · {who}",
        state=TimeLeft(score_words(result.score), "good" if is_good else "soon"),
    )
