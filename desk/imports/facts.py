"""The facts an import weighs: a row as read, a customer as known, and what shall become of it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from core.phones import Phone
from customers.services.bulk import CardFacts
from customers.states import Grade

# Columns of the customer's row with their values, typed as the column is.
Columns: TypeAlias = Mapping[str, Any]

# A product of which nothing but its day is known; a named one takes its place later.
UNNAMED = "—"


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One thing to say about a row: a code with parameters, worded at the edge.

    `column` is the key of a column, empty where the row as a whole is meant.
    """

    row: int
    column: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    text: str = ""  # given where the sentence comes from another room's refusal
    sheet: str = ""  # of a workbook of which several sheets are read


@dataclass(frozen=True, kw_only=True)
class ProductRow:
    """What one row says of a product."""

    name: str = ""
    serial: str = ""
    purchased_on: date | None = None
    delivered_on: date | None = None
    delivered_at: datetime | None = None
    insurance_until: date | None = None
    plate: str = ""
    colour: str = ""
    insurer: str = ""
    warranty_until: date | None = None
    price: Decimal | None = None

    @property
    def is_owned(self) -> bool:
        """Bought, not only wished for: it has a day or papers."""
        return bool(self.purchased_on or self.delivered_on or self.serial or self.insurance_until)


@dataclass(frozen=True, kw_only=True)
class CustomerRow:
    """One row of a customer sheet, read.

    `card` maps the key of a column to the columns of the customer's row that it fills, with
    typed values; empty cells are not in it. `referrer` is a number or a name.
    """

    number: int
    phones: tuple[Phone, ...] = ()
    card: Mapping[str, Columns] = field(default_factory=dict)
    grade: str = ""
    referrer: Phone | str = ""
    product: ProductRow | None = None
    next_on: date | None = None
    next_step: str = ""

    @property
    def wechat(self) -> str:
        return str(self.card.get("wechat", {}).get("wechat", ""))


@dataclass(frozen=True, kw_only=True)
class KnownProduct:
    """A product on a known customer's card."""

    id: int
    name: str
    serial: str = ""
    purchased_on: date | None = None
    delivered_on: date | None = None
    delivered_at: datetime | None = None
    insurance_until: date | None = None
    plate: str = ""
    colour: str = ""
    insurer: str = ""
    warranty_until: date | None = None
    price: Decimal | None = None
    is_bought: bool = True  # and kept: what came back, or has no day, was not


@dataclass(frozen=True, kw_only=True)
class KnownCustomer:
    """A customer as the database has it, as far as a sheet can change it."""

    id: int
    is_in_reach: bool
    name: str
    store_id: int
    owner_id: int | None
    grade: Grade
    card: Columns
    phone_keys: frozenset[bytes]
    has_primary: bool
    products: tuple[KnownProduct, ...] = ()
    step_days: frozenset[date] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the database knows of the numbers, WeChat ids and serials of a sheet."""

    customers: Mapping[int, KnownCustomer] = field(default_factory=dict)
    by_key: Mapping[bytes, int] = field(default_factory=dict)
    by_wechat: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    serial_owners: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """What fills new customers whose row leaves it open."""

    store_id: int | None = None
    owner_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that becomes different: the key of a column, before and after."""

    column: str
    before: object
    after: object


def digest_of(changes: Iterable[Change]) -> str:
    """A mark of these changes, in whichever order they were found."""
    told = "\n".join(sorted(map(_line, changes)))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _line(change: Change) -> str:
    after = change.after
    if isinstance(after, Mapping) and isinstance(after.get("referrer_id"), int):
        after = "somebody" if after["referrer_id"] < 0 else after
    return f"{change.column}: {change.before!r} -> {after!r}"


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What becomes of one customer of the sheet: `rows` are those that speak of them.

    New where `facts.id` is None; unchanged where there are no changes.
    """

    rows: tuple[int, ...]
    facts: CardFacts
    changes: tuple[Change, ...] = ()
    next_on: date | None = None
    next_step: str = ""
    position: int = 0  # of a new customer among those of the sheet, from 1

    @property
    def is_new(self) -> bool:
        return self.facts.id is None

    @property
    def is_same(self) -> bool:
        return not self.is_new and not self.changes

    @property
    def digest(self) -> str:
        """A mark of what it does, to tell whether it is still what somebody agreed to."""
        return "new" if self.is_new else digest_of(self.changes)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The fates of all customers of a sheet, the rows refused, and what should be looked at."""

    fates: Sequence[Fate]
    refusals: Sequence[Remark]
    warnings: Sequence[Remark]
