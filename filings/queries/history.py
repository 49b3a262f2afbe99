"""What happened to leads, read from the journal into the words of the rules."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import cast

from core.queries import business_calendar
from customers.models import Customer
from filings.models import Deal, Filing, FilingEvent
from filings.queries.policies import terms_of
from filings.rules import Book, Clock, Terms
from filings.rules import events as happened
from filings.rules.events import Event
from filings.states import CrossState
from staff.models import Store

# Under which terms a filing is decided: its own policy's, or a what-if's.
TermsOf = Callable[[Filing], Terms]


def own_terms(filing: Filing) -> Terms:
    """The terms under which a filing came in (ADJ-07)."""
    return terms_of(filing.policy)


def clock_of(store: Store, *, terms: Terms) -> Clock:
    """In whose zone the days of a store's filings end; days off only where they matter."""
    calendar = business_calendar() if terms.roll_over_holidays else None
    return Clock(zone=store.tzinfo, calendar=calendar)


def filed_event(
    filing: Filing, *, at: datetime, terms: Terms, was: str | None, clock: Clock | None = None
) -> happened.Filed:
    """A filing as the rules see it come in; its elements were there, or it would be a draft."""
    return happened.Filed(
        at=at,
        filing=filing.pk,
        customer=filing.customer_id,
        project=filing.project_id,
        filer=filing.filer_id,
        channel=filing.channel,
        acquired_at=filing.acquired_at,
        terms=terms,
        clock=clock or clock_of(filing.store, terms=terms),
        noted_at=filing.noted_at,
        filer_region=filing.store.region_id,
        region=filing.region_id,
        is_cross_approved=filing.cross_state == CrossState.APPROVED,
        is_out_of_scope=filing.is_out_of_scope,
        was=was,
    )


class Journal:
    """The events of some customers' leads, in the order in which the system learnt of them.

    With `decides` admission is decided anew by the terms (the what-if, `verify`); else the book
    takes over what was decided at the time.
    """

    def __init__(
        self,
        rows: Iterable[FilingEvent],
        filings: dict[int, Filing],
        *,
        terms: TermsOf = own_terms,
        decides: bool = False,
        clocks: dict[tuple[int, bool], Clock] | None = None,
    ) -> None:
        self.rows, self.filings, self.terms, self.decides = rows, filings, terms, decides
        self.clocks = {} if clocks is None else clocks

    def events(self) -> Iterator[Event]:
        """Each row as an event of the rules."""
        for row in self.rows:
            yield self.event_of(row)

    def event_of(self, row: FilingEvent) -> Event:
        """One row of the journal in the words of the rules."""
        return getattr(self, f"_{row.kind}")(row)

    def _filed(self, row: FilingEvent) -> Event:
        filing = self.filings[cast(int, row.filing_id)]
        was, terms = None if self.decides else row.code, self.terms(filing)
        return filed_event(
            filing, at=row.at, terms=terms, was=was, clock=self._clock(filing, terms)
        )

    def _clock(self, filing: Filing, terms: Terms) -> Clock:
        """The clock of a filing's store; the calendar is read once, however many there are."""
        key = (filing.store_id, terms.roll_over_holidays)
        if key not in self.clocks:
            self.clocks[key] = clock_of(filing.store, terms=terms)
        return self.clocks[key]

    def _contacted(self, row: FilingEvent) -> Event:
        return happened.Contacted(
            at=row.at,
            contact=row.contact_id,
            person=row.person_id,
            customer=row.customer_id,
            project=row.project_id,
            occurred_at=row.occurred_at or row.at,
        )

    def _contact_voided(self, row: FilingEvent) -> Event:
        return happened.ContactVoided(at=row.at, contact=row.contact_id, customer=row.customer_id)

    def _measured(self, row: FilingEvent) -> Event:
        return happened.Measured(
            at=row.at,
            contact=row.contact_id,
            person=row.person_id,
            customer=row.customer_id,
            project=row.project_id,
        )

    def _asked(self, row: FilingEvent) -> Event:
        return happened.Asked(
            at=row.at,
            request=row.request_id,
            filing=row.filing_id,
            kind=row.code,
            held_until=row.until or row.at,
        )

    def _answered(self, row: FilingEvent) -> Event:
        return happened.Answered(
            at=row.at, request=row.request_id, filing=row.filing_id, until=row.until
        )

    def _reviewed(self, row: FilingEvent) -> Event:
        return happened.Rejected(at=row.at, filing=row.filing_id)

    def _released(self, row: FilingEvent) -> Event:
        return happened.Released(at=row.at, filing=row.filing_id)

    def _resumed(self, row: FilingEvent) -> Event:
        return happened.Resumed(at=row.at, filing=row.filing_id)

    def _withdrawn(self, row: FilingEvent) -> Event:
        return happened.Voided(at=row.at, filing=row.filing_id, because=row.code)

    def _joined(self, row: FilingEvent) -> Event:
        return happened.Joined(at=row.at, filing=row.filing_id)

    def _handed_over(self, row: FilingEvent) -> Event:
        return happened.HandedOver(at=row.at, filing=row.filing_id, holder=row.person_id)

    def _dealt(self, row: FilingEvent) -> Event:
        deal = cast(Deal, row.deal)
        return happened.Dealt(
            at=row.at,
            deal=row.deal_id,
            customer=row.customer_id,
            project=row.project_id,
            closer=deal.closer_id,
            closer_region=deal.store.region_id,
            region=deal.region_id,
            own_region=deal.own_region_id,
            is_cross_approved=deal.is_cross_approved,
            is_repeat=deal.is_repeat,
            keeper=deal.keeper_id,
            is_doubted=deal.is_doubted,
            is_new_project=deal.is_new_project,
            is_contested=deal.is_contested,
        )

    def _undone(self, row: FilingEvent) -> Event:
        deal = cast(Deal, row.deal)
        return happened.Undone(at=row.at, deal=row.deal_id, keeps_slot=deal.keeps_slot)

    def _credited(self, row: FilingEvent) -> Event:
        return happened.Credited(at=row.at, deal=row.deal_id, filing=row.filing_id)

    def _confirmed(self, row: FilingEvent) -> Event:
        if row.filing_id is not None:
            return happened.RuledFirst(at=row.at, filing=row.filing_id)
        return happened.Confirmed(at=row.at, project=row.project_id)


def journal_of(
    customers: Iterable[int], *, terms: TermsOf = own_terms, decides: bool = False
) -> Journal:
    """The journal of these customers: two statements, however many they are."""
    ids = list(customers)
    found = FilingEvent.objects.filter(customer__in=ids).select_related("deal__store")
    rows = list(found.order_by("pk"))  # first: a filing that comes meanwhile is in the second
    filings = Filing.objects.filter(customer__in=ids).select_related("policy", "store")
    return Journal(rows, {row.pk: row for row in filings}, terms=terms, decides=decides)


def book_of(customer: Customer | int) -> Book:
    """All filings of one customer as they stand after what has happened so far."""
    pk = customer if isinstance(customer, int) else customer.pk
    return Book().enter_all(journal_of([pk]).events())
