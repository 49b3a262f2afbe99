"""Commission paid to designers, and clawed back when their customer returns goods (ORD-18).

Locks: the order with its customer, then the designer, whose other orders say what may be deducted.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused, refuse_if
from core.services.once import once
from customers.models import Designer
from orders.models import CommissionEntry, Order, Return
from orders.queries.commission import commission_in_short
from orders.queries.order_terms import order_terms
from orders.rules.commission import claw_back_on, pay_blockers
from orders.services.history import note
from orders.services.holding import hold_order
from orders.states import CommissionKind, EventKind, ReturnCause, ReturnKind
from staff.models import Person


class CommissionNotPaid(Refused):
    """Commission was not paid out."""

    messages = {
        "no_designer": _("No designer is named on this order."),
        "voucher_missing": _("Say the number of the voucher."),
        "amount_missing": _("The amount is more than 0."),
        "not_completed": _(
            "Commission is paid once the order is completed: delivered whole, and paid."
        ),
        "nothing_payable": _("Nothing is payable for this order."),
        "more_than_payable": _("At most %(most)s are payable for this order."),
        "paid_in_future": _("This day lies in the future. Record it when it has happened."),
        "paid_before_order": _("The order is of %(on)s: this day lies before it."),
    }


@transaction.atomic
def pay_commission(
    *,
    order: Order,
    amount: Decimal,
    on: date,
    voucher: str,
    by: Person,
    key: UUID,
    now: datetime | None = None,
) -> CommissionEntry:
    """Write down what was paid to the designer of a completed order; never more than is payable.

    `key` is the form's own id: sent twice, the same payment comes back. Raises CommissionNotPaid.
    """
    content = f"{order.pk}\n{amount}\n{on}\n{voucher}"
    with once(key=key, purpose="commission", by=by, content=content) as form:
        if form.result_id:
            return CommissionEntry.objects.get(pk=form.result_id)
        held = hold_order(order, even_closed=True)
        at = now or database_now()
        designer = _hold_designer(held)
        _check_day(held, on, at=at)
        _check_payable(held, amount, voucher=voucher.strip())

        entry = CommissionEntry.objects.create(
            order=held,
            designer=designer,
            kind=CommissionKind.PAID,
            amount=amount,
            on=on,
            voucher=voucher.strip()[:40],
            noted_at=at,
            noted_by=by,
            key=key,
        )
        note(
            held,
            EventKind.COMMISSION_PAID,
            by=by,
            at=at,
            amount=str(amount),
            on=on.isoformat(),
            voucher=entry.voucher,
            designer=designer.pk,
        )
        form.result_id = entry.pk
    return entry


def _hold_designer(held: Order) -> Designer:
    """The order's designer, locked until the end of the transaction. Raises CommissionNotPaid."""
    if held.designer_id is None:
        raise CommissionNotPaid.because("no_designer")
    return Designer.objects.select_for_update(no_key=True).get(pk=held.designer_id)


def _check_day(held: Order, on: date, *, at: datetime) -> None:
    if on > held.store.today(at):
        raise CommissionNotPaid.because("paid_in_future")
    if on < held.ordered_on:
        raise CommissionNotPaid.because("paid_before_order", on=held.ordered_on.isoformat())


def _check_payable(held: Order, amount: Decimal, *, voucher: str) -> None:
    known = commission_in_short(held)
    if known is None:
        raise CommissionNotPaid.because("no_designer")
    refuse_if(
        CommissionNotPaid,
        pay_blockers(
            amount, reckoned=known.reckoned, open_in_all=known.open_in_all, voucher=voucher
        ),
    )


def claw_back(
    goods_back: Return, held: Order, *, on: date, by: Person, at: datetime
) -> CommissionEntry | None:
    """Take back the commission on goods that the customer returned at will (formulas 3.13).

    Called with the settling of the return, which holds the order. Deducted from what is payable
    next, else owed by the designer. None where nothing is to be taken back.
    """
    is_at_will = goods_back.cause == ReturnCause.CUSTOMER
    if goods_back.kind != ReturnKind.RETURN or not is_at_will or held.designer_id is None:
        return None
    designer = _hold_designer(held)
    known = commission_in_short(held)
    if known is None:
        return None
    rate = known.rates.of(is_accessory=goods_back.line.is_accessory)
    percent = order_terms(held.store).claw_back_percent
    amount = claw_back_on(goods_back.amount, rate=rate, percent=percent)
    if not amount:
        return None

    entry = CommissionEntry.objects.create(
        order=held,
        designer=designer,
        kind=CommissionKind.CLAWED_BACK,
        amount=amount,
        on=on,
        goods_back=goods_back,
        noted_at=at,
        noted_by=by,
        key=uuid4(),
    )
    note(
        held,
        EventKind.COMMISSION_CLAWED_BACK,
        line=goods_back.line,
        by=by,
        at=at,
        amount=str(amount),
        of=str(goods_back.amount),
        rate=str(rate),
        percent=percent,
        designer=designer.pk,
    )
    return entry
