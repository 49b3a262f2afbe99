"""What an order waits for next: the first of these that has something to say."""

from collections.abc import Callable
from datetime import datetime

from orders.models import Order
from orders.showing.acts import Next
from orders.showing.progress_acts import next_step
from orders.showing.reader import Reader

NEXT: tuple[Callable[..., Next | None], ...] = (next_step,)


def next_of(order: Order, *, reader: Reader, now: datetime) -> Next | None:
    """What this order waits for, as this reader sees it."""
    answers = (ask(order, reader=reader, now=now) for ask in NEXT)
    return next((answer for answer in answers if answer is not None), None)
