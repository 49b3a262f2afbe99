"""Whether a filing waits for its review while its customer is quoted to (decision 13)."""

from collections.abc import Collection

from customers.models import Customer
from filings.models import Filing
from filings.queries.standing import ADMITTED
from filings.states import ReviewState

IN_REVIEW = (ReviewState.PENDING, ReviewState.PROOF)


def filing_in_review(customer: Customer | int, *, holders: Collection[int]) -> Filing | None:
    """The filing of this customer that one of these people holds and nobody has reviewed yet."""
    found = Filing.objects.filter(
        ADMITTED, customer=customer, holder__in=holders, ended="", review_state__in=IN_REVIEW
    )
    return found.select_related("policy").order_by("pk").first()
