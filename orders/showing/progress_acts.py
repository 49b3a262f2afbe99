"""What may be done next about the goods of an order: links to small pages, none that is no use."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from orders.models import Order, OrderLine
from orders.rules import moves
from orders.services.allocating import ALLOCATED_WHEN
from orders.services.moving import MOVED_WHEN
from orders.showing.acts import Act, Next
from orders.showing.reader import Reader
from orders.states import CLOSED_ORDERS, RUNNING_ORDERS, LineState, OrderState


def _act(order: Order, name: str, label: str, icon: str) -> Act:
    return Act(label=label, url=reverse(f"orders:{name}", args=[order.pk]), icon=icon)


def acts_of(
    order: Order, lines: Sequence[OrderLine], *, reader: Reader, now: datetime
) -> list[Act]:
    """Everything that this reader may do about the progress of this order now."""
    return [
        *_of_papers(order, lines, reader=reader),
        *(_of_goods(order, lines) if reader.may_move and order.state not in CLOSED_ORDERS else []),
        *_of_the_end(order, reader=reader),
    ]


def _of_papers(order: Order, lines: Sequence[OrderLine], *, reader: Reader) -> list[Act]:
    if not any(line.state != LineState.CANCELLED for line in lines):
        return []
    acts = [_act(order, "letter", _("Confirmation letter"), "printer")]
    if not reader.may_move or order.state != OrderState.CHECKED:
        return acts
    acts.append(_act(order, "letter_sent", pgettext("order", "Letter sent"), "send"))
    if order.letter_sent_at is not None:
        acts.append(_act(order, "confirm", _("Customer confirmed"), "circle-check"))
    return acts


def _of_goods(order: Order, lines: Sequence[OrderLine]) -> list[Act]:
    acts = []
    if order.state in RUNNING_ORDERS:
        if any(line.state in ALLOCATED_WHEN for line in lines):
            acts.append(_act(order, "allocate", _("Allocate"), "list-check"))
        if order.state in MOVED_WHEN and any(_steps(line) for line in lines):
            acts.append(_act(order, "move", _("Goods moved along"), "arrow-right"))
        acts.append(_act(order, "plan", _("Plan the delivery"), "calendar"))
        acts.append(_act(order, "wish", _("Another wish"), "user"))
    if order.state == OrderState.CONFIRMED and any(is_here(line) for line in lines):
        acts.append(_act(order, "deliver", pgettext("goods", "Hand over"), "truck-delivery"))
    acts.append(_act(order, "incident", _("Something went wrong"), "alert-triangle"))
    return acts


def _steps(line: OrderLine) -> list[LineState]:
    return moves.next_steps(line.state, supply=line.supply)


def is_here(line: OrderLine) -> bool:
    """Whether some of this line can be handed over."""
    return moves.may_line_move(line.state, LineState.DELIVERED, supply=line.supply)


def _of_the_end(order: Order, *, reader: Reader) -> list[Act]:
    if not reader.may_close:
        return []
    if order.state == OrderState.DELIVERED:
        return [_act(order, "settle", _("Settle"), "circle-check")]
    if order.state == OrderState.SETTLED:
        return [_act(order, "archive", _("Archive"), "archive")]
    return []


def next_step(order: Order, *, reader: Reader, now: datetime) -> Next | None:
    """What the order waits for on its way, read from its own row alone."""
    if order.state == OrderState.CHECKED and order.lines_all:
        if order.letter_sent_at is None:
            text = _("Checked. The customer gets the confirmation letter.")
            act = _act(order, "letter_sent", pgettext("order", "Letter sent"), "send")
        else:
            text = _("The letter is sent. The customer confirms it.")
            act = _act(order, "confirm", _("Customer confirmed"), "circle-check")
        return Next(text=text, act=act if reader.may_move else None)
    if order.state == OrderState.CONFIRMED and order.lines_arrived > order.lines_delivered:
        text = _("Goods are here. They can be handed over.")
        act = _act(order, "deliver", pgettext("goods", "Hand over"), "truck-delivery")
        return Next(text=text, act=act if reader.may_move else None)
    if order.state == OrderState.DELIVERED and order.amount == order.paid and not order.unconfirmed:
        act = _act(order, "settle", _("Settle"), "circle-check")
        text = _("Delivered and paid. Finance settles it.")
        return Next(text=text, act=act if reader.may_close else None)
    return None
