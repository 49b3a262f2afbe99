"""Extensions (延期申请): asked before the loss, decided by who leads (FIL-19, FIL-20)."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.queries import business_calendar
from core.refusals import Refused
from core.services import audit
from filings import rules
from filings.models import ExtensionRequest, Filing
from filings.queries import terms_of
from filings.queries.deciders import concerned_by
from filings.rules import filing as filing_rules
from filings.services import decision_news as news
from filings.services.entering import OpenBook, hold_filing, moment
from filings.states import Channel, EventKind, RequestKind, RequestReason, RequestState
from staff.models import Person
from staff.services.system import system_account


class ExtensionNotAsked(Refused):
    """An extension was not asked for, or not decided."""

    messages = {
        "not_yours": _("Only who holds a filing asks for an extension."),
        "only_field": _(
            "Store filings have no limit to measure. Report special circumstances instead."
        ),
        "too_late": _(
            "This filing has lapsed. An extension is asked for before the limit; file again "
            "while the customer is free."
        ),
        "asked_already": _("An extension is asked for already."),
        "extended_already": _("This filing has been extended already, and is not extended again."),
        "day_is_past": _("Choose a day after the present limit."),
        "day_is_too_far": _("At most %(days)s days after the present limit, until %(last)s."),
        "text_missing": _("Say what the reason is."),
        "decided_already": _("Somebody has decided this already."),
        "note_missing": _("Say why the extension is refused."),
        "own_request": _("Nobody decides the own request."),
        "is_party": _(
            "You have filed this customer, too. Somebody above you decides about this filing."
        ),
        "measured_already": _(
            "This customer is measured: there is no limit to measure any more. Report special "
            "circumstances instead."
        ),
        "lapsed_meanwhile": _(
            "This filing has lapsed meanwhile, so more time comes too late. It can be filed again "
            "while the customer is free."
        ),
        "until_is_past": _("Choose today or a later day."),
    }


def present_limit(filing: Filing, kind: RequestKind | str) -> datetime | None:
    """The limit that this kind of request moves."""
    return filing.limit_at if kind == RequestKind.LIMIT else filing.protected_until


def last_day(filing: Filing, kind: RequestKind | str) -> date | None:
    """The latest day that can be asked for: so many days after the present limit's."""
    limit = present_limit(filing, kind)
    if limit is None:
        return None
    # A limit is 24:00 of its day, the first moment of the next.
    on = (limit - timedelta(seconds=1)).astimezone(filing.store.tzinfo).date()
    return on + timedelta(days=terms_of(filing.policy).extension_days)


def _check(
    filing: Filing, state: rules.FilingState, *, kind: RequestKind | str, until: date, at: datetime
) -> None:
    if kind == RequestKind.LIMIT and filing.channel != Channel.FIELD:
        raise ExtensionNotAsked.because("only_field")
    if kind == RequestKind.LIMIT and state.measured_at is not None:
        raise ExtensionNotAsked.because("measured_already")
    if state.extended >= state.terms.extensions:
        raise ExtensionNotAsked.because("extended_already")
    if state.request is not None and at < state.request.held_until:
        raise ExtensionNotAsked.because("asked_already")
    if not filing_rules.may_ask(state, at):
        raise ExtensionNotAsked.because("too_late")
    limit, last = present_limit(filing, kind), last_day(filing, kind)
    if limit is None or filing.store.today(limit) > until:
        raise ExtensionNotAsked.because("day_is_past")
    if last is not None and until > last:
        raise ExtensionNotAsked.because(
            "day_is_too_far", days=state.terms.extension_days, last=last.isoformat()
        )


