"""On what terms a customer buys, and amounts they dispute (FIN-02, FIN-05, FIN-06)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused
from core.services import audit
from customers.models import Customer
from followups import services as followups
from orders.models import Account, Due
from orders.services.gate import take_releases_back
from orders.services.holding import hold_order
from orders.services.receivables import follow_receivables
from staff.models import Person


class AccountNotChanged(Refused):
    """The terms of a customer, or a dispute, were left as they were."""

    messages = {
        "reason_missing": _("Say why."),
        "disputed_already": _("This amount is disputed already."),
        "not_disputed": _("This amount is not disputed."),
    }


@dataclass(frozen=True, kw_only=True)
class NewTerms:
    """Monthly terms or not, a limit in yuan (None: none), and whether deliveries are held."""

    is_monthly: bool
    credit_limit: Decimal | None
    is_held: bool
    reason: str = ""


@transaction.atomic
def set_account(
    *, customer: Customer, terms: NewTerms, by: Person, now: datetime | None = None
) -> Account:
    """Say on what terms a customer buys; a hold says why, and holds what was released, too.

    Raises AccountNotChanged.
    """
    if terms.is_held and not terms.reason.strip():
        raise AccountNotChanged.because("reason_missing")
    held = followups.hold_one(customer)
    if terms.is_held and not Account.objects.filter(customer=held, is_held=True).exists():
        take_releases_back(held)
    account, _is_new = Account.objects.update_or_create(
        customer=held,
        defaults={
            "is_monthly": terms.is_monthly,
            "credit_limit": terms.credit_limit,
            "is_held": terms.is_held,
            "reason": terms.reason.strip()[:200],
            "set_at": now or database_now(),
            "set_by": by,
        },
    )
    audit.record(
        verb="set_account",
        of=held,
        by=by,
        reason=terms.reason,
        monthly=terms.is_monthly,
        limit=str(terms.credit_limit),
        held=terms.is_held,
    )
    return account


@transaction.atomic
def dispute(*, due: Due, reason: str, by: Person, now: datetime | None = None) -> None:
    """The customer disputes an amount: its dunning rests, its ageing goes on (formulas 3.10).

    Raises AccountNotChanged.
    """
    if not reason.strip():
        raise AccountNotChanged.because("reason_missing")
    order = hold_order(due.order)
    at = now or database_now()
    changed = Due.objects.filter(pk=due.pk, disputed_at=None).update(
        disputed_at=at, disputed_by=by, dispute_reason=reason.strip()[:200]
    )
    if not changed:
        raise AccountNotChanged.because("disputed_already")
    audit.record(verb="dispute_due", of=order, by=by, reason=reason, due=due.pk)
    follow_receivables(order, now=at)
    followups.touch_and_ask(customers=[order.customer_id], now=at)


@transaction.atomic
def end_dispute(*, due: Due, by: Person, now: datetime | None = None) -> None:
    """The amount is disputed no more: its dunning goes on from where the days are by now.

    Raises AccountNotChanged.
    """
    order = hold_order(due.order)
    at = now or database_now()
    disputed = Due.objects.filter(pk=due.pk, disputed_at__isnull=False)
    if not disputed.update(disputed_at=None, disputed_by=None, dispute_reason=""):
        raise AccountNotChanged.because("not_disputed")
    audit.record(verb="end_dispute", of=order, by=by, due=due.pk)
    follow_receivables(order, now=at)
    followups.touch_and_ask(customers=[order.customer_id], now=at)
