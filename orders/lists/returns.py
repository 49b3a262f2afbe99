"""The review of returns and exchanges (ORD-37): why, how much, how soon, by the policy or not."""

from datetime import date
from decimal import Decimal

import django_tables2 as tables
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.amounts import money_text
from core.listing import (
    ListFilters,
    ListPage,
    ListTable,
    SortKey,
    day,
    offer,
    on_card,
    one_of,
    words,
)
from core.phones import mask_in_text
from orders.models import Return
from orders.queries.rights import cards_seen, name_of
from orders.showing.goods_back import ICONS, TONES, days_to_settle
from orders.states import ReturnCause, ReturnKind, ReturnState
from staff.scope import Reach, visible_stores

NUM = {"th": {"class": "num"}, "td": {"class": "num"}}
WITHIN, BEYOND = "within", "beyond"


class ReturnTable(ListTable):
    """One return or exchange a row. Wants `reader`."""

    reader: Reach
    always = ("product",)
    at_first = ("product", "state", "kind", "cause", "qty", "amount", "asked", "within", "days",
                "order", "customer")  # fmt: skip

    product = tables.Column(
        accessor="line__product", verbose_name=gettext_lazy("Goods"), attrs=on_card("name")
    )
    state = tables.Column(verbose_name=pgettext_lazy("return", "State"), attrs=on_card("end"))
    kind = tables.Column(verbose_name=gettext_lazy("Wanted"))
    cause = tables.Column(verbose_name=gettext_lazy("Why"), attrs=on_card("line"))
    qty = tables.Column(verbose_name=gettext_lazy("Pieces"), attrs=NUM)
    amount = tables.Column(verbose_name=gettext_lazy("Amount"), attrs=on_card("under", "num"))
    asked = tables.Column(
        accessor="asked_on",
        verbose_name=pgettext_lazy("return", "Asked on"),
        attrs=on_card("more"),
    )
    within = tables.Column(accessor="is_within", verbose_name=gettext_lazy("By the policy"))
    days = tables.Column(accessor="pk", verbose_name=gettext_lazy("Days to settle"), attrs=NUM)
    order = tables.Column(accessor="order__number", verbose_name=gettext_lazy("Order no."))
    customer = tables.Column(accessor="pk", verbose_name=gettext_lazy("Customer"))
    store = tables.Column(accessor="order__store__name", verbose_name=gettext_lazy("Store"))
    asked_by = tables.Column(
        accessor="asked_by__name", verbose_name=pgettext_lazy("return", "Asked by")
    )
    decided_by = tables.Column(accessor="decided_by__name", verbose_name=gettext_lazy("Decided by"))

    @cached_property
    def _cards(self) -> set[int]:
        """Whose cards the reader may open, of all on the page at once."""
        return cards_seen((row.order.customer_id for row in self.data), self.reader)

    @cached_property
    def _pages(self) -> str:
        return reverse("orders:goods_back", args=[0]).removesuffix("0/")

    @cached_property
    def _orders(self) -> str:
        return reverse("orders:order", args=[0]).removesuffix("0/")

    def render_product(self, record: Return) -> SafeString:
        link = '<a class="fig" href="{}{}/">{}</a>'
        return format_html(link, self._pages, record.pk, mask_in_text(record.line.product))

    def render_state(self, record: Return) -> SafeString:
        icon = render_to_string(
            "components/icon.html", {"name": ICONS[record.state], "small": True}
        )
        return format_html(
            '<span class="left is-{}">{}{}</span>',
            TONES[record.state],
            icon,
            record.get_state_display(),
        )

    def render_amount(self, value: Decimal) -> str:
        return money_text(value)

    def render_asked(self, value: date) -> str:
        return value.isoformat()

    def render_within(self, record: Return) -> str:
        return _("within") if record.is_within else _("beyond")

    def render_days(self, record: Return) -> str:
        days = days_to_settle(record)
        return "–" if days is None else str(days)

    def render_order(self, record: Return) -> SafeString:
        link = '<a class="fig" href="{}{}/">{}</a>'
        return format_html(link, self._orders, record.order_id, record.order.number)

    def render_customer(self, record: Return) -> str:
        is_seen = record.order.customer_id in self._cards
        return name_of(record.order, is_card_seen=is_seen) or "–"


class ReturnFilters(ListFilters):
    """Why, what was wanted, how it stands, by the policy or not, and where."""

    q = words(
        gettext_lazy("Goods or order no."),
        hint=gettext_lazy("Goods or order no."),
        longest=60,
        method="find",
    )
    state = one_of(pgettext_lazy("return", "State"), ReturnState.choices, field_name="state")
    cause = one_of(gettext_lazy("Why"), ReturnCause.choices, field_name="cause")
    kind = one_of(gettext_lazy("Wanted"), ReturnKind.choices, field_name="kind")
    policy = one_of(
        gettext_lazy("By the policy"),
        [(WITHIN, gettext_lazy("within")), (BEYOND, gettext_lazy("beyond"))],
        method="by_policy",
    )
    store = one_of(gettext_lazy("Store"), field_name="order__store")
    since = day(gettext_lazy("Since"), field_name="asked_on", lookup_expr="gte")
    until = day(gettext_lazy("Until"), field_name="asked_on", lookup_expr="lte")

    def __init__(self, *args, reach: Reach, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        stores = visible_stores(reach).order_by("code", "pk") if reach.leads_stores else []
        offer(self, {"store": [(str(each.pk), each.name) for each in stores]})

    def find(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        by_goods = rows.filter(line__product__icontains=value)
        return by_goods | rows.filter(order__number__icontains=value)

    def by_policy(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_within=value == WITHIN)


RETURNS = ListPage(
    name="returns",
    table=ReturnTable,
    filters=ReturnFilters,
    sorts=(
        SortKey(name="asked", field="asked_on", kind=date, descends_first=True),
        SortKey(name="amount", field="amount", kind=Decimal, descends_first=True),
    ),
)
