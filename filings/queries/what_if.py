"""A period replayed under other terms: which rulings would flip. Nothing is written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import cast

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Window
from django.utils import timezone

from core.queries import business_calendar
from filings.models import Deal, Filing, FilingEvent
from filings.queries.history import Journal
from filings.queries.policies import terms_of
from filings.rules import Clock, Terms
from filings.rules.replaying import Compared, Replay
from filings.states import EventKind

# Rows between two words of how far it is.
STEP = 2000

Advance = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Period:
    """The days whose rulings are replayed, the last included, and of which trade."""

    trade: str
    first: date
    last: date

    @property
    def begins(self) -> datetime:
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        return _midnight(self.last + timedelta(days=1))

    @property
    def counts_from(self) -> datetime:
        """From where the months of the quota are replayed whole."""
        return _midnight(self.first.replace(day=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


def _rows(period: Period) -> QuerySet[FilingEvent]:
    """All that is told, up to the end of the period, of customers with something in its months.

    `last` is the number of the customer's last row: then they can be forgotten.
    """
    told = FilingEvent.objects.filter(
        customer=OuterRef("customer"), at__gte=period.counts_from, at__lt=period.ends
    )
    filed = Filing.objects.filter(customer=OuterRef("customer"), store__trade=period.trade)
    dealt = Deal.objects.filter(customer=OuterRef("customer"), store__trade=period.trade)
    rows = FilingEvent.objects.filter(
        Q(Exists(filed)) | Q(Exists(dealt)), Exists(told), at__lt=period.ends
    )
    return (
        rows.select_related("filing__store", "filing__policy", "deal__store")
        .annotate(last=Window(Max("pk"), partition_by="customer_id"))
        .order_by("pk")
    )


class _OwnTerms:
    """The terms of each filing's own policy, worked out once a policy."""

    def __init__(self) -> None:
        self.known: dict[int, Terms] = {}

    def __call__(self, filing: Filing) -> Terms:
        if filing.policy_id not in self.known:
            self.known[filing.policy_id] = terms_of(filing.policy)
        return self.known[filing.policy_id]


def compare(period: Period, *, terms: Terms, advance: Advance) -> Iterator[Compared]:
    """Each ruling of the period, decided as it was and under `terms`, in order of time.

    Read in a stream; a customer is let go of after their last row, so that memory holds those
    who are between two rows.
    """
    rows = _rows(period)
    total = FilingEvent.objects.filter(pk__in=rows.values("pk")).count()
    clock = Clock(
        zone=timezone.get_default_timezone(),
        calendar=business_calendar() if terms.roll_over_holidays else None,
    )
    replay = Replay(terms=terms, clock=clock, counts_from=period.counts_from)
    journal = Journal((), {}, terms=_OwnTerms())
    for done, row in enumerate(rows.iterator(chunk_size=STEP)):
        if done % STEP == 0:
            advance(done, total)
        found = _entered(row, replay, journal, period)
        if found is not None and found.at >= period.begins:
            yield found
        if row.pk == row.last:  # type: ignore[attr-defined]  # annotated
            replay.forget(row.customer_id)
    advance(total, total)


def _entered(row: FilingEvent, replay: Replay, journal: Journal, period: Period) -> Compared | None:
    if row.kind == EventKind.FILED:
        filing = cast(Filing, row.filing)
        event = Journal(
            (), {filing.pk: filing}, terms=journal.terms, clocks=journal.clocks
        ).event_of(row)
        return replay.enter(event, is_concerned=filing.store.trade == period.trade)
    event = journal.event_of(row)
    if row.kind == EventKind.DEALT:
        deal = cast(Deal, row.deal)
        is_concerned = deal.store.trade == period.trade
        found = replay.enter(event, is_concerned=is_concerned, amount=deal.amount)
        return found if is_concerned else None
    return replay.enter(event)
