"""Who decides about filings beside the bench (ORG-07, ORG-08, FIL-28, FIL-40, XRG-02, FIL-38)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from core.rules import Blocker
from filings.rules.events import Key


class Matter(StrEnum):
    """What is to be decided."""

    REVIEW = "review"
    LIMIT = "limit"
    SILENCE = "silence"
    CROSS_REGION = "cross_region"
    PRICE = "price"
    PRICE_BELOW_FLOOR = "price_below_floor"


# What operations decide alone.
OF_OPERATIONS = frozenset({Matter.CROSS_REGION, Matter.PRICE_BELOW_FLOOR})
# What a sales manager by duty decides; all else that is not for operations, a department manager.
OF_SALES_MANAGERS = frozenset({Matter.REVIEW, Matter.PRICE})


@dataclass(frozen=True, kw_only=True)
class Powers:
    """What one person may decide today: where they lead by role, and where by duty.

    `acts_for` are the person and those they assist or stand in for. `led` are stores and teams
    they lead by role, `led_teams` those they lead as a field supervisor.
    """

    person: Key
    acts_for: frozenset[Key]
    is_operations: bool = False
    led: frozenset[Key] = field(default_factory=frozenset)
    led_teams: frozenset[Key] = field(default_factory=frozenset)
    in_sales: frozenset[Key] = field(default_factory=frozenset)
    in_department: frozenset[Key] = field(default_factory=frozenset)

    @property
    def decides_anything(self) -> bool:
        return self.is_operations or bool(self.led | self.in_sales | self.in_department)


def stores_of(powers: Powers, matter: Matter) -> frozenset[Key] | None:
    """The stores whose matters of this kind this person decides; None is all of them."""
    if powers.is_operations:
        return None
    if matter in OF_OPERATIONS:
        return frozenset()
    led = powers.led_teams if matter == Matter.LIMIT else powers.led
    by_duty = powers.in_sales if matter in OF_SALES_MANAGERS else powers.in_department
    return led | by_duty


def decider_blockers(
    powers: Powers, matter: Matter, *, store: Key, concerned: Iterable[Key]
) -> list[Blocker]:
    """Why this person does not decide this: it is not theirs, or they are party to it.

    Nobody decides the own, nor what concerns somebody on whose behalf they act.
    """
    stores = stores_of(powers, matter)
    if stores is not None and store not in stores:
        return [Blocker("not_yours_to_decide", {})]
    if powers.acts_for & set(concerned):
        return [Blocker("is_party", {})]
    return []
