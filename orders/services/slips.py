"""Remittance slips: noted, held against what the order asks for, differences settled (ORD-31)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.amounts import money_text
from core.clock import database_now
from core.models import StoredFile
from core.refusals import Refused
from core.services import audit
from core.services.jobs import store_file
from core.services.once import once
from customers.services.pictures import CONTENT_TYPE, Picture
from followups import services as followups
from followups.states import Anchor, ChoreKind
from orders.models import Order, OrderEvent, OrderFile, Payment, Slip
from orders.queries.money import account_of, dues_of, owed_by, unproved_transfers
from orders.queries.order_terms import order_terms
from orders.rules.slips import compare
from orders.rules.terms import asked_by
from orders.services.history import note
from orders.services.holding import hold_order
from orders.services.people import carer_of
from orders.states import EventKind, FileKind, Method, SlipResult
from staff.models import Person

NOTHING = Decimal(0)


class SlipNotNoted(Refused):
    """A remittance slip was not noted, or its difference not settled."""

    messages = {
        "no_lines": _("Write down what is ordered first: the slip is held against its amount."),
        "amount_missing": _("The amount is more than 0."),
        "not_needed": _("This customer buys on monthly terms and needs no slip."),
        "other_order": _("This payment belongs to another order."),
        "not_a_transfer": _("Only a transfer has a remittance slip."),
        "has_slip": _("This transfer has its slip already."),
        "paid_later": _("A slip is of today or earlier."),
        "settled_already": _("This difference was settled already."),
        "nothing_to_settle": _("This slip passed: there is no difference."),
        "note_missing": _("Say how the difference was settled."),
    }


@dataclass(frozen=True, kw_only=True)
class NewSlip:
    """A slip as the customer sent it (forms 2.10).

    `payment` is the transfer it proves, where that was said; `is_ahead`: none that is recorded.
    """

    payer: str
    bank: str
    amount: Decimal
    paid_on: date
    image: Picture | None = None
    payment: Payment | None = None
    is_ahead: bool = False


@transaction.atomic
def note_slip(
    *, order: Order, slip: NewSlip, by: Person, key: UUID, now: datetime | None = None
) -> Slip:
    """Note a slip and hold it against what is asked for; one that is short is somebody's work.

    Raises SlipNotNoted and OrderNotChanged.
    """
    said = slip.payment.pk if slip.payment else slip.is_ahead
    content = f"{order.pk}\n{slip.amount}\n{slip.paid_on}\n{said}"
    with once(key=key, purpose="slip", by=by, content=content) as form:
        if form.result_id:
            return Slip.objects.get(pk=form.result_id)
        held = hold_order(order)
        at = now or database_now()
        proved = slip.payment or _transfer_of(held, slip)
        _refuse(slip, held, proved, at=at)
        asked = _asked(held, slip, proved)
        band = order_terms(held.store).slip_band
        noted = Slip.objects.create(
            order=held,
            payer=slip.payer,
            bank=slip.bank,
            amount=slip.amount,
            paid_on=slip.paid_on,
            image=_kept(held, slip, by=by, at=at),
            compared_with=asked,
            band=band,
            result=compare(slip=slip.amount, asked=asked, band=band),
            noted_at=at,
            noted_by=by,
            payment=proved,
            key=key,
        )

        event = note(
            held,
            EventKind.SLIP_NOTED,
            by=by,
            at=at,
            slip=noted.pk,
            amount=str(noted.amount),
            asked=str(asked),
            result=noted.result,
        )
        if noted.result == SlipResult.SHORT:
            _owe(noted, held, event, at=at)
        audit.record(verb="note_slip", of=noted, by=by, order=held.pk)
        form.result_id = noted.pk
    return noted


def _kept(order: Order, slip: NewSlip, *, by: Person, at: datetime) -> StoredFile | None:
    """The picture of the slip, among the papers of the order."""
    if slip.image is None:
        return None
    file = store_file(
        name="slip.jpg",
        content=slip.image.content,
        content_type=CONTENT_TYPE,
        by=by,
        kept_for=None,
    )
    OrderFile.objects.create(order=order, kind=FileKind.SLIP, file=file, added_at=at, added_by=by)
    return file


def _transfer_of(order: Order, slip: NewSlip) -> Payment | None:
    """The transfer that this slip proves: one of its amount, or, where nothing else is asked for
    any more, the first that waits. A slip of less than was recorded is short, not one too many.
    """
    if slip.is_ahead:
        return None
    waiting = unproved_transfers(order, None)
    same = next((transfer for transfer in waiting if transfer.amount == slip.amount), None)
    if same is not None or order.amount is None or _asked(order, slip, None) > NOTHING:
        return same
    return next(iter(waiting), None)


def _refuse(slip: NewSlip, order: Order, proved: Payment | None, *, at: datetime) -> None:
    if slip.amount <= 0:
        raise SlipNotNoted.because("amount_missing")
    if order.amount is None:
        raise SlipNotNoted.because("no_lines")
    if slip.paid_on > order.store.today(at):
        raise SlipNotNoted.because("paid_later")
    account = account_of(order)
    if account is not None and account.is_monthly:
        raise SlipNotNoted.because("not_needed")
    if proved is None:
        return
    if proved.order_id != order.pk:
        raise SlipNotNoted.because("other_order")
    if proved.method != Method.TRANSFER or proved.returned_at is not None:
        raise SlipNotNoted.because("not_a_transfer")
    if Slip.objects.filter(payment=proved).exists():
        raise SlipNotNoted.because("has_slip")


def _asked(order: Order, slip: NewSlip, proved: Payment | None) -> Decimal:
    """What was still to be paid by the day of the slip, without the transfer that it proves and
    with what other slips have promised meanwhile.
    """
    promised = Slip.objects.filter(order=order, payment=None, settled_at=None)
    waiting = promised.aggregate(total=Sum("amount"))["total"] or NOTHING
    own = proved.amount if proved else NOTHING
    return asked_by(owed_by(dues_of(order)), order.paid - own + waiting, on=slip.paid_on)


def _owe(slip: Slip, order: Order, event: OrderEvent, *, at: datetime) -> None:
    """The order desk finds the reason, and whoever cares asks the customer, at once (ORD-31)."""
    text = f"{order.number} · {money_text(slip.amount)} / {money_text(slip.compared_with)}"
    path = reverse("orders:settle_slip", args=[slip.pk])
    followups.owe_chore(
        kind=ChoreKind.SLIP,
        subject_id=slip.pk,
        store_id=order.store_id,
        due_on=order.store.today(at),
        text=text,
        path=path,
    )
    followups.set_anchor_day(
        anchor=Anchor.ORDER_NEWS,
        subject_id=event.pk,
        customer=order.customer,
        on=order.customer.store.today(at),
        assignee=carer_of(order),
        text=text,
        path=path,
        now=at,
    )


@transaction.atomic
def settle_slip(*, slip: Slip, text: str, by: Person, now: datetime | None = None) -> Slip:
    """Say how the difference of a slip was settled; nobody is asked about it any more.

    Raises SlipNotNoted.
    """
    if not text.strip():
        raise SlipNotNoted.because("note_missing")
    order = hold_order(slip.order, even_closed=True)
    held = Slip.objects.get(pk=slip.pk)
    at = now or database_now()
    if held.settled_at is not None:
        raise SlipNotNoted.because("settled_already")
    if held.result != SlipResult.SHORT:
        raise SlipNotNoted.because("nothing_to_settle")

    held.settled_at, held.settled_by, held.settled_note = at, by, text.strip()[:200]
    held.save(update_fields=["settled_at", "settled_by", "settled_note"])

    note(order, EventKind.SLIP_SETTLED, by=by, at=at, typed=text.strip(), slip=held.pk)
    audit.record(verb="settle_slip", of=held, by=by, reason=text, order=order.pk)
    end_differences(order, [held.pk], now=at)
    return held


def end_differences(order: Order, slips: Sequence[int], *, now: datetime) -> None:
    """Nobody is asked about the differences of these slips any more."""
    followups.drop_chores(kind=ChoreKind.SLIP, subject_ids=slips, now=now)
    told = OrderEvent.objects.filter(
        order=order, kind=EventKind.SLIP_NOTED, params__slip__in=list(slips)
    )
    followups.end_anchor_days(
        anchor=Anchor.ORDER_NEWS, subject_ids=list(told.values_list("pk", flat=True)), now=now
    )


def prove(payment: Payment) -> None:
    """A transfer that came after its slip is proved by it."""
    waiting = Slip.objects.filter(order=payment.order, payment=None, amount=payment.amount)
    first = waiting.order_by("pk").first()
    if payment.method == Method.TRANSFER and first is not None:
        Slip.objects.filter(pk=first.pk, payment=None).update(payment=payment)
