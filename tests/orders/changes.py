"""Changes of an order, made in short."""

from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from orders.models import Credit, Order, OrderLine
from orders.services.changing import Change, LineChange, change_order
from orders.states import CreditKind
from staff.models import Person
from tests.factories.orders import NOW


def change(
    order: Order,
    *lines: LineChange,
    by: Person,
    kind: CreditKind = CreditKind.FEWER,
    reason: str = "客户改单",
    added=(),
    key=None,
    now: datetime = NOW,
) -> Credit | None:
    """Change these lines of the order."""
    said = Change(kind=kind, lines=lines, reason=reason, added=added)
    credit = change_order(order=order, change=said, by=by, key=key or uuid4(), now=now)
    order.refresh_from_db()
    return credit


def to(line: OrderLine, *, qty: int | None = None, price=None, **said) -> LineChange:
    """What becomes of a line; what is not said stays."""
    return LineChange(
        line_id=line.pk,
        qty=line.qty if qty is None else qty,
        price=line.agreed_price if price is None else Decimal(price),
        **said,
    )


def drop(order: Order, *, by: Person, now: datetime = NOW) -> Credit | None:
    """Take the last line off the order."""
    last = order.lines.order_by("position").last()
    return change(order, to(last, qty=0), by=by, now=now)
