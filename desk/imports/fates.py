"""What becomes of each row of a customer sheet: pure decisions over rows and what is known.

The same normal number is the same customer (FIL-31). Empty cells never erase. Rows of one
customer are put together: the first row stands, later ones fill what it leaves open.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.calendars import add_months
from core.phones import Phone
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

# How long one who has bought stays B2 after the delivery (decision 14).
B2_MONTHS = 12
LONGEST_NEED = 400

KeyOf = Callable[[Phone], bytes]


@dataclass
class _Person:
    """All that the sheet says of one customer, put together row by row."""

    rows: list[int]
    known: KnownCustomer | None = None
    phones: dict[bytes, Phone] = field(default_factory=dict)
    card: dict[str, Columns] = field(default_factory=dict)
    grade: str = ""
    referrer: Phone | str = ""
    products: list[ProductRow] = field(default_factory=list)
    next_on: date | None = None
    next_step: str = ""
    position: int = 0  # among the new customers of this sheet, from 1


class _RowRefused(Exception):
    def __init__(self, column: str, code: str, **params: object) -> None:
        self.column, self.code, self.params = column, code, params


class _Sorting:
    """Puts the rows of a sheet together by customer."""

    def __init__(self, standing: Standing, key_of: KeyOf) -> None:
        self.standing, self.key_of = standing, key_of
        self.people: list[_Person] = []
        self.refusals: list[Remark] = []
        self.warnings: list[Remark] = []
        self._by_key: dict[bytes, _Person] = {}
        self._by_id: dict[int, _Person] = {}
        self._by_wechat: dict[str, list[_Person]] = {}
        self._by_serial: dict[str, _Person] = {}

    def take(self, row: CustomerRow) -> None:
        """Add one row to its customer, or refuse it."""
        keys = {self.key_of(phone): phone for phone in row.phones}
        try:
            known = self._known(row, keys)
            person = self._person(row, keys, known)
            self._check_serial(row, person, known)
        except _RowRefused as refused:
            self.refusals.append(
                Remark(
                    row=row.number,
                    column=refused.column,
                    code=refused.code,
                    params=refused.params,
                )
            )
            return
        if person is None:
            person = _Person(rows=[])
            self.people.append(person)
        self._add(row, person, keys, known)

    def _known(self, row: CustomerRow, keys: Mapping[bytes, Phone]) -> KnownCustomer | None:
        """The customer in the database whom this row means."""
        owners = {self.standing.by_key[key] for key in keys if key in self.standing.by_key}
        if len(owners) > 1:
            raise _RowRefused("phone", "numbers_of_two_customers")
        column = "phone"
        if not owners and row.wechat:
            owners, column = self._by_their_wechat(row), "wechat"
        if not owners:
            return None
        known = self.standing.customers[owners.pop()]
        if not known.is_in_reach:
            raise _RowRefused(column, "out_of_reach")
        return known

    def _by_their_wechat(self, row: CustomerRow) -> set[int]:
        """Without a number, or for a card that has none yet, the WeChat id says who it is."""
        found = self.standing.by_wechat.get(row.wechat.casefold(), ())
        if row.phones:
            numberless = [
                pk
                for pk in found
                if self.standing.customers[pk].is_in_reach
                and not self.standing.customers[pk].phone_keys
            ]
            return set(numberless) if len(numberless) == 1 else set()
        if len(found) > 1:
            raise _RowRefused("wechat", "wechat_of_several")
        return set(found)

    def _person(
        self, row: CustomerRow, keys: Mapping[bytes, Phone], known: KnownCustomer | None
    ) -> _Person | None:
        """Whom earlier rows of the sheet already speak of."""
        found = {id(p): p for key in keys if (p := self._by_key.get(key))}
        if known is not None and known.id in self._by_id:
            found[id(self._by_id[known.id])] = self._by_id[known.id]
        if not found and row.wechat:
            of_wechat = self._by_wechat.get(row.wechat.casefold(), [])
            fitting = [p for p in of_wechat if not row.phones or not p.phones]
            found = {id(p): p for p in fitting} if len(fitting) == 1 else {}
        if len(found) > 1:
            rows = sorted(person.rows[0] for person in found.values())
            raise _RowRefused("phone", "numbers_of_two_rows", rows=", ".join(map(str, rows)))
        person = next(iter(found.values()), None)
        if person and known and person.known and person.known.id != known.id:
            raise _RowRefused("phone", "numbers_of_two_customers")
        return person

    def _check_serial(
        self, row: CustomerRow, person: _Person | None, known: KnownCustomer | None
    ) -> None:
        """A serial belongs to one product of one customer."""
        serial = row.product.serial if row.product else ""
        if not serial:
            return
        owner = self.standing.serial_owners.get(serial)
        customer = known or (person.known if person else None)
        if owner is not None and (customer is None or customer.id != owner):
            raise _RowRefused("serial", "serial_is_taken")
        earlier = self._by_serial.get(serial)
        if earlier is not None and earlier is not person:
            raise _RowRefused("serial", "serial_in_row", row=earlier.rows[0])

    def _add(
        self,
        row: CustomerRow,
        person: _Person,
        keys: Mapping[bytes, Phone],
        known: KnownCustomer | None,
    ) -> None:
        if person.rows:
            self._warn(row, "", "same_customer", row=person.rows[0])
        person.rows.append(row.number)
        person.known = person.known or known
        person.phones = {**person.phones, **keys}
        for column, values in row.card.items():
            self._fill(row, person, column, values)
        for name in ("grade", "referrer", "next_step"):
            if getattr(row, name) and not getattr(person, name):
                setattr(person, name, getattr(row, name))
        if row.next_on:
            if person.next_on and person.next_on != row.next_on:
                self._warn(row, "next_contact_on", "first_row_stands", row=person.rows[0])
            person.next_on = person.next_on or row.next_on
        if row.product:
            products.add_told(person.products, row.product)
        self._register(row, person, keys)

    def _fill(self, row: CustomerRow, person: _Person, column: str, values: Columns) -> None:
        standing = person.card.setdefault(column, values)
        if standing != values:
            self._warn(row, column, "first_row_stands", row=person.rows[0])

    def _register(self, row: CustomerRow, person: _Person, keys: Mapping[bytes, Phone]) -> None:
        self._by_key.update(dict.fromkeys(keys, person))
        if person.known:
            self._by_id[person.known.id] = person
        if row.wechat:
            of_wechat = self._by_wechat.setdefault(row.wechat.casefold(), [])
            if person not in of_wechat:
                of_wechat.append(person)
        if row.product and row.product.serial:
            self._by_serial[row.product.serial] = person

    def _warn(self, at: CustomerRow, column: str, code: str, **params: object) -> None:
        self.warnings.append(Remark(row=at.number, column=column, code=code, params=params))

    def with_number(self, phone: Phone) -> tuple[KnownCustomer | None, _Person | None]:
        """Whose number this is: a known customer within reach, or one of this sheet."""
        key = self.key_of(phone)
        pk = self.standing.by_key.get(key)
        known = self.standing.customers.get(pk) if pk is not None else None
        if known is not None:
            return (known, None) if known.is_in_reach else (None, None)
        return None, self._by_key.get(key)


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


def _told_columns(person: _Person) -> dict[str, Columns]:
    """The card's columns as the sheet tells them, with wished-for products in the need."""
    told = dict(person.card)
    owned_names = {product.name for product in person.known.products} if person.known else set()
    wishes = [p.name for p in person.products if not p.is_owned and p.name not in owned_names]
    before = str(person.known.card["need"]) if person.known else ""
    need = _need(str(told.get("need", {}).get("need", "")), before, wishes)
    if need:
        told["need"] = {"need": need}
    return told


