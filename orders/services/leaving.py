"""A leaver's papers: what still runs goes to who keeps the customer by now, what is closed stays.

Whose the sale is does not change with it: the deal keeps to whom it was credited (ADJ-06).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, When

from core.services import audit
from followups import services as followups
from followups.states import ChoreKind
from orders.models import Credit, Order, OrderEvent, Quote
from orders.states import CLOSED_ORDERS, EventKind, QuoteState
from staff.models import Person

# By receiver, the ids of what went to them.
Shares = dict[int, list[int]]


@dataclass(frozen=True, kw_only=True)
class PassedOn:
    """What went to whom: orders that still run, open quotes, credits still to be given back."""

    orders: Shares = field(default_factory=dict)
    quotes: Shares = field(default_factory=dict)
    credits: Shares = field(default_factory=dict)


def orders_of(person: Person) -> QuerySet[Order]:
    """The orders that this person sold and that still run."""
    return Order.objects.filter(seller=person).exclude(state__in=CLOSED_ORDERS)


def quotes_of(person: Person) -> QuerySet[Quote]:
    """The open quotes of this person."""
    return Quote.objects.filter(seller=person, state=QuoteState.OPEN)


def credits_of(person: Person) -> QuerySet[Credit]:
    """The credits that this person handles and that have not gone back whole."""
    return Credit.objects.filter(handler=person, used__lt=F("amount"))


def customers_of(person: Person) -> list[int]:
    """Whose papers this person has in hand."""
    rows = (orders_of(person), quotes_of(person), credits_of(person))
    return sorted({pk for found in rows for pk in found.values_list("customer", flat=True)})


@transaction.atomic
def pass_on_orders(
    *, customers: Iterable[int], person: Person, receiver: Person, by: Person, now: datetime
) -> PassedOn:
    """Give what `person` has in hand of these customers' papers to their keepers, else to
    `receiver`. The caller holds the customers.

    An order that its new seller was the clerk of waits for whoever else has the desk (ORD-32).
    """
    ids = list(customers)
    locked = orders_of(person).filter(customer__in=ids).order_by("pk").select_for_update()
    before = list(locked.values_list("pk", flat=True))
    passed = PassedOn(
        orders=_to_keepers(orders_of(person).filter(pk__in=before), "seller", person, receiver),
        quotes=_to_keepers(quotes_of(person).filter(customer__in=ids), "seller", person, receiver),
        credits=_to_keepers(
            credits_of(person).filter(customer__in=ids), "handler", person, receiver
        ),
    )
    _leave_checks(Order.objects.filter(pk__in=before, clerk=F("seller")))
    _note(passed.orders, by=by, now=now)
    return passed


def leave_desk(person: Person) -> int:
    """Running orders that this person was the clerk of have none, and wait for whoever has the
    desk next; how many.
    """
    return _leave_checks(Order.objects.filter(clerk=person).exclude(state__in=CLOSED_ORDERS))


def _leave_checks(orders: QuerySet[Order]) -> int:
    """These have no clerk any more: to check them names nobody."""
    ids = list(orders.values_list("pk", flat=True))
    followups.free_chores(kind=ChoreKind.CHECK_ORDER, subject_ids=ids)
    return Order.objects.filter(pk__in=ids).update(clerk=None)


def _to_keepers(rows: QuerySet, column: str, person: Person, receiver: Person) -> Shares:
    """Write the customer's active keeper, else `receiver`, into `column` of these rows."""
    keeps = When(
        ~Q(customer__owner=person), customer__owner__is_active=True, then=F("customer__owner")
    )
    found = rows.order_by("pk").annotate(to=Case(keeps, default=receiver.pk))
    shares: Shares = {}
    for pk, to in found.values_list("pk", "to"):
        shares.setdefault(to, []).append(pk)
    for to, ids in shares.items():
        rows.model._default_manager.filter(pk__in=ids).update(**{column: to})
    return shares


def _note(shares: Shares, *, by: Person, now: datetime) -> None:
    """One line in the history of each order, and on the trail."""
    to = {pk: receiver for receiver, ids in shares.items() for pk in ids}
    stores = dict(Order.objects.filter(pk__in=to).values_list("pk", "store"))
    OrderEvent.objects.bulk_create(
        [
            OrderEvent(
                order_id=pk, kind=EventKind.HANDED_OVER, at=now, by=by, params={"seller": receiver}
            )
            for pk, receiver in to.items()
        ],
        batch_size=1000,
    )
    audit.record_many(
        verb="order_handed_over",
        of=Order,
        by=by,
        rows=[(pk, stores[pk], {"seller": receiver}) for pk, receiver in to.items()],
    )
