"""Rows of the commission list (设计师佣金表, forms 2.12): orders, else what led to none."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from customers.models import Designer
from customers.queries import visible
from customers.queries.designers import visible_designers
from orders.models import CommissionEntry, Introduction, Order
from orders.queries.commission import Commission, EarningOrder, commissions, with_commission
from orders.queries.rights import cards_seen, name_of
from orders.queries.visible import visible_orders
from orders.rules.commission import NOTHING, Rates, agreed_rates
from orders.states import CommissionKind, CommissionState
from staff.scope import Reach
from staff.states import Role

OF_ORDER = ("designer", "customer", "store")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of the list; without an `order` nothing was bought, without a day nobody introduced.

    `paid` and `clawed_back` are entries within the days that were asked for, all without any.
    """

    designer: Designer
    state: CommissionState
    rates: Rates
    customer: str = ""
    introduced_on: date | None = None
    order: Order | None = None
    commission: Commission | None = None
    paid_on: date | None = None
    vouchers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Days:
    """From one day to another, both counted."""

    begins: date
    ends: date

    @property
    def pair(self) -> tuple[date, date]:
        return (self.begins, self.ends)


def commission_designers(reach: Reach | None) -> QuerySet[Designer]:
    """Designers whose commission this person may read: those within reach; finance all.

    `reach` None is the machine itself.
    """
    if reach is None or reach.role == Role.FINANCE:
        return Designer.objects.all()
    return visible_designers(reach)


def commission_orders(reach: Reach | None, *, today: date) -> QuerySet[EarningOrder]:
    """The orders within reach that name a designer, with the figures of their commission."""
    orders = Order.objects.all() if reach is None else visible_orders(reach, today=today)
    return with_commission(orders.select_related(*OF_ORDER))


def rows_of(orders: Sequence[EarningOrder], *, reach: Reach | None) -> list[Row]:
    """One row for each of these orders, read `with_commission`; four queries, however many."""
    told = commissions(orders)
    cards = cards_seen((order.customer_id for order in orders), reach)
    introduced = _introduced(orders)
    paid = _payments(orders)
    return [
        Row(
            designer=order.designer,  # type: ignore[arg-type]  # `with_commission` asks for one
            state=told[order.pk].state,
            rates=told[order.pk].rates,
            customer=name_of(order, is_card_seen=order.customer_id in cards),
            introduced_on=introduced.get((order.designer_id or 0, order.customer_id)),
            order=order,
            commission=told[order.pk],
            paid_on=max((each.on for each in paid[order.pk]), default=None),
            vouchers=tuple(each.voucher for each in paid[order.pk]),
        )
        for order in orders
    ]


def _introduced(orders: Iterable[Order]) -> dict[tuple[int, int], date]:
    """(designer, customer) → the day of the introduction."""
    customers = {order.customer_id for order in orders}
    rows = Introduction.objects.filter(customer__in=customers)
    columns = ("designer", "customer", "introduced_on")
    return {(of, customer): on for of, customer, on in rows.values_list(*columns)}


def _payments(orders: Iterable[Order]) -> dict[int, list[CommissionEntry]]:
    """Order → what was paid out to its designer, the first payment first."""
    found = defaultdict(list)
    entries = CommissionEntry.objects.filter(
        order__in=[order.pk for order in orders], kind=CommissionKind.PAID
    )
    for entry in entries.order_by("on", "pk"):
        found[entry.order_id].append(entry)
    return found


def introduced_only(reach: Reach | None) -> QuerySet[Introduction]:
    """Introductions within reach of which no order came; of finance none, which reads no cards."""
    ordered = Order.objects.filter(designer=OuterRef("designer"), customer=OuterRef("customer"))
    rows = Introduction.objects.filter(~Exists(ordered)).select_related("designer", "customer")
    if reach is None:
        return rows
    return rows.filter(customer__in=visible(reach).values("pk"))


