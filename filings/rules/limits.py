"""The limits of a filing: pure day arithmetic over the terms (FIL-13, FIL-14, FIL-16, FIL-27)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from core.calendars import BusinessCalendar
from filings.rules.terms import Terms
from filings.states import LapseTest

ONE_DAY = timedelta(days=1)


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


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Days on whose 24:00 a limit ends (FIL-27); calendar days, the first not counted."""

    update_by: date
    protected_until: date
    measure_by: date | None


def _rolled(day: date, *, terms: Terms, clock: Clock) -> date:
    """The day itself; where the terms roll over holidays, the next working day."""
    if not terms.roll_over_holidays or clock.calendar is None:
        return day
    while not clock.calendar.is_working(day):
        day += ONE_DAY
    return day


def limits(*, acted_on: date, filed_on: date, terms: Terms, is_field: bool) -> Limits:
    """Until when a filing is to be updated, is protected, and asks for measuring or a deposit.

    Counted from the last effective act (FIL-13, FIL-14) and from the filing itself (FIL-16); a
    store filing has no such limit (FIL-18).
    """
    return Limits(
        update_by=acted_on + timedelta(days=terms.update_days),
        protected_until=acted_on + timedelta(days=terms.protection_days),
        measure_by=filed_on + timedelta(days=terms.field_limit_days) if is_field else None,
    )


def update_due(*, acted_at: datetime, terms: Terms, clock: Clock) -> datetime:
    """Until when the next follow-up is owed (FIL-13): a duty, no loss."""
    day = clock.day(acted_at) + timedelta(days=terms.update_days)
    return clock.end_of(_rolled(day, terms=terms, clock=clock))


def silence_end(*, acted_at: datetime, filed_at: datetime, terms: Terms, clock: Clock) -> datetime:
    """Until when silence since `acted_at` is borne (FIL-14).

    Where a missed update loses, an update that was due within the days of protection counted from
    the filing ends it already (decision 13).
    """
    acted_on = clock.day(acted_at)
    if terms.lapse_test == LapseTest.MISSED_UPDATE:
        due_on = acted_on + timedelta(days=terms.update_days)
        if due_on <= clock.day(filed_at) + timedelta(days=terms.protection_days):
            return clock.end_of(_rolled(due_on, terms=terms, clock=clock))
    day = acted_on + timedelta(days=terms.protection_days)
    return clock.end_of(_rolled(day, terms=terms, clock=clock))


def field_limit(*, filed_at: datetime, terms: Terms, clock: Clock) -> datetime:
    """Until when a field filing needs measuring done or a deposit (FIL-16)."""
    day = clock.day(filed_at) + timedelta(days=terms.field_limit_days)
    return clock.end_of(_rolled(day, terms=terms, clock=clock))


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
