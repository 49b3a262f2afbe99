"""Signing an order: the day, the scan, and the credit where no deposit came first (decision 5)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused
from core.services.once import once
from filings.states import DealKind
from followups import services as followups
from orders.models import Order
from orders.services import milestones
from orders.services.files import Scan, keep_scan
from orders.services.foreseeing import SaleNotMade, foresee_signing
from orders.services.history import note
from orders.services.holding import hold_order
from orders.services.settling import has_deal, sale_of_order, settle_sale
from orders.states import EventKind, FileKind, MilestoneKind
from staff.models import Person


class OrderNotSigned(Refused):
    """A signature was not recorded."""

    messages = {
        "no_lines": _("Write down what is ordered first: that is what the customer signs."),
        "signed_already": _("This order is signed already."),
        "in_future": _("This day lies in the future. Record it when it has happened."),
        "before_order": _("The order is of %(day)s: this day lies before it."),
    }


@dataclass(frozen=True, kw_only=True)
class Signature:
    """When the customer signed, and the scan of it."""

    on: date
    scan: Scan | None = None


@transaction.atomic
def sign_order(
    *,
    order: Order,
    signature: Signature,
    by: Person,
    key: UUID,
    expected: str | None = None,
    now: datetime | None = None,
) -> Order:
    """Record that the customer has signed; without a deposit before it, that makes the deal.

    `expected` is the answer that was read before the button: whose the credit will be. The sale is
    the seller's, whoever records it. Raises OrderNotSigned, OrderNotChanged, SaleNotMade and
    DealNotMade.
    """
    with once(key=key, purpose="sign", by=by, content=str(order.pk)) as form:
        if form.result_id:
            return Order.objects.get(pk=form.result_id)
        held = hold_order(order)
        at = now or database_now()
        if expected is not None and (foresee_signing(held, by=by, now=at) or "") != expected:
            raise SaleNotMade.because("look_first")
        sign_held(held, signature, by=by, at=at)
        followups.touch_and_ask(customers=[held.customer_id], now=at)
        form.result_id = held.pk
    return held


def sign_held(held: Order, signature: Signature, *, by: Person, at: datetime) -> None:
    """The same of an order that is held, or placed in this very transaction."""
    if held.signed_on is not None:
        raise OrderNotSigned.because("signed_already")
    if held.amount is None:
        raise OrderNotSigned.because("no_lines")
    if held.project is None and not has_deal(held):
        raise SaleNotMade.because("address_missing")
    if signature.on > held.store.today(at):
        raise OrderNotSigned.because("in_future")
    if signature.on < held.ordered_on:
        raise OrderNotSigned.because("before_order", day=held.ordered_on.isoformat())

    held.signed_on = signature.on
    held.save(update_fields=["signed_on"])
    if signature.scan is not None:
        keep_scan(held, signature.scan, kind=FileKind.SIGNED, by=by, at=at)
    milestones.reach(held, MilestoneKind.SIGNED, on=signature.on, by=by)
    note(held, EventKind.SIGNED, by=by, at=at, on=signature.on.isoformat())

    sale = sale_of_order(held, by=by, kind=DealKind.SIGNED, amount=held.amount)
    settle_sale(held, sale, by=by, at=at)
