"""What a customer must be told of an order: it stands on the list of who cares at once (ORD-04)."""

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse

from followups import services as followups
from followups.states import Anchor
from orders.models import Order, OrderEvent
from orders.services.people import carer_of
from orders.states import EventKind, OrderState

# Events that a customer is told of; each is the subject of its own task.
NEWS = (EventKind.DATE_CHANGED, EventKind.INCIDENT)
# The customer knows no day of it yet.
NOT_TOLD = (OrderState.RECEIVED, OrderState.CHECKED)


def is_told(order: Order) -> bool:
    """Whether the customer was told when the goods come, so that a change is news to them."""
    return order.state not in NOT_TOLD or order.letter_sent_at is not None


def have_told(order: Order, event: OrderEvent, *, text: str, now: datetime) -> None:
    """Have the customer told what happened, today. The caller holds the order, and asks the engine
    afterwards. `text` reads the same in any language.
    """
    followups.set_anchor_day(
        anchor=Anchor.ORDER_NEWS,
        subject_id=event.pk,
        customer=order.customer,
        on=order.customer.store.today(now),
        assignee=carer_of(order),
        text=text,
        path=reverse("orders:order", args=[order.pk]),
        now=now,
        asks=False,
    )


def end_news(
    order: Order, *, now: datetime, kinds: Collection[EventKind] = NEWS, but: int = 0
) -> None:
    """Nothing of these kinds is to be told any more, except of the event `but`: it was overtaken.

    The caller asks the engine afterwards.
    """
    events = OrderEvent.objects.filter(order=order, kind__in=kinds).exclude(pk=but)
    followups.end_anchor_days(
        anchor=Anchor.ORDER_NEWS,
        subject_ids=list(events.values_list("pk", flat=True)),
        now=now,
        asks=False,
    )
