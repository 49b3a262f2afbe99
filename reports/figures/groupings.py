"""By what the figures of orders are grouped: whose, where, what, when, why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F

from core.phones import mask_in_text

PERSON, STORE, PRODUCT, WEEK, CAUSE = "person", "store", "product", "week", "cause"
# What is read of an order's row for each; a product is of its lines, a week and a cause of facts.
_OF_ORDER = {
    PERSON: {"person_pk": "seller", "person_code": "seller__username",
             "person_name": "seller__name"},
    STORE: {"store_pk": "store", "store_code": "store__code", "store_name": "store__name"},
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Group:
    """One value by which figures are grouped: as reports write it, and as pages say it.

    `code` None: there is no such value, as an order that is not written down has no product.
    """

    code: str | None
    name: str = ""
    pk: int | None = None


NO_GROUP = Group(code=None)
Key = tuple[Group, ...]


def columns_of_order(by: Sequence[str], *, prefix: str = "") -> dict[str, F]:
    """What `group_of` reads of an order, for `values()` of rows that reach it by `prefix`."""
    return {
        name: F(f"{prefix}{path}") for each in by for name, path in _OF_ORDER.get(each, {}).items()
    }


def week_of(on: date) -> date:
    """The Monday of a day's week."""
    return on - timedelta(days=on.weekday())


def group_of(name: str, row: Mapping[str, Any]) -> Group:
    """The group to which a row belongs; its `product`, `week` or `cause` may be None."""
    if name in _OF_ORDER:
        return Group(code=row[f"{name}_code"], name=row[f"{name}_name"], pk=row[f"{name}_pk"])
    value = row[name]
    if value is None:
        return NO_GROUP
    if name == WEEK:
        return Group(code=value.isoformat())
    if name == PRODUCT:
        told = mask_in_text(value)
        return Group(code=told, name=told)
    return Group(code=str(value))


def key_of(by: Sequence[str], row: Mapping[str, Any]) -> Key:
    """The same by several."""
    return tuple(group_of(name, row) for name in by)


def grouping_keys(names: Sequence[str], by: Sequence[str], key: Key) -> dict[str, object]:
    """The grouping keys of a report's row, None for those by which it is not grouped."""
    of = dict(zip(by, key, strict=True))
    return {name: of[name].code if name in of else None for name in names}


def in_order(keys: Sequence[Key], by: Sequence[str], *, largest: Mapping[Key, Any]) -> list[Key]:
    """By one, the largest first, weeks in their order; by several, one inside the other."""
    if len(by) == 1 and by[0] != WEEK:
        return sorted(keys, key=lambda key: (-largest[key], key[0].code or ""))
    return sorted(keys, key=lambda key: tuple((each.code is None, each.code or "") for each in key))
