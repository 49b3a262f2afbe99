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
    states = set(OrderLine.objects.filter(order=held).values_list("state", flat=True))
    is_whole = LineState.DELIVERED in states and states <= set(LAST_LINES)
    on = None
    if is_whole:
        standing = Delivery.objects.filter(order=held, voided_at=None)
        on = standing.aggregate(on=Max("delivered_on"))["on"]
    was = (held.state, held.delivered_on)
    if is_whole and held.state == OrderState.CONFIRMED:
        held.state = OrderState.DELIVERED
    elif not is_whole and held.state == OrderState.DELIVERED:
        held.state = OrderState.CONFIRMED
    held.delivered_on = on if held.state == OrderState.DELIVERED else None
    if was != (held.state, held.delivered_on):
        held.save(update_fields=["state", "delivered_on"])
        _follow(held, by=by, now=now)
        follow_preparation(held, now=now)
    follow_delivery(held, now=now)


def _follow(held: Order, *, by: Person, now: datetime) -> None:
    """The milestone of the whole, and what is left to tell."""
    if held.delivered_on is None:
        milestones.take_back(held, MilestoneKind.DELIVERED)
        return
    milestones.reach(held, MilestoneKind.DELIVERED, on=held.delivered_on, by=by)
    end_news(held, now=now, kinds=[EventKind.DATE_CHANGED])
