"""What the rules propose for this customer, as the card says it."""

from dataclasses import dataclass

from django.urls import reverse

from customers.queries.knowing import KnownCustomer
from desk.grade_words import proposed_in_words
from staff.scope import Reach


@dataclass(frozen=True)
class Proposed:
    """Another grade that is proposed, and where a reader who may answers; "" for others."""

    text: str
    confirm_url: str
    decline_url: str


def proposed_for(customer: KnownCustomer, reader: Reach) -> Proposed | None:
    """The open proposal for this customer, read along with the card."""
    proposal = customer.proposed
    if proposal is None:
        return None
    urls = [
        reverse(name, args=[proposal["pk"]]) if reader.may_serve else ""
        for name in ("desk:confirm_grade", "desk:decline_grade")
    ]
    text = proposed_in_words(after=proposal["after"], because=proposal["because"])
    return Proposed(text, *urls)
