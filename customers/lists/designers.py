"""The list of designers: who keeps in touch, when next, whom they brought."""

from datetime import date
from functools import cached_property

import django_tables2 as tables
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from core.listing import ListFilters, ListPage, ListTable, SortKey, on_card, one_of, words
from core.phones import mask_in_text
from core.time_left import until_day
from customers.models import Designer
from customers.queries.designers import designers_matching


class DesignerTable(ListTable):
    """One designer a row. Wants `today`."""

    today: date
    always = ("name",)
    at_first = ("name", "company", "phone", "keeper", "next", "brought", "deals")

    name = tables.Column(verbose_name=gettext_lazy("Name"), attrs=on_card("name"))
    company = tables.Column(
        verbose_name=gettext_lazy("Company"), empty_values=(None, ""), attrs=on_card("line")
    )
    phone = tables.Column(
        accessor="masked", verbose_name=gettext_lazy("Phone"), empty_values=(None, "")
    )
    keeper = tables.Column(accessor="keeper__name", verbose_name=gettext_lazy("Keeper"))
    store = tables.Column(accessor="store__name", verbose_name=gettext_lazy("Store"))
    next = tables.Column(
        accessor="next_on", verbose_name=gettext_lazy("Next contact"), attrs=on_card("end")
    )
    brought = tables.Column(
        verbose_name=gettext_lazy("Brought"),
        attrs={"th": {"class": "num"}, **on_card("under", "num")},
    )
    deals = tables.Column(
        verbose_name=gettext_lazy("Bought"), attrs={"th": {"class": "num"}, "td": {"class": "num"}}
    )
    agreement = tables.Column(
        accessor="valid_until", verbose_name=gettext_lazy("Agreement until"), empty_values=(None,)
    )

    @cached_property
    def _pages(self) -> str:
        return reverse("customers:designer", args=[0]).removesuffix("0/")

    def render_name(self, record: Designer) -> SafeString:
        link = '<a class="fig" href="{}{}/">{}</a>'
        return format_html(link, self._pages, record.pk, mask_in_text(record.name))

    def render_company(self, value: str) -> str:
        return mask_in_text(value)

    def render_next(self, value: date) -> str:
        due = until_day(value, today=self.today)
        return render_to_string("components/time_left.html", {"due": due})

    def render_agreement(self, value: date) -> str:
        return value.isoformat()


class DesignerFilters(ListFilters):
    """By name or company, and whether they still work with us."""

    q = words(
        gettext_lazy("Name or company"),
        hint=gettext_lazy("Name, pinyin or company"),
        longest=60,
        method="find",
    )
    due = one_of(
        gettext_lazy("Next contact"),
        [("today", gettext_lazy("today or overdue"))],
        method="due_then",
    )
    state = one_of(
        gettext_lazy("State"),
        [("active", gettext_lazy("works with us")), ("gone", gettext_lazy("no longer"))],
        method="in_state",
    )

    def __init__(self, *args, today: date, **kwargs) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def find(self, designers: QuerySet, name: str, value: str) -> QuerySet:
        return designers_matching(designers, value)

    def due_then(self, designers: QuerySet, name: str, value: str) -> QuerySet:
        return designers.filter(next_on__lte=self.today, is_active=True)

    def in_state(self, designers: QuerySet, name: str, value: str) -> QuerySet:
        return designers.filter(is_active=value == "active")


DESIGNERS = ListPage(
    name="designers",
    table=DesignerTable,
    filters=DesignerFilters,
    sorts=(
        SortKey(name="next", field="next_on", kind=date, nullable=True),
        SortKey(name="name", field="search", kind=str),
    ),
)
