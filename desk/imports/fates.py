"""What becomes of each row of a customer sheet: pure decisions over rows and what is known.

Empty cells never erase. Rows of one customer have been put together by `sorting`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from core.calendars import add_months
from customers.rules import grade_of_letter
from customers.services.bulk import CARD_COLUMNS, CardFacts
from customers.states import Grade
from desk.imports import products
from desk.imports.facts import (
    Change,
    Columns,
    Comparison,
    CustomerRow,
    Defaults,
    Fate,
    KnownCustomer,
    ProductRow,
    Remark,
    Standing,
)
from desk.imports.sorting import KeyOf, Sorting, Told

# How long one who has bought stays B2 after the delivery (decision 14).
B2_MONTHS = 12
LONGEST_NEED = 400


def default_grade(owned: Iterable[ProductRow], *, today: date) -> Grade:
    """The grade of one who comes without: by what they bought, else “later” (decision 14)."""
    bought = list(owned)
    if not bought:
        return Grade.C2
    is_recent = any(
        product.delivered_on is None or add_months(product.delivered_on, B2_MONTHS) >= today
        for product in bought
    )
    return Grade.B2 if is_recent else Grade.C1


def _need(told: str, before: str, wishes: Iterable[str]) -> str:
    """The need with the products wished for, not owned; what is said already is not repeated."""
    need = told or before
    for wish in wishes:
        if wish and wish not in need:
            need = f"{need}; {wish}" if need else wish
    return need[:LONGEST_NEED]


def _told_columns(person: Told) -> dict[str, Columns]:
    """The card's columns as the sheet tells them, with wished-for products in the need."""
    told = dict(person.card)
    owned_names = {product.name for product in person.known.products} if person.known else set()
    wishes = [p.name for p in person.products if not p.is_owned and p.name not in owned_names]
    before = str(person.known.card["need"]) if person.known else ""
    need = _need(str(told.get("need", {}).get("need", "")), before, wishes)
    if need:
        told["need"] = {"need": need}
    return told


def _referrer(person: Told, sorting: Sorting, warnings: list[Remark]) -> Columns | None:
    """Who referred this customer: a customer by number, else what is written."""
    if not person.referrer:
        return None
    if isinstance(person.referrer, str):
        return {"referrer_id": None, "referrer_text": person.referrer}
    known, other = sorting.with_number(person.referrer)
    known = known or (other.known if other else None)
    if other is person or (known and person.known and known.id == person.known.id):
        warnings.append(Remark(row=person.rows[0], column="referrer", code="referrer_is_self"))
        return None
    if known:
        return {"referrer_id": known.id, "referrer_text": ""}
    if other and other.position:  # else that row was refused
        return {"referrer_id": -other.position, "referrer_text": ""}
    warnings.append(Remark(row=person.rows[0], column="referrer", code="referrer_unknown"))
    return {"referrer_id": None, "referrer_text": person.referrer.masked}


def _new_fate(person: Told, told: Mapping[str, Columns], defaults: Defaults, today: date) -> Fate:
    """A customer not known yet."""
    values = {name: value for columns in told.values() for name, value in columns.items()}
    store_id = values.get("store_id", defaults.store_id)
    if store_id is None:
        raise ValueError("rows of new customers without a store have been refused")
    owned = [product for product in person.products if product.is_owned]
    to_write, _changes = products.weigh(owned, ())
    grade = grade_of_letter(person.grade, has_bought=bool(owned)) if person.grade else None
    facts = CardFacts(
        name=str(values["name"]),
        store_id=store_id,
        owner_id=values.get("owner_id", defaults.owner_id),
        grade=grade or default_grade(owned, today=today),
        card={name: value for name, value in values.items() if name in CARD_COLUMNS},
        new_phones=list(person.phones.values()),
        products=to_write,
    )
    return Fate(
        rows=tuple(person.rows),
        facts=facts,
        next_on=person.next_on,
        next_step=person.next_step,
        position=person.position,
    )


