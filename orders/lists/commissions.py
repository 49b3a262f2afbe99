"""The list of commission (设计师佣金表): each order that a designer brought, with its figures."""

from datetime import date
from decimal import Decimal
from functools import cached_property

import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.amounts import money_text
from core.listing import ListFilters, ListPage, ListTable, SortKey, offer, on_card, one_of, words
from core.phones import mask_in_text
from customers.models import Designer
from customers.queries.designers import designers_matching
from orders.queries.commission import EarningOrder, in_state
from orders.queries.commission_rows import Row, rows_of
from orders.showing.commission import ICONS, TONES, rates_text
from orders.states import CommissionState
from staff.scope import Reach, visible_stores

NUM = {"th": {"class": "num"}, "td": {"class": "num"}}
STATES = [
    (state.value, state.label)
    for state in (
        CommissionState.ORDERED,
        CommissionState.DONE,
        CommissionState.PAID,
        CommissionState.CLAWED_BACK,
    )
]


def _column(label: object, *, attrs: object = None, accessor: str = "pk") -> tables.Column:
    return tables.Column(accessor=accessor, verbose_name=label, attrs=attrs or {})


class CommissionTable(ListTable):
    """One order of a designer a row. Wants `reader`."""

    reader: Reach
    always = ("designer", "order")
    at_first = ("designer", "state", "customer", "order", "amount", "delivered", "due", "paid",
                "clawed_back", "payable")  # fmt: skip
    computed = ("phone", "amount", "delivered", "due", "paid", "clawed_back", "payable", "state")
    kinds = dict.fromkeys(("amount", "delivered", "due", "paid", "clawed_back", "payable"), "money")

    designer = _column(gettext_lazy("Designer"), attrs=on_card("name"))
    state = _column(pgettext_lazy("of commission", "State"), attrs=on_card("end"))
    company = _column(gettext_lazy("Company"))
    phone = _column(gettext_lazy("Phone"))
    agreement = _column(gettext_lazy("Agreement"))
    rates = _column(gettext_lazy("Rates"))
    customer = _column(gettext_lazy("Customer"), attrs=on_card("line"))
    introduced = _column(gettext_lazy("Introduced"))
    order = _column(gettext_lazy("Order no."), attrs=on_card("under"))
    ordered = _column(gettext_lazy("Ordered on"), accessor="ordered_on")
    store = tables.Column(accessor="store__name", verbose_name=gettext_lazy("Store"))
    amount = _column(gettext_lazy("Amount"), attrs=NUM)
    delivered = _column(gettext_lazy("Delivered"), attrs=NUM)
    due = _column(gettext_lazy("Commission"), attrs=on_card("more", "num"))
    paid = _column(pgettext_lazy("commission", "Paid"), attrs=NUM)
    voucher = _column(gettext_lazy("Voucher"))
    clawed_back = _column(gettext_lazy("Clawed back"), attrs=NUM)
    payable = _column(gettext_lazy("Payable now"), attrs=NUM)

    @cached_property
    def _rows(self) -> dict[int, Row]:
        """What the list says of each order, read for all of them at once."""
        rows = rows_of(list(self.data), reach=self.reader)
        return {row.order.pk: row for row in rows if row.order is not None}

    @cached_property
    def _designers(self) -> str:
        return reverse("orders:commissions_of", args=[0])

    @cached_property
    def _orders(self) -> str:
        return reverse("orders:order", args=[0]).removesuffix("0/")

    def _opens(self, record: EarningOrder, amount: Decimal | None) -> SafeString | str:
        """A figure that opens the order from which it comes; nothing opens nothing."""
        if not amount:
            return "–"
        link = '<a class="fig" href="{}{}/">{}</a>'
        return format_html(link, self._orders, record.pk, money_text(amount))

    def value_designer(self, record: EarningOrder) -> str:
        return mask_in_text(self._rows[record.pk].designer.name)

    def render_designer(self, record: EarningOrder) -> SafeString:
        url = self._designers.replace("/0/", f"/{record.designer_id}/")
        return format_html('<a class="fig" href="{}">{}</a>', url, self.value_designer(record))

    def value_state(self, record: EarningOrder) -> str:
        return str(self._rows[record.pk].state.label)

    def render_state(self, record: EarningOrder) -> SafeString:
        state = self._rows[record.pk].state
        icon = render_to_string("components/icon.html", {"name": ICONS[state], "small": True})
        return format_html('<span class="left is-{}">{}{}</span>', TONES[state], icon, state.label)

    def render_company(self, record: EarningOrder) -> str:
        return mask_in_text(self._rows[record.pk].designer.company) or "–"

    def render_phone(self, record: EarningOrder) -> str:
        return self._rows[record.pk].designer.masked or "–"

    def render_agreement(self, record: EarningOrder) -> str:
        of = self._rows[record.pk].designer
        until = of.valid_until.isoformat() if of.valid_until else ""
        return " · ".join(text for text in (mask_in_text(of.agreement_no), until) if text) or "–"

    def render_rates(self, record: EarningOrder) -> str:
        return rates_text(self._rows[record.pk].rates)

    def render_customer(self, record: EarningOrder) -> str:
        return self._rows[record.pk].customer or "–"

    def render_introduced(self, record: EarningOrder) -> str:
        on = self._rows[record.pk].introduced_on
        return on.isoformat() if on else "–"

    def value_order(self, record: EarningOrder) -> str:
        return record.number

    def render_order(self, record: EarningOrder) -> SafeString:
        link = '<a class="fig" href="{}{}/">{}</a>'
        return format_html(link, self._orders, record.pk, record.number)

    def render_ordered(self, record: EarningOrder) -> str:
        return record.ordered_on.isoformat()

    def value_amount(self, record: EarningOrder) -> Decimal | None:
        return record.amount

    def render_amount(self, record: EarningOrder) -> SafeString | str:
        return self._opens(record, record.amount)

    def value_delivered(self, record: EarningOrder) -> Decimal:
        return record.furniture + record.accessories

    def render_delivered(self, record: EarningOrder) -> SafeString | str:
        return self._opens(record, record.furniture + record.accessories)

    def value_due(self, record: EarningOrder) -> Decimal | None:
        return record.earned if record.is_completed else None

    def render_due(self, record: EarningOrder) -> SafeString | str:
        if not record.is_completed:
            return _("not completed")
        return self._opens(record, record.earned)

    def value_paid(self, record: EarningOrder) -> Decimal:
        return record.paid_out

    def render_paid(self, record: EarningOrder) -> SafeString | str:
        return self._opens(record, record.paid_out)

    def render_voucher(self, record: EarningOrder) -> str:
        row = self._rows[record.pk]
        on = row.paid_on.isoformat() if row.paid_on else ""
        return " · ".join(text for text in (on, *row.vouchers) if text) or "–"

    def value_clawed_back(self, record: EarningOrder) -> Decimal:
        return record.clawed_back

    def render_clawed_back(self, record: EarningOrder) -> SafeString | str:
        return self._opens(record, record.clawed_back)

    def value_payable(self, record: EarningOrder) -> Decimal:
        told = self._rows[record.pk].commission
        return told.payable if told else Decimal(0)

    def render_payable(self, record: EarningOrder) -> SafeString | str:
        return self._opens(record, self.value_payable(record))


class CommissionFilters(ListFilters):
    """By designer or order number, how the commission stands, and where it was ordered."""

    q = words(
        gettext_lazy("Designer or order no."),
        hint=gettext_lazy("Designer, company or order no."),
        longest=60,
        method="find",
    )
    state = one_of(pgettext_lazy("of commission", "State"), STATES, method="in_state")
    store = one_of(gettext_lazy("Store"), field_name="store")

    def __init__(self, *args, reach: Reach, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        stores = visible_stores(reach).order_by("code", "pk") if reach.leads_stores else []
        offer(self, {"store": [(str(each.pk), each.name) for each in stores]})

    def find(self, orders: QuerySet, name: str, value: str) -> QuerySet:
        designers = designers_matching(Designer.objects.all(), value)
        return orders.filter(Q(designer__in=designers.values("pk")) | Q(number__icontains=value))

    def in_state(self, orders: QuerySet, name: str, value: str) -> QuerySet:
        return in_state(orders, CommissionState(value))


COMMISSIONS = ListPage(
    name="commission",
    table=CommissionTable,
    filters=CommissionFilters,
    sorts=(
        SortKey(name="ordered", field="ordered_on", kind=date, descends_first=True),
        SortKey(name="order", field="number", kind=str),
    ),
)
