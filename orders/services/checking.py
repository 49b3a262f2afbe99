"""Checking an order before the customer confirms it (ORD-01, ORD-32)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.amounts import money_text
from core.clock import database_now
from core.refusals import Refused
from filings.services import TRADES_OF_HOMES
from followups import services as followups
from followups.models import Chore
from followups.states import ChoreKind
from orders.models import Order
from orders.queries.money import account_of, unproved_transfers
from orders.rules.moves import may_order_move
from orders.services import milestones
from orders.services.history import note
from orders.services.holding import hold_order
from orders.states import Checks, EventKind, MilestoneKind, OrderState
from staff.models import Person


class OrderNotChecked(Refused):
    """An order was not checked."""

    messages = {
        "own_order": _("Somebody else checks an order that you sold."),
        "no_lines": _("Write down what is ordered first."),
        "checked_already": _("This order is checked already."),
        "unchecked": _("Tick everything that you have looked at: %(missing)s."),
        "address_missing": _("The address is missing. Write it down under the details."),
        "slip_missing": _(
            "The remittance slip of a transfer of %(amount)s is missing. Note the slip first."
        ),
    }


@transaction.atomic
def check_order(
    *,
    order: Order,
    looked_at: frozenset[str],
    by: Person,
    remark: str = "",
    now: datetime | None = None,
) -> Order:
    """Quantity, price, payment way, address and policy are right (ORD-32): the order is checked.

    Never by who sold it. Raises OrderNotChecked and OrderNotChanged.
    """
    held = hold_order(order)
    at = now or database_now()
    if held.seller_id == by.pk:
        raise OrderNotChecked.because("own_order")
    if not may_order_move(held.state, OrderState.CHECKED):
        raise OrderNotChecked.because("checked_already")
    if held.amount is None:
        raise OrderNotChecked.because("no_lines")
    if not held.address and held.store.trade in TRADES_OF_HOMES:
        raise OrderNotChecked.because("address_missing")
    for transfer in unproved_transfers(held, account_of(held)):
        raise OrderNotChecked.because("slip_missing", amount=money_text(transfer.amount))
    if missing := [check for check in Checks if check not in looked_at]:
        words = ", ".join(str(check.label) for check in missing)
        raise OrderNotChecked.because("unchecked", missing=words)

    Order.objects.filter(pk=held.pk).update(state=OrderState.CHECKED)
    held.state = OrderState.CHECKED
    milestones.reach(held, MilestoneKind.CHECKED, on=held.store.today(at), by=by)
    note(held, EventKind.CHECKED, by=by, at=at, typed=remark.strip())
    _done(held, by=by, at=at)
    return held


def _done(held: Order, *, by: Person, at: datetime) -> None:
    """The clerk's chore is off the list, whoever checked it."""
    open_ones = Chore.objects.filter(
        kind=ChoreKind.CHECK_ORDER, subject_id=held.pk, done_at=None, dropped_at=None
    )
    for chore in open_ones:
        followups.do_chore(chore=chore, by=by, now=at)
