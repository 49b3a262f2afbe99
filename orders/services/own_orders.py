"""The weekly look through one's own orders: owed, kept, done (FUP-27, ORD-14)."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from followups import services as followups
from followups.models import Chore
from followups.states import ChoreKind
from orders.models import Look
from orders.queries.own_orders import (
    idle_looks,
    left_to_look,
    orders_shown,
    owing_people,
    week_began_at,
)
from orders.rules.looking import week_ends_on, week_number
from staff.models import Person, Store

log = structlog.get_logger(__name__)


class OrdersNotLookedThrough(Refused):
    """The look was not done yet."""

    messages = {
        "left": _("Not looked through yet: %(count)s. Tick what you looked at, or open it."),
    }


@transaction.atomic
def owe_looks(*, now: datetime) -> int:
    """Owe this week's look to each who has open orders and owes none yet; how many were owed.

    A week is that of the person's own store. Weeks that passed unasked are not made up for; a look
    that was not done stays and grows late, and while it stands no other is asked. Once nothing is
    left to look at, or nobody who would look, it is dropped. Asked again, it changes nothing.
    """
    idle = list(idle_looks().values_list("subject_id", flat=True))
    followups.drop_chores(kind=ChoreKind.OWN_ORDERS, subject_ids=idle, now=now)
    owed = [look for zone in _zones() for look in _owed_in(zone, now)]
    followups.owe_chores(owed)
    if owed:
        log.info("looks_at_own_orders_owed", count=len(owed))
    return len(owed)


def _zones() -> list[str]:
    return sorted(set(Store.objects.order_by().values_list("zone", flat=True).distinct()))


def _owed_in(zone: str, now: datetime) -> list[followups.Owed]:
    """The looks that are owed in stores of one time zone."""
    info = ZoneInfo(zone)
    today = now.astimezone(info).date()
    people = owing_people(zone=zone, today=today, since=week_began_at(today, zone=info))
    return [
        followups.Owed(
            kind=ChoreKind.OWN_ORDERS,
            subject_id=pk,
            occurrence=week_number(today),
            person_id=pk,
            store_id=store,
            due_on=week_ends_on(today),
            path=f"{reverse('orders:own')}?of={pk}",
        )
        for pk, store in people.values_list("pk", "store")
        if store is not None
    ]


@transaction.atomic
def note_looks(
    *,
    person: Person,
    shown: Collection[int],
    looked: Collection[int],
    since: datetime,
    by: Person,
    now: datetime,
) -> None:
    """Of the orders that were `shown`, those `looked` at are ticked since `since`, the others not.

    What is not an open order of this person is left out. It changes no order, so that nothing of it
    stands on the trail; that the look was done does.
    """
    ids = list(orders_shown(person, list(shown)).values_list("pk", flat=True))
    kept = Look.objects.filter(order__in=ids, person=person, looked_at__gte=since)
    kept.exclude(order__in=looked).delete()
    known = set(kept.values_list("order", flat=True))
    Look.objects.bulk_create(
        [
            Look(order_id=pk, person=person, by=by, looked_at=now)
            for pk in sorted(set(ids) & set(looked) - known)
        ],
        update_conflicts=True,
        unique_fields=["order", "person"],
        update_fields=["by", "looked_at"],
    )


@transaction.atomic
def finish_look(*, person: Person, since: datetime, by: Person, now: datetime) -> None:
    """All was looked through: whatever look this person owes is done. Done twice, it stays done.

    Raises OrdersNotLookedThrough.
    """
    if left := left_to_look(person, since=since):
        raise OrdersNotLookedThrough.because("left", count=left)
    rows = Chore.objects.filter(
        kind=ChoreKind.OWN_ORDERS, subject_id=person.pk, done_at=None, dropped_at=None
    )
    for chore in rows.select_for_update(no_key=True).order_by("pk"):
        followups.do_chore(chore=chore, by=by, now=now)
