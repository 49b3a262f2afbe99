"""The statement (对账单) of a customer: what was ordered, paid and given back in a period (FIN-07).

What an order change left over stays within the balance until it is refunded: credits and offsets
move money between orders of one customer, and change nothing of what the customer owes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Customer
from orders.models import CreditUse, Order, Payment
from orders.states import CreditUseKind, OrderState

NOTHING = Decimal(0)


class EntryKind(TextChoices):
    """What an entry of a statement is."""

    ORDERED = "ordered", _("Order")
    PAID = "paid", pgettext_lazy("money", "Payment")
    RETURNED = "returned", _("Payment given back")
    REFUNDED = "refunded", _("Credit refunded")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry: `amount` is yuan that the customer owes more by it, negative: less."""

    on: date
    kind: EntryKind
    order_no: str
    amount: Decimal

    @property
    def owed(self) -> Decimal | None:
        return self.amount if self.amount > 0 else None

    @property
    def received(self) -> Decimal | None:
        return -self.amount if self.amount < 0 else None


@dataclass(frozen=True, kw_only=True)
class Movements:
    """A period of one customer: what was owed before, each entry, what is owed at its end."""

    opening: Decimal
    entries: tuple[Entry, ...]

    @property
    def closing(self) -> Decimal:
        return self.opening + sum((entry.amount for entry in self.entries), NOTHING)


def _day(at: datetime) -> date:
    return timezone.localdate(at)


def _all_entries(customer: Customer) -> Iterator[Entry]:
    """Everything of a customer that changes what they owe: four queries."""
    orders = Order.objects.filter(customer=customer, amount__isnull=False)
    kept = orders.exclude(state=OrderState.CANCELLED)
    for on, number, amount in kept.values_list("ordered_on", "number", "amount"):
        if amount:
            yield Entry(on=on, kind=EntryKind.ORDERED, order_no=number, amount=amount)
    payments = Payment.objects.filter(order__customer=customer)
    for number, amount, taken, returned in payments.values_list(
        "order__number", "amount", "taken_at", "returned_at"
    ):
        yield Entry(on=_day(taken), kind=EntryKind.PAID, order_no=number, amount=-amount)
        if returned:
            yield Entry(on=_day(returned), kind=EntryKind.RETURNED, order_no=number, amount=amount)
    refunds = CreditUse.objects.filter(credit__customer=customer, kind=CreditUseKind.REFUND)
    for number, amount, done in refunds.values_list("credit__order__number", "amount", "done_at"):
        if done:
            yield Entry(on=_day(done), kind=EntryKind.REFUNDED, order_no=number, amount=amount)


def movements(customer: Customer, *, begins: date, ends: date) -> Movements:
    """What a customer owed before a period and at its end, and all between; days inclusive."""
    entries = sorted(_all_entries(customer), key=lambda entry: (entry.on, entry.order_no))
    return Movements(
        opening=sum((entry.amount for entry in entries if entry.on < begins), NOTHING),
        entries=tuple(entry for entry in entries if begins <= entry.on <= ends),
    )
