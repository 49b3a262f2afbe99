"""The board as an address asks for it: of which figures, which place, by which terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.db.models import QuerySet
from django.http import QueryDict

from core.listing import OpenList
from staff.lists import chosen_number
from staff.models import Store
from staff.scope import Reach
from stock.figures.of_row import Asked, Figures, figures_of
from stock.figures.summing import Parts
from stock.lists.board import BOARD, BoardTable
from stock.models import FigureSet
from stock.queries.board import board_rows, ready_set, sums
from stock.queries.places import Place, place_of
from stock.queries.reckoned import BoardFigure
from stock.queries.seasons import SeasonTerms, season_terms
from stock.rules.stock_age import bucket_names
from stock.rules.written_terms import terms_from

MOST_COVER = 366
# The addresses of `stock.urls`, below that of the board.
FIGURES_BELOW, STYLES_BELOW = "f/", "styles/"


@dataclass(frozen=True, kw_only=True)
class Board:
    """An open board: `list` are its rows, `place` and `question` what they tell of."""

    figures: FigureSet
    place: Place
    question: Asked
    seasons: Mapping[int | None, SeasonTerms]
    list: OpenList

    @property
    def rows(self) -> QuerySet[BoardFigure]:
        """The narrowed rows."""
        return self.list.found

    @property
    def any_look(self) -> QuerySet[BoardFigure]:
        """The same of every look and class."""
        rows, found = self.list.found, self.list.filters.any_look
        return rows if found is None else found

    @property
    def buckets(self) -> tuple[str, ...]:
        return bucket_names(self.question.terms.bucket_limits)

    @cached_property
    def total(self) -> Parts:
        """All rows of the list together, Σ."""
        return Parts(**sums(self.rows, buckets=len(self.buckets)))

    @cached_property
    def total_figures(self) -> Figures:
        """Their figures, Σ ÷ Σ."""
        return figures_of(self.total, self.question)

    def table_of(self, rows: Sequence[BoardFigure]) -> BoardTable:
        return cast(BoardTable, self.list.table_of(rows))


def question_of(figures: FigureSet, *, cover: int | None = None) -> Asked:
    """By what the figures of a set are reckoned."""
    return Asked(
        as_of=figures.as_of,
        terms=terms_from(figures.values),
        cover=cover,
        counts_gifts=figures.counts_gifts,
    )


def cover_of(asked: QueryDict) -> int | None:
    """For how many days an order has to last, as an address says; None leaves it to the terms."""
    cover = chosen_number(asked, "cover")
    return cover if cover and cover <= MOST_COVER else None


def targets_of(
    figures: FigureSet, seasons: Mapping[int | None, SeasonTerms]
) -> Mapping[int | None, SeasonTerms]:
    """What says the targets of a set: none of a period, they are of the season since its launch."""
    return {} if figures.from_on else seasons


def _of_one_region(asked: QueryDict) -> QueryDict:
    """The address without an office that lies in another region than the one it names."""
    region, office = chosen_number(asked, "region"), chosen_number(asked, "office")
    if region is None or office is None:
        return asked
    if Store.objects.filter(pk=office, region=region).exists():
        return asked
    of_region = asked.copy()
    del of_region["office"]
    return of_region


def open_board(
    asked: QueryDict, *, reach: Reach, remembered: Sequence[str] = (), above: str = "../"
) -> Board | None:
    """The board of these parameters within reach; None where set or place are not there.

    `above` leads from the page to where goods begin: a page names hundreds of places below it.
    Raises BadRequest for an address that asks for what the list does not know.
    """
    asked = _of_one_region(asked)
    figures = ready_set(chosen_number(asked, "set"))
    place = place_of(
        reach, region=chosen_number(asked, "region"), office=chosen_number(asked, "office")
    )
    if figures is None or place is None:
        return None
    cover = cover_of(asked)
    question = question_of(figures, cover=cover)
    seasons = season_terms(question.terms)
    held = targets_of(figures, seasons)
    rows = board_rows(figures, place, terms=question.terms, cover=question.cover_days, seasons=held)
    known: dict[str, Any] = {
        "question": question,
        "seasons": held,
        "figures_url": f"{above}{FIGURES_BELOW}",
        "figures_asked": f"?cover={cover}" if cover else "",
        "styles_url": f"{above}{STYLES_BELOW}",
        "warehouses": [place.office.pk] if place.office and place.office.is_warehouse else [],
    }
    found = BOARD.over(
        rows,
        asked=asked,
        remembered=remembered,
        filter_with={"reach": reach, "figures": figures, "terms": question.terms},
        draw_with=known,
    )
    return Board(figures=figures, place=place, question=question, seasons=seasons, list=found)
