"""Whether open work is with whose it is, as the pure rule says (`followups.rules.doer`)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from core.verification import Difference
from customers.models import Access, Customer, OwnedProduct
from followups import rules
from followups.models import AnchorDay, Obligation
from followups.states import (
    BIRTHDAY_ANCHORS,
    LEADING,
    ORDER_ANCHORS,
    PRODUCT_ANCHORS,
    Anchor,
    Assignee,
    State,
)
from staff.leaders import Leaders
from staff.models import Person

# What plans ask for by themselves; what people agree on is whose they say.
PLANNED = (*PRODUCT_ANCHORS, *BIRTHDAY_ANCHORS, *ORDER_ANCHORS, Anchor.CADENCE)


class Hands:
    """Who keeps, sold, sees and leads some customers; four queries."""

    def __init__(self, customers: Sequence[Customer], leaders: Mapping[int, Leaders]) -> None:
        ids = [customer.pk for customer in customers]
        owned = OwnedProduct.objects.filter(customer__in=ids).exclude(sold_by=None)
        sellers = owned.values_list("pk", "sold_by")
        self._sellers = {pk: person for pk, person in sellers if person is not None}
        days = AnchorDay.objects.filter(customer__in=ids).exclude(assignee=None)
        told = days.values_list("anchor", "subject_id", "assignee")
        self._takers = {
            (anchor, subject): person for anchor, subject, person in told if person is not None
        }
        self._sees = defaultdict(set)
        for customer, person in Access.objects.filter(customer__in=ids).values_list(
            "customer", "person"
        ):
            self._sees[customer].add(person)
        keepers = {customer.owner_id for customer in customers if customer.owner_id is not None}
        active = Person.objects.filter(
            pk__in=keepers | {*self._sellers.values(), *self._takers.values()}, is_active=True
        )
        self._active = set(active.values_list("pk", flat=True))
        self._leaders = leaders

    def sees(self, customer: Customer) -> set[int]:
        """Who has access to the customer, beside who keeps them."""
        return self._sees[customer.pk]

    def of(self, customer: Customer, row: Obligation) -> rules.Hands:
        """Whose hands this work may be in."""
        leaders = self._leaders.get(customer.store_id, Leaders())
        return rules.Hands(
            keeper_id=self._working(customer.owner_id),
            seller_id=self._working(self._seller_of(row)),
            sees=frozenset(self._sees[customer.pk]),
            sales_lead_id=leaders.sales_id,
            service_lead_id=leaders.service_id,
        )

    def _seller_of(self, row: Obligation) -> int | None:
        if row.step.anchor in PRODUCT_ANCHORS:
            return self._sellers.get(row.subject_id)
        return self._takers.get((row.step.anchor, row.subject_id))

    def _working(self, person: int | None) -> int | None:
        return person if person in self._active else None


def wrong_hands(
    customer: Customer, rows: Sequence[Obligation], hands: Hands, codes: Mapping[int, str]
) -> Iterator[Difference]:
    """Open work of a plan that is with somebody else than the rules say, and was not given there.

    What nobody keeps or sold may have been taken on by anybody; what a keeper has handed over may
    have stayed with whoever has access.
    """
    for row in rows:
        if row.state != State.OPEN or row.is_given or row.step.anchor not in PLANNED:
            continue
        wanted = rules.doer(assignee=row.step.assignee, hands=hands.of(customer, row))
        if row.assignee_id == wanted or (wanted is None and row.step.assignee not in LEADING):
            continue
        if row.step.assignee == Assignee.KEEPER and row.assignee_id in hands.sees(customer):
            continue
        where = {
            "customer": customer.pk,
            "step": codes[row.step_id],
            "subject": row.subject_id,
            "occurrence": row.occurrence,
        }
        yield Difference(
            check="obligation_hands", where=where, stored=row.assignee_id, expected=wanted
        )
