"""Random histories: the rules against the reference, at every instant near an edge.

A thousand run with every suite; `make prove` runs a hundred thousand (GENJIN_HISTORIES).
"""

import os
from collections import Counter
from datetime import datetime
from itertools import pairwise

import pytest

from filings.rules import Book, decide, status
from filings.rules.events import Credited, Voided
from filings.rules.filing import ADMITTED_BY_RULING, ruled_first
from filings.rules.limits import month_of
from filings.states import Invalid, Lost, Withdrawn
from tests.filings.histories import CLOCK, PEOPLE, SECOND, History, as_event

HISTORIES = int(os.environ.get("GENJIN_HISTORIES", "1000"))
STEPS = 22
PARTS = 4


class Told:
    """One history told to both, and what is held after each step."""

    def __init__(self, seed: int) -> None:
        self.history = History(seed)
        self.book, self.reference = Book(), self.history.reference()
        self.seen: dict[tuple[str, datetime], bool] = {}
        self.done: Counter[str] = Counter()

    def run(self) -> None:
        for kind, told in self.history.steps(STEPS):
            if self.is_refused(kind, told[1]):
                continue
            self.done[kind] += 1
            slots = self.slots(told) if kind == "file" else None
            found = getattr(self.reference, TOLD.get(kind, kind))(*told)
            event = as_event(kind, told, self.history.terms)
            if kind == "deposit":
                self.hold_deposit(event, found)
            if kind == "rule" and not self.make_way(event):
                continue
            self.book.enter(event)
            if kind == "deposit":
                won = decide_last(self)
                self.book.enter(Credited(at=event.at, deal=event.deal, filing=won))
            if slots is not None:
                self.hold_quota(event, slots)
            self.hold_instants()
            self.hold_slots()
        self.hold_stretches()
        self.hold_past()

    def make_way(self, event) -> bool:
        """As a ruling does: what stands in the way is withdrawn; whether there is any to give."""
        first = self.book.filings[event.filing]
        is_refused = first.invalid in ADMITTED_BY_RULING and not first.withdrawn
        if not is_refused or not ruled_first(first, event.at).is_protected(event.at):
            return False
        for one in self.book.on_project(first.project):
            if one.is_standing:
                self.book.enter(Voided(at=event.at, filing=one.filing, because=Withdrawn.MERGED))
        self.done["ruled_first"] += 1
        return True

    def is_refused(self, kind, filing) -> bool:
        """What no service enters: a filing that is over is not over once more, and the database
        lets none protect again what another one has protected meanwhile.
        """
        if kind == "join":
            return self.book.filings[filing].ended not in ("", Lost.RELEASED_D)
        if kind != "resume":
            return False
        state = self.book.filings[filing]
        if state.withdrawn != Withdrawn.MERGED:
            return False
        self.done["merge_taken_back"] += 1
        return any(
            mine.starts_at < other.ends_at and other.starts_at < mine.ends_at
            for one in self.book.on_project(state.project)
            if one.filing != filing and not one.withdrawn
            for other in one.stretches
            for mine in state.stretches
        )

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

    def hold_slots(self) -> None:
        """Both count the same of each month, whatever was ruled, shared or refunded since."""
        for (person, month), (used, more) in self.reference.slots.items():
            slots = self.book.slots(person, month)
            assert (slots.admitted, slots.deals) == (used, more), (person, month)

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
        # Of several steps at one moment, the last is what that moment was. Void by a ruling or a
        # merge that is taken back later, it will never have been void.
        for key, state in self.book.filings.items():
            self.seen[key, now] = state.is_protected(now)
            if state.withdrawn:
                del self.seen[key, now]

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
    for seed in range(400):
        told = Told(seed)
        told.run()
        for state in told.book.filings.values():
            code = status(state, told.history.at)
            met[code] = met.get(code, 0) + 1
            met["revived"] = met.get("revived", 0) + (len(state.stretches) > 1)
            met["extended"] = met.get("extended", 0) + state.extended
        for step in ("rule", "ruled_first", "merge_taken_back", "credit"):
            met[step] = met.get(step, 0) + told.done[step]
    wanted = {"protected", "LAPSED_10D", "VOID_15D", "RELEASED_D", Invalid.LATER_FILER,
              Invalid.OVER_QUOTA, Invalid.LATE_24H, Invalid.AFTER_DEAL, Invalid.VOIDED,
              Invalid.REVIEW_REJECTED, "revived", "extended",
              "ruled_first", "merge_taken_back", "credit"}  # fmt: skip
    assert {code for code in wanted if met.get(code, 0) >= 10} == wanted
