"""Lines of quotes and orders: checked against prices and floors, then written (ORD-27, FIL-38)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from core.amounts import money_text
from core.clock import database_now
from core.refusals import Refused
from core.rules import Blocker
from core.services.once import once
from customers.models import Customer
from filings.models import SpecialPriceLine
from filings.services.prices import PriceNotApproved, approved_price
from orders.models import Order, OrderLine
from orders.rules.prices import Priced, line_blockers, original_blockers
from orders.services.clerks import owe_check, uncheck
from orders.services.comparing import Original, OriginalNotCompared, write_original
from orders.services.floor_samples import follow_floor_samples
from orders.services.history import note
from orders.services.holding import hold_order
from orders.services.terms import follow_amount
from orders.states import EventKind, LineState, OrderState, Supply
from staff.models import Person
from stock.models import Style
from stock.queries.prices import lowest_on

# The columns of a line that are written, by name; its amount is the database's.
Columns = dict[str, Any]


class LinesNotPlaced(Refused):
    """Lines were not written; each blocker's `line` is the index of the line it speaks of."""

    messages = {
        **PriceNotApproved.messages,
        "no_lines": _("Write down at least one product."),
        "product_missing": _("Name the product."),
        "qty_wrong": _("%(product)s: from 1 to %(most)s pieces."),
        "list_price_missing": _("%(product)s: say the list price."),
        "price_wrong": _("%(product)s: this price is not possible."),
        "amount_too_large": _(
            "%(product)s: quantity and price together are too large. Check both."
        ),
        "under_floor": _(
            "%(product)s: under the floor of ¥%(floor)s only with the number of an approved "
            "special price."
        ),
        "remark_missing": _("%(product)s: write down what was asked and corrected."),
        "under_paid": _(
            "%(paid)s is paid already, more than these lines come to. Reduce the order as a "
            "change: the difference becomes a credit."
        ),
        "difference_unexplained": OriginalNotCompared.messages["difference_unexplained"],
        "confirmed": _(
            "The customer has confirmed this order. Change what is on it as a change of the order."
        ),
        "on_its_way": _("The goods of this line are on their way: change it as a change of the "
                        "order."),
    }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class NewLine:
    """One line as it was typed; its amount is computed.

    A style of the master brings its list price and its floor; of free text the floor is known
    where the line had one before. `is_corrected`: it was unclear, the customer was asked, and the
    remark says what they said (ORD-26).
    """

    product: str
    qty: int
    agreed_price: Decimal
    list_price: Decimal | None = None
    floor_price: Decimal | None = None
    style: Style | None = None
    spec: str = ""
    colour: str = ""
    supply: Supply | str = Supply.PURCHASE
    special_no: str = ""
    is_accessory: bool = False
    remark: str = ""
    is_corrected: bool = False

    def priced(self, *, floors: Mapping[int, Decimal | None] | None = None) -> Priced:
        """The line as the rules read it; `floors` are those of styles by key (MER-10)."""
        style = self.style
        list_price = self.list_price if style is None else style.tag_price
        return Priced(
            product=self.product,
            qty=self.qty,
            list_price=list_price,
            agreed_price=self.agreed_price,
            floor_price=self.floor_price if style is None else (floors or {}).get(style.pk),
            special_no=self.special_no,
            remark=self.remark,
            is_corrected=self.is_corrected,
        )


def checked_lines(
    lines: Sequence[NewLine], *, customer: Customer | None, on: date
) -> list[Columns]:
    """The columns of these lines, amounts left to the database. Raises LinesNotPlaced with all
    that is wrong with each of them.

    `customer` None: somebody who is not registered yet, to whom no special price was approved.
    """
    if not lines:
        raise LinesNotPlaced.because("no_lines")
    wrong: list[Blocker] = []
    columns = []
    floors = lowest_on([line.style for line in lines if line.style], on)
    for index, line in enumerate(lines):
        priced = line.priced(floors=floors)
        found = line_blockers(priced)
        special = None
        if line.special_no.strip() and not found:
            try:
                special = _approved(line, customer=customer, on=on)
            except PriceNotApproved as refusal:
                found = list(refusal.blockers)
        wrong += [Blocker(one.code, {**one.params, "line": index}) for one in found]
        columns.append(_columns(line, priced, special))
    if wrong:
        raise LinesNotPlaced(*wrong)
    return columns


def _approved(line: NewLine, *, customer: Customer | None, on: date) -> SpecialPriceLine:
    """The approved special price that carries this line. Raises PriceNotApproved."""
    if customer is None or customer.pk is None:
        raise PriceNotApproved.because("other_customer")
    return approved_price(
        number=line.special_no,
        customer=customer,
        product=line.style or line.product,
        on=on,
        price=line.agreed_price,
    )


def _columns(line: NewLine, priced: Priced, special: SpecialPriceLine | None) -> Columns:
    floor = priced.floor_price
    if floor is None and special is not None:
        floor = special.floor_price
    return {
        "style": line.style,
        "product": line.product.strip()[:120],
        "spec": line.spec.strip()[:80],
        "colour": line.colour.strip()[:40],
        "qty": line.qty,
        "list_price": priced.list_price,
        "agreed_price": line.agreed_price,
        "floor_price": floor,
        "special_price": special,
        "is_accessory": line.is_accessory,
        "remark": line.remark.strip()[:200],
    }


