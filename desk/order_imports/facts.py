"""The facts an import of orders weighs: rows as read, what is known, and what becomes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from core.phones import Phone
from desk.imports.facts import Change, Remark, digest_of

# What an order as a whole is told, and what a line of it is: keys of columns.
OF_ORDER = ("seller", "address", "promised_on", "paid", "designer")
OF_LINE = (
    "product", "spec", "colour", "qty", "price", "supply", "eta", "arrived_on", "delivered_at",
    "note",
)  # fmt: skip
Told: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class LineRow:
    """One row of a sheet of orders, read: `order` is what it says of the order as a whole, `line`
    of its goods. Keys of columns; what a row leaves empty is not in it.
    """

    number: int
    order_no: str
    ordered_on: date | None
    store_id: int | None
    phones: tuple[Phone, ...]
    name: str
    order: Told
    line: Told


@dataclass(frozen=True, kw_only=True)
class ToldLine:
    """One line of an order: the row it stands in, its place, and what it says."""

    row: int
    position: int
    said: Told


@dataclass(frozen=True, kw_only=True)
class ToldOrder:
    """The rows of one order put together."""

    number: str
    ordered_on: date
    store_id: int
    phones: tuple[Phone, ...]
    name: str
    said: Told
    lines: Sequence[ToldLine]

    @property
    def rows(self) -> tuple[int, ...]:
        return tuple(line.row for line in self.lines)


@dataclass(frozen=True, kw_only=True)
class KnownLine:
    """One line as it stands; `said` by the keys of columns."""

    id: int
    position: int
    state: str
    said: Told


@dataclass(frozen=True, kw_only=True)
class KnownOrder:
    """One order as it stands. `paid` is what counts as paid of it now, without what became a
    credit; the `paid` that is said of it is all that was taken for it and not given back.
    """

    id: int
    number: str
    ordered_on: date
    store_id: int
    customer_id: int
    state: str
    is_in_reach: bool
    current_on: date | None
    amount: Decimal
    paid: Decimal
    said: Told
    lines: Mapping[int, KnownLine] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class KnownStore:
    """What of a store an order needs."""

    name: str
    trade: str
    zone: ZoneInfo
    check_days: int
    monthly_days: int


@dataclass(frozen=True, kw_only=True)
class Seller:
    """Whom a sheet may name: whoever has left sold all the same."""

    id: int
    name: str
    is_active: bool
    can_keep: bool


@dataclass(frozen=True, kw_only=True)
class House:
    """Stores, sellers and designers that this importer's sheets may name."""

    stores: Mapping[int, KnownStore]
    # folded user name or name → those who are called so
    sellers: Mapping[str, Sequence[Seller]]
    designers: Mapping[str, Sequence[int]]
    # folded style number → id, where only one brand has it
    styles: Mapping[str, tuple[int, Decimal | None]]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the database knows of the orders and numbers of a sheet."""

    orders: Mapping[str, KnownOrder] = field(default_factory=dict)
    by_key: Mapping[bytes, int] = field(default_factory=dict)
    owners: Mapping[int, int | None] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    # (customer, person) where the person may see the card though somebody else keeps it
    accesses: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, kw_only=True)
class OrderFate:
    """What becomes of one order of the sheet: new where `known` is None.

    `newcomer` numbers the customers of the sheet who are not registered yet, from 1; `line_changes`
    are by position, `new_lines` positions that the order does not have yet.
    """

    told: ToldOrder
    known: KnownOrder | None = None
    customer_id: int | None = None
    newcomer: int = 0
    changes: tuple[Change, ...] = ()
    line_changes: Mapping[int, tuple[Change, ...]] = field(default_factory=dict)
    new_lines: tuple[int, ...] = ()
    paid_more: Decimal = Decimal(0)

    @property
    def rows(self) -> tuple[int, ...]:
        return self.told.rows

    @property
    def is_new(self) -> bool:
        return self.known is None

    @property
    def all_changes(self) -> list[Change]:
        lines = [
            Change(column=f"{position}.{change.column}", before=change.before, after=change.after)
            for position, changes in sorted(self.line_changes.items())
            for change in changes
        ]
        new = [Change(column=f"{at}.product", before="", after="+") for at in self.new_lines]
        return [*self.changes, *lines, *new]

    @property
    def is_same(self) -> bool:
        return not self.is_new and not self.all_changes

    @property
    def digest(self) -> str:
        """A mark of what it does, to tell whether it is still what somebody agreed to."""
        return "new" if self.is_new else digest_of(self.all_changes)

    def fate_of_rows(self) -> list[str]:
        """What becomes of each row: new, changed or same."""
        if self.is_new:
            return ["new"] * len(self.rows)
        fates = []
        for index, line in enumerate(self.told.lines):
            is_told_here = index == 0 and bool(self.changes)
            if line.position in self.new_lines:
                fates.append("new")
            else:
                is_changed = is_told_here or line.position in self.line_changes
                fates.append("changed" if is_changed else "same")
        return fates


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """A customer whom only the sheet knows: registered with the first of their orders."""

    name: str
    phones: tuple[Phone, ...]
    orders: Sequence[ToldOrder]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The fates of all orders of a sheet, and what is to be said of its rows."""

    standing: Standing
    fates: Sequence[OrderFate]
    newcomers: Sequence[Newcomer]
    refusals: Sequence[Remark]
    warnings: Sequence[Remark]


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """A day of delivery, with its hour where it is known."""

    on: date
    at: datetime | None = None
