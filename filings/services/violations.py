"""Recording what was done against the scheme: who, when, about what; no fines (FIL-39)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from core.services import audit
from customers.models import Contact, Customer
from filings.models import Deal, Filing, Violation
from filings.states import Invalid, ViolationKind
from staff.models import Person, Store

# What a refused filing is recorded as; a later filer has done nothing wrong.
OF_REFUSAL = {
    Invalid.AFTER_DEAL: ViolationKind.AFTER_DEAL,
    Invalid.LATE_24H: ViolationKind.LATE,
    Invalid.OVER_QUOTA: ViolationKind.OVER_QUOTA,
    Invalid.CROSS_REGION: ViolationKind.CROSS_REGION_FILING,
}


class ViolationNotCleared(Refused):
    """A violation was not taken from the list."""

    messages = {
        "reason_missing": _("Say why it counts no more."),
        "cleared_already": _("Somebody has cleared this already."),
    }


def note_violation(
    kind: ViolationKind,
    *,
    person: Person,
    customer: Customer,
    moment: datetime,
    store: Store | None = None,
    filing: Filing | None = None,
    deal: Deal | None = None,
    contact: Contact | None = None,
) -> None:
    """Write down one violation; noted again, it stays one."""
    row = Violation(
        kind=kind,
        person=person,
        customer=customer,
        store=store or person.store,
        filing=filing,
        deal=deal,
        contact=contact,
        moment=moment,
    )
    Violation.objects.bulk_create([row], ignore_conflicts=True)


def note_refused(filing: Filing, *, because: Invalid, at: datetime) -> None:
    """A filing that was refused for what its filer did (FIL-39)."""
    kind = OF_REFUSAL.get(because)
    if kind is not None:
        note_violation(
            kind, person=filing.filer, customer=filing.customer, filing=filing,
            store=filing.store, moment=at,
        )  # fmt: skip


@transaction.atomic
def clear_violation(*, violation: Violation, note: str, by: Person, now: datetime) -> None:
    """Somebody who may has seen that it was none. Raises ViolationNotCleared."""
    if not note.strip():
        raise ViolationNotCleared.because("reason_missing")
    cleared = Violation.objects.filter(pk=violation.pk, cleared_at=None).update(
        cleared_at=now, cleared_by=by, clear_note=note.strip()[:200]
    )
    if not cleared:
        raise ViolationNotCleared.because("cleared_already")
    audit.record(verb="clear_violation", of=violation, by=by, reason=note)
