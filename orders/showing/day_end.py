"""How the end of a day reads: its orders, its money by method, what is open, what changed since."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.amounts import money_text
from core.phones import mask_in_text
from orders.models import CreditUse, DayEnd, Order, Payment, Slip
from orders.queries.day_end import ByMethod, Day
from orders.showing.payments import Standing, paper_of, standing_of
from orders.states import OrderState


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the sheet; `more` stands under `what`."""

    number: str
    url: str
    what: str
    more: str
    amount: str
    standing: Standing | None = None
    is_gone: bool = False


@dataclass(frozen=True, kw_only=True)
class MethodRow:
    """The sums of one way of paying."""

    label: str
    count: int
    received: str
    unconfirmed: str
    refunded: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The whole of a day on one sheet."""

    orders: list[Row]
    ordered: str
    payments: list[Row]
    received: str
    methods: list[MethodRow]
    unconfirmed: str
    gone: list[Row]
    gone_total: str
    slips: list[Row]
    differences: list[str]


def _order_url(pk: int) -> str:
    return reverse("orders:order", args=[pk])


def _time(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%H:%M") if at else ""


def _payment(payment: Payment) -> Row:
    more = [mask_in_text(payment.payer), payment.taken_by.name, _time(payment.taken_at)]
    return Row(
        number=payment.order.number,
        url=reverse("orders:receipt", args=[payment.pk]),
        what=" · ".join(text for text in (payment.get_method_display(), paper_of(payment)) if text),
        more=" · ".join(more),
        amount=money_text(payment.amount),
        standing=standing_of(payment),
    )


def _order(order: Order) -> Row:
    return Row(
        number=order.number,
        url=_order_url(order.pk),
        what=mask_in_text(order.buyer) or "–",
        more=f"{order.seller.name} · {order.get_state_display()}",
        amount=money_text(order.amount) if order.amount is not None else "–",
        is_gone=order.state == OrderState.CANCELLED,
    )


def _given_back(payment: Payment) -> Row:
    return Row(
        number=payment.order.number,
        url=reverse("orders:receipt", args=[payment.pk]),
        what=f"{_('Payment given back')} · {payment.get_method_display()}",
        more=mask_in_text(payment.return_reason),
        amount=money_text(payment.amount),
    )


def _refund(use: CreditUse) -> Row:
    return Row(
        number=use.credit.order.number,
        url=reverse("orders:credit", args=[use.credit_id]),
        what=f"{_('Credit refunded')} · {use.get_method_display()}",
        more=use.voucher,
        amount=money_text(use.amount),
    )


def _slip(slip: Slip) -> Row:
    return Row(
        number=slip.order.number,
        url=_order_url(slip.order_id),
        what=_("%(slip)s instead of %(asked)s")
        % {"slip": money_text(slip.amount), "asked": money_text(slip.compared_with)},
        more=mask_in_text(slip.settled_note) or _("not settled yet"),
        amount=money_text(slip.compared_with - slip.amount),
    )


def _method(sums: ByMethod) -> MethodRow:
    return MethodRow(
        label=str(sums.method.label),
        count=sums.count,
        received=money_text(sums.received),
        unconfirmed=money_text(sums.unconfirmed) if sums.unconfirmed else "–",
        refunded=money_text(sums.refunded) if sums.refunded else "–",
    )


def sheet_of(found: Day, end: DayEnd | None) -> Sheet:
    """The day as finance goes through it."""
    return Sheet(
        orders=[_order(each) for each in found.orders],
        ordered=money_text(found.ordered),
        payments=[_payment(each) for each in found.payments],
        received=money_text(found.received),
        methods=[_method(each) for each in found.methods],
        unconfirmed=money_text(found.unconfirmed) if found.unconfirmed else "",
        gone=[*map(_given_back, found.returned), *map(_refund, found.refunds)],
        gone_total=money_text(found.gone) if found.gone else "",
        slips=[_slip(each) for each in found.slips],
        differences=_differences(found, end),
    )


def _differences(found: Day, end: DayEnd | None) -> list[str]:
    """What reads otherwise now than when it was signed."""
    if end is None:
        return []
    standing = sum(1 for each in found.orders if each.state != OrderState.CANCELLED)
    pairs: list[tuple[str, int | Decimal, int | Decimal]] = [
        (_("Orders"), end.orders, standing),
        (pgettext("money", "Ordered"), end.ordered, found.ordered),
        (_("Payments"), end.payments, len(found.payments)),
        (pgettext("money", "Received"), end.received, found.received),
    ]
    return [
        _("%(what)s: %(then)s when it was signed, %(now)s now")
        % {"what": what, "then": _figure(then), "now": _figure(now)}
        for what, then, now in pairs
        if then != now
    ]


def _figure(value: int | Decimal) -> str:
    return money_text(value) if isinstance(value, Decimal) else str(value)


def day_links(day: date, *, today: date, url: str) -> tuple[str, str]:
    """The day before, and the next one unless it has not come."""
    before = date.fromordinal(day.toordinal() - 1)
    after = date.fromordinal(day.toordinal() + 1)
    later = f"{url}?day={after.isoformat()}" if after <= today else ""
    return f"{url}?day={before.isoformat()}", later
