"""The list of quotes."""

from datetime import datetime
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.amounts import money_text
from core.days import date_text, moment_text
from core.listing import ListFilters, ListPage, ListTable, SortKey, on_card, one_of, words
from core.phones import mask_in_text
from customers.queries import visible
from orders.models import Quote
from orders.showing.quotes import state_of
from orders.states import QuoteState
from staff.scope import Reach, visible_people

PAST = "past"


class QuoteTable(ListTable):
    """One quote a row. Wants `reach` and `now`."""

    reach: Reach
    now: datetime
    always = ("number",)
    at_first = ("number", "buyer", "amount", "quoted", "until", "state", "seller")

    number = tables.Column(verbose_name=gettext_lazy("Quote no."), attrs=on_card("name"))
    buyer = tables.Column(verbose_name=gettext_lazy("Customer"), attrs=on_card("line"))
    amount = tables.Column(verbose_name=gettext_lazy("Amount"), attrs=on_card("end"))
    quoted = tables.Column(
        accessor="quoted_at", verbose_name=gettext_lazy("Quoted at"), attrs=on_card("under")
    )
    until = tables.Column(accessor="valid_until", verbose_name=gettext_lazy("Valid until"))
    state = tables.Column(
        accessor="pk", verbose_name=pgettext_lazy("quote", "State"), attrs=on_card("more")
    )
    seller = tables.Column(accessor="seller__name", verbose_name=gettext_lazy("Quoted by"))
    store = tables.Column(accessor="store__name", verbose_name=gettext_lazy("Store"))

    @cached_property
    def _pages(self) -> str:
        return reverse("orders:quote", args=[0]).removesuffix("0/")

    def render_number(self, record: Quote) -> SafeString:
        return format_html(
            '<a class="fig" href="{}{}/">{}</a>', self._pages, record.pk, record.number
        )

    def render_buyer(self, value: str) -> str:
        return mask_in_text(value) or "–"

    def render_amount(self, record: Quote) -> str:
        return money_text(record.amount)

    def render_quoted(self, record: Quote) -> str:
        return moment_text(record.quoted_at, now=self.now)

    def render_until(self, record: Quote) -> str:
        return date_text(record.valid_until, today=timezone.localdate(self.now))

    def render_state(self, record: Quote) -> SafeString:
        word, tone = state_of(record, today=record.store.today(self.now))
        return format_html('<span class="{}">{}</span>', f"is-{tone}" if tone else "", word)


class QuoteFilters(ListFilters):
    """What the list is narrowed by. Wants `reach` and `now`."""

    q = words(
        gettext_lazy("Number of the quote, name"),
        hint=gettext_lazy("BJ-2603-000012, or the customer's name"),
        longest=60,
        method="find",
    )
    state = one_of(
        gettext_lazy("State"),
        [
            (QuoteState.OPEN, pgettext_lazy("quote", "Open")),
            (PAST, gettext_lazy("Past its last day")),
            (QuoteState.ORDERED, QuoteState.ORDERED.label),
            (QuoteState.DECLINED, QuoteState.DECLINED.label),
        ],
        method="in_state",
    )
    person = one_of(gettext_lazy("Quoted by"), field_name="seller")

    def __init__(self, *args: Any, reach: Reach, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach, self.now = reach, now
        people: list[tuple[str, str]] = []
        if reach.leads_stores:
            found = visible_people(reach).filter(quotes__isnull=False).distinct()
            rows = found.order_by("name", "pk").values_list("pk", "name")
            people = [(str(pk), name) for pk, name in rows]
        if len(people) < 2:
            del self.filters["person"]
        else:
            self.filters["person"].extra["choices"] = people

    def in_state(self, quotes: QuerySet, name: str, value: str) -> QuerySet:
        today = timezone.localdate(self.now)
        if value == PAST:
            return quotes.filter(state=QuoteState.OPEN, valid_until__lt=today)
        if value == QuoteState.OPEN:
            return quotes.filter(state=QuoteState.OPEN, valid_until__gte=today)
        return quotes.filter(state=value)

    def find(self, quotes: QuerySet, name: str, value: str) -> QuerySet:
        """By its number, by the name that was told, or by the card's where it may be seen."""
        own = Q(number__icontains=value) | Q(buyer__icontains=value)
        cards = Q(customer__name__icontains=value, customer__in=visible(self.reach))
        return quotes.filter(own | cards)

    class Meta:
        model = Quote
        fields: tuple[str, ...] = ()


QUOTES = ListPage(
    name="quotes",
    table=QuoteTable,
    filters=QuoteFilters,
    sorts=(SortKey(name="quoted", field="quoted_at", kind=datetime, descends_first=True),),
)
