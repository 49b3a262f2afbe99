"""The parts of one row of figures, and of several together: totals are Σ / Σ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import Any, Protocol

from stock.rules.figures import Figure, Flag, in_order
from stock.rules.fill import adjusted_daily_sales, lost_sales
from stock.rules.launch import days_on_sale
from stock.rules.supply import replenish_quantity
from stock.rules.terms import Terms
from stock.rules.turnover import Moved, Turnover

TURNOVER = tuple(field.name for field in fields(Moved))
NOTHING = Decimal(0)


class FigureRow(Protocol):
    """What has the columns of `stock.models.Figure`: a row of it, or one just reckoned."""

    def __getattribute__(self, name: str, /) -> Any: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts(Moved):
    """What the figures of one style and place are made of, or of several together.

    Named as the columns of `stock.models.Figure` are. Of several, pairs, money and days of pairs
    add up; `launched_on` is the earliest, `window_days` that of the one on sale for longest;
    a class and a category are only of one. `lacking`, `pace` and `missed` are what each of the
    `members` should order, sells a day it has goods, and did not sell for lack of them: they are
    told member by member, so that one style's plenty does not cover another's need.
    """

    launched_on: date | None = None
    closing: int = 0
    in_transit: int = 0
    window_days: int = 0
    window_sold: int = 0
    window_stocked: int = 0
    year_sold: int = 0
    aged_pairs: int = 0
    pair_days: int = 0
    buckets: tuple[int, ...] = ()
    paid: Decimal = NOTHING
    tagged: Decimal = NOTHING
    has_unpriced: bool = False
    margin: Decimal | None = None
    opening_cost: Decimal | None = None
    closing_cost: Decimal | None = None
    style_class: str = ""
    category: str = ""
    weeks: int = 0
    selling_weeks: int = 0
    main_sold: int = 0
    main_weeks: int = 0
    volume: float | None = None
    weeks_behind: int = 0
    is_promoted: bool = False
    restocked: int = 0
    restock_hits: int = 0
    requested: int = 0
    served: int = 0
    sizes_in_stock: int = 0
    sizes_in_range: int = 0
    missing_core: tuple[str, ...] = ()
    is_broken: bool = False
    flags: tuple[Flag, ...] = ()
    members: int = 1
    is_told: bool = False
    lacking: int | None = None
    pace: Fraction | None = None
    missed: Fraction | None = None

    @property
    def turnover(self) -> Turnover:
        """The pairs of the period by what moved them."""
        return Turnover(**{name: getattr(self, name) for name in TURNOVER})

    def on_sale(self, as_of: date) -> Figure:
        """上市天数, of several that of the one on sale for longest."""
        return days_on_sale(self.launched_on, as_of=as_of)


SUMMED = (
    *TURNOVER, "closing", "in_transit", "window_sold", "window_stocked", "year_sold", "aged_pairs",
    "pair_days", "paid", "tagged", "weeks", "selling_weeks", "main_sold", "main_weeks", "restocked",
    "restock_hits", "requested", "served", "sizes_in_stock", "sizes_in_range",
)  # fmt: skip
LARGEST = ("window_days", "weeks_behind")
ANY = ("has_unpriced", "is_promoted", "is_broken")
AT_COST = ("margin", "opening_cost", "closing_cost")
ONE = ("style_class", "category", "volume")
READ = tuple(
    field.name
    for field in fields(Parts)
    if field.name not in {"members", "is_told", "lacking", "pace", "missed"}
)
LISTS = ("buckets", "missing_core")
_READ_OF = attrgetter(*READ)


def parts_of(row: FigureRow | Mapping[str, Any]) -> Parts:
    """The parts of one row of figures: a `stock.models.Figure`, or a mapping of its columns."""
    values = (row[name] for name in READ) if isinstance(row, Mapping) else _READ_OF(row)
    read = dict(zip(READ, values, strict=True))
    read |= {name: tuple(read[name]) for name in LISTS}
    return Parts(**read | {"flags": in_order(map(Flag, read["flags"]))})


def told_apart(parts: Parts, *, as_of: date, terms: Terms, cover: int | None = None) -> Parts:
    """The same with what it should order, sells a day with goods, and missed: what is told of each
    and then added. Of several they are as whoever added them up says.
    """
    if parts.is_told or parts.members > 1:
        return parts
    is_early = parts.on_sale(as_of).flags == (Flag.NOT_ON_SALE,)
    lacking = replenish_quantity(
        stock=parts.closing,
        in_transit=parts.in_transit,
        sold=parts.window_sold,
        window=0 if is_early else parts.window_days,
        cover=terms.cover_days if cover is None else cover,
    )
    sold, stocked, days = parts.window_sold, parts.window_stocked, parts.window_days
    pace = adjusted_daily_sales(sold=sold, in_stock=stocked)
    missed = lost_sales(sold=sold, in_stock=stocked, window=days)
    return replace(
        parts,
        is_told=True,
        lacking=whole(lacking.value),
        pace=exact(pace.value),
        missed=exact(missed.value),
    )


def whole(value: Fraction | int | None) -> int | None:
    """Pairs of a figure, None as it is."""
    return None if value is None else int(value)


def exact(value: Fraction | int | None) -> Fraction | None:
    """A figure's value as a fraction, None as it is."""
    return None if value is None else Fraction(value)


def known_sum(values: Iterable[Any]) -> Any:
    """The sum of those that are known; None where none is."""
    known = [value for value in values if value is not None]
    return sum(known[1:], known[0]) if known else None


def total(rows: Iterable[Parts], *, as_of: date, terms: Terms, cover: int | None = None) -> Parts:
    """Several rows together; one alone is itself. None at all is nothing of everything."""
    members = [told_apart(row, as_of=as_of, terms=terms, cover=cover) for row in rows]
    if not members:
        return Parts(members=0, is_told=True)
    if len(members) == 1:
        return members[0]
    found: dict[str, Any] = {name: sum(getattr(row, name) for row in members) for name in SUMMED}
    found |= {name: max(getattr(row, name) for row in members) for name in LARGEST}
    found |= {name: any(getattr(row, name) for row in members) for name in ANY}
    for name in (*AT_COST, "lacking", "pace", "missed"):
        found[name] = known_sum(getattr(row, name) for row in members)
    return Parts(
        **found,
        launched_on=min((row.launched_on for row in members if row.launched_on), default=None),
        buckets=added([row.buckets for row in members]),
        missing_core=tuple(dict.fromkeys(size for row in members for size in row.missing_core)),
        flags=in_order(flag for row in members for flag in row.flags),
        members=sum(row.members for row in members),
        is_told=True,
    )


def added(buckets: list[tuple[int, ...]]) -> tuple[int, ...]:
    """Pyramids side by side, bucket by bucket; what has none counts for nothing."""
    known = [each for each in buckets if each]
    return tuple(map(sum, zip(*known, strict=True))) if known else ()