def _row_of_introduction(row: Introduction) -> Row:
    return Row(
        designer=row.designer,
        state=CommissionState.INTRODUCED,
        rates=Rates(furniture=row.furniture_rate, accessories=row.accessories_rate),
        customer=row.customer.shown_name,
        introduced_on=row.introduced_on,
    )


def _row_of_designer(row: Designer) -> Row:
    return Row(
        designer=row,
        state=CommissionState.SIGNED,
        rates=agreed_rates(furniture=row.furniture_rate, accessories=row.accessories_rate),
    )


def rows_in(
    days: Days, *, reach: Reach | None, today: date, designer: Designer | None = None
) -> list[Row]:
    """The rows of some days: orders placed, delivered, paid for or clawed back in them; customers
    introduced who have not ordered; agreements signed that brought nobody. By designer, or of one.
    """
    of = {"designer": designer} if designer else {}
    entries = CommissionEntry.objects.filter(order=OuterRef("pk"), on__range=days.pair)
    orders = commission_orders(reach, today=today).filter(
        Q(ordered_on__range=days.pair) | Q(delivered_on__range=days.pair) | Exists(entries), **of
    )
    found = rows_of(list(orders.order_by("ordered_on", "pk")), reach=reach)
    fresh = introduced_only(reach).filter(introduced_on__range=days.pair, **of)
    found += [_row_of_introduction(row) for row in fresh.order_by("introduced_on", "pk")]
    brought = Exists(Introduction.objects.filter(designer=OuterRef("pk")))
    named = Exists(Order.objects.filter(designer=OuterRef("pk")))
    signed = commission_designers(reach).filter(~brought & ~named, signed_on__range=days.pair)
    if designer is not None:
        signed = signed.filter(pk=designer.pk)
    found += [_row_of_designer(row) for row in signed.order_by("signed_on", "pk")]
    return sorted(found, key=lambda row: (row.designer.search, row.designer.pk))


def rows_of_designer(designer: Designer, *, reach: Reach, today: date) -> list[Row]:
    """All that one designer brought, within reach: orders, newest first, then who only came."""
    orders = commission_orders(reach, today=today).filter(designer=designer)
    found = rows_of(list(orders.order_by("-ordered_on", "-pk")), reach=reach)
    fresh = introduced_only(reach).filter(designer=designer)
    newest = fresh.order_by("-introduced_on", "-pk")
    return found + [_row_of_introduction(row) for row in newest]


@dataclass(frozen=True, kw_only=True)
class Account:
    """What is open between us and designers: payable to some, owed by others."""

    payable: Decimal = NOTHING
    owed: Decimal = NOTHING


def account_of(rows: Iterable[Row]) -> Account:
    """What is payable by these rows, and what their designers owe, counted once each."""
    opens = {row.designer.pk: row.commission.open_in_all for row in rows if row.commission}
    return Account(
        payable=sum((each for each in opens.values() if each > 0), NOTHING),
        owed=sum((-each for each in opens.values() if each < 0), NOTHING),
    )


def entries_in(
    designer: Designer, days: Days, *, reach: Reach, today: date
) -> list[CommissionEntry]:
    """What was paid out to a designer and clawed back in some days, the first first."""
    orders = visible_orders(reach, today=today).filter(designer=designer)
    entries = CommissionEntry.objects.filter(
        designer=designer, order__in=orders.values("pk"), on__range=days.pair
    )
    related = ("order__customer", "goods_back__line")
    return list(entries.select_related(*related).order_by("on", "pk"))


def unintroduced(designer: Designer, *, reach: Reach) -> QuerySet:
    """Customers whose card says that this designer brought them, but not on which day: their
    introduction is still to be written down.
    """
    written = Introduction.objects.filter(designer=designer, customer=OuterRef("pk"))
    cards = visible(reach).filter(~Exists(written), designer=designer)
    return cards.order_by(F("registered_at").desc(), "-pk")
