"""Updates that were missed (FIL-13): noted once, and struck where a contact came in time after all.

The sweep finds what is missed by now; what an act changes of the past is settled with the act.
"""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from customers.models import Customer
from filings.models import Deal, Filing, Violation
from filings.rules import FilingState
from filings.rules.filing import missed_updates
from filings.services.entering import OpenBook
from filings.services.violations import note_violation
from filings.states import ViolationKind
from staff.models import Person
from staff.services.system import system_account


def settle_missed(open_book: OpenBook, *, holder: Person, at: datetime) -> None:
    """What this person missed on the customer's filings, as the book has it now.

    The caller holds the customer, and has entered what happened.
    """
    customer = open_book.customer
    states = [
        state
        for state in open_book.book.of_customer(customer.pk)
        if state.is_standing and state.holder == holder.pk
    ]
    rows = Violation.objects.filter(
        kind=ViolationKind.UPDATE_MISSED, customer=customer, person=holder
    )
    known = {row.moment: row for row in rows.select_related("cleared_by")}
    deals = list(Deal.objects.filter(customer=customer)) if states else []
    for state in states:
        missed = {moment for moment in missed_updates(state, at) if _counts(state, moment, deals)}
        _note(state, missed - known.keys(), customer=customer, holder=holder)
        _strike([row for row in known.values() if row.filing_id == state.filing], missed, at=at)


def _counts(state: FilingState, moment: datetime, deals: Iterable[Deal]) -> bool:
    """Whether the holder owed an update then: the filing theirs, and no deal standing."""
    if moment <= state.held_since:
        return False
    return not any(
        deal.project_id == state.project
        and deal.at <= moment
        and (deal.undone_at is None or deal.undone_at > moment)
        for deal in deals
    )


def _note(state: FilingState, missed: set[datetime], *, customer: Customer, holder: Person) -> None:
    if not missed:
        return
    filing = Filing.objects.select_related("store").get(pk=state.filing)
    for moment in sorted(missed):
        note_violation(
            ViolationKind.UPDATE_MISSED, person=holder, customer=customer, filing=filing,
            store=filing.store, moment=moment,
        )  # fmt: skip


def _strike(rows: Iterable[Violation], missed: set[datetime], *, at: datetime) -> None:
    """What was not missed after all counts no more; taken back, the contact leaves it missed."""
    wrong, right = [], []
    for row in rows:
        if row.moment not in missed and row.cleared_at is None:
            wrong.append(row.pk)
        elif row.moment in missed and row.cleared_by and row.cleared_by.is_system:
            right.append(row.pk)
    if wrong:
        Violation.objects.filter(pk__in=wrong).update(
            cleared_at=at,
            cleared_by=system_account(),
            clear_note=_("Followed up in time after all"),
        )
    if right:
        Violation.objects.filter(pk__in=right).update(
            cleared_at=None, cleared_by=None, clear_note=""
        )
