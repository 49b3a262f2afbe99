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
from filings.queries import policy_of
from filings.states import LookUp
from followups import services as followups
from orders.models import Quote, QuoteLine
from orders.queries.reviewing import filing_in_review
from orders.rules.prices import amount_of
from orders.services.buying import next_key, register_buyer
from orders.services.foreseeing import SaleNotMade, Wanted, hold_buyer, home_of, said_of_buyer
from orders.services.inquiring import Inquired, file_asked, file_new, known_as
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
    """The quote, whether the customer was filed with it, and in words why not."""

    quote: Quote
    is_filed: bool = False
    said: str = ""


@transaction.atomic
def make_quote(*, said: NewQuote, by: Person, key: UUID, now: datetime | None = None) -> Quoted:
    """Record a quote for whoever has this number: it files them, somebody new is registered first.

    The quote stands whatever becomes of the filing (FIL-35).

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
        found = known_as(held, by=by, at=at) if held is not None else None
        _check_review(held, found, by=by, store=store, on=today)

        held, inquired = _inquired(said, held, store, found=found, by=by, at=at, key=key)
        project = _project(said, held, by=by, at=at)
        quote = _write(said, held, project, store, columns, by=by, key=key, at=at)

        audit.record(verb="make_quote", of=quote, by=by, customer=held.pk)
        followups.touch_and_ask(customers=[held.pk], now=at)
        form.result_id = quote.pk
    return Quoted(quote=quote, is_filed=inquired.is_filed, said=inquired.said)


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


def _check_review(
    known: Customer | None, found: LookUp | None, *, by: Person, store: Store, on: date
) -> None:
    """Whether one quotes before one's own filing is reviewed, by the policy (decision 13)."""
    if known is None or found == LookUp.FREE:
        policy = policy_of(store.trade, day=on)
        if policy is not None and policy.is_on and not policy.quote_before_review:
            raise QuoteNotMade.because("review_first")
        return
    waiting = filing_in_review(known, holders=[by.pk])
    if waiting is not None and not waiting.policy.quote_before_review:
        raise QuoteNotMade.because("in_review")


def _inquired(
    said: NewQuote,
    known: Customer | None,
    store: Store,
    *,
    found: LookUp | None,
    by: Person,
    at: datetime,
    key: UUID,
) -> tuple[Customer, Inquired]:
    """Who asked the price, registered where they are new, and what became of their filing.

    What is quoted is what they need, where nothing else is said.
    """
    products = ", ".join(line.product for line in said.lines)
    need = (said.need or products)[:LONGEST_NEED]
    card = {"need": need, "expected_purchase": said.expected}
    if known is not None:
        card |= {"name": said.name, "address": said.address}
        return known, file_asked(said, card, known, found=found, by=by, at=at, key=key)
    new = register_buyer(said, store, name=said.name, by=by, at=at, grade=Grade.B1, card=card)
    return new, file_new(new, by=by, at=at)


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