@transaction.atomic
def place_lines(
    *,
    order: Order,
    lines: Sequence[NewLine],
    by: Person,
    original: Original | None = None,
    now: datetime | None = None,
) -> list[OrderLine]:
    """Write further lines of an order, and compare it with the customer's original (ORD-27).

    A checked order is to be checked anew. Raises LinesNotPlaced and OrderNotChanged.
    """
    held = hold_order(order)
    at = now or database_now()
    columns = checked_lines(lines, customer=held.customer, on=held.store.today(at))
    told = [{**each, "supply": line.supply} for line, each in zip(lines, columns, strict=True)]
    return write_lines(held, told, by=by, at=at, original=original)


@transaction.atomic
def place_lines_once(
    *,
    order: Order,
    lines: Sequence[NewLine],
    by: Person,
    key: UUID,
    original: Original | None = None,
) -> None:
    """`place_lines` of a form that may come twice: it acts once. Raises FormOfSomebodyElse, too."""
    with once(key=key, purpose="lines", by=by, content=f"{order.pk}\n{lines!r}") as form:
        if form.result_id is None:
            if not is_being_written(hold_order(order)):
                raise LinesNotPlaced.because("confirmed")
            place_lines(order=order, lines=lines, by=by, original=original)
            form.result_id = order.pk


def write_lines(
    held: Order,
    columns: Sequence[Columns],
    *,
    by: Person,
    at: datetime,
    original: Original | None = None,
) -> list[OrderLine]:
    """Write lines that were checked, on an order that is held. Raises LinesNotPlaced."""
    added = sum((each["qty"] * each["agreed_price"] for each in columns), Decimal(0))
    original = _check_amount(held, (held.amount or 0) + added, original)

    Order.objects.filter(pk=held.pk).update(original_amount=None, difference_reason="")
    last = OrderLine.objects.filter(order=held).aggregate(at=Max("position"))["at"] or 0
    placed = OrderLine.objects.bulk_create(
        OrderLine(order=held, position=position, **told)
        for position, told in enumerate(columns, start=last + 1)
    )
    held.refresh_from_db(fields=["amount", "original_amount", "difference_reason"])

    note(held, EventKind.LINES_PLACED, by=by, at=at, count=len(placed), amount=f"{added:.2f}")
    follow_floor_samples(held, placed, now=at)
    _after_change(held, original, by=by, at=at)
    return placed


@transaction.atomic
def correct_line(
    *,
    line: OrderLine,
    said: NewLine,
    by: Person,
    original: Original | None = None,
    now: datetime | None = None,
) -> OrderLine:
    """Write a line anew whose goods nobody has begun with, before the order is confirmed.

    Later it is a change of the order, with a credit where it comes cheaper (ORD-17). Raises
    LinesNotPlaced and OrderNotChanged.
    """
    held = hold_order(line.order)
    at = now or database_now()
    standing = OrderLine.objects.select_for_update().get(pk=line.pk)
    if standing.state != LineState.OPEN or not is_being_written(held):
        raise LinesNotPlaced.because("on_its_way")
    if said.product == standing.product:
        said = replace(said, floor_price=standing.floor_price)
    (columns,) = checked_lines([said], customer=held.customer, on=held.store.today(at))
    before, after = standing.amount, said.priced().amount
    original = _check_amount(held, (held.amount or 0) - before + after, original)

    Order.objects.filter(pk=held.pk).update(original_amount=None, difference_reason="")
    OrderLine.objects.filter(pk=line.pk).update(supply=said.supply, **columns)
    held.refresh_from_db(fields=["amount", "original_amount", "difference_reason"])
    standing.refresh_from_db()

    note(
        held,
        EventKind.LINE_CHANGED,
        line=standing,
        by=by,
        at=at,
        typed=said.remark,
        before=str(before),
        after=str(after),
    )
    follow_floor_samples(held, [standing], now=at)
    _after_change(held, original, by=by, at=at)
    return standing


def is_being_written(order: Order) -> bool:
    """Whether its lines may still be written anew: the customer has not confirmed them."""
    return order.state in (OrderState.RECEIVED, OrderState.CHECKED)


def _check_amount(held: Order, computed: Decimal, original: Original | None) -> Original | None:
    """What the new amount is compared with; paid money and an unexplained difference stop it."""
    if held.paid > computed:
        raise LinesNotPlaced.because("under_paid", paid=money_text(held.paid))
    if original is None and held.original_amount is not None:
        original = Original(amount=held.original_amount, reason=held.difference_reason)
    if original is not None:
        found = original_blockers(
            computed=computed, original=original.amount, reason=original.reason
        )
        if found:
            raise LinesNotPlaced(*found)
    return original


def _after_change(held: Order, original: Original | None, *, by: Person, at: datetime) -> None:
    """What the lines were compared with stands again; a checked order is checked anew."""
    if original is not None:
        write_original(held, original, by=by, at=at)
    uncheck(held)
    if held.state == OrderState.RECEIVED:
        owe_check(held, at=at)
    follow_amount(held, now=at)
