"""`report surveys`: how satisfied customers say they are, by whom, where, when and about what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from core.calendars import add_months
from followups.models import Question, SurveyAnswer, SurveyResult
from followups.queries.surveys import asked_between, results
from followups.rules.surveys import LOW, SATISFIED_FROM
from followups.states import Satisfaction
from reports.asking.parameters import Parameter, ReportNotMade, read_day, read_some_of
from staff.models import Person, Store
from staff.scope import Reach

BY = ("store", "person", "question", "month")
SURVEYS = ("T1", "T2", "T3", "T4", "T5", "T6", "T7")
PARAMETERS = (
    Parameter(name="from", hint="YYYY-MM-DD", about="asked on this day or later", read=read_day),
    Parameter(name="to", hint="YYYY-MM-DD", about="asked on this day or earlier", read=read_day),
    Parameter(name="by", hint="|".join(BY), about="one row for each of these",
              read=read_some_of(BY)),
    Parameter(name="survey", hint=",".join(SURVEYS), about="of these surveys",
              read=read_some_of(SURVEYS)),
)  # fmt: skip
COLUMNS = (
    "by", "key", "name", "held", "unwilling", "scored", "mean", "satisfied", "low", "share",
)  # fmt: skip
COUNTED = ("held", "unwilling", "scored", "satisfied", "low")


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Of some surveys: how many were held and declined, gave points, and which they gave.

    Of a question `held` are the answers to it; `low` are 1 and 2 points, or a dissatisfied whole.
    """

    held: int = 0
    unwilling: int = 0
    scored: int = 0
    mean: Decimal | None = None
    satisfied: int = 0
    low: int = 0

    @property
    def share(self) -> Decimal | None:
        """The share of 4 points and more among those who gave points."""
        if not self.scored:
            return None
        return (Decimal(self.satisfied) / self.scored).quantize(Decimal("0.001"), ROUND_HALF_UP)


@dataclass(frozen=True, kw_only=True)
class Group:
    """The figures of one store, person, question or month."""

    key: str
    name: str
    figures: Figures


def asked(
    reach: Reach | None,
    *,
    begins: date | None,
    ends: date | None,
    codes: tuple[str, ...] = (),
    store: Store | None = None,
) -> QuerySet[SurveyResult]:
    """The surveys of these days within reach; void contacts' are none."""
    rows = asked_between(results(reach), begins=begins, ends=ends)
    if codes:
        rows = rows.filter(version__survey__code__in=codes)
    return rows.filter(store=store) if store is not None else rows


_OF_RESULTS = {
    "held": Count("pk", filter=Q(is_willing=True)),
    "unwilling": Count("pk", filter=Q(is_willing=False)),
    "scored": Count("pk", filter=Q(score__isnull=False)),
    "mean": Avg("score"),
    "satisfied": Count("pk", filter=Q(satisfaction=Satisfaction.SATISFIED)),
    "low": Count("pk", filter=Q(satisfaction=Satisfaction.DISSATISFIED)),
}
_OF_ANSWERS = {
    "held": Count("pk"),
    "scored": Count("pk"),
    "mean": Avg("points"),
    "satisfied": Count("pk", filter=Q(points__gte=SATISFIED_FROM)),
    "low": Count("pk", filter=Q(points__lte=LOW)),
}


def _figures(row: Mapping[str, Any]) -> Figures:
    named = {name: row[name] for name in (*COUNTED, "mean") if name in row}
    mean = named.pop("mean", None)
    return Figures(
        **named, mean=Decimal(str(mean)).quantize(Decimal("0.01")) if mean is not None else None
    )


def total(rows: QuerySet[SurveyResult]) -> Figures:
    """The figures of all of them, in one query."""
    return _figures(rows.order_by().aggregate(**_OF_RESULTS))


def by_month(rows: QuerySet[SurveyResult]) -> list[Group]:
    """A row each month in which something was asked, the earliest first."""
    zone = timezone.get_default_timezone()
    months = rows.order_by().annotate(month=TruncMonth("asked_at", tzinfo=zone))
    found = months.values("month").annotate(**_OF_RESULTS).order_by("month")
    return [
        Group(key=f"{row['month']:%Y-%m}", name=f"{row['month']:%Y-%m}", figures=_figures(row))
        for row in found
    ]


