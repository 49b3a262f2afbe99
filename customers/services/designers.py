"""Outside designers: who they are, the agreement with them, and keeping in touch (ORD-18)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.names import search_text
from core.phones import Phone
from core.refusals import Refused, refuse_if
from core.services import audit
from core.services.once import once
from customers.models import Designer, DesignerContact
from customers.queries.parameters import parameters
from customers.rules.contacts import day_blockers
from customers.services.numbers import sealed
from customers.states import Channel
from staff.models import Person, Store

# What a person writes of a designer; nothing else reaches the row.
FIELDS = (
    "company", "agreement_no", "signed_on", "valid_until", "furniture_rate", "accessories_rate",
    "cadence_days", "note",
)  # fmt: skip
ONE_A_NUMBER = "one_designer_a_number"


class DesignerNotSaved(Refused):
    """A designer, or a contact with one, was not written."""

    messages = {
        "name_missing": _("Give the designer's name."),
        "number_is_known": _("This number belongs to another designer."),
        "ends_before_signing": _("The agreement ends before it is signed. Check both days."),
        "rate_not_a_share": _("A commission lies between 0 and 100 percent."),
        "next_day_missing": _("Choose the day of the next contact."),
        "next_day_is_past": _("The next contact must be today or later."),
        "next_day_is_too_far": _(
            "The next contact lies more than a year ahead. Choose a nearer day."
        ),
    }


def _check(values: Mapping[str, Any]) -> None:
    signed, until = values.get("signed_on"), values.get("valid_until")
    if signed and until and until < signed:
        raise DesignerNotSaved.because("ends_before_signing")
    for name in ("furniture_rate", "accessories_rate"):
        rate = values.get(name)
        if rate is not None and not 0 <= rate <= 100:
            raise DesignerNotSaved.because("rate_not_a_share")


def _save(designer: Designer) -> None:
    """Write the row; a number of somebody else's is a refusal, any other fault a defect."""
    try:
        with transaction.atomic():
            designer.save()
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", "") != ONE_A_NUMBER:
            raise
        raise DesignerNotSaved.because("number_is_known") from error


@transaction.atomic
def add_designer(
    *,
    name: str,
    phone: Phone | None,
    store: Store,
    keeper: Person | None,
    by: Person,
    now: datetime,
    key: UUID,
    **values: Any,
) -> Designer:
    """Write down a designer; the first call is due after the usual time. Raises DesignerNotSaved.

    `key` is the form's own id: sent twice, the same designer comes back.
    """
    if unknown := set(values) - set(FIELDS):
        raise TypeError(f"not fields of a designer: {sorted(unknown)}")
    with once(key=key, purpose="add_designer", by=by, content=name) as form:
        if form.result_id:
            return Designer.objects.get(pk=form.result_id)
        if not name:
            raise DesignerNotSaved.because("name_missing")
        _check(values)

        today = store.today(now)
        days = values.get("cadence_days") or parameters(today).designer_days
        designer = Designer(
            name=name,
            search=search_text(name, str(values.get("company", ""))),
            store=store,
            keeper=keeper,
            next_on=today + timedelta(days=days),
            added_at=now,
            added_by=by,
            **sealed(phone),
            **values,
        )
        _save(designer)
        audit.record(verb="add_designer", of=designer, by=by)
        form.result_id = designer.pk
    return designer


@transaction.atomic
def change_designer(
    *,
    designer: Designer,
    name: str,
    phone: Phone | None,
    keeper: Person | None,
    is_active: bool,
    by: Person,
    now: datetime,
    **values: Any,
) -> Designer:
    """Write what changed; no number leaves the number as it is. Raises DesignerNotSaved."""
    if unknown := set(values) - set(FIELDS):
        raise TypeError(f"not fields of a designer: {sorted(unknown)}")
    if not name:
        raise DesignerNotSaved.because("name_missing")
    _check(values)

    designer = Designer.objects.select_for_update(no_key=True).get(pk=designer.pk)
    wanted = {"name": name, "keeper": keeper, "is_active": is_active, **values}
    changed = [field for field, value in wanted.items() if getattr(designer, field) != value]
    for field in changed:
        setattr(designer, field, wanted[field])
    if phone is not None:
        changed.append("number")
        for field, value in sealed(phone).items():
            setattr(designer, field, value)
    designer.search = search_text(designer.name, designer.company)
    _save(designer)
    if changed:
        audit.record(verb="change_designer", of=designer, by=by, fields=changed)
    return designer


@transaction.atomic
def log_designer_contact(
    *,
    designer: Designer,
    channel: Channel,
    note: str,
    next_step: str,
    next_on: date | None,
    by: Person,
    now: datetime,
    key: UUID,
) -> DesignerContact:
    """Write down a contact and when the next one is due; without a day, after the usual time.

    Raises DesignerNotSaved.
    """
    with once(key=key, purpose="designer_contact", by=by, content=note) as form:
        if form.result_id:
            return DesignerContact.objects.get(pk=form.result_id)
        designer = Designer.objects.select_for_update(no_key=True).get(pk=designer.pk)
        today = designer.store.today(now)
        days = designer.cadence_days or parameters(today).designer_days
        next_on = next_on or today + timedelta(days=days)
        refuse_if(DesignerNotSaved, day_blockers(next_on, today=today))

        contact = DesignerContact.objects.create(
            designer=designer,
            at=now,
            by=by,
            channel=channel,
            note=note,
            next_step=next_step,
            next_on=next_on,
        )
        designer.last_contact_at, designer.next_on, designer.next_step = now, next_on, next_step
        designer.save(update_fields=["last_contact_at", "next_on", "next_step"])
        audit.record(verb="designer_contact", of=designer, by=by)
        form.result_id = contact.pk
    return contact
