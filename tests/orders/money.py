"""An order to pay, who takes its money, and who decides on it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q, Sum

from orders.models import Credit, CreditUse, Order, OrderLine, Payment
from orders.services.holding import hold_order
from orders.services.payments import NewPayment, take_payment
from orders.services.terms import follow_amount
from orders.states import LineState, Method
from staff.models import Person
from staff.states import Role
from tests.factories import orders as make
from tests.factories.orders import NOW
from tests.factories.staff import PersonFactory, StoreFactory

DELIVERY = date(2026, 6, 20)


@dataclass(frozen=True)
class Till:
    """Who has to do with the money of one store."""

    seller: Person
    colleague: Person
    manager: Person
    finance: Person
    other_finance: Person


def till() -> Till:
    store = StoreFactory()
    return Till(
        seller=PersonFactory(store=store),
        colleague=PersonFactory(store=store),
        manager=PersonFactory(store=store, role=Role.STORE_MANAGER),
        finance=PersonFactory(role=Role.FINANCE),
        other_finance=PersonFactory(role=Role.FINANCE),
    )


def order_of(seller: Person, *prices, delivery: date | None = DELIVERY, **said) -> Order:
    """An order with these lines and the dues of its terms."""
    row = make.order(seller=seller, lines=prices or (5000,), current_on=delivery, **said)
    with transaction.atomic():
        follow_amount(hold_order(row), now=NOW)
    row.refresh_from_db()
    return row


def pay(
    order: Order,
    amount: int | str | Decimal,
    *,
    by: Person | None = None,
    now: datetime = NOW,
    key: UUID | None = None,
    **said,
) -> Payment:
    """Take this much for the order, by the seller unless told."""
    facts = {"method": Method.WECHAT, "payer": "李先生"} | said
    taken = NewPayment(amount=Decimal(amount), **facts)
    payment = take_payment(order=order, taken=taken, by=by or order.seller, key=key or uuid4(),
                           now=now)  # fmt: skip
    order.refresh_from_db()
    return payment


def later(**span) -> datetime:
    """So long after the order was made."""
    return NOW + timedelta(**span)


def total(rows, what="amount") -> Decimal:
    return rows.aggregate(total=Sum(what))["total"] or Decimal(0)


def kept_right(order: Order) -> bool:
    """Whether the sums kept of an order are those of its rows (the property of all money)."""
    order.refresh_from_db()
    lines = OrderLine.objects.filter(order=order)
    standing = lines.exclude(state=LineState.CANCELLED)
    costs = total(standing) - total(standing, F("returned_qty") * F("agreed_price"))
    payments = Payment.objects.filter(order=order, returned_at=None)
    uses = CreditUse.objects.filter(refused_at=None)
    paid = total(payments) - total(order.credits.all()) + total(uses.filter(order=order))
    return (
        order.amount == (costs if lines.exists() else None)
        and order.paid == paid
        and order.unconfirmed == total(payments.filter(confirmed_at=None))
        and all(each.used == total(uses.filter(credit=each)) for each in order.credits.all())
    )


def owed_rightly() -> bool:
    """Nothing over-paid, nothing given back twice, by any row of the database."""
    over = Order.objects.filter(Q(paid__lt=0) | Q(amount__isnull=False, paid__gt=F("amount")))
    return not over.exists() and not Credit.objects.filter(used__gt=F("amount")).exists()
