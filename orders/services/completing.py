"""Whether an order is delivered follows from its lines, and what is due from the day of it."""

from datetime import datetime

from django.db.models import Max

from orders.models import Delivery, Order, OrderLine
from orders.rules.moves import LAST_LINES
from orders.services import milestones
from orders.services.news import end_news
from orders.services.preparing import follow_preparation
from orders.services.terms import follow_delivery
from orders.states import EventKind, LineState, MilestoneKind, OrderState
from staff.models import Person


def follow_goods(held: Order, *, by: Person, now: datetime) -> None:
    """Have the order be delivered exactly when the last of its lines is, on the day of the last
    delivery that stands; then its dues follow, and the engine is asked.

    Called by whoever delivers, cancels, adds or takes back lines of an order that is held.
    """
    if held.state in (OrderState.CONFIRMED, OrderState.DELIVERED):
        was = (held.state, held.delivered_on)
        _reckon(held)
        if was != (held.state, held.delivered_on):
            held.save(update_fields=["state", "delivered_on", "promised_on"])
            _follow(held, by=by, now=now)
            follow_preparation(held, now=now)
    follow_delivery(held, now=now)


def _reckon(held: Order) -> None:
    """How far the order is by its lines. One that was brought in without a promise, and is not
    delivered after all, promises what was planned, else what it seemed to be.
    """
    states = set(OrderLine.objects.filter(order=held).values_list("state", flat=True))
    if LineState.DELIVERED in states and states <= set(LAST_LINES):
        standing = Delivery.objects.filter(order=held, voided_at=None)
        held.state = OrderState.DELIVERED
        held.delivered_on = standing.aggregate(on=Max("delivered_on"))["on"]
        return
    held.promised_on = held.promised_on or held.current_on or held.delivered_on
    held.state, held.delivered_on = OrderState.CONFIRMED, None


def _follow(held: Order, *, by: Person, now: datetime) -> None:
    """The milestone of the whole, and what is left to tell."""
    if held.delivered_on is None:
        milestones.take_back(held, MilestoneKind.DELIVERED)
        return
    milestones.reach(held, MilestoneKind.DELIVERED, on=held.delivered_on, by=by)
    end_news(held, now=now, kinds=[EventKind.DATE_CHANGED])
