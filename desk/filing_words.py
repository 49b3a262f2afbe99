"""What a filing did, in words: filed until when, drafted for what, refused why, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.days import date_text, day_text, weekday
from core.time_left import TimeLeft, until_day
from customers.models import Customer
from desk.services.registering import LeadNotRegistered
from filings import rules
from filings.models import Filing
from filings.queries import policies_in_force, terms_for, terms_of
from filings.services import files_leads, missing_of, missing_to_file
from filings.showing.light import last_day
from filings.states import CHANNEL_OF_ROLE, CrossState, Element, Invalid
from filings.wording import elements_text, refusal_of
from staff.models import Person
from staff.states import Role


def does_file(person: Person, *, now: datetime) -> bool:
    """Whether registering files leads for this person; without a store, whether anybody's does."""
    if person.store is not None:
        return files_leads(person.store, now=now)
    return any(policy.is_on for policy in policies_in_force(day=timezone.localdate(now)))


@dataclass(frozen=True)
class LimitShown:
    """A day on which something ends at 24:00."""

    day: str
    weekday: str
    title: str
    hint: str
    left: TimeLeft


@dataclass(frozen=True)
class FilingShown:
    """What became of a filing: `tone` is `filed`, `draft`, `waiting` or `refused`."""

    tone: str
    title: str
    at: str
    sentence: str
    advice: str
    limits: tuple[LimitShown, ...] = ()
    act_label: str = ""
    act_url: str = ""


def shown(filing: Filing, customer: Customer, *, now: datetime) -> FilingShown:
    """The filing for its filer, just after it was made."""
    zone = filing.store.tzinfo
    if filing.submitted_at is None:
        return _unfiled(filing, customer)
    local = filing.submitted_at.astimezone(zone)
    at = _("in the system at %(time)s, %(day)s") % {
        "time": local.strftime("%H:%M:%S"),
        "day": day_text(local.date()),
    }
    if filing.invalid:
        sentence, advice = refusal_of(filing)
        is_later = filing.invalid == Invalid.LATER_FILER
        return FilingShown(
            "refused",
            _("Registered, but not filed"),
            at,
            sentence,
            advice,
            act_label=_("Ask for a ruling") if is_later else "",
            act_url=reverse("filings:contest", args=[customer.pk]) if is_later else "",
        )
    return FilingShown("filed", _("Filed: done"), at, "", "", _limits(filing, now=now))


def _unfiled(filing: Filing, customer: Customer) -> FilingShown:
    if filing.cross_state in (CrossState.ASKED, CrossState.REFUSED):
        return FilingShown(
            "waiting",
            _("Registered, not filed yet"),
            "",
            _("The address lies in another region: operations decide whether you may file it."),
            _("You are told. Until then nobody is protected."),
        )
    return FilingShown(
        "draft",
        _("Registered, not filed yet"),
        "",
        lacks(missing_to_file(filing, customer)),
        _("What you typed is kept. Once nothing is missing it is filed, at that moment."),
        act_label=_("Complete"),
        act_url=reverse("desk:edit_customer", args=[customer.pk]),
    )


def missing_now(customer: Customer, filer: Person, *, now: datetime) -> list[Element]:
    """What the card lacks for a filing of its first project by this person."""
    store, project = filer.store, customer.projects.filter(joined_to=None).order_by("pk").first()
    terms = terms_for(store, now=now)
    if store is None or terms is None or project is None:
        return []
    missing = missing_of(customer, project, trade=store.trade)
    needed = rules.lacking(missing, terms=terms, channel=CHANNEL_OF_ROLE[Role(filer.role)])
    return [element for element in Element if element in needed]


def lacks(missing: list[Element]) -> str:
    """The sentence that says what is missing."""
    return str(LeadNotRegistered.messages["lacks"]) % {"missing": elements_text(missing)}


def draft_words(drafts: Sequence[Filing], customer: Customer) -> str:
    """What the first draft of this customer waits for on the card; nothing where none does."""
    missing = missing_to_file(drafts[0], customer) if drafts else []
    return lacks(missing) if missing else ""


def was_filed(drafts: Sequence[Filing]) -> bool:
    """Whether one of what were drafts is a filing by now."""
    if not drafts:
        return False
    rows = Filing.objects.filter(pk__in=[draft.pk for draft in drafts])
    return rows.filter(submitted_at__isnull=False).exists()


def _limits(filing: Filing, *, now: datetime) -> tuple[LimitShown, ...]:
    """The days that count from now on; a store's filing has two (FIL-18)."""
    terms = terms_of(filing.policy)
    rows = [
        (
            filing.update_due_at,
            _("Follow up once"),
            _("Reach them and note it, every %(days)s days") % {"days": terms.update_days},
        ),
        (
            filing.protected_until,
            _("Protected to this day, 24:00"),
            _("Each time you reach them: %(days)s days from then")
            % {"days": terms.protection_days},
        ),
        (
            filing.limit_at,
            _("Measured, or a deposit taken"),
            _("A field filing that has neither ends by itself"),
        ),
    ]
    today = filing.store.today(now)
    found = []
    for at, title, hint in rows:
        if at is None:
            continue
        day = last_day(at, filing.store.tzinfo)
        left = until_day(day, today=today)
        found.append(LimitShown(date_text(day, today=today), weekday(day), title, hint, left))
    return tuple(found)
