"""The money of an order: what is due when, what is paid, what is kept, what may be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from core.amounts import money_text
from core.days import date_text, day_text, moment_text
from core.phones import mask_in_text
from orders.models import Due, Order, Payment, Slip
from orders.queries.deposits import visible_payments
from orders.queries.money import (
    account_of,
    dues_of,
    owed_by,
    payments_of,
    slips_of,
    unproved_transfers,
)
from orders.queries.money_lists import listed_credits
from orders.queries.order_terms import order_terms
from orders.queries.rights import may_write
from orders.rules.ageing import what_is_left
from orders.services.gate import DeliveryHeld, held_because, open_before
from orders.services.holding import balance_of
from orders.showing.acts import Act, Next
from orders.showing.credits import standing_shown
from orders.showing.payments import Standing, paper_of, slip_text, standing_of
from orders.showing.reader import Reader
from orders.states import CLOSED_ORDERS, RUNNING_ORDERS, OrderState, SlipResult
from staff.scope import MONEY_ROLES, PAYING_ROLES, RECEIPT_ROLES, RELEASING_ROLES

RESULT_TONES = {SlipResult.PASSED: "good", SlipResult.WITHIN_BAND: "soon", SlipResult.SHORT: "late"}


@dataclass(frozen=True, kw_only=True)
class DueShown:
    """One amount due; `open` is empty once it is paid."""

    label: str
    day: str
    amount: str
    open: str
    tone: str
    is_disputed: bool


@dataclass(frozen=True, kw_only=True)
class PaymentShown:
    """One payment; `paper` is what proves it, `url` its receipt, "" for who may not read it."""

    amount: str
    url: str
    what: str
    paper: str
    standing: Standing
    is_gone: bool


@dataclass(frozen=True, kw_only=True)
class SlipShown:
    """One remittance slip and what it was held against."""

    text: str
    asked: str
    result: str
    tone: str
    settle_url: str
    words: str


@dataclass(frozen=True, kw_only=True)
class KeptShown:
    """One credit that arose from this order."""

    amount: str
    url: str
    kind: str
    refundable: str
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class Money:
    """The section of an order's money."""

    terms: str
    balance: str
    is_paid: bool
    dues: list[DueShown]
    payments: list[PaymentShown]
    slips: list[SlipShown]
    credits: list[KeptShown]
    held: list[str]
    released: str
    main: Act | None
    acts: list[Act]


def money_of(order: Order, *, reader: Reader, now: datetime) -> Money:
    """The section: dues with what is paid of them, payments, slips, credits, and the balance."""
    today = order.store.today(now)
    balance = balance_of(order)
    dues, payments = dues_of(order), payments_of(order)
    credits = listed_credits(reader.reach, today=today).filter(order=order).order_by("pk")
    slip_missing = bool(unproved_transfers(order, account_of(order)))
    held = _held(order, now=now)
    receipts = _receipts(order, reader)
    return Money(
        terms=order.get_terms_display(),
        balance="" if balance is None else money_text(balance),
        is_paid=balance == Decimal(0) and order.state != OrderState.CANCELLED,
        dues=_dues(dues, order.paid, today=today),
        payments=[_payment(each, may_open=each.pk in receipts, now=now) for each in payments],
        slips=[_slip(each, reader=reader, today=today) for each in slips_of(order)],
        credits=[
            KeptShown(
                amount=money_text(each.amount),
                url=reverse("orders:credit", args=[each.pk]),
                kind=each.get_kind_display(),
                refundable=day_text(each.refundable_from, today=today),
                standing=standing_shown(each, today=today),
            )
            for each in credits
        ],
        held=held,
        released=_released(order, now=now),
        main=_main(order, balance, reader=reader, slip_missing=slip_missing),
        acts=_acts(order, balance, reader=reader, slip_missing=slip_missing, is_held=bool(held)),
    )


def _dues(dues: Sequence[Due], paid: Decimal, *, today: date) -> list[DueShown]:
    left = {one.key: rest for one, rest in what_is_left(owed_by(list(dues)), paid=paid)}
    found = []
    for due in dues:
        rest = left[due.pk]
        is_late = rest > 0 and due.due_on is not None and due.due_on < today
        found.append(
            DueShown(
                label=due.get_kind_display(),
                day=day_text(due.due_on, today=today) if due.due_on else "",
                amount=money_text(due.amount),
                open=money_text(rest) if rest else "",
                tone="late" if is_late else "plain" if rest else "good",
                is_disputed=due.disputed_at is not None,
            )
        )
    return found


def _receipts(order: Order, reader: Reader) -> set[int]:
    """The payments of an order whose receipts this reader may open: seeing it opens not each."""
    if not reader.reach.has_role(RECEIPT_ROLES):
        return set()
    found = visible_payments(reader.reach).filter(order=order)
    return set(found.values_list("pk", flat=True))


