"""Random histories: the rules against the reference, at every instant near an edge.

Some thousands run with every suite; `make prove` runs a hundred thousand (GENJIN_HISTORIES).
"""

import os
from datetime import datetime
from itertools import pairwise

import pytest

from filings.rules import Book, decide, status
from filings.rules.events import Credited
from filings.rules.limits import month_of
from filings.states import Invalid
from tests.filings.histories import CLOCK, PEOPLE, SECOND, History, as_event

HISTORIES = int(os.environ.get("GENJIN_HISTORIES", "2000"))
STEPS = 22
PARTS = 4


class Told:
    """One history told to both, and what is held after each step."""

    def __init__(self, seed: int) -> None:
        self.history = History(seed)
        self.book, self.reference = Book(), self.history.reference()
        self.seen: dict[tuple[str, datetime], bool] = {}

    def run(self) -> None:
        for kind, told in self.history.steps(STEPS):
            slots = self.slots(told) if kind == "file" else None
            found = getattr(self.reference, TOLD.get(kind, kind))(*told)
            event = as_event(kind, told, self.history.terms)
            if kind == "deposit":
                self.hold_deposit(event, found)
            self.book.enter(event)
            if kind == "deposit":
                won = decide_last(self)
                self.book.enter(Credited(at=event.at, deal=event.deal, filing=won))
            if slots is not None:
                self.hold_quota(event, slots)
            self.hold_instants()
        self.hold_stretches()
        self.hold_past()

    def slots(self, told) -> tuple[int, int]:
        slots = self.book.slots(told[3], month_of(told[0], clock=CLOCK))
        return slots.admitted, slots.deals

    def hold_deposit(self, event, found) -> None:
        """The same owner, the same statuses; the earliest that remains wins."""
        owner, statuses = found
        self.decision = decide(self.book, event)
        assert self.decision.owner == owner
        mine = {key: text.partition(":")[2] or text for key, text in self.decision.statuses.items()}
        assert {key: mine[key] for key in statuses} == statuses
        remaining = [key for key, code in statuses.items() if code == "protected"]
        assert self.decision.filing == next(iter(remaining), None)
        assert len(remaining) <= 1

    def hold_quota(self, event, slots) -> None:
        """What is admitted of a month never exceeds its slots at that moment."""
        state = self.book.filings[event.filing]
        if PEOPLE[event.filer] and not state.invalid:
            admitted, deals = slots
            assert admitted < self.history.terms.field_quota + deals

    def hold_instants(self) -> None:
        """Now, and at each edge ahead, both say the same of each filing, and one protects."""
        now = self.history.at
        edges = [mark for mark in self.history.marks[-5:] if mark > now]
        for at in (now, now + SECOND, *edges, *(edge - SECOND for edge in edges)):
            protecting = []
            for key, state in self.book.filings.items():
                code = status(state, at)
                assert code == self.reference.status(self.reference.leads[key], at), (key, at)
                assert (code == "protected") <= state.is_protected(at)
                if state.is_protected(at):
                    protecting.append(state.project)
            assert len(protecting) == len(set(protecting))
        # Of several steps at one moment, the last is what that moment was.
        for key, state in self.book.filings.items():
            self.seen[key, now] = state.is_protected(now)

    def hold_stretches(self) -> None:
        """No two that count overlap, and each begins before it ends."""
        counting = [
            (state.project, stretch.starts_at, stretch.ends_at)
            for state in self.book.filings.values()
            if not state.withdrawn
            for stretch in state.stretches
            if stretch.starts_at != stretch.ends_at
        ]
        for (project, start, end), (other, begins, _end) in pairwise(sorted(counting)):
            assert start < end
            assert project != other or end <= begins

    def hold_past(self) -> None:
        """What was a gap stays one; what protected did, unless it was void from the start."""
        for (key, at), was_protected in self.seen.items():
            state = self.book.filings[key]
            if not state.withdrawn:
                assert state.is_protected(at) == was_protected, (key, at)


TOLD = {"measure": "contact"}


def decide_last(told: Told):
    return told.decision.filing


@pytest.mark.parametrize("part", range(PARTS))
def test_the_rules_and_the_reference_agree_on_random_histories(part):
    for seed in range(part, HISTORIES, PARTS):
        try:
            Told(seed).run()
        except Exception as error:
            error.add_note(f"history {seed}")
            raise


def test_the_histories_reach_what_they_are_to_hold():
    """The control: every outcome is met often enough to mean something."""
    met: dict[str, int] = {}
    for seed in range(300):
        told = Told(seed)
        told.run()
        for state in told.book.filings.values():
            code = status(state, told.history.at)
            met[code] = met.get(code, 0) + 1
            met["revived"] = met.get("revived", 0) + (len(state.stretches) > 1)
            met["extended"] = met.get("extended", 0) + state.extended
    wanted = {"protected", "LAPSED_10D", "VOID_15D", "RELEASED_D", Invalid.LATER_FILER,
              Invalid.OVER_QUOTA, Invalid.LATE_24H, Invalid.AFTER_DEAL, Invalid.VOIDED,
              Invalid.REVIEW_REJECTED, "revived", "extended"}  # fmt: skip
    assert {code for code in wanted if met.get(code, 0) >= 10} == wanted
