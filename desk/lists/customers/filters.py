"""By what the customer list is narrowed."""

from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.listing import ListFilters, by_link, offer, one_of, words
from customers.queries import IsAmong, all_tags, matching, tagged_with
from customers.queries.completing import ANYTHING, lacking
from customers.states import Grade, IntentLevel, Source, ToComplete
from orders.queries.value import who_ordered
from staff.lists import chosen_number, within_choice
from staff.scope import Reach, visible_people, visible_stores
from staff.states import STORE_BOUND_ROLES, Level, Trade

WEEK = timedelta(days=7)
YEAR = timedelta(days=365)
NOBODY = "none"
WORTH = (10_000, 50_000, 200_000)
ORDERED = (1, 2, 3, 5)


class CustomerFilters(ListFilters):
    """What the list is narrowed by. Wants `reach`; it decides which choices there are. Of the
    customers of one store (`of_store`) none other is offered, and no keeper of another one.
    """

    q = words(
        gettext_lazy("Name, phone, address"),
        hint=gettext_lazy("Name, pinyin, whole number or last four, address"),
        method="find",
    )
    scope = by_link(gettext_lazy("Whose"), method="in_scope")
    grade = one_of(gettext_lazy("Grade"), Grade.choices)
    intent = one_of(gettext_lazy("Intent level"))
    keeper = one_of(gettext_lazy("Keeper"), method="kept_by")
    store = one_of(gettext_lazy("Store"))
    source = one_of(gettext_lazy("Source"), Source.choices)
    due = one_of(
        gettext_lazy("Next contact"),
        [
            ("late", gettext_lazy("overdue")),
            ("today", gettext_lazy("today")),
            ("week", gettext_lazy("within 7 days")),
            ("none", gettext_lazy("none agreed")),
        ],
        method="due_then",
    )

    bought = one_of(
        gettext_lazy("Bought"),
        [
            ("year", gettext_lazy("within a year")),
            ("before", gettext_lazy("longer ago")),
            ("ever", gettext_lazy("ever")),
            ("never", gettext_lazy("never")),
        ],
        method="bought_then",
    )
    worth = one_of(
        gettext_lazy("Bought, total"),
        [(str(amount), f"¥{amount:,}+") for amount in WORTH],
        method="bought_for",
    )
    orders = one_of(
        gettext_lazy("Orders"),
        [("0", gettext_lazy("none yet")), *((str(times), f"{times}+") for times in ORDERED)],
        method="ordered_so_often",
    )
    tag = one_of(gettext_lazy("Tag"), method="with_tag")

    missing = one_of(
        gettext_lazy("Missing"),
        [(ANYTHING, gettext_lazy("anything")), *ToComplete.choices],
        method="without",
    )

    def __init__(
        self,
        *args: Any,
        reach: Reach,
        today: date,
        tags: list[tuple[str, str]] | None = None,
        of_store: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.reach, self.today, self._known_tags = reach, today, tags
        self.of_store = of_store
        super().__init__(*args, **kwargs)
        offer(self, self._offered(), fewest={"tag": 1, "keeper": 1})
        if reach.sees_all and not of_store and not chosen_number(self.data, "store"):
            self.filters["keeper"].extra["empty_label"] = _("all (choose a store first)")

    def _offered(self) -> dict[str, list[tuple[str, str]]]:
        """The choices that depend on who asks; a filter with fewer than two is left out."""
        return {
            "scope": self.scopes,
            "keeper": self._keepers,
            "store": self._stores,
            "intent": self._intents,
            "tag": self._tags,
        }

    @property
    def _tags(self) -> list[tuple[str, str]]:
        if self._known_tags is None:
            return [(str(tag.pk), tag.name) for tag in all_tags()]
        return self._known_tags

    @property
    def _intents(self) -> list[tuple[str, str]]:
        """How soon people mean to buy is asked in car stores alone (GRD-12)."""
        if self.reach.sees_all:
            sells_cars = any(trade == Trade.CARS for _pk, _name, trade in self._all_stores)
        elif self.reach.leads_stores:
            sells_cars = any(trade == Trade.CARS for *_rest, trade in self._people)
        else:
            sells_cars = visible_stores(self.reach).filter(trade=Trade.CARS).exists()
        return [(each.value, str(each.label)) for each in IntentLevel] if sells_cars else []

    @cached_property
    def _all_stores(self) -> list[tuple[int, str, str]]:
        """Every store with its trade: one query for two filters."""
        stores = visible_stores(self.reach).order_by("code")
        return list(stores.values_list("pk", "name", "trade"))

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
    def _people(self) -> list[tuple[int, str, int, str, str]]:
        """Those who keep customers, with their stores: one query for three filters."""
        if not self.reach.leads_stores:
            return []
        people = visible_people(self.reach).filter(role__in=STORE_BOUND_ROLES)
        if self.of_store:
            people = people.filter(store=self.of_store)
        elif self.reach.sees_all:
            people = within_choice(people, self.data)
        return list(
            people.order_by("-is_active", "store__code", "name", "pk").values_list(
                "pk", "name", "store", "store__name", "store__trade"
            )
        )

    @property
    def _keepers(self) -> list[tuple[str, str]]:
        people = [(str(pk), name) for pk, name, *_store in self._people]
        return [*people, (NOBODY, _("nobody"))] if self.reach.leads_stores else []

    @property
    def _stores(self) -> list[tuple[str, str]]:
        if self.of_store:
            return []
        if self.reach.sees_all:
            return [(str(pk), name) for pk, name, _trade in self._all_stores]
        within = self.reach.store_ids
        theirs = {pk: name for _pk, _name, pk, name, _trade in self._people if pk in within}
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

    def without(self, customers: QuerySet, name: str, value: str) -> QuerySet:
        """Cards that are still without something (DAT-04)."""
        return customers.filter(lacking(value))

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

    def bought_then(self, customers: QuerySet, name: str, value: str) -> QuerySet:
        a_year_ago = self.today - YEAR
        return {
            "year": customers.filter(last_bought_on__gte=a_year_ago),
            "before": customers.filter(last_bought_on__lt=a_year_ago),
            "ever": customers.filter(last_bought_on__isnull=False),
            "never": customers.filter(last_bought_on=None),
        }[value]

    def bought_for(self, customers: QuerySet, name: str, value: str) -> QuerySet:
        return customers.filter(bought_total__gte=int(value))

    def ordered_so_often(self, customers: QuerySet, name: str, value: str) -> QuerySet:
        return who_ordered(customers, at_least=int(value))

    def with_tag(self, customers: QuerySet, name: str, value: str) -> QuerySet:
        return customers.filter(IsAmong("pk", tagged_with(int(value))))
