"""Whose work a step of a plan is: a pure decision over who keeps, sold and leads."""

from dataclasses import dataclass

from followups.states import Assignee


@dataclass(frozen=True, kw_only=True)
class Hands:
    """Who is there for one customer and product, by id; None where nobody is, or works here.

    `seller_id` is who sold the product, `sees` everybody with access to the customer.
    """

    keeper_id: int | None = None
    seller_id: int | None = None
    sees: frozenset[int] = frozenset()
    sales_lead_id: int | None = None
    service_lead_id: int | None = None


def doer(*, assignee: Assignee | str, hands: Hands) -> int | None:
    """Who does a step (AFT-01, AFT-02, AFT-05, AFT-25).

    Who sold it, as long as they see the customer; who has handed the customer over does not, and
    what they would do is the keeper's.
    """
    if assignee == Assignee.SALES_MANAGER:
        return hands.sales_lead_id
    if assignee == Assignee.SERVICE_LEAD:
        return hands.service_lead_id
    if assignee == Assignee.SELLER and hands.seller_id in hands.sees:
        return hands.seller_id
    return hands.keeper_id
