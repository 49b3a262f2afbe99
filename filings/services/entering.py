"""Entering what happened: into the journal, the book, and from there the stored state.

Every write of this room goes this way: the caller holds the customer, the book is opened from
the journal, one event is entered, and the filings that it changed are stored as the rules say.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Case, F, When
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused
from customers.models import Customer
from filings.models import Filing, FilingEvent, Protection
from filings.queries.history import Journal, journal_of
from filings.rules import Book, FilingState
from filings.rules.filing import Stretch
from filings.states import EventKind
from staff.models import Person

# Insert, or learn that somebody else protects the project: a plain insert against an exclusion
# constraint deadlocks when many come at once.
PROTECT = """
    INSERT INTO filings_protection (filing_id, project_id, during, withdrawn)
    VALUES (%s, %s, tstzrange(%s, %s), %s) ON CONFLICT DO NOTHING
"""


# A card merged into a card that was merged …: longer than any chain, shorter than for ever.
MOST_MERGES = 12


class AlreadyProtected(Refused):
    """Somebody else's filing protects this project; the database said so."""

    messages = {"filed_already": _("This customer has been filed already and is protected.")}


def hold_customer(pk: int, *, nowait: bool = False) -> Customer:
    """The customer under lock, and read fresh after it.

    Two statements: a locking read that joins the store finds nothing where somebody gives the
    customer to another store while it waits.
    """
    row = Customer.objects.filter(pk=pk).select_for_update(no_key=True, nowait=nowait)
    list(row.values_list("pk"))
    return Customer.objects.select_related("store", "owner").get(pk=pk)


class _Elsewhere(Exception):
    """The filing is on another card by now; raised so that the lock is let go."""


def hold_filing(filing: Filing) -> tuple[Filing, Customer]:
    """The filing fresh, its customer under lock.

    Where the card was merged meanwhile, or taken apart again, the one on which it is now: what is
    entered on another one would never reach the filing's book.
    """
    rows = Filing.objects.select_related("holder", "filer", "project", "store", "policy")
    pk = filing.customer_id
    for _merge in range(MOST_MERGES):
        try:
            with transaction.atomic():  # both cards at once would cross those who merge
                customer = hold_customer(pk)
                fresh = rows.get(pk=filing.pk)
                if fresh.customer_id != pk:
                    raise _Elsewhere
        except _Elsewhere:
            pk = fresh.customer_id
            continue
        return fresh, customer
    raise RuntimeError(f"filing {filing.pk} goes from card to card")


def moment(now: datetime | None) -> datetime:
    """The time of an act: the caller's, else the database's, read once under the lock."""
    return now or database_now()


class OpenBook:
    """One customer's book, open for one act; the caller holds the customer."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer
        self.journal: Journal = journal_of([customer.pk])
        self.rows = list(self.journal.rows)
        self.book = Book().enter_all(map(self.journal.event_of, self.rows))

    def moment(self, now: datetime | None) -> datetime:
        """The time of an act on this customer's leads: never before what was entered last.

        Contacts carry the time of the machine that took them, whose clock may differ.
        """
        at = moment(now)
        return max(at, self.rows[-1].at) if self.rows else at

    def enter(
        self,
        kind: EventKind,
        *,
        at: datetime,
        by: Person,
        person: Person | None = None,
        **facts: Any,
    ) -> FilingEvent:
        """Write one event, enter it into the book, and store what it changed."""
        before = dict(self.book.filings)
        row = FilingEvent.objects.create(
            at=self.moment(at), kind=kind, customer=self.customer, person=person, by=by, **facts
        )
        if row.filing is not None:
            self.journal.filings.setdefault(row.filing.pk, row.filing)
        self.rows.append(row)
        self.book.enter(self.journal.event_of(row))
        store_changes(before, self.book.filings)
        return row

    def enter_of(
        self, filing: Filing, kind: EventKind, *, at: datetime, by: Person, **facts: Any
    ) -> FilingEvent:
        """Enter what happened to one filing; it is its holder's, unless told whose."""
        facts.setdefault("person", filing.holder)
        return self.enter(kind, at=at, by=by, filing=filing, project=filing.project, **facts)


def store_changes(before: Mapping[Any, FilingState], after: Mapping[Any, FilingState]) -> None:
    """Store the filings that differ. Raises AlreadyProtected."""
    changed = [state for key, state in after.items() if before.get(key) != state]
    # What ends makes room before what begins takes it.
    for state in sorted(changed, key=lambda state: state.is_standing):
        store(state)


def stored_fields(state: FilingState) -> dict[str, Any]:
    """The columns of a filing that are worked out from its events."""
    return {
        "holder_id": state.holder,
        "invalid": state.invalid,
        "withdrawn": state.withdrawn,
        "ended": state.ended,
        "ended_at": state.ended_at,
        "acted_at": state.acted_at if not state.invalid else None,
        "update_due_at": state.update_due_at if not state.invalid else None,
        "protected_until": state.protected_until,
        "limit_at": state.limit_at,
        "measured_at": state.measured_at,
        "extended": state.extended,
    }


def _unswept(state: FilingState) -> dict[str, Any]:
    """What revives is swept anew: that it had lapsed was noted of the stretch before."""
    if not state.protected_until:
        return {}
    is_past = When(lapse_noted_at__lt=state.protected_until, then=None)
    return {"lapse_noted_at": Case(is_past, default=F("lapse_noted_at"))}


def store(state: FilingState) -> None:
    """Write one filing's state and its stretches. Raises AlreadyProtected."""
    Filing.objects.filter(pk=state.filing).update(**stored_fields(state), **_unswept(state))
    rows = list(Protection.objects.filter(filing=state.filing).order_by("pk"))
    is_withdrawn = bool(state.withdrawn)
    for row, stretch in zip(rows, state.stretches, strict=False):
        during = DateTimeTZRange(stretch.starts_at, stretch.ends_at)
        if (row.during, row.withdrawn) != (during, is_withdrawn):
            _move(row, during, is_withdrawn=is_withdrawn)
    for stretch in state.stretches[len(rows) :]:
        _protect(state, stretch)


def _move(row: Protection, during: DateTimeTZRange, *, is_withdrawn: bool) -> None:
    """What moves, or stands again, may meet what somebody else has filed since."""
    try:
        with transaction.atomic():
            Protection.objects.filter(pk=row.pk).update(during=during, withdrawn=is_withdrawn)
    except IntegrityError as error:
        raise AlreadyProtected.because("filed_already") from error


def _protect(state: FilingState, stretch: Stretch) -> None:
    with connection.cursor() as cursor:
        during = [stretch.starts_at, stretch.ends_at]
        cursor.execute(PROTECT, [state.filing, state.project, *during, bool(state.withdrawn)])
        if cursor.rowcount == 0:
            raise AlreadyProtected.because("filed_already")
