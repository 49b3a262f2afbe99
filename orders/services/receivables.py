"""The dunning ladder of an order: a day stands for each receivable that is open (FIN-02)."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from core.amounts import money_text
from followups import services as followups
from followups.models import AnchorDay
from followups.services import Day
from followups.states import Anchor
from orders.models import Due, Order
from orders.queries.receivables import owed_of
from orders.rules.ageing import Open, still_open
from orders.services.people import carer_of
from orders.states import OrderState


def follow_receivables(order: Order, *, now: datetime) -> None:
    """Say for which amounts the customer is reminded, after whatever changed what is open.

    Paid, not owed any more or cancelled ones end. The caller holds the order, read fresh, and asks
    the engine afterwards.
    """
    columns = ("pk", "kind", "amount", "due_on", "disputed_at")
    dues = list(Due.objects.filter(order=order).order_by("position").values(*columns))
    today = order.store.today(now)
    owed = owed_of(dues, delivered_on=order.delivered_on, as_of=today)
    is_over = order.state == OrderState.CANCELLED
    is_open = [] if is_over else still_open(owed, paid=order.paid)
    carer = carer_of(order) if is_open else None
    followups.set_anchor_days(
        [
            Day(
                anchor=Anchor.RECEIVABLE,
                subject_id=one.owed.key,
                customer_id=order.customer_id,
                on=one.due_on,
                assignee_id=carer.pk if carer else None,
                text=f"{order.number} · {money_text(one.amount)}",
                path=reverse("orders:order", args=[order.pk]),
            )
            for one in is_open
        ],
        now=now,
        asks=False,
    )
    standing = {one.owed.key for one in is_open}
    followups.end_anchor_days(
        anchor=Anchor.RECEIVABLE,
        subject_ids=[due["pk"] for due in dues if due["pk"] not in standing],
        now=now,
        asks=False,
    )
    _rest_disputed(is_open, now=now)


def _rest_disputed(is_open: Sequence[Open], *, now: datetime) -> None:
    """The ladder of what is disputed rests, and goes on where it is disputed no more."""
    rows = AnchorDay.objects.filter(
        anchor=Anchor.RECEIVABLE,
        subject_id__in=[one.owed.key for one in is_open],
        paused_from__isnull=False,
    )
    resting = set(rows.values_list("subject_id", flat=True))
    for one in is_open:
        is_resting = one.owed.key in resting
        if one.owed.is_disputed == is_resting:
            continue
        change = followups.resume_anchor_day if is_resting else followups.pause_anchor_day
        change(anchor=Anchor.RECEIVABLE, subject_id=one.owed.key, now=now, asks=False)
