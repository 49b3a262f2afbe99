"""The order ledger as its page draws it: days with their sums, each with its rows and lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.amounts import money_text
from core.days import date_text, day_text
from core.phones import mask_in_text
from core.sentences import joined
from orders.queries.completion import with_completion
from orders.queries.ledger import DaySums, LedgerLine, LedgerOrder
from orders.showing.completion import ICONS
from orders.states import Completion, LineState

Addressed = Any  # how an address is made of parameters: (**asked) -> str


@dataclass(frozen=True, kw_only=True)
class LineShown:
    """One line of an order: what, how many at what price, from where, and how far it is."""

    product: str
    about: str
    pieces: str
    amount: str
    note: str
    supply: str
    state: str
    is_gone: bool


@dataclass(frozen=True, kw_only=True)
class RowShown:
    """One order as a row: its drawn cells, and its lines where they are asked for."""

    cells: SafeString
    lines: list[LineShown] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class DayShown:
    """A stretch of rows under the head of their day; `head` None where rows are in other order."""

    head: "HeadShown | None"
    rows: list[RowShown]


@dataclass(frozen=True, kw_only=True)
class HeadShown:
    """A day of the ledger: its subtotal, and the month up to it (ORD-10)."""

    day: str
    url: str
    orders: str
    amount: str
    balance: str
    month: str
    month_orders: str
    month_amount: str
    month_balance: str
    month_url: str


def days_of(
    rows: Sequence[LedgerOrder],
    drawn: Sequence[SafeString],
    *,
    sums: Mapping[date, DaySums],
    lines: Mapping[int, Sequence[LedgerLine]],
    address: Addressed,
    today: date,
) -> list[DayShown]:
    """The rows under the heads of their days; without `sums` in one stretch without a head."""
    shown = [
        (
            row.ordered_on,
            RowShown(cells=cells, lines=[_line(each) for each in lines.get(row.pk, ())]),
        )
        for row, cells in zip(rows, drawn, strict=True)
    ]
    if not sums:
        return [DayShown(head=None, rows=[row for _day, row in shown])]
    return [
        DayShown(
            head=_head(sums[day], address=address, today=today), rows=[row for _day, row in of]
        )
        for day, of in groupby(shown, key=lambda each: each[0])
    ]


def orders_text(count: int) -> str:
    """12 orders."""
    return ngettext("%(count)s order", "%(count)s orders", count) % {"count": f"{count:,}"}


def left_out_text(unwritten: int, *, cancelled: int) -> str:
    """Why the sums of the ledger do not add up with what is paid, or with its number of rows."""
    said = []
    if unwritten:
        said.append(
            ngettext(
                "Of %(count)s order the details are still to be written: it counts in what is "
                "paid alone.",
                "Of %(count)s orders the details are still to be written: they count in what is "
                "paid alone.",
                unwritten,
            )
            % {"count": f"{unwritten:,}"}
        )
    if cancelled:
        said.append(
            ngettext(
                "%(count)s cancelled order is left out.",
                "%(count)s cancelled orders are left out.",
                cancelled,
            )
            % {"count": f"{cancelled:,}"}
        )
    return joined(said)


def _head(day: DaySums, *, address: Addressed, today: date) -> HeadShown:
    first = day.day.replace(day=1)
    until = date_text(day.day, today=today)
    return HeadShown(
        day=day_text(day.day, today=today),
        url=address(since=day.day.isoformat(), until=day.day.isoformat()),
        orders=orders_text(day.orders),
        amount=money_text(day.amount),
        balance=money_text(day.balance),
        month=_("month to %(day)s") % {"day": until},
        month_orders=orders_text(day.month_orders),
        month_amount=money_text(day.month_amount),
        month_balance=money_text(day.month_balance),
        month_url=address(since=first.isoformat(), until=day.day.isoformat()),
    )


def _line(line: LedgerLine) -> LineShown:
    about = [mask_in_text(line.spec), line.colour]
    pieces = f"{line.qty} × {money_text(line.agreed_price)}"
    return LineShown(
        product=mask_in_text(line.product),
        about=" · ".join(filter(None, about)),
        pieces=pieces,
        amount=money_text(line.amount),
        note=" · ".join(filter(None, _notes(line))),
        supply=line.get_supply_display(),
        state=line.get_state_display(),
        is_gone=line.state == LineState.CANCELLED,
    )


def _notes(line: LedgerLine) -> Iterable[str]:
    """Under which number it is cheaper, and when its goods come or came."""
    if line.agreed_price < line.list_price:
        yield f"{line.agreed_price * 100 / line.list_price:.0f} %"
    if line.special_price:
        yield line.special_price.application.number
    if line.po_no:
        yield line.po_no
    if line.arrived_on:
        yield _("arrived %(day)s") % {"day": line.arrived_on.isoformat()}
    elif line.arrives_on:
        yield _("expected %(day)s") % {"day": line.arrives_on.isoformat()}
    if 0 < line.delivered_qty < line.qty:
        yield _("%(count)s delivered") % {"count": line.delivered_qty}


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One colour to narrow the ledger to; `count` "" while it is not counted."""

    value: str
    label: str
    icon: str
    url: str
    count: str
    is_current: bool


def chips(
    current: str, *, address: Addressed, counts: Mapping[str, int] | None = None
) -> list[Chip]:
    """All, open, and each colour with its word: the legend of the ledger that narrows it."""
    offered = [("", _("All"), ""), ("open", pgettext("orders", "Open"), "")]
    offered += [(each.value, str(each.label), ICONS[each]) for each in Completion]
    return [
        Chip(
            value=value,
            label=label,
            icon=icon,
            url=address(colour=value or None),
            count="" if counts is None else f"{counts.get(value, 0):,}",
            is_current=value == current,
        )
        for value, label, icon in offered
    ]


def counts_of(orders: QuerySet[Any], *, today: date) -> dict[str, int]:
    """How many there are of each colour, of all, and open ones: one query."""
    rows = with_completion(orders, today=today).order_by().values("completion")
    counts = {row["completion"]: row["count"] for row in rows.annotate(count=Count("pk"))}
    total = sum(counts.values())
    shut = (Completion.DONE, Completion.CANCELLED)
    still = total - sum(counts.get(value, 0) for value in shut)
    return {**counts, "": total, "open": still}
