"""Giving a deposit back in full: no deal any more, and the filings go by their own clocks."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused
from core.services import audit
from filings import services as filings
from filings.models import Deal
from followups import services as followups
from orders.models import Payment
from staff.models import Person
from staff.services.notices import tell
from staff.states import NoticeKind


class DepositNotReturned(Refused):
    """A deposit was not returned."""

    messages = {
        "own_deposit": _("Somebody else returns a deposit that you took."),
        "returned_already": _("This deposit has been returned already."),
        "reason_missing": _("Say why the deposit goes back."),
    }


@transaction.atomic
def return_deposit(
    *, deposit: Payment, reason: str, by: Person, now: datetime | None = None
) -> Payment:
    """Give a deposit back in full; with the last one of an order its deal is undone (FIL-22).

    Never by whoever took it. Raises DepositNotReturned.
    """
    if not reason.strip():
        raise DepositNotReturned.because("reason_missing")
    if deposit.taken_by_id == by.pk:
        raise DepositNotReturned.because("own_deposit")
    customer = followups.hold_of(deposit.order)
    at = now or database_now()
    returned = Payment.objects.filter(pk=deposit.pk, returned_at=None).update(
        returned_at=at, returned_by=by, return_reason=reason.strip()[:200]
    )
    if not returned:
        raise DepositNotReturned.because("returned_already")

    if not Payment.objects.filter(order=deposit.order_id, returned_at=None).exists():
        _undo(deposit, reason, by=by, at=at)

    audit.record(verb="return_deposit", of=deposit, by=by, reason=reason, order=deposit.order_id)
    followups.touch_and_ask(customers=[customer.pk], now=at)
    deposit.refresh_from_db()
    return deposit


def _undo(deposit: Payment, reason: str, *, by: Person, at: datetime) -> None:
    """The deal of the order is none any more, and whoever had its credit hears of it."""
    deals = Deal.objects.filter(order_no=deposit.order.number, undone_at=None)
    deal = deals.select_related("credited_to").first()
    if deal is None:
        return
    filings.undo_deal(deal=deal, reason=reason, by=by, now=at)
    if deal.credited_to is not None and deal.credited_to_id != by.pk:
        tell(
            person=deal.credited_to,
            kind=NoticeKind.CREDIT,
            key=f"undone:{deal.pk}",
            params={"returned_by": by.name, "order": deposit.order.number},
            path=reverse("desk:customer", args=[deposit.order.customer_id]),
            now=at,
        )
