"""How much of a month's quota is used (FIL-24, FIL-25)."""

from datetime import date, datetime, time

from django.db.models import Min, Q

from filings.models import Filing
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
    keeps it. A deal whose filing won counts for who was credited or has a share of it, whoever
    holds the filing now, as long as it stands, and after that where its slot was used by then;
    however many deposits a customer pays, they close once.
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
    counting = Q(deals__undone_at=None) | Q(deals__keeps_slot=True)
    standing = Q(deals__refills=person) & counting
    own = Filing.objects.filter(standing, channel=Channel.FIELD)
    won = own.annotate(first=Min("deals__at", filter=standing))
    if refill == RefillMonth.FILING:
        won = won.filter(first__isnull=False, submitted_at__gte=begins, submitted_at__lt=ends)
    else:
        won = won.filter(first__gte=begins, first__lt=ends)
    return Slots(admitted=admitted.count(), deals=won.count())
