"""The report of a hand-over as a workbook: a row for each thing that changed hands."""

from collections.abc import Iterator, Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from core.phones import mask_in_text
from core.spreadsheets.write import OutCell, OutSheet, write_workbook
from customers.models import Appointment, HandOver, Opportunity
from customers.queries import are_visible, visible
from customers.queries.designers import visible_designers
from desk import leaving
from filings.models import Filing
from followups.models import Task
from orders.models import Credit
from orders.queries.visible import visible_orders, visible_quotes
from staff.models import Person
from staff.scope import Reach

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Rows = list[list[OutCell]]
Sheet = tuple[str, list[str], Rows]
Ids = Sequence[int]
# By kind and key of what changed hands: the name of who has it now.
To = Mapping[tuple[str, int], str]


def report_workbook(handed: HandOver, *, reach: Reach, reader: Person) -> tuple[bytes, int]:
    """The workbook's bytes, and how many rows it has: what lies within the reader's reach,
    without numbers and marked with the reader's name.
    """
    to = {
        (what, pk): share.person.name
        for share in leaving.shares_of(handed)
        for what in (
            "customers",
            "tasks",
            "opportunities",
            "appointments",
            "designers",
            "filings",
            "orders",
            "quotes",
            "credits",
        )
        for pk in getattr(share, what)
    }
    sheets = list(_sheets(to, reach))
    at = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    mark = f"{handed.leaver.name} · {reader.name} ({reader.username}) · {at}"
    out = [OutSheet(name, headers, rows, title=mark) for name, headers, rows in sheets]
    return write_workbook(out), sum(len(rows) for _name, _headers, rows in sheets)


def _sheets(to: To, reach: Reach) -> Iterator[Sheet]:
    ids = {what: [pk for one, pk in to if one == what] for what, _pk in to}
    yield _customers(ids.get("customers", ()), to, reach)
    yield _tasks(ids.get("tasks", ()), to, reach)
    yield _opportunities(ids.get("opportunities", ()), to, reach)
    yield _appointments(ids.get("appointments", ()), to, reach)
    yield _designers(ids.get("designers", ()), to, reach)
    yield _filings(ids.get("filings", ()), to, reach)
    yield _orders(ids.get("orders", ()), to, reach)
    yield _quotes(ids.get("quotes", ()), to, reach)
    yield _credits(ids.get("credits", ()), to, reach)


def _customers(ids: Ids, to: To, reach: Reach) -> Sheet:
    rows = visible(reach).filter(pk__in=ids).select_related("store").order_by("grade", "pk")
    headers = [_("Customer"), _("Grade"), _("Store"), _("Next contact"), _("Goes to")]
    return _("Customers"), headers, [
        [mask_in_text(row.name), row.grade, row.store.name, row.next_contact_on,
         to["customers", row.pk]]
        for row in rows
    ]  # fmt: skip


def _tasks(ids: Ids, to: To, reach: Reach) -> Sheet:
    rows = _with_customer(Task, ids, reach).order_by("day", "pk")
    return _("Tasks"), [_("Customer"), _("Day"), _("Due"), _("Goes to")], [
        [mask_in_text(row.customer.name), row.day, row.due_at, to["tasks", row.pk]] for row in rows
    ]  # fmt: skip


def _opportunities(ids: Ids, to: To, reach: Reach) -> Sheet:
    rows = _with_customer(Opportunity, ids, reach).select_related("customer", "brand")
    headers = [_("Customer"), _("Product"), _("Amount"), _("Expected on"), _("Goes to")]
    return _("Opportunities"), headers, [
        [mask_in_text(row.customer.name), mask_in_text(str(row)), row.amount, row.expected_on,
         to["opportunities", row.pk]]
        for row in rows.order_by("expected_on", "pk")
    ]  # fmt: skip


def _appointments(ids: Ids, to: To, reach: Reach) -> Sheet:
    rows = _with_customer(Appointment, ids, reach).order_by("starts_at", "pk")
    return _("Appointments"), [_("Customer"), _("Begins"), _("Kind"), _("Goes to")], [
        [mask_in_text(row.customer.name), row.starts_at, row.get_kind_display(),
         to["appointments", row.pk]]
        for row in rows
    ]  # fmt: skip


def _designers(ids: Ids, to: To, reach: Reach) -> Sheet:
    rows = visible_designers(reach).filter(pk__in=ids).order_by("name", "pk")
    return _("Designers"), [_("Name"), _("Company"), _("Goes to")], [
        [mask_in_text(row.name), mask_in_text(row.company), to["designers", row.pk]]
        for row in rows
    ]  # fmt: skip


def _filings(ids: Ids, to: To, reach: Reach) -> Sheet:
    rows = _with_customer(Filing, ids, reach).order_by("submitted_at", "pk")
    headers = [_("Customer"), _("Filing"), _("Filed at"), _("Protected until"), _("Goes to")]
    return _("Filings"), headers, [
        [mask_in_text(row.customer.name), row.number, row.submitted_at, row.protected_until,
         to["filings", row.pk]]
        for row in rows
    ]  # fmt: skip


def _orders(ids: Ids, to: To, reach: Reach) -> Sheet:
    rows = visible_orders(reach, today=timezone.localdate()).filter(pk__in=ids)
    rows = rows.select_related("customer").order_by("ordered_on", "pk")
    headers = [_("Customer"), _("Order no."), _("State"), _("Amount"), _("Paid"), _("Goes to")]
    return _("Orders"), headers, [
        [mask_in_text(row.customer.name), row.number, row.get_state_display(), row.amount,
         row.paid, to["orders", row.pk]]
        for row in rows
    ]  # fmt: skip


def _quotes(ids: Ids, to: To, reach: Reach) -> Sheet:
    rows = visible_quotes(reach, today=timezone.localdate()).filter(pk__in=ids)
    rows = rows.select_related("customer").order_by("quoted_at", "pk")
    headers = [_("Customer"), _("Quote no."), _("Amount"), _("Valid until"), _("Goes to")]
    return _("Quotes"), headers, [
        [mask_in_text(row.customer.name), row.number, row.amount, row.valid_until,
         to["quotes", row.pk]]
        for row in rows
    ]  # fmt: skip


def _credits(ids: Ids, to: To, reach: Reach) -> Sheet:
    seen = visible_orders(reach, today=timezone.localdate())
    rows = Credit.objects.filter(pk__in=ids, order__in=seen).select_related("customer", "order")
    headers = [_("Customer"), _("Order no."), _("Amount"), _("Refundable from"), _("Goes to")]
    return _("Credits"), headers, [
        [mask_in_text(row.customer.name), row.order.number, row.amount - row.used,
         row.refundable_from, to["credits", row.pk]]
        for row in rows.order_by("refundable_from", "pk")
    ]  # fmt: skip


def _with_customer(model, ids, reach: Reach):
    """These rows with their customers, as far as they lie within reach."""
    rows = model._default_manager.filter(are_visible(reach, path="customer"), pk__in=ids)
    return rows.select_related("customer")
