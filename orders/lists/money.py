"""Lists of money: payments with what finance says of them, and bills by their day (FIN-03, 04)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.amounts import money_text
from core.listing import ListFilters, ListPage, ListTable, SortKey, offer, on_card, one_of, words
from core.phones import mask_in_text
from orders.models import Bill, Payment
from orders.queries.money_lists import in_hand, stores_of, to_confirm
from orders.showing.payments import paper_of, standing_of
from orders.states import BillState, Method
from staff.scope import Reach

NUM = {"th": {"class": "num"}, "td": {"class": "num"}}
ALL = "all"
DECIDED = (
    ("confirmed", pgettext_lazy("payment", "Confirmed")),
    ("returned", pgettext_lazy("payment", "Given back")),
    (ALL, gettext_lazy("all")),
)


def link(url: str, text: object) -> SafeString:
    return format_html('<a class="fig" href="{}">{}</a>', url, text)


def store_choices(reach: Reach) -> list[tuple[str, str]]:
    """The stores among which this person may choose."""
    return [(str(pk), name) for pk, name in stores_of(reach).values_list("pk", "name")]


class PaymentTable(ListTable):
    """One payment a row. Wants `may_confirm` and `reader_id`."""

    may_confirm: bool
    reader_id: int
    always = ("amount",)
    at_first = ("chosen", "amount", "method", "order", "payer", "taken", "by", "store", "paper",
                "state")  # fmt: skip

    chosen = tables.Column(accessor="pk", verbose_name="", attrs={"td": {"class": "is-tick"}})
    amount = tables.Column(verbose_name=gettext_lazy("Amount"), attrs=on_card("name", "num"))
    method = tables.Column(verbose_name=gettext_lazy("Paid by"), attrs=on_card("under"))
    order = tables.Column(
        accessor="order__number", verbose_name=gettext_lazy("Order no."), attrs=on_card("line")
    )
    payer = tables.Column(verbose_name=gettext_lazy("Received from"))
    taken = tables.Column(
        accessor="taken_at", verbose_name=pgettext_lazy("money", "Taken"), attrs=on_card("more")
    )
    by = tables.Column(accessor="taken_by__name", verbose_name=gettext_lazy("Taken by"))
    store = tables.Column(accessor="order__store__name", verbose_name=gettext_lazy("Store"))
    paper = tables.Column(accessor="pk", verbose_name=gettext_lazy("Slip or bill"))
    state = tables.Column(accessor="pk", verbose_name=gettext_lazy("State"), attrs=on_card("end"))

    def render_chosen(self, record: Payment) -> str | SafeString:
        """A tick, where this reader may confirm it: open, and taken by somebody else."""
        is_open = record.confirmed_at is None and record.returned_at is None
        if not (self.may_confirm and is_open and record.taken_by_id != self.reader_id):
            return ""
        box = '<label class="tick is-bare"><input type="checkbox" name="payment" value="{}" '
        return format_html(
            box + 'form="chosen"><span class="unseen">{}</span></label>',
            record.pk,
            _("Choose the payment of %(amount)s") % {"amount": money_text(record.amount)},
        )

    def value_chosen(self, record: Payment) -> str:
        return ""

    def render_amount(self, record: Payment) -> SafeString:
        return link(reverse("orders:receipt", args=[record.pk]), money_text(record.amount))

    def value_amount(self, record: Payment) -> Decimal:
        return record.amount

    def value_method(self, record: Payment) -> str:
        return record.get_method_display()

    def render_order(self, record: Payment) -> SafeString:
        return link(reverse("orders:order", args=[record.order_id]), record.order.number)

    def value_order(self, record: Payment) -> str:
        return record.order.number

    def render_payer(self, record: Payment) -> str:
        return mask_in_text(record.payer)

    def render_taken(self, value: datetime) -> str:
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")

    def render_paper(self, record: Payment) -> str:
        return paper_of(record) or "–"

    def render_state(self, record: Payment) -> SafeString:
        told = standing_of(record)
        return format_html('<span class="left is-{}">{}</span>', told.tone, told.text)

    def value_state(self, record: Payment) -> str:
        return standing_of(record).text


class PaymentFilters(ListFilters):
    """What waits for finance, unless others are asked for. Wants `reach`."""

    q = words(gettext_lazy("Order no. or payer"), longest=40, method="find")
    state = one_of(
        gettext_lazy("State"),
        DECIDED,
        unless=pgettext_lazy("payments", "to confirm"),
        method="in_state",
    )
    method = one_of(gettext_lazy("Paid by"), Method.choices)
    store = one_of(gettext_lazy("Store"), field_name="order__store")

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, {"store": store_choices(reach)})

    def filter_queryset(self, payments: QuerySet) -> QuerySet:
        """What is to be confirmed, unless something else is asked for."""
        asked = self.form.cleaned_data
        if not asked.get("state") and not asked.get("q"):
            payments = to_confirm(payments)
        return super().filter_queryset(payments)

    def find(self, payments: QuerySet, name: str, value: str) -> QuerySet:
        return payments.filter(Q(order__number__icontains=value) | Q(payer__icontains=value))

    def in_state(self, payments: QuerySet, name: str, value: str) -> QuerySet:
        if value == ALL:
            return payments
        if value == "confirmed":
            return payments.filter(confirmed_at__isnull=False, returned_at=None)
        return payments.filter(returned_at__isnull=False)


PAYMENTS = ListPage(
    name="payments",
    table=PaymentTable,
    filters=PaymentFilters,
    sorts=(SortKey(name="taken", field="taken_at", kind=datetime, descends_first=True),),
)


class BillTable(ListTable):
    """One cheque or acceptance a row. Wants `may_move` and `today`."""

    may_move: bool
    today: date
    always = ("number",)
    at_first = ("number", "state", "due", "amount", "bank", "order", "store", "by", "act")

    number = tables.Column(verbose_name=gettext_lazy("Bill no."), attrs=on_card("name"))
    state = tables.Column(verbose_name=gettext_lazy("State"), attrs=on_card("end"))
    due = tables.Column(
        accessor="due_on", verbose_name=gettext_lazy("Due on"), attrs=on_card("under")
    )
    amount = tables.Column(
        accessor="payment__amount", verbose_name=gettext_lazy("Amount"),
        attrs=on_card("line", "num"),
    )  # fmt: skip
    kind = tables.Column(accessor="payment__method", verbose_name=gettext_lazy("Paid by"))
    bank = tables.Column(verbose_name=gettext_lazy("Bank"))
    order = tables.Column(accessor="payment__order__number", verbose_name=gettext_lazy("Order no."))
    store = tables.Column(
        accessor="payment__order__store__name", verbose_name=gettext_lazy("Store")
    )
    by = tables.Column(accessor="payment__taken_by__name", verbose_name=gettext_lazy("Taken by"))
    act = tables.Column(accessor="pk", verbose_name="", attrs=on_card("more"))

    def render_number(self, record: Bill) -> SafeString:
        return link(reverse("orders:receipt", args=[record.payment_id]), record.number)

    def value_number(self, record: Bill) -> str:
        return record.number

    def value_state(self, record: Bill) -> str:
        return record.get_state_display()

    def render_state(self, record: Bill) -> SafeString:
        """Late where it is still in hand though it has fallen due."""
        is_late = record.state == BillState.HELD and record.due_on < self.today
        tone = "late" if is_late or record.state == BillState.BOUNCED else "plain"
        return format_html('<span class="left is-{}">{}</span>', tone, self.value_state(record))

    def render_due(self, value: date) -> str:
        return value.isoformat()

    def render_amount(self, record: Bill) -> str:
        return money_text(record.payment.amount)

    def value_amount(self, record: Bill) -> Decimal:
        return record.payment.amount

    def render_kind(self, record: Bill) -> str:
        return record.payment.get_method_display()

    def render_bank(self, record: Bill) -> str:
        return mask_in_text(record.bank)

    def render_order(self, record: Bill) -> SafeString:
        of = record.payment.order
        return link(reverse("orders:order", args=[of.pk]), of.number)

    def value_order(self, record: Bill) -> str:
        return record.payment.order.number

    def render_act(self, record: Bill) -> str | SafeString:
        is_open = record.state in (BillState.HELD, BillState.DISCOUNTED)
        if not self.may_move or not is_open or record.payment.returned_at is not None:
            return ""
        url = reverse("orders:move_bill", args=[record.pk])
        return format_html('<a class="link" href="{}">{}</a>', url, _("Where is it now?"))

    def value_act(self, record: Bill) -> str:
        return ""


class BillFilters(ListFilters):
    """Bills in hand, unless others are asked for. Wants `reach`."""

    q = words(gettext_lazy("Bill no."), longest=40, field_name="number", lookup_expr="icontains")
    state = one_of(
        gettext_lazy("State"),
        [*BillState.choices[1:], (ALL, gettext_lazy("all"))],
        unless=pgettext_lazy("bills", "in hand"),
        method="in_state",
    )
    store = one_of(gettext_lazy("Store"), field_name="payment__order__store")

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, {"store": store_choices(reach)})

    def filter_queryset(self, bills: QuerySet) -> QuerySet:
        """What is in hand, unless something else is asked for."""
        asked = self.form.cleaned_data
        if not asked.get("state") and not asked.get("q"):
            bills = in_hand(bills)
        return super().filter_queryset(bills)

    def in_state(self, bills: QuerySet, name: str, value: str) -> QuerySet:
        return bills if value == ALL else bills.filter(state=value)


BILLS = ListPage(
    name="bills",
    table=BillTable,
    filters=BillFilters,
    sorts=(SortKey(name="due", field="due_on", kind=date),),
)
