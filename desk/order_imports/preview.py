"""A comparison of orders in words, as a page shows it: one JSON file until the import is done."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.amounts import money_text
from core.labels import labelled
from core.phones import mask_in_text
from customers.models import Designer
from desk.imports.columns import label
from desk.imports.facts import Change
from desk.imports.preview import LONGEST_SHOWN, remarks_in_words
from desk.imports.services import Outcome
from desk.order_imports.facts import Comparison, Delivered, OrderFate
from desk.order_imports.fates import amount_of
from desk.order_imports.services import Prepared
from orders.states import Supply
from staff.models import Person

MONEY = ("price", "paid")


class _Names:
    """The names of the people that the orders speak of."""

    def __init__(self, fates: Iterable[OrderFate]) -> None:
        people: set[int] = set()
        designers: set[int] = set()
        for fate in fates:
            for change in fate.changes:
                for side in (change.before, change.after):
                    if change.column == "seller" and isinstance(side, int):
                        people.add(side)
                    if change.column == "designer" and isinstance(side, int):
                        designers.add(side)
        self.of = {
            "seller": dict(Person.objects.filter(pk__in=people).values_list("pk", "name")),
            "designer": dict(Designer.objects.filter(pk__in=designers).values_list("pk", "name")),
        }


def _shown(column: str, value: Any, names: _Names) -> str:
    """One side of a change, as a person reads it."""
    if value is None or value == "":
        return ""
    if column in names.of:
        return str(names.of[column].get(value, ""))
    if column == "supply":
        return str(Supply(value).label)
    if isinstance(value, Decimal) and column in MONEY:
        return money_text(value)
    if isinstance(value, Delivered):
        return f"{value.at:%Y-%m-%d %H:%M}" if value.at else value.on.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = mask_in_text(str(value))
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _told(what: str, change: Change, names: _Names) -> list[str]:
    sides = (_shown(change.column, side, names) for side in (change.before, change.after))
    return [what, *sides]


def _changes(fate: OrderFate, names: _Names) -> list[list[str]]:
    """Field by field: of the order, of each line with its place, and lines that come to it."""
    told = [_told(label(change.column), change, names) for change in fate.changes]
    for position, changes in sorted(fate.line_changes.items()):
        place = _("line %(number)s") % {"number": position}
        told += [_told(labelled(place, label(one.column)), one, names) for one in changes]
    products = {line.position: line.said["product"] for line in fate.told.lines}
    told += [
        [_("line %(number)s") % {"number": at}, "", mask_in_text(products[at])]
        for at in fate.new_lines
    ]
    return told


def _new(fate: OrderFate, prepared: Prepared) -> dict[str, object]:
    told = fate.told
    return {
        "rows": list(fate.rows),
        "number": told.number,
        "name": mask_in_text(told.name),
        "phones": [phone.masked for phone in told.phones],
        "is_newcomer": bool(fate.newcomer),
        "store": prepared.house.stores[told.store_id].name,
        "seller": told.said["seller"].name,
        "ordered_on": told.ordered_on.isoformat(),
        "amount": money_text(amount_of(told.lines)),
        "paid": money_text(fate.paid_more) if fate.paid_more else "",
        "lines": [
            f"{mask_in_text(line.said['product'])} × {line.said['qty']}" for line in told.lines
        ],
    }


def in_words(prepared: Prepared, comparison: Comparison, outcome: Outcome) -> bytes:
    """All that the pages of a preview show, and by which marks the import knows it again."""
    fates = comparison.fates
    new = [fate for fate in fates if fate.is_new]
    changed = [fate for fate in fates if not fate.is_new and not fate.is_same]
    names = _Names(changed)
    said = {
        "new": [_new(fate, prepared) for fate in new],
        "changed": [{**_known(fate), "changes": _changes(fate, names)} for fate in changed],
        "same": [_known(fate) for fate in fates if fate.is_same],
        "refused": remarks_in_words(outcome.refusals, prepared.opened),
        "warnings": remarks_in_words(outcome.warnings, prepared.opened),
        "agreed": {str(fate.rows[0]): fate.digest for fate in _written(new, changed)},
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _written(*fates: Sequence[OrderFate]) -> list[OrderFate]:
    return [fate for some in fates for fate in some]


def _known(fate: OrderFate) -> dict[str, object]:
    if fate.known is None:
        raise ValueError("an order that is compared is known")
    told = fate.told
    return {
        "rows": list(fate.rows),
        "number": told.number,
        "name": mask_in_text(told.name),
        "pk": fate.known.id,
    }
