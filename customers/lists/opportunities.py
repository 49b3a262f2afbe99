"""The list of opportunities: what the board shows, as rows to filter, sort and count."""

from datetime import date, datetime, timedelta
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
from django.utils.translation import gettext_lazy, pgettext

from core.amounts import money_text
from core.calendars import add_months
from core.days import date_text
from core.listing import (
    ListFilters,
    ListPage,
    ListTable,
    SortKey,
    by_link,
    offer,
    on_card,
    one_of,
    words,
)
from core.phones import mask_in_text
from core.time_left import TimeLeft
from customers.models import Customer, Opportunity
from customers.queries.finding import IsAmong, matching
from customers.queries.opportunities import chance_on
from customers.showing.opportunities import days_in_stage, due_of, percent, what_of
from customers.states import StageKind
from staff.lists import chosen_number, within_choice
from staff.scope import Reach, visible_people, visible_stores
from staff.states import STORE_BOUND_ROLES, Level
from stock.models import Brand

ALL = "all"


NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}


@lru_cache(maxsize=1024)
def _badge(due: TimeLeft) -> SafeString:
    return render_to_string("components/time_left.html", {"due": due})


class OpportunityTable(ListTable):
    """One opportunity a row. Wants `today`."""

    today: date
    always = ("grade", "customer")
    at_first = (
        "grade", "customer", "what", "stage", "amount", "chance", "expected", "days", "keeper",
        "store",
    )  # fmt: skip

    grade = tables.Column(
        accessor="customer__grade", verbose_name=gettext_lazy("Grade"), attrs=on_card("lead")
    )
    customer = tables.Column(
        accessor="customer__name", verbose_name=gettext_lazy("Customer"), attrs=on_card("name")
    )
    what = tables.Column(accessor="pk", verbose_name=gettext_lazy("Product"), attrs=on_card("line"))
    stage = tables.Column(accessor="stage__name_en", verbose_name=gettext_lazy("Stage"))
    amount = tables.Column(verbose_name=gettext_lazy("Amount"), attrs=NUMBER)
    chance = tables.Column(accessor="pk", verbose_name=gettext_lazy("Chance"), attrs=NUMBER)
    expected = tables.Column(
        accessor="expected_on",
        verbose_name=gettext_lazy("Expected on"),
        empty_values=(),
        attrs=on_card("end"),
    )
    days = tables.Column(
        accessor="staged_at",
        verbose_name=gettext_lazy("In this stage"),
        attrs={"th": {"class": "num"}, **on_card("under", "num")},
    )
    keeper = tables.Column(accessor="owner__name", verbose_name=gettext_lazy("Keeper"))
    store = tables.Column(accessor="store__name", verbose_name=gettext_lazy("Store"))
    competitor = tables.Column(verbose_name=gettext_lazy("Competitor"))
    opened = tables.Column(accessor="opened_at", verbose_name=gettext_lazy("Opened on"))
    closed = tables.Column(accessor="closed_at", verbose_name=gettext_lazy("Closed on"))

    @cached_property
    def _pages(self) -> str:
        """Where the pages lie: reversing the address anew in each row costs more than the row."""
        return reverse("customers:opportunity", args=[0]).removesuffix("0/")

    def render_grade(self, record: Opportunity) -> SafeString:
        corner = '<span class="grade" data-g="{0}"><span class="unseen">{1} </span>{0}</span>'
        return format_html(corner, record.customer.grade, _("Grade"))

    def value_grade(self, record: Opportunity) -> str:
        return record.customer.grade

    def render_customer(self, record: Opportunity) -> SafeString:
        name = record.customer.shown_name
        return format_html('<a class="fig" href="{}{}/">{}</a>', self._pages, record.pk, name)

    def value_customer(self, record: Opportunity) -> str:
        return record.customer.shown_name

    def render_what(self, record: Opportunity) -> SafeString:
        """A phone has one line for product, stage and amount."""
        more = [record.stage.name, *([money_text(record.amount)] if record.amount else [])]
        return format_html(
            '{}<span class="phone-only"> · {}</span>', what_of(record), " · ".join(more)
        )

    def value_what(self, record: Opportunity) -> str:
        return what_of(record)

    def value_stage(self, record: Opportunity) -> str:
        return record.stage.name

    def render_stage(self, record: Opportunity) -> str:
        return record.stage.name

    def render_amount(self, record: Opportunity) -> str:
        return money_text(record.amount) if record.amount is not None else "–"

    def value_amount(self, record: Opportunity) -> object:
        return record.amount

    def render_chance(self, record: Opportunity) -> str:
        return percent(chance_on(record).share)

    def render_expected(self, record: Opportunity) -> SafeString:
        """The day, and how long past it is."""
        day, due = record.expected_on, due_of(record, today=self.today)
        if day is None:
            return format_html('<span class="mute">{}</span>', _("no day"))
        text = date_text(day, today=self.today)
        if due is None:
            return format_html("{}", text)
        return format_html("{} {}", text, _badge(due))

    def value_expected(self, record: Opportunity) -> date | None:
        return record.expected_on

    def render_days(self, record: Opportunity) -> str:
        return days_in_stage(record, today=self.today)

    def value_days(self, record: Opportunity) -> int:
        return (self.today - timezone.localdate(record.staged_at)).days

    def render_competitor(self, value: str) -> str:
        return mask_in_text(value)

    value_competitor = render_competitor

    def render_opened(self, record: Opportunity) -> str:
        return timezone.localdate(record.opened_at).isoformat()

    def render_closed(self, record: Opportunity) -> str:
        return timezone.localdate(record.closed_at).isoformat() if record.closed_at else "–"


