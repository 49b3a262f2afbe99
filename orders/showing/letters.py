"""The confirmation letter as it is read and printed (ORD-02)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.amounts import money_text
from core.phones import mask_in_text
from orders.models import Order
from orders.queries.rights import name_of
from orders.rules.letters import Item
from orders.services.letters import OrderNotConfirmed, lacking, letter_day, lines_of_letter
from orders.showing.reader import Reader

ITEMS: Mapping[Item, str] = {item: f"lacks_{item}" for item in Item}


@dataclass(frozen=True, kw_only=True)
class LetterLine:
    """One line of the letter; amounts in words."""

    product: str
    more: str
    qty: int
    price: str
    amount: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The letter: its six items, what it lacks, and when it was sent and confirmed."""

    number: str
    customer: str
    lines: list[LetterLine]
    amount: str
    pieces: int
    delivery: str
    address: str
    store: str
    seller: str
    terms: str
    ordered: str
    printed: str
    lacks: list[str]
    sent: str
    confirmed: str


def letter_of(order: Order, *, reader: Reader, now: datetime) -> Letter:
    """What the letter says."""
    lines = lines_of_letter(order)
    day = letter_day(order)
    total = sum((line.amount for line in lines), Decimal(0))
    return Letter(
        number=order.number,
        customer=name_of(order, is_card_seen=reader.sees_card),
        lines=[
            LetterLine(
                product=mask_in_text(line.product),
                more=" · ".join(mask_in_text(text) for text in (line.spec, line.colour) if text),
                qty=line.qty,
                price=money_text(line.agreed_price),
                amount=money_text(line.amount),
            )
            for line in lines
        ],
        amount=money_text(total) if lines else "",
        pieces=sum(line.qty for line in lines),
        delivery=date_format(day, _("j M Y")) if day else "",
        address=mask_in_text(order.address),
        store=order.store.name,
        seller=order.seller.name,
        terms=order.get_terms_display(),
        ordered=date_format(order.ordered_on, _("j M Y")),
        printed=date_format(order.store.today(now), _("j M Y")),
        lacks=[str(OrderNotConfirmed.messages[ITEMS[item]]) for item in lacking(order, lines)],
        sent=_sent(order),
        confirmed=_moment(order.confirmed_at),
    )


def _sent(order: Order) -> str:
    if order.letter_sent_at is None:
        return ""
    return f"{_moment(order.letter_sent_at)} · {order.get_letter_way_display()}"


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
