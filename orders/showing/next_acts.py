"""What an order waits for next: the first of these that has something to say."""

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from orders.models import Order
from orders.showing.acts import Act, Next
from orders.showing.money import next_payment
from orders.showing.progress_acts import next_step
from orders.showing.reader import Reader
from orders.states import OrderState


def to_write(order: Order, *, reader: Reader, now: datetime) -> Next | None:
    """Details that are still to be written: it began with a deposit."""
    if order.amount is not None or order.state != OrderState.RECEIVED:
        return None
    act = Act(
        label=_("Write down what is ordered"), url=reverse("orders:add_lines", args=[order.pk]),
        icon="edit",
    )  # fmt: skip
    return Next(text=_("Details still to be written"), act=act if reader.may_change else None)


def to_check(order: Order, *, reader: Reader, now: datetime) -> Next | None:
    """It waits for its clerk (ORD-32)."""
    if order.state != OrderState.RECEIVED:
        return None
    act = Act(
        label=_("Check the order"), url=reverse("orders:check", args=[order.pk]),
        icon="clipboard-check",
    )  # fmt: skip
    clerk = order.clerk.name if order.clerk else ""
    text = _("%(who)s checks it") % {"who": clerk} if clerk else _("Waits to be checked")
    return Next(text=text, act=act if reader.may_check and reader.may_change else None)


NEXT: tuple[Callable[..., Next | None], ...] = (
    to_write,
    to_check,
    next_payment,
    next_step,
)


def next_of(order: Order, *, reader: Reader, now: datetime) -> Next | None:
    """What this order waits for, as this reader sees it."""
    answers = (ask(order, reader=reader, now=now) for ask in NEXT)
    return next((answer for answer in answers if answer is not None), None)
