"""Which parameters hold on a day, and the terms they say."""

from dataclasses import fields
from datetime import date, datetime

from django.db.models import QuerySet

from filings.models import Policy
from filings.rules import Terms
from staff.models import Store
from staff.states import Trade

TERMS = tuple(field.name for field in fields(Terms))


def policies_in_force(*, day: date) -> QuerySet[Policy]:
    """The policy of each trade that has one, as it holds on `day` (ADJ-07)."""
    return (
        Policy.objects.filter(valid_from__lte=day)
        .order_by("trade", "-valid_from")
        .distinct("trade")
    )


def policy_of(trade: Trade | str, *, day: date) -> Policy | None:
    """The parameters of this trade on `day`; None where it has none."""
    found = Policy.objects.filter(trade=trade, valid_from__lte=day)
    return found.order_by("-valid_from").first()


def terms_for(store: Store | None, *, now: datetime) -> Terms | None:
    """The terms under which a store's people file now; None where leads are not filed."""
    policy = policy_of(store.trade, day=store.today(now)) if store is not None else None
    return terms_of(policy) if policy is not None else None


def terms_of(policy: Policy) -> Terms:
    """What a policy says, for the rules."""
    return Terms(**{name: getattr(policy, name) for name in TERMS})
