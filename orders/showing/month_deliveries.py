"""The deliveries of a month as page, print and sheet show them (forms 2.13)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.amounts import money_text
from core.days import date_text, day_text
from core.listing.export import Mark
from core.phones import mask_in_text
from core.spreadsheets.write import OutCell, OutColumn, OutSheet
from orders.queries.completion import standing_of
from orders.queries.deliveries import Month, MonthsOrder, MonthSums, NotReady, paid_by
from orders.queries.register import share
from orders.rules.completion import pay_state
from orders.showing.completion import badge
from orders.showing.register import Figure, ledger_url, percent
from orders.showing.rows import NOTHING, customer_of
from orders.states import IncidentKind, PayState, Preparation


@dataclass(frozen=True, kw_only=True)
class DeliveryShown:
    """One order of the month."""

    number: str
    url: str
    plan_url: str
    customer: str
    address: str
    planned: str
    amount: str
    pay: str
    is_paid: bool
    check_on: str
    submitted: str
    arrived: str
    preparation: str
    crew: str
    delivered: str
    handed_over: str
    signed_by: str
    incident: str
    colour: SafeString


@dataclass(frozen=True, kw_only=True)
class NotReadyShown:
    """One planned order that is not ready, and what is lacking."""

    number: str
    url: str
    customer: str
    planned: str
    lines: list[str]
    unpaid: str
    check_on: str
    is_late: bool
    seller: str


@dataclass(frozen=True, kw_only=True)
class StoreShown:
    """One store's month."""

    name: str
    url: str
    planned: str
    delivered: str
    target: str
    attainment: str
    not_ready: int


def _part(part: int, whole: int) -> str:
    return f"{part}/{whole}" if whole else NOTHING


def _day(day: date | None, *, today: date) -> str:
    return date_text(day, today=today) if day else NOTHING


def _pay(row: MonthsOrder) -> PayState:
    return pay_state(amount=row.amount, paid=row.paid, due_before=row.due_before)


def _check_on(row: MonthsOrder) -> date | None:
    return paid_by(row, row.current_on) if row.current_on else None


def _preparation(row: MonthsOrder) -> str:
    return _(", ").join(str(Preparation(each).label) for each in row.preparation)


def _crew(row: MonthsOrder) -> str:
    return " · ".join(filter(None, [mask_in_text(row.crew), row.time_window]))


def shown(row: MonthsOrder, *, may_plan: bool, today: date) -> DeliveryShown:
    """One order as a row."""
    return DeliveryShown(
        number=row.number,
        url=reverse("orders:order", args=[row.pk]),
        plan_url=reverse("orders:plan", args=[row.pk]) if may_plan else "",
        customer=customer_of(row),
        address=mask_in_text(row.address) or NOTHING,
        planned=day_text(row.current_on, today=today) if row.current_on else NOTHING,
        amount=NOTHING if row.amount is None else money_text(row.amount),
        pay=str(_pay(row).label),
        is_paid=_pay(row) == PayState.FULL,
        check_on=_day(_check_on(row), today=today),
        submitted=_part(row.lines_submitted, row.lines_all),
        arrived=_part(row.lines_arrived, row.lines_all),
        preparation=_preparation(row) or NOTHING,
        crew=_crew(row) or NOTHING,
        delivered=_day(row.handed_over_on, today=today),
        handed_over=money_text(row.handed_over) if row.handed_over else NOTHING,
        signed_by=mask_in_text(row.signed_by or "") or NOTHING,
        incident=str(IncidentKind(row.incident).label) if row.incident else NOTHING,
        colour=badge(standing_of(row, today=today)),
    )


def not_ready_shown(found: NotReady, *, today: date) -> NotReadyShown:
    """What is lacking of one order, in words."""
    order = found.order
    lines = [f"{mask_in_text(line.product)}: {line.get_state_display()}" for line in found.lines]
    if not order.lines_all:
        lines = [_("not written down yet")]
    return NotReadyShown(
        number=order.number,
        url=reverse("orders:order", args=[order.pk]),
        customer=customer_of(order),
        planned=day_text(order.current_on, today=today),
        lines=lines,
        unpaid=money_text(found.unpaid) if found.unpaid else "",
        check_on=date_text(found.check_on, today=today),
        is_late=found.is_checked and bool(found.unpaid),
        seller=order.seller.name,
    )


