"""The confirmation letter, and the customer's word that it is right (ORD-02, ORD-33)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused, refuse_if
from core.rules import Blocker
from orders.models import Order, OrderEvent, OrderLine
from orders.rules.letters import Item, Written, missing_items
from orders.rules.moves import may_order_move
from orders.services import milestones
from orders.services.history import note
from orders.services.holding import hold_order
from orders.services.terms import follow_delivery
from orders.states import EventKind, LineState, MilestoneKind, OrderChannel, OrderState
from staff.models import Person

# What makes a letter that was sent say something that is true no more.
OUTDATING = (
    EventKind.LINES_PLACED,
    EventKind.LINE_CHANGED,
    EventKind.LINE_CANCELLED,
)


class OrderNotConfirmed(Refused):
    """An order's letter was not sent, or the order not confirmed."""

    messages = {
        "lacks_number": _("The letter lacks the order number."),
        "lacks_customer": _("The letter lacks the customer's name."),
        "lacks_products": _("The letter lacks the products: write down what is ordered."),
        "lacks_quantities": _("The letter lacks the quantities."),
        "lacks_prices": _("The letter lacks the prices: a product has none."),
        "lacks_delivery": _("The letter lacks the delivery date: plan the delivery."),
        "not_checked": _("Check the order first: what the customer confirms must be right."),
        "not_sent": _("Send the letter first: the customer confirms what they have read."),
        "letter_outdated": _(
            "The order was changed since the letter was sent. Send it again, then have it "
            "confirmed."
        ),
        "confirmed_already": _("The customer has confirmed this order already."),
    }


def letter_day(order: Order) -> date | None:
    """The delivery date that the letter names: what is planned, else what was promised."""
    return order.current_on or order.promised_on


def lacking(order: Order, lines: list[OrderLine]) -> list[Item]:
    """Which of the six items this order lacks; its lines without the cancelled ones."""
    return missing_items(
        number=order.number,
        customer=order.customer.name,
        lines=[
            Written(
                product=line.product,
                qty=line.qty,
                list_price=line.list_price,
                agreed_price=line.agreed_price,
            )
            for line in lines
        ],
        delivery_on=letter_day(order),
    )


def lines_of_letter(order: Order) -> list[OrderLine]:
    """What the letter lists."""
    lines = OrderLine.objects.filter(order=order).exclude(state=LineState.CANCELLED)
    return list(lines.order_by("position"))


def is_outdated(order: Order) -> bool:
    """Whether the order was changed since its letter was sent."""
    events = OrderEvent.objects.filter(order=order)
    sent = events.filter(kind=EventKind.LETTER_SENT).order_by("-pk").first()
    if sent is None:
        return False
    if sent.params["delivery_on"] != _iso(letter_day(order)):
        return True
    return events.filter(pk__gt=sent.pk, kind__in=OUTDATING).exists()


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _refuse_lacking(order: Order) -> None:
    items = lacking(order, lines_of_letter(order))
    refuse_if(OrderNotConfirmed, [Blocker(f"lacks_{item}") for item in items])


@transaction.atomic
def send_letter(
    *, order: Order, way: OrderChannel | str, by: Person, now: datetime | None = None
) -> Order:
    """The letter went out this way, now; sent again, the later sending counts.

    Raises OrderNotConfirmed and OrderNotChanged.
    """
    held = hold_order(order)
    at = now or database_now()
    if held.confirmed_at is not None:
        raise OrderNotConfirmed.because("confirmed_already")
    if held.state == OrderState.RECEIVED:
        raise OrderNotConfirmed.because("not_checked")
    _refuse_lacking(held)

    held.letter_sent_at, held.letter_way = at, way
    held.save(update_fields=["letter_sent_at", "letter_way"])
    told = _iso(letter_day(held))
    note(held, EventKind.LETTER_SENT, by=by, at=at, way=str(way), delivery_on=told)
    return held


@transaction.atomic
def confirm_order(*, order: Order, by: Person, now: datetime | None = None) -> Order:
    """The customer confirms the order as the letter has it; its delivery date is promised from now
    on and never changes (ORD-13). Raises OrderNotConfirmed and OrderNotChanged.
    """
    held = hold_order(order)
    at = now or database_now()
    if held.confirmed_at is not None:
        raise OrderNotConfirmed.because("confirmed_already")
    if not may_order_move(held.state, OrderState.CONFIRMED):
        raise OrderNotConfirmed.because("not_checked")
    _refuse_lacking(held)
    if held.letter_sent_at is None:
        raise OrderNotConfirmed.because("not_sent")
    if is_outdated(held):
        raise OrderNotConfirmed.because("letter_outdated")

    day = letter_day(held)
    held.state, held.confirmed_at = OrderState.CONFIRMED, at
    held.promised_on = held.current_on = day
    held.save(update_fields=["state", "confirmed_at", "promised_on", "current_on"])
    milestones.reach(held, MilestoneKind.CONFIRMED, on=held.store.today(at), by=by)
    milestones.plan(held, MilestoneKind.DELIVERED, on=day)
    note(
        held,
        EventKind.CONFIRMED,
        by=by,
        at=at,
        promised_on=_iso(day),
        amount=str(held.amount),
    )
    follow_delivery(held, now=at)
    return held
