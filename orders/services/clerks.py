"""Who checks an order: the clerk of the region it goes to (ORD-25, ORG-16)."""

from datetime import date, datetime

from django.urls import reverse

from customers.models import Customer
from filings.queries import home_region
from followups import services as followups
from followups.states import ChoreKind
from orders.models import Order, OrderEvent
from orders.services import milestones
from orders.states import EventKind, MilestoneKind, OrderState
from staff.models import Person, Store
from staff.scope import running_duties
from staff.states import DutyKind


def clerk_of(
    *, store: Store, customer: Customer, address: str, seller: Person, on: date
) -> Person | None:
    """The order clerk for where it is delivered, else for the store; never who sold it.

    A duty for the home's region goes before one for the store, its region, and everything.
    """
    region = home_region(customer, address=address)
    wanted: list[tuple[int | None, int | None]] = [(None, store.region_id), (None, None)]
    wanted.insert(0, (store.pk, None))
    if region is not None:
        wanted.insert(0, (None, region.pk))
    duties = running_duties(on=on).filter(kind=DutyKind.ORDER_DESK, person__is_active=True)
    found = {
        (duty.store_id, duty.region_id): duty.person
        for duty in duties.exclude(person=seller).select_related("person").order_by("-pk")
    }
    return next((found[place] for place in wanted if place in found), None)


def uncheck(held: Order) -> None:
    """A checked order that was changed is no checked one: what was looked at is different (ORD-32).

    That it was checked before stays in the history.
    """
    if held.state != OrderState.CHECKED:
        return
    Order.objects.filter(pk=held.pk).update(state=OrderState.RECEIVED)
    held.state = OrderState.RECEIVED
    milestones.take_back(held, MilestoneKind.CHECKED)


def owe_check(order: Order, *, at: datetime) -> None:
    """An order with lines waits for its clerk; one that was checked and changed waits anew."""
    checks = OrderEvent.objects.filter(order=order, kind=EventKind.CHECKED).count()
    followups.owe_chore(
        kind=ChoreKind.CHECK_ORDER,
        subject_id=order.pk,
        occurrence=checks,
        store_id=order.store_id,
        person_id=order.clerk_id,
        due_on=order.store.today(at),
        text=order.number,
        path=reverse("orders:order", args=[order.pk]),
    )
