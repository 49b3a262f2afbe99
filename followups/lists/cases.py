"""The list of service cases: whose clock runs, how long yet, who sees to it."""

from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.listing import ListFilters, ListPage, ListTable, SortKey, offer, on_card, one_of, words
from core.phones import mask_in_text
from core.time_left import TimeLeft
from customers.models import Customer
from customers.queries.finding import IsAmong, matching
from followups.models import Case
from followups.queries.cases import late
from followups.showing_cases import clock_of
from followups.states import RUNNING_CASES, CaseKind, CaseState
from staff.lists import chosen_number, within_choice
from staff.scope import SERVING_ROLES, Reach, visible_people, visible_stores

ALL = "all"
LONGEST = 60


@lru_cache(maxsize=1024)
def _badge(due: TimeLeft) -> SafeString:
    return render_to_string("components/time_left.html", {"due": due})


class CaseTable(ListTable):
    """One case a row. Wants `now`."""

    now: datetime
    always = ("customer",)
    at_first = ("number", "customer", "kind", "text", "due", "state", "assignee", "store", "opened")

    number = tables.Column(accessor="pk", verbose_name=gettext_lazy("No."))
    customer = tables.Column(
        accessor="customer__name", verbose_name=gettext_lazy("Customer"), attrs=on_card("name")
    )
    kind = tables.Column(verbose_name=gettext_lazy("Kind"))
    text = tables.Column(verbose_name=gettext_lazy("What it is about"), attrs=on_card("line"))
    due = tables.Column(
        accessor="due_at", verbose_name=gettext_lazy("Time left"), attrs=on_card("end")
    )
    state = tables.Column(verbose_name=gettext_lazy("State"))
    assignee = tables.Column(
        accessor="assignee__name", verbose_name=gettext_lazy("Seen to by"), attrs=on_card("under")
    )
    about = tables.Column(accessor="about__name", verbose_name=gettext_lazy("About"))
    store = tables.Column(accessor="store__name", verbose_name=gettext_lazy("Store"))
    opened = tables.Column(accessor="opened_at", verbose_name=gettext_lazy("Opened"))
    escalated = tables.Column(
        accessor="escalated_at", verbose_name=gettext_lazy("Reported up"), empty_values=(None,)
    )

    @cached_property
    def _pages(self) -> str:
        return reverse("followups:case", args=[0]).removesuffix("0/")

    def render_customer(self, record: Case) -> SafeString:
        name = record.customer.shown_name
        return format_html('<a class="fig" href="{}{}/">{}</a>', self._pages, record.pk, name)

    def value_customer(self, record: Case) -> str:
        return record.customer.shown_name

    def render_text(self, record: Case) -> SafeString:
        """A phone has one line for kind and words."""
        words = mask_in_text(record.text)
        short = words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
        kind = record.get_kind_display()
        return format_html('<span class="phone-only">{} · </span>{}', kind, short)

    def value_text(self, record: Case) -> str:
        return mask_in_text(record.text)

    def render_due(self, record: Case) -> SafeString:
        return _badge(clock_of(record, now=self.now))

    def value_due(self, record: Case) -> datetime:
        return record.due_at

    def render_assignee(self, record: Case) -> str:
        return record.assignee.name if record.assignee else _("nobody")

    value_assignee = render_assignee

    def render_opened(self, value: datetime) -> str:
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")

    render_escalated = render_opened


class CaseFilters(ListFilters):
    """What the list is narrowed by. Wants `reach` and `now`."""

    q = words(
        gettext_lazy("Customer, number"),
        hint=gettext_lazy("Customer, phone, number of the case"),
        method="find",
    )
    kind = one_of(gettext_lazy("Kind"), CaseKind.choices)
    state = one_of(
        gettext_lazy("State"),
        [
            (CaseState.PAUSED, CaseState.PAUSED.label),
            (CaseState.SOLVED, gettext_lazy("solved, customer not asked yet")),
            (CaseState.CLOSED, CaseState.CLOSED.label),
            (CaseState.VOIDED, CaseState.VOIDED.label),
            (ALL, gettext_lazy("all")),
        ],
        unless=gettext_lazy("running"),
        method="in_state",
    )
    clock = one_of(
        gettext_lazy("Clock"),
        [
            ("late", gettext_lazy("past its clock")),
            ("up", gettext_lazy("reported up")),
            ("unanswered", gettext_lazy("not answered yet")),
        ],
        method="by_clock",
    )
    assignee = one_of(gettext_lazy("Seen to by"), method="of_assignee")
    about = one_of(gettext_lazy("About"))
    store = one_of(gettext_lazy("Store"))

    def __init__(self, *args: Any, reach: Reach, now: datetime, **kwargs: Any) -> None:
        self.reach, self.now = reach, now
        super().__init__(*args, **kwargs)
        people = self._people
        offered = {
            "assignee": [("me", _("me")), *people] if reach.may_serve else people,
            "about": people,
            "store": self._stores,
        }
        offer(self, offered)

    @cached_property
    def _people(self) -> list[tuple[str, str]]:
        if not self.reach.leads_stores:
            return []
        people = visible_people(self.reach).filter(role__in=SERVING_ROLES)
        if self.reach.sees_all:
            asked = {**self.data.dict(), "keeper": self.data.get("assignee") or ""}
            people = within_choice(people, asked)
        in_order = people.order_by("-is_active", "name", "pk")
        return [(str(pk), name) for pk, name in in_order.values_list("pk", "name")]

    @property
    def _stores(self) -> list[tuple[str, str]]:
        stores = visible_stores(self.reach).order_by("code").values_list("pk", "name")
        return [(str(pk), name) for pk, name in stores]

    def filter_queryset(self, cases: QuerySet) -> QuerySet:
        """Those that run, unless a state or words are asked for."""
        asked = self.form.cleaned_data
        if not asked.get("state") and not asked.get("q"):
            cases = cases.filter(state__in=RUNNING_CASES)
        return super().filter_queryset(cases)

    def find(self, cases: QuerySet, name: str, value: str) -> QuerySet:
        text = " ".join(value.split())
        if not text:
            return cases
        found = Q(IsAmong("customer", matching(Customer.objects.all(), text).values("pk")))
        number = chosen_number({"q": text.lstrip("#")}, "q")
        return cases.filter(found | Q(pk=number) if number else found)

    def in_state(self, cases: QuerySet, name: str, value: str) -> QuerySet:
        return cases if value == ALL else cases.filter(state=value)

    def by_clock(self, cases: QuerySet, name: str, value: str) -> QuerySet:
        if value == "late":
            return cases.filter(late(self.now))
        if value == "up":
            return cases.filter(escalated_at__isnull=False)
        return cases.filter(answered_at=None)

    def of_assignee(self, cases: QuerySet, name: str, value: str) -> QuerySet:
        if value != "me":
            return cases.filter(assignee=value)
        mine = Q(assignee=self.reach.person_id)
        for_others = Q(assignee__in=self.reach.assists) & ~Q(about=self.reach.person_id)
        return cases.filter(mine | for_others)


CASES = ListPage(
    name="cases",
    table=CaseTable,
    filters=CaseFilters,
    sorts=(
        SortKey(name="due", field="due_at", kind=datetime),
        SortKey(name="opened", field="opened_at", kind=datetime, descends_first=True),
    ),
)
