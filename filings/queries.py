"""Reads of the filings room: which parameters hold on a day."""

from datetime import date

from django.db.models import QuerySet

from filings.models import Policy
from staff.states import Trade


def policies_in_force(*, day: date) -> QuerySet[Policy]:
    """The policy of each trade that has one, as it holds on `day` (ADJ-07)."""
    return (
        Policy.objects.filter(valid_from__lte=day)
        .order_by("trade", "-valid_from")
        .distinct("trade")
    )


def policy_of(trade: Trade | str, *, day: date) -> Policy | None:
    """The parameters of this trade on `day`; None where it has none."""
    return policies_in_force(day=day).filter(trade=trade).first()
