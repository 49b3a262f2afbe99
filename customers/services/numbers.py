"""Phone numbers: kept encrypted, matched by a keyed hash, opened one at a time and counted."""

from datetime import date, datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core.keyring import keyring
from core.phones import Phone
from core.refusals import Refused
from core.services import audit
from customers.models import Customer, CustomerPhone, PhoneReveal
from staff.models import Person


class NumberNotRevealed(Refused):
    """A number was not opened."""

    messages = {
        "no_number": _("This customer has no phone number."),
        "limit_reached": _("You have opened %(limit)s numbers today. Ask your manager to go on."),
    }


def phone_row(*, customer: Customer, phone: Phone, is_primary: bool) -> CustomerPhone:
    """The row that keeps `phone`; not saved."""
    keys = keyring()
    return CustomerPhone(
        customer=customer,
        cipher=keys.encrypt(phone.e164),
        key=keys.index(phone.e164),
        masked=phone.masked,
        last4=phone.last4,
        is_primary=is_primary,
        is_placeholder=phone.is_placeholder,
    )


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


@transaction.atomic
def reveal_number(
    *, customer: Customer, by: Person, now: datetime, today: date, phone_id: int | None = None
) -> str:
    """Open one number of the customer for a call, the main one unless another is named.

    Answers with its normal form. Counted and audited. Raises NumberNotRevealed.
    """
    phones = customer.phones.order_by("-is_primary", "pk")
    phone = (phones.filter(pk=phone_id) if phone_id else phones).first()
    if phone is None:
        raise NumberNotRevealed.because("no_number")

    _count_reveal(customer=customer, by=by, on=today)
    audit.record(verb="reveal", of=customer, by=by)
    return keyring().decrypt(bytes(phone.cipher))
