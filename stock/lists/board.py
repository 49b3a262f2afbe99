"""The goods board (货品看板, 畅平滞总表): its columns and by what it is sorted (forms 2.14)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

import django_tables2 as tables
from django.db.models import F
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, npgettext, pgettext, pgettext_lazy

from core.amounts import money_text
from core.listing import ListPage, ListTable, SortKey, on_card
from stock.figures.of_row import Asked, Figures, figures_of, red_list_of
from stock.figures.summing import parts_of
from stock.lists.board_filters import BROKEN, BoardFilters
from stock.models import Figure
from stock.queries.reckoned import BoardFigure
from stock.queries.seasons import SeasonTerms
from stock.rules.figures import Figure as Told
from stock.rules.supply import Red
from stock.showing.figures import (
    BRIEF_DISCOUNTS,
    NONE,
    broken_text,
    class_badge,
    class_text,
    count_text,
    days_text,
    discount_text,
    percent_text,
    ratio_text,
    signed_text,
    sizes_text,
    sparkline,
)
from stock.states import Category
from stock.wording.formulas import anchor

_NUM = {"th": {"class": "num"}, "td": {"class": "num"}}
# Green stands at the head alone: the cells below are many, and figures that open.
_CALC = {"th": {"class": "calc"}}
_CALC_NUM = {"th": {"class": "num calc"}, "td": {"class": "num"}}
# Percentage points under the target from which a gap is amber, and from which it is red.
NEAR, FAR = Fraction(5, 100), Fraction(20, 100)


def _calc_on_card(place: str, css: str = "") -> dict[str, dict[str, str]]:
    """A computed cell that stands at `place` of the card which a row is on a phone."""
    return {"td": {"data-card": place, "class": css}, "th": {"class": f"{css} calc".strip()}}


def _column(label: object, attrs: dict | None = None) -> tables.Column:
    """A column of which the value is worked out by a method of the table."""
    return tables.Column(verbose_name=label, empty_values=(), attrs=attrs or {})


def _figure(name: str, say: Callable[[Told], str]) -> tuple[Callable, Callable]:
    """How a column draws the figure `name`, a link to what it is made of, and its plain value."""

    def render(self: "BoardTable", record: BoardFigure) -> SafeString:
        return self.opens(record, name, say(self.told(record)[name]))

    def value(self: "BoardTable", record: BoardFigure) -> Decimal | int | None:
        return plain(self.told(record)[name].value)

    return render, value


class BoardTable(ListTable):
    """One style a row. Wants `question` (Asked), `seasons`, and `figures_url`, under which a row's
    figures explain themselves; `trends` are the pairs of the last weeks by style, `lacking`
    in how many offices it is broken and the core sizes that lack there. The `warehouses` (keys)
    among the places sell nothing, so that nothing has a class there.
    """

    question: Asked
    seasons: Mapping[int | None, SeasonTerms]
    figures_url: str
    figures_asked: str = ""  # the query with which a figure says the same as here
    styles_url: str
    trends: Mapping[int, Sequence[int]] = MappingProxyType({})
    lacking: Mapping[int, tuple[int, Sequence[str]]] = MappingProxyType({})
    warehouses: Collection[int] = ()
    always: tuple[str, ...] = ("number", "on_sale")
    at_first: tuple[str, ...] = (
        "number", "price", "on_sale", "through", "gap", "trend", "lately", "stock", "coming",
        "lasts", "age", "turn", "discount", "sizes", "cls", "order_now", "brief",
    )  # fmt: skip
    computed: tuple[str, ...] = (
        "on_sale", "allotted", "sold", "stock", "trend", "lately", "through", "gap", "lasts",
        "age", "turn", "discount", "sizes", "cls", "order_now", "in_to_sales", "stock_rate", "hits",
        "category",
    )  # fmt: skip
    kinds = {
        "price": "money", "on_sale": "integer", "allotted": "integer", "sold": "integer",
        "stock": "integer", "coming": "integer", "lately": "integer", "through": "ratio",
        "gap": "ratio", "lasts": "number", "age": "number", "turn": "number", "discount": "number",
        "order_now": "integer", "in_to_sales": "ratio", "stock_rate": "ratio", "hits": "ratio",
    }  # fmt: skip

    number = _column(gettext_lazy("Style no."), on_card("name"))
    brand = tables.Column(accessor="style__brand__name", verbose_name=gettext_lazy("Brand"))
    season = tables.Column(accessor="style__season__name", verbose_name=gettext_lazy("Season"))
    category = _column(pgettext_lazy("of goods", "Category"), _CALC)
    price = _column(gettext_lazy("Counter price"), _NUM)
    on_sale = _column(gettext_lazy("Days on sale"), _CALC_NUM)
    allotted = _column(gettext_lazy("Allotted this year"), _CALC_NUM)
    sold = _column(pgettext_lazy("pairs", "Sold"), _CALC_NUM)
    through = _column(gettext_lazy("Sell-through %"), _CALC_NUM)
    gap = _column(gettext_lazy("To target"), _CALC_NUM)
    trend = _column(gettext_lazy("7 weeks"), {"th": {"class": "calc"}})
    lately = _column(gettext_lazy("Last 2 weeks"), _CALC_NUM)
    stock = _column(gettext_lazy("Stock"), _CALC_NUM)
    coming = _column(gettext_lazy("On its way"), _NUM)
    lasts = _column(gettext_lazy("Days of supply"), _calc_on_card("end", "num"))
    age = _column(gettext_lazy("Stock age"), _CALC_NUM)
    turn = _column(gettext_lazy("Stock to sales"), _CALC_NUM)
    discount = _column(gettext_lazy("Average discount"), _CALC_NUM)
    in_to_sales = _column(gettext_lazy("Sold of allotted %"), _CALC_NUM)
    stock_rate = _column(gettext_lazy("Stock rate %"), _CALC_NUM)
    hits = _column(gettext_lazy("Restock hits %"), _CALC_NUM)
    sizes = _column(gettext_lazy("Broken sizes"), _CALC)
    cls = _column(pgettext_lazy("of goods", "Class"), _calc_on_card("line"))
    order_now = _column(gettext_lazy("To reorder"), _CALC_NUM)
    brief = _column("", on_card("more", "phone-only"))

    _last: tuple[BoardFigure | None, Figures] = (None, {})

    def told(self, row: BoardFigure) -> Figures:
        """The figures of a row by the rules, worked out once while its columns are drawn."""
        if self._last[0] is not row:
            self._last = (row, figures_of(parts_of(row), self.question))
        return self._last[1]

    def opens(self, row: BoardFigure, name: str, text: str, css: str = "") -> SafeString:
        """A figure that opens its formula and the rows it counts."""
        tone = format_html(' class="{}"', css) if css else ""
        return format_html(
            '<a{} href="{}{}/{}#{}">{}</a>',
            tone, self.figures_url, row.pk, self.figures_asked, anchor(name), text,
        )  # fmt: skip

    render_on_sale, value_on_sale = _figure("days_on_sale", days_text)
    render_allotted, value_allotted = _figure("allotted", days_text)
    render_sold, value_sold = _figure("net_sold", days_text)
    render_through, value_through = _figure("sell_through", percent_text)
    render_age, value_age = _figure("stock_age", lambda told: ratio_text(told, 1))
    render_turn, value_turn = _figure("stock_to_sales", ratio_text)
    render_in_to_sales, value_in_to_sales = _figure("in_to_sales", percent_text)
    render_stock_rate, value_stock_rate = _figure("stock_rate", percent_text)
    render_hits, value_hits = _figure("restock_hit_rate", percent_text)
    render_order_now, value_order_now = _figure("replenish", days_text)
    value_lasts = _figure("days_of_supply", days_text)[1]
    value_discount = _figure("average_discount", ratio_text)[1]

    def render_number(self, record: BoardFigure) -> SafeString:
        style = record.style
        said = " ".join(filter(None, (
            style.shoe_type.name if style.shoe_type else "", style.heel_type, style.heel_height
        )))  # fmt: skip
        return format_html(
            '<a class="who" href="{}{}/">{}</a> <small>{}</small>',
            self.styles_url, style.pk, style.number, said,
        )  # fmt: skip

    def value_number(self, record: BoardFigure) -> str:
        return record.style.number

    def value_brand(self, record: BoardFigure) -> str:
        return record.style.brand.name

    def value_season(self, record: BoardFigure) -> str:
        return record.style.season.name if record.style.season else ""

    def render_category(self, record: BoardFigure) -> str:
        return str(Category(record.category).label) if record.category else NONE

    value_category = render_category

    def render_price(self, record: BoardFigure) -> str:
        price = self.value_price(record)
        return money_text(price).removeprefix("¥")

    def value_price(self, record: BoardFigure) -> Decimal:
        return record.style.counter_price or record.style.tag_price

    def gap_of(self, row: BoardFigure) -> Fraction | None:
        """How far the sell-through is over its target; None of past seasons, and in a warehouse."""
        if row.office_id in self.warehouses:
            return None
        share = self.told(row)["sell_through"].value
        target = target_of(row, self.told(row)["days_on_sale"], self.seasons)
        return None if share is None or target is None else Fraction(share) - target

    def render_gap(self, record: BoardFigure) -> SafeString | str:
        gap = self.gap_of(record)
        if gap is None:
            return _past_word() if record.category == Category.PAST else NONE
        tone = "is-late" if gap < -FAR else "is-soon" if gap < -NEAR else ""
        return self.opens(record, "target", signed_text(gap), tone)

    def value_gap(self, record: BoardFigure) -> Decimal | int | None:
        return plain(self.gap_of(record))

    def render_trend(self, record: BoardFigure) -> SafeString | str:
        return sparkline(self.trends.get(record.style_id, ()))

    def value_trend(self, record: BoardFigure) -> str:
        return " ".join(map(str, self.trends.get(record.style_id, ())))

    def render_lately(self, record: BoardFigure) -> SafeString:
        return self.opens(record, "daily_pace", count_text(record.window_sold))

    def value_lately(self, record: BoardFigure) -> int:
        return record.window_sold

    def render_stock(self, record: BoardFigure) -> SafeString:
        return self.opens(record, "closing", count_text(record.closing))

    def value_stock(self, record: BoardFigure) -> int:
        return record.closing

    def render_coming(self, record: BoardFigure) -> str:
        return count_text(record.in_transit)

    def value_coming(self, record: BoardFigure) -> int:
        return record.in_transit

    def render_lasts(self, record: BoardFigure) -> SafeString:
        """Days; red where a fast style runs out, amber where a slow one lies too long."""
        told = self.told(record)["days_of_supply"]
        text = days_text(told)
        red, css = self.red_of(record), ""
        if red == Red.REORDER:
            text, css = f"▲ {text}", "is-late"
        elif red == Red.MARK_DOWN:
            css = "is-soon"
        opened = self.opens(record, "days_of_supply", text, css)
        if told.value is None:
            return opened
        days = npgettext("unit", "day", "days", int(told.value))
        return format_html('{}<small class="phone-only"> {}</small>', opened, days)

    def red_of(self, row: BoardFigure) -> str:
        return red_list_of(self.told(row), self.held(row), self.question)

    def render_discount(self, record: BoardFigure) -> SafeString:
        told = self.told(record)["average_discount"]
        text = discount_text(told, self.question.terms, words=BRIEF_DISCOUNTS)
        return self.opens(record, "average_discount", text)

    def render_sizes(self, record: BoardFigure) -> SafeString | str:
        """Of an office the core sizes that lack, of a wider place in how many offices some do."""
        text = broken_text(record, self.lacking.get(record.style_id))
        return self.opens(record, "complete_rate", text, "is-soon") if text else ""

    def value_sizes(self, record: BoardFigure) -> str:
        return sizes_text(record, self.lacking.get(record.style_id))

    def render_cls(self, record: BoardFigure) -> SafeString | str:
        held, given = self.held(record), record.given_class
        return class_badge(held, computed=record.style_class, given=given)

    def value_cls(self, record: BoardFigure) -> str:
        held, given = self.held(record), record.given_class
        return class_text(held, computed=record.style_class, given=given)

    def held(self, row: BoardFigure) -> str:
        """The class that holds there; "" in a warehouse."""
        return "" if row.office_id in self.warehouses else row.held_class

    def render_brief(self, record: BoardFigure) -> SafeString:
        """What a card says on a phone: each rate with its days on sale before it."""
        told = self.told(record)
        days = told["days_on_sale"]
        parts = [
            ngettext("%(days)s day on sale", "%(days)s days on sale", int(days.value or 0))
            % {"days": days_text(days)},
            _sold_of_it(told["sell_through"]),
            _("2 weeks %(pairs)s") % {"pairs": count_text(record.window_sold)},
            _("stock %(pairs)s") % {"pairs": count_text(record.closing)},
        ]
        if order := told["replenish"].value:
            parts.append(_("reorder %(pairs)s") % {"pairs": count_text(int(order))})
        if sizes := self.value_sizes(record):
            parts.append(_("lacks %(sizes)s") % {"sizes": sizes})
        return format_html("{}", " · ".join(parts))


def _sold_of_it(figure: Told) -> str:
    """The sell-through, or why there is none: only a number has a per cent sign."""
    if figure.value is None:
        return _("sell-through %(why)s") % {"why": percent_text(figure)}
    return _("sell-through %(share)s %%") % {"share": percent_text(figure)}


def _past_word() -> str:
    return pgettext("season, in a column", "past")


def plain(value: Fraction | int | None) -> Decimal | int | None:
    """A figure as a sheet keeps it: whole as it is, a fraction to twelve places."""
    if value is None or isinstance(value, int):
        return value
    return (Decimal(value.numerator) / value.denominator).quantize(Decimal("1e-12"))


def target_of(
    row: Figure, days: Told, seasons: Mapping[int | None, SeasonTerms]
) -> Fraction | None:
    """What of a style should be sold by the end of its last completed week (formulas 3.1); None
    without `seasons`.
    """
    if not seasons or days.value is None or row.category == Category.PAST:
        return None
    held = seasons.get(row.style.season_id) or seasons[None]
    week = min(int(days.value) // 7, len(held.targets))
    return held.targets[week - 1] if week else Fraction(0)


def _decimal(name: str, field: str, **more: bool) -> SortKey:
    return SortKey(name=name, field=field, kind=Decimal, **more)


# What stands first on each red list: what runs out first, the oldest, the most core sizes lacking.
RED_ORDER = {
    Red.REORDER.value: F("lasts").asc(),
    Red.MARK_DOWN.value: F("age").desc(nulls_last=True),
    BROKEN: F("lately").desc(),
}

BOARD = ListPage(
    name="board",
    table=BoardTable,
    filters=BoardFilters,
    sorts=(
        _decimal("lasts", "lasts", nullable=True),
        SortKey(name="number", field="number", kind=str),
        SortKey(name="on_sale", field="days_on_sale", kind=int, nullable=True),
        _decimal("sold", "net", descends_first=True),
        _decimal("through", "through", nullable=True, nulls_first=True, descends_first=True),
        _decimal("gap", "gap", nullable=True),
        _decimal("lately", "lately", descends_first=True),
        _decimal("stock", "lying", descends_first=True),
        _decimal("coming", "coming", descends_first=True),
        _decimal("age", "age", nullable=True, nulls_first=True, descends_first=True),
        _decimal("turn", "turn", nullable=True, nulls_first=True, descends_first=True),
        _decimal("discount", "discount", nullable=True),
        SortKey(name="cls", field="class_rank", kind=int),
        SortKey(name="order_now", field="order_now", kind=int, nullable=True, nulls_first=True,
                descends_first=True),
    ),
)  # fmt: skip
