"""`report follow_up`: return visits against their target, cases, satisfaction (KPI-01 … KPI-04).

A return visit is care after a sale that is a call or a visit; letters and greetings are none
(decision 18). What was merged into one contact or one task counts once, and once in each month in
which something of it fell due, so that quarters and years are the sums of their months.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, ExtractMonth, ExtractYear, NullIf
from django.utils import timezone

from customers.queries import are_visible
from customers.queries.parameters import parameters
from followups.models import Case, Obligation, SurveyResult
from followups.queries.surveys import beyond_the_told
from followups.rules import is_in_time
from followups.states import APART_WAYS, PRODUCT_ANCHORS, CaseKind, CaseState, State
from reports.asking.parameters import Parameter, read_some_of
from reports.asking.periods import Period, period_around, read_period
from staff.models import Person, Store
from staff.scope import Reach
from staff.states import Level

BY = ("person", "store")
# Of five, so much is satisfied.
SATISFIED = 4
PARAMETERS = (
    Parameter(name="month", hint="YYYY-MM", about="of this month; YYYY-Q1 and YYYY work, too",
              read=read_period),
    Parameter(name="by", hint="|".join(BY), about="one row for each of these",
              read=read_some_of(BY)),
)  # fmt: skip
COLUMNS = (
    "by", "key", "name", "due", "done", "late", "ahead", "rate", "target", "met", "to_survey",
    "surveyed", "surveyed_share", "late_share",
    "problems", "problems_solved", "problems_solved_rate", "needs", "needs_met", "needs_met_rate",
    "first_response_minutes", "surveys", "satisfaction", "satisfied", "satisfied_share",
    "by_step", "flags",
)  # fmt: skip

_MONTH_DUE = ExtractYear("due_on") * 12 + ExtractMonth("due_on")
# When somebody reached the customer and said so; what was closed without is answered then.
_ANSWERED_AT = Coalesce("task__contact__logged_at", "closed_at")
_MONTH_DONE = ExtractYear(_ANSWERED_AT) * 12 + ExtractMonth(_ANSWERED_AT)
# Done by an effective contact that was logged before the month of its day was over: the one made
# for it, or one just before, with which it was closed (FUP-09); a task that is skipped has none.
IS_DONE = Q(
    state__in=[State.DONE, State.SKIPPED],
    task__contact__is_effective=True,
    task__contact__voided_at=None,
    month_done__lte=F("month_due"),
)
# Its step asks a survey, and more was asked in the talk than what has to be told in any case;
# whoever would rather not was asked.
IS_TO_SURVEY = Q(step__survey__is_active=True)
IS_SURVEYED = Exists(
    SurveyResult.objects.filter(contact=OuterRef("task__contact")).filter(
        Q(is_willing=False) | Exists(beyond_the_told(OuterRef("pk")))
    )
)


def _text(column: str) -> Cast:
    return Cast(column, models.CharField())


# One conversation, or one task while there was none: what somebody has to do once.
_UNIT = Concat(
    _text("month_due"),
    models.Case(
        When(IS_DONE, then=Concat(Value("c"), _text("task__contact"))),
        When(task__isnull=False, then=Concat(Value("t"), _text("task"))),
        default=Concat(Value("o"), _text("pk")),
        output_field=models.CharField(),
    ),
)


def share(part: int, whole: int) -> float | None:
    """A fraction; None of nothing."""
    return part / whole if whole else None


def is_met(*, done: int, due: int, percent: int) -> bool | None:
    """Whether so many of so many reach the target; at it is reached (AFT-28), none due is None.

    36 of 45 is 80 % exactly, and met; 35 of 45 is not.
    """
    return done * 100 >= percent * due if due else None


def return_visits(reach: Reach | None, *, period: Period, now: datetime) -> QuerySet[Any]:
    """The return visits due in the period, each with `unit`, `is_done`, `is_late`, `answered_at`,
    and whether a survey `is_to_survey`, `is_surveyed` in what is done.

    What rests or was cancelled because no contact is wished, because its step is gone, or because
    it was answered before it was due, is in neither count. `reach` None is somebody at the machine
    itself.
    """
    visits = Obligation.objects.filter(
        step__anchor__in=PRODUCT_ANCHORS,
        due_on__range=(period.begins, period.ends),
        state__in=[State.OPEN, State.DONE, State.SKIPPED],
    ).alias(told_way=Coalesce(NullIf("way", Value("")), "step__way"))
    visits = visits.exclude(told_way__in=APART_WAYS)
    if reach is not None:
        visits = visits.filter(_within(reach, "assignee"))
    dated = visits.alias(month_due=_MONTH_DUE, month_done=_MONTH_DONE)
    return dated.annotate(answered_at=_ANSWERED_AT).annotate(
        unit=_UNIT,
        is_done=_flag(IS_DONE),
        is_late=_flag(_is_late(now)),
        is_to_survey=_flag(IS_DONE & IS_TO_SURVEY),
        is_surveyed=_flag(Q(IS_DONE & IS_TO_SURVEY, IS_SURVEYED)),
    )


def _flag(condition: Q) -> models.Case:
    return models.Case(
        When(condition, then=Value(True)),
        default=Value(False),
        output_field=models.BooleanField(),
    )


def _is_late(now: datetime) -> Q:
    """Done after its limit, or not done and past it."""
    closed_late = Q(state__in=[State.DONE, State.SKIPPED], answered_at__gt=F("due_at"))
    return closed_late | Q(state=State.OPEN, due_at__lt=now)


def _within(reach: Reach, person: str) -> Q:
    """Rows of customers within reach; of whoever sees only their own, their own work."""
    seen = are_visible(reach, path="customer")
    return seen & Q(**{f"{person}__in": reach.acts_for}) if reach.level == Level.OWN else seen


def cases_opened(reach: Reach | None, *, period: Period) -> QuerySet[Case]:
    """The cases opened in the period, but those opened by mistake."""
    cases = Case.objects.filter(opened_at__gte=period.since, opened_at__lt=period.until)
    cases = cases.exclude(state=CaseState.VOIDED)
    return cases if reach is None else cases.filter(_within(reach, "assignee"))


def surveys_held(reach: Reach | None, *, period: Period) -> QuerySet[SurveyResult]:
    """The surveys of the period that say how satisfied the customer is; `whose` they are about."""
    held = SurveyResult.objects.filter(
        asked_at__gte=period.since,
        asked_at__lt=period.until,
        contact__voided_at=None,
        is_willing=True,
        score__isnull=False,
    ).annotate(whose=Coalesce("about", "asked_by"))
    return held if reach is None else held.filter(_within(reach, "whose"))


@dataclass(kw_only=True)
class Figures:
    """What was counted for one person, store or company; shares are Σ/Σ."""

    due: int = 0
    done: int = 0
    late: int = 0
    ahead: int = 0
    to_survey: int = 0
    surveyed: int = 0
    problems: int = 0
    problems_solved: int = 0
    needs: int = 0
    needs_met: int = 0
    surveys: int = 0
    satisfied: int = 0
    score_sum: float = 0
    responses: list[float] = field(default_factory=list)
    by_step: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def rate(self) -> float | None:
        return share(self.done, self.due)

    def met(self, percent: int) -> bool | None:
        """Whether what has fallen due reaches the target; what is still ahead is not judged."""
        return is_met(done=self.done, due=self.due - self.ahead, percent=percent)

    @property
    def response(self) -> float | None:
        """The median to the first answer, in minutes."""
        return median(self.responses) if self.responses else None

    @property
    def satisfaction(self) -> float | None:
        return round(self.score_sum / self.surveys, 2) if self.surveys else None

    def add(self, other: "Figures") -> None:
        for each in fields(self):
            if each.name != "by_step":
                setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))
        for code, counted in other.by_step.items():
            mine = self.by_step.setdefault(code, {"due": 0, "done": 0})
            for name, value in counted.items():
                mine[name] += value


Groups = dict[int | None, Figures]


def figures_by(reach: Reach | None, *, period: Period, by: str, now: datetime) -> Groups:
    """The figures by person or store; None is work that nobody has. Four queries."""
    groups: Groups = {}
    visits = return_visits(reach, period=period, now=now)
    _count_visits(
        groups, visits, column="assignee" if by == "person" else "customer__store", now=now
    )
    column = "assignee_id" if by == "person" else "store_id"
    _count_cases(groups, cases_opened(reach, period=period), column=column)
    column = "whose" if by == "person" else "store"
    _count_surveys(groups, surveys_held(reach, period=period), column=column)
    return groups


def _count_visits(groups: Groups, visits: QuerySet[Any], *, column: str, now: datetime) -> None:
    counts = {
        "due": Count("unit", distinct=True),
        "done": Count("unit", distinct=True, filter=Q(is_done=True)),
        "late": Count("unit", distinct=True, filter=Q(is_late=True)),
        "ahead": Count("unit", distinct=True, filter=Q(state=State.OPEN, due_at__gte=now)),
        "to_survey": Count("unit", distinct=True, filter=Q(is_to_survey=True)),
        "surveyed": Count("unit", distinct=True, filter=Q(is_surveyed=True)),
    }
    for row in visits.order_by().values(column).annotate(**counts):
        figures = groups.setdefault(row[column], Figures())
        for name in counts:
            setattr(figures, name, row[name])
    by_step = (
        visits.order_by()
        .values(column, "step__code")
        .annotate(due=counts["due"], done=counts["done"])
    )
    for row in by_step:
        counted = {"due": row["due"], "done": row["done"]}
        groups[row[column]].by_step[row["step__code"]] = counted


def _count_cases(groups: Groups, cases: QuerySet[Case], *, column: str) -> None:
    for case in cases.order_by():
        figures = groups.setdefault(getattr(case, column), Figures())
        is_solved = case_is_in_time(case)
        if case.kind == CaseKind.NEED:
            figures.needs += 1
            figures.needs_met += is_solved
        else:
            figures.problems += 1
            figures.problems_solved += is_solved
        if case.answered_at is not None:
            minutes = (case.answered_at - case.opened_at) / timedelta(minutes=1)
            figures.responses.append(minutes)


def case_is_in_time(case: Case) -> bool:
    """Whether it was solved within its working days, at the first go."""
    return is_in_time(
        due_at=case.due_at, solved_at=case.solved_at, times_reopened=case.times_reopened
    )


def _count_surveys(groups: Groups, held: QuerySet[Any], *, column: str) -> None:
    counts = {
        "surveys": Count("pk"),
        "satisfied": Count("pk", filter=Q(score__gte=SATISFIED)),
        "score_sum": Sum("score"),
    }
    for row in held.order_by().values(column).annotate(**counts):
        figures = groups.setdefault(row[column], Figures())
        figures.surveys, figures.satisfied = row["surveys"], row["satisfied"]
        figures.score_sum = float(row["score_sum"])


def total_of(groups: Groups) -> Figures:
    """The sum of all rows. A conversation about the customers of two people counts for both."""
    total = Figures()
    for figures in groups.values():
        total.add(figures)
    return total


def names_of(groups: Iterable[int | None], *, by: str) -> dict[int, str]:
    """What the rows are called."""
    model: type[Person] | type[Store] = Person if by == "person" else Store
    wanted = [key for key in groups if key is not None]
    return dict(model._default_manager.filter(pk__in=wanted).values_list("pk", "name"))


def in_order(groups: Groups, names: Mapping[int, str], *, percent: int) -> list[int | None]:
    """Who is below the target first, the furthest below on top; who has none due, last."""

    def place(key: int | None) -> tuple[object, ...]:
        figures = groups[key]
        met = figures.met(percent)
        rank = {False: 0, True: 1, None: 2}[met]
        return (rank, figures.rate or 0, -figures.due, names.get(key or 0, ""), key or 0)

    return sorted(groups, key=place)


def target_of(period: Period, *, now: datetime) -> int:
    """The percentage in force when the period ends, or today while it runs."""
    today = timezone.localdate(now)
    return parameters(min(period.ends, max(today, period.begins))).return_visit_percent


def _told(figures: Figures, *, percent: int) -> dict[str, object]:
    return {
        "due": figures.due,
        "done": figures.done,
        "late": figures.late,
        "ahead": figures.ahead,
        "rate": figures.rate,
        "target": percent / 100,
        "met": figures.met(percent),
        "to_survey": figures.to_survey,
        "surveyed": figures.surveyed,
        "surveyed_share": share(figures.surveyed, figures.to_survey),
        "late_share": share(figures.late, figures.due),
        "problems": figures.problems,
        "problems_solved": figures.problems_solved,
        "problems_solved_rate": share(figures.problems_solved, figures.problems),
        "needs": figures.needs,
        "needs_met": figures.needs_met,
        "needs_met_rate": share(figures.needs_met, figures.needs),
        "first_response_minutes": figures.response,
        "surveys": figures.surveys,
        "satisfaction": figures.satisfaction,
        "satisfied": figures.satisfied,
        "satisfied_share": share(figures.satisfied, figures.surveys),
        "by_step": {
            code: {**counted, "rate": share(counted["done"], counted["due"])}
            for code, counted in sorted(figures.by_step.items())
        },
        "flags": _flags(figures),
    }


def _flags(figures: Figures) -> list[str]:
    """Why a figure is null."""
    missing = {
        "none_due": figures.due,
        "none_to_survey": figures.to_survey,
        "no_problem": figures.problems,
        "no_need": figures.needs,
        "none_answered": len(figures.responses),
        "no_survey": figures.surveys,
    }
    return [flag for flag, count in missing.items() if not count]


NOTES = [
    "due counts calls and visits after a sale that fell due in the month, without letters and "
    "greetings; several merged into one contact or task count once",
    "done were closed by an effective contact logged before the end of the month in which they "
    "fell due, their own or one just before it; what rests, was cancelled for a do-not-contact or "
    "was answered before it was due is in neither",
    "to_survey are done and their step asks a survey; surveyed were asked more in that talk than "
    "what has to be told in any case, or would rather not talk",
    "late are done after their limit, or not done and past it; ahead are not due yet, and met "
    "does not judge them",
    "problems are cases of all kinds but needs; solved counts those solved within their working "
    "days and not opened again; pauses are taken off",
    "satisfaction is the mean of survey scores, satisfied those of 4 and more",
]


def follow_up(
    params: Mapping[str, Any], *, reach: Reach | None, now: datetime
) -> tuple[list[dict[str, object]], dict[str, object], list[str]]:
    """Rows by person or store, below target first; totals and notes."""
    today = timezone.localdate(now)
    period = params.get("month") or period_around(today, months=1)
    by = str(params.get("by", ("person",))[0])
    percent = target_of(period, now=now)
    groups = figures_by(reach, period=period, by=by, now=now)
    names = names_of(groups, by=by)
    rows = [
        {"by": by, "key": key, "name": names.get(key or 0, ""),
         **_told(groups[key], percent=percent)}
        for key in in_order(groups, names, percent=percent)
    ]  # fmt: skip
    return rows, _told(total_of(groups), percent=percent), NOTES
