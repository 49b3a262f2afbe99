"""Stores out of a file: `manage.py import_stores FILE [--dry-run] [--by USER]`."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.spreadsheets.commands import lay_errors_beside
from core.spreadsheets.read import SheetRefused, read_workbook
from core.spreadsheets.summary import ImportSummary, errors_workbook
from core.spreadsheets.tables import Table
from staff.models import Person
from staff.services.stores_import import COLUMNS, SHEET, import_stores
from staff.services.system import system_account


class Command(BaseCommand):
    help = "Import stores from an XLSX or CSV file; prints a summary as JSON."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Check only; change nothing.")
        parser.add_argument("--by", default="", help="User name; else the system account.")
        parser.add_argument("--store", default="", help="Taken as by every import; unused here.")
        parser.add_argument("--encoding", default=None, help="Of a text file, where it is unclear.")

    def handle(self, *, file: Path, dry_run: bool, by: str, encoding: str | None, **options):
        summary, table = self._imported(file, dry_run, self._person(by), encoding)
        if summary.read and summary.refusals and table is not None:
            errors = errors_workbook(table, summary.refusals)
            summary.errors_file = lay_errors_beside(file, errors)
        self.stdout.write(json.dumps(summary.as_json(), ensure_ascii=False, indent=2))
        if summary.refusals:
            raise SystemExit(1)

    def _person(self, username: str) -> Person:
        if not username:
            return system_account()
        person = Person.objects.filter(username=username, is_active=True).first()
        if person is None:
            raise CommandError(f"There is nobody with the user name {username} who may sign in.")
        return person

    def _imported(
        self, file: Path, dry_run: bool, by: Person, encoding: str | None
    ) -> tuple[ImportSummary, Table | None]:
        """The summary, and the table where there was one to read."""
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        try:
            tables = read_workbook(file.name, content, encoding=encoding, columns=COLUMNS)
        except SheetRefused as refusal:
            summary = ImportSummary()
            summary.refuse(row=0, column="", refusal=refusal)
            return summary, None
        table = tables.get(SHEET) or next(iter(tables.values()))
        return import_stores(table, by=by, now=timezone.now(), dry_run=dry_run), table
