"""What would have been decided under other terms: two books side by side (decision 13).

Everything that people did stays as it was; what the rules decided, admission and credit, is
decided anew. What the rules of the time do not explain (an import, a ruling) is taken over.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from filings.rules.book import Book
from filings.rules.deciding import Decision, Reason, decide, is_foreign_sale
from filings.rules.events import Credited, Dealt, Event, Filed, Key
from filings.rules.limits import Clock
from filings.rules.terms import Terms
from filings.states import CrossRegionSale, Invalid

# The parameters on which a replay can hang; the others warn, or bind people, who did what they did.
REPLAYED = (
    "is_on", "file_within_hours", "late_tested_at", "update_days", "protection_days",
    "lapse_test", "lapse_by", "field_limit_days", "roll_over_holidays", "field_quota",
    "refill_month", "extensions", "report_after_lapse_days", "min_deposit", "cross_region_sale",
)  # fmt: skip
# What a deposit comes to instead of a credit.
NOT_TAKEN, NO_DEAL = "NOT_TAKEN", "NO_DEAL"


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """One deposit, decided as the rules were and as they would be.

    `outcome` is NOT_TAKEN where the sale would have been refused, NO_DEAL where the deposit is
    too small to settle; else "".
    """

    deal: Key
    at: datetime
    held: Decision
    changed: Decision
    outcome: str = ""

    @property
    def is_flipped(self) -> bool:
        """Somebody else would have it, or a person would, or would not, have to decide."""
        return bool(self.outcome) or (self.held.owner, self.held.verdict) != (
            self.changed.owner,
            self.changed.verdict,
        )

    def reasons_gone(self) -> list[Reason]:
        """What spoke for the decision that was made and would no longer be found."""
        return _without(self.held.reasons, self.changed.reasons)

    def reasons_new(self) -> list[Reason]:
        """What would be found instead."""
        return _without(self.changed.reasons, self.held.reasons)


def _without(some: tuple[Reason, ...], others: tuple[Reason, ...]) -> list[Reason]:
    """Reasons whose clause and code, for the same filing, the others do not have."""
    known = {(each.clause, each.code, each.filing) for each in others}
    return [each for each in some if (each.clause, each.code, each.filing) not in known]


@dataclass(kw_only=True)
class Replay:
    """Two books: `held` under the terms of each filing's own time, `changed` under others.

    Before `counts_from` the quota is taken over as it was.
    """

    terms: Terms
    clock: Clock
    counts_from: datetime
    held: Book = field(default_factory=Book)
    changed: Book = field(default_factory=Book)
    credits: dict[Key, tuple[Key | None, Key | None]] = field(default_factory=dict)

    def enter(
        self, event: Event, *, is_concerned: bool = True, amount: Decimal | None = None
    ) -> Compared | None:
        """The next thing that happened; answers with the comparison where it was a deposit.

        `is_concerned` is whether the changed terms hold for this filing's trade; `amount` is the
        deposit's, where it is known.
        """
        if isinstance(event, Filed):
            self._file(event, is_concerned=is_concerned)
            return None
        if isinstance(event, Dealt):
            return self._deal(event, is_concerned=is_concerned, amount=amount)
        self.held.enter(event)
        if isinstance(event, Credited):
            by_rules, instead = self.credits.pop(event.deal, (event.filing, event.filing))
            if by_rules == event.filing:
                event = replace(event, filing=instead)
        self.changed.enter(event)
        return None

    def _file(self, event: Filed, *, is_concerned: bool) -> None:
        is_explained = self.held.entry_of(replace(event, was=None)).invalid == event.was
        self.held.enter(event)
        if not is_concerned:
            self.changed.enter(replace(event, was=None) if is_explained else event)
        elif self.terms.is_on:
            told = replace(event, terms=self.terms, clock=self.clock, was=None)
            self.changed.enter(
                replace(told, was=self._kept(event, told, is_explained=is_explained))
            )

    def _kept(self, event: Filed, told: Filed, *, is_explained: bool) -> str | None:
        """What is taken over as it was decided; None lets the changed terms decide.

        A month that is not replayed whole has no quota to be decided anew: OVER_QUOTA, the last
        test of all, stays what it was.
        """
        if not is_explained:
            return event.was
        if event.at >= self.counts_from:
            return None
        if event.was == Invalid.OVER_QUOTA:
            return event.was
        is_over = self.changed.entry_of(told).invalid == Invalid.OVER_QUOTA
        return "" if is_over else None

    def _deal(self, dealt: Dealt, *, is_concerned: bool, amount: Decimal | None) -> Compared | None:
        is_further = self.held.deal_on(dealt.project) is not None and not dealt.is_repeat
        held, changed = decide(self.held, dealt), decide(self.changed, dealt)
        outcome = self._outcome(dealt, amount) if is_concerned else ""
        self.held.enter(dealt)
        if not outcome:
            self.changed.enter(dealt)
        self.credits[dealt.deal] = (held.filing, changed.filing)
        if is_further:
            return None
        return Compared(deal=dealt.deal, at=dealt.at, held=held, changed=changed, outcome=outcome)

    def _outcome(self, dealt: Dealt, amount: Decimal | None) -> str:
        if amount is not None and amount < self.terms.min_deposit:
            return NO_DEAL
        is_blocked = self.terms.cross_region_sale == CrossRegionSale.BLOCK
        if is_blocked and is_foreign_sale(dealt):
            return NOT_TAKEN
        return ""

    def forget(self, customer: Key) -> None:
        """Let go of a customer of whom nothing more is told."""
        self.held.forget(customer)
        self.changed.forget(customer)
