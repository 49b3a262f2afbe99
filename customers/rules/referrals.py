"""Who brought whom: what may be said, and the tree that comes of it (AFT-18, FUP-15)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from core.rules import Blocker


def referrer_blockers(
    *, customer_id: int, referrer_id: int, brought_by_customer: Collection[int]
) -> list[Blocker]:
    """What stops a customer from having been brought by `referrer_id`.

    `brought_by_customer` are all whom the customer brought, and whom those brought.
    """
    if referrer_id == customer_id:
        return [Blocker("brought_himself")]
    if referrer_id in brought_by_customer:
        return [Blocker("brought_in_a_circle")]
    return []


@dataclass(frozen=True, kw_only=True)
class Link:
    """One customer and who brought them; None for the first of a chain."""

    customer_id: int
    referrer_id: int | None


@dataclass(kw_only=True)
class Branch:
    """One customer of a chain with those they brought, in order."""

    customer_id: int
    brought: list["Branch"] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many came through this customer, near and far."""
        return sum(1 + branch.size for branch in self.brought)


def tree_of(links: Iterable[Link], *, root: int) -> Branch:
    """The chain below `root`; whoever stands in it twice by mistake is drawn once."""
    brought: dict[int | None, list[int]] = {}
    for link in links:
        brought.setdefault(link.referrer_id, []).append(link.customer_id)
    seen = {root}

    def below(customer_id: int) -> Branch:
        branch = Branch(customer_id=customer_id)
        for each in brought.get(customer_id, []):
            if each not in seen:
                seen.add(each)
                branch.brought.append(below(each))
        return branch

    return below(root)
