"""Opportunities: which moves there are, when to stop, and what the chance is."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.calendars import add_months
from core.rules import Blocker
from customers.states import LostReason, StageKind

# Our own history speaks of what was closed lately: prices and people change.
MONTHS_OF_HISTORY = 24


@dataclass(frozen=True, kw_only=True)
class Step:
    """A stage, as far as a move needs to know it."""

    stage: int
    stage_set: int
    kind: StageKind


@dataclass(frozen=True, kw_only=True)
class Ticks:
    """The four conditions under which a purchase is to be expected (FUP-29)."""

    problem: bool
    budget: bool
    time_frame: bool
    decision_process: bool


@dataclass(frozen=True, kw_only=True)
class Chance:
    """How likely an opportunity in a stage is won: a share between 0 and 1.

    `is_own` says that it is reckoned from `closed` opportunities of our own; else it is judgement.
    """

    share: Decimal
    is_own: bool
    closed: int


def move_blockers(
    *,
    before: Step,
    after: Step,
    lost_reason: str = "",
    why: str = "",
    may_reopen: bool = False,
) -> list[Blocker]:
    """Everything that stops a move between two stages (FUP-32, FUP-33).

    An open one goes to any stage of its set; lost says why. A closed one is only opened again, with
    a reason, by its keeper or a manager.
    """
    if before.stage_set != after.stage_set:
        return [Blocker("other_set")]
    if before.stage == after.stage:
        return [Blocker("stands_there")]
    if before.kind != StageKind.OPEN:
        return _reopen_blockers(after=after, why=why, may_reopen=may_reopen)
    if after.kind == StageKind.LOST and lost_reason not in LostReason.values:
        return [Blocker("lost_reason_missing")]
    return []


def _reopen_blockers(*, after: Step, why: str, may_reopen: bool) -> list[Blocker]:
    if after.kind != StageKind.OPEN:
        return [Blocker("is_closed")]
    blockers = [] if may_reopen else [Blocker("not_yours_to_reopen")]
    return blockers if why.strip() else [*blockers, Blocker("why_missing")]


def stop_is_proposed(ticks: Ticks) -> bool:
    """None of the four conditions holds: stopping is proposed, a person decides (decision 21)."""
    return not (ticks.problem or ticks.budget or ticks.time_frame or ticks.decision_process)


def chance_of(
    *,
    kind: StageKind,
    default_chance: int,
    won_share: Decimal | None,
    reckoned_from: int,
    history_needed: int,
) -> Chance:
    """The chance of what stands in a stage (KPI-16): our own history once it is long enough, until
    then the stage's own figure, which is judgement.
    """
    if kind != StageKind.OPEN:
        won = Decimal(1) if kind == StageKind.WON else Decimal(0)
        return Chance(share=won, is_own=True, closed=reckoned_from)
    if won_share is not None and reckoned_from >= history_needed:
        return Chance(share=won_share, is_own=True, closed=reckoned_from)
    return Chance(share=Decimal(default_chance) / 100, is_own=False, closed=reckoned_from)


def history_since(now: datetime) -> datetime:
    """Since when closed opportunities count for the chances of the stages."""
    return add_months(now, -MONTHS_OF_HISTORY)
