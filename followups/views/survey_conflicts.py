"""A survey that two people edit: what the later wrote, on top of what the first has published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.languages import in_readers_language
from core.phones import mask_in_text
from followups.forms.rebasing import Conflict, Row, conflict
from followups.forms.survey_options import OPENS
from followups.models import Survey, SurveyVersion
from followups.rules.articles import Piece, differences
from followups.rules.laying_over import (
    QUESTION_COLUMNS,
    by_code,
    questions_on_top,
    with_codes_of_their_own,
)
from followups.rules.surveys import OptionTerms, QuestionTerms
from followups.services.survey_versions import as_terms, terms_of
from followups.states import Branch, QuestionKind
from staff.states import Trade

Asked = Mapping[str, QuestionTerms]


@dataclass(frozen=True, kw_only=True)
class Quicker:
    """What is said of the other's version, and the questions to go on with."""

    conflict: Conflict
    questions: list[QuestionTerms]
    known: set[str]


def quicker_of(
    survey: Survey, versions: Sequence[SurveyVersion], *, seen: int, mine: Sequence[QuestionTerms]
) -> Quicker:
    """Lay `mine`, begun with version `seen`, over the newest version; newest first."""
    newest = versions[0]
    read = next((row for row in versions if row.number == seen), newest)
    base, theirs = terms_of(read), terms_of(newest)
    had = {each.code for row in versions if row.number <= read.number
           for each in as_terms(row.asked)}  # fmt: skip
    mine = with_codes_of_their_own(mine, theirs=theirs, had=had)
    questions = questions_on_top(base=base, mine=mine, theirs=theirs)
    address = reverse("followups:survey_page", args=[survey.code])
    return Quicker(
        conflict=conflict(
            by=newest.published_by,
            at=newest.published_at,
            rows=_rows(base=by_code(base), mine=by_code(mine), theirs=by_code(theirs)),
            newest_url=f"{address}?version={newest.number}",
            is_same=questions == theirs,
        ),
        questions=questions,
        known={each.code for each in (*base, *theirs)},
    )


def changes_between(before: Sequence[QuestionTerms], after: Sequence[QuestionTerms]) -> list[Row]:
    """What `after` asks otherwise than `before`."""
    told = by_code(after)
    return _rows(base=by_code(before), mine=told, theirs=told)


def _rows(*, base: Asked, mine: Asked, theirs: Asked) -> list[Row]:
    """What the other changed, a row each question, and whether the later changed the same."""
    rows = []
    for code in [*theirs, *(code for code in base if code not in theirs)]:
        was, new, own = base.get(code), theirs.get(code), mine.get(code)
        shown = new or was
        if was == new or shown is None:
            continue
        rows.append(
            Row(
                label=_label(shown, was, new),
                lines=_lines(was, new),
                is_both=was is not None and own != was and own != new,
            )
        )
    kept = [code for code in base if code in theirs]
    if kept != [code for code in theirs if code in base]:
        rows.append(Row(label=_("The order of the questions")))
    return rows


def _label(shown: QuestionTerms, was: QuestionTerms | None, new: QuestionTerms | None) -> str:
    words = mask_in_text(in_readers_language(zh=shown.text_zh, en=shown.text_en))
    if was is None:
        return _("%(question)s: new") % {"question": words}
    if new is None:
        return _("%(question)s: asked no more") % {"question": words}
    return words


def _lines(was: QuestionTerms | None, new: QuestionTerms | None) -> list[Any]:
    if new is None:
        return []
    if was is None:
        return [[Piece(text=text)] for text in _whole(new)]
    found: list[Any] = []
    for name in QUESTION_COLUMNS:
        before, after = getattr(was, name), getattr(new, name)
        if before != after:
            found += [
                line
                for line in differences(before=_said(name, before), after=_said(name, after))
                if any(piece.mark for piece in line)
            ]
    return found


def _whole(new: QuestionTerms) -> list[str]:
    """A new question, line by line: as it is asked in the other language, what is answered to it,
    of whom it is asked, and what comes of an answer.
    """
    shown = in_readers_language(zh=new.text_zh, en=new.text_en)
    told = [text for text in (new.text_zh, new.text_en) if text != shown]
    told.append(_("Answer: %(kind)s") % {"kind": QuestionKind(new.kind).label})
    told += [_option(option) for option in new.options]
    told += [_said("is_required", new.is_required)]
    told += [_said("counts", new.counts)] if new.kind == QuestionKind.SCALE else []
    told += [_said("trades", new.trades)]
    told += [_said("branch", new.branch)] if new.branch else []
    return [mask_in_text(text) for text in (*told, _why(new))]


def _why(new: QuestionTerms) -> str:
    """Whether an answer asks for words of its own (`rules.answer_blockers`)."""
    if new.kind == QuestionKind.SCALE:
        return _("1 or 2 points ask for the reason and open a complaint.")
    if Branch.COMPLAINT in (new.branch, *(option.opens for option in new.options)):
        return _("An answer that opens a complaint asks for its words.")
    return _("No reason is asked.")


def _said(name: str, value: Any) -> str:
    if name == "options":
        return "\n".join(_option(option) for option in value)
    if name == "trades":
        return _(", ").join(str(Trade(trade).label) for trade in value) or _("all trades")
    if name == "branch":
        return str(Branch(value).label) if value else _("leads to nothing")
    if name == "is_required":
        return _("must be answered") if value else _("may stay without an answer")
    if name == "counts":
        return _("counts towards satisfaction") if value else _("does not count")
    return mask_in_text(str(value))


def _option(option: OptionTerms) -> str:
    opens = str(OPENS[option.opens]) if option.opens else ""
    return mask_in_text(" / ".join(filter(None, [option.text_zh, option.text_en, opens])))
