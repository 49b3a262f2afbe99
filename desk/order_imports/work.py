"""Orders from a spreadsheet, in the background."""

from django.utils.translation import gettext_noop

from desk.imports import background
from desk.imports.background import Pages, SheetKind
from desk.imports.services import Outcome
from desk.order_imports import preview, services
from desk.order_imports.columns import COLUMNS
from desk.order_imports.services import Prepared

LOOK = "desk.tasks.preview_orders"
WRITE = "desk.tasks.import_orders"


def _foresee(prepared: Prepared) -> tuple[Outcome, bytes]:
    comparison, outcome = services.foresee(prepared)
    return outcome, preview.in_words(prepared, comparison, outcome)


ORDERS = SheetKind(
    look=LOOK,
    write=WRITE,
    purpose="import_orders",
    columns=COLUMNS,
    pages=Pages(
        home="desk:import_orders",
        columns="desk:import_orders_columns",
        preview="desk:import_orders_preview",
        reading=gettext_noop("Reading the sheet"),
        writing=gettext_noop("Bringing orders in"),
        ended=gettext_noop("Import orders"),
        result="orders:ledger",
        result_label=gettext_noop("To the ledger"),
    ),
    prepare=services.prepare,
    foresee=_foresee,
    bring_in=services.import_orders,
)


def do_look(job_id: int) -> None:
    """The body of the task that looks."""
    background.do_look(ORDERS, job_id)


def do_write(job_id: int) -> None:
    """The body of the task that writes."""
    background.do_write(ORDERS, job_id)
