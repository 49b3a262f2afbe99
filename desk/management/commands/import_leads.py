"""`import_leads FILE --source CODE`: leads from a spreadsheet, without a browser."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.spreadsheets.commands import content_of, lay_errors_beside
from customers.models import LeadSource
from desk.imports.command import person_called
from desk.lead_sheets import import_leads


class Command(BaseCommand):
    help = (
        "Take leads in from an XLSX or CSV file. Prints a summary as JSON; refused rows come back "
        "in a sheet beside the file, and the exit code is 1 where there are any."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--source", required=True, metavar="CODE", help="whose leads they are")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--by", metavar="USER", help="in whose name; default: the system's")

    def handle(self, *, file: Path, source: str, dry_run: bool, by: str, **options) -> None:
        sheet = import_leads(
            file.name,
            content_of(file),
            origin=_origin(source),
            by=person_called(by),
            now=timezone.now(),
            dry_run=dry_run,
        )
        sheet.summary.errors_file = lay_errors_beside(file, sheet.errors())
        self.stdout.write(json.dumps(sheet.summary.as_json(), ensure_ascii=False, indent=2))
        if sheet.summary.refusals:
            raise SystemExit(1)


def _origin(code: str) -> LeadSource:
    origin = LeadSource.objects.filter(code=code, is_active=True).first()
    if origin is None:
        raise CommandError(f"There is no source of leads in use with the code {code}.")
    return origin
