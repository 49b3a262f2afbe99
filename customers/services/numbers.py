"""Phone numbers: kept encrypted, matched by a keyed hash, opened one at a time and counted."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core.keyring import keyring
from core.phones import Phone
from core.refusals import Refused
from core.services import audit
from customers.models import Customer, CustomerPhone, HouseholdMember, KeyPerson, PhoneReveal
from staff.models import Person


class NumberNotRevealed(Refused):
    """A number was not opened."""

    messages = {
        "no_number": _("This customer has no phone number."),
        "nobodys_number": _("No number is kept of this person."),
        "no_paper": _("No number of a paper is kept on this card."),
        "limit_reached": _("You have opened %(limit)s numbers today. Ask your manager to go on."),
    }


def phone_row(
    *, customer: Customer, phone: Phone, is_primary: bool, now: datetime | None = None
) -> CustomerPhone:
    """The row that keeps `phone` since `now`, else since it is saved; not saved."""
    keys = keyring()
    return CustomerPhone(
        customer=customer,
        cipher=keys.encrypt(phone.e164),
        key=keys.index(phone.e164),
        masked=phone.masked,
        last4=phone.last4,
        is_primary=is_primary,
        is_placeholder=phone.is_nobodys,
        **({"added_at": now} if now else {}),
    )


def sealed(phone: Phone | None) -> dict[str, Any]:
    """The columns of a `HasNumber` that keep `phone`; those of None are empty."""
    if phone is None:
        return {"cipher": None, "key": None, "masked": "", "last4": ""}
    keys = keyring()
    return {
        "cipher": keys.encrypt(phone.e164),
        "key": keys.index(phone.e164),
        "masked": phone.masked,
        "last4": phone.last4,
    }


def sealed_paper(number: str) -> dict[str, Any]:
    """The columns of a customer that keep the number of their paper; those of "" are empty."""
    if not number:
        return {"id_cipher": None, "id_masked": ""}
    return {"id_cipher": keyring().encrypt(number), "id_masked": mask_paper(number)}


def mask_paper(number: str) -> str:
    """310***********0012: three in front and four behind; of a short one the last two."""
    shown = (3, 4) if len(number) > 9 else (0, 2)
    hidden = max(len(number) - sum(shown), 4)
    return f"{number[: shown[0]]}{'*' * hidden}{number[-shown[1] :]}"[:40]


def _count_reveal(*, customer: Customer, by: Person, on: date) -> None:
    """Count once a customer and day; the counter of a person stops at twice the setting."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO customers_phonereveal (person_id, customer_id, "on") VALUES (%s, %s, %s)'
            " ON CONFLICT DO NOTHING",
            [by.pk, customer.pk, on],
        )
        if not cursor.rowcount:
            return
    limit = settings.REVEALS_A_DAY * 2
    if PhoneReveal.objects.filter(person=by, on=on).count() > limit:
        raise NumberNotRevealed.because("limit_reached", limit=limit)


def _open(cipher: bytes | memoryview, *, customer: Customer, by: Person, on: date, **what) -> str:
    """Count, record, unseal: every opening goes this way."""
    _count_reveal(customer=customer, by=by, on=on)
    audit.record(verb="reveal", of=customer, by=by, **what)
    return keyring().decrypt(bytes(cipher))


@transaction.atomic
def reveal_number(
    *, customer: Customer, by: Person, now: datetime, today: date, phone_id: int | None = None
) -> str:
    """Open one number of the customer for a call, the main one unless another is named.

    Answers with its normal form. Counted and audited. A retired number stays shut. Raises
    NumberNotRevealed.
    """
    phones = customer.phones.filter(retired_at=None).order_by("-is_primary", "pk")
    phone = (phones.filter(pk=phone_id) if phone_id else phones).first()
    if phone is None:
        raise NumberNotRevealed.because("no_number")

    return _open(phone.cipher, customer=customer, by=by, on=today)


@transaction.atomic
def reveal_number_of(
    *, somebody: HouseholdMember | KeyPerson, by: Person, now: datetime, today: date
) -> str:
    """Open the number of a member of the household or of a key person, for a call.

    Counts as an opening of the customer they belong to. Raises NumberNotRevealed.
    """
    if somebody.cipher is None:
        raise NumberNotRevealed.because("nobodys_number")

    whose = {str(somebody._meta.model_name): somebody.pk}
    return _open(somebody.cipher, customer=somebody.customer, by=by, on=today, **whose)


@transaction.atomic
def reveal_paper(*, customer: Customer, by: Person, now: datetime, today: date) -> str:
    """Open the number of the customer's paper. Counted and audited. Raises NumberNotRevealed."""
    if customer.id_cipher is None:
        raise NumberNotRevealed.because("no_paper")

    return _open(customer.id_cipher, customer=customer, by=by, on=today, paper=True)
