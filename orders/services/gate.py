"""The payment gate: what is due before delivery is paid before the goods go out (ORD-20).

A week before the planned delivery a task asks for it; without it the delivery is held until it is
paid, or until a manager lets it go with a reason (decision 16). What else holds an order stands in
`HOLDS`, each with its sentence.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.amounts import money_text
from core.clock import database_now
from core.refusals import Refused
from core.rules import Blocker
from customers.models import Customer
from followups import services as followups
from followups.states import Anchor
from orders.models import Order
from orders.queries.money import account_of, unproved_transfers
from orders.queries.order_terms import order_terms
from orders.queries.receivables import is_overdue_long, sum_owed
from orders.services.history import note
from orders.services.holding import hold_order
from orders.services.people import carer_of
from orders.states import RUNNING_ORDERS, EventKind
from staff.models import Person
from staff.scope import RELEASING_ROLES


class DeliveryHeld(Refused):
    """Goods do not go out: what is due is not paid, or something else holds them."""

    messages = {
        "open_before": _(
            "%(open)s are due before delivery and not paid yet. Take the payment, or ask a manager "
            "to release the delivery."
        ),
        "slip_missing": _(
            "The remittance slip of a transfer of %(amount)s is missing. Note the slip first."
        ),
        "account_held": _("Deliveries to this customer are held: %(why)s"),
        "overdue_long": _(
            "This customer owes an amount that is overdue by %(days)s days or more. Nothing else "
            "is delivered until it is paid."
        ),
        "over_limit": _(
            "With this delivery the customer owes %(owed)s, more than their limit of %(limit)s."
        ),
    }


class DeliveryNotReleased(Refused):
    """A held delivery was not released."""

    messages = {
        "reason_missing": _("Say why the goods go out all the same."),
        "not_manager": _("A manager releases a delivery that is held."),
        "own_order": _("Somebody else releases the delivery of an order that you sold."),
        "released_already": _("This delivery has been released already."),
        "nothing_held": _("Nothing holds this delivery."),
    }


def open_before(order: Order) -> Decimal:
    """What is due before delivery and not paid yet."""
    return max(order.due_before - order.paid, Decimal(0))


def _unpaid(order: Order, _now: datetime) -> Iterable[Blocker]:
    if rest := open_before(order):
        yield Blocker("open_before", {"open": money_text(rest)})


def _of_account(order: Order, _now: datetime) -> Iterable[Blocker]:
    """What the customer's account says: held (FIN-06), or transfers without their slips."""
    account = account_of(order)
    for transfer in unproved_transfers(order, account):
        yield Blocker("slip_missing", {"amount": money_text(transfer.amount)})
    if account is not None and account.is_held:
        yield Blocker("account_held", {"why": account.reason})


def _overdue(order: Order, now: datetime) -> Iterable[Blocker]:
    """Something else of theirs is overdue for long (formulas 3.10), or their limit is reached."""
    today = order.store.today(now)
    days = order_terms(order.store).hold_after_days
    if is_overdue_long(order.customer, today=today, hold_after_days=days):
        yield Blocker("overdue_long", {"days": days})
    account = account_of(order)
    if account is None or account.credit_limit is None:
        return
    others = Order.objects.filter(customer=order.customer_id).exclude(pk=order.pk)
    owed = sum_owed(others, today=today) + (order.amount or Decimal(0)) - order.paid
    if owed > account.credit_limit:
        limit = money_text(account.credit_limit)
        yield Blocker("over_limit", {"owed": money_text(owed), "limit": limit})


# Everything that may hold a delivery: each says its reasons, as far as there are any.
HOLDS: tuple[Callable[[Order, datetime], Iterable[Blocker]], ...] = (
    _unpaid,
    _of_account,
    _overdue,
)


def held_because(order: Order, *, now: datetime) -> list[Blocker]:
    """All reasons for which goods of this order stay here; none once it was released."""
    if order.released_at is not None:
        return []
    return [blocker for holds in HOLDS for blocker in holds(order, now)]


def refuse_if_held(order: Order, *, now: datetime) -> None:
    """Raise DeliveryHeld with every reason in words (ORD-20, M72); the caller holds the order."""
    if blockers := held_because(order, now=now):
        raise DeliveryHeld(*blockers)


@transaction.atomic
def release_delivery(
    *, order: Order, reason: str, by: Person, now: datetime | None = None
) -> Order:
    """A manager, never the seller, lets goods go that are held; the reason stays (decision 16).

    Raises DeliveryNotReleased and OrderNotChanged.
    """
    if not reason.strip():
        raise DeliveryNotReleased.because("reason_missing")
    if by.role not in RELEASING_ROLES:
        raise DeliveryNotReleased.because("not_manager")
    held = hold_order(order)
    at = now or database_now()
    if held.seller_id == by.pk:
        raise DeliveryNotReleased.because("own_order")
    if held.released_at is not None:
        raise DeliveryNotReleased.because("released_already")
    because = held_because(held, now=at)
    if not because:
        raise DeliveryNotReleased.because("nothing_held")

    Order.objects.filter(pk=held.pk).update(
        released_at=at, released_by=by, release_reason=reason.strip()[:200]
    )

    note(
        held,
        EventKind.RELEASED,
        by=by,
        at=at,
        typed=reason.strip(),
        open=str(open_before(held)),
        because=[blocker.code for blocker in because],
    )
    held.refresh_from_db(fields=["released_at", "released_by", "release_reason"])
    return held


def take_release_back(order: Order) -> None:
    """More is open than when it was let go: it is held again. The caller holds the order."""
    if order.released_at is None:
        return
    Order.objects.filter(pk=order.pk).update(released_at=None, released_by=None, release_reason="")
    order.released_at, order.released_by, order.release_reason = None, None, ""


def take_releases_back(customer: Customer) -> None:
    """Their deliveries are held from now on, those that were let go before, too. The caller holds
    the customer.
    """
    going = Order.objects.filter(customer=customer, state__in=RUNNING_ORDERS)
    going.filter(released_at__isnull=False).update(
        released_at=None, released_by=None, release_reason=""
    )


def follow_payment_check(order: Order, *, now: datetime) -> None:
    """Have the task of the payment check stand as long as something due before a planned delivery
    is open. The caller holds the order, read fresh, and asks the engine afterwards.
    """
    is_running = order.state in RUNNING_ORDERS and order.delivered_on is None
    rest = open_before(order) if is_running else Decimal(0)
    if not rest or order.current_on is None:
        followups.end_anchor_day(
            anchor=Anchor.ORDER_DELIVERY, subject_id=order.pk, now=now, asks=False
        )
        return
    followups.set_anchor_day(
        anchor=Anchor.ORDER_DELIVERY,
        subject_id=order.pk,
        customer=order.customer,
        on=order.current_on,
        assignee=carer_of(order),
        text=f"{order.number} · {money_text(rest)}",
        path=reverse("orders:order", args=[order.pk]),
        now=now,
        asks=False,
    )
