"""Cards as an edited sheet says they shall be: a handful of statements, however many cards."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from core.addresses import key_of_address
from core.names import search_text
from core.phones import Phone
from core.services import audit
from customers.models import Customer, CustomerPhone
from customers.services.identity import suspect_many
from customers.services.noting import noted_birthday
from customers.services.numbers import phone_row
from staff.models import Person

# What such a sheet may write, beside the grade and the keeper, who have services of their own.
WRITABLE = (
    "name", "title", "wechat", "source", "need", "expected_purchase", "expected_on", "budget",
    "address", "contact_time", "note", "company", "job", "hobbies", "email", "birth_year",
    "birth_month", "birth_day", "birth_is_lunar", "birth_is_leap_month",
)  # fmt: skip
DERIVED = ("search", "address_key", "birthday_noted_at")


@transaction.atomic
def write_cards(
    *,
    cards: Sequence[Customer],
    changes: Mapping[int, Mapping[str, object]],
    new_phones: Mapping[int, Sequence[Phone]],
    by: Person,
    now: datetime,
    **origin: int,
) -> None:
    """Write `changes` (customer → column → value) and add numbers; the caller holds the cards.

    Raises IntegrityError where a number was taken meanwhile.
    """
    written = [card for card in cards if changes.get(card.pk) or new_phones.get(card.pk)]
    changed = [card for card in written if changes.get(card.pk)]
    for card in changed:
        _put(card, changes[card.pk], now)
    if changed:
        Customer.objects.bulk_update(changed, [*WRITABLE, *DERIVED], batch_size=500)

    with_numbers = set(
        CustomerPhone.objects.filter(customer__in=new_phones, is_primary=True).values_list(
            "customer", flat=True
        )
    )
    CustomerPhone.objects.bulk_create(
        phone_row(customer=card, phone=phone, is_primary=not at and card.pk not in with_numbers)
        for card in written
        for at, phone in enumerate(new_phones.get(card.pk, ()))
    )

    audit.record_many(
        verb="update",
        of=Customer,
        by=by,
        rows=[
            (
                card.pk,
                card.store_id,
                {
                    "fields": sorted(changes.get(card.pk, ())),
                    "new_numbers": len(new_phones.get(card.pk, ())),
                    **origin,
                },
            )
            for card in written
        ],
    )
    suspect_many(customers=[card.pk for card in written], by=by, now=now)


def _put(card: Customer, values: Mapping[str, object], now: datetime) -> None:
    """Write the values on the row, and what is derived from them."""
    if unknown := set(values) - set(WRITABLE):
        raise TypeError(f"not for a sheet to write: {sorted(unknown)}")
    changed = [name for name, value in values.items() if getattr(card, name) != value]
    for name, value in values.items():
        setattr(card, name, value)
    noted = noted_birthday(changed=changed, month=card.birth_month, now=now)
    card.birthday_noted_at = noted.get("birthday_noted_at", card.birthday_noted_at)
    if {"name", "company"} & values.keys():
        card.search = search_text(card.name, card.company)
    if "address" in values:
        card.address_key = key_of_address(str(values["address"]))
