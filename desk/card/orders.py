"""What the customer ordered and was quoted, what is open of it, and where it is read in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.amounts import money_text
from core.days import date_text
from core.phones import mask_in_text
from customers.queries import MaskedCustomer
from orders.queries.completion import standing_of
from orders.queries.ledger import LedgerOrder
from orders.queries.on_card import QuoteWithGoods, kept_of, orders_of, quotes_of
from orders.showing.completion import Colour, colour_of
from orders.showing.quotes import state_of
from orders.showing.rows import goods_of
from orders.states import RUNNING_ORDERS, OrderState
from staff.scope import ORDERING_ROLES, Reach

# So many stand on the card; the ledger has all.
MOST = 50
NOTHING = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """One order as the card lists it; `rest` is what is open of it, "" where nothing is."""

    number: str
    url: str
    day: str
    goods: str
    colour: Colour
    amount: str
    rest: str
    next: str


@dataclass(frozen=True, kw_only=True)
class QuoteLine:
    """One quote that became no order."""

    number: str
    url: str
    day: str
    goods: str
    state: str
    tone: str
    amount: str
    next: str


def content(
    customer: MaskedCustomer, *, reader: Reach, request_get: QueryDict, now: datetime
) -> dict[str, object]:
    """What the tab shows: orders and quotes (lists of their lines), order_stats, account_url,
    ledger_url where more is not shown, order_url and quote_url ("" without the right).
    """
    today = customer.store.today(now)
    found = list(orders_of(customer, reach=reader, today=today)[: MOST + 1])
    quotes = quotes_of(customer, reach=reader, today=today)[:MOST]
    may_order = reader.has_role(ORDERING_ROLES)
    return {
        "orders": [_order(row, today=today) for row in found[:MOST]],
        "quotes": [_quote(row, today=today) for row in quotes],
        "order_stats": _stats(customer, found, reader=reader, today=today) if found else [],
        "account_url": reverse("orders:account", args=[customer.pk]) if found else "",
        "ledger_url": reverse("orders:ledger") if len(found) > MOST else "",
        "order_url": reverse("orders:order_for", args=[customer.pk]) if may_order else "",
        "quote_url": reverse("orders:quote_for", args=[customer.pk]) if may_order else "",
    }


def _rest(order: LedgerOrder) -> Decimal:
    """What is open of an order; nothing of a cancelled one, nor before its amount is known."""
    if order.amount is None or order.state == OrderState.CANCELLED:
        return NOTHING
    return order.amount - order.paid


def _order(order: LedgerOrder, *, today: date) -> OrderLine:
    rest = _rest(order)
    amount = _("%(paid)s paid") % {"paid": money_text(order.paid)}
    if order.amount is not None:
        amount = money_text(order.amount)
    return OrderLine(
        number=order.number,
        url=reverse("orders:order", args=[order.pk]),
        day=date_text(order.ordered_on, today=today),
        goods=goods_of(order),
        colour=colour_of(standing_of(order, today=today)),
        amount=amount,
        rest=_("%(amount)s open") % {"amount": money_text(rest)} if rest else "",
        next=_next(order, today=today),
    )


def _next(order: LedgerOrder, *, today: date) -> str:
    """When its goods come, or came."""
    if order.delivered_on is not None:
        return _("delivered %(day)s") % {"day": date_text(order.delivered_on, today=today)}
    if order.state not in RUNNING_ORDERS:
        return order.get_state_display()
    if order.current_on is not None:
        return _("delivery %(day)s") % {"day": date_text(order.current_on, today=today)}
    if order.promised_on is not None:
        return _("promised for %(day)s") % {"day": date_text(order.promised_on, today=today)}
    return _("no delivery day yet")


def _quote(quote: QuoteWithGoods, *, today: date) -> QuoteLine:
    state, tone = state_of(quote, today=today)
    until = date_text(quote.valid_until, today=today)
    return QuoteLine(
        number=quote.number,
        url=reverse("orders:quote", args=[quote.pk]),
        day=date_text(quote.store.today(quote.quoted_at), today=today),
        goods=mask_in_text(quote.goods),
        state=state,
        tone=tone,
        amount=money_text(quote.amount),
        next=_("valid until %(day)s") % {"day": until},
    )


def _stats(
    customer: MaskedCustomer, orders: Sequence[LedgerOrder], *, reader: Reach, today: date
) -> list[dict[str, str]]:
    """What these orders come to, what of it is open, and what is kept from changed ones (挂帐)."""
    counted = [row for row in orders if row.state != OrderState.CANCELLED]
    total = sum((row.amount or NOTHING for row in counted), NOTHING)
    rest = sum((_rest(row) for row in counted), NOTHING)
    kept = kept_of(customer, reach=reader, today=today)
    count = ngettext("%(count)s order", "%(count)s orders", len(counted))
    stats = [
        {"value": money_text(total), "label": count % {"count": len(counted)}},
        {"value": money_text(rest), "label": pgettext("amount", "Balance")},
    ]
    if kept:
        url = reverse("orders:account", args=[customer.pk])
        stats.append({"value": money_text(kept), "label": _("Kept for the customer"), "url": url})
    return stats
