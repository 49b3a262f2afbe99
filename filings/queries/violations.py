"""What was done against the scheme, for operations and for who leads (FIL-39, XRG-05)."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.utils import timezone

from customers.queries import are_visible
from filings.models import Violation
from staff.scope import Reach

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Seen(TypedDict):
        is_within: bool

    SeenViolation = WithAnnotations[Violation, _Seen]
else:
    SeenViolation = Violation

WEEK = timedelta(days=7)


def visible_violations(reach: Reach) -> QuerySet[SeenViolation]:
    """What people of the stores within reach did; operations see all.

    `is_within` says whether the reader sees the customer, too: a colleague of another store may
    have filed somebody else's.
    """
    rows = Violation.objects.select_related("person", "store", "customer", "filing", "cleared_by")
    if reach.sees_all:
        return rows.annotate(is_within=Value(True))
    rows = rows.filter(store__in=reach.store_ids)
    seen = When(are_visible(reach, path="customer"), then=Value(True))
    return rows.annotate(is_within=Case(seen, default=Value(False)))


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def in_week(rows: QuerySet[Violation], monday: date) -> QuerySet[Violation]:
    """What happened in the seven days from this Monday."""
    begins = datetime.combine(monday, time(), timezone.get_current_timezone())
    return rows.filter(moment__gte=begins, moment__lt=begins + WEEK)


def counts_by(rows: QuerySet[Violation], field: str) -> Mapping[object, int]:
    """How many rows each value of a column has, the most first."""
    counted = rows.order_by().values_list(field).annotate(count=Count("pk"))
    return dict(counted.order_by("-count", field))


def of_open(rows: QuerySet[Violation]) -> QuerySet[Violation]:
    """Those that count: nobody has cleared them."""
    return rows.filter(Q(cleared_at=None))
