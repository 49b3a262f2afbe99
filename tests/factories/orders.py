"""Orders in any state, written as plain rows: what reads them is tested without the services."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from uuid import uuid4

from customers.models import Customer
from orders.models import (
    Credit,
    DateChange,
    Delivery,
    DeliveryLine,
    Due,
    Incident,
    Order,
    OrderLine,
    Payment,
    Return,
)
from orders.states import (
    CreditKind,
    DateKind,
    DelayCause,
    DueKind,
    IncidentKind,
    LineState,
    Method,
    OrderState,
    PaymentKind,
    ReturnCause,
    ReturnKind,
    ReturnState,
    Supply,
)
from staff.models import Person
from staff.states import Role
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory

TODAY = date(2026, 3, 12)
NOW = datetime(2026, 3, 12, 2, 5, 12, tzinfo=UTC)
_numbers = count(1)

_FACTS_OF = {
    OrderState.CONFIRMED: {"confirmed_at": NOW},
    OrderState.SETTLED: {"settled_at": NOW},
    OrderState.ARCHIVED: {"settled_at": NOW, "archived_at": NOW},
    OrderState.CANCELLED: {"cancelled_at": NOW, "cancel_reason": "不买了"},
}
# One line: its price, or its price and what else is said of it.
Said = int | Decimal | dict[str, object]


def order(
    *,
    seller: Person | None = None,
    customer: Customer | None = None,
    lines: Sequence[Said] = (5000,),
    paid: int | Decimal = 0,
    on: date = TODAY,
    state: OrderState = OrderState.RECEIVED,
    **said,
) -> Order:
    """An order of the day `on` with these lines, of which `paid` has been paid.

    `lines` are prices of one piece each, or dicts for `line`; none leave the amount unknown. The
    seller keeps the customer unless one is given. A confirmed one wants `promised_on`, a settled
    one all of it `paid`.
    """
    seller = seller or (customer.owner if customer and customer.owner else PersonFactory())
    customer = customer or CustomerFactory(owner=seller)
    facts = {
        "number": f"T{next(_numbers):06}",
        "store": seller.store or customer.store,
        "address": customer.address,
    }
    row = Order.objects.create(customer=customer, seller=seller, ordered_on=on, **facts | said)
    for each in lines:
        line(row, **(each if isinstance(each, dict) else {"price": each}))
    is_closed = state in (OrderState.SETTLED, OrderState.ARCHIVED)
    if paid:
        payment(row, paid, confirmed_by=PersonFactory(role=Role.FINANCE) if is_closed else None)
    Order.objects.filter(pk=row.pk).update(state=state, **_FACTS_OF.get(state, {}))
    row.refresh_from_db()
    return row


def line(
    of: Order,
    *,
    price: int | Decimal = 5000,
    qty: int = 1,
    state: LineState = LineState.OPEN,
    **said,
) -> OrderLine:
    """One more line of the order; its agreed price is the list price unless told."""
    facts = {
        "position": of.lines.count() + 1,
        "product": "三人沙发",
        "supply": Supply.PURCHASE,
        "list_price": price,
        "agreed_price": price,
    }
    row = OrderLine.objects.create(order=of, qty=qty, state=state, **facts | said)
    of.refresh_from_db()
    return row


def due(
    of: Order,
    amount: int | Decimal,
    *,
    kind: DueKind = DueKind.BEFORE_DELIVERY,
    on: date | None = None,
    **said,
) -> Due:
    """One more amount due."""
    row = Due.objects.create(
        order=of, position=of.dues.count() + 1, kind=kind, amount=amount, due_on=on, **said
    )
    of.refresh_from_db()
    return row


def payment(
    of: Order,
    amount: int | Decimal,
    *,
    by: Person | None = None,
    at: datetime = NOW,
    confirmed_by: Person | None = None,
    **said,
) -> Payment:
    """Money taken by the seller unless told; confirmed where `confirmed_by` is given."""
    facts = {
        "kind": PaymentKind.PAYMENT,
        "payer": "李先生",
        "method": Method.WECHAT,
        "key": uuid4(),
        "confirmed_at": at if confirmed_by else None,
    }
    row = Payment.objects.create(
        order=of,
        amount=amount,
        taken_by=by or of.seller,
        taken_at=at,
        confirmed_by=confirmed_by,
        **facts | said,
    )
    of.refresh_from_db()
    return row


def credit(of: Order, amount: int | Decimal, *, on: date = TODAY, **said) -> Credit:
    """What a change of the order left over; its lines are the caller's."""
    facts = {
        "kind": CreditKind.FEWER,
        "before": of.amount or 0,
        "after": (of.amount or 0) - amount,
        "refundable_from": on,
        "handler": of.seller,
        "made_by": of.seller,
        "key": uuid4(),
    }
    row = Credit.objects.create(
        order=of, customer=of.customer, amount=amount, changed_on=on, **facts | said
    )
    of.refresh_from_db()
    return row


