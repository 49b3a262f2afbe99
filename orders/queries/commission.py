"""Commission of designers in SQL: what each order has earned, been paid and had clawed back.

The twins of `rules.commission`: what the database adds up here and what the rule says of the same
figures is held together by a test.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from django.db.models import (
    BooleanField,
    Case,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least, Round

from orders.models import CommissionEntry, Introduction, Order, OrderLine, Return
from orders.rules.commission import USUAL_RATES, Rates, Reckoned, payable, state_of
from orders.rules.completion import DELIVERED
from orders.states import (
    CommissionKind,
    CommissionState,
    ReturnKind,
    ReturnState,
)

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Figures(TypedDict):
        furniture: Decimal
        accessories: Decimal
        furniture_rate: Decimal
        accessories_rate: Decimal
        paid_out: Decimal
        clawed_back: Decimal
        is_completed: bool
        earned: Decimal
        open_own: Decimal

    EarningOrder = WithAnnotations[Order, _Figures]
else:
    EarningOrder = Order

MONEY = DecimalField(max_digits=16, decimal_places=2)
RATE = DecimalField(max_digits=5, decimal_places=2)
NOTHING = Decimal("0.00")
# Delivered whole and paid (已完结), as its colour says.
COMPLETED = Q(state__in=DELIVERED, paid=F("amount"))
_OWN = {"order": OuterRef("pk")}


def _total(rows: QuerySet, of: object) -> Coalesce:
    """The sum of `of` over the rows of each order."""
    summed = rows.order_by().values("order").annotate(total=Sum(of)).values("total")
    return Coalesce(Subquery(summed, output_field=MONEY), NOTHING, output_field=MONEY)


def _delivered(*, is_accessory: bool) -> ExpressionWrapper:
    """What was delivered at its agreed price; what was exchanged counts once, as its new line."""
    lines = OrderLine.objects.filter(is_accessory=is_accessory, delivered_qty__gt=0, **_OWN)
    exchanged = Return.objects.filter(
        kind=ReturnKind.EXCHANGE,
        state=ReturnState.SETTLED,
        line__is_accessory=is_accessory,
        **_OWN,
    )
    return ExpressionWrapper(
        _total(lines, F("delivered_qty") * F("agreed_price"))
        - _total(exchanged, F("qty") * F("line__agreed_price")),
        output_field=MONEY,
    )


def _rate(field: str, usual: Decimal) -> Coalesce:
    """The rate of the introduction, else of the agreement, else the usual one."""
    introduced = Introduction.objects.filter(
        designer=OuterRef("designer"), customer=OuterRef("customer")
    )
    return Coalesce(
        Subquery(introduced.values(field)[:1]),
        F(f"designer__{field}"),
        Value(usual),
        output_field=RATE,
    )


def _entries(kind: CommissionKind) -> Coalesce:
    return _total(
        CommissionEntry.objects.filter(kind=kind, designer=OuterRef("designer"), **_OWN), "amount"
    )


def with_commission(orders: QuerySet[Order]) -> QuerySet[EarningOrder]:
    """The orders that name a designer, each with the figures of its commission.

    `furniture` and `accessories` delivered, the two rates, `earned`, `paid_out`, `clawed_back`,
    `is_completed` and `open_own`: see `rules.commission.Reckoned`.
    """
    share = F("furniture") * F("furniture_rate") / Value(Decimal(100))
    accessories = F("accessories") * F("accessories_rate") / Value(Decimal(100))
    return (
        orders.filter(designer__isnull=False)
        .annotate(
            furniture=_delivered(is_accessory=False),
            accessories=_delivered(is_accessory=True),
            furniture_rate=_rate("furniture_rate", USUAL_RATES.furniture),
            accessories_rate=_rate("accessories_rate", USUAL_RATES.accessories),
            paid_out=_entries(CommissionKind.PAID),
            clawed_back=_entries(CommissionKind.CLAWED_BACK),
            is_completed=Case(
                When(COMPLETED, then=True), default=False, output_field=BooleanField()
            ),
        )
        .annotate(
            earned=ExpressionWrapper(
                Round(share, precision=2) + Round(accessories, precision=2), output_field=MONEY
            )
        )
        .annotate(left=F("earned") - F("clawed_back") - F("paid_out"))
        .annotate(
            open_own=Case(
                When(is_completed=True, then=F("left")),
                default=Least(F("left"), Value(NOTHING), output_field=MONEY),
                output_field=MONEY,
            )
        )
    )


def open_in_all(designers: Iterable[int]) -> dict[int, Decimal]:
    """Designer → what is open of all their orders; below 0, what they owe. One query."""
    orders = with_commission(Order.objects.filter(designer__in=set(designers)))
    summed = orders.order_by().values("designer").annotate(total=Sum("open_own"))
    return {row["designer"]: row["total"] for row in summed}


def in_state(orders: QuerySet[EarningOrder], state: CommissionState) -> QuerySet[EarningOrder]:
    """Of orders `with_commission` those whose commission stands so: the twin of
    `rules.commission.state_of`.
    """
    every = with_commission(Order.objects.filter(designer=OuterRef("designer")))
    in_all = every.order_by().values("designer").annotate(total=Sum("open_own"))
    is_open = Q(open_own__gt=0) & Exists(in_all.filter(total__gt=0))
    completed = orders.filter(is_completed=True)
    if state == CommissionState.DONE:
        return completed.filter(is_open | Q(clawed_back=NOTHING, paid_out=NOTHING))
    if state == CommissionState.CLAWED_BACK:
        return completed.filter(~is_open, clawed_back__gt=NOTHING)
    if state == CommissionState.PAID:
        return completed.filter(~is_open, clawed_back=NOTHING, paid_out__gt=NOTHING)
    return orders.filter(is_completed=False) if state == CommissionState.ORDERED else orders.none()


@dataclass(frozen=True, kw_only=True)
class Commission:
    """The commission of one order, as the rule reads its figures."""

    furniture: Decimal
    accessories: Decimal
    rates: Rates
    reckoned: Reckoned
    open_in_all: Decimal

    @property
    def delivered(self) -> Decimal:
        return self.furniture + self.accessories

    @property
    def payable(self) -> Decimal:
        return payable(self.reckoned, open_in_all=self.open_in_all)

    @property
    def state(self) -> CommissionState:
        return state_of(self.reckoned, open_in_all=self.open_in_all)


def commission_of(order: EarningOrder, *, open_in_all: Decimal) -> Commission:
    """What the rule says of an order read `with_commission`."""
    return Commission(
        furniture=order.furniture,
        accessories=order.accessories,
        rates=Rates(furniture=order.furniture_rate, accessories=order.accessories_rate),
        reckoned=Reckoned(
            earned=order.earned,
            paid=order.paid_out,
            clawed_back=order.clawed_back,
            is_completed=order.is_completed,
        ),
        open_in_all=open_in_all,
    )


def commissions(orders: Iterable[EarningOrder]) -> dict[int, Commission]:
    """Order → its commission, for a page of orders read `with_commission`; one query."""
    rows = list(orders)
    opens = open_in_all(row.designer_id for row in rows if row.designer_id)
    return {
        row.pk: commission_of(row, open_in_all=opens.get(row.designer_id or 0, NOTHING))
        for row in rows
    }


def commission_in_short(order: Order) -> Commission | None:
    """The commission of one order; None where it names no designer."""
    found = with_commission(Order.objects.filter(pk=order.pk)).first()
    return commissions([found])[found.pk] if found else None
