"""`import_history FILE`: old contacts and opportunities from a workbook, without a browser."""

import json
from collections.abc import Sequence
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from core.refusals import Refused
from core.spreadsheets.commands import content_of, lay_errors_beside
from core.spreadsheets.summary import ImportSummary
from customers.models import HistoryImport
from desk.histories import services
from desk.histories.services import Prepared, Request
from desk.imports.command import notes_of, person_called, refused_whole, store_called
from desk.imports.facts import Remark
from desk.imports.wording import sentence
from staff.models import Person


class Command(BaseCommand):
    help = (
        "Bring old contacts and opportunities in from the sheets 跟进记录 and 机会. Prints a "
        "summary as JSON; refused rows come back in a sheet beside the file, and the exit code is "
        "1 where there are any. --revoke ID takes an import back as a whole."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", nargs="?")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--by", metavar="USER", help="in whose name; default: the system's")
        parser.add_argument("--store", metavar="CODE", help="refuse customers of other stores")
        parser.add_argument("--encoding", help="of a text file, where it cannot be told")
        parser.add_argument("--revoke", type=int, metavar="ID", help="take this import back")
        parser.add_argument("--reason", default="", help="why it is taken back")

    def handle(
        self,
        *,
        file: Path | None,
        dry_run: bool,
        by: str,
        store: str,
        encoding: str | None,
        revoke: int | None,
        reason: str,
        **options,
    ) -> None:
        person = person_called(by)
        if revoke is not None:
            told = _take_back(revoke, person, reason or "import_history --revoke", dry_run)
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        if file is None:
            raise CommandError("Name a FILE to bring in, or --revoke ID to take one back.")
        told = _summary(_request(file, person, store, encoding), file, dry_run)
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        if told["refusals"]:
            raise SystemExit(1)


def _request(file: Path, by: Person, store: str | None, encoding: str | None) -> Request:
    return Request(
        filename=file.name,
        content=content_of(file),
        by=by,
        encoding=encoding or "",
        store_id=store_called(store),
    )


def _summary(request: Request, file: Path, dry_run: bool) -> dict[str, object]:
    """Bring the workbook in; one refused as a whole is a refusal of row 0."""
    try:
        with transaction.atomic():
            prepared = services.prepare(request, now=timezone.now())
            outcome, brought = services.import_history(prepared)
            transaction.set_rollback(dry_run)
    except Refused as refusal:
        return refused_whole(refusal).as_json()
    summary = ImportSummary(
        read=outcome.read,
        created=outcome.created,
        updated=outcome.updated,
        unchanged=outcome.unchanged,
        refusals=notes_of(outcome.refusals, _said),
        notes=notes_of(outcome.warnings, _said),
        errors_file=lay_errors_beside(file, _errors(prepared, outcome.refusals)),
    )
    number = brought.pk if brought and not dry_run else None
    # Rows of two sheets may have the same number: the summary alone would count them once.
    return {**summary.as_json(), "refused": outcome.refused, "history_import": number}


def _said(remark: Remark) -> str:
    """Its sentence, with the sheet of a workbook of several."""
    return f"{remark.sheet}: {sentence(remark)}" if remark.sheet else sentence(remark)


def _errors(prepared: Prepared, refusals: Sequence[Remark]) -> bytes:
    return services.error_sheet(prepared, refusals) if refusals else b""


def _take_back(number: int, by: Person, reason: str, dry_run: bool) -> dict[str, object]:
    brought = HistoryImport.objects.filter(pk=number).first()
    if brought is None:
        raise CommandError(f"There is no import of a history with the number {number}.")
    try:
        with transaction.atomic():
            taken = services.take_back(brought=brought, reason=reason, by=by, now=timezone.now())
            transaction.set_rollback(dry_run)
    except Refused as refusal:
        raise CommandError(str(refusal)) from refusal
    return {
        "history_import": number,
        "contacts": len(taken.contacts),
        "opportunities": taken.opportunities,
        "filings": taken.filings,
        "kept_filings": list(taken.kept_filings),
        "kept_contacts": list(taken.kept_contacts),
        "kept_opportunities": list(taken.kept_opportunities),
    }
