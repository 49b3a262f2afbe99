"""The order ledger as a workbook: its orders, every line of them, and the days (ORD-10, ORD-12)."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.listing import OpenList
from core.listing.export import FileKind, Mark, file_name, file_of, keep_export, mark_of
from core.models import Job
from core.phones import mask_in_text
from core.spreadsheets.write import OutCell, OutColumn, OutSheet
from orders.lists.ledger import LEDGER
from orders.models import Order
from orders.queries.ledger import LedgerLine, for_ledger, lines_of, sums_of_days
from orders.queries.visible import visible_orders
from staff.lists import chosen_number
from staff.models import Person, Store
from staff.scope import Reach, reach_of


def open_ledger(
    *,
    asked: QueryDict,
    reader: Person,
    reach: Reach,
    now: datetime,
    remembered: tuple[str, ...] = (),
) -> OpenList:
    """The ledger as a query asks for it, within reach; its `filters` know which day it is there."""
    today = _business_day(asked, reader, now=now)
    return LEDGER.over(
        visible_orders(reach, today=timezone.localdate(now)),
        asked=asked,
        remembered=remembered,
        tell=lambda orders: for_ledger(orders, reach=reach, today=today),
        filter_with={"reach": reach, "today": today},
        draw_with={"today": today},
    )


def _business_day(asked: QueryDict, reader: Person, *, now: datetime) -> date:
    """The day in the store that is asked for, else in the reader's own; of all stores the
    house's.
    """
    store, chosen = reader.store, chosen_number(asked, "store")
    if chosen is not None and chosen != reader.store_id:
        store = Store.objects.filter(pk=chosen).first() or store
    return store.today(now) if store else timezone.localdate(now)


def months_of(found: OpenList) -> QuerySet[Order]:
    """The orders of the list, and of its months those before its period (ORD-10)."""
    found.found  # noqa: B018  # the filters know once they have narrowed
    months = found.filters.months
    return found.found if months is None else months


def _lines_sheet(found: OpenList, *, most: int) -> OutSheet:
    """Each product line of the orders (ORD-12), in the order of the list."""
    orders = list(found.found.order_by(*found.order.order_by()).values_list("pk", flat=True)[:most])
    places = {pk: place for place, pk in enumerate(orders)}
    lines = sorted(lines_of(orders), key=lambda line: (places[line.order_id], line.position))
    columns: list[OutColumn | str] = [
        _("Order no."),
        OutColumn(_("Ordered on"), "date"),
        _("Consultant"),
        _("Line"),
        _("Product"),
        _("Specification"),
        _("Colour"),
        OutColumn(_("Quantity"), "integer"),
        OutColumn(_("List price"), "money", computed=True),
        OutColumn(_("Agreed price"), "money"),
        OutColumn(_("Discount"), "ratio", computed=True),
        OutColumn(_("Special price no."), computed=True),
        OutColumn(_("Amount"), "money", computed=True),
        pgettext("goods", "From"),
        _("PO no."),
        OutColumn(_("Expected"), "date"),
        OutColumn(_("Arrived"), "date", computed=True),
        OutColumn(_("State"), computed=True),
        OutColumn(pgettext("pieces", "Delivered"), "integer", computed=True),
    ]
    return OutSheet(_("Lines"), columns, [_line_cells(line) for line in lines])


def _line_cells(line: LedgerLine) -> list[OutCell]:
    discount = line.agreed_price / line.list_price if line.list_price else None
    special = line.special_price
    return [
        line.order.number,
        line.order.ordered_on,
        line.order.seller.name,
        line.position,
        mask_in_text(line.product),
        mask_in_text(line.spec),
        line.colour,
        line.qty,
        line.list_price,
        line.agreed_price,
        discount,
        special.application.number if special else "",
        line.amount,
        line.get_supply_display(),
        line.po_no,
        line.arrives_on,
        line.arrived_on,
        line.get_state_display(),
        line.delivered_qty,
    ]


def _days_sheet(found: OpenList) -> OutSheet:
    """The subtotal of each day and its month to date: all reckoned, nothing to type."""
    heads = [
        (_("Day"), "date"),
        (_("Orders"), "integer"),
        (_("Amount"), "money"),
        (pgettext("amount", "Paid"), "money"),
        (_("Balance"), "money"),
        (_("Month to date"), "money"),
        (_("Month to date, paid"), "money"),
        (_("Month to date, balance"), "money"),
    ]
    columns = [OutColumn(head, kind, computed=True) for head, kind in heads]
    days = found.found.order_by().values_list("ordered_on", flat=True).distinct()
    rows: list[list[OutCell]] = [
        [each.day, each.orders, each.amount, each.paid, each.balance, each.month_amount,
         each.month_paid, each.month_balance]
        for each in sums_of_days(months_of(found), days).values()
    ]  # fmt: skip
    return OutSheet(_("Days"), columns, rows)


def ledger_file(found: OpenList, *, kind: FileKind, mark: Mark) -> bytes:
    """The ledger as it is shown; a workbook has its lines and days beside it."""
    most = found.total
    sheets = []
    if kind == FileKind.XLSX:
        sheets = [_lines_sheet(found, most=most), _days_sheet(found)]
    return file_of(found, kind=kind, mark=mark, most=most, sheets=sheets)


def make_ledger_file(job: Job) -> dict[str, object]:
    """Write the file that `job` asks for; answers with its result: the file's number."""
    asker, mark = job.asked_by, mark_of(job)
    now = timezone.now()
    kind = FileKind(job.params["kind"])
    with translation.override(asker.language or translation.get_language()):
        found = open_ledger(
            asked=QueryDict(job.params["query"]),
            reader=asker,
            reach=reach_of(asker, today=timezone.localdate(now)),
            now=now,
        )
        content = ledger_file(found, kind=kind, mark=mark)
        name = file_name(found, kind=kind, now=mark.at)
    return keep_export(job, content, name=name)
