"""The limits of a filing: pure day arithmetic over the terms (FIL-13, FIL-14, FIL-16, FIL-27)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from core.calendars import BusinessCalendar
from filings.rules.terms import Terms
from filings.states import LapseTest

ONE_DAY = timedelta(days=1)
# A filing handed on, or given up for a colleague, so long before one of its ends is looked at.
SHORTLY_BEFORE = timedelta(days=2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """In which zone a filing's days end, and which days are working days."""

    zone: tzinfo
    calendar: BusinessCalendar | None = None

    def day(self, at: datetime) -> date:
        """The business day of a moment."""
        return at.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """24:00 of a day: the first moment that is no longer in time."""
        return datetime.combine(day + ONE_DAY, time(), tzinfo=self.zone)


def _end_after(day: date, days: int, *, terms: Terms, clock: Clock) -> datetime:
    """24:00 of the last of so many calendar days, the first not counted (FIL-27).

    Where the terms roll over holidays, of the next working day.
    """
    last = day + timedelta(days=days)
    if terms.roll_over_holidays and clock.calendar is not None:
        while not clock.calendar.is_working(last):
            last += ONE_DAY
    return clock.end_of(last)


def update_due(*, acted_at: datetime, terms: Terms, clock: Clock) -> datetime:
    """Until when the next follow-up is owed (FIL-13): a duty, no loss."""
    return _end_after(clock.day(acted_at), terms.update_days, terms=terms, clock=clock)


def silence_end(*, acted_at: datetime, filed_at: datetime, terms: Terms, clock: Clock) -> datetime:
    """Until when silence since `acted_at` is borne (FIL-14).

    Where a missed update loses, an update that was due within the days of protection counted from
    the filing ends it already (decision 13).
    """
    acted_on = clock.day(acted_at)
    if terms.lapse_test == LapseTest.MISSED_UPDATE:
        due_on = acted_on + timedelta(days=terms.update_days)
        if due_on <= clock.day(filed_at) + timedelta(days=terms.protection_days):
            return update_due(acted_at=acted_at, terms=terms, clock=clock)
    return _end_after(acted_on, terms.protection_days, terms=terms, clock=clock)


def field_limit(*, filed_at: datetime, terms: Terms, clock: Clock) -> datetime:
    """Until when a field filing needs measuring done or a deposit (FIL-16)."""
    return _end_after(clock.day(filed_at), terms.field_limit_days, terms=terms, clock=clock)


def is_shortly_before(end: datetime, *, at: datetime) -> bool:
    """Whether what is handed on at this moment had so little time left that operations look at it
    (FIL-39).
    """
    return timedelta(0) <= end - at <= SHORTLY_BEFORE


def is_late(*, acquired_at: datetime, tested_at: datetime, terms: Terms) -> bool:
    """Filed later than the hours allow after the customer's data were had (FIL-26).

    To the second, the end included: 24:00:00 is in time.
    """
    passed = tested_at - acquired_at
    return passed.days * 86_400 + passed.seconds > terms.file_within_hours * 3_600


def month_of(at: datetime, *, clock: Clock) -> str:
    """The calendar month in whose quota a filing counts (FIL-24), as 2026-03."""
    day = clock.day(at)
    return f"{day.year:04d}-{day.month:02d}"
