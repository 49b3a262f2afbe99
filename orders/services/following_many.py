"""What follows from the money of many new orders at once: their checks and reminders.

The set-based twin of `following.follow_money`, for orders that nobody is reminded of yet.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F
from django.urls import reverse

from core.amounts import money_text
from followups import services as followups
from followups.services import Day
from followups.states import Anchor
from orders.models import Due, Order
from orders.queries.receivables import owed_of
from orders.rules.ageing import still_open
from orders.services.gate import open_before
from orders.states import RUNNING_ORDERS, OrderState

COLUMNS = ("pk", "kind", "amount", "due_on", "disputed_at")


def remind_of(orders: Collection[int], *, carers: Mapping[int, int | None], now: datetime) -> int:
    """Have the payment check and the reminders of these orders stand; how many.

    `carers`: who sold, where they see the customer. The caller holds the customers, and has the
    engine look at them in its next round.
    """
    found = Order.objects.filter(pk__in=orders, paid__lt=F("amount"))
    found = found.exclude(state=OrderState.CANCELLED).select_related("store").order_by("pk")
    dues: dict[int, list[dict[str, Any]]] = defaultdict(list)
    asked = Due.objects.filter(order__in=found.order_by().values("pk")).order_by("position")
    for due in asked.values("order_id", *COLUMNS):
        dues[due["order_id"]].append(due)
    days = [day for order in found for day in _days_of(order, dues[order.pk], carers, now)]
    followups.set_anchor_days(days, now=now, asks=False)
    return len(days)


def _days_of(
    order: Order,
    dues: list[dict[str, Any]],
    carers: Mapping[int, int | None],
    now: datetime,
) -> Iterator[Day]:
    told: dict[str, Any] = {
        "customer_id": order.customer_id,
        "assignee_id": carers.get(order.pk),
        "path": reverse("orders:order", args=[order.pk]),
    }
    rest = open_before(order)
    if rest and order.current_on and order.state in RUNNING_ORDERS:
        yield Day(
            anchor=Anchor.ORDER_DELIVERY,
            subject_id=order.pk,
            on=order.current_on,
            text=f"{order.number} · {money_text(rest)}",
            **told,
        )
    owed = owed_of(dues, delivered_on=order.delivered_on, as_of=order.store.today(now))
    for one in still_open(owed, paid=order.paid):
        yield Day(
            anchor=Anchor.RECEIVABLE,
            subject_id=one.owed.key,
            on=one.due_on,
            text=f"{order.number} · {money_text(one.amount)}",
            **told,
        )
