"""What the customer card says of quotes and orders, for whoever sees the card (DAT-01).

Seeing a card opens no paper: each is shown to whom `visible_orders` and `visible_quotes` show it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from customers.models import Customer
from orders.models import Account, Credit, Delivery, OrderFile, Quote, QuoteLine, Return
from orders.queries.ledger import LedgerOrder, for_ledger
from orders.queries.visible import visible_orders, visible_quotes
from orders.states import OrderState, ReturnState
from staff.scope import Reach

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Goods(TypedDict):
        goods: str

    class _Hold(TypedDict):
        held_because: str | None

    QuoteWithGoods = WithAnnotations[Quote, _Goods]
    HeldCustomer = WithAnnotations[Customer, _Hold]
else:
    QuoteWithGoods, HeldCustomer = Quote, Customer

NOTHING = Decimal(0)


@dataclass(frozen=True)
class PapersSeen:
    """The papers of one customer that a reader sees, by id; None is all of them."""

    orders: list[int] | None
    quotes: list[int] | None

    @property
    def params(self) -> Mapping[str, list[int] | None]:
        """What `ORDER_TIMELINE` asks for."""
        return {"orders": self.orders, "quotes": self.quotes}


ALL_PAPERS = PapersSeen(orders=None, quotes=None)


def papers_seen(customer: Customer, *, reach: Reach, today: date) -> PapersSeen:
    """Which papers of this customer a reader sees: their keeper and operations all, unasked; of
    others one query.
    """
    if reach.sees_all or customer.owner_id in reach.acts_for:
        return ALL_PAPERS
    orders, quotes = (
        papers.filter(customer=customer).order_by().annotate(what=Value(what))
        for what, papers in (
            ("order", visible_orders(reach, today=today)),
            ("quote", visible_quotes(reach, today=today)),
        )
    )
    found = list(orders.values_list("what", "pk").union(quotes.values_list("what", "pk"), all=True))
    return PapersSeen(
        orders=[pk for what, pk in found if what == "order"],
        quotes=[pk for what, pk in found if what == "quote"],
    )


def with_hold(customers: QuerySet[Customer]) -> QuerySet[HeldCustomer]:
    """Customers with `held_because`: why all deliveries to them are held (FIN-06), else null."""
    held = Account.objects.filter(customer=OuterRef("pk"), is_held=True)
    return customers.annotate(held_because=Subquery(held.values("reason")))


def orders_of(customer: Customer, *, reach: Reach, today: date) -> QuerySet[LedgerOrder]:
    """The customer's orders within reach, the newest first, as rows of the ledger."""
    orders = visible_orders(reach, today=today).filter(customer=customer)
    return for_ledger(orders, reach=reach, today=today).order_by("-ordered_on", "-pk")


def quotes_of(customer: Customer, *, reach: Reach, today: date) -> QuerySet[QuoteWithGoods]:
    """The customer's quotes within reach that became no order, the newest first."""
    lines = QuoteLine.objects.filter(quote=OuterRef("pk")).order_by("position")
    quotes = visible_quotes(reach, today=today).filter(customer=customer, order=None)
    goods = quotes.annotate(goods=Coalesce(Subquery(lines.values("product")[:1]), Value("")))
    return goods.select_related("store").order_by("-quoted_at", "-pk")


@dataclass(frozen=True, kw_only=True)
class OrderOfProduct:
    """The order that brought a product; `came_back`: goods of it were taken back and settled."""

    pk: int
    number: str
    state: OrderState
    came_back: bool


def orders_of_products(
    products: Collection[int], *, reach: Reach, today: date
) -> dict[int, OrderOfProduct]:
    """By owned product the order, within reach, whose delivery put it on the card and stands."""
    if not products:
        return {}
    seen = visible_orders(reach, today=today).values("pk")
    back = Return.objects.filter(order=OuterRef("order"), state=ReturnState.SETTLED)
    standing = Delivery.objects.filter(voided_at=None, order__in=seen).annotate(back=Exists(back))
    columns = ("order", "order__number", "order__state", "back")
    whole = standing.filter(product__in=products).values_list("product", *columns)
    single = standing.filter(lines__product__in=products).values_list("lines__product", *columns)
    return {
        product: OrderOfProduct(
            pk=order, number=number, state=OrderState(state), came_back=came_back
        )
        for product, order, number, state, came_back in whole.union(single, all=True)
    }


def papers_of(customer: Customer, *, reach: Reach, today: date) -> QuerySet[OrderFile]:
    """The papers kept with the customer's orders within reach, archived ones too (ORD-08)."""
    orders = visible_orders(reach, today=today).filter(customer=customer)
    files = OrderFile.objects.filter(order__in=orders.values("pk"), removed_at=None)
    return files.select_related("order").order_by("-added_at", "-pk")


def kept_of(customer: Customer, *, reach: Reach, today: date) -> Decimal:
    """What is kept for the customer from changed orders that this reader sees (挂帐)."""
    orders = visible_orders(reach, today=today).filter(customer=customer)
    credits = Credit.objects.filter(customer=customer, order__in=orders.values("pk"))
    return credits.aggregate(kept=Sum(F("amount") - F("used")))["kept"] or NOTHING
