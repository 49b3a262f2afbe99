"""The rows of the ledger (收发存) that figures count: of one style, by day."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.amounts import money_text
from core.listing import ListFilters, ListPage, ListTable, SortKey, by_link, day, offer, on_card
from core.listing.filters import one_of
from staff.models import Region
from staff.scope import Reach
from stock.models import Movement
from stock.queries.goods import SALES
from stock.queries.visible import reads_own_store, visible_offices
from stock.showing.figures import count_text
from stock.states import GIFTS, RECEIPTS, Kind

SOLD, SOLD_OR_GIVEN = "sales", "sales_and_gifts"
_NUM = {"th": {"class": "num"}, "td": {"class": "num"}}


class MovementTable(ListTable):
    """One row of the ledger."""

    always = ("on", "kind", "quantity")

    on = tables.Column(verbose_name=gettext_lazy("Day"), attrs=on_card("name"))
    kind = tables.Column(
        verbose_name=pgettext_lazy("of a movement", "Type"), empty_values=(), attrs=on_card("line")
    )
    office = tables.Column(
        accessor="office__name", verbose_name=gettext_lazy("Office"), attrs=on_card("more")
    )
    size = tables.Column(verbose_name=gettext_lazy("Size"), attrs=on_card("under"))
    colour = tables.Column(verbose_name=gettext_lazy("Colour"))
    quantity = tables.Column(
        verbose_name=gettext_lazy("Pairs"), empty_values=(), attrs=on_card("end", "num")
    )
    price = tables.Column(verbose_name=gettext_lazy("Paid a pair"), empty_values=(), attrs=_NUM)
    document = tables.Column(verbose_name=gettext_lazy("Document"))
    reference = tables.Column(verbose_name=gettext_lazy("Refers to"))

    def render_kind(self, record: Movement) -> str:
        return str(Kind(record.kind).label)

    def render_quantity(self, record: Movement) -> SafeString:
        """What it changes the stock by."""
        sign = "+" if record.kind in RECEIPTS and record.quantity > 0 else ""
        shown = record.quantity if record.kind in RECEIPTS else -record.quantity
        return format_html("{}{}", sign, count_text(shown).replace("-", "−"))

    def render_price(self, record: Movement) -> str:
        return _money(record.unit_price)


class CostedMovementTable(MovementTable):
    """The same with what a pair cost, for who may read it."""

    class Meta:
        sequence = (*MovementTable.base_columns, "cost")

    cost = tables.Column(verbose_name=gettext_lazy("Cost a pair"), empty_values=(), attrs=_NUM)

    def render_cost(self, record: Movement) -> str:
        return _money(record.unit_cost)


def _money(amount: Decimal | None) -> str:
    return "–" if amount is None else money_text(amount)


class MovementFilters(ListFilters):
    """What the rows are narrowed by; which style they are of is settled before. Wants `reach`."""

    style = by_link(gettext_lazy("Style"), method="keep")
    region = one_of(gettext_lazy("Region"), field_name="office__region")
    office = one_of(gettext_lazy("Office"))
    kind = one_of(
        pgettext_lazy("of a movement", "Type"),
        [
            (SOLD, gettext_lazy("Sales and returns")),
            (SOLD_OR_GIVEN, gettext_lazy("Sales, returns, gifts and business use")),
            *((str(k), k.label) for k in Kind),
        ],
        method="of_kind",
    )
    since = day(gettext_lazy("Since"), field_name="on", lookup_expr="gte")
    until = day(gettext_lazy("until"), field_name="on", lookup_expr="lte")

    def __init__(self, *args: Any, reach: Reach, style: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = visible_offices(reach).values_list("pk", "name")
        regions: Sequence[tuple[str, str]] = []
        if not reads_own_store(reach):
            named = Region.objects.order_by("name").values_list("pk", "name")
            regions = [(str(pk), name) for pk, name in named]
        offered = {
            "style": [(str(style), str(style))],
            "office": [(str(pk), name) for pk, name in offices],
            "region": regions,
        }
        offer(self, offered, fewest=dict.fromkeys(offered, 1))

    def keep(self, rows: QuerySet[Movement], name: str, value: str) -> QuerySet[Movement]:
        return rows

    def of_kind(self, rows: QuerySet[Movement], name: str, value: str) -> QuerySet[Movement]:
        together = {SOLD: SALES, SOLD_OR_GIVEN: (*SALES, *GIFTS)}
        return rows.filter(Q(kind__in=together[value]) if value in together else Q(kind=int(value)))


MOVEMENTS, COSTED_MOVEMENTS = (
    ListPage(
        name="movements",
        table=table,
        filters=MovementFilters,
        sorts=(SortKey(name="on", field="on", kind=date, descends_first=True),),
    )
    for table in (MovementTable, CostedMovementTable)
)
