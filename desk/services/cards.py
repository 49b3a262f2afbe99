"""Changing a card that others may be changing, too."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.phones import Phone
from core.refusals import Refused
from customers import services as customers
from customers.models import Customer
from customers.services.register import CARD_FIELDS
from followups import services as followups
from followups.services.claims import complete_drafts
from staff.models import Person


class CardNotSaved(Refused):
    """A card was not saved."""

    messages = {
        "changed_meanwhile": _(
            "Somebody has changed this card since you opened it. What you typed is still here: "
            "compare it with the card, then save again."
        ),
    }


def version_of(customer: Customer) -> str:
    """What the card said, in a few characters: a form carries it to see whether it still does."""
    said = [
        customer.name,
        customer.id_masked,
        *(str(getattr(customer, field)) for field in CARD_FIELDS),
    ]
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:16]


def save_card(
    *,
    customer: Customer,
    seen: str,
    name: str,
    main_phone: Phone | None,
    new_phones: Sequence[Phone],
    card: Mapping[str, Any],
    id_number: str | None = None,
    by: Person,
    now: datetime,
) -> Customer:
    """Write the card, unless it no longer says what the person has `seen`.

    Whether a number is taken or gets written tells whose it is not: each one typed counts as
    asked for, outside the transaction, because a refusal must not take the count back. A draft
    that lacks nothing any more is a filing from this moment on (FIL-09). Raises
    NumberNotLookedUp, CardNotSaved, CustomerNotRegistered.
    """
    for phone in filter(None, [main_phone, *new_phones]):
        customers.look_up_number(phone=phone, by=by, now=now)

    with transaction.atomic():
        referrer = card.get("referrer")
        if isinstance(referrer, Customer):
            followups.hold([customer.pk, referrer.pk])  # both at once, so that nobody crosses
        held = followups.hold_one(customer)
        if version_of(held) != seen:
            raise CardNotSaved.because("changed_meanwhile")

        referrer_before, noted_before = held.referrer_id, held.birthday_noted_at
        saved = customers.update_customer(
            customer=held,
            by=by,
            now=now,
            name=name,
            main_phone=main_phone,
            new_phones=new_phones,
            id_number=id_number,
            **card,
        )
        if saved.referrer_id != referrer_before:
            followups.owe_thanks(brought=saved, now=now)
        if saved.birthday_noted_at != noted_before:
            followups.touch_and_ask(customers=[saved.pk], now=now)
        complete_drafts(customer=saved, by=by)
    return saved
