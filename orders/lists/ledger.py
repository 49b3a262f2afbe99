"""The order ledger (订单管理台帐, forms 2.9): its columns, how each is drawn and by what sorted."""

from datetime import date
from decimal import Decimal

import django_tables2 as tables
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.amounts import money_text
from core.listing import ListPage, ListTable, SortKey, on_card
from core.phones import mask_in_text
from orders.lists.ledger_filters import LedgerFilters
from orders.queries.completion import standing_of
from orders.queries.ledger import LedgerOrder
from orders.rules.completion import pay_state
from orders.showing.completion import badge, colour_of
from orders.showing.rows import NOTHING, customer_of, goods_of
from orders.states import DelayCause, IncidentKind

_NUM = {"th": {"class": "num"}, "td": {"class": "num"}}
_CALC = {"th": {"class": "calc"}, "td": {"class": "calc"}}
_CALC_NUM = {"th": {"class": "num calc"}, "td": {"class": "num calc"}}


def _column(label: object, **more) -> tables.Column:
    """A column of which the value is worked out by a method of the table."""
    return tables.Column(verbose_name=label, empty_values=(), **more)


class LedgerTable(ListTable):
    """One order a row. Wants `today`; the rows come from `queries.ledger.for_ledger`."""

    today: date
    always: tuple[str, ...] = ("colour", "number")
    at_first: tuple[str, ...] = (
        "colour", "number", "day", "customer", "goods", "seller", "amount", "paid", "balance",
        "promised", "planned", "submitted", "arrived", "notes",
    )  # fmt: skip
    computed: tuple[str, ...] = (
        "colour", "phone", "goods", "paid", "balance", "pay", "submitted", "arrived", "notes",
    )  # fmt: skip
    kinds = {
        "amount": "money", "paid": "money", "balance": "money", "submitted": "ratio",
        "arrived": "ratio", "day": "date", "promised": "date", "wished": "date",
        "planned": "date", "delivered": "date",
    }  # fmt: skip

    colour = _column(gettext_lazy("How far"), attrs=on_card("end", "calc"))
    number = _column(gettext_lazy("Order no."), attrs=on_card("name"))
    day = tables.Column(accessor="ordered_on", verbose_name=gettext_lazy("Ordered on"))
    seller = tables.Column(accessor="seller__name", verbose_name=gettext_lazy("Consultant"))
    store = tables.Column(accessor="store__name", verbose_name=gettext_lazy("Store"))
    customer = _column(gettext_lazy("Customer"), attrs=on_card("line"))
    phone = _column(gettext_lazy("Phone"), attrs=_CALC)
    address = _column(gettext_lazy("Address"))
    goods = _column(gettext_lazy("Goods"), attrs=on_card("more", "calc"))
    amount = tables.Column(verbose_name=gettext_lazy("Amount"), attrs=_NUM)
    paid = tables.Column(verbose_name=pgettext_lazy("amount", "Paid"), attrs=_CALC_NUM)
    balance = _column(gettext_lazy("Balance"), attrs=on_card("under", "num calc"))
    pay = _column(pgettext_lazy("how far paid", "Payment"), attrs=_CALC)
    promised = tables.Column(accessor="promised_on", verbose_name=gettext_lazy("Promised"))
    wished = tables.Column(accessor="wished_on", verbose_name=gettext_lazy("Wished"))
    planned = _column(gettext_lazy("Planned delivery"))
    cause = _column(gettext_lazy("Moved because"))
    delivered = tables.Column(accessor="delivered_on", verbose_name=gettext_lazy("Delivered on"))
    submitted = _column(gettext_lazy("Submitted"), attrs=_CALC_NUM)
    arrived = _column(gettext_lazy("Arrived"), attrs=_CALC_NUM)
    designer = _column(gettext_lazy("Designer"))
    terms = tables.Column(verbose_name=gettext_lazy("Terms"))
    notes = _column(gettext_lazy("To note"), attrs=_CALC)
    remark = _column(gettext_lazy("Remark"))

    @cached_property
    def _orders(self) -> str:
        """Where orders stand: asked once, not once a row."""
        return reverse("orders:order", args=[0]).removesuffix("0/")

    def render_colour(self, record: LedgerOrder) -> SafeString:
        return badge(standing_of(record, today=self.today))

    def value_colour(self, record: LedgerOrder) -> str:
        found = colour_of(standing_of(record, today=self.today))
        return f"{found.word} ({found.why})" if found.why else found.word

    def render_number(self, record: LedgerOrder) -> SafeString:
        return format_html(
            '<a class="fig" href="{}{}/">{}</a>', self._orders, record.pk, record.number
        )

    def value_number(self, record: LedgerOrder) -> str:
        return record.number

    def render_customer(self, record: LedgerOrder) -> str:
        return customer_of(record)

    value_customer = render_customer

    def render_phone(self, record: LedgerOrder) -> str:
        return (record.phone if record.is_card_seen else None) or NOTHING

    value_phone = render_phone

    def render_address(self, record: LedgerOrder) -> str:
        return mask_in_text(record.address) or NOTHING

    value_address = render_address

    def render_goods(self, record: LedgerOrder) -> str:
        return goods_of(record)

    value_goods = render_goods

    def render_amount(self, value: Decimal) -> str:
        return money_text(value)

    def value_amount(self, record: LedgerOrder) -> Decimal | None:
        return record.amount

    def render_paid(self, record: LedgerOrder) -> str:
        return money_text(record.paid) if record.paid else NOTHING

    def value_paid(self, record: LedgerOrder) -> Decimal:
        return record.paid

    def render_balance(self, record: LedgerOrder) -> str:
        balance = self.value_balance(record)
        return NOTHING if balance is None else money_text(balance)

    def value_balance(self, record: LedgerOrder) -> Decimal | None:
        return None if record.amount is None else record.amount - record.paid

    def render_pay(self, record: LedgerOrder) -> str:
        found = pay_state(amount=record.amount, paid=record.paid, due_before=record.due_before)
        return str(found.label)

    value_pay = render_pay

    def render_planned(self, record: LedgerOrder) -> SafeString | str:
        """The day planned now; where it was moved, why it was moved last."""
        if record.current_on is None:
            return NOTHING
        if not record.cause:
            return record.current_on.isoformat()
        cause = DelayCause(record.cause).label
        return format_html("{} <small>{}</small>", record.current_on.isoformat(), cause)

    def value_planned(self, record: LedgerOrder) -> date | None:
        return record.current_on

    def render_cause(self, record: LedgerOrder) -> str:
        return str(DelayCause(record.cause).label) if record.cause else NOTHING

    value_cause = render_cause

    def render_submitted(self, record: LedgerOrder) -> str:
        return _part(record.lines_submitted, record.lines_all)

    def value_submitted(self, record: LedgerOrder) -> Decimal | None:
        return _share(record.lines_submitted, record.lines_all)

    def render_arrived(self, record: LedgerOrder) -> str:
        return _part(record.lines_arrived, record.lines_all)

    def value_arrived(self, record: LedgerOrder) -> Decimal | None:
        return _share(record.lines_arrived, record.lines_all)

    def render_designer(self, record: LedgerOrder) -> str:
        return mask_in_text(record.designer.name) if record.designer else NOTHING

    value_designer = render_designer

    def render_notes(self, record: LedgerOrder) -> str:
        """A floor sample that was sold, and what went wrong and is not mended."""
        told = [_("Floor sample")] if record.is_floor_sample else []
        if record.incident:
            told.append(str(IncidentKind(record.incident).label))
        return _(", ").join(told) or NOTHING

    value_notes = render_notes

    def render_remark(self, record: LedgerOrder) -> str:
        return mask_in_text(record.remark) or NOTHING

    value_remark = render_remark


def _part(part: int, whole: int) -> str:
    """2/3 67 %: how many lines, and what share of them."""
    return f"{part}/{whole} {part * 100 // whole} %" if whole else NOTHING


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if whole else None


LEDGER = ListPage(
    name="orders",
    table=LedgerTable,
    filters=LedgerFilters,
    sorts=(
        SortKey(name="day", field="ordered_on", kind=date, descends_first=True),
        SortKey(name="planned", field="current_on", kind=date, nullable=True),
        SortKey(name="amount", field="amount", kind=Decimal, nullable=True, nulls_first=True,
                descends_first=True),
    ),
)  # fmt: skip