@transaction.atomic
def ask_extension(
    *,
    filing: Filing,
    kind: RequestKind | str,
    reason: RequestReason | str,
    until: date,
    by: Person,
    text: str = "",
    is_for_holder: bool = False,
    now: datetime | None = None,
) -> ExtensionRequest:
    """Ask for more time, before the limit; undecided it holds for some working days (FIL-20).

    `is_for_holder`: an assistant asks for whom they assist. Raises ExtensionNotAsked.
    """
    filing, customer = hold_filing(filing)
    at = moment(now)
    if by.pk != filing.holder_id and not is_for_holder:
        raise ExtensionNotAsked.because("not_yours")
    if reason == RequestReason.OTHER and not text.strip():
        raise ExtensionNotAsked.because("text_missing")
    open_book = OpenBook(customer)
    state = open_book.book.filings[filing.pk]
    _check(filing, state, kind=kind, until=until, at=at)

    days = state.terms.request_working_days
    last = business_calendar().add_working_days(filing.store.today(at), days)
    held_until = rules.Clock(zone=filing.store.tzinfo).end_of(last)
    _close_undecided(filing, at=at)
    try:
        with transaction.atomic():
            request = ExtensionRequest.objects.create(
                filing=filing, kind=kind, reason=reason, text=text.strip()[:200],
                wanted_until=until, asked_at=at, asked_by=by, held_until=held_until,
            )  # fmt: skip
    except IntegrityError as error:
        raise ExtensionNotAsked.because("asked_already") from error
    open_book.enter_of(
        filing, EventKind.ASKED, at=at, by=by, request=request, until=held_until, code=kind
    )
    audit.record(verb="ask_extension", of=filing, by=by, request=request.pk, kind=str(kind))
    news.tell_extension_asked(request, by=by, now=at)
    return request


def _close_undecided(filing: Filing, *, at: datetime) -> None:
    """What nobody decided in time makes room for the next request; it held as long as it could.

    The system closes it: nobody has refused it.
    """
    ExtensionRequest.objects.filter(
        filing=filing, state=RequestState.OPEN, held_until__lte=at
    ).update(state=RequestState.REFUSED, decided_at=at, decided_by=system_account())


def _check_grant(
    filing: Filing,
    state: rules.FilingState,
    *,
    request: ExtensionRequest,
    until: date,
    at: datetime,
) -> None:
    """What is granted has to be of use: in time, and no later than may be asked for."""
    if until < filing.store.today(at):
        raise ExtensionNotAsked.because("until_is_past")
    last = max(last_day(filing, request.kind) or until, request.wanted_until)
    if until > last:
        raise ExtensionNotAsked.because(
            "day_is_too_far", days=state.terms.extension_days, last=last.isoformat()
        )
    is_reported = state.request is not None and state.request.is_report
    if not state.is_standing or not (state.is_protected(at) or is_reported):
        raise ExtensionNotAsked.because("lapsed_meanwhile")


def _claim(request: ExtensionRequest, **values: object) -> None:
    """Write the decision where none is. Raises ExtensionNotAsked."""
    waiting = ExtensionRequest.objects.filter(pk=request.pk, state=RequestState.OPEN)
    if not waiting.update(**values):
        raise ExtensionNotAsked.because("decided_already")


@transaction.atomic
def decide_extension(
    *,
    request: ExtensionRequest,
    until: date | None,
    by: Person,
    note: str = "",
    now: datetime | None = None,
) -> ExtensionRequest:
    """Grant a request until a day (24:00), or refuse it with a reason (FIL-20).

    Who may decide is the caller's concern. Raises ExtensionNotAsked.
    """
    filing, customer = hold_filing(request.filing)
    at = moment(now)
    if by.pk in (request.asked_by_id, filing.holder_id):
        raise ExtensionNotAsked.because("own_request")
    if by.pk in concerned_by(request):
        raise ExtensionNotAsked.because("is_party")
    if until is None and not note.strip():
        raise ExtensionNotAsked.because("note_missing")
    open_book = OpenBook(customer)
    state = open_book.book.filings[filing.pk]
    if (
        until is not None
        and ExtensionRequest.objects.filter(pk=request.pk, state=RequestState.OPEN).exists()
    ):
        _check_grant(filing, state, request=request, until=until, at=at)
    _claim(
        request, state=RequestState.REFUSED if until is None else RequestState.GRANTED,
        decided_at=at, decided_by=by, decided_until=until, note=note.strip()[:200],
    )  # fmt: skip
    end = None if until is None else rules.Clock(zone=filing.store.tzinfo).end_of(until)
    open_book.enter_of(filing, EventKind.ANSWERED, at=at, by=by, request=request, until=end)
    audit.record(verb="decide_extension", of=filing, by=by, reason=note, request=request.pk)
    request.refresh_from_db()
    news.tell_extension_decided(request, until=until, by=by, now=at)
    return request
