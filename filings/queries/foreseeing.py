"""What a contact would do to somebody's filing, said before it is logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef

from filings.models import Deal, Filing
from filings.queries.history import clock_of
from filings.queries.policies import terms_of
from filings.queries.standing import ADMITTED
from filings.rules.limits import silence_end

INSTANT = timedelta(microseconds=1)
IS_STANDING = Exists(Filing.objects.filter(ADMITTED, customer=OuterRef("pk"), ended=""))


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """Until which day a filing protects now, and would once the customer is reached (FIL-14).

    `is_void`: nobody measured in time, and no contact revives it (FIL-16). `limit_on` is the day
    by which a home is to be measured, None where it has been or need not be.
    """

    filing_id: int
    is_protected: bool
    is_void: bool
    now_on: date
    then_on: date
    limit_on: date | None
    measured_on: date

    @property
    def is_longer(self) -> bool:
        return self.then_on > self.now_on


def foreseen(customer: int, *, holders: Sequence[int], now: datetime) -> Foreseen | None:
    """Of the filing that one of these people holds, the one that ends first; None without any.

    A filing whose project has a deal rests: nothing is to be said of it. One statement.
    """
    deals = Deal.objects.filter(project=OuterRef("project"), undone_at=None)
    rows = Filing.objects.filter(
        ~Exists(deals), ADMITTED, customer=customer, holder__in=holders, ended=""
    )
    found = rows.select_related("policy", "store").order_by("protected_until", "pk")
    # A protected one before what lapsed.
    filings = sorted(found, key=lambda each: (each.protected_until or now) <= now)
    return _of(filings[0], now=now) if filings else None


def _of(filing: Filing, *, now: datetime) -> Foreseen:
    until = filing.protected_until or now
    limit = filing.limit_at if filing.measured_at is None else None
    terms = terms_of(filing.policy)
    filed_at = filing.submitted_at or now
    clock = clock_of(filing.store, terms=terms)
    silent = silence_end(acted_at=now, filed_at=filed_at, terms=terms, clock=clock)

    def last_day(at: datetime) -> date:
        return filing.store.today(at - INSTANT)  # 24:00 belongs to the day that ends

    return Foreseen(
        filing_id=filing.pk,
        is_protected=until > now,
        is_void=limit is not None and until <= now and limit <= now,
        now_on=last_day(until),
        then_on=last_day(max(until, silent if limit is None else min(silent, limit))),
        limit_on=last_day(limit) if limit is not None else None,
        measured_on=last_day(max(until, silent)),
    )
