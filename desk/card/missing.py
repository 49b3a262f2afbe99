"""What a card is still without, in words (DAT-04)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from customers.queries.completing import missing_on
from customers.queries.knowing import KnownCustomer
from customers.states import ToComplete


def words_of(fields: Iterable[str]) -> str:
    """The fields, named."""
    return _(", ").join(str(ToComplete(field).label) for field in fields)


def missing_of(customer: KnownCustomer, *, said: Iterable[str] = ()) -> str:
    """What is still to be filled in on this card, in words; what is `said` already is left out."""
    missing = missing_on(customer, has_interest=bool(customer.interest_words))
    return words_of(field for field in missing if field not in said)
