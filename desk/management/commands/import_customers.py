"""`import_customers FILE`: customers from a spreadsheet, without a browser."""

import json
from collections.abc import Iterable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from core.refusals import Refused
from core.services.jobs import store_file
from core.spreadsheets.summary import ImportSummary, RowNote
from desk.imports import services
from desk.imports.facts import Remark
from desk.imports.services import Outcome, Request
from desk.imports.sheets import Choices
from desk.imports.wording import sentence
from desk.returning import services as returning
from desk.returning.looking import came_back, refuse_unfit
from staff.models import Person, Store
from staff.services.system import system_account


class Command(BaseCommand):
    help = (
        "Bring customers in from an XLSX or CSV file. Prints a summary as JSON; refused rows come "
        "back in a sheet beside the file, and the exit code is 1 where there are any."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--by", metavar="USER", help="in whose name; default: the system's")
        parser.add_argument("--store", metavar="CODE", help="for rows that name no store")
        parser.add_argument("--encoding", help="of a text file, where it cannot be told")

    def handle(
        self, *, file: Path, dry_run: bool, by: str, store: str, encoding: str | None, **options
    ) -> None:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        request = Request(
            filename=file.name,
            content=content,
            by=_person(by),
            choices=Choices(encoding=encoding or ""),
            store_id=_store(store),
        )
        summary = _summary(request, file, dry_run)
        self.stdout.write(json.dumps(summary.as_json(), ensure_ascii=False, indent=2))
        if summary.refusals:
            raise SystemExit(1)


def _summary(request: Request, file: Path, dry_run: bool) -> ImportSummary:
    """Bring the file in; one refused as a whole is a refusal of row 0."""
    try:
        with transaction.atomic():
            outcome, errors = _bring_in(request)
            transaction.set_rollback(dry_run)
    except Refused as refusal:
        return ImportSummary(
            refusals=[RowNote(row=0, column="", code=refusal.codes[0].upper(), text=str(refusal))]
        )
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


def _bring_in(request: Request) -> tuple[Outcome, bytes]:
    """What the file did, and its refused rows as a sheet; one that we exported is told apart."""
    source = store_file(
        name=request.filename, content=request.content, content_type="", by=request.by
    )
    now = timezone.now()
    came = came_back(request.filename, request.content, encoding=request.choices.encoding)
    if came is not None:
        refuse_unfit(came, request)
        outcome = returning.write(came, by=request.by, now=now, source=source)
        return outcome, returning.error_sheet(came, outcome.refusals) if outcome.refusals else b""
    prepared = services.prepare(request, now=now)
    outcome = services.import_customers(prepared, source=source)
    errors = services.error_sheet(prepared, outcome.refusals) if outcome.refusals else b""
    return outcome, errors


def _person(username: str | None) -> Person:
    if not username:
        return system_account()
    person = Person.objects.filter(username=username.lower(), is_active=True).first()
    if person is None:
        raise CommandError(f"There is no active person with the user name {username}.")
    return person


def _store(code: str | None) -> int | None:
    if not code:
        return None
    store = Store.objects.filter(code__iexact=code, is_active=True).first()
    if store is None:
        raise CommandError(f"There is no open store with the code {code}.")
    return store.pk


def _write_errors(file: Path, errors: bytes) -> str:
    """The refused rows beside the file, or nothing where none were."""
    if not errors:
        return ""
    target = file.with_name(f"{file.stem}.errors.xlsx")
    target.write_bytes(errors)
    return str(target)
