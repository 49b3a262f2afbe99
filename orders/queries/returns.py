"""Returns and exchanges: which somebody may see, and which pieces of a line may still come back."""

from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from orders.models import DeliveryLine, Order, OrderLine, Return
from orders.queries.visible import visible_orders
from orders.rules.returns import Delivered
from orders.states import ReturnState
from staff.scope import Reach

# On its way back: asked for or agreed, and not settled yet.
ON_THE_WAY = (ReturnState.ASKED, ReturnState.AGREED)
OF_RETURN = (
    "order__store", "order__customer", "order__seller", "line", "asked_by", "decided_by", "credit",
    "new_line",
)  # fmt: skip


def visible_returns(reach: Reach | None, *, today: date) -> QuerySet[Return]:
    """The returns of orders within reach; `reach` None is the machine itself."""
    rows = Return.objects.all()
    if reach is None:
        return rows
    return rows.filter(order__in=visible_orders(reach, today=today).values("pk"))


def cost_of(row: Return) -> Decimal:
    """What the goods of a return cost: as it was settled, until then at what they cost by now."""
    if row.state == ReturnState.SETTLED:
        return row.amount
    return row.qty * row.line.agreed_price


def deliveries_of(line: OrderLine) -> list[Delivered]:
    """When the pieces of a line were handed over; what was taken back as a mistake counts not.

    Pieces that were delivered before deliveries were kept are of the day of the order's delivery.
    """
    standing = DeliveryLine.objects.filter(line=line, delivery__voided_at=None)
    rows = standing.order_by("delivery__delivered_on", "pk")
    found = [
        Delivered(on=on, qty=qty) for on, qty in rows.values_list("delivery__delivered_on", "qty")
    ]
    unknown = line.delivered_qty - sum(each.qty for each in found)
    if unknown > 0 and line.order.delivered_on is not None:
        found.append(Delivered(on=line.order.delivered_on, qty=unknown))
    return found


def coming_back(line: OrderLine) -> int:
    """How many pieces of a line are asked for or agreed to come back."""
    rows = Return.objects.filter(line=line, state__in=ON_THE_WAY)
    return rows.aggregate(pieces=Sum("qty"))["pieces"] or 0


def with_the_customer(order: Order) -> list[tuple[OrderLine, int]]:
    """The lines of which pieces are with the customer and not on their way back, and how many."""
    rows = Return.objects.filter(order=order, state__in=ON_THE_WAY).order_by()
    coming = dict(rows.values_list("line").annotate(pieces=Sum("qty")))
    lines = OrderLine.objects.filter(order=order, delivered_qty__gt=0).order_by("position")
    left = [
        (line, line.delivered_qty - line.returned_qty - coming.get(line.pk, 0)) for line in lines
    ]
    return [(line, pieces) for line, pieces in left if pieces > 0]
