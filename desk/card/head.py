"""The top of the card."""

import re
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from core.days import date_text
from core.phones import mask_in_text
from customers.models import Customer
from customers.queries import MaskedCustomer
from customers.states import Quiet
from followups.queries.quieting import last_change

# An hour, or hours from and to: 10:00, 8点, 3-5.
HOURS = re.compile(r"\d\s*(?:[:：点时]|[-–—~～至到]\s*\d)")


@dataclass(frozen=True)
class Head:
    """The top of the card."""

    pk: int
    name: str
    title: str
    grade: str
    intent: str
    need: str
    address: str
    best_time: str
    phone_masked: str
    keeper: str
    store: str
    quiet: str
    quiet_told: str
    is_do_not_contact: bool


def _best_time(text: str) -> str:
    """“10:00–12:00” reads as when to call; words such as “weekends, no calls” stand as they are."""
    if not HOURS.search(text) or "不" in text:
        return text
    return _("best called %(time)s") % {"time": text}


def contact_time_of(customer: Customer) -> str:
    """19:00–20:00, after work: the hours between which they may be called, and their words."""
    words = [mask_in_text(customer.contact_time)]
    if customer.contact_from is not None and customer.contact_until is not None:
        words.insert(0, f"{customer.contact_from:%H:%M}–{customer.contact_until:%H:%M}")
    # Translators: stands between the hours and the words in which somebody may be called.
    return _(", ").join(word for word in words if word)


def _quiet_told(customer: MaskedCustomer) -> str:
    """Who wrote the wish down, when, and why."""
    told = last_change(customer)
    if told is None:
        return ""
    day = date_text(customer.store.today(told.at), today=customer.store.today(timezone.now()))
    words = [told.get_reason_display(), mask_in_text(told.note), f"{told.by.name} {day}"]
    return " · ".join(word for word in words if word)


def head_of(customer: MaskedCustomer) -> Head:
    return Head(
        pk=customer.pk,
        name=mask_in_text(customer.name),
        title=customer.shown_title,
        grade=customer.grade,
        intent=customer.get_intent_display() if customer.intent else "",
        need=_(", ").join(mask_in_text(text) for text in (customer.need, customer.budget) if text),
        address=mask_in_text(customer.address),
        best_time=_best_time(contact_time_of(customer)),
        phone_masked=customer.phone or "",
        keeper=customer.owner.name if customer.owner else _("nobody"),
        store=customer.store.name,
        quiet=customer.get_quiet_display() if customer.quiet else "",
        quiet_told=_quiet_told(customer) if customer.quiet else "",
        is_do_not_contact=customer.quiet == Quiet.ALL,
    )
