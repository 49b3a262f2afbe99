"""A survey that two people edit: what the later wrote, on top of what the first has published."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.phones import mask_in_text
from followups.forms.rebasing import Conflict, Row, conflict
from followups.forms.survey_options import OPENS, code_of
from followups.models import Survey, SurveyVersion
from followups.rules.articles import differences
from followups.services.survey_versions import (
    OptionTerms,
    QuestionTerms,
    as_terms,
    in_readers_language,
    terms_of,
)
from followups.states import Branch
from staff.states import Trade

Asked = Mapping[str, QuestionTerms]
NAMES = tuple(field.name for field in fields(QuestionTerms) if field.name not in ("code", "kind"))


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
    mine = beside(mine, theirs=theirs, had=had)
    questions = on_top(base=base, mine=mine, theirs=theirs)
    address = reverse("followups:survey_page", args=[survey.code])
    return Quicker(
        conflict=conflict(
            by=newest.published_by,
            at=newest.published_at,
            rows=_rows(base=_by_code(base), mine=_by_code(mine), theirs=_by_code(theirs)),
            newest_url=f"{address}?version={newest.number}",
            is_same=questions == theirs,
        ),
        questions=questions,
        known={each.code for each in (*base, *theirs)},
    )


def beside(
    mine: Sequence[QuestionTerms], *, theirs: Sequence[QuestionTerms], had: Collection[str]
) -> list[QuestionTerms]:
    """`mine`, where a new question has no code that the other has given to a new one, too.

    `had` are the codes up to the version that was read: what has one of them is the same question,
    brought back by both.
    """
    given = {each.code for each in theirs}.difference(had)
    taken = {*had, *given, *(each.code for each in mine)}
    found = []
    for each in mine:
        if each.code in given:
            each = replace(each, code=code_of(each.text_en, taken=taken))
            taken.add(each.code)
        found.append(each)
    return found


def on_top(
    *, base: Sequence[QuestionTerms], mine: Sequence[QuestionTerms], theirs: Sequence[QuestionTerms]
) -> list[QuestionTerms]:
    """`theirs` with all that `mine` says otherwise than `base`; who changed the order sets it."""
    began, own, others = _by_code(base), _by_code(mine), _by_code(theirs)
    has_moved = [each.code for each in mine if each.code in began] != [
        each.code for each in base if each.code in own
    ]
    first, second = (own, others) if has_moved else (others, own)
    merged = {code: _one(began.get(code), own.get(code), others.get(code))
              for code in [*first, *(code for code in second if code not in first)]}  # fmt: skip
    return [each for each in merged.values() if each is not None]


def _one(
    base: QuestionTerms | None, mine: QuestionTerms | None, theirs: QuestionTerms | None
) -> QuestionTerms | None:
    """One question of the three; whoever took it out did so unless the other changed it."""
    if base is None:
        return mine or theirs
    if mine is None or theirs is None:
        left = mine or theirs
        return left if left != base else None
    changed = {name: getattr(mine, name) for name in NAMES
               if getattr(mine, name) != getattr(base, name)}  # fmt: skip
    return replace(theirs, **changed)


def changes_between(before: Sequence[QuestionTerms], after: Sequence[QuestionTerms]) -> list[Row]:
    """What `after` asks otherwise than `before`."""
    told = _by_code(after)
    return _rows(base=_by_code(before), mine=told, theirs=told)


def _by_code(questions: Sequence[QuestionTerms]) -> dict[str, QuestionTerms]:
    return {each.code: each for each in questions}


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
                lines=_lines(was, new) if was and new else [],
                is_both=was is not None and own != was and own != new,
            )
        )
    kept = [code for code in base if code in theirs]
    if kept != [code for code in theirs if code in base]:
        rows.append(Row(label=_("The order of the questions")))
    return rows


def _label(shown: QuestionTerms, was: QuestionTerms | None, new: QuestionTerms | None) -> str:
    words = mask_in_text(in_readers_language(shown))
    if was is None:
        return _("%(question)s: new") % {"question": words}
    if new is None:
        return _("%(question)s: asked no more") % {"question": words}
    return words


def _lines(was: QuestionTerms, new: QuestionTerms) -> list[Any]:
    found: list[Any] = []
    for name in NAMES:
        before, after = getattr(was, name), getattr(new, name)
        if before != after:
            found += [
                line
                for line in differences(before=_said(name, before), after=_said(name, after))
                if any(piece.mark for piece in line)
            ]
    return found


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
