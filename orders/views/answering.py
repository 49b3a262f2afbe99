"""The answer before the button: what a number is, and whose the credit will be (decision 4)."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from django.utils import timezone

from core.phones import PhoneRefused
from customers.models import Customer
from customers.services import NumberNotLookedUp, look_up_number
from filings.queries import looked_up
from filings.services import files_leads
from filings.states import LookUp
from orders import services
from orders.forms.asking import AskingForm
from orders.models import Quote
from orders.services import SaleNotMade, Wanted
from orders.services.foreseeing import foresee
from orders.services.inquiring import why_not_filed
from orders.services.ordering import home_for
from orders.states import Whose
from orders.wording.deposits import Answer, not_told
from orders.wording.sales import answer_to_quote
from staff.requests import Request

Words = Callable[[LookUp, Whose], Answer]


class Told(Protocol):
    """What is answered of somebody found by their number, or of nobody."""

    def __call__(self, asked: Wanted, card: Customer | None, *, now: datetime) -> Answer: ...


def answer_to(request: Request, form: AskingForm, words: Words) -> Answer | None:
    """What the number typed is, in these words; counted as a look-up like any other.

    None while nothing is typed.
    """

    def told(asked: Wanted, card: Customer | None, *, now: datetime) -> Answer:
        return answer_of_card(request, asked, card, words, now=now)

    return _answer(request, form, told)


def answer_to_inquiry(request: Request, form: AskingForm) -> Answer | None:
    """The same before a quote, and whether it would file the customer (FIL-35)."""

    def told(asked: Wanted, card: Customer | None, *, now: datetime) -> Answer:
        whose = services.foreseen(asked, card, by=request.user, now=now)
        found = known_as(request, card, now=now)
        why_not = why_not_filed(asked, card, found=found, by=request.user, at=now)
        return answer_to_quote(found, whose, why_not=why_not)

    return _answer(request, form, told)


def _answer(request: Request, form: AskingForm, told: Told) -> Answer | None:
    now, by = timezone.now(), request.user
    if by.store is not None and form.customer is not None:
        return told(form.asked(), form.customer, now=now)
    if not form.text_of("phone") or by.store is None:
        return None
    try:
        asked = form.asked()
        if asked.phone is None:
            return None
        found = look_up_number(phone=asked.phone, address=asked.address, by=by, now=now)
    except (PhoneRefused, NumberNotLookedUp) as refusal:
        return not_told(str(refusal))
    card = found.merged_into if found and found.merged_into else found
    return told(asked, card, now=now)


def answer_of_card(
    request: Request, asked: Wanted, card: Customer | None, words: Words, *, now: datetime
) -> Answer:
    """The same of a card that was found by its number."""
    whose = services.foreseen(asked, card, by=request.user, now=now)
    return words(known_as(request, card, now=now), whose)


def answer_of_quote(request: Request, form: AskingForm, quote: Quote, words: Words) -> Answer:
    """The answer before a quote becomes an order: its customer is known, no number is asked."""
    now, asked, card = timezone.now(), form.asked(), quote.customer
    try:
        home = home_for(asked, quote, card, by=request.user, at=now)
    except SaleNotMade as refusal:
        if "store_missing" in refusal.codes:
            return not_told(str(refusal))
        whose = Whose.ADDRESS
    else:
        whose = foresee(asked, home, by=request.user, now=now)
    return words(known_as(request, card, now=now), whose)


def known_as(request: Request, card: Customer | None, *, now: datetime) -> LookUp:
    """What a customer is to whoever asks (decision 4)."""
    by = request.user
    is_filing = by.store is not None and files_leads(by.store, now=now)
    return looked_up(card, by=by, acting=request.reach.acts_for, is_filing=is_filing, now=now)
