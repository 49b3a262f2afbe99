"""What the commands that bring a sheet in have in common."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.refusals import Refused
from core.spreadsheets.summary import ImportSummary, RowNote
from desk.imports.facts import Remark
from desk.imports.services import Outcome, Request
from desk.imports.sheets import Choices
from desk.imports.turns import take_time
from desk.imports.wording import sentence
from staff.models import Person, Store
from staff.services.system import system_account


class ImportCommand(BaseCommand):
    """Brings a file in: prints a summary as JSON, leaves refused rows in a sheet beside the file,
    and ends with 1 where there are any.
    """

    def bring_in(self, request: Request) -> tuple[Outcome, bytes]:
        """What the file did, and its refused rows as a sheet; within a transaction."""
        raise NotImplementedError

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--by", metavar="USER", help="in whose name; default: the system's")
        parser.add_argument("--store", metavar="CODE", help="for rows that name no store")
        parser.add_argument("--encoding", help="of a text file, where it cannot be told")

    def handle(
        self,
        *,
        file: Path,
        dry_run: bool,
        by: str,
        store: str,
        encoding: str | None,
        **options: Any,
    ) -> None:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        request = Request(
            filename=file.name,
            content=content,
            by=person_called(by),
            choices=Choices(encoding=encoding or ""),
            store_id=store_called(store),
        )
        summary = self._summary(request, file, dry_run)
        self.stdout.write(json.dumps(summary.as_json(), ensure_ascii=False, indent=2))
        if summary.refusals:
            raise SystemExit(1)

    def _summary(self, request: Request, file: Path, dry_run: bool) -> ImportSummary:
        """Bring the file in; one refused as a whole is a refusal of row 0."""
        try:
            with transaction.atomic():
                take_time()
                outcome, errors = self.bring_in(request)
                transaction.set_rollback(dry_run)
        except Refused as refusal:
            note = RowNote(row=0, column="", code=refusal.codes[0].upper(), text=str(refusal))
            return ImportSummary(refusals=[note])
        return ImportSummary(
            read=outcome.read,
            created=outcome.created,
            updated=outcome.updated,
            unchanged=outcome.unchanged,
            refusals=_notes(outcome.refusals),
            notes=_notes(outcome.warnings),
            errors_file=_write_errors(file, errors),
        )


def _notes(remarks: Iterable[Remark]) -> list[RowNote]:
    return [
        RowNote(
            row=remark.row, column=remark.column, code=remark.code.upper(), text=sentence(remark)
        )
        for remark in remarks
    ]


def _write_errors(file: Path, errors: bytes) -> str:
    """The refused rows beside the file, or nothing where none were."""
    if not errors:
        return ""
    target = file.with_name(f"{file.stem}.errors.xlsx")
    target.write_bytes(errors)
    return str(target)


def person_called(username: str | None) -> Person:
    """In whose name a command works; the system's without a name. Raises CommandError."""
    if not username:
        return system_account()
    person = Person.objects.filter(username=username.lower(), is_active=True).first()
    if person is None:
        raise CommandError(f"There is no active person with the user name {username}.")
    return person


def store_called(code: str | None) -> int | None:
    """The store of a code. Raises CommandError."""
    if not code:
        return None
    store = Store.objects.filter(code__iexact=code, is_active=True).first()
    if store is None:
        raise CommandError(f"There is no open store with the code {code}.")
    return store.pk
