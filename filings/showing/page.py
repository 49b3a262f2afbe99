"""The page of one filing in words: its facts, its stretches, what happened, what was asked."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.days import date_text, day_text
from core.phones import mask_in_text
from core.time_left import span
from customers.states import NextKind
from filings.models import ExtensionRequest, Filing, FilingEvent, Protection
from filings.queries.shown import ShownFiling, is_passed_on
from filings.showing.light import (
    customer_word,
    end_text,
    last_day,
    measuring_word,
    phone_word,
    review_word,
    second_text,
)
from filings.states import (
    Channel,
    EventKind,
    FilingNote,
    Invalid,
    Lost,
    RequestState,
    Withdrawn,
)

# How wide the line of stretches is drawn.
WIDTH = 1000
NARROWEST = 4


@dataclass(frozen=True)
class Told:
    """One fact, or one event with its moment."""

    label: str
    text: str
    by: str = ""
    is_big: bool = False


@dataclass(frozen=True)
class StretchShown:
    """A stretch of protection, and where it lies on the line."""

    text: str
    length: str
    x: int
    width: int
    is_withdrawn: bool


def facts_of(filing: ShownFiling, *, now: datetime) -> list[Told]:
    """What the filing says; the customer's own data as far as the reader may be told."""
    zone, today = filing.store.tzinfo, filing.store.today(now)
    customer = filing.customer
    known, is_over = filing.is_known, is_passed_on(filing)
    at = filing.submitted_at
    lines = [
        (_("Customer"), customer_word(filing)),
        (_("Phone"), phone_word(filing) if phone_word(filing) != customer_word(filing) else ""),
        (_("Address"), mask_in_text(filing.project.address or customer.address))
        if known
        else (_("Address"), filing.said.get("address", "")),
        (_("Need"), mask_in_text(customer.need) if known else filing.said.get("need", "")),
        (_("Next step"), "" if known else _next_step(filing)),
        (_("Filed at"), second_text(at, zone, today=today) if at else ""),
        (_("Data obtained at"), second_text(filing.acquired_at, zone, today=today)),
        (_("Filed by"), filing.filer.name),
        (_("Written by"), filing.by.name if filing.by_id != filing.filer_id else ""),
        (
            _("Held by"),
            filing.holder.name if filing.holder_id != filing.filer_id and not is_over else "",
        ),
        (_("Store"), filing.store.name),
        (_("Channel"), str(Channel(filing.channel).label)),
        *([] if is_over else _limits(filing, now=now)),
        (pgettext("of a filing", "Review"), "" if is_over else _review(filing)),
        (_("Another project because"), mask_in_text(filing.project_reason)),
        (_("Across regions"), _cross(filing)),
        (_("To be looked at"), _(", ").join(_shown_notes(filing))),
        (_("Rules of"), date_text(filing.policy.valid_from, today=today)),
    ]
    return [Told(str(label), str(text)) for label, text in lines if text]


def _next_step(filing: Filing) -> str:
    """What was agreed when a customer was filed whose card is shut to the filer."""
    kind, on = filing.said.get("next_kind"), filing.said.get("next_on")
    if not kind or not on:
        return ""
    return f"{date_text(date.fromisoformat(on))} {NextKind(kind).label}"


def _shown_notes(filing: Filing) -> list[str]:
    """What is flagged, without what would tell its holder of somebody else's customer."""
    return [
        str(FilingNote(note).label) for note in filing.notes if note != FilingNote.NUMBER_IN_NOTE
    ]


def _ended(filing: Filing) -> str:
    """The moment at which protection was given up, before its own end."""
    if filing.ended != Lost.RELEASED_D or filing.ended_at is None:
        return ""
    return second_text(filing.ended_at, filing.store.tzinfo)


def _limits(filing: Filing, *, now: datetime) -> list[tuple[str, str]]:
    """The three limits of a filing that was admitted."""
    if filing.submitted_at is None or filing.invalid:
        return []
    zone, today = filing.store.tzinfo, filing.store.today(now)

    def day(at: datetime | None) -> str:
        return (
            _("%(day)s, 24:00") % {"day": day_text(last_day(at, zone), today=today)} if at else ""
        )

    measured = filing.measured_at
    measure = second_text(measured, zone, today=today) if measured else day(filing.limit_at)
    label = _("%(act)s by") % {"act": measuring_word(filing)}
    if measured:
        label = _("%(act)s done") % {"act": measuring_word(filing)}
    return [
        (_("Follow up by"), day(filing.update_due_at)),
        (_("Protected until"), _ended(filing) or day(filing.protected_until)),
        (label, measure),
    ]


def _review(filing: Filing) -> str:
    word = review_word(filing)
    note = mask_in_text(filing.review_note)
    return " · ".join(part for part in (word, note) if part)


