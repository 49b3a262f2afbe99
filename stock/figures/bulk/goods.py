"""What people say of styles and places, as arrays: launches, prices, what is due, requests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd

from stock.figures.bulk.events import Bools, Ints, Spots
from stock.figures.bulk.periods import NO_DAY
from stock.figures.sizes_of import size_rows
from stock.models import InTransit, OfficeLaunch, OfficePrice, Request, Style
from stock.rules.classes import is_promoted
from stock.rules.discount import is_cut
from stock.rules.terms import Terms

HUNDRED = 100


def ordinal(on: date | None) -> int:
    """A day as a number; `NO_DAY` where there is none."""
    return on.toordinal() if on else NO_DAY


def in_fen(price: Decimal) -> int:
    """Yuan as fen."""
    return int(price * HUNDRED)


def whole(values: Iterable[int]) -> Ints:
    """These numbers as an array."""
    return np.fromiter(values, dtype=np.int64)


@dataclass(frozen=True)
class Goods:
    """Styles sorted by key: launch and season's end (`NO_DAY`: unknown), the tag price in fen,
    season and brand by key (season 0: none).
    """

    style: Ints
    launched: Ints
    ends: Ints
    tag: Ints
    season: Ints
    brand: Ints

    @classmethod
    def of(cls, styles: Sequence[int]) -> "Goods":
        """These styles. One query."""
        named = ("pk", "launched_on", "season_ends_on", "tag_price", "season", "brand")
        rows = list(Style.objects.filter(pk__in=styles).order_by("pk").values_list(*named))
        return cls(
            whole(row[0] for row in rows),
            whole(ordinal(row[1]) for row in rows),
            whole(ordinal(row[2]) for row in rows),
            whole(in_fen(row[3]) for row in rows),
            whole(row[4] or 0 for row in rows),
            whole(row[5] for row in rows),
        )

    def at(self, style: Ints) -> Ints:
        """Where each of these styles stands."""
        return np.searchsorted(self.style, style)


@dataclass(frozen=True)
class OfOffices:
    """Rows of one kind about styles in offices: their keys, a day and numbers."""

    style: Ints
    office: Ints
    on: Ints
    value: Ints
    other: Ints

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, date | None, int, int]]) -> "OfOffices":
        """Rows of (style, office, day, value, other)."""
        columns = list(zip(*rows, strict=True)) or [(), (), (), (), ()]
        style, office, on, value, other = columns
        return cls(whole(style), whole(office), whole(map(ordinal, on)), whole(value), whole(other))


@dataclass(frozen=True)
class Said:
    """All that is said of a batch of styles beside the ledger, as of a day.

    `launches` in offices; `due`: pairs that the shop's system has on the way; `requests`: pairs
    requested and of them served; `priced` and `promoted`: places whose price's path is known, and
    those of them where it stood cut for weeks.
    """

    launches: OfOffices
    due: OfOffices
    requests: OfOffices
    priced: tuple[Ints, Ints]
    promoted: tuple[Ints, Ints]

    @classmethod
    def of(cls, goods: Goods, *, as_of: date, terms: Terms) -> "Said":
        """Four queries."""
        here = {"style__in": goods.style.tolist()}
        launches = OfficeLaunch.objects.filter(**here)
        due = InTransit.objects.filter(**here)
        requests = Request.objects.filter(**here, on__lte=as_of)
        priced, promoted = _promoted(goods, as_of=as_of, terms=terms)
        return cls(
            OfOffices.of(
                (*row, 0, 0) for row in launches.values_list("style", "office", "launched_on")
            ),
            OfOffices.of(
                (style, office, None, quantity, 0)
                for style, office, quantity in due.values_list("style", "office", "quantity")
            ),
            OfOffices.of(
                (style, office, on, requested, min(requested, served))
                for style, office, on, requested, served in requests.values_list(
                    "style", "office", "on", "requested", "served"
                )
            ),
            priced,
            promoted,
        )

    def spots(self, *ledger: tuple[Ints, Ints]) -> Spots:
        """Every office and style that anything is known of; `ledger` are keys of its rows."""
        told = (
            *((each.style, each.office) for each in (self.launches, self.due, self.requests)),
            self.priced,
            *ledger,
        )
        return Spots.of(*(np.concatenate([each[at] for each in told]) for at in (0, 1)))


Path = list[tuple[date, Decimal]]


def _promoted(
    goods: Goods, *, as_of: date, terms: Terms
) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
    """Where a price's path is known, and where it says promoted (`stock.rules.classes`)."""
    paths: dict[tuple[int, int], Path] = {}
    cut = set()
    tags = dict(zip(goods.style.tolist(), goods.tag.tolist(), strict=True))
    rows = OfficePrice.objects.filter(style__in=goods.style.tolist(), from_on__lte=as_of)
    named = ("style", "office", "from_on", "current_price")
    for style, office, on, price in rows.values_list(*named):
        if price is None:
            continue
        paths.setdefault((style, office), []).append((on, price))
        if is_cut(price=price, tag=Decimal(tags[style]) / HUNDRED, terms=terms):
            cut.add((style, office))
    promoted = [
        place
        for place in cut
        if is_promoted(
            paths[place], tag=Decimal(tags[place[0]]) / HUNDRED, as_of=as_of, terms=terms
        )
    ]
    return _keys(paths), _keys(promoted)


def _keys(places: Iterable[tuple[int, int]]) -> tuple[Ints, Ints]:
    rows = list(places)
    return whole(style for style, _office in rows), whole(office for _style, office in rows)


def is_among(spots: Spots, places: tuple[Ints, Ints]) -> Bools:
    """Which spots are among these places."""
    found = np.zeros(len(spots), dtype=bool)
    at = spots.at(*places)
    found[at[at >= 0]] = True
    return found


def size_frame(styles: Sequence[int], *, as_of: date) -> pd.DataFrame:
    """What lay of each size at the close of a day, by style, place (office) and colour."""
    columns = ["place", "style", "colour", "size", "pairs"]
    found = pd.DataFrame(size_rows(styles, as_of=as_of), columns=columns)
    return found.astype({"style": "int64", "place": "int64", "pairs": "int64"})
