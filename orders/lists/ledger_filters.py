"""By what the order ledger is narrowed (ORD-12), for its orders and for their lines alike."""

from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Exists, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from core.listing import ListFilters, by_link, day, offer, one_of, words
from core.phones import mask_in_text
from customers.models import Designer
from orders.queries import completion as colours
from orders.queries.deliveries import deliveries_between
from orders.queries.ledger import floor_samples, found_by, open_incidents
from orders.queries.visible import order_stores, sees_stores
from orders.states import OPEN_ORDERS, Completion, IncidentKind, OrderState, PayState, Terms
from staff.lists import chosen_number
from staff.models import Person
from staff.scope import Reach
from staff.states import STORE_BOUND_ROLES, Level

WEEK = timedelta(days=7)
OPEN = "open"
UNPAID = "unpaid"
COMPLETE = "complete"
MOST_DESIGNERS = 200


class LedgerFilters(ListFilters):
    """What the ledger is narrowed by. Wants `reach` and `today`; they decide what is offered."""

    q = words(
        gettext_lazy("Order no., customer, phone"),
        hint=gettext_lazy("Order no., name, whole number or last four"),
        method="find",
    )
    scope = by_link(gettext_lazy("Whose"), method="in_scope")
    colour = by_link(gettext_lazy("How far"), method="of_colour")
    lines = by_link(gettext_lazy("Each line"), [("yes", gettext_lazy("shown"))], method="keep")
    seller = one_of(gettext_lazy("Consultant"), method="sold_by")
    store = one_of(gettext_lazy("Store"))
    since = day(gettext_lazy("Ordered since"), method="in_period")
    until = day(gettext_lazy("until"), method="in_period")
    pay = one_of(
        pgettext_lazy("how far paid", "Payment"),
        [(UNPAID, gettext_lazy("not paid in full")), *PayState.choices],
        method="paid_so",
    )
    goods = one_of(
        gettext_lazy("Goods"),
        [
            ("unsubmitted", gettext_lazy("not all submitted")),
            ("awaited", gettext_lazy("not all here")),
            ("here", gettext_lazy("all here")),
            (COMPLETE, gettext_lazy("deliverable to completion")),
        ],
        method="with_goods",
    )
    due = one_of(
        gettext_lazy("Delivery"),
        [
            ("passed", gettext_lazy("day passed")),
            ("week", gettext_lazy("within 7 days")),
            ("month", gettext_lazy("within 30 days")),
            ("none", gettext_lazy("no day planned")),
        ],
        method="delivered_when",
    )
    planned_since = day(gettext_lazy("Planned since"), field_name="current_on", lookup_expr="gte")
    planned_until = day(
        pgettext_lazy("planned delivery", "until"), field_name="current_on", lookup_expr="lte"
    )
    delivered_since = day(gettext_lazy("Delivered since"), method="handed_over")
    delivered_until = day(pgettext_lazy("delivered", "until"), method="handed_over")
    designer = one_of(gettext_lazy("Designer"), method="of_designer")
    incident = one_of(
        gettext_lazy("Went wrong"),
        [("any", gettext_lazy("something, not mended")), *IncidentKind.choices],
        method="with_incident",
    )
    floor = one_of(
        gettext_lazy("Floor sample"), [("yes", gettext_lazy("with one"))], method="with_sample"
    )
    terms = one_of(gettext_lazy("Terms"), Terms.choices)

    def __init__(self, *args: Any, reach: Reach, today: date, **kwargs: Any) -> None:
        self.reach, self.today = reach, today
        self._is_wide = sees_stores(reach)
        self.months: QuerySet | None = None
        self.any_colour: QuerySet | None = None
        super().__init__(*args, **kwargs)
        asks_store = self._is_wide and not self._named_stores
        least = 0 if asks_store else 1
        offer(self, self._offered(), fewest={"seller": least, "designer": least})
        if asks_store:
            for name in ("seller", "designer"):
                self.filters[name].extra["empty_label"] = _("all (choose a store first)")

    def _offered(self) -> dict[str, list[tuple[str, str]]]:
        return {
            "scope": self.scopes,
            "colour": [
                (OPEN, pgettext("orders", "Open")),
                *((each.value, str(each.label)) for each in Completion),
            ],
            "seller": self._sellers,
            "store": [(str(pk), name) for pk, name in self._stores],
            "designer": self._designers,
        }

    @cached_property
    def scopes(self) -> list[tuple[str, str]]:
        """Me, my stores or all; the widest is the first."""
        if not self._is_wide or not self.reach.may_serve:
            return []
        wide = ("all", _("All")) if self.reach.level == Level.ALL else (
            "store", pgettext("scope", "Store")
        )  # fmt: skip
        return [wide, ("me", pgettext("scope", "Me"))]

    @cached_property
    def _stores(self) -> list[tuple[int, str]]:
        if not self._is_wide:
            return []
        return list(order_stores(self.reach, today=self.today).values_list("pk", "name"))

    @cached_property
    def _chosen_store(self) -> int | None:
        return chosen_number(self.data or {}, "store")

    @cached_property
    def _named_stores(self) -> list[int]:
        """Of which stores people and designers are offered: the chosen one, else the only one."""
        if self._chosen_store:
            return [self._chosen_store]
        return [pk for pk, _name in self._stores] if len(self._stores) == 1 else []

    @cached_property
    def _sellers(self) -> list[tuple[str, str]]:
        chosen = chosen_number(self.data or {}, "seller")
        if not self._is_wide or not (self._named_stores or chosen):
            return []
        people = Person.objects.filter(role__in=STORE_BOUND_ROLES, is_system=False)
        offered = people.filter(store__in=self._named_stores)
        if chosen:
            offered |= people.filter(pk=chosen)
        found = offered.order_by("-is_active", "name", "pk").values_list("pk", "name")
        return [(str(pk), name) for pk, name in found]

    @cached_property
    def _designers(self) -> list[tuple[str, str]]:
        designers = Designer.objects.all()
        chosen = chosen_number(self.data or {}, "designer")
        if self._is_wide and not (self._named_stores or chosen):
            return []
        if self._is_wide:
            offered = designers.filter(store__in=self._named_stores)
        else:
            offered = designers.filter(keeper__in=self.reach.acts_for)
        if chosen:
            offered |= designers.filter(pk=chosen)
        found = offered.order_by("-is_active", "name", "pk").values_list("pk", "name")
        return [(str(pk), mask_in_text(name)) for pk, name in found[:MOST_DESIGNERS]]

    def filter_queryset(self, orders: QuerySet) -> QuerySet:
        """The narrowed orders. `months` are the same without the days of their period, for what a
        month has come to (ORD-10); `any_colour` the same of all colours, for their counts.
        """
        late = ("since", "until")
        plain = [name for name in self.form.cleaned_data if name not in (*late, "colour")]
        base = self._narrowed(orders, *plain)
        months = self._narrowed(base, "colour")
        self.months, self.any_colour = months, self._narrowed(base, *late)
        return self._narrowed(months, *late)

    def _narrowed(self, orders: QuerySet, *names: str) -> QuerySet:
        for name in names:
            orders = self.filters[name].filter(orders, self.form.cleaned_data[name])
        return orders

    def find(self, orders: QuerySet, name: str, value: str) -> QuerySet:
        return found_by(orders, value, reach=self.reach)

    def keep(self, orders: QuerySet, name: str, value: str) -> QuerySet:
        """How the rows are drawn narrows nothing."""
        return orders

    def in_scope(self, orders: QuerySet, name: str, value: str) -> QuerySet:
        return orders.filter(seller=self.reach.person_id) if value == "me" else orders

    def sold_by(self, orders: QuerySet, name: str, value: str) -> QuerySet:
        return orders.filter(seller=int(value))

    def of_designer(self, orders: QuerySet, name: str, value: str) -> QuerySet:
        return orders.filter(designer=int(value))

    def in_period(self, orders: QuerySet, name: str, value: date) -> QuerySet:
        return orders.filter(**{f"ordered_on__{'gte' if name == 'since' else 'lte'}": value})

    def handed_over(self, orders: QuerySet, name: str, value: date) -> QuerySet:
        """Goods of them were handed over between the two days: both are asked at once."""
        said = self.form.cleaned_data
        since, until = said["delivered_since"], said["delivered_until"]
        if name == "delivered_until" and since:
            return orders
        return orders.filter(Exists(deliveries_between(since or date.min, until or date.max)))

    def of_colour(self, orders: QuerySet, name: str, value: str) -> QuerySet:
        if value == OPEN:
            return orders.filter(colours.IS_OPEN, state__in=OPEN_ORDERS)
        return colours.of_completion(orders, value, today=self.today)

    def paid_so(self, orders: QuerySet, name: str, value: str) -> QuerySet:
        """What is not paid in full is neither cancelled nor settled: an index knows these few."""
        if value == UNPAID:
            return orders.filter(state__in=OPEN_ORDERS).exclude(colours.is_paid(PayState.FULL))
        if value == PayState.FULL:
            return orders.filter(colours.is_paid(value)).exclude(state=OrderState.CANCELLED)
        return orders.filter(colours.is_paid(value), state__in=OPEN_ORDERS)

    def with_goods(self, orders: QuerySet, name: str, value: str) -> QuerySet:
        running = orders.filter(colours.IS_RUNNING)
        if value == "here":
            return running.filter(colours.IS_HERE)
        if value == COMPLETE:
            return orders.filter(colours.is_complete_to_deliver())
        return running.filter(
            colours.IS_UNSUBMITTED if value == "unsubmitted" else ~colours.IS_HERE
        )

    def delivered_when(self, orders: QuerySet, name: str, value: str) -> QuerySet:
        running, today = orders.filter(colours.IS_RUNNING), self.today
        return {
            "passed": running.filter(current_on__lt=today),
            "week": running.filter(current_on__range=(today, today + WEEK)),
            "month": running.filter(current_on__range=(today, today + timedelta(days=30))),
            "none": running.filter(current_on=None),
        }[value]

    def with_incident(self, orders: QuerySet, name: str, value: str) -> QuerySet:
        found = open_incidents().order_by()
        kinds = found if value == "any" else found.filter(kind=value)
        return orders.filter(Exists(kinds))

    def with_sample(self, orders: QuerySet, name: str, value: str) -> QuerySet:
        return orders.filter(Exists(floor_samples()))
