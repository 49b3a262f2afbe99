"""A floor sample is sold: somebody finds a substitute, somebody takes it off the floor (ORD-23)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.urls import reverse

from followups import services as followups
from followups.models import Chore
from followups.states import ChoreKind
from orders.models import Order, OrderLine
from orders.states import LineState, Supply

CHORES = (ChoreKind.SUBSTITUTE, ChoreKind.OFF_FLOOR)
# Early: the piece on the floor is somebody's already.
WITHIN = timedelta(days=1)


def follow_floor_samples(order: Order, lines: Sequence[OrderLine], *, now: datetime) -> None:
    """Owe the two chores of each of these lines that is a floor sample, and drop those of the
    others: called by whoever writes, allocates or cancels lines of a held order.

    What is open stays due when it was, also once the piece is delivered.
    """
    samples = [
        line
        for line in lines
        if line.supply == Supply.FLOOR_SAMPLE and line.state != LineState.CANCELLED
    ]
    sold = [line for line in samples if line.state != LineState.DELIVERED]
    due_on = order.store.today(now) + WITHIN
    open_ones = Chore.objects.filter(
        kind__in=CHORES, subject_id__in=[line.pk for line in sold], done_at=None, dropped_at=None
    )
    due_before = dict(open_ones.values_list("subject_id", "due_on"))
    followups.owe_chores(
        followups.Owed(
            kind=kind,
            subject_id=line.pk,
            store_id=order.store_id,
            due_on=due_before.get(line.pk, due_on),
            text=f"{order.number} · {line.product}",
            path=reverse("orders:order", args=[order.pk]),
        )
        for line in sold
        for kind in CHORES
    )
    gone = [line.pk for line in lines if line not in samples]
    for kind in CHORES:
        followups.drop_chores(kind=kind, subject_ids=gone, now=now)
