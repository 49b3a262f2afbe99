"""The list of violations: who, when, what; no amount belongs here (FIL-39)."""

from datetime import date, datetime, timedelta
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.days import date_text
from core.listing import ListFilters, ListPage, ListTable, SortKey, offer, on_card, one_of
from core.phones import mask_in_text
from filings.models import Violation
from filings.queries.violations import WEEK, SeenViolation, in_week, of_open, week_of
from filings.states import ViolationKind
from staff.lists import within_choice
from staff.scope import Reach, visible_people, visible_stores

ALL = "all"
WEEKS = 12


def week_text(monday: date, *, today: date) -> str:
    """16 Nov – 22 Nov."""
    last = monday + timedelta(days=6)
    return f"{date_text(monday, today=today)} – {date_text(last, today=today)}"


class ViolationTable(ListTable):
    """One occurrence a row. Wants `may_clear`."""

    may_clear: bool
    always = ("kind",)
    at_first = ("moment", "kind", "person", "store", "customer", "filing", "noted", "cleared")

    moment = tables.Column(verbose_name=gettext_lazy("When"), attrs=on_card("under"))
    kind = tables.Column(verbose_name=pgettext_lazy("violation", "What"), attrs=on_card("name"))
    person = tables.Column(
        accessor="person__name",
        verbose_name=pgettext_lazy("violation", "Who"),
        attrs=on_card("line"),
    )
    store = tables.Column(accessor="store__name", verbose_name=gettext_lazy("Store"))
    customer = tables.Column(
        accessor="customer__name", verbose_name=gettext_lazy("Customer"), attrs=on_card("more")
    )
    filing = tables.Column(accessor="filing_id", verbose_name=gettext_lazy("Filing"))
    noted = tables.Column(accessor="noted_at", verbose_name=gettext_lazy("Noted"))
    cleared = tables.Column(
        accessor="cleared_at",
        verbose_name=pgettext_lazy("violation", "Cleared"),
        empty_values=(),
        attrs=on_card("end"),
    )

    def render_moment(self, value: datetime) -> str:
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")

    render_noted = render_moment

    def value_kind(self, record: Violation) -> str:
        return record.get_kind_display()

    def render_customer(self, record: SeenViolation) -> str | SafeString:
        """The card, where the reader sees it; else that there is one."""
        if not record.is_within:
            return _("out of your reach")
        url = reverse("desk:customer", args=[record.customer_id])
        return format_html('<a class="fig" href="{}">{}</a>', url, record.customer.shown_name)

    def value_customer(self, record: SeenViolation) -> str:
        return record.customer.shown_name if record.is_within else ""

    def render_filing(self, record: Violation) -> str | SafeString:
        if record.filing is None:
            return "–"
        url = reverse("filings:detail", args=[record.filing_id])
        return format_html('<a class="fig" href="{}">{}</a>', url, record.filing.number)

    def value_filing(self, record: Violation) -> str:
        return record.filing.number if record.filing else ""

    def render_cleared(self, record: Violation) -> str | SafeString:
        if record.cleared_at is None:
            if not self.may_clear:
                return "–"
            url = reverse("filings:clear_violation", args=[record.pk])
            return format_html('<a class="link" href="{}">{}</a>', url, _("Clear"))
        who = record.cleared_by.name if record.cleared_by else ""
        return f"{who}: {mask_in_text(record.clear_note)}"

    def value_cleared(self, record: Violation) -> str:
        if record.cleared_at is None:
            return ""
        return f"{record.cleared_by}: {mask_in_text(record.clear_note)}"


class ViolationFilters(ListFilters):
    """What the list is narrowed by. Wants `reach` and `today`."""

    week = one_of(gettext_lazy("Week"), unless=pgettext_lazy("week", "this one"), method="of_week")
    kind = one_of(pgettext_lazy("violation", "What"), ViolationKind.choices)
    person = one_of(pgettext_lazy("violation", "Who"))
    store = one_of(gettext_lazy("Store"))
    state = one_of(
        gettext_lazy("State"),
        [("cleared", pgettext_lazy("violation", "Cleared")), (ALL, gettext_lazy("all"))],
        unless=gettext_lazy("those that count"),
        method="in_state",
    )

    def __init__(self, *args: Any, reach: Reach, today: date, **kwargs: Any) -> None:
        self.reach, self.today = reach, today
        super().__init__(*args, **kwargs)
        offer(self, {"week": self._weeks, "person": self._people, "store": self._stores})

    @property
    def _weeks(self) -> list[tuple[str, str]]:
        this = week_of(self.today)
        past = [this - WEEK * back for back in range(1, WEEKS)]
        weeks = [(day.isoformat(), week_text(day, today=self.today)) for day in past]
        return [*weeks, (ALL, _("all"))]

    @property
    def _people(self) -> list[tuple[str, str]]:
        people = visible_people(self.reach)
        if self.reach.sees_all:
            asked = {**self.data.dict(), "keeper": self.data.get("person") or ""}
            people = within_choice(people, asked)
        rows = people.order_by("-is_active", "name", "pk").values_list("pk", "name")
        return [(str(pk), name) for pk, name in rows]

    @property
    def _stores(self) -> list[tuple[str, str]]:
        stores = visible_stores(self.reach).order_by("code").values_list("pk", "name")
        return [(str(pk), name) for pk, name in stores]

    def filter_queryset(self, violations: QuerySet) -> QuerySet:
        """This week's that count, unless others are asked for."""
        asked = self.form.cleaned_data
        if not asked.get("week"):
            violations = in_week(violations, week_of(self.today))
        if not asked.get("state"):
            violations = of_open(violations)
        return super().filter_queryset(violations)

    def of_week(self, violations: QuerySet, name: str, value: str) -> QuerySet:
        if value == ALL:
            return violations
        return in_week(violations, date.fromisoformat(value))

    def in_state(self, violations: QuerySet, name: str, value: str) -> QuerySet:
        if value == ALL:
            return violations
        return violations.filter(cleared_at__isnull=False)


VIOLATIONS = ListPage(
    name="violations",
    table=ViolationTable,
    filters=ViolationFilters,
    sorts=(
        SortKey(name="moment", field="moment", kind=datetime, descends_first=True),
        SortKey(name="noted", field="noted_at", kind=datetime, descends_first=True),
    ),
)
