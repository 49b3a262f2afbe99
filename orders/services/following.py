"""What follows whenever the money or the day of an order changes: its checks and reminders."""

from datetime import datetime

from followups import services as followups
from orders.models import Order
from orders.services.gate import follow_payment_check
from orders.services.holding import read_sums
from orders.services.receivables import follow_receivables


def follow_money(order: Order, *, now: datetime) -> None:
    """Put right what hangs on an order's money: payment check, reminders, the customer's list.

    The caller holds the order; its sums are read fresh here. Called last in every act on money.
    """
    read_sums(order)
    follow_payment_check(order, now=now)
    follow_receivables(order, now=now)
    followups.touch_and_ask(customers=[order.customer_id], now=now)
