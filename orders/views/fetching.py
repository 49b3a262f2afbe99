"""Orders and quotes as views fetch them: within reach, or they do not exist (404)."""

from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from orders.models import Delivery, Incident, Order, OrderLine, Quote
from orders.queries.completion import ColouredOrder, with_facts
from orders.queries.rights import may_move, may_read, may_write_on
from orders.queries.visible import visible_orders, visible_quotes
from orders.services.holding import OrderNotChanged
from orders.states import CLOSED_ORDERS
from staff.requests import Request

OF_ORDER = (
    "store", "seller__store", "clerk", "customer__store", "customer__owner", "designer", "quote",
    "released_by",
)  # fmt: skip


def refuse_unless(may: bool) -> None:
    """A known row without the right is refused (403)."""
    if not may:
        raise PermissionDenied


def order_for(request: Request, pk: int) -> Order:
    """The order `pk` with whom it concerns; out of reach it does not exist (404)."""
    return get_object_or_404(_orders_for(request), pk=pk)


def coloured_order_for(request: Request, pk: int) -> ColouredOrder:
    """The same with what its colour is made of, by the day of its store: read once more where that
    is another day than the house's.
    """
    rows, now = _orders_for(request), timezone.now()
    house = timezone.localdate(now)
    found = get_object_or_404(with_facts(rows, today=house), pk=pk)
    today = found.store.today(now)
    return found if today == house else with_facts(rows, today=today).get(pk=pk)


def _orders_for(request: Request) -> QuerySet[Order]:
    refuse_unless(may_read(request.reach))
    rows = visible_orders(request.reach, today=timezone.localdate())
    return rows.select_related(*OF_ORDER)


def order_to_write(request: Request, pk: int) -> Order:
    """The same for an act on it, which only some do (403)."""
    found = order_for(request, pk)
    refuse_unless(may_write_on(found, request.reach))
    return found


def order_to_change(request: Request, pk: int) -> Order:
    """The same for an act that an open order alone offers."""
    found = order_to_write(request, pk)
    refuse_closed(request, found)
    return found


def refuse_closed(request: Request, order: Order) -> None:
    """No page of an act is opened on a closed order, in words (403). What was typed before it was
    closed the act itself refuses, with all of it.
    """
    if request.method != "POST" and (said := closed_words(order)):
        raise PermissionDenied(said)


def closed_words(order: Order) -> str:
    """That nothing about this order changes any more, or nothing."""
    return str(OrderNotChanged.because("closed")) if order.state in CLOSED_ORDERS else ""


def order_to_move(request: Request, pk: int) -> Order:
    """The same for an act on its goods."""
    found = order_for(request, pk)
    refuse_unless(may_move(found, request.reach))
    return found


Part = TypeVar("Part", OrderLine, Delivery, Incident)


def part_to_move(request: Request, rows: QuerySet[Part], pk: int) -> Part:
    """A line, a delivery or an incident of an order that this person moves, with that order."""
    found = get_object_or_404(rows, pk=pk)
    found.order = order_to_move(request, found.order_id)
    return found


def quote_for(request: Request, pk: int) -> Quote:
    """The quote `pk` with whom it concerns; out of reach it does not exist (404)."""
    refuse_unless(may_read(request.reach))
    rows = visible_quotes(request.reach, today=timezone.localdate())
    return get_object_or_404(rows.select_related("store", "seller", "customer__store"), pk=pk)
