"""What is ordered: every line with its prices, its amount and how far its goods are."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.amounts import money_text
from core.phones import mask_in_text
from orders.models import Order, OrderLine, PricedLine
from orders.rules.prices import difference
from orders.services.lines import is_being_written
from orders.showing.acts import Act
from orders.showing.reader import Reader
from orders.showing.stock import StockTold
from orders.states import LineState


@dataclass(frozen=True, kw_only=True)
class LineShown:
    """One line as it is read; amounts in words. `discount` is empty at the list price.

    `amount` is of what stays with the customer, so that lines add up to their order; a line that
    `is_gone` was cancelled or came back whole, and shows what it came to.
    """

    position: int
    product: str
    more: str
    qty: int
    list_price: str
    agreed_price: str
    discount: str
    special_no: str
    special_url: str
    amount: str
    remark: str
    is_accessory: bool
    state: str = ""
    supply: str = ""
    stock: str = ""
    is_gone: bool = False
    edit_url: str = ""
    change_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """The customer's own order beside ours (ORD-27)."""

    original: str
    difference: str
    reason: str
    is_same: bool


@dataclass(frozen=True, kw_only=True)
class Lines:
    """The section of what is ordered."""

    rows: list[LineShown]
    amount: str
    compared: Compared | None
    acts: list[Act]


def only_read(lines: Lines) -> Lines:
    """The same without what leads away: on a page where something else is being done."""
    rows = [replace(row, edit_url="", change_url="") for row in lines.rows]
    return replace(lines, rows=rows, acts=[])


def line_shown(
    line: PricedLine, *, edit_url: str = "", change_url: str = "", stock: str = ""
) -> LineShown:
    """One line of a quote or an order."""
    special = line.special_price
    goods = line if isinstance(line, OrderLine) else None
    came_back = goods.returned_qty if goods else 0
    is_whole_back = came_back == line.qty
    return LineShown(
        position=line.position,
        product=mask_in_text(line.product),
        more=" · ".join(mask_in_text(text) for text in (line.spec, line.colour) if text),
        qty=line.qty,
        list_price=money_text(line.list_price),
        agreed_price=money_text(line.agreed_price),
        discount=_discount(line),
        special_no=special.application.number if special else "",
        special_url=reverse("filings:price", args=[special.application_id]) if special else "",
        amount=money_text(
            line.amount if is_whole_back else line.amount - came_back * line.agreed_price
        ),
        remark=mask_in_text(line.remark),
        is_accessory=line.is_accessory,
        state=_state_of(goods) if goods else "",
        supply=goods.get_supply_display() if goods else "",
        stock=stock,
        is_gone=goods is not None and (goods.state == LineState.CANCELLED or is_whole_back),
        edit_url=edit_url,
        change_url=change_url,
    )


def _state_of(line: OrderLine) -> str:
    """How far the goods are, and how many of them came back."""
    state = line.get_state_display()
    if not line.returned_qty:
        return state
    return f"{state} · {_('%(qty)s came back') % {'qty': line.returned_qty}}"


def _discount(line: PricedLine) -> str:
    """−12.5%: how far under the list price; nothing at or over it."""
    if not line.list_price - line.agreed_price > 0:
        return ""
    share = (line.list_price - line.agreed_price) * 100 / line.list_price
    return f"−{share:.1f}%"


def compared_of(order: Order) -> Compared | None:
    """How ours differs from what the customer sent; None where they sent nothing."""
    if order.original_amount is None:
        return None
    found = difference(computed=order.amount, original=order.original_amount)
    return Compared(
        original=money_text(order.original_amount),
        difference=money_text(found) if found else "",
        reason=mask_in_text(order.difference_reason),
        is_same=found == Decimal(0),
    )


def _is_awaited(line: OrderLine) -> bool:
    """Whether goods of this line are still to be handed over, so that their stock matters."""
    return line.state != LineState.CANCELLED and line.delivered_qty < line.qty


def lines_of(order: Order, *, reader: Reader, now: datetime) -> Lines:
    """The section: lines in their order, the sum, the customer's original, what may be done."""
    found = OrderLine.objects.filter(order=order).order_by("position")
    rows = list(found.select_related("special_price__application", "style"))
    awaited = [line.style_id for line in rows if _is_awaited(line)]
    stock = StockTold.of(awaited, store=order.store, reach=reader.reach, today=localdate(now))
    may_write = reader.may_change and is_being_written(order)
    may_reduce = reader.may_change and (order.paid > 0 or not is_being_written(order))
    lines = [
        line_shown(
            line,
            edit_url=reverse("orders:correct_line", args=[order.pk, line.pk])
            if may_write and line.state == LineState.OPEN
            else "",
            change_url=reverse("orders:change_line", args=[line.pk])
            if may_reduce and line.state != LineState.CANCELLED and line.returned_qty < line.qty
            else "",
            stock=stock.text(line.style_id, spec=line.spec) if _is_awaited(line) else "",
        )
        for line in rows
    ]
    acts = []
    if may_write:
        acts.append(
            Act(label=_("Add lines") if lines else _("Write down what is ordered"),
                url=reverse("orders:add_lines", args=[order.pk]), icon="plus")
        )  # fmt: skip
    if reader.may_change and order.amount is not None:
        acts.append(
            Act(label=_("Compare with the original"),
                url=reverse("orders:compare", args=[order.pk]), icon="ruler-2")
        )  # fmt: skip
    return Lines(
        rows=lines,
        amount="" if order.amount is None else money_text(order.amount),
        compared=compared_of(order),
        acts=acts,
    )
