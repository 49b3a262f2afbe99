"""A comparison in words, as a page shows it: kept as one JSON file until the import is done."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from core.phones import mask_in_text
from core.spreadsheets.tables import Row
from customers.models import Customer
from customers.states import ExpectedPurchase, Grade, Source, Title
from desk.imports.columns import label
from desk.imports.facts import Change, Comparison, Fate, Remark
from desk.imports.services import Outcome, Prepared
from desk.imports.sheets import Opened
from desk.imports.wording import with_column
from staff.models import Person, Store

LONGEST_SHOWN = 80
CHOICES: Mapping[str, type] = {"title": Title, "source": Source, "grade": Grade}

FATES = ("new", "changed", "same", "refused", "warnings")
# What is opened first: that which a person should see.
ORDER = ("refused", "changed", "new", "warnings", "same")
TONES = {"new": "", "changed": "", "same": "", "refused": "late", "warnings": "soon"}


def labels() -> dict[str, str]:
    """How the fates are called."""
    return {
        "new": _("New"),
        "changed": _("Changed"),
        "same": _("The same"),
        "refused": _("Refused"),
        "warnings": _("To look at"),
    }


class _Names:
    """The names of the people, stores and customers that the changes speak of."""

    def __init__(self, fates: Iterable[Fate]) -> None:
        people: set[int] = set()
        stores: set[int] = set()
        customers: set[int] = set()
        for fate in fates:
            people.add(fate.facts.owner_id or 0)
            stores.add(fate.facts.store_id)
            for change in fate.changes:
                for side in (change.before, change.after):
                    if isinstance(side, Mapping):
                        people.add(side.get("owner_id") or 0)
                        stores.add(side.get("store_id") or 0)
                        customers.add(side.get("referrer_id") or 0)
        self.people = dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))
        self.stores = dict(Store.objects.filter(pk__in=stores).values_list("pk", "name"))
        self.customers = dict(Customer.objects.filter(pk__in=customers).values_list("pk", "name"))


def _day(value: date) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat()


def _birthday(value: Mapping[str, Any]) -> str:
    if not value.get("birth_month"):
        return ""
    year = f"{value['birth_year']}-" if value.get("birth_year") else ""
    lunar = _("lunar") + " " if value.get("birth_is_lunar") else ""
    leap = _("leap month") + " " if value.get("birth_is_leap_month") else ""
    return f"{lunar}{leap}{year}{value['birth_month']}-{value['birth_day']}"


def _expected(value: Mapping[str, Any]) -> str:
    if value.get("expected_on"):
        return _day(value["expected_on"])
    word = value.get("expected_purchase")
    return str(ExpectedPurchase(word).label) if word else ""


def _of_columns(column: str, value: Mapping[str, Any], names: _Names) -> str:
    """What stands in the columns of a card that one column of a sheet fills."""
    if column == "owner":
        return names.people.get(value["owner_id"], "")
    if column == "store":
        return names.stores.get(value["store_id"], "")
    if column == "referrer":
        pk = value.get("referrer_id")
        if pk and pk < 0:
            return _("a customer of this sheet")
        return names.customers.get(pk, "") if pk else str(value.get("referrer_text") or "")
    if column == "birthday":
        return _birthday(value)
    if column == "contact_hours":
        ends = [value["contact_from"], value["contact_until"]]
        return "–".join(f"{hour:%H:%M}" for hour in ends if hour)
    if column == "expected_purchase":
        return _expected(value)
    return str(next(iter(value.values()), "") or "")


def shown(column: str, value: object, names: _Names) -> str:
    """One side of a change, as a person reads it."""
    if isinstance(value, Mapping):
        value = _of_columns(column, value, names)
    if value and column in CHOICES:
        return str(CHOICES[column](value).label)
    if column == "product" and isinstance(value, tuple):
        name, day = value
        value = f"{name} · {_day(day)}" if day else name
    if isinstance(value, date):
        return _day(value)
    text = str(value or "")
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _changes(changes: Sequence[Change], names: _Names) -> list[list[str]]:
    return [
        [
            label(change.column),
            shown(change.column, change.before, names),
            shown(change.column, change.after, names),
        ]
        for change in changes
    ]


def _new(fate: Fate, names: _Names) -> dict[str, object]:
    facts = fate.facts
    return {
        "rows": list(fate.rows),
        "name": facts.name,
        "phones": [phone.masked for phone in facts.new_phones] or [facts.card.get("wechat", "")],
        "grade": facts.grade.value,
        "store": names.stores.get(facts.store_id, ""),
        "owner": names.people.get(facts.owner_id or 0, ""),
        "products": [
            f"{product.product} · {_day(day)}" if day else product.product
            for product in facts.products
            for day in [product.delivered_on or product.purchased_on]
        ],
        "next_on": _day(fate.next_on) if fate.next_on else "",
    }


def remarks_in_words(remarks: Iterable[Remark], opened: Opened) -> list[dict[str, object]]:
    """What is said of each row, together."""
    by_row: dict[int, list[str]] = {}
    for remark in remarks:
        by_row.setdefault(remark.row, []).append(with_column(remark, opened.named))
    names = {row.number: row for row in opened.rows if row.number in by_row}
    return [
        {
            "rows": [row] if row else [],
            "name": _name(names[row], opened) if row in names else "",
            "said": said,
        }
        for row, said in by_row.items()
    ]


def _name(row: Row, opened: Opened) -> str:
    """Whom a row speaks of, as far as it says so."""
    cell = row.cell(opened.columns.get("name"))
    return mask_in_text(str(cell or ""))[:LONGEST_SHOWN]


def in_words(prepared: Prepared, comparison: Comparison, outcome: Outcome) -> bytes:
    """All that the pages of a preview show, and by which marks the import knows it again."""
    names = _Names(comparison.fates)
    new = [fate for fate in comparison.fates if fate.is_new]
    changed = [fate for fate in comparison.fates if fate.changes]
    same = [fate for fate in comparison.fates if fate.is_same]
    said = {
        "new": [_new(fate, names) for fate in new],
        "changed": [
            {
                "rows": list(fate.rows),
                "name": fate.facts.name,
                "pk": fate.facts.id,
                "changes": _changes(fate.changes, names),
            }
            for fate in changed
        ],
        "same": [
            {"rows": list(fate.rows), "name": fate.facts.name, "pk": fate.facts.id} for fate in same
        ],
        "refused": remarks_in_words(outcome.refusals, prepared.opened),
        "warnings": remarks_in_words(outcome.warnings, prepared.opened),
        "agreed": {str(fate.rows[0]): fate.digest for fate in (*new, *changed)},
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def read_back(content: bytes) -> dict[str, Any]:
    """What `in_words` wrote."""
    return json.loads(content)