def _payment(payment: Payment, *, may_open: bool, now: datetime) -> PaymentShown:
    what = f"{payment.get_kind_display()} · {payment.get_method_display()}"
    by = f"{payment.taken_by.name} · {moment_text(payment.taken_at, now=now)}"
    return PaymentShown(
        amount=money_text(payment.amount),
        url=reverse("orders:receipt", args=[payment.pk]) if may_open else "",
        what=f"{what} · {by}",
        paper=paper_of(payment),
        standing=standing_of(payment),
        is_gone=payment.returned_at is not None,
    )


def _slip(slip: Slip, *, reader: Reader, today: date) -> SlipShown:
    is_open = slip.result == SlipResult.SHORT and slip.settled_at is None
    tone = RESULT_TONES[SlipResult(slip.result)] if is_open or not slip.settled_at else "plain"
    bank, day = mask_in_text(slip.bank), date_text(slip.paid_on, today=today)
    return SlipShown(
        text=f"{money_text(slip.amount)} · {bank} · {day}",
        asked=money_text(slip.compared_with),
        result=slip_text(slip),
        tone=tone,
        settle_url=reverse("orders:settle_slip", args=[slip.pk])
        if is_open and _may_slip(reader)
        else "",
        words=mask_in_text(slip.settled_note),
    )


def _held(order: Order, *, now: datetime) -> list[str]:
    """Why its goods stay here for now, in sentences; nothing of what is delivered or over."""
    if order.state not in RUNNING_ORDERS or order.amount is None:
        return []
    return DeliveryHeld(*held_because(order, now=now)).sentences()


def _released(order: Order, *, now: datetime) -> str:
    if order.released_by is None or order.released_at is None:
        return ""
    return _("%(who)s released the delivery %(at)s: %(why)s") % {
        "who": order.released_by.name,
        "at": moment_text(order.released_at, now=now),
        "why": mask_in_text(order.release_reason),
    }


def _may_pay(order: Order, balance: Decimal | None, reader: Reader) -> bool:
    is_open = order.state not in CLOSED_ORDERS and balance != Decimal(0)
    return is_open and reader.reach.has_role(PAYING_ROLES)


def _may_slip(reader: Reader) -> bool:
    return may_write(reader.reach) or reader.reach.has_role(MONEY_ROLES)


def _act(order: Order, name: str, label: str, icon: str) -> Act:
    return Act(label=label, url=reverse(f"orders:{name}", args=[order.pk]), icon=icon)


def _main(
    order: Order, balance: Decimal | None, *, reader: Reader, slip_missing: bool
) -> Act | None:
    """The one act that the money waits for."""
    if slip_missing and _may_slip(reader) and order.state not in CLOSED_ORDERS:
        return _act(order, "note_slip", _("Note the slip"), "paperclip")
    if _may_pay(order, balance, reader):
        return _act(order, "pay", _("Take a payment"), "plus")
    return None


def _acts(
    order: Order, balance: Decimal | None, *, reader: Reader, slip_missing: bool, is_held: bool
) -> list[Act]:
    """What else may be done."""
    acts: list[Act] = []
    if order.state in CLOSED_ORDERS:
        return acts
    if slip_missing and _may_pay(order, balance, reader):
        acts.append(_act(order, "pay", _("Take a payment"), "plus"))
    if order.amount and balance and not slip_missing and _may_slip(reader):
        acts.append(_act(order, "note_slip", _("Note a slip"), "paperclip"))
    is_manager = reader.reach.has_role(RELEASING_ROLES)
    if (reader.may_change or is_manager) and order.amount:
        acts.append(_act(order, "order_terms", _("Terms of payment"), "calendar"))
    if is_held and _may_release(order, reader):
        acts.append(_release(order))
    if order.state in RUNNING_ORDERS and (reader.may_change or is_manager):
        acts.append(_act(order, "cancel_order", _("Call the order off"), "x"))
    return acts


def _may_release(order: Order, reader: Reader) -> bool:
    is_seller = order.seller_id == reader.reach.person_id
    return reader.reach.has_role(RELEASING_ROLES) and not is_seller


def _release(order: Order) -> Act:
    return _act(order, "release", _("Release the delivery"), "truck-delivery")


def ways_on(order: Order, *, reader: Reader, now: datetime) -> list[Act]:
    """What this reader may do so that goods which are held go out."""
    slip_missing = bool(unproved_transfers(order, account_of(order)))
    main = _main(order, balance_of(order), reader=reader, slip_missing=slip_missing)
    acts = [main] if main is not None else []
    if _may_release(order, reader) and _held(order, now=now):
        acts.append(_release(order))
    return acts


def next_payment(order: Order, *, reader: Reader, now: datetime) -> Next | None:
    """What is to be paid before a delivery whose check has come (ORD-20)."""
    rest = open_before(order)
    if order.state not in RUNNING_ORDERS or order.current_on is None or not rest:
        return None
    today = order.store.today(now)
    if (order.current_on - today).days > order_terms(order.store).check_days:
        return None
    if order.released_at is not None:
        return None
    text = _("%(open)s to be paid before the delivery on %(day)s") % {
        "open": money_text(rest),
        "day": date_text(order.current_on, today=today),
    }
    act = None
    if reader.reach.has_role(PAYING_ROLES):
        act = _act(order, "pay", _("Take a payment"), "plus")
    return Next(text=text, act=act)
