"""`import_orders FILE`: orders of the shop's own system, without a browser."""

from django.utils import timezone

from core.services.jobs import store_file
from desk.imports.command import SheetCommand
from desk.imports.services import Outcome, Request, errors_of
from desk.order_imports import services


class Command(SheetCommand):
    help = (
        "Bring orders in from an XLSX or CSV file, one row a line. Prints a summary as JSON; "
        "refused rows come back in a sheet beside the file, and the exit code is 1 where there are "
        "any."
    )

    def bring_in(self, request: Request) -> tuple[Outcome, bytes]:
        source = store_file(
            name=request.filename, content=request.content, content_type="", by=request.by
        )
        prepared = services.prepare(request, now=timezone.now())
        outcome = services.import_orders(prepared, source=source)
        return outcome, errors_of(prepared.opened, outcome, request)
