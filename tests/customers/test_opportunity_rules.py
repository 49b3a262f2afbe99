"""What the rulebook says of opportunities, as tables."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import product

import pytest

from customers.rules.opportunities import (
    Step,
    Ticks,
    chance_of,
    history_since,
    move_blockers,
    stop_is_proposed,
)
from customers.states import StageKind

OPEN, WON, LOST = StageKind.OPEN, StageKind.WON, StageKind.LOST


def step(stage, kind=OPEN, stage_set=1):
    return Step(stage=stage, stage_set=stage_set, kind=kind)


FIRST, LATER, BOUGHT, GONE = step(1), step(5), step(8, WON), step(9, LOST)


@pytest.mark.parametrize(
    ("before", "after", "said", "codes"),
    [
        (FIRST, LATER, {}, []),
        (LATER, FIRST, {}, []),
        (FIRST, BOUGHT, {}, []),
        (FIRST, FIRST, {}, ["stands_there"]),
        (FIRST, step(20, stage_set=2), {}, ["other_set"]),
        (FIRST, GONE, {}, ["lost_reason_missing"]),
        (FIRST, GONE, {"lost_reason": "nonsense"}, ["lost_reason_missing"]),
        (FIRST, GONE, {"lost_reason": "price"}, []),
        (BOUGHT, LATER, {"why": "returned", "may_reopen": True}, []),
        (GONE, FIRST, {"why": "is back", "may_reopen": True}, []),
        (GONE, FIRST, {"why": " ", "may_reopen": True}, ["why_missing"]),
        (GONE, FIRST, {"why": "is back"}, ["not_yours_to_reopen"]),
        (GONE, FIRST, {}, ["not_yours_to_reopen", "why_missing"]),
        (BOUGHT, GONE, {"lost_reason": "price", "why": "x", "may_reopen": True}, ["is_closed"]),
        (GONE, BOUGHT, {"why": "x", "may_reopen": True}, ["is_closed"]),
    ],
)
def test_which_moves_there_are(before, after, said, codes):
    blockers = move_blockers(before=before, after=after, **said)
    assert [blocker.code for blocker in blockers] == codes


@pytest.mark.parametrize("four", list(product([False, True], repeat=4)))
def test_stopping_is_proposed_only_where_none_of_the_four_conditions_holds(four):
    names = ("problem", "budget", "time_frame", "decision_process")
    ticks = Ticks(**dict(zip(names, four, strict=True)))
    assert stop_is_proposed(ticks) is not any(four)


@pytest.mark.parametrize(
    ("kind", "won", "closed", "share", "is_own"),
    [
        (OPEN, None, 0, "0.30", False),
        (OPEN, "0.5", 19, "0.30", False),
        (OPEN, "0.5", 20, "0.5", True),
        (OPEN, "0", 20, "0", True),
        (WON, None, 0, "1", True),
        (LOST, None, 0, "0", True),
    ],
)
def test_our_own_history_counts_once_it_is_long_enough(kind, won, closed, share, is_own):
    chance = chance_of(
        kind=kind,
        default_chance=30,
        won_share=Decimal(won) if won else None,
        reckoned_from=closed,
        history_needed=20,
    )
    assert (chance.share, chance.is_own, chance.closed) == (Decimal(share), is_own, closed)


def test_history_reaches_back_24_months_clamped_to_the_month():
    assert history_since(datetime(2026, 2, 28, 3, tzinfo=UTC)).date().isoformat() == "2024-02-28"
    assert history_since(datetime(2026, 8, 31, 3, tzinfo=UTC)).date().isoformat() == "2024-08-31"
