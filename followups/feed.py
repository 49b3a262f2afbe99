"""A person's calendar as an iCalendar file (RFC 5545), for the calendar of a phone or of Outlook.

It is read by machines outside, so it says little: what kind of work, the surname alone, and the
address of the page that says the rest to whoever may see it.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from icalendar import Calendar, Event

from core.names import surname_alone
from core.phones import mask_in_text
from core.web_address import outside
from customers.models import Appointment
from customers.states import AppointmentKind
from followups import rules
from followups.models import Task
from followups.queries.feeds import Feed
from followups.states import Way
from staff.models import Person

HALF_HOUR = timedelta(minutes=30)
HOUR = timedelta(hours=1)
KINDS = {
    Way.CALL: gettext_lazy("Call a customer"),
    Way.WECHAT: gettext_lazy("Write to a customer"),
    Way.STORE_VISIT: gettext_lazy("Receive a customer"),
    Way.HOME_VISIT: gettext_lazy("Visit a customer"),
    Way.MEASURING: gettext_lazy("Measure a home"),
    Way.TEST_DRIVE: gettext_lazy("Test drive"),
    Way.LETTER: gettext_lazy("Send a letter"),
    Way.GREETING: gettext_lazy("Send a greeting"),
}


def calendar_file(feed: Feed, *, person: Person) -> bytes:
    """The file, in the language that is active; the same rows give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Genjin//Follow-up//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Genjin: %(name)s") % {"name": person.name})
    calendar.add("refresh-interval", HOUR, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", HOUR)
    for event in _events(feed, person):
        calendar.add_component(event)
    return calendar.to_ical()


def etag_of(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _events(feed: Feed, person: Person) -> Iterator[Event]:
    for task in feed.tasks:
        yield _task(task, person)
    for appointment in feed.appointments:
        yield _appointment(appointment, person)


def _for(summary: str, *, keeper: Person | None, person: Person) -> str:
    """What an entry says; for whom, where it is another's work (FUP-30)."""
    if keeper is None or keeper == person:
        return summary
    return _("%(entry)s (for %(person)s)") % {
        "entry": summary,
        "person": mask_in_text(keeper.name),
    }


def _event(uid: str, *, summary: str, path: str, changed_at: datetime) -> Event:
    event = Event()
    host = urlsplit(settings.BASE_URL).hostname
    event.add("uid", f"{uid}@{host}")
    # When it was made, not when it is read: so that an unchanged calendar is the same file.
    event.add("dtstamp", changed_at.astimezone(UTC))
    event.add("last-modified", changed_at.astimezone(UTC))
    event.add("summary", summary)
    event.add("url", outside(path))
    event.add("class", "PRIVATE")
    return event


def _task(task: Task, person: Person) -> Event:
    """A task: at its hour where it has one, else on its day, which stays free for others."""
    reasons = task.open_reasons  # type: ignore[attr-defined]  # prefetched by `feed_of`
    ways = [row.way or row.step.way for row in reasons]
    way = task.letter.way if task.letter else rules.leading_way(ways, quiet=task.customer.quiet)
    event = _event(
        f"task-{task.pk}",
        summary=_for(
            f"{KINDS[Way(way)]} · {surname_alone(task.customer.name)}",
            keeper=task.assignee,
            person=person,
        ),
        path=reverse("desk:customer", args=[task.customer_id]),
        changed_at=max([task.made_at, *(row.made_at for row in reasons)]),
    )
    if task.is_timed:
        _at(event, task.due_at, task.due_at + HALF_HOUR)
    else:
        _on(event, task.day)
    return event


def _appointment(row: Appointment, person: Person) -> Event:
    event = _event(
        f"appointment-{row.pk}",
        summary=_for(
            f"{AppointmentKind(row.kind).label} · {surname_alone(row.customer.name)}",
            keeper=row.person,
            person=person,
        ),
        path=reverse("followups:appointment", args=[row.pk]),
        changed_at=row.closed_at or row.made_at,
    )
    # Kept or missed is a change of what was published as booked.
    event.add("sequence", 1 if row.closed_at else 0)
    _at(event, row.starts_at, row.ends_at)
    return event


def _at(event: Event, begins: datetime, ends: datetime) -> None:
    """In UTC: right in every zone, without describing one."""
    event.add("dtstart", begins.astimezone(UTC))
    event.add("dtend", ends.astimezone(UTC))


def _on(event: Event, day: date) -> None:
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
