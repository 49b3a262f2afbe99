"""What a contact, a measuring, a release or a hand-over does to the filings of a customer.

Called by name from the rooms above, inside their transaction, which holds the customer.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from core.rules import TAKE_BACK_WITHIN
from core.services import audit
from customers.models import Contact, Customer, Project
from customers.rules import EFFECTIVE_CHANNELS
from filings.models import Filing, FilingEvent, Measuring
from filings.queries.deciders import concerned_by
from filings.queries.standing import ADMITTED, projects_held, standing_deal
from filings.rules.limits import is_shortly_before
from filings.services.entering import OpenBook, hold_customer, hold_filing, moment
from filings.services.freeing import tell_free
from filings.services.missed import settle_missed
from filings.services.violations import note_violation
from filings.states import EventKind, ViolationKind, Withdrawn
from staff.models import Person
from staff.states import Trade


class FilingNotChanged(Refused):
    """A filing was not released, taken back or handed over."""

    messages = {
        "not_yours": _("Only who holds a filing releases it, or a manager."),
        "not_standing": _("This filing protects nobody any more."),
        "sold_already": _(
            "A deposit was taken for this filing, so it is not given up. It runs on should the "
            "deposit be returned."
        ),
        "reason_missing": _("Say why."),
        "too_late": _("Ten minutes have passed. Ask your manager to take it back."),
        "taken_meanwhile": _("Somebody else has filed this customer in the meantime."),
        "withdrawn_already": _("This filing has been taken back already."),
        "is_party": _(
            "You have filed this customer, too. Somebody above you decides about this filing."
        ),
        "to_oneself": _(
            "Nobody hands a filing over to themselves. Somebody above you decides about this."
        ),
    }


def _held(customer: int, person: Person) -> set[str]:
    """What has withdrawn those filings of this customer, held by this person, that may still
    change: nothing, or a merge, which may be undone.
    """
    rows = Filing.objects.filter(
        submitted_at__isnull=False, invalid="", withdrawn__in=["", Withdrawn.MERGED],
        customer=customer, holder=person, ended="",
    )  # fmt: skip
    return set(rows.values_list("withdrawn", flat=True))


def _project_of(named: Project | None, held: set[str]) -> Project | None:
    """For which project an act counts: where a merge took the holder's, for that one."""
    return named if "" in held else None


def extend_protection(*, contact: Contact) -> None:
    """A contact of the holder, or for them, moves the end of their protection (FIL-29, FIL-30).

    Entered too late it is evidence only, and recorded as back-dated. What no holder did is not
    written into the journal.
    """
    person = contact.on_behalf_of or contact.by
    if not contact.reached or contact.channel not in EFFECTIVE_CHANNELS:
        return
    held = _held(contact.customer_id, person)
    if not held:
        return
    open_book = OpenBook(contact.customer)
    open_book.enter(
        EventKind.CONTACTED,
        at=contact.logged_at,
        by=contact.by,
        person=person,
        contact=contact,
        project=_project_of(contact.project, held),
        occurred_at=contact.occurred_at,
    )
    settle_missed(open_book, holder=person, at=contact.logged_at)
    if "" not in held:
        return
    if contact.is_late_entry:
        note_violation(
            ViolationKind.BACK_DATED, person=person, customer=contact.customer, contact=contact,
            moment=contact.logged_at,
        )  # fmt: skip
    if contact.repeats_last_note:
        note_violation(
            ViolationKind.COPIED_NOTE, person=person, customer=contact.customer, contact=contact,
            moment=contact.logged_at,
        )  # fmt: skip


def note_measuring(*, measuring: Measuring, on_behalf_of: Person | None = None) -> None:
    """Measuring done ends the limit of field filings for good (FIL-17)."""
    person = on_behalf_of or measuring.by
    held = projects_held(measuring.customer, person)
    if not held and not _held(measuring.customer_id, person):
        return
    # Of several homes one was measured: which, the caller has asked.
    project = measuring.project or (held[0] if len(held) == 1 else None)
    OpenBook(measuring.customer).enter(
        EventKind.MEASURED,
        at=measuring.at,
        by=measuring.by,
        person=person,
        contact=measuring.contact,
        # Where a merge took the holder's filing, it is for that one, too.
        project=project if held else None,
    )


