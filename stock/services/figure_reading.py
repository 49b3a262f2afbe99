"""Rows of figures for whoever lists or sums them: reckoned anew, or of a set that is as good."""

from collections.abc import Collection, Sequence
from typing import Any

from stock.figures.question import Question
from stock.figures.summing import READ
from stock.models import DaySum, Figure
from stock.services.figure_sets import fresh_set
from stock.states import FigureLevel

# Kept sums that are reckoned while somebody waits: some seconds.
WAITED_FOR = 300_000
PLACE = ("level", "style_id", "office_id", "region_id")


def figure_rows(
    question: Question,
    *,
    levels: Collection[FigureLevel] = tuple(FigureLevel),
    styles: Sequence[int] | None = None,
) -> list[dict[str, Any]]:
    """The rows of these levels, mappings of the columns of `stock.models.Figure`.

    Of few movements they are always reckoned from the ledger as it is. Of many, a set that answers
    the same question and was made since the ledger last changed serves as well. `styles` narrows;
    classes are told among those given.
    """
    if styles is None and DaySum.objects.all()[WAITED_FOR : WAITED_FOR + 1].exists():
        found = _kept(question, levels)
        if found is not None:
            return found
    from stock.figures.bulk.parts import reckon, rows_of

    frame = reckon(question, styles=styles)
    return list(rows_of(frame[frame["level"].isin(levels)])) if len(frame) else []


def _kept(question: Question, levels: Collection[FigureLevel]) -> list[dict[str, Any]] | None:
    """The same of a fresh set; None where there is none, or where it covers other days."""
    if question.cover_days != question.terms.cover_days:
        return None
    figures = fresh_set(
        as_of=question.as_of,
        terms=question.terms,
        from_on=question.from_on,
        counts_gifts=question.counts_gifts,
    )
    rows = Figure.objects.filter(set=figures, level__in=levels).order_by("pk").values(*PLACE, *READ)
    return None if figures is None else list(rows)
