"""What the commands that bring a file in have in common."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.refusals import Refused
from core.services.turns import take_time
from core.spreadsheets.commands import content_of, lay_errors_beside
from core.spreadsheets.summary import ImportSummary, RowNote
from desk.imports.services import Outcome, Request
from desk.imports.sheets import Choices
from desk.imports.wording import sentence
from staff.models import Person, Store
from staff.services.system import system_account


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a command is asked: a file, in whose name, and what fills rows that leave it open."""

    file: Path
    content: bytes
    by: Person
    store_id: int | None
    encoding: str
    dry_run: bool


class FileCommand(BaseCommand, ABC):
    """Brings a file in: prints what became of it as JSON, leaves refused rows in a sheet beside
    the file, and ends with 1 where there are any.
    """

    fills = "for rows that name no store"

    @abstractmethod
    def told(self, asked: Asked) -> tuple[Mapping[str, object], bool]:
        """What is printed, and whether any row was refused."""

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--by", metavar="USER", help="in whose name; default: the system's")
        parser.add_argument("--store", metavar="CODE", help=self.fills)
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
        asked = Asked(
            file=file,
            content=content_of(file),
            by=person_called(by),
            store_id=store_called(store),
            encoding=encoding or "",
            dry_run=dry_run,
        )
        told, has_refusals = self.told(asked)
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        if has_refusals:
            raise SystemExit(1)


class SheetCommand(FileCommand, ABC):
    """Brings one sheet in."""

    @abstractmethod
    def bring_in(self, request: Request) -> tuple[Outcome, bytes]:
        """What the file did, and its refused rows as a sheet; within a transaction."""

    def told(self, asked: Asked) -> tuple[Mapping[str, object], bool]:
        """The summary of the sheet."""
        summary = self._summary(asked)
        return summary.as_json(), bool(summary.refusals)

    def _summary(self, asked: Asked) -> ImportSummary:
        request = Request(
            filename=asked.file.name,
            content=asked.content,
            by=asked.by,
            choices=Choices(encoding=asked.encoding),
            store_id=asked.store_id,
        )
        try:
            with trying(dry_run=asked.dry_run):
                outcome, errors = self.bring_in(request)
        except Refused as refusal:
            return refused_whole(refusal)
        return ImportSummary(
            read=outcome.read,
            created=outcome.created,
            updated=outcome.updated,
            unchanged=outcome.unchanged,
            refusals=notes_of(outcome.refusals, sentence),
            notes=notes_of(outcome.warnings, sentence),
            errors_file=lay_errors_beside(asked.file, errors),
        )


@contextmanager
def trying(*, dry_run: bool) -> Iterator[None]:
    """All of it or nothing, and as long as it takes; of a dry run nothing stays."""
    with transaction.atomic():
        take_time()
        yield
        transaction.set_rollback(dry_run)


def refused_whole(refusal: Refused) -> ImportSummary:
    """A file that is refused as a whole is a refusal of row 0."""
    note = RowNote(row=0, column="", code=refusal.codes[0].upper(), text=str(refusal))
    return ImportSummary(refusals=[note])


class Remarked(Protocol):
    """One thing to say about a row."""

    @property
    def row(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def code(self) -> str: ...


R = TypeVar("R", bound=Remarked)


def notes_of(remarks: Iterable[R], say: Callable[[R], str]) -> list[RowNote]:
    """The same as notes of a summary, in the words that `say` finds."""
    return [
        RowNote(row=each.row, column=each.column, code=each.code.upper(), text=say(each))
        for each in remarks
    ]


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