def date_change(
    of: Order,
    after: date,
    *,
    cause: DelayCause = DelayCause.SUPPLIER,
    which: DateKind = DateKind.CURRENT,
    at: datetime = NOW,
    **said,
) -> DateChange:
    """The planned delivery moved to `after` (the order's own column with it)."""
    row = DateChange.objects.create(
        order=of,
        which=which,
        before_on=of.current_on,
        after_on=after,
        cause=cause,
        at=at,
        by=of.seller,
        **said,
    )
    if which == DateKind.CURRENT:
        Order.objects.filter(pk=of.pk).update(current_on=after)
        of.refresh_from_db()
    return row


def incident(of: Order, *, kind: IncidentKind = IncidentKind.DAMAGED, **said) -> Incident:
    """Something that went wrong and is not mended."""
    facts = {"note": "桌面划伤", "opened_by": of.seller, "key": uuid4()}
    return Incident.objects.create(order=of, kind=kind, **facts | said)


def delivery(of: Order, on: date, *, pieces: dict[int, int] | None = None, **said) -> Delivery:
    """All that is left, or these `pieces` by line, handed over; the order follows when all is."""
    facts = {"signed_by": "李先生", "noted_by": of.seller, "key": uuid4()}
    row = Delivery.objects.create(order=of, delivered_on=on, **facts | said)
    for each in of.lines.exclude(state=LineState.CANCELLED).order_by("position"):
        left = each.qty - each.delivered_qty
        qty = left if pieces is None else pieces.get(each.pk, 0)
        if not qty:
            continue
        DeliveryLine.objects.create(delivery=row, line=each, qty=qty)
        delivered = each.delivered_qty + qty
        state = LineState.DELIVERED if delivered == each.qty else each.state
        OrderLine.objects.filter(pk=each.pk).update(delivered_qty=delivered, state=state)
    of.refresh_from_db()
    if of.lines_delivered == of.lines_all:
        Order.objects.filter(pk=of.pk).update(delivered_on=on, state=OrderState.DELIVERED)
        of.refresh_from_db()
    return row


def exchange(of: Order, *, on: date = TODAY) -> OrderLine:
    """The first line came back and another comes instead: the order is to be delivered again."""
    old, new = of.lines.earliest("position"), line(of)
    Return.objects.create(
        order=of, line=old, kind=ReturnKind.EXCHANGE, cause=ReturnCause.QUALITY, qty=1, amount=1,
        asked_on=on, is_within=True, state=ReturnState.SETTLED, asked_by=of.seller, new_line=new,
        decided_by=PersonFactory(), decided_at=NOW, settled_on=on, key=uuid4(),
    )  # fmt: skip
    Order.objects.filter(pk=of.pk).update(state=OrderState.CONFIRMED, delivered_on=None)
    of.refresh_from_db()
    return new
