"""The end of an order: settled with finance, then archived (ORD-08)."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused, refuse_if
from core.rules import Blocker
from orders.models import Order, Return
from orders.queries.money import uncertain_orders
from orders.rules.moves import may_order_move
from orders.services import milestones
from orders.services.history import note
from orders.services.holding import hold_order
from orders.states import EventKind, MilestoneKind, OrderState, ReturnState
from staff.models import Person
from staff.scope import MONEY_ROLES

OPEN_RETURNS = (ReturnState.ASKED, ReturnState.AGREED)


class OrderNotClosed(Refused):
    """An order was not settled, or not archived."""

    messages = {
        "not_finance": _("Finance settles an order."),
        "goods_open": _("Not everything is delivered yet."),
        "balance_open": _("A balance of ¥%(balance)s is still open: it is settled at 0.00."),
        "unconfirmed": _("Payments of ¥%(amount)s are not confirmed yet."),
        "bills_open": _("A cheque or an acceptance is not honoured yet."),
        "credit_uncertain": _(
            "A credit that was offset here stands on money that is not confirmed or honoured yet."
        ),
        "return_open": _("A return or exchange is still open."),
        "not_put_away": _("Finance archives an order."),
        "not_settled": _("An order is archived once it is settled."),
    }


def settling_blockers(order: Order) -> list[Blocker]:
    """Everything that keeps an order from being settled; the page says it before the button."""
    found = []
    if not may_order_move(order.state, OrderState.SETTLED):
        found.append(Blocker("goods_open"))
    balance = (order.amount or Decimal(0)) - order.paid
    if balance:
        found.append(Blocker("balance_open", {"balance": f"{balance:,.2f}"}))
    if order.unconfirmed:
        found.append(Blocker("unconfirmed", {"amount": f"{order.unconfirmed:,.2f}"}))
    elif uncertain := uncertain_orders(order):
        found.append(Blocker("bills_open" if order.pk in uncertain else "credit_uncertain"))
    if Return.objects.filter(order=order, state__in=OPEN_RETURNS).exists():
        found.append(Blocker("return_open"))
    return found


@transaction.atomic
def settle_order(*, order: Order, by: Person, now: datetime | None = None) -> Order:
    """Everything is delivered and paid: nothing of it is to be done. Raises OrderNotClosed and
    OrderNotChanged.
    """
    if by.role not in MONEY_ROLES:
        raise OrderNotClosed.because("not_finance")
    held = hold_order(order)
    at = now or database_now()
    refuse_if(OrderNotClosed, settling_blockers(held))

    held.state, held.settled_at = OrderState.SETTLED, at
    held.save(update_fields=["state", "settled_at"])
    milestones.reach(held, MilestoneKind.SETTLED, on=held.store.today(at), by=by)
    note(held, EventKind.SETTLED, by=by, at=at, amount=str(held.amount))
    return held


@transaction.atomic
def archive_order(*, order: Order, by: Person, now: datetime | None = None) -> Order:
    """Put a settled order away: it is read, never changed. Sent twice, it is archived once.

    Raises OrderNotClosed.
    """
    if by.role not in MONEY_ROLES:
        raise OrderNotClosed.because("not_put_away")
    held = hold_order(order, even_closed=True)
    at = now or database_now()
    if held.state == OrderState.ARCHIVED:
        return held
    if not may_order_move(held.state, OrderState.ARCHIVED):
        raise OrderNotClosed.because("not_settled")

    held.state, held.archived_at = OrderState.ARCHIVED, at
    held.save(update_fields=["state", "archived_at"])
    milestones.reach(held, MilestoneKind.ARCHIVED, on=held.store.today(at), by=by)
    note(held, EventKind.ARCHIVED, by=by, at=at)
    return held
