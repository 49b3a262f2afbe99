"""What the guard says of customers who are about to be invited: said beforehand, and held to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from customers.models import Customer
from customers.states import Channel, Reason
from followups import rules as care_rules
from followups.models import Campaign, Invitation
from followups.queries.guarding import guard_facts_of
from followups.rules import Attempt, GuardFacts
from followups.rules import campaigns as rules
from followups.states import Withheld

# Why a guest is talked with.
REASON = Reason.EVENT


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What inviting would do: whom it adds, who is there already, whom the guard keeps off."""

    ids: list[int]
    there: list[int]
    withheld: Mapping[Withheld, list[int]]


def _is_too_soon(facts: GuardFacts, *, now: datetime) -> bool:
    attempt = Attempt(at=now, channel=Channel.CALL, reason=REASON)
    return care_rules.too_soon(attempt, facts) is not None


def judged(customers: Sequence[Customer], *, now: datetime) -> dict[int, Withheld]:
    """What the guard says of each: two queries, however many."""
    facts = guard_facts_of(customers, at=now)
    return {
        who.pk: rules.withheld(
            grade=who.grade,
            quiet=who.quiet,
            has_keeper=who.owner is not None and who.owner.is_active,
            is_too_soon=_is_too_soon(facts[who.pk], now=now),
        )
        for who in customers
    }


def foresee(*, campaign: Campaign, customers: Sequence[Customer], now: datetime) -> Foreseen:
    """What would become of each customer; those kept off before are judged anew."""
    known = dict(
        Invitation.objects.filter(
            campaign=campaign, customer__in=[who.pk for who in customers]
        ).values_list("customer", "withheld")
    )
    verdicts = judged(customers, now=now)
    withheld: dict[Withheld, list[int]] = {}
    ids, there = [], []
    for pk, verdict in verdicts.items():
        if known.get(pk) == "":
            there.append(pk)
        elif verdict == Withheld.NONE:
            ids.append(pk)
        else:
            withheld.setdefault(verdict, []).append(pk)
    return Foreseen(ids=ids, there=there, withheld=withheld)
