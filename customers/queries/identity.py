"""One person once: where a merged card went, and which cards may be one customer."""

from django.db.models import Q, QuerySet

from customers.models import Customer, Merge, Suspicion
from customers.queries.finding import are_visible
from customers.states import SuspicionState
from staff.scope import Reach

# Longer than any chain of merges.
MOST_MERGES = 12


def card_that_stands(pk: int) -> int:
    """The card into which `pk` was merged in the end; `pk` itself where it was not merged."""
    for _merge in range(MOST_MERGES):
        into = Customer.objects.filter(pk=pk).values_list("merged_into", flat=True).first()
        if into is None:
            return pk
        pk = into
    return pk


def was_merged(customer: Customer) -> bool:
    """Whether this card has ever been one with another."""
    return Merge.objects.filter(Q(kept=customer) | Q(merged=customer)).exists()


def open_suspicions(reach: Reach) -> QuerySet[Suspicion]:
    """What is to be decided on cards of this reach, the oldest first; one card within it will do.

    Who may decide is another question: `customers.rules.needs_operations`.
    """
    rows = Suspicion.objects.filter(
        Q(state=SuspicionState.OPEN), first__merged_into=None, second__merged_into=None
    )
    within = are_visible(reach, path="first") | are_visible(reach, path="second")
    cards = ("first__store", "first__owner", "second__store", "second__owner")
    return rows.filter(within).select_related(*cards).order_by("raised_at", "pk")


def suspicions_of(customer: Customer | int) -> QuerySet[Suspicion]:
    """The open suspicions that this card is one with another."""
    rows = Suspicion.objects.filter(
        Q(first=customer) | Q(second=customer),
        state=SuspicionState.OPEN,
        first__merged_into=None,
        second__merged_into=None,
    )
    return rows.order_by("pk")


def suspected_to_be(customer: int) -> set[int]:
    """The other cards with which this one is perhaps one, and nobody has decided."""
    pairs = suspicions_of(customer).values_list("first", "second")
    return {pk for pair in pairs for pk in pair} - {customer}


def merges(reach: Reach) -> QuerySet[Merge]:
    """The merges into cards of this reach, the latest first."""
    people = ("kept__store", "merged__store", "by", "undone_by")
    rows = Merge.objects.filter(are_visible(reach, path="kept")).select_related(*people)
    return rows.order_by("-at", "-pk")
