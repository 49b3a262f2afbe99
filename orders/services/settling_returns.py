"""Settling a return or an exchange: the money, the goods, the deal and the commission at once.

In this order, in one transaction: hold the order; keep what is paid beyond as a credit; write what
comes instead; take the goods back; have commission, dues, the deal and the products follow. The
credit comes before the goods: at no moment is more paid than the order costs.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused
from customers.models import OwnedProduct
from customers.states import GoneReason
from followups import services as followups
from followups.states import ChoreKind
from orders.models import Credit, DeliveryLine, Order, OrderLine, Return
from orders.queries.returns import cost_of
from orders.rules.credits import left_over
from orders.rules.returns import Delivered, gone_deliveries
from orders.services import milestones
from orders.services.commission import claw_back
from orders.services.comparing import explain_change
from orders.services.completing import follow_goods
from orders.services.credits import make_credit
from orders.services.goods_back import hold_return
from orders.services.history import note
from orders.services.holding import read_sums
from orders.services.lines import NewLine, checked_lines
from orders.services.settling import undo_deal
from orders.services.terms import follow_amount
from orders.states import (
    CLOSED_ORDERS,
    CreditKind,
    EventKind,
    MilestoneKind,
    OrderState,
    ReturnKind,
    ReturnState,
)
from staff.models import Person

NOTHING = Decimal("0.00")
CREDITS = {
    ReturnKind.RETURN: CreditKind.RETURNED,
    ReturnKind.EXCHANGE: CreditKind.EXCHANGED,
}


class ReturnNotSettled(Refused):
    """A return or an exchange was not settled."""

    messages = {
        "decided_first": _("A manager decides about it first."),
        "refused": _("This return was refused."),
        "instead_missing": _("Say what the customer gets instead."),
        "not_an_exchange": _("Nothing comes instead of goods that are returned."),
        "promised_missing": _("Say for which day the new goods are promised."),
        "promised_is_past": _("The new goods are promised for today or later."),
    }


@dataclass(frozen=True, kw_only=True)
class Instead:
    """What comes instead of exchanged goods, and for which day it is promised."""

    line: NewLine
    promised_on: date | None


@transaction.atomic
def settle_return(
    *,
    goods_back: Return,
    by: Person,
    instead: Instead | None = None,
    now: datetime | None = None,
) -> Return:
    """The goods of an agreed return are here: make the customer's money good. Sent twice, it is
    settled once.

    Raises ReturnNotSettled and, of what comes instead, LinesNotPlaced.
    """
    standing, held = hold_return(goods_back)
    if standing.state == ReturnState.SETTLED:
        return standing
    at = now or database_now()
    today = held.store.today(at)
    _check(standing, instead, today=today)
    columns = _columns(held, instead, on=today)
    was = OrderState(held.state)
    standing.amount = cost_of(standing)
    _open_again(held)

    credit = _credit(standing, held, columns, by=by, at=at)
    explain_change(held, reason=_why(standing))
    new_line = _place(held, instead, columns)
    OrderLine.objects.filter(pk=standing.line_id).update(
        returned_qty=F("returned_qty") + standing.qty
    )
    _write(standing, credit, new_line, on=today)

    note(
        held,
        EventKind.RETURN_SETTLED,
        line=standing.line,
        by=by,
        at=at,
        goods_back=standing.pk,
        pieces=standing.qty,
        amount=str(standing.amount),
        credit=str(credit.amount) if credit else "",
        instead=new_line.product if new_line else "",
        **{"return": standing.kind},
    )
    claw_back(standing, held, on=today, by=by, at=at)
    _follow(standing, held, was, by=by, at=at)
    return standing


def _check(row: Return, instead: Instead | None, *, today: date) -> None:
    if row.state != ReturnState.AGREED:
        code = "refused" if row.state == ReturnState.REFUSED else "decided_first"
        raise ReturnNotSettled.because(code)
    if row.kind == ReturnKind.RETURN:
        if instead is not None:
            raise ReturnNotSettled.because("not_an_exchange")
        return
    if instead is None:
        raise ReturnNotSettled.because("instead_missing")
    if instead.promised_on is None:
        raise ReturnNotSettled.because("promised_missing")
    if instead.promised_on < today:
        raise ReturnNotSettled.because("promised_is_past")


def _columns(held: Order, instead: Instead | None, *, on: date) -> dict[str, Any]:
    """The columns of what comes instead, its price held against the floor; none of a return."""
    if instead is None:
        return {}
    (columns,) = checked_lines([instead.line], customer=held.customer, on=on)
    return columns


def _open_again(held: Order) -> None:
    """A settled order owes and has nothing: while goods come back it is merely delivered."""
    if held.state in CLOSED_ORDERS:
        held.state = OrderState.DELIVERED
        held.save(update_fields=["state"])


def _why(row: Return) -> str:
    return row.note or row.get_cause_display()


def _credit(
    row: Return, held: Order, columns: Mapping[str, Any], *, by: Person, at: datetime
) -> Credit | None:
    """What is paid beyond what the order costs from now on; None where nothing is."""
    before = held.amount or NOTHING
    more = columns["qty"] * columns["agreed_price"] if columns else NOTHING
    after = before - row.amount + more
    amount = left_over(paid=held.paid, new_amount=after)
    if not amount:
        return None
    return make_credit(
        held,
        kind=CREDITS[ReturnKind(row.kind)],
        amount=amount,
        before=before,
        after=after,
        by=by,
        at=at,
    )


def _place(held: Order, instead: Instead | None, columns: Mapping[str, Any]) -> OrderLine | None:
    """What comes instead, as another line of the same order, which is promised for its day."""
    if instead is None:
        return None
    last = OrderLine.objects.filter(order=held).aggregate(at=Max("position"))["at"] or 0
    held.promised_on = held.promised_on or instead.promised_on
    held.current_on = instead.promised_on
    held.save(update_fields=["promised_on", "current_on"])
    milestones.plan(held, MilestoneKind.DELIVERED, on=instead.promised_on)
    return OrderLine.objects.create(
        order=held, position=last + 1, supply=instead.line.supply, **columns
    )


def _write(row: Return, credit: Credit | None, new_line: OrderLine | None, *, on: date) -> None:
    row.state, row.settled_on, row.credit, row.new_line = ReturnState.SETTLED, on, credit, new_line
    row.save(update_fields=["state", "amount", "settled_on", "credit", "new_line"])


def _follow(row: Return, held: Order, was: OrderState, *, by: Person, at: datetime) -> None:
    """What hangs on the goods and their price: dues, the state, the deal, products, chores."""
    if row.new_line is not None:
        follow_goods(held, by=by, now=at)
    follow_amount(held, now=at)
    read_sums(held)
    _close_again(held, was)
    if not held.amount:
        undo_deal(held, reason=_why(row), by=by, at=at)
    _end_products(row, held, by=by, at=at)
    followups.drop_chores(kind=ChoreKind.RETURN, subject_ids=[row.pk], now=at)


def _close_again(held: Order, was: OrderState) -> None:
    """A settled order is so again, unless something is open of it now."""
    if was not in CLOSED_ORDERS:
        return
    is_even = held.amount == held.paid and not held.unconfirmed
    if is_even and held.state == OrderState.DELIVERED:
        held.state = was
        held.save(update_fields=["state"])
        return
    held.settled_at = held.archived_at = None
    held.save(update_fields=["settled_at", "archived_at"])
    for kind in (MilestoneKind.SETTLED, MilestoneKind.ARCHIVED):
        milestones.take_back(held, kind)


def _end_products(row: Return, held: Order, *, by: Person, at: datetime) -> None:
    """The care of what is no longer with the customer ends: of a car, of a whole delivery."""
    for product in _gone_products(held):
        followups.end_product(
            product=product,
            gone_on=held.store.today(at),
            because=GoneReason.RETURNED,
            note=_why(row),
            by=by,
            now=at,
        )


def _gone_products(held: Order) -> list[OwnedProduct]:
    """The products of this order of which nothing is left with the customer."""
    parts = list(
        DeliveryLine.objects.filter(delivery__order=held, delivery__voided_at=None)
        .select_related("delivery")
        .order_by("pk")
    )
    returned = dict(OrderLine.objects.filter(order=held).values_list("pk", "returned_qty"))
    by_delivery = gone_deliveries(_pieces(parts, by="delivery_id"), returned=returned)
    by_part = gone_deliveries(_pieces(parts, by="pk"), returned=returned)
    ids = {part.delivery.product_id for part in parts if part.delivery_id in by_delivery}
    ids |= {part.product_id for part in parts if part.pk in by_part}
    products = OwnedProduct.objects.filter(pk__in=[pk for pk in ids if pk], gone_on=None)
    return list(products.order_by("pk"))


def _pieces(parts: list[DeliveryLine], *, by: str) -> dict[int, list[tuple[int, Delivered]]]:
    """Line → the deliveries (or parts of one) it was in, with their pieces."""
    found = defaultdict(list)
    for part in parts:
        pieces = Delivered(on=part.delivery.delivered_on, qty=part.qty)
        found[part.line_id].append((getattr(part, by), pieces))
    return found
