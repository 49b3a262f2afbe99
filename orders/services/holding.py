"""Holding an order for one act: its customer first, then its row (no act waits in a circle)."""

from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from followups import services as followups
from orders.models import Order
from orders.states import CLOSED_ORDERS


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
