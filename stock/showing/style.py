"""What a style's page shows beside its figures: facts, sizes as a grid, weeks, prices."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.amounts import money_text
from stock.models import Figure, Style
from stock.queries.goods import LyingSize, StyleWeek
from stock.rules.launch import category
from stock.rules.sizes import size_order
from stock.rules.terms import Terms
from stock.showing.board import Chart, week_head
from stock.showing.figures import NONE, count_text
from stock.states import FigureLevel
from stock.wording.counts import pairs_words


def facts(style: Style, *, today: date, terms: Terms) -> list[tuple[str, str]]:
    """What the master says of a style, and how new that makes it; what is not said is left out."""
    how_new = category(
        launched_on=style.launched_on, season_ends_on=style.season_ends_on, as_of=today, terms=terms
    )
    said: list[tuple[str, object]] = [
        (_("Brand"), style.brand.name),
        (_("Season"), " ".join(filter(None, (
            str(style.year or ""), style.season.name if style.season else ""
        )))),
        (_("Category"), how_new.label if how_new else ""),
        (_("Series"), style.series.name if style.series else ""),
        (_("Shoe type"), style.shoe_type.name if style.shoe_type else ""),
        (pgettext("shoe", "Material"), style.material),
        (_("Heel"), " ".join(filter(None, (style.heel_type, style.heel_height)))),
        (_("Tag price"), money_text(style.tag_price)),
        (_("Counter price"), style.counter_price and money_text(style.counter_price)),
        (_("Floor price"), style.floor_price and money_text(style.floor_price)),
        (_("Launched on"), style.launched_on),
        (_("Season ends on"), style.season_ends_on),
        (_("Orders placed"), " · ".join(
            pairs_words(each)
            for each in (style.first_order, style.second_order, style.third_order) if each
        )),
    ]  # fmt: skip
    return [(name, str(value)) for name, value in said if value]


@dataclass(frozen=True, kw_only=True)
class SizeRow:
    """One office (and colour): its pairs by size; broken where a core size lacks."""

    name: str
    colour: str
    cells: list[tuple[str, bool]]
    total: str
    is_broken: bool


@dataclass(kw_only=True)
class Grid:
    """Sizes across, offices down."""

    sizes: list[str] = field(default_factory=list)
    rows: list[SizeRow] = field(default_factory=list)


def grid(stocks: Iterable[LyingSize], rows: Sequence[Figure]) -> Grid:
    """What lies of each size where; a size that lacks in an office is marked."""
    missing: Mapping[int, Figure] = {
        row.office_id: row for row in rows if row.level == FigureLevel.OFFICE and row.office_id
    }
    found: defaultdict[tuple[str, str, int], dict[str, int]] = defaultdict(dict)
    for stock in stocks:
        found[stock.office.name, stock.colour, stock.office_id][stock.size] = stock.lying
    sizes = sorted({size for held in found.values() for size in held}, key=size_order)
    shown = []
    for (name, colour, office), held in found.items():
        row = missing.get(office)
        core = set(row.missing_core) if row else set()
        shown.append(
            SizeRow(
                name=name,
                colour=colour,
                cells=[
                    (count_text(held[size]) if size in held else "", size in core) for size in sizes
                ],
                total=count_text(sum(held.values())),
                is_broken=bool(row and row.is_broken),
            )
        )
    return Grid(sizes=[size or NONE for size in sizes], rows=shown)


def weeks_chart(
    weeks: Sequence[StyleWeek],
    targets: Sequence[Fraction],
    *,
    launched_on: date | None,
    as_of: date,
) -> Chart:
    """A style's sales and stock week by week, and how much of it is sold, against its target."""
    rows = []
    for week in weeks:
        share = Fraction(week.sold_so_far, week.supplied) if week.supplied > 0 else None
        rows.append([
            week_head(week.monday, as_of),
            (str(week.sold), count_text(week.sold)),
            (str(week.stock), count_text(week.stock)),
            _share(share),
            _share(_target(week.monday, targets, launched_on)),
        ])  # fmt: skip
    return Chart(
        kind="style",
        title=_("Week by week"),
        note=_("pairs, and the share sold against its target"),
        heads=[_("Week of"), pgettext("pairs", "Sold"), _("Stock"), _("Sell-through"), _("Target")],
        rows=rows,
        keys=[
            ("bar", pgettext("pairs", "Sold")), ("line", _("Stock")),
            ("share", _("Sell-through")), ("target", _("Target")),
        ],
    )  # fmt: skip


def _target(monday: date, targets: Sequence[Fraction], launched_on: date | None) -> Fraction | None:
    """What should be sold by the end of that week, by the weeks completed since the launch."""
    if launched_on is None or not targets:
        return None
    week = ((monday - launched_on).days + 7) // 7
    return targets[min(week, len(targets)) - 1] if week > 0 else None


def _share(value: Fraction | None) -> tuple[str, str]:
    if value is None:
        return ("", NONE)
    points = round(float(value * 100), 1)
    return (str(points), f"{points:.1f} %")


def price_text(amount: Decimal | None) -> str:
    return NONE if amount is None else money_text(amount)
