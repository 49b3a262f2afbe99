"""How much of a month's quota is used (FIL-24, FIL-25)."""

from datetime import date, datetime, time

from django.db.models import Q

from filings.models import Deal, Filing
from filings.rules.events import Slots
from filings.states import Channel, RefillMonth, Withdrawn
from staff.models import Person, Store


def _month(day: date, store: Store) -> tuple[datetime, datetime]:
    """The month of a day from its first moment to the first of the next, in the store's zone."""
    first = day.replace(day=1)
    following = (first.replace(year=first.year + 1, month=1) if first.month == 12
                 else first.replace(month=first.month + 1))  # fmt: skip
    zone = store.tzinfo
    return datetime.combine(first, time(), zone), datetime.combine(following, time(), zone)


def slots_of(person: Person, *, store: Store, day: date, refill: RefillMonth | str) -> Slots:
    """What counts in the month of `day`: admitted field filings, and deals that refilled.

    What was refused or rejected on review frees its slot; what lapsed, was released or voided
    keeps it. A deal counts for the holder whose filing won it, as long as it stands.
    """
    begins, ends = _month(day, store)
    admitted = Filing.objects.filter(
        ~Q(withdrawn=Withdrawn.REJECTED),
        filer=person,
        channel=Channel.FIELD,
        submitted_at__gte=begins,
        submitted_at__lt=ends,
        invalid="",
    )
    deals = Deal.objects.filter(
        undone_at=None, filing__holder=person, filing__channel=Channel.FIELD
    )
    if refill == RefillMonth.FILING:
        deals = deals.filter(filing__submitted_at__gte=begins, filing__submitted_at__lt=ends)
    else:
        deals = deals.filter(at__gte=begins, at__lt=ends)
    return Slots(admitted=admitted.count(), deals=deals.count())
