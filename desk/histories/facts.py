"""The facts a history is weighed by: rows as read, what is known, and what becomes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias
from zoneinfo import ZoneInfo

from customers.models import Project
from customers.services.histories import OldContact, OldSale
from desk.imports.facts import Remark
from filings.services.histories import OldFiling

# What makes a contact, or an opportunity, the same one when a sheet is sent in again.
ContactMark: TypeAlias = tuple[int, datetime, str, str]
SaleMark: TypeAlias = tuple[int, int, str, Decimal | None, date | None]
FilingMark: TypeAlias = tuple[int, datetime, int]


@dataclass(frozen=True, kw_only=True)
class KnownCustomer:
    """A customer of whom old rows may speak."""

    id: int
    store_id: int
    store_code: str
    trade: str
    zone: ZoneInfo
    grade: str
    owner_id: int | None
    is_in_reach: bool
    name: str


@dataclass(frozen=True, kw_only=True)
class KnownStage:
    """A stage that opportunities of some trades may stand in."""

    id: int
    stage_set_id: int
    kind: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the database knows of a workbook's numbers."""

    by_key: Mapping[bytes, int] = field(default_factory=dict)
    customers: Mapping[int, KnownCustomer] = field(default_factory=dict)
    # trade → folded name → stage
    stages: Mapping[str, Mapping[str, KnownStage]] = field(default_factory=dict)
    # folded user name or name → ids of those who are called so
    people: Mapping[str, Sequence[int]] = field(default_factory=dict)
    contacts: frozenset[ContactMark] = frozenset()
    sales: frozenset[SaleMark] = frozenset()
    filings: frozenset[FilingMark] = frozenset()
    # Customers who have a lead of this house, and everybody's projects.
    led: frozenset[int] = frozenset()
    projects: Mapping[int, Sequence[Project]] = field(default_factory=dict)
    filers: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class ReadContact:
    """One row of the sheet of contacts, read."""

    row: int
    facts: OldContact

    @property
    def mark(self) -> ContactMark:
        facts = self.facts
        return (facts.customer_id, facts.occurred_at, facts.channel, facts.note)


@dataclass(frozen=True, kw_only=True)
class ReadSale:
    """One row of the sheet of opportunities, read."""

    row: int
    stage_set_id: int
    facts: OldSale

    @property
    def mark(self) -> SaleMark:
        facts = self.facts
        return (
            facts.customer_id, self.stage_set_id, facts.product, facts.amount, facts.expected_on,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ReadFiling:
    """One row of the sheet of filings, read."""

    row: int
    facts: OldFiling

    @property
    def mark(self) -> FilingMark:
        return (self.facts.customer_id, self.facts.filed_at, self.facts.filer_id)


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """What becomes of a workbook's rows: new, the same, or refused."""

    new_contacts: Sequence[ReadContact] = ()
    new_sales: Sequence[ReadSale] = ()
    new_filings: Sequence[ReadFiling] = ()
    same_filings: Sequence[ReadFiling] = ()
    same_contacts: Sequence[ReadContact] = ()
    same_sales: Sequence[ReadSale] = ()
    refusals: Sequence[Remark] = ()
    warnings: Sequence[Remark] = ()
