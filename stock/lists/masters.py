"""The list of styles: what each is."""

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.amounts import money_text
from core.listing import ListFilters, ListPage, ListTable, SortKey, offer, on_card, one_of, words
from stock.models import Brand, Season, Series, ShoeType, Style
from stock.queries.masters import in_category, words_used, years_used
from stock.rules.launch import category
from stock.rules.terms import Terms
from stock.states import Category

ROUNDS = (
    ("first_order", pgettext_lazy("goods ordered from the supplier", "first order")),
    ("second_order", gettext_lazy("second order")),
    ("third_order", gettext_lazy("third order")),
)


class StyleTable(ListTable):
    """One style a row. Wants `today` and `terms`."""

    today: date
    terms: Terms
    always = ("number",)
    at_first = ("number", "brand", "year", "season", "shoe_type", "heel", "tag_price", "category",
                "orders")  # fmt: skip

    number = tables.Column(verbose_name=gettext_lazy("Style no."), attrs=on_card("name"))
    brand = tables.Column(
        accessor="brand__name", verbose_name=gettext_lazy("Brand"), attrs=on_card("line")
    )
    year = tables.Column(verbose_name=gettext_lazy("Year"))
    season = tables.Column(
        accessor="season__name", verbose_name=gettext_lazy("Season"), attrs=on_card("under")
    )
    series = tables.Column(accessor="series__name", verbose_name=gettext_lazy("Series"))
    shoe_type = tables.Column(accessor="shoe_type__name", verbose_name=gettext_lazy("Shoe type"))
    material = tables.Column(verbose_name=pgettext_lazy("shoe", "Material"))
    heel = tables.Column(accessor="pk", verbose_name=pgettext_lazy("shoe", "Heel"))
    tag_price = tables.Column(verbose_name=gettext_lazy("Tag price"), attrs=on_card("end"))
    category = tables.Column(
        accessor="pk", verbose_name=gettext_lazy("Category"), attrs=on_card("more")
    )
    orders = tables.Column(accessor="pk", verbose_name=gettext_lazy("Ordered, three rounds"))
    launched = tables.Column(accessor="launched_on", verbose_name=gettext_lazy("Launched on"))
    season_end = tables.Column(
        accessor="season_ends_on", verbose_name=gettext_lazy("Season ends on")
    )

    @cached_property
    def _pages(self) -> str:
        return reverse("stock:style", args=[0]).removesuffix("0/")

    def render_number(self, record: Style) -> SafeString:
        return format_html(
            '<a class="fig" href="{}{}/">{}</a>', self._pages, record.pk, record.number
        )

    def render_year(self, value: int) -> str:
        return str(value)

    def render_heel(self, record: Style) -> str:
        return " ".join(filter(None, (record.heel_type, record.heel_height))) or "–"

    def render_tag_price(self, record: Style) -> str:
        return money_text(record.tag_price)

    def render_category(self, record: Style) -> str:
        found = category(
            launched_on=record.launched_on, season_ends_on=record.season_ends_on,
            as_of=self.today, terms=self.terms,
        )  # fmt: skip
        return str(found.label) if found else "–"

    def render_orders(self, record: Style) -> str:
        orders = (record.first_order, record.second_order, record.third_order)
        if not any(orders):
            return "–"
        return " · ".join("–" if each is None else str(each) for each in orders)

    def render_launched(self, value: date) -> str:
        return value.isoformat()

    def render_season_end(self, value: date) -> str:
        return value.isoformat()


class StyleFilters(ListFilters):
    """What the list is narrowed by. Wants `today` and `terms`."""

    q = words(gettext_lazy("Style no. or brand"), longest=60, method="find")
    brand = one_of(gettext_lazy("Brand"))
    season = one_of(gettext_lazy("Season"))
    year = one_of(gettext_lazy("Year"))
    category = one_of(gettext_lazy("Category"), Category.choices, method="of_category")
    series = one_of(gettext_lazy("Series"))
    shoe_type = one_of(gettext_lazy("Shoe type"))
    material = one_of(pgettext_lazy("shoe", "Material"))
    heel_type = one_of(gettext_lazy("Heel type"))
    heel_height = one_of(gettext_lazy("Heel height"))
    ordered = one_of(
        pgettext_lazy("goods ordered from the supplier", "Ordered"), ROUNDS, method="in_round"
    )

    def __init__(self, *args: Any, today: date, terms: Terms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.terms = today, terms
        series = Series.objects.select_related("brand").order_by("brand__name", "name")
        types = ShoeType.objects.select_related("season").order_by("season__position", "name")
        choices = {
            "brand": [(str(row.pk), row.name) for row in Brand.objects.order_by("name")],
            "season": [(str(row.pk), row.name) for row in Season.objects.order_by("position")],
            "year": [(str(year), str(year)) for year in years_used()],
            "series": [(str(row.pk), f"{row.brand.name} · {row.name}") for row in series],
            "shoe_type": [(str(row.pk), f"{row.season.name} · {row.name}") for row in types],
            **{
                name: [(each, each) for each in words_used(name)]
                for name in ("material", "heel_type", "heel_height")
            },
        }
        offer(self, choices, fewest=dict.fromkeys(choices, 1))

    def find(self, styles: QuerySet, name: str, value: str) -> QuerySet:
        return styles.filter(Q(number__icontains=value) | Q(brand__name__icontains=value))

    def of_category(self, styles: QuerySet, name: str, value: str) -> QuerySet:
        return styles.filter(in_category(Category(value), today=self.today, terms=self.terms))

    def in_round(self, styles: QuerySet, name: str, value: str) -> QuerySet:
        return styles.filter(**{f"{value}__gt": 0})

    class Meta:
        model = Style
        fields: tuple[str, ...] = ()


STYLES = ListPage(
    name="styles",
    table=StyleTable,
    filters=StyleFilters,
    sorts=(
        SortKey(name="number", field="number", kind=str),
        SortKey(name="tag_price", field="tag_price", kind=Decimal, descends_first=True),
    ),
)
