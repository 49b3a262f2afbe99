"""Surveys and what was answered: which one a task asks, whose results somebody sees."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.shortcuts import get_object_or_404
from django.utils import timezone

from customers.models import Customer, OwnedProduct
from customers.queries import are_visible
from followups.models import (
    Obligation,
    Option,
    Question,
    Survey,
    SurveyAnswer,
    SurveyResult,
    SurveyVersion,
)
from followups.rules import surveys as rules
from followups.rules.surveys import Asked
from followups.states import PRODUCT_ANCHORS, QuestionKind, State
from staff.scope import Reach

# What any visit may ask (AFT-07).
OF_A_VISIT = "T3"


def survey_of(reasons: Iterable[Obligation]) -> str:
    """The code of the one survey that a task of these reasons asks; "" where it asks none.

    The steps and their surveys are read along with the reasons.
    """
    surveys = (row.step.survey for row in reasons)
    return rules.survey_to_ask(each.code for each in surveys if each is not None and each.is_active)


def _must_be_told() -> Q:
    """What is part of the call whatever else is asked: a required choice with a single option."""
    many = Option.objects.filter(question=OuterRef("pk")).order_by().values("question")
    return Q(is_required=True, kind=QuestionKind.CHOICE) & Q(
        Exists(many.annotate(count=Count("pk")).filter(count=1))
    )


def to_be_told(code: str, *, trade: str) -> list[Question]:
    """What has to be told in any call whose task asks this survey, asked or not (AFT-05, M58)."""
    if not code:
        return []
    rows = Question.objects.filter(_must_be_told(), version=Subquery(_newest(code)))
    rows = rows.select_related("version__survey").prefetch_related("options")
    return [
        each for each in rows.order_by("position", "pk") if not each.trades or trade in each.trades
    ]


def surveys_that_tell() -> set[int]:
    """The surveys in use that hold something to be told in any case."""
    newest = SurveyVersion.objects.filter(survey=OuterRef("version__survey")).order_by("-number")
    rows = Question.objects.filter(_must_be_told(), version=Subquery(newest.values("pk")[:1]))
    return set(
        rows.filter(version__survey__is_active=True).values_list("version__survey", flat=True)
    )


def beyond_the_told(result: OuterRef) -> QuerySet[SurveyAnswer]:
    """What was answered in a result but what has to be told in any case."""
    told = Question.objects.filter(_must_be_told(), pk=OuterRef("question"))
    return SurveyAnswer.objects.filter(~Exists(told), result=result)


def _with_questions(versions: QuerySet[SurveyVersion]) -> QuerySet[SurveyVersion]:
    options = Prefetch("options", Option.objects.order_by("position", "pk"))
    questions = Question.objects.order_by("position", "pk").prefetch_related(options)
    # `SurveyVersion` declares what is brought along, for whoever reads it.
    return versions.select_related("survey", "published_by").prefetch_related(  # type: ignore[no-redef]
        Prefetch("questions", questions, to_attr="asked")
    )


def newest_version(code: str) -> SurveyVersion:
    """What the survey `code` asks now, with its questions as `asked` (404 where it is unknown)."""
    versions = _with_questions(SurveyVersion.objects.filter(survey__code=code))
    return get_object_or_404(versions, pk=Subquery(_newest(code)))


def _newest(code: str):
    rows = SurveyVersion.objects.filter(survey__code=code, survey__is_active=True)
    return rows.order_by("-number").values("pk")[:1]


def version_asked(pk: int) -> SurveyVersion | None:
    """The version with which a form was drawn; another may have been published since."""
    return _with_questions(SurveyVersion.objects.filter(pk=pk)).first()


def versions_of(survey: Survey) -> list[SurveyVersion]:
    """All versions, the newest first, with their questions and how many `results` each has."""
    standing = Count("results", filter=Q(results__contact__voided_at=None))
    versions = _with_questions(survey.versions.all()).annotate(held=standing)
    return list(versions.order_by("-number"))


def open_tasks_asking(survey: Survey) -> int:
    """How many open tasks ask this survey; each asks the version that is the newest then."""
    rows = Obligation.objects.filter(step__survey=survey, state=State.OPEN, task__state=State.OPEN)
    return rows.values("task").distinct().count()


def surveys_for_list() -> QuerySet[Survey]:
    """All surveys by code, each with how many `questions_count` its newest version has."""
    newest = SurveyVersion.objects.filter(survey=OuterRef("pk")).order_by("-number")
    asked = Question.objects.filter(version=OuterRef("newest")).order_by()
    return (
        Survey.objects.annotate(
            newest=Subquery(newest.values("pk")[:1]),
            number=Subquery(newest.values("number")[:1]),
        )
        .annotate(
            questions_count=Subquery(
                asked.values("version").annotate(many=Count("pk")).values("many")
            ),
            held=Count("versions__results", filter=Q(versions__results__contact__voided_at=None)),
        )
        .order_by("code", "pk")
    )


def as_rules_see(questions: Sequence[Question]) -> list[Asked]:
    """Questions with their options, as the rules take them."""
    return [
        Asked(
            code=each.code,
            kind=each.kind,
            branch=each.branch,
            is_required=each.is_required,
            counts=each.counts,
            trades=tuple(each.trades),
            opens={option.code: option.opens for option in each.options.all()},
        )
        for each in questions
    ]


def product_asked_about(
    owned: Sequence[OwnedProduct],
    reasons: Iterable[Obligation] = (),
    *,
    drawn: int | None = None,
) -> OwnedProduct | None:
    """Of which of these products a survey speaks: the one of which the form was drawn, the one
    whose care is due, else the first, which is the newest.
    """
    due = {row.subject_id for row in reasons if row.step.anchor in PRODUCT_ANCHORS}
    for wanted in ({drawn}, due):
        found = next((row for row in owned if row.pk in wanted), None)
        if found is not None:
            return found
    return owned[0] if owned else None


def ever_owned_by(customer: Customer) -> QuerySet[OwnedProduct]:
    """What the customer has now, or had, the newest first."""
    newest = (F("delivered_on").desc(nulls_last=True), F("purchased_on").desc(nulls_last=True))
    return OwnedProduct.objects.filter(customer=customer).order_by(*newest, "-pk")


def results(reach: Reach | None) -> QuerySet[SurveyResult]:
    """The results that stand, of customers within reach; None is the machine itself."""
    rows = SurveyResult.objects.filter(contact__voided_at=None)
    return rows if reach is None else rows.filter(are_visible(reach, path="customer"))


def with_answers(rows: QuerySet[SurveyResult]) -> QuerySet[SurveyResult]:
    """Results with all that is read of them: four queries, however many."""
    answers = SurveyAnswer.objects.select_related("question", "option")
    return rows.select_related(
        "version__survey", "asked_by", "about", "store", "product", "contact"
    ).prefetch_related(
        Prefetch("answers", answers.order_by("question__position", "pk"), to_attr="given"),
    )


def asked_between(
    rows: QuerySet[SurveyResult], *, begins: date | None, ends: date | None
) -> QuerySet[SurveyResult]:
    """Those of these days; days are the company's."""
    if begins is not None:
        rows = rows.filter(asked_at__gte=_midnight(begins))
    if ends is not None:
        rows = rows.filter(asked_at__lt=_midnight(ends + timedelta(days=1)))
    return rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), timezone.get_default_timezone())
