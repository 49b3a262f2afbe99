"""`import_stock FILE`: styles, the ledger and what goes with it, without a browser."""

from collections.abc import Mapping

from django.utils import timezone

from core.refusals import Refused
from core.spreadsheets.commands import lay_errors_beside
from core.spreadsheets.summary import ImportSummary
from desk.imports.command import Asked, FileCommand, notes_of, refused_whole, trying
from staff.services.stores_import import SHEET
from stock.services import importing
from stock.services.importing import Choices, Outcome, Request
from stock.services.importing.columns import SHEET_NAMES
from stock.services.importing.facts import Remark, SheetOutcome
from stock.wording.importing import sentence


class Command(FileCommand):
    help = (
        "Bring stock in: a workbook with the sheets 款式, 收发存, 上市与价格, 在途, 要货 and 门店, "
        "or a CSV file of one of them. Prints a summary of each sheet as JSON; refused rows come "
        "back in a workbook beside the file, and the exit code is 1 where there are any."
    )
    fills = "for rows that name no office"

    def told(self, asked: Asked) -> tuple[Mapping[str, object], bool]:
        """The summary of each sheet by its name; a file refused as a whole by the file's."""
        summaries = _summaries(asked)
        told = {name: summary.as_json() for name, summary in summaries.items()}
        return told, any(summary.refusals for summary in summaries.values())


def _summaries(asked: Asked) -> dict[str, ImportSummary]:
    has_office = asked.store_id is not None
    request = Request(
        filename=asked.file.name,
        content=asked.content,
        by=asked.by,
        store_id=asked.store_id,
        choices=Choices(encoding=asked.encoding, has_office=has_office),
    )
    try:
        with trying(dry_run=asked.dry_run):
            book = importing.open_request(request)
            outcome = importing.bring_in(request, book, now=timezone.now())
    except Refused as refusal:
        return {asked.file.name: refused_whole(refusal)}
    errors = lay_errors_beside(asked.file, importing.errors_of(book, outcome))
    return _by_sheet(outcome, errors)


def _by_sheet(outcome: Outcome, errors: str) -> dict[str, ImportSummary]:
    """Each sheet by its name; what is said of the file as a whole stands with the first."""
    sheets: dict[str, ImportSummary] = {}
    if outcome.stores is not None:
        sheets[SHEET] = outcome.stores
    for kind, sheet in outcome.sheets.items():
        sheets[SHEET_NAMES[kind][0]] = _summary(sheet, errors)
    for first in list(sheets.values())[:1]:
        first.notes[:0] = notes_of(outcome.notes, _said)
    return sheets


def _summary(sheet: SheetOutcome, errors: str) -> ImportSummary:
    return ImportSummary(
        read=sheet.read,
        created=sheet.created,
        updated=sheet.updated,
        unchanged=sheet.unchanged,
        refusals=notes_of(sheet.refusals, _said),
        notes=notes_of(sheet.warnings, _said),
        errors_file=errors if sheet.refusals else "",
    )


def _said(remark: Remark) -> str:
    return sentence(remark.code, remark.params)