def _changed_card(
    known: KnownCustomer, told: Mapping[str, Columns]
) -> tuple[dict[str, Any], list[Change]]:
    """The card after the sheet has had its say, and what differs."""
    before = {
        "name": known.name, "store_id": known.store_id, "owner_id": known.owner_id, **known.card,
    }  # fmt: skip
    after = dict(before)
    changes = []
    for column, values in told.items():
        old = {name: before[name] for name in values}
        if old != values:
            after |= values
            changes.append(Change(column=column, before=old, after=dict(values)))
    return after, changes


def _known_fate(person: Told, told: Mapping[str, Columns]) -> Fate:
    """A customer we know: field by field."""
    known = person.known
    assert known is not None  # noqa: S101  (callers have looked)
    after, changes = _changed_card(known, told)
    owned = [product for product in person.products if product.is_owned]
    grade = known.grade
    if person.grade:
        grade = grade_of_letter(person.grade, has_bought=_has_bought(person)) or known.grade
    if grade != known.grade:
        changes.append(Change(column="grade", before=known.grade, after=grade))
    is_card_changed = bool(changes)
    new_phones = [phone for key, phone in person.phones.items() if key not in known.phone_keys]
    changes += [Change(column="phone", before="", after=phone.masked) for phone in new_phones]
    to_write, product_changes = products.weigh(owned, known.products)
    changes += product_changes
    is_step_new = person.next_on is not None and person.next_on not in known.step_days
    if is_step_new:
        changes.append(Change(column="next_contact_on", before="", after=person.next_on))
    facts = CardFacts(
        id=known.id,
        name=str(after["name"]),
        store_id=after["store_id"],
        owner_id=after["owner_id"],
        grade=grade,
        card={name: value for name, value in after.items() if name in CARD_COLUMNS},
        grade_before=known.grade,
        is_card_changed=is_card_changed,
        new_phones=new_phones,
        has_primary=known.has_primary,
        products=to_write,
        changed=tuple(dict.fromkeys(change.column for change in changes)),
    )
    return Fate(
        rows=tuple(person.rows),
        facts=facts,
        changes=tuple(changes),
        next_on=person.next_on if is_step_new else None,
        next_step=person.next_step,
    )


def _has_bought(person: Told) -> bool:
    """By what the sheet tells of products, or by what stands on the card."""
    known = person.known.products if person.known else ()
    is_told = any(product.is_owned for product in person.products)
    return is_told or any(product.is_bought for product in known)


def _gives_buyer_up(person: Told) -> bool:
    """The sheet gives up somebody who has bought: the grade stays, and the reader is told."""
    return _has_bought(person) and person.grade.strip().upper() == Grade.D


def compare(
    rows: Iterable[CustomerRow],
    standing: Standing,
    *,
    defaults: Defaults,
    key_of: KeyOf,
    today: date,
) -> Comparison:
    """Decide about every row: new, changed, same or refused; nothing is touched.

    `key_of` gives the key under which a number is kept; `today` is the company's business day.
    """
    sorting = Sorting(standing, key_of)
    for row in rows:
        sorting.take(row)
    newcomers = [person for person in sorting.people if person.known is None]
    homeless = _without_store(newcomers, defaults)
    refusals = [*sorting.refusals, *homeless]
    refused_rows = {remark.row for remark in homeless}
    standing_people = [p for p in sorting.people if p.rows[0] not in refused_rows]
    for position, person in enumerate((p for p in standing_people if p.known is None), start=1):
        person.position = position

    fates = []
    warnings = list(sorting.warnings)
    for person in standing_people:
        told = _told_columns(person)
        if referrer := _referrer(person, sorting, warnings):
            told["referrer"] = referrer
        if _gives_buyer_up(person):
            warnings.append(
                Remark(row=person.rows[0], column="grade", code="buyer_is_not_given_up")
            )
        fates.append(
            _known_fate(person, told) if person.known else _new_fate(person, told, defaults, today)
        )
    return Comparison(
        fates=fates,
        refusals=sorted(refusals, key=lambda remark: remark.row),
        warnings=sorted(warnings, key=lambda remark: remark.row),
    )


def _without_store(newcomers: Iterable[Told], defaults: Defaults) -> list[Remark]:
    """New customers of whom nobody says in which store: all their rows are refused."""
    if defaults.store_id is not None:
        return []
    return [
        Remark(row=row, column="store", code="store_missing")
        for person in newcomers
        if "store" not in person.card
        for row in person.rows
    ]
