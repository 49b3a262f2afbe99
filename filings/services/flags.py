"""What is flagged of a filing that came in: for its reviewer, and for operations (FIL-39)."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from customers.models import CustomerPhone, HouseholdMember, KeyPerson
from customers.queries import suspected_to_be
from filings.models import Deal, Filing, FilingEvent
from filings.queries.standing import ADMITTED
from filings.rules.limits import is_shortly_before
from filings.services.acquiring import knew_longer
from filings.services.violations import note_violation
from filings.states import EventKind, FilingNote, ViolationKind, Withdrawn

# A release shortly before the limit to measure, and a filing so soon after it, is a swap.
SOON_AFTER = timedelta(hours=24)


def note_flags(filing: Filing, *, at: datetime) -> None:
    """Flag what looks like a way around the limits; the filing stands all the same.

    The caller holds the customer; nobody who files is told of another's filing by it.
    """
    notes = list(filing.notes)
    if _is_refiled(filing, at=at):
        notes.append(FilingNote.REFILED)
        _note(ViolationKind.REFILED, filing, at=at)
    if _is_number_of_kin(filing, at=at):
        notes.append(FilingNote.NUMBER_IN_NOTE)
        _note(ViolationKind.SAME_PHONE_OTHERWISE, filing, at=at)
    if knew_longer(filing, at=at):
        notes.append(FilingNote.KNEW_LONGER)
    if len(notes) > len(filing.notes):
        Filing.objects.filter(pk=filing.pk).update(notes=notes)
        filing.notes = notes
    _note_swap(filing, at=at)


def _note(kind: ViolationKind, filing: Filing, *, at: datetime) -> None:
    note_violation(
        kind, person=filing.filer, customer=filing.customer, filing=filing, store=filing.store,
        moment=at,
    )  # fmt: skip


def _is_refiled(filing: Filing, *, at: datetime) -> bool:
    """The same person released, took back or let lapse a filing of this customer just before, or of
    one who may be the same under another number (FIL-32).
    """
    cards = {filing.customer_id, *suspected_to_be(filing.customer_id)}
    since = at - timedelta(days=filing.policy.refile_wait_days)
    voided = FilingEvent.objects.filter(
        filing=OuterRef("pk"), kind=EventKind.WITHDRAWN, code=Withdrawn.VOIDED, at__gte=since
    )
    sold = Deal.objects.filter(filing=OuterRef("pk"), undone_at=None)
    before = Filing.objects.filter(
        ~Exists(sold), customer__in=cards, filer=filing.filer_id, invalid="",
        submitted_at__isnull=False,
    ).exclude(pk=filing.pk)  # fmt: skip
    over = Q(withdrawn="", protected_until__gte=since, protected_until__lte=at)
    given_up = Q(withdrawn="", ended_at__gte=since)
    return before.filter(over | given_up | Q(Exists(voided))).exists()


def _is_number_of_kin(filing: Filing, *, at: datetime) -> bool:
    """A number of this card is kept of somebody close to a customer whom another has filed."""
    numbers = CustomerPhone.objects.filter(customer=filing.customer_id, is_placeholder=False)
    keys = list(numbers.values_list("key", flat=True))
    close: set[int] = set()
    for people in (HouseholdMember, KeyPerson):
        found = people._default_manager.filter(key__in=keys).exclude(customer=filing.customer_id)
        close.update(found.values_list("customer", flat=True))
    if not close:
        return False
    held = Filing.objects.filter(ADMITTED, customer__in=close, ended="", protected_until__gt=at)
    return held.exclude(holder=filing.filer_id).exists()


def _note_swap(filing: Filing, *, at: datetime) -> None:
    """A colleague files what was released just before its limit: the days begin anew (FIL-16)."""
    releases = FilingEvent.objects.filter(
        kind=EventKind.RELEASED, customer=filing.customer_id, project=filing.project_id,
        at__gte=at - SOON_AFTER, filing__store=filing.store_id, filing__measured_at=None,
        filing__limit_at__isnull=False,
    ).exclude(filing__holder=filing.filer_id)  # fmt: skip
    for event in releases.select_related("filing__holder", "filing__store").order_by("pk"):
        released = event.filing
        if released is None or released.limit_at is None:
            continue
        if is_shortly_before(released.limit_at, at=event.at):
            note_violation(
                ViolationKind.HANDED_AT_LIMIT, person=released.holder, customer=filing.customer,
                filing=released, store=released.store, moment=at,
            )  # fmt: skip
            _note(ViolationKind.HANDED_AT_LIMIT, filing, at=at)