def _by_column(rows: QuerySet[SurveyResult], column: str, names: Mapping[int, str]) -> list[Group]:
    found = rows.order_by().values(column).annotate(**_OF_RESULTS)
    groups = [
        Group(
            key=str(row[column] or "none"),
            name=names.get(row[column] or 0, ""),
            figures=_figures(row),
        )
        for row in found
    ]
    return sorted(groups, key=lambda each: (each.figures.mean or 6, each.name, each.key))


def _by_question(rows: QuerySet[SurveyResult]) -> list[Group]:
    """A row each question with points; its words are those of its newest version."""
    answers = SurveyAnswer.objects.filter(result__in=rows.order_by(), points__isnull=False)
    found = answers.values(
        survey=F("question__version__survey__code"), code=F("question__code")
    ).annotate(**_OF_ANSWERS)
    texts = {
        (question.version.survey.code, question.code): question.text
        for question in Question.objects.select_related("version__survey").order_by(
            "version__number"
        )
    }
    groups = [
        Group(
            key=f"{row['survey']}.{row['code']}",
            name=f"{row['survey']} {texts[row['survey'], row['code']]}",
            figures=_figures(row),
        )
        for row in found
    ]
    return sorted(groups, key=lambda each: each.key)


def grouped(rows: QuerySet[SurveyResult], *, by: str) -> list[Group]:
    """One row each; the least satisfied first, months and questions in their order."""
    if by == "month":
        return by_month(rows)
    if by == "question":
        return _by_question(rows)
    if by == "person":
        return _by_column(rows, "about", dict(Person.objects.values_list("pk", "name")))
    return _by_column(rows, "store", dict(Store.objects.values_list("pk", "name")))


def counted(
    rows: QuerySet[SurveyResult], show: str, *, by: str, key: str
) -> QuerySet[SurveyResult]:
    """The results that one figure counts, the newest first."""
    if key and by == "question":
        return _answering(rows, show, key=key)
    if key and by == "month":
        first = date.fromisoformat(f"{key}-01")
        last = add_months(first, 1) - timedelta(days=1)
        rows = asked_between(rows, begins=first, ends=last)
    elif key:
        column = "about" if by == "person" else "store"
        rows = rows.filter(**{column: None if key == "none" else int(key)})
    narrowed = {
        "held": Q(is_willing=True),
        "unwilling": Q(is_willing=False),
        "scored": Q(score__isnull=False),
        "satisfied": Q(satisfaction=Satisfaction.SATISFIED),
        "low": Q(satisfaction=Satisfaction.DISSATISFIED),
    }
    return rows.filter(narrowed[show]).order_by("-asked_at", "-pk")


def _answering(rows: QuerySet[SurveyResult], show: str, *, key: str) -> QuerySet[SurveyResult]:
    survey, _dot, code = key.partition(".")
    answers = SurveyAnswer.objects.filter(
        question__version__survey__code=survey, question__code=code, points__isnull=False
    )
    if show == "satisfied":
        answers = answers.filter(points__gte=SATISFIED_FROM)
    if show == "low":
        answers = answers.filter(points__lte=LOW)
    return rows.filter(pk__in=answers.values("result")).order_by("-asked_at", "-pk")


def _told(figures: Figures) -> dict[str, object]:
    return {
        **{name: getattr(figures, name) for name in COUNTED},
        "mean": float(figures.mean) if figures.mean is not None else None,
        "share": float(figures.share) if figures.share is not None else None,
    }


def surveys(
    params: Mapping[str, Any], *, reach: Reach | None, now: datetime
) -> tuple[list[dict[str, object]], dict[str, object], list[str]]:
    """A row each store, person, question or month; `reach` None sees everybody."""
    begins, ends = params.get("from"), params.get("to")
    if begins and ends and ends < begins:
        raise ReportNotMade.because("ends_before_it_begins")
    rows = asked(reach, begins=begins, ends=ends, codes=params.get("survey", ()))
    told: list[dict[str, object]] = []
    for by in params.get("by", ("store",)):
        told += [
            {"by": by, "key": group.key, "name": group.name, **_told(group.figures)}
            for group in grouped(rows, by=by)
        ]
    notes = [
        "mean is of the surveys' scores (of a question: of its points); satisfied are those of 4 "
        "and more, low those below 3 (of a question: 1 and 2 points); share = satisfied / scored; "
        "surveys of contacts that were taken back count nowhere"
    ]
    return told, _told(total(rows)), notes