def note_test_drive(*, contact: Contact) -> None:
    """For cars a test drive that took place is what measuring is for homes (decision 6)."""
    person = contact.on_behalf_of or contact.by
    cars = Filing.objects.filter(
        ADMITTED, customer=contact.customer_id, holder=person, ended="", policy__trade=Trade.CARS
    )
    if not cars.exists():
        return
    OpenBook(contact.customer).enter(
        EventKind.MEASURED,
        at=contact.logged_at,
        by=contact.by,
        person=person,
        contact=contact,
        project=contact.project,
    )


def take_back_contact(*, contact: Contact, by: Person, now: datetime) -> None:
    """A contact was voided: what hung on it is worked out again from now on (decision 12).

    Of a merge that was undone another card may count it, too.
    """
    counting = FilingEvent.objects.filter(contact=contact).values("customer")
    for card in Customer.objects.filter(pk__in=counting).order_by("pk"):
        open_book = OpenBook(hold_customer(card.pk))
        open_book.enter(EventKind.CONTACT_VOIDED, at=now, by=by, person=contact.by, contact=contact)
        settle_missed(open_book, holder=contact.on_behalf_of or contact.by, at=now)


def release_all(
    *, customer: Customer, holder: Person | None, by: Person, now: datetime
) -> Sequence[int]:
    """Grade D, or giving a customer up, releases the filings (FIL-34): all, or the holder's.

    Answers with their ids. `occurred_at` of each is the moment of the grade, by which alone it is
    taken back: `at` is later where the clocks differ.
    """
    found = Filing.objects.filter(ADMITTED, customer=customer, ended="").order_by("pk")
    if holder is not None:
        found = found.filter(holder=holder)
    rows = list(found)
    if not rows:
        return []
    open_book = OpenBook(customer)
    for filing in rows:
        open_book.enter_of(filing, EventKind.RELEASED, at=now, by=by, occurred_at=now)
        audit.record(verb="release", of=filing, by=by, customer=customer.pk)
    tell_free(customer=customer, now=open_book.moment(now))
    return [filing.pk for filing in rows]


def resume_all(
    *,
    customer: Customer,
    released_at: datetime,
    released_by: Person,
    by: Person,
    now: datetime,
    voids_contact: bool = False,
) -> None:
    """The grade that released is taken back: what nobody took meanwhile protects again.

    Only what that very change released, within ten minutes, or whenever the contact that gave the
    grade is void (`voids_contact`).
    """
    if not voids_contact and now - released_at > TAKE_BACK_WITHIN:
        return
    events = FilingEvent.objects.filter(
        customer=customer, kind=EventKind.RELEASED, occurred_at=released_at, by=released_by
    ).select_related("filing__holder", "filing__project")
    rows = [event.filing for event in events.order_by("pk") if event.filing is not None]
    if not rows:
        return
    open_book = OpenBook(customer)
    for filing in rows:
        open_book.enter_of(filing, EventKind.RESUMED, at=now, by=by)
        audit.record(verb="resume", of=filing, by=by, customer=customer.pk)


def _check_manager(filing: Filing, by: Person) -> None:
    """A manager decides about others' leads, not where they filed, too. Raises FilingNotChanged."""
    if by.pk in concerned_by(filing):
        raise FilingNotChanged.because("is_party")


@transaction.atomic
def release(
    *,
    filing: Filing,
    by: Person,
    is_manager: bool,
    reason: str = "",
    now: datetime | None = None,
) -> Filing:
    """Give one filing up: the customer is free for others (FIL-34).

    The holder the own one, a manager of others with a reason; not while a deal stands. Raises
    FilingNotChanged.
    """
    filing, customer = hold_filing(filing)
    at = moment(now)
    if by.pk != filing.holder_id:
        if not is_manager:
            raise FilingNotChanged.because("not_yours")
        _check_manager(filing, by)
        if not reason.strip():
            raise FilingNotChanged.because("reason_missing")
    if filing.invalid or filing.withdrawn or filing.ended or filing.submitted_at is None:
        raise FilingNotChanged.because("not_standing")
    if standing_deal(filing.project_id) is not None:
        raise FilingNotChanged.because("sold_already")
    event = OpenBook(customer).enter_of(filing, EventKind.RELEASED, at=at, by=by)
    audit.record(verb="release", of=filing, by=by, reason=reason, customer=customer.pk)
    tell_free(customer=customer, now=event.at)
    filing.refresh_from_db()
    return filing