def _referrer(person: _Person, sorting: _Sorting, warnings: list[Remark]) -> Columns | None:
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


def _new_fate(
    person: _Person, told: Mapping[str, Columns], defaults: Defaults, today: date
) -> Fate:
    """A customer not known yet. Raises _RowRefused."""
    values = {name: value for columns in told.values() for name, value in columns.items()}
    store_id = values.get("store_id", defaults.store_id)
    if store_id is None:
        raise _RowRefused("store", "store_missing")
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


def _known_fate(person: _Person, told: Mapping[str, Columns]) -> Fate:
    """A customer we know: field by field."""
    known = person.known
    assert known is not None  # noqa: S101  (callers have looked)
    after, changes = _changed_card(known, told)
    owned = [product for product in person.products if product.is_owned]
    grade = known.grade
    if person.grade:
        has_bought = bool(owned or known.products)
        grade = grade_of_letter(person.grade, has_bought=has_bought) or known.grade
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
    sorting = _Sorting(standing, key_of)
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
        fates.append(
            _known_fate(person, told) if person.known else _new_fate(person, told, defaults, today)
        )
    return Comparison(
        fates=fates,
        refusals=sorted(refusals, key=lambda remark: remark.row),
        warnings=sorted(warnings, key=lambda remark: remark.row),
    )


def _without_store(newcomers: Iterable[_Person], defaults: Defaults) -> list[Remark]:
    """New customers of whom nobody says in which store: all their rows are refused."""
    if defaults.store_id is not None:
        return []
    return [
        Remark(row=row, column="store", code="store_missing")
        for person in newcomers
        if "store" not in person.card
        for row in person.rows
    ]
