"""Filings, requests and prices as the people who decide them read them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.days import day_text, moment_text
from core.phones import mask_in_text
from core.time_left import TimeLeft, span, until
from filings.models import ExtensionRequest, Filing
from filings.queries.waiting import counts_of
from filings.rules.deciders import Powers
from filings.showing.light import day_word
from filings.states import UNREVIEWED, CrossState, FilingNote, ReviewState


@dataclass(frozen=True, kw_only=True)
class Place:
    """One of the pages on which people decide, with how much waits there."""

    view: str
    label: str
    count: int
    is_here: bool

    @property
    def url(self) -> str:
        return reverse(self.view)


LABELS = {
    "reviews": ("filings:reviews", gettext_lazy("Reviews")),
    "extensions": ("filings:extensions", gettext_lazy("Extensions")),
    "cross_region": ("desk:cross_region", gettext_lazy("Across regions")),
    "prices": ("filings:prices", gettext_lazy("Special prices")),
}


def places(powers: Powers, *, here: str) -> list[Place]:
    """The pages on which this person decides."""
    counts = counts_of(powers)
    shown = [name for name in LABELS if name != "cross_region" or powers.is_operations]
    return [
        Place(view=LABELS[name][0], label=str(LABELS[name][1]), count=counts[name],
              is_here=name == here)
        for name in shown
    ]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Part:
    """One tab of a page: what waits, what is decided."""

    label: str
    url: str
    is_here: bool


def parts(offered: dict[str, str], *, here: str) -> list[Part]:
    """The tabs of a page; the first is its own address."""
    first = next(iter(offered))
    return [
        Part(label=label, url="?" if name == first else f"?part={name}", is_here=name == here)
        for name, label in offered.items()
    ]


def said_at(at: datetime | None, *, now: datetime) -> str:
    return moment_text(at, now=now) if at else "–"


def _flags_of(filing: Filing) -> list[str]:
    """What is flagged on a filing, in words: as it came in, and what is known since."""
    found = set(filing.notes)
    if getattr(filing, "is_same_second", False):
        found.add(FilingNote.SAME_SECOND)
    if getattr(filing, "is_refiled", False):
        found.add(FilingNote.REFILED)
    return [str(note.label) for note in FilingNote if note in found]


def filing_row(filing: Filing, *, now: datetime) -> dict[str, object]:
    """What a decider reads of a filing."""
    customer, said = filing.customer, filing.said
    address = filing.project.address or customer.address
    since_had = (filing.submitted_at or filing.noted_at) - filing.acquired_at
    return {
        "pk": filing.pk,
        "number": filing.number,
        # Of a card that was shut to the filer: what was filed, as they said it (decision 4).
        "name": said.get("name") or customer.shown_name,
        "title": "" if said else customer.shown_title,
        "phone": said.get("phone") or getattr(filing, "phone", None) or _("no number"),
        "card_url": reverse("desk:customer", args=[customer.pk]),
        "page_url": reverse("filings:detail", args=[filing.pk]),
        "filer": filing.filer.name,
        "holder": filing.holder.name if filing.holder_id != filing.filer_id else "",
        "store": filing.store.name,
        "channel": filing.get_channel_display(),
        "filed": said_at(filing.submitted_at, now=now),
        "took": span(max(since_had, timedelta())),
        "address": mask_in_text(address),
        "need": said.get("need", "") if said else mask_in_text(customer.need),
        "expected": ""
        if said
        else customer.get_expected_purchase_display()
        or (day_text(customer.expected_on) if customer.expected_on else ""),
        "project_reason": mask_in_text(filing.project_reason),
        "flags": _flags_of(filing),
        "proof_url": reverse("customers:picture", args=[filing.proof_id])
        if filing.proof_id
        else "",
        "note": mask_in_text(filing.review_note),
    }


def review_row(filing: Filing, *, may: bool, now: datetime) -> dict[str, object]:
    """One row of the queue of reviews."""
    is_open = filing.review_state in UNREVIEWED
    due = filing.review_due_at
    return {
        **filing_row(filing, now=now),
        "state": filing.get_review_state_display(),
        "is_approved": filing.review_state == ReviewState.APPROVED,
        "due": until(due, now=now) if due and is_open else None,
        "is_up": filing.escalated_at is not None and is_open,
        "may": may and is_open,
        "is_own": is_open and not may,
        "reviewer": filing.reviewed_by.name if filing.reviewed_by else "",
        "reviewed": said_at(filing.reviewed_at, now=now),
    }


@dataclass(frozen=True, kw_only=True)
class ShownClock:
    """One limit of a filing: its name, its last day, and how long yet."""

    label: str
    day: str
    left: TimeLeft | None


def clocks_of(filing: Filing, *, now: datetime) -> list[ShownClock]:
    """The follow-up owed, the end of protection, and in the field the day to measure by."""
    limits = [
        (_("Follow up by"), filing.update_due_at, False),
        (_("Protected until"), filing.protected_until, False),
        (_("Measure or deposit by"), filing.limit_at, filing.measured_at is not None),
    ]
    return [
        ShownClock(
            label=label,
            day=day_word(at, filing, now=now),
            left=TimeLeft(_("measured"), "good") if is_met else until(at, now=now),
        )
        for label, at, is_met in limits
        if at is not None
    ]


def _held(request: ExtensionRequest, *, now: datetime) -> TimeLeft | None:
    """How long the request still holds the filing, said as such; None once it is over."""
    if now >= request.held_until:
        return None
    left = until(request.held_until, now=now)
    return TimeLeft(_("%(time)s left") % {"time": left.text}, left.tone)


def request_row(request: ExtensionRequest, *, may: bool, now: datetime) -> dict[str, object]:
    """One row of the queue of extensions."""
    filing = request.filing
    is_open = request.state == "open"
    return {
        "pk": request.pk,
        "number": filing.number,
        "name": filing.said.get("name") or filing.customer.shown_name,
        "title": "" if filing.said else filing.customer.shown_title,
        "card_url": reverse("desk:customer", args=[filing.customer_id]),
        "page_url": reverse("filings:detail", args=[filing.pk]),
        "holder": filing.holder.name,
        "store": filing.store.name,
        "kind": request.get_kind_display(),
        "reason": request.get_reason_display(),
        "text": mask_in_text(request.text),
        "wanted": day_text(request.wanted_until, today=timezone.localdate(now)),
        "asked_by": request.asked_by.name,
        "asked": said_at(request.asked_at, now=now),
        "held": _held(request, now=now) if is_open else None,
        "held_day": day_word(request.held_until, filing, now=now),
        "is_missed": is_open and now >= request.held_until,
        "is_lapsed": filing.protected_until is not None and filing.protected_until <= now,
        "clocks": clocks_of(filing, now=now),
        "state": request.get_state_display(),
        "is_granted": request.decided_until is not None,
        "granted": day_text(request.decided_until, today=timezone.localdate(now))
        if request.decided_until
        else "",
        "decided_by": request.decided_by.name if request.decided_by else "",
        "decided": said_at(request.decided_at, now=now),
        "note": mask_in_text(request.note),
        "may": may and is_open,
        "is_own": is_open and not may,
    }


def cross_row(filing: Filing, *, may: bool, now: datetime) -> dict[str, object]:
    """One row of the queue of filings across regions."""
    is_open = filing.cross_state == CrossState.ASKED
    return {
        **filing_row(filing, now=now),
        "filed": said_at(filing.noted_at, now=now),
        "reason": filing.get_cross_reason_display(),
        "home_region": filing.region.name if filing.region else _("not known"),
        "filer_region": filing.store.region.name,
        "state": filing.get_cross_state_display(),
        "is_approved": filing.cross_state == CrossState.APPROVED,
        "is_filed": filing.submitted_at is not None,
        "invalid": filing.get_invalid_display() if filing.invalid else "",
        "may": may and is_open,
        "is_own": is_open and not may,
    }
