"""The customer list: what it shows, by what it is filtered and sorted."""

from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from core.fields import QuickSelect
from core.listing import ListPage, ListTable, SortKey
from core.phones import mask_in_text
from core.time_left import TimeLeft, until_day
from customers.models import Customer
from customers.queries import IsAmong, matching
from customers.states import Grade, Source, Title
from staff.scope import Reach, visible_people, visible_stores
from staff.states import STORE_BOUND_ROLES, Level

WEEK = timedelta(days=7)
NOBODY = "none"


def on_card(place: str, css: str = "") -> dict[str, dict[str, str]]:
    """A cell that stands at `place` of the card which a row is on a phone."""
    return {"td": {"data-card": place, "class": css}}


@lru_cache(maxsize=1024)
def _badge(due: TimeLeft | None) -> SafeString:
    """The same few words stand in all rows: each is drawn once."""
    return render_to_string("components/time_left.html", {"due": due})


@lru_cache(maxsize=1024)
def _two_ways(on_desk: str, on_phone: str) -> SafeString:
    return format_html(
        '<span class="desk-only">{}</span><span class="phone-only">{}</span>', on_desk, on_phone
    )


class CustomerTable(ListTable):
    """One customer a row. Wants `reader` (who reads: masked roles) and `today`."""

    reader: Reach
    today: date
    always = ("grade", "name")
    at_first = ("grade", "name", "phone", "need", "keeper", "store", "next", "last", "source")

    grade = tables.Column(verbose_name=gettext_lazy("Grade"), attrs=on_card("lead"))
    name = tables.Column(verbose_name=gettext_lazy("Name"), attrs=on_card("name"))
    phone = tables.Column(verbose_name=gettext_lazy("Phone"))
    need = tables.Column(
        verbose_name=gettext_lazy("Need"), empty_values=(None, ""), attrs=on_card("line")
    )
    keeper = tables.Column(accessor="owner__name", verbose_name=gettext_lazy("Keeper"))
    store = tables.Column(accessor="store__name", verbose_name=gettext_lazy("Store"))
    next = tables.Column(
        accessor="next_contact_on",
        verbose_name=gettext_lazy("Next contact"),
        empty_values=(),
        attrs=on_card("end"),
    )
    last = tables.Column(
        accessor="last_contact_at",
        verbose_name=gettext_lazy("Since contact"),
        empty_values=(),
        attrs={"th": {"class": "num"}, **on_card("under", "num")},
    )
    source = tables.Column(verbose_name=gettext_lazy("Source"))
    address = tables.Column(verbose_name=gettext_lazy("Address"), empty_values=(None, ""))
    expected = tables.Column(
        accessor="expected_purchase", verbose_name=gettext_lazy("Means to buy")
    )
    budget = tables.Column(verbose_name=gettext_lazy("Budget"))
    registered = tables.Column(accessor="registered_at", verbose_name=gettext_lazy("Registered on"))

    @cached_property
    def _cards(self) -> str:
        """Where the cards lie: reversing the address anew in each row costs more than the row."""
        return reverse("desk:customer", args=[0]).removesuffix("0/")

    @cached_property
    def _titles(self) -> dict[str, SafeString]:
        small = ' <small class="mute">{}</small>'
        return {"": SafeString(), **{each: format_html(small, each.label) for each in Title}}

    @cached_property
    def _grades(self) -> dict[str, SafeString]:
        corner = '<span class="grade" data-g="{0}"><span class="unseen">{1} </span>{0}</span>'
        return {each: format_html(corner, each.value, _("Grade")) for each in Grade}

    def render_grade(self, record: Customer) -> SafeString:
        return self._grades[record.grade]

    def value_grade(self, record: Customer) -> str:
        return record.grade

    def render_name(self, record: Customer) -> SafeString:
        return format_html(
            '<a class="fig" href="{}{}/">{}</a>{}',
            self._cards,
            record.pk,
            mask_in_text(record.name),
            self._titles[record.title],
        )

    def value_name(self, record: Customer) -> str:
        return f"{mask_in_text(record.name)} {record.get_title_display()}".strip()

    def render_need(self, value: str) -> str:
        return mask_in_text(value)

    value_need = render_address = value_address = render_budget = value_budget = render_need

    def render_next(self, record: Customer) -> SafeString:
        day = record.next_contact_on
        return _badge(until_day(day, today=self.today) if day else TimeLeft(_("none"), "plain"))

    def value_next(self, record: Customer) -> date | None:
        return record.next_contact_on

    def render_last(self, record: Customer) -> SafeString:
        """A bare figure under its heading; on a phone, where headings are missing, a sentence."""
        days = self.value_last(record)
        if days is None:
            return _two_ways(_("never"), _("never reached"))
        if days == 0:
            return _two_ways(_("today"), _("reached today"))
        count = {"count": days}
        return _two_ways(
            ngettext("%(count)s day", "%(count)s days", days) % count,
            ngettext("%(count)s day ago", "%(count)s days ago", days) % count,
        )

    def value_last(self, record: Customer) -> int | None:
        if record.last_contact_at is None:
            return None
        return (self.today - timezone.localdate(record.last_contact_at)).days

    def render_registered(self, record: Customer) -> str:
        return self.value_registered(record).isoformat()

    def value_registered(self, record: Customer) -> date:
        return timezone.localdate(record.registered_at)


