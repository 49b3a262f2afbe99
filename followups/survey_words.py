"""Surveys and their answers, in the reader's words; numbers typed into them are masked."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.phones import mask_in_text
from followups.models import SurveyAnswer, SurveyResult
from followups.services.call_undone import Undone


@dataclass(frozen=True, kw_only=True)
class Said:
    """One answer as it is read; `is_low` where it is 1 or 2 points."""

    question: str
    answer: str
    text: str
    is_low: bool


def answer_words(answer: SurveyAnswer) -> str:
    """What was chosen or counted; "" where there are only words."""
    if answer.points is not None:
        return _("%(points)s of 5") % {"points": answer.points}
    if answer.number is not None:
        return str(answer.number)
    if answer.is_yes is not None:
        return _("yes") if answer.is_yes else _("no")
    return answer.option.text if answer.option is not None else ""


def said_in(result: SurveyResult) -> list[Said]:
    """The answers of a result that was read with them (`given`)."""
    return [
        Said(
            question=answer.question.text,
            answer=answer_words(answer),
            text=mask_in_text(answer.text),
            is_low=answer.points is not None and answer.points <= 2,
        )
        for answer in result.given  # type: ignore[attr-defined]  # queries.surveys.with_answers
    ]


def score_words(score: Decimal | None) -> str:
    """4.33 of 5, 4 of 5; "" where nothing counted."""
    if score is None:
        return ""
    figure = f"{score:.2f}".rstrip("0").rstrip(".")
    return _("%(score)s of 5") % {"score": figure}


def result_words(result: SurveyResult) -> str:
    """Satisfied, 4.33 of 5; or that the customer did not wish to talk."""
    if not result.is_willing:
        return _("did not wish to talk")
    words = [result.get_satisfaction_display() if result.satisfaction else ""]
    words.append(score_words(result.score))
    return _(", ").join(word for word in words if word) or _("no points given")


def undone_words(undone: Undone) -> Iterator[str]:
    """What was taken back with a contact, a sentence each."""
    if undone.survey:
        yield _("Its survey “%(survey)s” counts no more.") % {"survey": undone.survey}
    if undone.cases:
        yield ngettext(
            "%(count)s service case that it opened is taken back, too.",
            "%(count)s service cases that it opened are taken back, too.",
            undone.cases,
        ) % {"count": undone.cases}
    if undone.renewals:
        yield _("The insurance ends again when it did before.")
    if undone.first_answers:
        yield ngettext(
            "%(count)s service case waits for its first answer again.",
            "%(count)s service cases wait for their first answer again.",
            undone.first_answers,
        ) % {"count": undone.first_answers}
    if undone.campaign:
        words = {"campaign": mask_in_text(undone.campaign)}
        yield _("The answer to “%(campaign)s” is taken back, too: ask again.") % words
    if undone.wish:
        yield _("The wish that was told in it is taken back, too.")
    if undone.rating:
        yield _(
            "How satisfied they are is taken back, too: the case is solved, and they are asked."
        )
    if undone.rating_stands:
        yield _(
            "How satisfied they are stands: the case went on since, or is about you. Write a note "
            "on the case."
        )
