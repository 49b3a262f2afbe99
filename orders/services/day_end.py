"""Signing the end of a day: finance keeps what it counted; what changes later shows (ORD-29)."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused
from core.services import audit
from orders.models import DayEnd
from orders.queries.day_end import day_of
from orders.states import OrderState
from staff.models import Person, Store


class DayNotClosed(Refused):
    """A day was not signed."""

    messages = {
        "in_future": _("This day has not come yet."),
        "closed_already": _("This day is signed already. What changed since is shown."),
        "changed": _("Something changed since you opened the page. Look at it again, then sign."),
    }


@transaction.atomic
def close_day(
    *,
    store: Store,
    day: date,
    note: str = "",
    seen: str = "",
    by: Person,
    now: datetime | None = None,
) -> DayEnd:
    """Sign what this store ordered and received that day.

    `seen` is what stood on the page (`mark_of`); where it is true no more, nothing is signed.
    Raises DayNotClosed.
    """
    at = now or database_now()
    if day > store.today(at):
        raise DayNotClosed.because("in_future")
    found = day_of(store, day)
    if seen and seen != mark_of(found):
        raise DayNotClosed.because("changed")
    standing = [each for each in found.orders if each.state != OrderState.CANCELLED]
    try:
        with transaction.atomic():
            end = DayEnd.objects.create(
                store=store,
                day=day,
                orders=len(standing),
                ordered=found.ordered,
                payments=len(found.payments),
                received=found.received,
                note=note.strip()[:400],
                closed_at=at,
                closed_by=by,
            )
    except IntegrityError as error:
        raise DayNotClosed.because("closed_already") from error

    audit.record(verb="close_day", of=end, by=by, day=day.isoformat())
    return end


def mark_of(day) -> str:
    """What was counted, in short: it comes back with the signature."""
    return f"{len(day.orders)}:{day.ordered}:{len(day.payments)}:{day.received}"
