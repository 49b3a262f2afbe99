"""What would become of each row, in words, as the pages show it: kept as one JSON file.

Of a ledger of a million rows the first of each fate are shown, all are counted.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stock.services.importing import Outcome, in_words, label
from stock.services.importing.books import Book, Part
from stock.services.importing.columns import SHEET_NAMES
from stock.services.importing.facts import MOST_SHOWN, Remark, SheetOutcome, Shown

FATES = ("new", "changed", "same", "refused", "warnings")


def said_of(book: Book, outcome: Outcome) -> bytes:
    """All that the pages of a preview show."""
    said = {
        "writes": outcome.writes,
        "notes": [in_words(remark) for remark in outcome.notes],
        "sheets": [_sheet(kind, book.parts[kind], sheet) for kind, sheet in outcome.sheets.items()],
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def read_back(content: bytes) -> dict[str, Any]:
    """What `said_of` wrote."""
    return json.loads(content)


def _sheet(kind: str, part: Part, outcome: SheetOutcome) -> dict[str, Any]:
    counts = outcome.counts()
    return {
        "kind": kind,
        "name": part.name or SHEET_NAMES[kind][0],
        "counts": {
            "new": counts["created"],
            "changed": counts["updated"],
            "same": counts["unchanged"],
            "refused": counts["refused"],
            "warnings": counts["warnings"],
        },
        "rows": {
            **{fate: [_row(one) for one in rows] for fate, rows in outcome.shown.items()},
            "refused": _remarks(outcome.refusals, part),
            "warnings": _remarks(outcome.warnings, part),
        },
    }


def _row(shown: Shown) -> dict[str, Any]:
    changes = [[label(key), before, after] for key, before, after in shown.changes]
    return {"row": shown.row, "name": shown.name, "said": list(shown.said), "changes": changes}


def _remarks(remarks: Sequence[Remark], part: Part) -> list[dict[str, Any]]:
    """What is said of each row, together."""
    by_row: dict[int, list[str]] = {}
    for remark in remarks:
        if remark.row and remark.row not in by_row and len(by_row) >= MOST_SHOWN:
            break
        by_row.setdefault(remark.row, []).append(in_words(remark, part))
    names = _names(part, by_row)
    return [
        {"row": number, "name": names.get(number, ""), "said": said, "changes": []}
        for number, said in by_row.items()
    ]


def _names(part: Part, numbers: Mapping[int, object]) -> dict[int, str]:
    """Of which style and office each row speaks, as far as it says so."""
    found = {}
    last = max(numbers, default=0)
    for row in _until(part.rows, last):
        if row.number in numbers:
            told = (row.cell(part.columns.get(key)) for key in ("style", "office"))
            found[row.number] = " · ".join(str(cell) for cell in told if cell)[:80]
    return found


def _until(rows: Iterable[Any], last: int) -> Iterable[Any]:
    for row in rows:
        if row.number > last:
            return
        yield row
