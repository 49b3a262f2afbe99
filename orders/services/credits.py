"""Credits (挂帐): made by a change of an order, kept four weeks, then refunded (ORD-17).

Until then one may be offset against another order of the same customer, with their consent. What
is offset, refunded or asked to be refunded is never more than the credit: its row is held, and the
database keeps the sum.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pgtrigger
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.amounts import money_text
from core.clock import database_now
from core.refusals import Refused
from core.services import audit
from core.services.once import once
from followups import services as followups
from followups.states import Anchor
from orders.models import Credit, CreditUse, Order
from orders.queries.money import uncertain_orders
from orders.queries.order_terms import order_terms
from orders.rules.credits import is_refundable, refund_day
from orders.services.following import follow_money
from orders.services.history import note
from orders.services.holding import balance_of, hold_order
from orders.services.people import carer_of
from orders.services.settling import settle_deal
from orders.states import CreditKind, CreditUseKind, EventKind, Method
from staff.models import Person

# What reckons an order anew where a credit goes back into it: the use, and the credit's own sum.
KEEP_THE_ORDER = ("orders.CreditUse:keep_order_id_insert", "orders.Credit:keep_order_id_update")


class CreditNotChanged(Refused):
    """A credit was left as it was."""

    messages = {
        "text_missing": _("Write down what was said."),
        "contacted_already": _("%(who)s has spoken with the customer about this already."),
        "amount_missing": _("The amount is more than 0."),
        "nothing_left": _("Nothing of this credit is left."),
        "more_than_left": _("Only %(left)s of this credit are left."),
        "consent_missing": _("Write down how the customer agreed to it."),
        "same_order": _("Choose another order of this customer."),
        "other_customer": _("That order is another customer's."),
        "order_without_amount": _("Nobody has written down yet what that order costs."),
        "more_than_open": _("Only %(open)s of that order are open."),
        "too_early": _("This credit is refunded from %(day)s on."),
        "money_uncertain": _(
            "A payment on which this credit stands is not confirmed, or its bill not honoured yet. "
            "That comes first."
        ),
        "own_request": _("Somebody else pays out a refund that you asked for."),
        "decided_already": _("This refund was paid out or refused already."),
        "voucher_missing": _("Say by which way it was paid out, and the voucher number."),
        "reason_missing": _("Say why it is not refunded."),
    }


def make_credit(
    order: Order,
    *,
    kind: CreditKind,
    amount: Decimal,
    before: Decimal,
    after: Decimal,
    by: Person,
    at: datetime,
    key: UUID | None = None,
) -> Credit:
    """Keep for the customer what a change of a held order leaves over (formulas 3.11).

    Written before the change itself, because nothing may be paid beyond what an order costs.
    """
    changed_on = order.store.today(at)
    days = order_terms(order.store).credit_days
    credit = Credit.objects.create(
        order=order,
        customer=order.customer,
        kind=kind,
        changed_on=changed_on,
        before=before,
        after=after,
        amount=amount,
        refundable_from=refund_day(changed_on, credit_days=days),
        handler=carer_of(order) or order.customer.owner or by,
        made_at=at,
        made_by=by,
        key=key or uuid4(),
    )
    note(
        order,
        EventKind.CREDIT_MADE,
        by=by,
        at=at,
        credit=credit.pk,
        amount=str(amount),
        of=kind.value,
        before=str(before),
        after=str(after),
        on=credit.refundable_from.isoformat(),
    )
    follow_credit(credit, order, now=at)
    return credit


def follow_credit(credit: Credit, order: Order, *, now: datetime) -> None:
    """Have the task of asking the customer stand while something is left to be refunded."""
    if credit.used >= credit.amount:
        followups.end_anchor_day(
            anchor=Anchor.CREDIT, subject_id=credit.pk, now=now, asks=False
        )  # fmt: skip
        return
    followups.set_anchor_day(
        anchor=Anchor.CREDIT,
        subject_id=credit.pk,
        customer=order.customer,
        on=credit.refundable_from,
        assignee=carer_of(order),
        text=f"{order.number} · {money_text(credit.amount - credit.used)}",
        path=reverse("orders:credit", args=[credit.pk]),
        now=now,
        asks=False,
    )


def _hold(credit: Credit) -> tuple[Credit, Order]:
    """The credit and the order it came from, both held; that order may be closed by now."""
    order = hold_order(credit.order, even_closed=True)
    held = Credit.objects.select_for_update(of=("self",)).get(pk=credit.pk)
    held.customer, held.order = order.customer, order
    return held, order


@transaction.atomic
def note_contact(
    *, credit: Credit, text: str, by: Person, now: datetime | None = None
) -> Credit:  # fmt: skip
    """Write down what the customer said about their money, before it is due (forms 2.11)."""
    if not text.strip():
        raise CreditNotChanged.because("text_missing")
    held, order = _hold(credit)
    at = now or database_now()
    if held.contacted_by is not None:
        raise CreditNotChanged.because("contacted_already", who=held.contacted_by.name)

    held.contacted_at, held.contacted_by, held.contact_note = at, by, text.strip()[:200]
    held.save(update_fields=["contacted_at", "contacted_by", "contact_note"])

    note(order, EventKind.CREDIT_CONTACTED, by=by, at=at, typed=text.strip(), credit=held.pk)
    followups.answer_ahead(anchor=Anchor.CREDIT, subject_id=held.pk, now=at)
    return held


@transaction.atomic
def offset_credit(
    *,
    credit: Credit,
    order: Order,
    amount: Decimal,
    consent: str,
    by: Person,
    key: UUID,
    now: datetime | None = None,
) -> CreditUse:
    """Put a credit, or a part of it, into another order of the same customer, who agreed to it.

    Raises CreditNotChanged and OrderNotChanged.
    """
    if not consent.strip():
        raise CreditNotChanged.because("consent_missing")
    if order.pk == credit.order_id:
        raise CreditNotChanged.because("same_order")
    if order.customer_id != credit.customer_id:  # before two customers are held at once
        raise CreditNotChanged.because("other_customer")
    content = f"{credit.pk}\n{order.pk}\n{amount}"
    with once(key=key, purpose="offset", by=by, content=content) as form:
        if form.result_id:
            return CreditUse.objects.get(pk=form.result_id)
        target = hold_order(order)
        held, origin = _hold(credit)
        at = now or database_now()
        if target.customer_id != held.customer_id:
            raise CreditNotChanged.because("other_customer")
        _refuse_beyond(held, amount)
        rest = balance_of(target)
        if rest is None:
            raise CreditNotChanged.because("order_without_amount")
        if amount > rest:
            raise CreditNotChanged.because("more_than_open", open=money_text(rest))

        use = CreditUse.objects.create(
            credit=held,
            kind=CreditUseKind.OFFSET,
            amount=amount,
            order=target,
            consent=consent.strip()[:200],
            asked_at=at,
            asked_by=by,
            done_at=at,
            done_by=by,
            key=key,
        )
        settle_deal(target, by=by, at=at)

        _note_offset(use, origin=origin, target=target, by=by, at=at)
        audit.record(verb="offset_credit", of=held, by=by, order=target.pk)
        held.refresh_from_db(fields=["used"])
        follow_credit(held, origin, now=at)
        follow_money(target, now=at)
        form.result_id = use.pk
    return use


def _note_offset(use: CreditUse, *, origin: Order, target: Order, by: Person, at: datetime) -> None:
    """Both orders tell of it: the one that gave, and the one that was paid by it."""
    for one, other in ((origin, target), (target, origin)):
        note(
            one,
            EventKind.CREDIT_USED,
            by=by,
            at=at,
            typed=use.consent,
            credit=use.credit_id,
            amount=str(use.amount),
            other=other.pk,
            number=other.number,
            is_in=one.pk == target.pk,
        )


@transaction.atomic
def ask_refund(
    *, credit: Credit, amount: Decimal, by: Person, key: UUID, now: datetime | None = None
) -> CreditUse:
    """Ask finance to pay a credit, or a part of it, out. Raises CreditNotChanged."""
    content = f"{credit.pk}\n{amount}"
    with once(key=key, purpose="refund", by=by, content=content) as form:
        if form.result_id:
            return CreditUse.objects.get(pk=form.result_id)
        held, order = _hold(credit)
        at = now or database_now()
        _refuse_beyond(held, amount)

        use = CreditUse.objects.create(
            credit=held,
            kind=CreditUseKind.REFUND,
            amount=amount,
            asked_at=at,
            asked_by=by,
            key=key,
        )

        note(
            order, EventKind.REFUND_ASKED, by=by, at=at, credit=held.pk, use=use.pk,
            amount=str(amount),
        )  # fmt: skip
        form.result_id = use.pk
    return use


def _refuse_beyond(credit: Credit, amount: Decimal) -> None:
    if amount <= 0:
        raise CreditNotChanged.because("amount_missing")
    left = credit.amount - credit.used
    if not left:
        raise CreditNotChanged.because("nothing_left")
    if amount > left:
        raise CreditNotChanged.because("more_than_left", left=money_text(left))


def _hold_request(use: CreditUse) -> tuple[CreditUse, Credit, Order]:
    """A refund that was asked for, held with its credit. Raises CreditNotChanged."""
    credit, order = _hold(use.credit)
    held = CreditUse.objects.select_for_update(of=("self",)).get(pk=use.pk)
    if held.done_at is not None or held.refused_at is not None:
        raise CreditNotChanged.because("decided_already")
    return held, credit, order


@transaction.atomic
def pay_refund(
    *, use: CreditUse, method: Method, voucher: str, by: Person, now: datetime | None = None
) -> CreditUse:
    """Finance pays out what somebody else asked for, on its day or later.

    Raises CreditNotChanged.
    """
    if not method or not voucher.strip():
        raise CreditNotChanged.because("voucher_missing")
    held, credit, order = _hold_request(use)
    at = now or database_now()
    if held.asked_by_id == by.pk:
        raise CreditNotChanged.because("own_request")
    if not is_refundable(credit.refundable_from, today=order.store.today(at)):
        raise CreditNotChanged.because("too_early", day=credit.refundable_from.isoformat())
    if uncertain_orders(order):
        raise CreditNotChanged.because("money_uncertain")

    held.done_at, held.done_by = at, by
    held.method, held.voucher = method, voucher.strip()[:40]
    held.save(update_fields=["done_at", "done_by", "method", "voucher"])

    note(
        order, EventKind.CREDIT_REFUNDED, by=by, at=at, credit=credit.pk, use=held.pk,
        amount=str(held.amount), method=str(method), voucher=held.voucher,
    )  # fmt: skip
    audit.record(verb="pay_refund", of=held, by=by, credit=credit.pk)
    credit.refresh_from_db(fields=["used"])
    follow_credit(credit, order, now=at)
    follow_money(order, now=at)
    return held


@transaction.atomic
def refuse_refund(
    *, use: CreditUse, reason: str, by: Person, now: datetime | None = None
) -> CreditUse:
    """A refund that was asked for is not paid out; the credit is free again."""
    if not reason.strip():
        raise CreditNotChanged.because("reason_missing")
    held, credit, order = _hold_request(use)
    at = now or database_now()

    held.refused_at, held.refused_by, held.refuse_reason = at, by, reason.strip()[:200]
    held.save(update_fields=["refused_at", "refused_by", "refuse_reason"])

    note(
        order, EventKind.REFUND_REFUSED, by=by, at=at, typed=reason.strip(), credit=credit.pk,
        use=held.pk, amount=str(held.amount),
    )  # fmt: skip
    credit.refresh_from_db(fields=["used"])
    follow_credit(credit, order, now=at)
    follow_money(order, now=at)
    return held


def take_credits_back(
    order: Order, amount: Decimal, *, reason: str, by: Person, at: datetime
) -> None:
    """Put so much of a held order's credits back into it: the money they stood on never came.

    The newest first. What the order costs and what is paid of it agree again only with the
    caller's next statement, on the payment itself: the order's sums are kept with that one.
    """
    left = amount
    credits = Credit.objects.filter(order=order).select_for_update(of=("self",))
    for credit in credits.order_by("-pk"):
        part = min(left, credit.amount - credit.used)
        if not part:
            continue
        with pgtrigger.ignore(*KEEP_THE_ORDER):
            CreditUse.objects.create(
                credit=credit,
                kind=CreditUseKind.OFFSET,
                amount=part,
                order=order,
                consent=reason.strip()[:200],
                asked_at=at,
                asked_by=by,
                done_at=at,
                done_by=by,
                key=uuid4(),
            )
        left -= part
        note(
            order,
            EventKind.CREDIT_USED,
            by=by,
            at=at,
            typed=reason.strip(),
            credit=credit.pk,
            amount=str(part),
            other=order.pk,
            number=order.number,
            is_in=True,
        )
        credit.refresh_from_db(fields=["used"])
        follow_credit(credit, order, now=at)
