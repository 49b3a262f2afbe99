"""The order register (订单登记表) as its page, its print and its sheet show it (forms 2.10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.amounts import money_text
from core.listing.export import Mark
from core.spreadsheets.write import OutCell, OutColumn, OutSheet
from orders.queries.completion import standing_of
from orders.queries.register import RegisteredOrder, Sums, share
from orders.showing.completion import badge
from orders.showing.rows import NOTHING, customer_of, goods_of
from orders.states import OrderState


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure as `components/stat.html` draws it: it opens the rows it counts."""

    value: str
    label: str
    formula: str
    url: str = ""
    tone: str = ""
    unit: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderShown:
    """One order of the day."""

    number: str
    url: str
    customer: str
    goods: str
    seller: str
    amount: str
    deposit: str
    colour: SafeString
    is_cancelled: bool


@dataclass(frozen=True, kw_only=True)
class SellerShown:
    """One consultant: the day, the month against the task, what could be completed."""

    name: str
    day: str
    month: str
    month_url: str
    target: str
    attainment: str
    deliverable: str
    deliverable_url: str


def ledger_url(**asked: object) -> str:
    """The ledger narrowed so."""
    said = {name: str(value) for name, value in asked.items() if value not in (None, "")}
    return f"{reverse('orders:ledger')}?{urlencode(said)}"


def percent(part: Decimal | None) -> str:
    """A share as people read it; a dash of nothing."""
    return NOTHING if part is None else f"{part * 100:.1f}".removesuffix(".0") + " %"


def order_shown(order: RegisteredOrder, *, today: date) -> OrderShown:
    """One order of the register."""
    return OrderShown(
        number=order.number,
        url=reverse("orders:order", args=[order.pk]),
        customer=customer_of(order),
        goods=goods_of(order),
        seller=order.seller.name,
        amount=NOTHING if order.amount is None else money_text(order.amount),
        deposit=money_text(order.deposit) if order.deposit else NOTHING,
        colour=badge(standing_of(order, today=today)),
        is_cancelled=order.state == OrderState.CANCELLED,
    )


def figures(
    sums: Sums,
    *,
    orders: int,
    day: date,
    target: Decimal | None,
    asked: Mapping[str, object],
    today: date,
) -> list[Figure]:
    """The head of the register (ORD-16); `asked` narrows the ledger to the same orders."""
    first = day.replace(day=1)
    reached = share(sums.month, target)
    counted = ngettext("%(count)s order", "%(count)s orders", orders) % {"count": orders}
    return [
        Figure(
            value=money_text(sums.day),
            label=pgettext("register", "Today"),
            note=counted,
            url=ledger_url(since=day, until=day, **asked),
            formula=_("amounts of the orders of this day, cancelled ones left out"),
        ),
        Figure(
            value=money_text(sums.month),
            label=_("Month to date"),
            url=ledger_url(since=first, until=day, **asked),
            formula=_("amounts of the orders from the first of the month to this day"),
        ),
        Figure(
            value=NOTHING if target is None else money_text(target),
            label=_("Month's task"),
            formula=_("the month's target of orders"),
        ),
        Figure(
            value=percent(reached),
            label=_("Achieved"),
            formula=_("month to date / month's task"),
            tone="good" if reached is not None and reached >= 1 else "",
        ),
        Figure(
            value=money_text(sums.deliverable),
            label=_("Deliverable to completion"),
            url=ledger_url(goods="complete", **asked),
            formula=_("amounts of undelivered orders of which all goods are here and all is paid"),
            note=_("as of now, not of that day") if day < today else _("as of now"),
        ),
    ]


def sellers_shown(
    sums: Mapping[int, Sums],
    *,
    names: Mapping[int, str],
    targets: Mapping[int, Decimal],
    day: date,
    store: int,
) -> list[SellerShown]:
    """The consultants of the store, the highest month first."""
    shown = []
    for pk in sorted(names, key=lambda pk: (-sums.get(pk, Sums()).month, names[pk], pk)):
        own, target = sums.get(pk, Sums()), targets.get(pk)
        asked = {"seller": pk, "store": store}
        shown.append(
            SellerShown(
                name=names[pk],
                day=money_text(own.day),
                month=money_text(own.month),
                month_url=ledger_url(since=day.replace(day=1), until=day, **asked),
                target=NOTHING if target is None else money_text(target),
                attainment=percent(share(own.month, target)),
                deliverable=money_text(own.deliverable),
                deliverable_url=ledger_url(goods="complete", **asked),
            )
        )
    return shown


def sheet(
    orders: Sequence[RegisteredOrder], *, day: date, sums: Sums, target: Decimal | None, mark: Mark
) -> OutSheet:
    """The register of a day as a sheet: what is reckoned is locked (forms 2.10)."""
    columns: list[OutColumn | str] = [
        OutColumn(_("Day"), "date"),
        _("Order no."),
        _("Customer"),
        OutColumn(_("Goods"), computed=True),
        _("Consultant"),
        OutColumn(_("Amount"), "money"),
        OutColumn(_("Deposit"), "money"),
        OutColumn(pgettext("register", "Today"), "money", computed=True),
        OutColumn(_("Month to date"), "money", computed=True),
        OutColumn(_("Month's task"), "money", computed=True),
        OutColumn(_("Achieved"), "ratio", computed=True),
        OutColumn(f"{_('Deliverable to completion')} ({_('as of now')})", "money", computed=True),
        _("Exported by"),
    ]
    reached = share(sums.month, target)
    reckoned: list[OutCell] = [sums.day, sums.month, target, reached, sums.deliverable]
    rows: list[list[OutCell]] = [
        [day, order.number, customer_of(order), goods_of(order), order.seller.name, order.amount,
         order.deposit, *reckoned, mark.text]
        for order in orders
    ]  # fmt: skip
    return OutSheet(_("Order register"), columns, rows, title=mark.text)