class OpportunityFilters(ListFilters):
    """What the list is narrowed by. Wants `reach`, `today`, and `stages` (those of the reader)."""

    q = words(
        gettext_lazy("Customer, product"),
        hint=gettext_lazy("Customer, phone, product"),
        method="find",
    )
    scope = by_link(gettext_lazy("Whose"), method="in_scope")
    state = one_of(
        gettext_lazy("State"),
        [
            (StageKind.WON, StageKind.WON.label),
            (StageKind.LOST, StageKind.LOST.label),
            (ALL, gettext_lazy("all")),
        ],
        unless=StageKind.OPEN.label,
        method="in_state",
    )
    stage = one_of(gettext_lazy("Stage"))
    expected = one_of(
        gettext_lazy("Expected"),
        [
            ("past", gettext_lazy("in the past")),
            ("this", gettext_lazy("this month")),
            ("next", gettext_lazy("next month")),
            ("none", gettext_lazy("no day")),
        ],
        method="expected_then",
    )
    closed = by_link(
        gettext_lazy("Closed on"), [("month", gettext_lazy("this month"))], method="closed_then"
    )
    keeper = one_of(gettext_lazy("Keeper"), field_name="owner")
    store = one_of(gettext_lazy("Store"))
    brand = one_of(gettext_lazy("Brand"))

    def __init__(self, *args: Any, reach: Reach, today: date, stages: list, **kwargs: Any) -> None:
        self.reach, self.today, self.stages = reach, today, stages
        super().__init__(*args, **kwargs)
        fewest = {"brand": 1, "keeper": 0 if reach.sees_all else 2}
        offer(self, self._offered(), fewest=fewest)
        if reach.sees_all and not chosen_number(self.data, "store"):
            self.filters["keeper"].extra["empty_label"] = _("all (choose a store first)")

    def _offered(self) -> dict[str, list[tuple[str, str]]]:
        """The choices that depend on who asks; a filter without a choice is left out."""
        return {
            "scope": self.scopes,
            "stage": [(str(stage.pk), stage.name) for stage in self.stages],
            "keeper": self._keepers,
            "store": self._stores,
            "brand": [
                (str(pk), name)
                for pk, name in Brand.objects.order_by("name").values_list("pk", "name")
            ],
        }

    @cached_property
    def scopes(self) -> list[tuple[str, str]]:
        """Me, my stores or all, as far as the asker's reach goes; the widest is the first."""
        return scopes_of(self.reach)

    @cached_property
    def _people(self) -> list[tuple[int, str, int, str]]:
        if not self.reach.leads_stores:
            return []
        people = visible_people(self.reach).filter(role__in=STORE_BOUND_ROLES)
        if self.reach.sees_all:
            people = within_choice(people, self.data)
        in_order = people.order_by("-is_active", "store__code", "name", "pk")
        return list(in_order.values_list("pk", "name", "store", "store__name"))

    @property
    def _keepers(self) -> list[tuple[str, str]]:
        return [(str(pk), name) for pk, name, *_store in self._people]

    @property
    def _stores(self) -> list[tuple[str, str]]:
        if self.reach.sees_all:
            stores = visible_stores(self.reach).order_by("code").values_list("pk", "name")
            return [(str(pk), name) for pk, name in stores]
        theirs = {pk: name for _pk, _name, pk, name in self._people if pk in self.reach.store_ids}
        return [(str(pk), name) for pk, name in theirs.items()]

    def filter_queryset(self, opportunities: QuerySet) -> QuerySet:
        """Open ones, unless a state or a stage is asked for."""
        asked = self.form.cleaned_data
        if not asked.get("state") and not asked.get("stage"):
            opportunities = opportunities.filter(state=StageKind.OPEN)
        return super().filter_queryset(opportunities)

    def find(self, opportunities: QuerySet, name: str, value: str) -> QuerySet:
        text = " ".join(value.split())
        whose = IsAmong("customer", matching(Customer.objects.all(), text).values("pk"))
        found = Q(whose)
        if not any(char.isdigit() for char in text):
            found |= Q(product__icontains=text)  # digits would spell out a number typed into it
        return opportunities.filter(found) if text else opportunities

    def in_scope(self, opportunities: QuerySet, name: str, value: str) -> QuerySet:
        mine = opportunities.filter(owner__in=self.reach.acts_for)
        return mine if value == "me" else opportunities

    def in_state(self, opportunities: QuerySet, name: str, value: str) -> QuerySet:
        return opportunities if value == ALL else opportunities.filter(state=value)

    def expected_then(self, opportunities: QuerySet, name: str, value: str) -> QuerySet:
        if value == "past":
            return opportunities.filter(expected_on__lt=self.today)
        if value == "none":
            return opportunities.filter(expected_on=None)
        begins = add_months(self.today.replace(day=1), 1 if value == "next" else 0)
        ends = add_months(begins, 1) - timedelta(days=1)
        return opportunities.filter(expected_on__gte=begins, expected_on__lte=ends)

    def closed_then(self, opportunities: QuerySet, name: str, value: str) -> QuerySet:
        return opportunities.filter(closed_at__gte=month_began(self.today))


def month_began(today: date) -> datetime:
    """The first moment of the month."""
    return timezone.make_aware(datetime.combine(today.replace(day=1), datetime.min.time()))


def scopes_of(reach: Reach) -> list[tuple[str, str]]:
    """Me, my stores or all, as far as this reach goes; the widest is the first."""
    widest = {
        Level.STORE: [("store", pgettext("scope", "Store"))],
        Level.ALL: [("all", _("All"))],
    }
    if not reach.may_serve and reach.level == Level.ALL:
        return []
    return [*widest.get(reach.level, []), ("me", pgettext("scope", "Me"))]


OPPORTUNITIES = ListPage(
    name="opportunities",
    table=OpportunityTable,
    filters=OpportunityFilters,
    sorts=(
        SortKey(name="expected", field="expected_on", kind=date, nullable=True),
        SortKey(name="days", field="staged_at", kind=datetime),
        SortKey(name="opened", field="opened_at", kind=datetime, descends_first=True),
        SortKey(
            name="closed", field="closed_at", kind=datetime, nullable=True, descends_first=True
        ),
    ),
)
