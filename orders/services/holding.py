"""Holding an order for one act: its customer first, then its row (no act waits in a circle)."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from followups import services as followups
from orders.models import Order
from orders.states import CLOSED_ORDERS

# What the database keeps of an order from its rows (`orders.models.triggers`).
SUMS = ("amount", "paid", "unconfirmed", "due_before")


class OrderNotChanged(Refused):
    """An order was left as it was."""

    messages = {
        "closed": _("This order is closed: nothing about it changes any more."),
        "no_lines": _("Write down what is ordered first."),
    }


def hold_order(order: Order, *, even_closed: bool = False) -> Order:
    """Lock the order and its customer for this transaction, read fresh.

    Raises OrderNotChanged for one that is settled, archived or cancelled, unless `even_closed`.
    """
    customer = followups.hold_of(order)
    held = Order.objects.select_for_update(of=("self",)).select_related("store").get(pk=order.pk)
    held.customer = customer
    if held.state in CLOSED_ORDERS and not even_closed:
        raise OrderNotChanged.because("closed")
    return held


def read_sums(order: Order) -> Order:
    """Read what the database has kept since the order was held; the rest stays as it is."""
    order.refresh_from_db(fields=SUMS)
    return order


def balance_of(order: Order) -> Decimal | None:
    """What is still to be paid of an order; None while nobody has written what it costs."""
    return None if order.amount is None else order.amount - order.paid
