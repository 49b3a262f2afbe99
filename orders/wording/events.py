"""What happened to an order, one sentence a kind, from what its event holds (codes, days, sums)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.amounts import money_text
from core.days import date_text
from core.phones import mask_in_text
from orders.models import OrderEvent
from orders.states import (
    BillState,
    CreditKind,
    DateKind,
    DelayCause,
    EventKind,
    IncidentKind,
    LineState,
    Method,
    OrderChannel,
    PaymentKind,
    ReturnCause,
    ReturnKind,
    ReturnState,
    SlipResult,
    Supply,
    Terms,
)

# By kind its sentences, the fullest first: the first of which everything is known is said. A kind
# that has none is said by its label.
SENTENCES: Mapping[EventKind, Sequence[object]] = {
    EventKind.RECEIVED: (_("Order received"),),
    EventKind.LINES_PLACED: (
        _("%(count)s lines written down for %(amount)s"),
        _("Lines written down"),
    ),
    EventKind.LINE_CHANGED: (
        _("%(product)s changed: %(before)s → %(after)s"),
        _("%(product)s changed"),
        _("A line was changed"),
    ),
    EventKind.LINE_CANCELLED: (_("%(product)s cancelled"), _("A line was cancelled")),
    EventKind.DETAILS_CHANGED: (_("Designer: %(designer)s"), _("Details changed")),
    EventKind.COMPARED: (
        _("Compared with the customer's original of %(original)s"),
        _("Compared with the customer's original"),
    ),
    EventKind.CHECKED: (_("Order checked"),),
    EventKind.LETTER_SENT: (
        _("Confirmation letter sent (%(way)s): delivery on %(delivery_on)s"),
        _("Confirmation letter sent"),
    ),
    EventKind.CONFIRMED: (
        _("Confirmed by the customer; promised for %(promised_on)s"),
        _("Confirmed by the customer"),
    ),
    EventKind.SIGNED: (_("Order signed on %(on)s"), _("Order signed")),
    EventKind.ALLOCATED: (
        _("%(product)s: from %(supply)s %(po_no)s, expected %(arrives_on)s"),
        _("%(product)s: from %(supply)s, expected %(arrives_on)s"),
        _("%(product)s: from %(supply)s"),
        _("Line allocated"),
    ),
    EventKind.SUBMITTED: (
        _("%(product)s submitted on %(on)s, purchase order %(po_no)s"),
        _("%(product)s submitted on %(on)s"),
        _("Line submitted"),
    ),
    EventKind.IN_PRODUCTION: (
        _("%(product)s in production since %(on)s"),
        _("Line in production"),
    ),
    EventKind.ARRIVED: (_("%(product)s arrived on %(on)s"), _("Goods arrived")),
    EventKind.READY: (_("%(product)s ready since %(on)s"), _("Goods ready")),
    EventKind.SHIPPED: (
        _("%(product)s shipped on %(on)s with %(carrier)s, %(tracking_no)s"),
        _("%(product)s shipped on %(on)s with %(carrier)s"),
        _("%(product)s shipped on %(on)s"),
        _("Goods shipped"),
    ),
    EventKind.TAKEN_BACK: (
        _("%(product)s: “%(before)s” taken back to “%(after)s”"),
        _("A step of a line was taken back"),
    ),
    EventKind.DATE_CHANGED: (
        _("%(product)s, %(which)s: %(before)s → %(after)s (%(cause)s)"),
        _("%(which)s: %(before)s → %(after)s (%(cause)s)"),
        _("%(which)s: %(after)s (%(cause)s)"),
        _("A date was changed"),
    ),
    EventKind.INCIDENT: (
        _("%(product)s: %(what)s"),
        _("Something went wrong: %(what)s"),
        _("Something went wrong"),
    ),
    EventKind.INCIDENT_SOLVED: (
        _("%(product)s: mended (%(what)s)"),
        _("Mended: %(what)s"),
        _("What went wrong was mended"),
    ),
    EventKind.PLANNED: (_("Delivery planned for %(on)s"), _("Delivery planned")),
    EventKind.RELEASED: (
        _("Delivery released by a manager with %(open)s open"),
        _("Delivery released by a manager"),
    ),
    EventKind.DELIVERED: (_("%(pieces)s pieces delivered on %(on)s"), _("Delivered")),
    EventKind.DELIVERY_CORRECTED: (
        _("Date of the delivery corrected: %(before)s → %(after)s"),
        _("Date of the delivery corrected"),
    ),
    EventKind.DELIVERY_VOIDED: (
        _("The delivery of %(on)s was a mistake and is taken back"),
        _("Delivery taken back as a mistake"),
    ),
    EventKind.INSTALLED: (_("Installed on %(on)s"), _("Installed")),
    EventKind.PAID: (
        _("%(of)s of %(amount)s recorded (%(method)s)"),
        _("%(amount)s recorded"),
        _("Payment recorded"),
    ),
    EventKind.PAYMENT_CONFIRMED: (_("Payment of %(amount)s confirmed"), _("Payment confirmed")),
    EventKind.PAYMENT_RETURNED: (_("%(amount)s given back"), _("Payment given back")),
    EventKind.BILL_MOVED: (
        _("Bill %(number)s: %(before)s → %(after)s"),
        _("A bill was discounted, honoured or bounced"),
    ),
    EventKind.SLIP_NOTED: (
        _("Remittance slip of %(amount)s noted: %(result)s"),
        _("Remittance slip noted"),
    ),
    EventKind.SLIP_SETTLED: (_("Difference of a slip settled"),),
    EventKind.TERMS_CHANGED: (
        _("Terms of payment: %(before)s → %(after)s"),
        _("Terms of payment changed"),
    ),
    EventKind.CREDIT_MADE: (
        _("Credit of %(amount)s for the customer (%(of)s), refundable from %(on)s"),
        _("Credit of %(amount)s for the customer"),
        _("Credit for the customer"),
    ),
    EventKind.CREDIT_USED: (
        _("Credit of %(amount)s offset, with order %(number)s"),
        _("Credit of %(amount)s offset"),
        _("Credit offset against another order"),
    ),
    EventKind.CREDIT_CONTACTED: (_("Customer asked about the credit"),),
    EventKind.REFUND_ASKED: (_("Refund of %(amount)s asked for"), _("Refund asked for")),
    EventKind.REFUND_REFUSED: (_("Refund of %(amount)s refused"), _("Refund refused")),
    EventKind.CREDIT_REFUNDED: (_("Credit of %(amount)s refunded"), _("Credit refunded")),
    EventKind.RETURN_ASKED: (
        _("%(product)s × %(pieces)s: %(return)s asked for (%(why)s)"),
        _("Return or exchange asked for"),
    ),
    EventKind.RETURN_DECIDED: (
        _("%(product)s × %(pieces)s: %(return)s, %(decision)s"),
        _("Return or exchange decided"),
    ),
    EventKind.RETURN_SETTLED: (
        _("%(product)s × %(pieces)s: %(return)s settled, %(amount)s"),
        _("Return or exchange settled"),
    ),
    EventKind.COMMISSION_PAID: (_("Commission of %(amount)s paid"), _("Commission paid")),
    EventKind.COMMISSION_CLAWED_BACK: (
        _("Commission of %(amount)s clawed back"),
        _("Commission clawed back"),
    ),
    EventKind.FILE_ADDED: (_("Paper attached"),),
    EventKind.SETTLED: (_("Settled with finance: %(amount)s"), _("Settled with finance")),
    EventKind.ARCHIVED: (_("Archived"),),
    EventKind.CANCELLED: (_("Order cancelled"),),
    EventKind.HANDED_OVER: (_("Handed to another salesperson"),),
    EventKind.IMPORTED: (_("Brought in from the shop's system"),),
}


def _day(value: object) -> str:
    try:
        return date_text(date.fromisoformat(str(value)))
    except ValueError:
        return ""


def _money(value: object) -> str:
    try:
        return money_text(Decimal(str(value)))
    except InvalidOperation:
        return ""


def _text(value: object) -> str:
    return mask_in_text(str(value))


def _label(*choices: type[TextChoices]) -> Callable[[object], str]:
    """The words of a code, from the first enumeration that has it."""

    def worded(value: object) -> str:
        for each in choices:
            if value in each.values:
                return str(each(value).label)
        return ""

    return worded


# How each thing that events hold is read.
READ: Mapping[str, Callable[[object], str]] = {
    **dict.fromkeys(("on", "promised_on", "delivery_on", "arrives_on"), _day),
    **dict.fromkeys(("amount", "original", "open"), _money),
    **dict.fromkeys(
        ("count", "pieces", "po_no", "carrier", "tracking_no", "number", "designer"), _text
    ),
    "way": _label(OrderChannel),
    "supply": _label(Supply),
    "which": _label(DateKind),
    "cause": _label(DelayCause),
    "what": _label(IncidentKind),
    "method": _label(Method),
    "of": _label(PaymentKind, CreditKind),
    "return": _label(ReturnKind),
    "why": _label(ReturnCause),
    "decision": _label(ReturnState),
    "result": _label(SlipResult),
}
# What was before and is after depends on the kind.
CHANGED: Mapping[EventKind, Callable[[object], str]] = {
    EventKind.LINE_CHANGED: _money,
    EventKind.TAKEN_BACK: _label(LineState),
    EventKind.DATE_CHANGED: _day,
    EventKind.DELIVERY_CORRECTED: _day,
    EventKind.TERMS_CHANGED: _label(Terms),
    EventKind.BILL_MOVED: _label(BillState),
}


def sentence(event: OrderEvent) -> str:
    """What happened, in the reader's language; the line and `by` are read along with the event."""
    product = event.line.product if event.line else ""
    return sentence_of(EventKind(event.kind), event.params, product=product)


def sentence_of(kind: EventKind, params: Mapping[str, Any], *, product: str) -> str:
    """The same of an event that is known by its parts; `product` "" where it is of no line."""
    words = _words(kind, params, product=product)
    for candidate in SENTENCES.get(kind, ()):
        try:
            return str(candidate) % words
        except KeyError:
            continue
    return str(kind.label)


def _words(kind: EventKind, params: Mapping[str, Any], *, product: str) -> dict[str, str]:
    """What is known of the event, in words; what is not known has no name here."""
    changed = CHANGED.get(kind)
    readers = dict(READ) | ({"before": changed, "after": changed} if changed else {})
    found = {name: read(params[name]) for name, read in readers.items() if params.get(name)}
    if product:
        found["product"] = mask_in_text(product)
    return {name: words for name, words in found.items() if words}
