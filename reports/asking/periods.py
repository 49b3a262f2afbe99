"""A month, a quarter or a year: how it is written, where it begins and ends."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.calendars import add_months
from reports.asking.parameters import ReportNotMade

_WRITTEN = re.compile(r"(?P<year>20\d\d)(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


@dataclass(frozen=True, kw_only=True)
class Period:
    """So many whole months from the first of one: 1, 3 or 12."""

    begins: date
    months: int

    @property
    def ends(self) -> date:
        """Its last day."""
        return add_months(self.begins, self.months) - timedelta(days=1)

    @property
    def text(self) -> str:
        """As it is written: 2026-03, 2026-Q1, 2026."""
        if self.months == 12:
            return f"{self.begins.year}"
        if self.months == 3:
            return f"{self.begins.year}-Q{(self.begins.month + 2) // 3}"
        return f"{self.begins:%Y-%m}"

    @property
    def label(self) -> str:
        """As people say it."""
        if self.months == 12:
            return _("the year %(year)s") % {"year": self.begins.year}
        if self.months == 3:
            number = (self.begins.month + 2) // 3
            return _("quarter %(number)s of %(year)s") % {
                "number": number, "year": self.begins.year,
            }  # fmt: skip
        # Translators: Django's date format of a month with its year; Y年n月 in Chinese
        return date_format(self.begins, _("F Y"))

    @property
    def since(self) -> datetime:
        """Its first moment, in the company's zone."""
        return datetime.combine(self.begins, datetime.min.time(), timezone.get_default_timezone())

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        after = add_months(self.begins, self.months)
        return datetime.combine(after, datetime.min.time(), timezone.get_default_timezone())

    def moved(self, count: int) -> "Period":
        """The period so many further on."""
        return Period(begins=add_months(self.begins, count * self.months), months=self.months)


def period_around(day: date, *, months: int) -> Period:
    """The month, quarter or year in which this day lies."""
    first = (day.month - 1) // months * months + 1
    return Period(begins=day.replace(month=first, day=1), months=months)


def read_period(name: str, text: str) -> Period:
    """`2026-03`, `2026-Q1` or `2026`. Raises ReportNotMade."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise ReportNotMade.because("not_a_period", name=name)
    year = int(found["year"])
    if found["quarter"]:
        return Period(begins=date(year, int(found["quarter"]) * 3 - 2, 1), months=3)
    if found["month"]:
        return Period(begins=date(year, int(found["month"]), 1), months=1)
    return Period(begins=date(year, 1, 1), months=12)


def read_month(name: str, text: str) -> Period:
    """`2026-03`. Raises ReportNotMade."""
    try:
        period = read_period(name, text)
    except ReportNotMade as refusal:
        raise ReportNotMade.because("not_a_month", name=name) from refusal
    if period.months != 1:
        raise ReportNotMade.because("not_a_month", name=name)
    return period