class CustomerFilters(django_filters.FilterSet):
    """What the list is narrowed by. Wants `reach`; it decides which choices there are."""

    q = django_filters.CharFilter(
        label=gettext_lazy("Name, phone, address"),
        method="find",
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "placeholder": gettext_lazy("Name, pinyin, whole number or last four, address"),
            }
        ),
    )
    scope = django_filters.ChoiceFilter(
        method="in_scope", choices=[], widget=forms.HiddenInput, label=gettext_lazy("Whose")
    )
    grade = django_filters.ChoiceFilter(
        label=gettext_lazy("Grade"),
        choices=Grade.choices,
        widget=QuickSelect,
        empty_label=gettext_lazy("all"),
    )
    keeper = django_filters.ChoiceFilter(
        label=gettext_lazy("Keeper"),
        method="kept_by",
        choices=[],
        widget=QuickSelect,
        empty_label=gettext_lazy("all"),
    )
    store = django_filters.ChoiceFilter(
        label=gettext_lazy("Store"), choices=[], widget=QuickSelect, empty_label=gettext_lazy("all")
    )
    source = django_filters.ChoiceFilter(
        label=gettext_lazy("Source"),
        choices=Source.choices,
        widget=QuickSelect,
        empty_label=gettext_lazy("all"),
    )
    due = django_filters.ChoiceFilter(
        label=gettext_lazy("Next contact"),
        method="due_then",
        choices=[
            ("late", gettext_lazy("overdue")),
            ("today", gettext_lazy("today")),
            ("week", gettext_lazy("within 7 days")),
            ("none", gettext_lazy("none agreed")),
        ],
        widget=QuickSelect,
        empty_label=gettext_lazy("all"),
    )

    def __init__(self, *args: Any, reach: Reach, today: date, **kwargs: Any) -> None:
        self.reach, self.today = reach, today
        super().__init__(*args, **kwargs)
        for name, choices in self._offered().items():
            if len(choices) < 2:
                del self.filters[name]
            else:
                self.filters[name].extra["choices"] = choices

    def _offered(self) -> dict[str, list[tuple[str, str]]]:
        """The choices that depend on who asks; a filter with fewer than two is left out."""
        return {"scope": self.scopes, "keeper": self._keepers, "store": self._stores}

    @cached_property
    def scopes(self) -> list[tuple[str, str]]:
        """Me, my stores or all, as far as the asker's reach goes; the widest is the first."""
        widest = {
            Level.STORE: [("store", pgettext("scope", "Store"))],
            Level.ALL: [("all", _("All"))],
        }
        if not self.reach.may_serve and self.reach.level == Level.ALL:
            return []
        return [*widest.get(self.reach.level, []), ("me", pgettext("scope", "Me"))]

    @cached_property
    def _people(self) -> list[tuple[int, str, int, str]]:
        """Those who keep customers, with their stores: one query for two filters."""
        if not self.reach.leads_stores:
            return []
        people = visible_people(self.reach).filter(role__in=STORE_BOUND_ROLES)
        return list(
            people.order_by("-is_active", "store__code", "name", "pk").values_list(
                "pk", "name", "store", "store__name"
            )
        )

    @property
    def _keepers(self) -> list[tuple[str, str]]:
        people = [(str(pk), name) for pk, name, *_store in self._people]
        return [*people, (NOBODY, _("nobody"))] if people else []

    @property
    def _stores(self) -> list[tuple[str, str]]:
        if self.reach.sees_all:
            stores = visible_stores(self.reach).order_by("code").values_list("pk", "name")
            return [(str(pk), name) for pk, name in stores]
        theirs = {pk: name for _pk, _name, pk, name in self._people if pk in self.reach.store_ids}
        return [(str(pk), name) for pk, name in theirs.items()]

    def filter_queryset(self, customers: QuerySet) -> QuerySet:
        """Of a store's customers those that are asked for are found first and then put in order:
        else a rare kind is looked for through everybody, in the order of the list.
        """
        narrowed = super().filter_queryset(customers)
        said = {name for name, value in self.form.cleaned_data.items() if value}
        if self.reach.level == Level.STORE and said - {"q", "scope"}:
            return customers.filter(IsAmong("pk", narrowed.values("pk")))
        return narrowed

    def find(self, customers: QuerySet, name: str, value: str) -> QuerySet:
        return matching(customers, value)

    def in_scope(self, customers: QuerySet, name: str, value: str) -> QuerySet:
        return customers.filter(owner=self.reach.person_id) if value == "me" else customers

    def kept_by(self, customers: QuerySet, name: str, value: str) -> QuerySet:
        return customers.filter(owner=None if value == NOBODY else int(value))

    def due_then(self, customers: QuerySet, name: str, value: str) -> QuerySet:
        return {
            "late": customers.filter(next_contact_on__lt=self.today),
            "today": customers.filter(next_contact_on=self.today),
            "week": customers.filter(
                next_contact_on__gte=self.today, next_contact_on__lte=self.today + WEEK
            ),
            "none": customers.filter(next_contact_on=None),
        }[value]


CUSTOMERS = ListPage(
    name="customers",
    table=CustomerTable,
    filters=CustomerFilters,
    sorts=(
        SortKey(name="next", field="next_contact_on", kind=date, nullable=True),
        SortKey(
            name="last", field="last_contact_at", kind=datetime, nullable=True, nulls_first=True
        ),
        SortKey(name="registered", field="registered_at", kind=datetime, descends_first=True),
        SortKey(name="grade", field="grade", kind=str),
    ),
)
