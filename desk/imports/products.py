"""Which product of a sheet is which product on the card. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

from customers.services.bulk import TOLD, ProductFacts
from desk.imports.facts import UNNAMED, Change, KnownProduct, ProductRow

DATES = ("purchased_on", "delivered_on")
COLUMNS = {
    "product": "product", "serial": "serial", "purchased_on": "purchased_on",
    "delivered_on": "delivered_at", "delivered_at": "delivered_at",
    **{name: name for name in TOLD},
}  # fmt: skip

Product = ProductRow | KnownProduct


def _plain(name: str) -> str:
    return "" if name == UNNAMED else "".join(name.split()).casefold()


def _agree(first: object, second: object) -> bool:
    """Equal, or one of them says nothing."""
    return not first or not second or first == second


def _same_name(first: Product, second: Product) -> bool:
    return _agree(_plain(first.name), _plain(second.name))


def _share_a_day(first: Product, second: Product) -> bool:
    return any(
        getattr(first, name) and getattr(first, name) == getattr(second, name) for name in DATES
    )


def is_one(first: Product, second: Product) -> bool:
    """The same product told twice: by its serial, else by name and days that do not differ.

    A nameless one needs a day in common, so that it is not taken for just any product.
    """
    if first.serial and second.serial:
        return first.serial == second.serial
    if not _same_name(first, second):
        return False
    if not _plain(first.name) or not _plain(second.name):
        return _share_a_day(first, second)
    return all(_agree(getattr(first, name), getattr(second, name)) for name in DATES)


def add_told(told: list[ProductRow], product: ProductRow) -> None:
    """Add `product` to those a sheet tells of one customer; told twice, it is filled up."""
    for index, earlier in enumerate(told):
        if earlier.is_owned == product.is_owned and is_one(earlier, product):
            told[index] = _filled(earlier, product)
            return
    told.append(product)


def _filled(earlier: ProductRow, later: ProductRow) -> ProductRow:
    gaps = {
        item.name: getattr(later, item.name)
        for item in fields(ProductRow)
        if not getattr(earlier, item.name) and getattr(later, item.name)
    }
    if earlier.delivered_on and earlier.delivered_on != later.delivered_on:
        gaps.pop("delivered_at", None)
    return replace(earlier, **gaps)


def _pairs(
    told: Sequence[ProductRow], known: Sequence[KnownProduct]
) -> Iterable[tuple[ProductRow, KnownProduct | None]]:
    """Each product told with the one it corrects, or with None where it is new.

    First those that agree; then one left of a name with the one left on the card of that name,
    whose days are thereby corrected.
    """
    left = list(known)
    partner: dict[int, KnownProduct] = {}
    for index, product in enumerate(told):
        match = next((item for item in left if is_one(product, item)), None)
        if match is not None:
            left.remove(match)
            partner[index] = match
    open_names = [_plain(p.name) for i, p in enumerate(told) if i not in partner]
    for index, product in enumerate(told):
        name = _plain(product.name)
        same = [item for item in left if name and _plain(item.name) == name]
        if index in partner or len(same) != 1 or open_names.count(name) != 1:
            continue
        if _agree(product.serial, same[0].serial):
            left.remove(same[0])
            partner[index] = same[0]
    return [(product, partner.get(index)) for index, product in enumerate(told)]


def _corrected(product: ProductRow, known: KnownProduct) -> dict[str, Any]:
    """What `product` changes on `known`; what it leaves empty stays."""
    after: dict[str, Any] = {}
    name = product.name if product.name != UNNAMED else ""
    if name and _plain(name) != _plain(known.name):
        after["product"] = name
    for column in ("serial", "purchased_on", "delivered_on", *TOLD):
        value = getattr(product, column)
        if value and value != getattr(known, column):
            after[column] = value
    if product.delivered_at and product.delivered_at != known.delivered_at:
        after["delivered_at"] = product.delivered_at
    elif "delivered_on" in after:
        after["delivered_at"] = None
    return after


def _facts_of(known: KnownProduct) -> ProductFacts:
    return ProductFacts(
        id=known.id,
        product=known.name,
        serial=known.serial,
        purchased_on=known.purchased_on,
        delivered_on=known.delivered_on,
        delivered_at=known.delivered_at,
        **{name: getattr(known, name) for name in TOLD},
    )


def _new(product: ProductRow) -> ProductFacts:
    return ProductFacts(
        product=product.name or UNNAMED,
        serial=product.serial,
        purchased_on=product.purchased_on,
        delivered_on=product.delivered_on,
        delivered_at=product.delivered_at,
        **{name: getattr(product, name) for name in TOLD},
    )


def _day(product: ProductFacts) -> date | None:
    return product.delivered_on or product.purchased_on


def weigh(
    told: Sequence[ProductRow], known: Sequence[KnownProduct]
) -> tuple[list[ProductFacts], list[Change]]:
    """The products to write, new or corrected, and what that changes."""
    to_write: list[ProductFacts] = []
    changes: list[Change] = []
    for product, match in _pairs(told, known):
        if match is None:
            new = _new(product)
            to_write.append(new)
            changes.append(Change(column="product", before="", after=(new.product, _day(new))))
            continue
        before = _facts_of(match)
        after = _corrected(product, match)
        if after:
            to_write.append(replace(before, **after))
            changes += [
                Change(column=COLUMNS[name], before=getattr(before, name), after=value)
                for name, value in after.items()
                if not (name == "delivered_at" and value is None)
            ]
    return to_write, changes