def _cross(filing: Filing) -> str:
    if not filing.cross_state:
        return ""
    return f"{filing.get_cross_state_display()} · {filing.get_cross_reason_display()}"


def stretches_of(filing: Filing, *, now: datetime) -> list[StretchShown]:
    """The stretches in which it protected, drawn to one scale from the first to the last."""
    rows = list(Protection.objects.filter(filing=filing).order_by("pk"))
    if not rows:
        return []
    zone, today = filing.store.tzinfo, filing.store.today(now)
    first = min(row.during.lower for row in rows)
    whole = max(row.during.upper for row in rows) - first
    shown = []
    for row in rows:
        begins, ends = row.during.lower, row.during.upper
        part = (begins - first) / whole if whole else 0
        width = max(NARROWEST, round(WIDTH * ((ends - begins) / whole))) if whole else WIDTH
        text = _("%(begins)s to %(ends)s") % {
            "begins": second_text(begins, zone, today=today),
            "ends": end_text(ends, zone, today=today),
        }
        shown.append(
            StretchShown(text, span(ends - begins), round(WIDTH * part), width, row.withdrawn)
        )
    return shown


def today_on(filing: Filing, stretches: list[StretchShown], *, now: datetime) -> int | None:
    """Where now lies on the line of stretches; None where it lies beyond."""
    rows = Protection.objects.filter(filing=filing).order_by("pk").values_list("during", flat=True)
    during = list(rows) if stretches else []
    if not during:
        return None
    first, last = min(each.lower for each in during), max(each.upper for each in during)
    return round(WIDTH * ((now - first) / (last - first))) if first <= now <= last else None


EVENTS = {
    EventKind.CONTACTED: gettext_lazy("Followed up"),
    EventKind.WITHDRAWN: gettext_lazy("Taken back"),
}


def event_told(event: FilingEvent, filing: Filing, *, now: datetime) -> Told:
    """One event: server time to the second, what it was, and whose act."""
    zone, today = filing.store.tzinfo, filing.store.today(now)
    kind = EventKind(event.kind)
    text = str(EVENTS.get(kind, kind.label))
    if more := _more_of(event, filing, now=now):
        text = _("%(act)s: %(more)s") % {"act": text, "more": more}
    who = event.person.name if event.person else ""
    if event.by_id != event.person_id:
        who = _("%(who)s, written by %(by)s") % {"who": who, "by": event.by.name} if who else (
            event.by.name
        )  # fmt: skip
    is_big = kind == EventKind.DEALT or (kind == EventKind.FILED and not event.code)
    return Told(second_text(event.at, zone, today=today), text, who, is_big)


def _more_of(event: FilingEvent, filing: Filing, *, now: datetime) -> str:
    """What an event says beside its name."""
    zone, today = filing.store.tzinfo, filing.store.today(now)
    if event.kind == EventKind.FILED and event.code:
        return str(Invalid(event.code).label)
    if event.kind == EventKind.WITHDRAWN and event.code:
        return str(Withdrawn(event.code).label)
    if event.kind == EventKind.CONTACTED and event.occurred_at and event.occurred_at != event.at:
        return _("it happened %(at)s") % {"at": second_text(event.occurred_at, zone, today=today)}
    if event.kind == EventKind.ANSWERED:
        if event.until is None:
            return _("refused")
        return _("until %(day)s") % {"day": day_text(last_day(event.until, zone), today=today)}
    if event.kind == EventKind.ASKED and event.until is not None:
        held = day_text(last_day(event.until, zone), today=today)
        return _("it holds until %(day)s while it waits") % {"day": held}
    return ""


def request_told(request: ExtensionRequest, filing: Filing, *, now: datetime) -> Told:
    """One request for more time and what became of it."""
    zone, today = filing.store.tzinfo, filing.store.today(now)
    asked = _("%(kind)s until %(day)s: %(reason)s") % {
        "kind": request.get_kind_display(),
        "day": day_text(request.wanted_until, today=today),
        "reason": request.get_reason_display(),
    }
    parts = [asked, mask_in_text(request.text)]
    answer = str(request.get_state_display())
    if request.state == RequestState.OPEN:
        held = day_text(last_day(request.held_until, zone), today=today)
        answer = _("waits, held until %(day)s") % {"day": held}
    elif request.decided_until:
        answer = _("granted until %(day)s") % {"day": day_text(request.decided_until, today=today)}
    who = request.decided_by.name if request.decided_by else ""
    if request.decided_by is not None and request.decided_by.is_system:
        answer, who = _("nobody decided in time"), ""
    answer = " · ".join(part for part in (answer, mask_in_text(request.note), who) if part)
    return Told(
        second_text(request.asked_at, zone, today=today),
        " · ".join(part for part in parts if part),
        answer,
        request.state == RequestState.GRANTED,
    )
