"""Taking money for an order: never more than is open, at the server's time (FIN-03, C07).

The order's row is held while it is taken, and the database itself keeps what is paid within what
it costs: of two who take the last of it at once the second is told so.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.amounts import money_text
from core.clock import database_now
from core.refusals import Refused
from core.services import audit
from core.services.once import once
from orders.models import Bill, Order, Payment
from orders.services.following import follow_money
from orders.services.history import note
from orders.services.holding import balance_of, hold_order
from orders.services.settling import settle_deal
from orders.services.slips import prove
from orders.states import BILL_METHODS, EventKind, Method, PaymentKind
from staff.models import Person

# A paper that was due longer ago is mistyped, or worth nothing (days).
LONGEST_OVERDUE_BILL = 30
# The constraint of the order that is the last word on what may be paid.
NOT_MORE_THAN_OWED = "nobody_pays_more_than_is_owed"


class PaymentNotTaken(Refused):
    """A payment was not taken; nothing was written."""

    messages = {
        "amount_missing": _("The amount is more than 0."),
        "more_than_open": _(
            "Only %(open)s of this order are open. Take that, or write down first what it costs "
            "now."
        ),
        "all_paid": _("This order is paid in full."),
        "bill_missing": _("Say number, bank and due day of the bill."),
        "bill_past": _("The due day of this bill is long past. Check it."),
    }


@dataclass(frozen=True, kw_only=True)
class NewBill:
    """The paper by which is paid: a cheque or an acceptance (FIN-04)."""

    number: str
    bank: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class NewPayment:
    """Money as it is handed over: how much, by which way, from whom; `kind` says what for."""

    amount: Decimal
    method: Method | str
    payer: str
    kind: PaymentKind = PaymentKind.PAYMENT
    note: str = ""
    bill: NewBill | None = None


@transaction.atomic
def take_payment(
    *, order: Order, taken: NewPayment, by: Person, key: UUID, now: datetime | None = None
) -> Payment:
    """Take money for a known order; the first of it settles the lead (FIL-21).

    `key` is the form's own id: sent twice, the same payment comes back. Raises PaymentNotTaken,
    OrderNotChanged, DealNotMade.
    """
    content = "\n".join([str(order.pk), str(taken.amount), str(taken.method)])
    with once(key=key, purpose="payment", by=by, content=content) as form:
        if form.result_id:
            return Payment.objects.select_related("order").get(pk=form.result_id)
        held = hold_order(order)
        at = now or database_now()
        payment = write_payment(held, taken, by=by, at=at, key=key)
        settle_deal(held, by=by, at=at)
        audit.record(
            verb="take_payment", of=payment, by=by, order=held.pk, customer=held.customer_id
        )
        follow_money(held, now=at)
        form.result_id = payment.pk
    return payment


def write_payment(
    order: Order, taken: NewPayment, *, by: Person, at: datetime, key: UUID
) -> Payment:
    """Write down money for a held order, and its bill. Raises PaymentNotTaken."""
    if taken.amount <= 0:
        raise PaymentNotTaken.because("amount_missing")
    if taken.method in BILL_METHODS and taken.bill is None:
        raise PaymentNotTaken.because("bill_missing")
    rest = balance_of(order)
    if rest is not None and taken.amount > rest:
        raise _too_much(rest)
    try:
        with transaction.atomic():
            payment = Payment.objects.create(
                order=order,
                kind=taken.kind,
                payer=taken.payer,
                amount=taken.amount,
                method=taken.method,
                taken_at=at,
                taken_by=by,
                note=taken.note,
                key=key,
            )
    except IntegrityError as error:
        if NOT_MORE_THAN_OWED not in str(error):
            raise
        order.refresh_from_db(fields=["amount", "paid"])
        raise _too_much(balance_of(order) or Decimal(0)) from error
    prove(payment)
    if taken.bill is not None and taken.method in BILL_METHODS:
        _write_bill(payment, taken.bill, by=by, at=at)
    note(
        order,
        EventKind.PAID,
        by=by,
        at=at,
        payment=payment.pk,
        amount=str(payment.amount),
        method=str(payment.method),
        of=str(payment.kind),
    )
    return payment


def _too_much(rest: Decimal) -> Refused:
    if not rest:
        return PaymentNotTaken.because("all_paid")
    return PaymentNotTaken.because("more_than_open", open=money_text(rest))


def _write_bill(payment: Payment, bill: NewBill, *, by: Person, at: datetime) -> None:
    """A cheque or an acceptance is in hand from now on (FIN-04)."""
    if (payment.order.store.today(at) - bill.due_on).days > LONGEST_OVERDUE_BILL:
        raise PaymentNotTaken.because("bill_past")
    Bill.objects.create(
        payment=payment,
        number=bill.number,
        bank=bill.bank,
        due_on=bill.due_on,
        changed_at=at,
        changed_by=by,
    )
