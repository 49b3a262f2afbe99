"""The household of a customer, and the key people of a company that is one (AFT-26, KNW-05)."""

import hashlib
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.phones import Phone
from core.refusals import Refused
from core.services import audit
from core.services.once import once
from customers.models import Customer, HouseholdMember, KeyPerson
from customers.services.identity import suspect
from customers.services.noting import noted_birthday
from customers.services.numbers import sealed
from staff.models import Person

BIRTHDAY = ("birth_year", "birth_month", "birth_day", "birth_is_lunar", "birth_is_leap_month")
# What a person may write of somebody; nothing else reaches the row.
FIELDS: dict[type, tuple[str, ...]] = {
    HouseholdMember: ("relation", "name", "note", *BIRTHDAY),
    KeyPerson: ("name", "position", "role", "note", *BIRTHDAY),
}
MOST = 30


Somebody = TypeVar("Somebody", HouseholdMember, KeyPerson)


class SomebodyNotSaved(Refused):
    """Somebody around a customer was not written down."""

    messages = {
        "name_missing": _("Give the name."),
        "too_many": _("%(most)s people are kept for a customer at most. Remove one first."),
        "is_gone": _("Somebody else has removed this person meanwhile."),
        "changed_meanwhile": _(
            "Somebody has changed this since you opened it. What you typed is still here: "
            "compare, then save again."
        ),
    }


def version_of(somebody: HouseholdMember | KeyPerson) -> str:
    """What is kept of them, in a few characters: a form carries it to see whether it still is."""
    said = [str(getattr(somebody, field)) for field in (*FIELDS[type(somebody)], "masked")]
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:16]


def _known(kind: type, fields: dict[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - set(FIELDS[kind])
    if unknown:
        raise TypeError(f"not fields of {kind.__name__}: {sorted(unknown)}")
    return fields


def _add(
    kind: type[Somebody], *, customer: Customer, phone: Phone | None, by: Person, now: datetime,
    key: UUID, fields: dict[str, Any],
) -> Somebody | None:  # fmt: skip
    with once(key=key, purpose=kind._meta.model_name or "", by=by) as form:
        if form.result_id:
            return kind.objects.filter(pk=form.result_id).first()
        if kind.objects.filter(customer=customer).count() >= MOST:
            raise SomebodyNotSaved.because("too_many", most=MOST)

        noted = noted_birthday(changed=fields, month=fields.get("birth_month"), now=now)
        somebody = kind.objects.create(
            customer=customer, added_at=now, added_by=by, **_known(kind, fields), **noted,
            **sealed(phone),
        )  # fmt: skip

        verb = f"add_{kind._meta.model_name}"
        audit.record(verb=verb, of=somebody, by=by, customer=customer.pk)
        if kind is HouseholdMember:
            suspect(customer, by=by, now=now)
        form.result_id = somebody.pk
    return somebody


@transaction.atomic
def add_member(
    *, customer: Customer, by: Person, now: datetime, key: UUID, phone: Phone | None = None,
    **fields: Any,
) -> HouseholdMember | None:  # fmt: skip
    """Write down a member of the household; the number is sealed. Raises SomebodyNotSaved.

    `key` is the form's own id: sent twice, the same member comes back, None who was removed since.
    """
    return _add(
        HouseholdMember, customer=customer, phone=phone, by=by, now=now, key=key, fields=fields
    )


@transaction.atomic
def add_key_person(
    *, customer: Customer, by: Person, now: datetime, key: UUID, phone: Phone | None = None,
    **fields: Any,
) -> KeyPerson | None:  # fmt: skip
    """Write down somebody who counts in a company's purchase. Raises SomebodyNotSaved.

    `key` is the form's own id: sent twice, the same person comes back, None who was removed since.
    """
    if not fields.get("name"):
        raise SomebodyNotSaved.because("name_missing")
    return _add(KeyPerson, customer=customer, phone=phone, by=by, now=now, key=key, fields=fields)


@transaction.atomic
def change_somebody(
    *,
    somebody: HouseholdMember | KeyPerson,
    seen: str,
    by: Person,
    now: datetime,
    phone: Phone | None = None,
    drop_number: bool = False,
    **fields: Any,
) -> None:
    """Write what changed of a member or a key person, unless it is no longer what was `seen`.

    Without `phone` the number stays, unless it is to be dropped. Raises SomebodyNotSaved.
    """
    kind = type(somebody)
    held = kind.objects.select_for_update().filter(pk=somebody.pk).first()
    if held is None:
        raise SomebodyNotSaved.because("is_gone")
    if version_of(held) != seen:
        raise SomebodyNotSaved.because("changed_meanwhile")
    if kind is KeyPerson and not fields.get("name", held.name):
        raise SomebodyNotSaved.because("name_missing")

    values = _known(kind, fields)
    changed = [field for field, value in values.items() if getattr(held, field) != value]
    if phone is not None or (drop_number and held.masked):
        values |= sealed(phone)
        changed.append("phone")
    if not changed:
        return
    month = values.get("birth_month", held.birth_month)
    values |= noted_birthday(changed=changed, month=month, now=now)
    kind.objects.filter(pk=held.pk).update(**values)

    verb = f"change_{kind._meta.model_name}"
    audit.record(verb=verb, of=held, by=by, customer=held.customer_id, fields=changed)
    if kind is HouseholdMember:
        suspect(held.customer, by=by, now=now)


@transaction.atomic
def remove_somebody(*, somebody: HouseholdMember | KeyPerson, by: Person, now: datetime) -> None:
    """Take a member or a key person off the card, number and all; twice does no harm."""
    kind = type(somebody)
    gone, _rows = kind.objects.filter(pk=somebody.pk).delete()
    if gone:
        verb = f"remove_{kind._meta.model_name}"
        audit.record(verb=verb, of=somebody, by=by, customer=somebody.customer_id)
