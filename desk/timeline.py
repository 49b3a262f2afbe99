"""The timeline of a customer: the rooms' rows united in SQL, worded for the reader."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.days import date_text, moment_text
from core.listing.keyset import BadPlace, Order, Place, SortKey
from core.phones import mask_in_text
from customers.models import Customer
from customers.queries import TIMELINE, TimelineKind
from customers.states import Channel, GoneReason, Outcome, Reason, Source
from followups.states import SkipReason, State
from staff.scope import Reach

PAGE_SIZE = 25


@dataclass(frozen=True)
class Row:
    """One row as the database gives it."""

    at: datetime
    kind: str
    row: int
    who: str
    code: str
    code2: str
    code3: str
    text: str
    standing: str
    behalf: str
    entered: datetime | None


@dataclass(frozen=True)
class Entry:
    """One entry as the page shows it; `kind` decides its mark: "big", "no" or ""."""

    when: str
    title: str
    text: str
    kind: str
    aside: str
    void_url: str


@dataclass(frozen=True)
class Timeline:
    """One page of entries, newest first, and the place where the next one begins."""

    entries: list[Entry]
    earlier: str


# What was done or left undone without a contact: letters, and skipped tasks.
TASKS = """
    SELECT task.closed_at, 'c_task', task.id, COALESCE(person.name, ''), task.state,
           task.skip_reason, '', '', '', '', NULL::timestamptz
      FROM followups_task task
      LEFT JOIN staff_person person ON person.id = task.closed_by_id
     WHERE task.customer_id = %(customer)s AND task.contact_id IS NULL
       AND task.state IN ('done', 'skipped')
    """
UNITED = " UNION ALL ".join([*TIMELINE, TASKS])
NEWEST = "ORDER BY at DESC, kind DESC, row DESC LIMIT %(most)s"
BEHIND = "WHERE (at, kind, row) < (%(at)s::timestamptz, %(kind)s, %(row)s)"
FIRST_PAGE = " ".join(["SELECT * FROM (", UNITED, ") story", NEWEST])
NEXT_PAGE = " ".join(["SELECT * FROM (", UNITED, ") story", BEHIND, NEWEST])
ORDER = Order(SortKey(name="at", field="at", kind=datetime), is_descending=True)


def rows_before(customer: Customer, place: Place | None, kind: str = "") -> list[Row]:
    """The newest rows, or those behind `place`, whose row is of `kind`; one more than a page."""
    params = {"customer": customer.pk, "zone": settings.TIME_ZONE, "most": PAGE_SIZE + 1}
    if place is not None:
        params |= {"at": place.value, "kind": kind, "row": place.pk}
    with connection.cursor() as cursor:
        cursor.execute(NEXT_PAGE if place else FIRST_PAGE, params)
        return [Row(*values) for values in cursor.fetchall()]


def timeline_of(customer: Customer, *, reader: Reach, earlier: str, now: datetime) -> Timeline:
    """A page of the timeline; `earlier` is the place named by the page before. Raises BadPlace."""
    kind, _dot, token = earlier.partition(".")
    place = Place.read(token, ORDER) if earlier else None
    if place and kind not in TimelineKind.values:
        raise BadPlace("no kind")
    rows = rows_before(customer, place, kind)
    page = rows[:PAGE_SIZE]
    last = page[-1] if len(rows) > PAGE_SIZE else None
    return Timeline(
        entries=[_entry(row, reader=reader, now=now) for row in page],
        earlier=f"{last.kind}.{Place(last.at, last.row).token()}" if last else "",
    )


def _entry(row: Row, *, reader: Reach, now: datetime) -> Entry:
    title, text = WORDED[TimelineKind(row.kind)](row)
    is_day = row.standing == "day"
    today = timezone.localdate(now)
    return Entry(
        when=date_text(timezone.localdate(row.at), today=today)
        if is_day
        else moment_text(row.at, now=now),
        title=title,
        text=mask_in_text(text),
        kind=_mark(row),
        aside=_who(row),
        void_url=_void_url(row, reader),
    )


def _who(row: Row) -> str:
    """Who did it; an assistant stands with the person they acted for (FUP-30)."""
    if not row.behalf:
        return row.who or ""
    return _("%(person)s for %(other)s") % {"person": row.who, "other": row.behalf}


def _entered(row: Row) -> str:
    """A late entry says when it was made, beside when it claims to have happened."""
    if row.standing != "late" or row.entered is None:
        return ""
    at = timezone.localtime(row.entered)
    return _("Entered on %(day)s %(time)s, more than 24 hours later: evidence only.") % {
        "day": date_text(at.date()),
        "time": at.strftime("%H:%M"),
    }


def _with(what: str, more: str) -> str:
    return _("%(what)s, %(more)s") % {"what": what, "more": more}


def _void_url(row: Row, reader: Reach) -> str:
    """Where a manager takes a contact back (decision 12); whoever logged it is told when saving."""
    may_void = reader.may_reassign and row.kind == TimelineKind.CONTACT
    if not may_void or row.standing in ("void", "imported"):
        return ""
    return reverse("followups:void_contact", args=[row.row])


def _mark(row: Row) -> str:
    if row.code2 == GoneReason.MISTAKE:
        return "no"
    if row.kind == TimelineKind.PRODUCT or row.code == Channel.MEASURING:
        return "big"
    return "no" if row.standing in ("no", "void") or row.code == State.SKIPPED else ""


def _contact(row: Row) -> tuple[str, str]:
    """“Reached, Quote” with the note; a visit is named by its way, a miss says that it is none."""
    is_visit = row.code in (Channel.STORE_VISIT, Channel.HOME_VISIT, Channel.MEASURING)
    what = str(Channel(row.code).label if is_visit else Outcome(row.code2).label)
    if is_visit and row.standing == "no":
        what = _with(what, str(Outcome(row.code2).label))
    has_reason = row.code3 and row.code3 != Reason.OTHER
    title = _with(what, str(Reason(row.code3).label)) if has_reason else what
    remark = {
        "void": _("Voided: it was a mistake."),
        "no": _("Does not count as a follow-up."),
        "late": _entered(row),
        "imported": _("Imported."),
    }.get(row.standing, "")
    return title, " ".join(filter(None, [row.text, remark]))


def _grade(row: Row) -> tuple[str, str]:
    return _("Grade %(before)s → %(after)s") % {"before": row.code, "after": row.code2}, row.text


def _registered(row: Row) -> tuple[str, str]:
    return _("Registered"), str(Source(row.code).label) if row.code else ""


def _product(row: Row) -> tuple[str, str]:
    title = _("Delivered") if row.code == "delivered" else _("Bought")
    remark = _("Voided: it was a mistake.") if row.code2 == GoneReason.MISTAKE else ""
    return title, " ".join(filter(None, [row.text, remark]))


def _task(row: Row) -> tuple[str, str]:
    if row.code == State.SKIPPED:
        return _("Task skipped"), str(SkipReason(row.code2).label) if row.code2 else ""
    return _("Letter sent"), ""


WORDED = {
    TimelineKind.CONTACT: _contact,
    TimelineKind.GRADE: _grade,
    TimelineKind.REGISTERED: _registered,
    TimelineKind.PRODUCT: _product,
    TimelineKind.TASK: _task,
}
