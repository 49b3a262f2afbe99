"""Data to complete (资料待完善): cards, and what each is still without."""

from datetime import date, datetime

import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from core.listing import ListPage, SortKey, on_card
from customers.models import Customer
from customers.queries.completing import ANYTHING, lacking
from desk.card.missing import words_of
from desk.lists.customers.filters import CustomerFilters
from desk.lists.customers.table import CustomerTable


class IncompleteTable(CustomerTable):
    """One card a row, with what is missing on it. Its rows carry `missing`."""

    always: tuple[str, ...] = ("grade", "name", "missing")
    at_first: tuple[str, ...] = ("grade", "name", "missing", "phone", "keeper", "store", "next")

    missing = tables.Column(verbose_name=gettext_lazy("Missing"), attrs=on_card("line", "wrap"))
    need = tables.Column(verbose_name=gettext_lazy("Need"), empty_values=(None, ""))

    def render_missing(self, record: Customer) -> str:
        return words_of(record.missing)  # type: ignore[attr-defined]


class IncompleteFilters(CustomerFilters):
    """What the list of cards to complete is narrowed by: anything missing unless one is named."""

    def filter_queryset(self, customers: QuerySet) -> QuerySet:
        if not self.form.cleaned_data.get("missing"):
            customers = customers.filter(lacking(ANYTHING))
        return super().filter_queryset(customers)


TO_COMPLETE = ListPage(
    name="to_complete",
    table=IncompleteTable,
    filters=IncompleteFilters,
    sorts=(
        SortKey(name="next", field="next_contact_on", kind=date, nullable=True),
        SortKey(name="registered", field="registered_at", kind=datetime, descends_first=True),
        SortKey(name="grade", field="grade", kind=str),
    ),
)
