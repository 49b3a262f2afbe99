"""Puts the rows of a sheet together by customer: one normal number is one customer (FIL-31).

Pure. The first row stands, later ones fill what it leaves open.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from core.phones import Phone
from desk.imports import products
from desk.imports.facts import (
    Columns,
    CustomerRow,
    KnownCustomer,
    ProductRow,
    Remark,
    Standing,
)

KeyOf = Callable[[Phone], bytes]


@dataclass
class Told:
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


class RowRefused(Exception):
    def __init__(self, column: str, code: str, **params: object) -> None:
        self.column, self.code, self.params = column, code, params


class Sorting:
    """Puts the rows of a sheet together by customer."""

    def __init__(self, standing: Standing, key_of: KeyOf) -> None:
        self.standing, self.key_of = standing, key_of
        self.people: list[Told] = []
        self.refusals: list[Remark] = []
        self.warnings: list[Remark] = []
        self._by_key: dict[bytes, Told] = {}
        self._by_id: dict[int, Told] = {}
        self._by_wechat: dict[str, list[Told]] = {}
        self._by_serial: dict[str, Told] = {}

    def take(self, row: CustomerRow) -> None:
        """Add one row to its customer, or refuse it."""
        keys = {self.key_of(phone): phone for phone in row.phones}
        try:
            known = self._known(row, keys)
            person = self._person(row, keys, known)
            self._check_serial(row, person, known)
        except RowRefused as refused:
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
            person = Told(rows=[])
            self.people.append(person)
        self._add(row, person, keys, known)

    def _known(self, row: CustomerRow, keys: Mapping[bytes, Phone]) -> KnownCustomer | None:
        """The customer in the database whom this row means."""
        owners = {self.standing.by_key[key] for key in keys if key in self.standing.by_key}
        if len(owners) > 1:
            raise RowRefused("phone", "numbers_of_two_customers")
        column = "phone"
        if not owners and row.wechat:
            owners, column = self._by_their_wechat(row), "wechat"
        if not owners:
            return None
        known = self.standing.customers[owners.pop()]
        if not known.is_in_reach:
            raise RowRefused(column, "out_of_reach")
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
            raise RowRefused("wechat", "wechat_of_several")
        return set(found)

    def _person(
        self, row: CustomerRow, keys: Mapping[bytes, Phone], known: KnownCustomer | None
    ) -> Told | None:
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
            raise RowRefused("phone", "numbers_of_two_rows", rows=", ".join(map(str, rows)))
        person = next(iter(found.values()), None)
        if person and known and person.known and person.known.id != known.id:
            raise RowRefused("phone", "numbers_of_two_customers")
        return person

    def _check_serial(
        self, row: CustomerRow, person: Told | None, known: KnownCustomer | None
    ) -> None:
        """A serial belongs to one product of one customer."""
        serial = row.product.serial if row.product else ""
        if not serial:
            return
        owner = self.standing.serial_owners.get(serial)
        customer = known or (person.known if person else None)
        if owner is not None and (customer is None or customer.id != owner):
            raise RowRefused("serial", "serial_is_taken")
        earlier = self._by_serial.get(serial)
        if earlier is not None and earlier is not person:
            raise RowRefused("serial", "serial_in_row", row=earlier.rows[0])

    def _add(
        self,
        row: CustomerRow,
        person: Told,
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

    def _fill(self, row: CustomerRow, person: Told, column: str, values: Columns) -> None:
        standing = person.card.setdefault(column, values)
        if standing != values:
            self._warn(row, column, "first_row_stands", row=person.rows[0])

    def _register(self, row: CustomerRow, person: Told, keys: Mapping[bytes, Phone]) -> None:
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

    def with_number(self, phone: Phone) -> tuple[KnownCustomer | None, Told | None]:
        """Whose number this is: a known customer within reach, or one of this sheet."""
        key = self.key_of(phone)
        pk = self.standing.by_key.get(key)
        known = self.standing.customers.get(pk) if pk is not None else None
        if known is not None:
            return (known, None) if known.is_in_reach else (None, None)
        return None, self._by_key.get(key)
