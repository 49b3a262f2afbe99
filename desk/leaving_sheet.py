"""The report of a hand-over as a workbook: a row for each thing that changed hands."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from core.phones import mask_in_text
from core.spreadsheets.write import OutCell, OutSheet, write_workbook
from customers.models import Appointment, Designer, HandOver, Opportunity
from customers.queries import are_visible, visible
from desk import leaving
from followups.models import Task
from staff.models import Person
from staff.scope import Reach

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Rows = list[list[OutCell]]


def report_workbook(handed: HandOver, *, reach: Reach, reader: Person) -> tuple[bytes, int]:
    """The workbook's bytes, and how many rows it has: what lies within the reader's reach,
    without numbers and marked with the reader's name.
    """
    to = {
        (what, pk): share.person.name
        for share in leaving.shares_of(handed)
        for what in ("customers", "tasks", "opportunities", "appointments", "designers")
        for pk in getattr(share, what)
    }
    sheets = list(_sheets(to, reach))
    at = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    mark = f"{handed.leaver.name} · {reader.name} ({reader.username}) · {at}"
    out = [OutSheet(name, headers, rows, title=mark) for name, headers, rows in sheets]
    return write_workbook(out), sum(len(rows) for _name, _headers, rows in sheets)


def _sheets(to: dict[tuple[str, int], str], reach: Reach) -> Iterator[tuple[str, list[str], Rows]]:
    ids = {what: [pk for one, pk in to if one == what] for what, _pk in to}
    now_with, customer = _("Goes to"), _("Customer")
    yield (
        _("Customers"),
        [customer, _("Grade"), _("Store"), _("Next contact"), now_with],
        [
            [mask_in_text(row.name), row.grade, row.store.name, row.next_contact_on,
             to["customers", row.pk]]
            for row in visible(reach)
            .filter(pk__in=ids.get("customers", ()))
            .select_related("store")
            .order_by("grade", "pk")
        ],
    )  # fmt: skip
    yield (
        _("Tasks"),
        [customer, _("Day"), _("Due"), now_with],
        [
            [mask_in_text(row.customer.name), row.day, row.due_at, to["tasks", row.pk]]
            for row in _with_customer(Task, ids.get("tasks", ()), reach).order_by("day", "pk")
        ],
    )
    yield (
        _("Opportunities"),
        [customer, _("Product"), _("Amount"), _("Expected on"), now_with],
        [
            [mask_in_text(row.customer.name), str(row), row.amount, row.expected_on,
             to["opportunities", row.pk]]
            for row in _with_customer(Opportunity, ids.get("opportunities", ()), reach)
            .select_related("customer", "brand")
            .order_by("expected_on", "pk")
        ],
    )  # fmt: skip
    yield (
        _("Appointments"),
        [customer, _("Begins"), _("Kind"), now_with],
        [
            [mask_in_text(row.customer.name), row.starts_at, row.get_kind_display(),
             to["appointments", row.pk]]
            for row in _with_customer(Appointment, ids.get("appointments", ()), reach)
            .order_by("starts_at", "pk")
        ],
    )  # fmt: skip
    designers = Designer.objects.filter(pk__in=ids.get("designers", ())).order_by("name", "pk")
    yield (
        _("Designers"),
        [_("Name"), _("Company"), now_with],
        [[row.name, row.company, to["designers", row.pk]] for row in designers],
    )


def _with_customer(model, ids, reach: Reach):
    """These rows with their customers, as far as they lie within reach."""
    rows = model._default_manager.filter(are_visible(reach, path="customer"), pk__in=ids)
    return rows.select_related("customer")
