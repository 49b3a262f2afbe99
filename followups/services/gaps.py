"""What a claim still lacks, and what its words fill in on a known card."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.phones import Phone
from customers.models import Customer
from filings import rules
from filings.queries import policy_of, terms_of
from filings.services import missing_among
from filings.states import CHANNEL_OF_ROLE, Element
from staff.models import Person
from staff.states import Role

# What of a claim fills the gaps of a card that stands already.
GAPS = (
    "title", "wechat", "address", "need", "expected_purchase", "contact_from", "contact_until",
)  # fmt: skip


def gaps_filled(customer: Customer, card: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed and the card does not say; nothing that it says is written over."""
    return {
        name: card[name]
        for name in GAPS
        if card.get(name) not in ("", None) and getattr(customer, name) in ("", None)
    }


def typed_missing(
    *, name: str, phones: Sequence[Phone], card: Mapping[str, Any], filer: Person, now: datetime
) -> list[Element]:
    """What was typed lacks to be a filing (FIL-08, FIL-36), in the order of the form."""
    store = filer.store
    policy = policy_of(store.trade, day=store.today(now)) if store is not None else None
    if store is None or policy is None:
        return []
    missing = missing_among(
        name=name,
        has_number=any(not phone.is_nobodys for phone in phones),
        address=card.get("address", ""),
        need=card.get("need", ""),
        is_expected=bool(card.get("expected_purchase")),
        trade=store.trade,
    )
    channel = CHANNEL_OF_ROLE[Role(filer.role)]
    lacking = rules.lacking(missing, terms=terms_of(policy), channel=channel)
    return [element for element in Element if element in lacking]
