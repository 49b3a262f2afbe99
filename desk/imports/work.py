"""Customers from a spreadsheet, in the background; a sheet that came back is told apart."""

from datetime import datetime

from django.utils.translation import gettext_noop

from core.services.jobs import Work
from desk.imports import background, preview, services
from desk.imports.background import Pages, SheetKind
from desk.imports.columns import COLUMNS
from desk.imports.services import Outcome, Prepared, Request
from desk.returning import work as returning
from desk.returning.looking import came_back

LOOK = "desk.tasks.preview_customers"
WRITE = "desk.tasks.import_customers"


def _foresee(prepared: Prepared) -> tuple[Outcome, bytes]:
    comparison, outcome = services.foresee(prepared)
    return outcome, preview.in_words(prepared, comparison, outcome)


def _came_back(work: Work, request: Request, now: datetime) -> bool:
    """A list that we exported, edited: its cells are looked at, not its rows."""
    came = came_back(request.filename, request.content, encoding=request.choices.encoding)
    if came is None:
        return False
    returning.look(work, came, request, now=now)
    return True


CUSTOMERS = SheetKind(
    look=LOOK,
    write=WRITE,
    purpose="import_customers",
    columns=COLUMNS,
    pages=Pages(
        home="desk:import",
        columns="desk:import_columns",
        preview="desk:import_preview",
        reading=gettext_noop("Reading the sheet"),
        writing=gettext_noop("Bringing customers in"),
        ended=gettext_noop("Import customers"),
        result="desk:customers",
        result_label=gettext_noop("To the customers"),
    ),
    prepare=services.prepare,
    foresee=_foresee,
    bring_in=services.import_customers,
    takes_instead=_came_back,
)


def do_look(job_id: int) -> None:
    """The body of the task that looks."""
    background.do_look(CUSTOMERS, job_id)


def do_write(job_id: int) -> None:
    """The body of the task that writes."""
    background.do_write(CUSTOMERS, job_id)
