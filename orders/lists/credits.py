"""The list of credits (顾客挂帐信息表): whose money, since when, refundable when (ORD-17)."""

from datetime import date
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.amounts import money_text
from core.listing import ListFilters, ListPage, ListTable, SortKey, offer, on_card, one_of, words
from core.phones import mask_in_text
from orders.lists.money import ALL, NUM, link, store_choices
from orders.models import Credit
from orders.queries.money_lists import STILL_KEPT, due_this_week, in_standing
from orders.showing.credits import name_on_list, standing_shown
from orders.states import CreditKind, CreditStanding
from staff.scope import Reach

WEEK = "week"
STANDINGS = (
    (WEEK, gettext_lazy("Due this week")),
    *((each.value, each.label) for each in CreditStanding),
    (ALL, gettext_lazy("all")),
)


class CreditTable(ListTable):
    """One credit a row. Wants `reader` and `today`."""

    reader: Reach
    today: date
    always = ("amount",)
    at_first = ("customer", "order", "kind", "changed", "amount", "left", "refundable", "contact",
                "state")  # fmt: skip

    customer = tables.Column(
        accessor="pk", verbose_name=gettext_lazy("Customer"), attrs=on_card("name")
    )
    order = tables.Column(
        accessor="order__number", verbose_name=gettext_lazy("Order no."), attrs=on_card("line")
    )
    kind = tables.Column(verbose_name=gettext_lazy("Change"))
    changed = tables.Column(accessor="changed_on", verbose_name=gettext_lazy("Changed on"))
    before = tables.Column(verbose_name=gettext_lazy("Amount before"), attrs=NUM)
    after = tables.Column(verbose_name=gettext_lazy("Amount after"), attrs=NUM)
    amount = tables.Column(verbose_name=gettext_lazy("Credit"), attrs=on_card("more", "num"))
    left = tables.Column(accessor="pk", verbose_name=gettext_lazy("Still with us"), attrs=NUM)
    refundable = tables.Column(
        accessor="refundable_from",
        verbose_name=gettext_lazy("Refundable from"),
        attrs=on_card("under"),
    )
    contact = tables.Column(accessor="contacted_at", verbose_name=gettext_lazy("Contacted"))
    store = tables.Column(accessor="order__store__name", verbose_name=gettext_lazy("Store"))
    handler = tables.Column(accessor="handler__name", verbose_name=gettext_lazy("Handled by"))
    state = tables.Column(accessor="pk", verbose_name=gettext_lazy("State"), attrs=on_card("end"))

    def render_customer(self, record: Credit) -> str:
        return name_on_list(record, self.reader) or "–"

    def render_order(self, record: Credit) -> SafeString:
        return link(reverse("orders:order", args=[record.order_id]), record.order.number)

    def value_order(self, record: Credit) -> str:
        return record.order.number

    def value_kind(self, record: Credit) -> str:
        return record.get_kind_display()

    def render_changed(self, value: date) -> str:
        return value.isoformat()

    render_refundable = render_changed

    def render_before(self, value: Decimal) -> str:
        return money_text(value)

    render_after = render_before

    def value_before(self, value: Decimal) -> Decimal:
        return value

    value_after = value_before

    def render_amount(self, record: Credit) -> SafeString:
        return link(reverse("orders:credit", args=[record.pk]), money_text(record.amount))

    def value_amount(self, record: Credit) -> Decimal:
        return record.amount

    def value_left(self, record: Any) -> Decimal:
        return record.amount - record.offset - record.refunded

    def render_left(self, record: Any) -> str:
        return money_text(self.value_left(record))

    def render_contact(self, record: Credit) -> str:
        if record.contacted_at is None:
            return "–"
        day = record.order.store.today(record.contacted_at)
        return f"{day.isoformat()} · {mask_in_text(record.contact_note)}"

    value_contact = render_contact

    def value_state(self, record: Any) -> str:
        return standing_shown(record, today=self.today).text

    def render_state(self, record: Any) -> SafeString:
        told = standing_shown(record, today=self.today)
        return format_html('<span class="left is-{}">{}</span>', told.tone, told.text)


class CreditFilters(ListFilters):
    """Those still with us, unless others are asked for. Wants `reach` and `today`."""

    q = words(gettext_lazy("Order no."), longest=40, method="find")
    state = one_of(
        gettext_lazy("State"),
        STANDINGS,
        unless=pgettext_lazy("credits", "still with us"),
        method="in_state",
    )
    kind = one_of(gettext_lazy("Change"), CreditKind.choices)
    store = one_of(gettext_lazy("Store"), field_name="order__store")

    def __init__(self, *args: Any, reach: Reach, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)
        offer(self, {"store": store_choices(reach)})

    def filter_queryset(self, credits: QuerySet) -> QuerySet:
        """What is still with us, unless something else is asked for."""
        asked = self.form.cleaned_data
        if not asked.get("state") and not asked.get("q"):
            credits = credits.filter(STILL_KEPT)
        return super().filter_queryset(credits)

    def find(self, credits: QuerySet, name: str, value: str) -> QuerySet:
        return credits.filter(Q(order__number__icontains=value))

    def in_state(self, credits: QuerySet, name: str, value: str) -> QuerySet:
        if value == ALL:
            return credits
        if value == WEEK:
            return due_this_week(credits, today=self.today)
        return in_standing(credits, CreditStanding(value), today=self.today)


CREDITS = ListPage(
    name="credits",
    table=CreditTable,
    filters=CreditFilters,
    sorts=(
        SortKey(name="refundable", field="refundable_from", kind=date),
        SortKey(name="changed", field="changed_on", kind=date, descends_first=True),
    ),
)
