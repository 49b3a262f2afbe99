"""Placing an order without a deposit: from a number, or from a quote (decision 4).

In this order, in one transaction: hold the number or the quote's customer; choose the home;
register somebody new; write the order and its lines; sign it where it is signed at once. Nothing
changes hands with it: no keeper, no access.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused
from core.services import audit
from core.services.once import once
from customers.models import Customer, Designer
from customers.states import Grade
from followups import services as followups
from orders.models import Order, Quote, QuoteLine
from orders.services.buying import bought, open_order
from orders.services.comparing import Original
from orders.services.foreseeing import (
    Bought,
    Home,
    SaleNotMade,
    Wanted,
    foresee,
    hold_buyer,
    home_of,
    said_of_buyer,
)
from orders.services.introducing import name_designer
from orders.services.lines import Columns, NewLine, checked_lines, write_lines
from orders.services.settling import is_as_new
from orders.services.signing import Signature, sign_held
from orders.states import OrderChannel, QuoteState, Supply, Terms
from staff.models import Person, Store

# The columns that a line of an order takes over from its quote.
OF_QUOTE = (
    "style_id", "product", "spec", "colour", "qty", "list_price", "agreed_price", "floor_price",
    "special_price_id", "is_accessory", "remark",
)  # fmt: skip


class OrderNotPlaced(Refused):
    """An order was not placed."""

    messages = {
        "quote_closed": _("This quote is decided already."),
        "quote_past": _("These prices were good until %(until)s. Quote again."),
        "promised_is_past": _("Choose today or a later day for the delivery."),
        "wished_is_past": _("The day the customer wishes for has passed."),
    }


@dataclass(frozen=True, kw_only=True)
class NewOrder(Wanted):
    """What is ordered, where it goes, when and on what terms.

    From a `quote` come customer and lines. `signature` None: it is not signed yet.
    """

    name: str = ""
    quote: Quote | None = None
    lines: Sequence[NewLine] = ()
    channel: OrderChannel | str = OrderChannel.IN_STORE
    terms: Terms | str = Terms.PREPAID
    promised_on: date | None = None
    wished_on: date | None = None
    designer: Designer | None = None
    remark: str = ""
    original: Original | None = None
    signature: Signature | None = None


@transaction.atomic
def place_order(
    *,
    said: NewOrder,
    by: Person,
    key: UUID,
    expected: str | None = None,
    now: datetime | None = None,
) -> Order:
    """Place an order for whoever has this number, or for whom the quote was made.

    `key` is the form's own id: sent twice, the same order comes back. `expected` is the answer
    that was read before the button; where it is true no more, nothing is written. Raises
    SaleNotMade, OrderNotPlaced, LinesNotPlaced, NotIntroduced, OrderNotSigned,
    CustomerNotRegistered and DealNotMade.
    """
    if (store := by.store) is None:
        raise SaleNotMade.because("store_missing")
    with once(key=key, purpose="order", by=by, content=_content(said)) as form:
        if form.result_id:
            return Order.objects.get(pk=form.result_id)

        known = _held(said)
        at = now or database_now()
        _check_days(said, today=store.today(at))
        quote = _quote_held(said, today=store.today(at))
        home = home_for(said, said.quote, known, by=by, at=at)
        if expected is not None and foresee(said, home, by=by, now=at) != expected:
            raise SaleNotMade.because("look_first")
        columns = _columns(said, quote, customer=known, on=store.today(at))

        sold = bought(said, home, store, name=said.name, by=by, at=at, grade=Grade.A)
        order = _open(said, sold, store, quote=quote, by=by, at=at)
        if columns:
            write_lines(order, columns, by=by, at=at, original=said.original)
        if said.designer is not None:
            name_designer(order=order, designer=said.designer, by=by, now=at)
        if said.signature is not None:
            sign_held(order, said.signature, by=by, at=at)

        audit.record(verb="place_order", of=order, by=by, customer=sold.customer.pk)
        followups.touch_and_ask(customers=[sold.customer.pk], now=at)
        form.result_id = order.pk
    return order


def _content(said: NewOrder) -> str:
    """What makes two sendings of one form the same order."""
    whose = f"quote {said.quote.pk}" if said.quote else said_of_buyer(said)
    lines = (f"{line.product} {line.qty} {line.agreed_price}" for line in said.lines)
    return "\n".join([whose, said.address, *lines])


def _held(said: NewOrder) -> Customer | None:
    """The customer of the quote or of the number, held; None for somebody new."""
    return followups.hold_of(said.quote) if said.quote is not None else hold_buyer(said)


def home_for(
    said: Wanted, quote: Quote | None, known: Customer | None, *, by: Person, at: datetime
) -> Home:
    """For which home it is: that of the quote, unless another address is typed.

    Raises SaleNotMade where an address has to say which.
    """
    if known is None or quote is None or quote.project is None or said.address:
        return home_of(said, known, by=by, at=at)
    project = quote.project.joined_to or quote.project
    return Home(customer=known, project=project, is_new=is_as_new(known, project))


def _check_days(said: NewOrder, *, today: date) -> None:
    """Nothing is promised or wished for a day that has passed."""
    if said.promised_on is not None and said.promised_on < today:
        raise OrderNotPlaced.because("promised_is_past")
    if said.wished_on is not None and said.wished_on < today:
        raise OrderNotPlaced.because("wished_is_past")


def _quote_held(said: NewOrder, *, today: date) -> Quote | None:
    """The quote, locked, as long as its prices are good. Raises OrderNotPlaced."""
    if said.quote is None:
        return None
    quote = Quote.objects.select_for_update(of=("self",)).get(pk=said.quote.pk)
    if quote.state != QuoteState.OPEN:
        raise OrderNotPlaced.because("quote_closed")
    if quote.valid_until < today:
        raise OrderNotPlaced.because("quote_past", until=quote.valid_until.isoformat())
    return quote


def _columns(
    said: NewOrder, quote: Quote | None, *, customer: Customer | None, on: date
) -> list[Columns]:
    """The lines as quoted, prices and floors as they were known then; else those typed."""
    if quote is None:
        if not said.lines:
            return []
        checked = checked_lines(said.lines, customer=customer, on=on)
        return [
            {**told, "supply": line.supply} for line, told in zip(said.lines, checked, strict=True)
        ]
    lines = QuoteLine.objects.filter(quote=quote).order_by("position")
    return [{**told, "supply": Supply.PURCHASE} for told in lines.values(*OF_QUOTE)]


def _open(
    said: NewOrder,
    sold: Bought,
    store: Store,
    *,
    quote: Quote | None,
    by: Person,
    at: datetime,
) -> Order:
    order = open_order(
        sold,
        store,
        by=by,
        at=at,
        number=said.order_no,
        buyer=said.name or (quote.buyer if quote else ""),
        address=said.address,
        quote=quote,
        channel=said.channel,
        terms=said.terms,
        promised_on=said.promised_on,
        wished_on=said.wished_on,
        current_on=said.promised_on,
        remark=said.remark.strip()[:400],
    )
    if quote is not None:
        Quote.objects.filter(pk=quote.pk).update(state=QuoteState.ORDERED, project=sold.project)
    return order