@transaction.atomic
def void_filing(
    *, filing: Filing, reason: str, by: Person, is_manager: bool, now: datetime | None = None
) -> Filing:
    """Take back a filing made by mistake (decision 12): it stays readable and keeps its slot.

    The filer within ten minutes, later a manager. Raises FilingNotChanged.
    """
    filing, customer = hold_filing(filing)
    at = moment(now)
    if not reason.strip():
        raise FilingNotChanged.because("reason_missing")
    is_own = by.pk in (filing.filer_id, filing.by_id)
    if not is_own and not is_manager:
        raise FilingNotChanged.because("not_yours")
    if filing.submitted_at is None or filing.withdrawn:
        raise FilingNotChanged.because("withdrawn_already")
    if filing.invalid:  # what never protected cannot make the customer free anew
        raise FilingNotChanged.because("not_standing")
    if not is_own or at - filing.submitted_at > TAKE_BACK_WITHIN:
        if not is_manager:
            raise FilingNotChanged.because("too_late")
        _check_manager(filing, by)
    event = OpenBook(customer).enter_of(
        filing, EventKind.WITHDRAWN, at=at, by=by, code=Withdrawn.VOIDED
    )
    audit.record(verb="void", of=filing, by=by, reason=reason, customer=customer.pk)
    tell_free(customer=customer, now=event.at)
    filing.refresh_from_db()
    return filing


@transaction.atomic
def hand_over(
    *, filing: Filing, holder: Person, reason: str, by: Person, now: datetime | None = None
) -> Filing:
    """Another person holds the filing: its priority stays, a new duty begins (ADJ-06).

    Whoever may decide this is the caller's concern (managers alone), but nobody hands over what
    concerns them, nor to themselves. Handed over within the last two days before either of its
    ends, it is shown to operations. Raises FilingNotChanged.
    """
    filing, customer = hold_filing(filing)
    if by.pk == holder.pk:
        raise FilingNotChanged.because("to_oneself")
    _check_manager(filing, by)
    return _hand_over(filing, customer, holder=holder, reason=reason, by=by, at=moment(now))


@transaction.atomic
def pass_on(
    *, filing: Filing, holder: Person, reason: str, by: Person, now: datetime | None = None
) -> Filing:
    """A leaver's filing goes with all their work to whoever takes over, whoever arranges it.

    Raises FilingNotChanged.
    """
    filing, customer = hold_filing(filing)
    return _hand_over(filing, customer, holder=holder, reason=reason, by=by, at=moment(now))


def _hand_over(
    filing: Filing, customer: Customer, *, holder: Person, reason: str, by: Person, at: datetime
) -> Filing:
    if not reason.strip():
        raise FilingNotChanged.because("reason_missing")
    if filing.invalid or filing.withdrawn or filing.ended or filing.submitted_at is None:
        raise FilingNotChanged.because("not_standing")
    if filing.holder_id == holder.pk:
        return filing
    before, end = filing.holder, filing.protected_until
    OpenBook(customer).enter_of(filing, EventKind.HANDED_OVER, at=at, by=by, person=holder)
    limit = filing.limit_at if filing.measured_at is None else None
    if any(is_shortly_before(edge, at=at) for edge in (limit, end) if edge is not None):
        note_violation(
            ViolationKind.HANDED_AT_LIMIT, person=before, customer=customer, filing=filing,
            moment=at,
        )  # fmt: skip
    audit.record(
        verb="hand_over", of=filing, by=by, reason=reason, before=before.pk, after=holder.pk
    )
    filing.refresh_from_db()
    return filing
