"""What one store ordered and received on one day, from the rows as they stand now (ORD-29)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from orders.models import CreditUse, DayEnd, Order, Payment, Slip
from orders.states import CreditUseKind, Method, OrderState, SlipResult
from staff.models import Person, Store

NOTHING = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class ByMethod:
    """How much came in, went back and was refunded by one way."""

    method: Method
    count: int = 0
    received: Decimal = NOTHING
    unconfirmed: Decimal = NOTHING
    refunded: Decimal = NOTHING


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day of one store: its orders, its payments, what is open about them."""

    store: Store
    day: date
    orders: Sequence[Order]
    payments: Sequence[Payment]
    returned: Sequence[Payment]
    refunds: Sequence[CreditUse]
    slips: Sequence[Slip]
    methods: Sequence[ByMethod] = field(default_factory=tuple)

    @property
    def ordered(self) -> Decimal:
        standing = (each for each in self.orders if each.state != OrderState.CANCELLED)
        return sum((each.amount or NOTHING for each in standing), NOTHING)

    @property
    def received(self) -> Decimal:
        return sum((each.amount for each in self.payments), NOTHING)

    @property
    def unconfirmed(self) -> Decimal:
        return sum((each.unconfirmed for each in self.methods), NOTHING)

    @property
    def gone(self) -> Decimal:
        """What was given back of earlier days, or refunded, that day."""
        back = sum((each.amount for each in self.returned), NOTHING)
        return back + sum((each.amount for each in self.refunds), NOTHING)


def hours_of(store: Store, day: date) -> tuple[datetime, datetime]:
    """From when until when it is this day in this store."""
    zone = store.tzinfo
    begins = datetime.combine(day, time(), zone)
    return begins, datetime.combine(day + timedelta(days=1), time(), zone)


def _payments(store: Store) -> QuerySet[Payment]:
    """Money that this house counted: what the shop's own system told was counted there."""
    rows = Payment.objects.filter(order__store=store, is_imported=False)
    return rows.select_related("order", "taken_by", "confirmed_by", "returned_by", "slip", "bill")


def _received(begins: datetime, ends: datetime) -> Q:
    """What was taken in these hours and still there at their end: what goes later, goes then."""
    is_there = Q(returned_at=None) | Q(returned_at__gte=ends)
    return Q(taken_at__gte=begins, taken_at__lt=ends) & is_there


def _given_back(begins: datetime, ends: datetime) -> Q:
    """What an earlier day received and these hours gave back. Taken and returned, it is neither."""
    return Q(taken_at__lt=begins, returned_at__gte=begins, returned_at__lt=ends)


def day_of(store: Store, day: date) -> Day:
    """All of a day that finance goes through at its end; six queries, however many rows."""
    begins, ends = hours_of(store, day)
    orders = Order.objects.filter(store=store, ordered_on=day).select_related("seller")
    received = _payments(store).filter(_received(begins, ends))
    payments = list(received.order_by("taken_at", "pk"))
    back = _payments(store).filter(_given_back(begins, ends))
    refunds = CreditUse.objects.filter(
        kind=CreditUseKind.REFUND,
        credit__order__store=store,
        done_at__gte=begins,
        done_at__lt=ends,
    ).select_related("credit__order", "asked_by", "done_by")
    slips = Slip.objects.filter(
        order__store=store, noted_at__gte=begins, noted_at__lt=ends, result=SlipResult.SHORT
    ).select_related("order", "noted_by", "settled_by")
    gone = list(refunds.order_by("done_at", "pk"))
    return Day(
        store=store,
        day=day,
        orders=list(orders.order_by("pk")),
        payments=payments,
        returned=list(back.order_by("returned_at", "pk")),
        refunds=gone,
        slips=list(slips.order_by("noted_at", "pk")),
        methods=_by_method(payments, gone),
    )


def _by_method(payments: Sequence[Payment], refunds: Sequence[CreditUse]) -> list[ByMethod]:
    """The sums of each way that was used."""
    found = []
    for method in Method:
        own = [each for each in payments if each.method == method]
        gone = [each for each in refunds if each.method == method]
        if not own and not gone:
            continue
        found.append(
            ByMethod(
                method=method,
                count=len(own),
                received=sum((each.amount for each in own), NOTHING),
                unconfirmed=sum(
                    (each.amount for each in own if each.confirmed_at is None), NOTHING
                ),
                refunded=sum((each.amount for each in gone), NOTHING),
            )
        )
    return found


@dataclass(frozen=True, kw_only=True)
class InShort:
    """One store's day in a row of a list."""

    store: Store
    orders: int
    ordered: Decimal
    payments: int
    received: Decimal
    unconfirmed: int
    closed_by: Person | None
    differs: bool


def days_in_short(stores: Sequence[Store], day: date) -> list[InShort]:
    """This day of these stores; three queries, however many stores."""
    orders = {
        row["store"]: row
        for row in Order.objects.filter(store__in=stores, ordered_on=day)
        .exclude(state=OrderState.CANCELLED)
        .order_by()
        .values("store")
        .annotate(count=Count("pk"), amount=Sum("amount"))
    }
    payments = _payments_by_store(stores, day)
    signed = {
        row.store_id: row
        for row in DayEnd.objects.filter(store__in=stores, day=day).select_related("closed_by")
    }
    found = []
    for store in stores:
        order, money = orders.get(store.pk), payments.get(store.pk)
        end = signed.get(store.pk)
        short = InShort(
            store=store,
            orders=order["count"] if order else 0,
            ordered=(order["amount"] or NOTHING) if order else NOTHING,
            payments=money["count"] if money else 0,
            received=money["amount"] if money else NOTHING,
            unconfirmed=money["open"] if money else 0,
            closed_by=end.closed_by if end else None,
            differs=False,
        )
        found.append(_held_against(short, end))
    return found


def _held_against(short: InShort, end: DayEnd | None) -> InShort:
    if end is None:
        return short
    counted = (end.orders, end.ordered, end.payments, end.received)
    now = (short.orders, short.ordered, short.payments, short.received)
    return InShort(**{**short.__dict__, "differs": counted != now})


def _payments_by_store(stores: Sequence[Store], day: date) -> dict[int, dict]:
    """Sums of what was taken that day; stores of one time zone are asked together."""
    found: dict[int, dict] = {}
    zones: dict[str, list[Store]] = {}
    for store in stores:
        zones.setdefault(str(store.tzinfo), []).append(store)
    for some in zones.values():
        begins, ends = hours_of(some[0], day)
        rows = Payment.objects.filter(
            _received(begins, ends), order__store__in=some, is_imported=False
        )
        for row in (
            rows.order_by()
            .values("order__store")
            .annotate(
                count=Count("pk"), amount=Sum("amount"), open=Count("pk", Q(confirmed_at=None))
            )
        ):
            found[row["order__store"]] = dict(row)
    return found
