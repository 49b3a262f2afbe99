"""What every import answers with, and the sheet of refused rows that lies beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.input_refused import InputRefused
from core.sentences import joined
from core.spreadsheets.tables import Table
from core.spreadsheets.write import refusal_sheet


@dataclass(frozen=True, kw_only=True)
class RowNote:
    """Why a row was refused, or what was noticed about it; row 0 is the sheet as a whole."""

    row: int
    column: str
    code: str
    text: str

    @classmethod
    def of(cls, refusal: InputRefused, *, row: int, column: str) -> "RowNote":
        return cls(row=row, column=column, code=refusal.code, text=str(refusal))

    def as_json(self) -> dict[str, object]:
        return {"row": self.row, "column": self.column, "code": self.code, "text": self.text}


@dataclass(kw_only=True)
class ImportSummary:
    """The rows of one sheet and what became of them: read = created + … + refused.

    `refused` counts rows, `refusals` may name several reasons for one. `notes` are warnings: the
    row was taken, but somebody should look.
    """

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refusals: list[RowNote] = field(default_factory=list)
    notes: list[RowNote] = field(default_factory=list)
    errors_file: str = ""

    @property
    def refused(self) -> int:
        """How many rows were refused; a refusal of the whole sheet counts as one."""
        return len({refusal.row for refusal in self.refusals})

    @property
    def warnings(self) -> int:
        return len(self.notes)

    def refuse(self, *, row: int, column: str, refusal: InputRefused) -> None:
        self.refusals.append(RowNote.of(refusal, row=row, column=column))

    def as_json(self) -> dict[str, object]:
        """The object that commands print, with the warnings' texts as `notes`."""
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "warnings": self.warnings,
            "errors_file": self.errors_file or None,
            "refusals": [refusal.as_json() for refusal in self.refusals],
            "notes": [note.as_json() for note in self.notes],
        }


def errors_workbook(table: Table, refusals: Iterable[RowNote]) -> bytes:
    """The refused rows of `table` as a workbook, reasons first; mended, it can be sent in again."""
    reasons: dict[int, list[str]] = {}
    for refusal in refusals:
        named = f"{refusal.column}: {refusal.text}" if refusal.column else refusal.text
        reasons.setdefault(refusal.row, []).append(named)
    rows = [row for row in table.rows if row.number in reasons]
    texts: Mapping[int, str] = {number: joined(parts) for number, parts in reasons.items()}
    return refusal_sheet(table.headers, rows, [texts[row.number] for row in rows], name=table.sheet)
