"""What a delivery needs is prepared the day before, by whoever has the duty (forms 2.13)."""

from datetime import date, datetime, timedelta

from django.urls import reverse

from followups import services as followups
from followups.states import ChoreKind
from orders.models import Order
from orders.states import RUNNING_ORDERS

AHEAD = timedelta(days=1)


def _due_on(delivery: date, *, today: date) -> date:
    """The day before; what is planned so late that it has passed is due on the day itself."""
    return delivery - AHEAD if delivery - AHEAD >= today else delivery


def follow_preparation(order: Order, *, now: datetime) -> None:
    """Owe the preparation of a planned delivery that needs one, or drop it.

    Called by whoever plans, delivers or cancels a held order.
    """
    if order.state not in RUNNING_ORDERS or order.current_on is None or not order.preparation:
        followups.drop_chores(kind=ChoreKind.PREPARE, subject_ids=[order.pk], now=now)
        return
    followups.owe_chore(
        kind=ChoreKind.PREPARE,
        subject_id=order.pk,
        store_id=order.store_id,
        due_on=_due_on(order.current_on, today=order.store.today(now)),
        text=order.number,
        path=reverse("orders:order", args=[order.pk]),
    )
