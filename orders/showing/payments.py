"""How payments read: where they stand, what proves them."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.rules import TAKE_BACK_WITHIN
from orders.models import Bill, Payment, Slip
from orders.showing.acts import Act
from orders.states import Method, SlipResult
from staff.scope import MONEY_ROLES, RETURNING_ROLES, Reach


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A state with its colour, which always has its word."""

    text: str
    tone: str = "plain"
    icon: str = "clock"


def standing_of(payment: Payment) -> Standing:
    """Whether finance has confirmed it, or it is gone."""
    if payment.returned_at is not None:
        is_void = payment.returned_by_id == payment.taken_by_id
        text = pgettext("payment", "Taken back as a mistake") if is_void else pgettext(
            "payment", "Given back"
        )  # fmt: skip
        return Standing(text=text, tone="late", icon="x")
    if payment.confirmed_at is not None:
        return Standing(text=pgettext("payment", "Confirmed"), tone="good", icon="circle-check")
    return Standing(text=pgettext("payment", "To be confirmed"), tone="soon")


def slip_of(payment: Payment) -> Slip | None:
    """The slip that proves it, read along or not."""
    return getattr(payment, "slip", None)


def bill_of(payment: Payment) -> Bill | None:
    """The paper by which it was made."""
    return getattr(payment, "bill", None)


def paper_of(payment: Payment) -> str:
    """What proves a payment, in a few words; nothing where nothing has to."""
    if (bill := bill_of(payment)) is not None:
        return f"{bill.number} · {bill.get_state_display()}"
    if payment.method != Method.TRANSFER:
        return ""
    slip = slip_of(payment)
    if slip is None:
        return _("Slip missing")
    return slip_text(slip)


def slip_text(slip: Slip) -> str:
    """How a slip compared, in a few words."""
    if slip.result == SlipResult.SHORT and slip.settled_at is not None:
        return _("Difference settled")
    return slip.get_result_display()


def acts_of(payment: Payment, *, reach: Reach, now: datetime) -> list[Act]:
    """What this reader may do with a payment; nobody decides on the own."""
    if payment.returned_at is not None:
        return []
    is_own = payment.taken_by_id == reach.person_id
    is_open = payment.confirmed_at is None
    acts = []
    if reach.has_role(MONEY_ROLES) and is_open and not is_own:
        acts.append(_act(payment, "confirm_payment", _("Confirm"), "circle-check"))
        acts.append(_act(payment, "reject_payment", _("Reject"), "x"))
    if is_own and is_open and now - payment.taken_at <= TAKE_BACK_WITHIN:
        acts.append(_act(payment, "void_payment", _("Take back a mistake"), "x"))
    if reach.has_role(RETURNING_ROLES) and not is_own:
        acts.append(_act(payment, "return_deposit", _("Give it back"), "arrows-exchange"))
    return acts


def _act(payment: Payment, name: str, label: str, icon: str) -> Act:
    return Act(label=label, url=reverse(f"orders:{name}", args=[payment.pk]), icon=icon)
