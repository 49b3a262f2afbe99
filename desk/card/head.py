"""The top of the card."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.phones import mask_in_text
from customers.queries import MaskedCustomer
from customers.states import Quiet

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
    is_do_not_contact: bool


def _best_time(text: str) -> str:
    """“10:00–12:00” reads as when to call; words such as “weekends, no calls” stand as they are."""
    if not HOURS.search(text) or "不" in text:
        return text
    return _("best called %(time)s") % {"time": text}


def head_of(customer: MaskedCustomer) -> Head:
    return Head(
        pk=customer.pk,
        name=mask_in_text(customer.name),
        title=customer.get_title_display(),
        grade=customer.grade,
        intent=customer.get_intent_display() if customer.intent else "",
        need=_(", ").join(mask_in_text(text) for text in (customer.need, customer.budget) if text),
        address=mask_in_text(customer.address),
        best_time=_best_time(mask_in_text(customer.contact_time)),
        phone_masked=customer.phone or "",
        keeper=customer.owner.name if customer.owner else _("nobody"),
        store=customer.store.name,
        quiet=customer.get_quiet_display() if customer.quiet else "",
        is_do_not_contact=customer.quiet == Quiet.ALL,
    )