def figures(
    sums: MonthSums,
    *,
    target: Decimal | None,
    month: Month,
    asked: Mapping[str, object],
    lists_rows: bool,
) -> list[Figure]:
    """The totals of the month (ORD-19); `lists_rows`: the page lists what is not ready."""
    reached = share(sums.delivered, target)
    planned = {"planned_since": month.first, "planned_until": month.last}
    delivered = {"delivered_since": month.first, "delivered_until": month.last}
    counted = ngettext("%(count)s order", "%(count)s orders", sums.planned_orders)
    return [
        Figure(
            value=money_text(sums.planned),
            label=pgettext("deliveries", "Planned"),
            note=counted % {"count": sums.planned_orders},
            url=ledger_url(**planned, **asked),
            formula=_("amounts of the orders planned for the month, cancelled ones left out"),
        ),
        Figure(
            value=money_text(sums.delivered),
            label=pgettext("deliveries", "Delivered"),
            url=ledger_url(**delivered, **asked),
            formula=_("agreed prices of the pieces handed over in the month"),
        ),
        Figure(
            value=NOTHING if target is None else money_text(target),
            label=_("Month's task"),
            formula=_("the month's target of deliveries"),
        ),
        Figure(
            value=percent(reached),
            label=_("Achieved"),
            formula=_("delivered / month's task"),
            tone="good" if reached is not None and reached >= 1 else "",
        ),
        Figure(
            value=str(sums.not_ready),
            label=_("Not ready"),
            url="#not-ready" if sums.not_ready and lists_rows else "",
            formula=_("planned for the month, not delivered, with goods or payments lacking"),
            tone="late" if sums.not_ready else "good",
        ),
    ]


def store_shown(name: str, url: str, sums: MonthSums, *, target: Decimal | None) -> StoreShown:
    """One store's month as a row."""
    return StoreShown(
        name=name,
        url=url,
        planned=money_text(sums.planned),
        delivered=money_text(sums.delivered),
        target=NOTHING if target is None else money_text(target),
        attainment=percent(share(sums.delivered, target)),
        not_ready=sums.not_ready,
    )


def sheet(rows: Sequence[MonthsOrder], *, mark: Mark) -> OutSheet:
    """The month as a sheet: what is reckoned is locked (forms 2.13)."""
    columns: list[OutColumn | str] = [
        _("Order no."),
        _("Customer"),
        _("Address"),
        OutColumn(_("Delivery"), "date"),
        OutColumn(_("Amount"), "money"),
        OutColumn(pgettext("how far paid", "Payment"), computed=True),
        OutColumn(_("To be paid by"), "date", computed=True),
        OutColumn(_("Submitted"), "ratio", computed=True),
        OutColumn(_("Arrived"), "ratio", computed=True),
        _("Preparation"),
        _("Crew"),
        OutColumn(_("Delivered on"), "date", computed=True),
        OutColumn(pgettext("deliveries", "Delivered"), "money", computed=True),
        _("Signed for by"),
        OutColumn(_("Went wrong"), computed=True),
        _("Exported by"),
    ]
    return OutSheet(
        _("Deliveries of the month"),
        columns,
        [[*_cells(row), mark.text] for row in rows],
        title=mark.text,
    )


def _cells(row: MonthsOrder) -> list[OutCell]:
    return [
        row.number,
        customer_of(row),
        mask_in_text(row.address),
        row.current_on,
        row.amount,
        str(_pay(row).label),
        _check_on(row),
        share(Decimal(row.lines_submitted), Decimal(row.lines_all)),
        share(Decimal(row.lines_arrived), Decimal(row.lines_all)),
        _preparation(row),
        _crew(row),
        row.handed_over_on,
        row.handed_over,
        mask_in_text(row.signed_by or ""),
        str(IncidentKind(row.incident).label) if row.incident else "",
    ]
