"""Quotes: prices offered from a number on, recorded at the server's time (FIL-35, FIL-38)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused
from core.services import audit
from core.services.once import once
from customers.models import Customer, Project
from customers.states import ExpectedPurchase, Grade
from filings import services as filings
from filings.queries import policy_of
from followups import services as followups
from orders.models import Quote, QuoteLine
from orders.queries.reviewing import filing_in_review
from orders.rules.prices import amount_of
from orders.services.buying import next_key, register_buyer
from orders.services.foreseeing import SaleNotMade, Wanted, hold_buyer, home_of, said_of_buyer
from orders.services.lines import Columns, NewLine, checked_lines
from orders.states import QuoteState
from staff.models import Person, Store

USUAL_DAYS = 14
MOST_DAYS = 180
LONGEST_NEED = 200
# What a quote can do without: for which home it is, the order will say.
UNSAID = frozenset({"which_home", "address_missing"})


class QuoteNotMade(Refused):
    """A quote was not recorded."""

    messages = {
        "valid_until_is_past": _("Choose today or a later day until which the prices are good."),
        "valid_until_is_far": _("A quote is good for %(days)s days at most."),
        "special_ends_before": _(
            "The special price %(number)s is good until %(until)s only: so long at most is the "
            "quote."
        ),
        "in_review": _(
            "The filing of this customer is still in review. Quote when it is approved."
        ),
        "review_first": _(
            "Here a quote waits until the filing is reviewed. Register and file the customer now, "
            "and quote when the filing is approved."
        ),
    }


class QuoteNotChanged(Refused):
    """A quote was left as it was."""

    messages = {
        "not_open": _("This quote is decided already."),
        "reason_missing": _("Say why the customer declined."),
    }


@dataclass(frozen=True, kw_only=True)
class NewQuote(Wanted):
    """What is quoted to whom; `need` and `expected` are asked of somebody new (FIL-36)."""

    name: str
    lines: Sequence[NewLine]
    valid_until: date
    need: str = ""
    expected: ExpectedPurchase | str = ""
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class Quoted:
    """The quote, and why the new customer was not filed, if they were to be."""

    quote: Quote
    said: str = ""


@transaction.atomic
def make_quote(*, said: NewQuote, by: Person, key: UUID, now: datetime | None = None) -> Quoted:
    """Record a quote for whoever has this number; somebody new is registered and filed with it.

    `key` is the form's own id. Without `now` the database's clock is read under the lock. Raises
    QuoteNotMade, LinesNotPlaced, SaleNotMade and CustomerNotRegistered.
    """
    if (store := by.store) is None:
        raise SaleNotMade.because("store_missing")
    products = (f"{line.product} {line.qty} {line.agreed_price}" for line in said.lines)
    content = "\n".join([said_of_buyer(said), *products])
    with once(key=key, purpose="quote", by=by, content=content) as form:
        if form.result_id:
            return Quoted(quote=Quote.objects.get(pk=form.result_id))

        held = hold_buyer(said)
        at = now or database_now()
        today = store.today(at)
        columns = checked_lines(said.lines, customer=held, on=today)
        _check_validity(said.valid_until, columns, today=today)
        _check_review(held, by=by, store=store, on=today)

        why_not = ""
        if held is None:
            held, why_not = _register(said, store, by=by, at=at)
        project = _project(said, held, by=by, at=at)
        quote = _write(said, held, project, store, columns, by=by, key=key, at=at)

        audit.record(verb="make_quote", of=quote, by=by, customer=held.pk)
        followups.touch_and_ask(customers=[held.pk], now=at)
        form.result_id = quote.pk
    return Quoted(quote=quote, said=why_not)


def _check_validity(until: date, columns: Sequence[Columns], *, today: date) -> None:
    """So long its prices are good, and each special price as long."""
    if until < today:
        raise QuoteNotMade.because("valid_until_is_past")
    if until - today > timedelta(days=MOST_DAYS):
        raise QuoteNotMade.because("valid_until_is_far", days=MOST_DAYS)
    for special in (line["special_price"] for line in columns):
        if special is not None and special.application.valid_until < until:
            raise QuoteNotMade.because(
                "special_ends_before",
                number=special.application.number,
                until=special.application.valid_until.isoformat(),
            )


def _check_review(known: Customer | None, *, by: Person, store: Store, on: date) -> None:
    """Whether one quotes before one's own filing is reviewed, by the policy (decision 13)."""
    if known is None:
        policy = policy_of(store.trade, day=on)
        if policy is not None and policy.is_on and not policy.quote_before_review:
            raise QuoteNotMade.because("review_first")
        return
    waiting = filing_in_review(known, holders=[by.pk])
    if waiting is not None and not waiting.policy.quote_before_review:
        raise QuoteNotMade.because("in_review")


def _register(said: NewQuote, store: Store, *, by: Person, at: datetime) -> tuple[Customer, str]:
    """Somebody new, registered and filed with the same act (FIL-35); what lacks is a draft.

    A card is kept whatever becomes of its filing; why there is none is answered.
    """
    products = ", ".join(line.product for line in said.lines)
    card = {"need": (said.need or products)[:LONGEST_NEED], "expected_purchase": said.expected}
    customer = register_buyer(said, store, name=said.name, by=by, at=at, grade=Grade.B1, card=card)
    if not filings.files_leads(store, now=at):
        return customer, ""
    project = Project.objects.get(customer=customer)
    lead = filings.Lead(project=project, acquired_at=at)
    try:
        with transaction.atomic():
            filings.file_lead(customer=customer, lead=lead, filer=by, by=by, now=at)
    except (filings.LeadNotFiled, filings.AlreadyProtected) as refusal:
        return customer, str(refusal)
    return customer, ""


def _project(said: Wanted, customer: Customer, *, by: Person, at: datetime) -> Project | None:
    """The project of this quote, where it is known already: a quote opens none."""
    try:
        home = home_of(said, customer, by=by, at=at)
    except SaleNotMade as refusal:
        if set(refusal.codes) - UNSAID:
            raise
        return None
    return home.project if home.project.pk else None


def _write(
    said: NewQuote,
    customer: Customer,
    project: Project | None,
    store: Store,
    columns: Sequence[Columns],
    *,
    by: Person,
    key: UUID,
    at: datetime,
) -> Quote:
    pk = next_key("orders_quote")
    quote = Quote.objects.create(
        pk=pk,
        number=f"BJ-{at.astimezone(store.tzinfo):%y%m}-{pk:06d}",
        buyer=said.name,
        customer=customer,
        project=project,
        store=store,
        seller=by,
        quoted_at=at,
        valid_until=said.valid_until,
        remark=said.remark.strip()[:400],
        amount=amount_of(line.priced() for line in said.lines),
        key=key,
    )
    QuoteLine.objects.bulk_create(
        QuoteLine(quote=quote, position=position, **told)
        for position, told in enumerate(columns, start=1)
    )
    return quote


@transaction.atomic
def decline_quote(*, quote: Quote, reason: str, by: Person, now: datetime | None = None) -> None:
    """The customer does not take it, and why. Raises QuoteNotChanged."""
    if not reason.strip():
        raise QuoteNotChanged.because("reason_missing")
    declined = Quote.objects.filter(pk=quote.pk, state=QuoteState.OPEN).update(
        state=QuoteState.DECLINED, declined_reason=reason.strip()[:200]
    )
    if not declined:
        raise QuoteNotChanged.because("not_open")
    audit.record(verb="decline_quote", of=quote, by=by, reason=reason)
