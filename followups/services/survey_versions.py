"""What a survey asks, published version by version: none is ever edited, so that what was answered
stays with what was asked.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.languages import in_readers_language
from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services import audit
from followups.models import Option, Question, Survey, SurveyVersion
from followups.rules import surveys as rules
from followups.rules.surveys import OptionTerms, QuestionTerms
from staff.models import Person
from staff.states import Trade


class SurveyNotPublished(Refused):
    """A new version of a survey could not be published."""

    messages = {
        "no_question": _("A survey asks at least one question."),
        "code_twice": _("Two questions have the code “%(code)s”. Each has its own."),
        "too_many_questions": _(
            "A survey asks a customer %(most)s questions at most; more are not answered."
        ),
        "choice_without_options": _("“%(code)s” is a choice: give its options."),
        "only_points_count": _("“%(code)s”: only an answer from 1 to 5 counts."),
        "is_as_before": _("Nothing has changed."),
        "changed_meanwhile": _(
            "Somebody has published another version since you opened this page. Look at it first."
        ),
    }


def check(*, survey: Survey, questions: Sequence[QuestionTerms], seen: int) -> None:
    """See that these questions may be the next version. Raises SurveyNotPublished."""
    newest = survey.versions.order_by("-number").first()
    if newest is not None and newest.number != seen:
        raise SurveyNotPublished.because("changed_meanwhile")
    blockers = rules.version_blockers([each.as_asked() for each in questions], trades=Trade.values)
    refuse_if(SurveyNotPublished, [_named(blocker, questions) for blocker in blockers])
    if newest is not None and terms_of(newest) == list(questions):
        raise SurveyNotPublished.because("is_as_before")


def _named(blocker: Blocker, questions: Sequence[QuestionTerms]) -> Blocker:
    """The question by its words, not by its code."""
    found = [each for each in questions if each.code == blocker.params.get("code")]
    if not found:
        return blocker
    words = {"code": in_readers_language(zh=found[0].text_zh, en=found[0].text_en)}
    return Blocker(blocker.code, {**blocker.params, **words})


@transaction.atomic
def publish_survey(
    *,
    survey: Survey,
    questions: Sequence[QuestionTerms],
    seen: int,
    note: str,
    by: Person,
    now: datetime,
) -> SurveyVersion:
    """Publish these questions as the survey's next version; older ones stay as they were answered.

    `seen` is the number of the version that the editor read. Raises SurveyNotPublished.
    """
    check(survey=survey, questions=questions, seen=seen)

    try:
        with transaction.atomic():
            version = SurveyVersion.objects.create(
                survey=survey,
                number=seen + 1,
                published_at=now,
                published_by=by,
                note=note,
            )
    except IntegrityError as error:  # two editors in the same moment: the first one's stands
        raise SurveyNotPublished.because("changed_meanwhile") from error
    for position, terms in enumerate(questions, 1):
        _ask(version, position, terms)
    audit.record(verb="publish_survey", of=version, by=by, reason=note)
    return version


def _ask(version: SurveyVersion, position: int, terms: QuestionTerms) -> None:
    question = Question.objects.create(
        version=version,
        position=position,
        code=terms.code,
        kind=terms.kind,
        branch=terms.branch,
        trades=list(terms.trades),
        is_required=terms.is_required,
        counts=terms.counts,
        text_en=terms.text_en,
        text_zh=terms.text_zh,
    )
    Option.objects.bulk_create(
        Option(
            question=question,
            position=place,
            code=option.code,
            text_en=option.text_en,
            text_zh=option.text_zh,
            opens=option.opens,
        )
        for place, option in enumerate(terms.options, 1)
    )


def terms_of(version: SurveyVersion) -> list[QuestionTerms]:
    """What a version asks, as its editor writes it."""
    return as_terms(version.questions.order_by("position", "pk").prefetch_related("options"))


def as_terms(questions: Iterable[Question]) -> list[QuestionTerms]:
    """These questions, read with their options, as their editor writes them."""
    return [
        QuestionTerms(
            code=each.code,
            kind=each.kind,
            text_en=each.text_en,
            text_zh=each.text_zh,
            branch=each.branch,
            trades=tuple(each.trades),
            is_required=each.is_required,
            counts=each.counts,
            options=tuple(
                OptionTerms(
                    code=option.code,
                    text_en=option.text_en,
                    text_zh=option.text_zh,
                    opens=option.opens,
                )
                for option in sorted(each.options.all(), key=lambda row: row.position)
            ),
        )
        for each in questions
    ]
