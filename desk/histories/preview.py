"""A weighed history in words, as a page shows it: kept as one JSON file until it is brought in."""

import json
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from core.phones import mask_in_text
from customers.models import Customer, Stage
from customers.states import Channel, Outcome
from desk.histories.facts import ReadContact, ReadFiling, ReadSale, Weighed
from desk.histories.services import Prepared
from desk.imports.facts import UNNAMED, Remark
from desk.imports.preview import LONGEST_SHOWN
from desk.imports.wording import with_column
from staff.models import Person

FATES = ("contacts", "opportunities", "filings", "same", "refused", "warnings")
ORDER = ("refused", "contacts", "opportunities", "filings", "warnings", "same")
TONES = {
    "contacts": "",
    "opportunities": "",
    "filings": "",
    "same": "",
    "refused": "late",
    "warnings": "soon",
}


class _Names:
    """The names of those of whom the rows speak: three questions."""

    def __init__(self, weighed: Weighed) -> None:
        contacts = [*weighed.new_contacts, *weighed.same_contacts]
        sales = [*weighed.new_sales, *weighed.same_sales]
        filed = [*weighed.new_filings, *weighed.same_filings]
        ids = {read.facts.customer_id for read in contacts}
        ids |= {read.facts.customer_id for read in sales}
        ids |= {read.facts.customer_id for read in filed}
        people = {read.facts.by_id for read in contacts} | {
            read.facts.owner_id or 0 for read in sales
        }
        people |= {read.facts.filer_id for read in filed}
        self.customers = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "name"))
        self.people = dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))
        self.stages = {stage.pk: str(stage.name) for stage in Stage.objects.all()}


def _short(text: str) -> str:
    text = mask_in_text(text)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _hour(at: datetime) -> str:
    """The hour, where the ledger knew one: midnight is how it writes a day alone."""
    return f" {at:%H:%M}" if at.time() != time() else ""


def _contact(read: ReadContact, names: _Names) -> dict[str, object]:
    old = read.facts
    at = timezone.localtime(old.occurred_at)
    return {
        "row": read.row,
        "name": mask_in_text(names.customers.get(old.customer_id, "")),
        "pk": old.customer_id,
        "said": [
            f"{at:%Y-%m-%d}{_hour(at)} · {Channel(old.channel).label}"
            f" · {Outcome(old.outcome).label} · {names.people.get(old.by_id, '')}",
            *filter(None, [_short(old.note)]),
            *([f"→ {old.next_on} {_short(old.next_text)}".strip()] if old.next_on else []),
        ],
    }


def _sale(read: ReadSale, names: _Names) -> dict[str, object]:
    old = read.facts
    parts = [
        names.stages.get(old.stage_id, ""),
        "" if old.product == UNNAMED else _short(old.product),
        f"¥{old.amount:,.2f}" if old.amount else "",
        old.expected_on.isoformat() if old.expected_on else "",
        names.people.get(old.owner_id or 0, ""),
    ]
    return {
        "row": read.row,
        "name": mask_in_text(names.customers.get(old.customer_id, "")),
        "pk": old.customer_id,
        "said": [" · ".join(filter(None, parts))],
    }


def _filing(read: ReadFiling, names: _Names) -> dict[str, object]:
    old = read.facts
    at = timezone.localtime(old.filed_at)
    return {
        "row": read.row,
        "name": mask_in_text(names.customers.get(old.customer_id, "")),
        "pk": old.customer_id,
        "said": [f"{at:%Y-%m-%d}{_hour(at)} · {names.people.get(old.filer_id, '')}"],
    }


def _remarks(remarks: Iterable[Remark], prepared: Prepared) -> list[dict[str, object]]:
    """What is said of each row, together."""
    named = {
        part.table.sheet: {key: part.match.headers[at] for key, at in part.match.columns.items()}
        for part in prepared.book.parts.values()
    }
    by_row: dict[tuple[str, int], list[str]] = {}
    for remark in remarks:
        said = with_column(remark, named.get(remark.sheet, {}))
        by_row.setdefault((remark.sheet, remark.row), []).append(said)
    return [
        {"row": row, "name": sheet, "pk": None, "said": said}
        for (sheet, row), said in by_row.items()
    ]


def in_words(prepared: Prepared, weighed: Weighed) -> bytes:
    """All that the pages of a preview show."""
    names = _Names(weighed)
    said = {
        "contacts": [_contact(read, names) for read in weighed.new_contacts],
        "opportunities": [_sale(read, names) for read in weighed.new_sales],
        "filings": [_filing(read, names) for read in weighed.new_filings],
        "same": [
            *(_filing(read, names) for read in weighed.same_filings),
            *(_contact(read, names) for read in weighed.same_contacts),
            *(_sale(read, names) for read in weighed.same_sales),
        ],
        "refused": _remarks(weighed.refusals, prepared),
        "warnings": _remarks(weighed.warnings, prepared),
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def read_back(content: bytes) -> dict[str, Any]:
    """What `in_words` wrote."""
    return json.loads(content)
