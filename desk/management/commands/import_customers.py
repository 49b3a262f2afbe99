"""`import_customers FILE`: customers from a spreadsheet, without a browser."""

from django.utils import timezone

from core.services.jobs import store_file
from desk.imports import services
from desk.imports.command import SheetCommand
from desk.imports.services import Outcome, Request
from desk.returning import services as returning
from desk.returning.looking import came_back, refuse_unfit


class Command(SheetCommand):
    help = (
        "Bring customers in from an XLSX or CSV file. Prints a summary as JSON; refused rows come "
        "back in a sheet beside the file, and the exit code is 1 where there are any."
    )

    def bring_in(self, request: Request) -> tuple[Outcome, bytes]:
        """A list that we exported is told apart: its cells are written, not its rows."""
        source = store_file(
            name=request.filename, content=request.content, content_type="", by=request.by
        )
        now = timezone.now()
        came = came_back(request.filename, request.content, encoding=request.choices.encoding)
        if came is not None:
            refuse_unfit(came, request)
            outcome = returning.write(came, by=request.by, now=now, source=source)
            errors = returning.error_sheet(came, outcome.refusals) if outcome.refusals else b""
            return outcome, errors
        prepared = services.prepare(request, now=now)
        outcome = services.import_customers(prepared, source=source)
        return outcome, services.errors_of(prepared.opened, outcome, request)
