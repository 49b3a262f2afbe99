"""What two cards of one customer say, field by field, and what the card that is kept will say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import BinaryField

from core.addresses import key_of_address
from core.names import search_text
from customers.models import Customer
from customers.states import Quiet

KEPT, MERGED, BOTH = "kept", "merged", "both"


@dataclass(frozen=True)
class CardField:
    """Columns that say one thing together; two long texts may stand one after the other."""

    name: str
    columns: tuple[str, ...]
    is_text: bool = False

    def of(self, card: Customer) -> tuple[Any, ...]:
        return tuple(_value(card, column) for column in self.columns)

    def is_empty_on(self, card: Customer) -> bool:
        return all(value in (None, "", [], False) for value in self.of(card))

    def fits_both(self, kept: Customer, merged: Customer) -> bool:
        longest = getattr(Customer._meta.get_field(self.columns[0]), "max_length", None) or 0
        return self.is_text and len(self.joined(kept, merged)) <= longest

    def joined(self, kept: Customer, merged: Customer) -> str:
        return "\n".join([self.of(kept)[0], self.of(merged)[0]])


def _field(name: str, *columns: str, is_text: bool = False) -> CardField:
    return CardField(name, columns or (name,), is_text)


FIELDS = (
    _field("name"),
    _field("title"),
    _field("grade"),
    _field("intent"),
    _field("quiet"),
    _field("wechat"),
    _field("email"),
    _field("address"),
    _field("need", is_text=True),
    _field("expected", "expected_purchase", "expected_on"),
    _field("budget"),
    _field("services_wanted"),
    _field("competitor"),
    _field("source"),
    _field("campaign"),
    _field("referrer", "referrer_id", "referrer_text"),
    _field("designer", "designer_id"),
    _field("contact_time"),
    _field("contact_hours", "contact_from", "contact_until"),
    _field(
        "birthday",
        "birth_year",
        "birth_month",
        "birth_day",
        "birth_is_lunar",
        "birth_is_leap_month",
    ),
    _field("company"),
    _field("job"),
    _field("hobbies"),
    _field("home_area"),
    _field("home_layout"),
    _field("home_style"),
    _field("decoration"),
    _field("paper", "id_kind", "id_cipher", "id_masked"),
    _field("note", is_text=True),
)
# Columns of a card that nobody chooses between: keys, what is derived, who and when.
NOT_CHOSEN = frozenset(
    {
        "id", "search", "address_key", "owner_id", "store_id", "merged_into_id", "first_seen_at",
        "registered_at", "registered_by_id", "last_contact_at", "next_contact_on",
        "bought_total", "bought_count", "last_bought_on", "birthday_noted_at",
    }
)  # fmt: skip
BY_NAME = {field.name: field for field in FIELDS}
# Written by acts of their own, which keep what was.
BY_ACTS = frozenset({"grade", "intent"})


def differing(kept: Customer, merged: Customer) -> list[CardField]:
    """Where both cards say something, and not the same."""
    return [
        field
        for field in FIELDS
        if field.of(kept) != field.of(merged)
        and not field.is_empty_on(merged)
        and not field.is_empty_on(kept)
    ]


def taken_over(kept: Customer, merged: Customer) -> list[CardField]:
    """What only the card that goes says; the kept one says it from now on."""
    return [
        field
        for field in FIELDS
        if field.is_empty_on(kept)
        and not field.is_empty_on(merged)
        and not (field.name == "referrer" and merged.referrer_id == kept.pk)
    ]


def usual_choice(field: CardField, kept: Customer, merged: Customer) -> str:
    """What is chosen before anybody chooses: the kept card's word, nothing lost of long texts, and
    the customer's wish not to be contacted, on whichever card it stands.
    """
    if field.name == "quiet":
        return MERGED if merged.quiet == Quiet.ALL else KEPT
    return BOTH if field.fits_both(kept, merged) else KEPT


def _referrer_of(kept: Customer, merged: Customer) -> tuple[Any, ...]:
    """Who referred the customer, by the card that goes; never the customer himself."""
    if merged.referrer_id == kept.pk:
        return (None, "")
    return (merged.referrer_id, merged.referrer_text)


def merged_values(
    kept: Customer, merged: Customer, choices: Mapping[str, str]
) -> dict[str, tuple[Any, Any]]:
    """For each column that changes on the kept card: what it said, and what it will say."""
    values: dict[str, Any] = {}
    for field in taken_over(kept, merged):
        values |= dict(zip(field.columns, field.of(merged), strict=True))
    for field in differing(kept, merged):
        choice = choices.get(field.name) or usual_choice(field, kept, merged)
        if choice == MERGED:
            values |= dict(zip(field.columns, field.of(merged), strict=True))
        elif choice == BOTH and field.fits_both(kept, merged):
            values[field.columns[0]] = field.joined(kept, merged)
    if "referrer_id" in values or kept.referrer_id == merged.pk:
        names = BY_NAME["referrer"].columns
        values |= dict(zip(names, _referrer_of(kept, merged), strict=True))
    values["first_seen_at"] = min(kept.first_seen_at, merged.first_seen_at)
    changes = {column: (_value(kept, column), value) for column, value in values.items()}
    return {column: pair for column, pair in changes.items() if pair[0] != pair[1]}


def with_derived(values: Mapping[str, Any]) -> dict[str, Any]:
    """These columns, with those that follow from them."""
    derived = dict(values)
    if "name" in values:
        derived["search"] = search_text(values["name"])
    if "address" in values:
        derived["address_key"] = key_of_address(values["address"])
    return derived


def _value(card: Customer, column: str) -> Any:
    value = getattr(card, column)
    return bytes(value) if isinstance(value, memoryview) else value


def plain(value: Any) -> Any:
    """The value as JSON keeps it."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def from_plain(column: str, value: Any) -> Any:
    """What `plain` has kept of a column."""
    field = Customer._meta.get_field(column.removesuffix("_id") if column != "id" else column)
    if value is None:
        return None
    if isinstance(field, BinaryField):
        return bytes.fromhex(value)
    return value if field.is_relation else field.to_python(value)  # type: ignore[union-attr]
