"""The ladder of an amount due, over random lives, against a ladder kept by hand (formulas 3.10)."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followups.models import Obligation
from followups.order_verification import order_differences
from followups.services import (
    engine,
    pause_anchor_day,
    resume_anchor_day,
    set_anchor_day,
)
from followups.services.anchor_days import end_anchor_day
from followups.states import Anchor, State
from tests.examples import examples
from tests.followups.build import SHANGHAI, customer, shop
from tests.followups.test_engine_properties import (
    every_open_obligation_stands_on_an_open_task_of_its_day,
    undone,
)

pytestmark = pytest.mark.django_db

LADDER = {
    "receivable-reminder": -7,
    "receivable-confirm": 0,
    "receivable-call": 1,
    "receivable-letter-1": 8,
    "receivable-manager-call": 31,
    "receivable-letter-2": 31,
    "receivable-letter-3": 61,
    "receivable-legal": 91,
}
HORIZON, LOOK_BACK = timedelta(days=60), timedelta(days=7)
BEGIN = date(2026, 3, 12)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["set", "set", "end", "pause", "resume", "do", "wait"]),
        st.integers(0, 40),
        st.integers(-100, 100),
    ),
    min_size=1,
    max_size=9,
)
THE_AMOUNT = {"anchor": Anchor.RECEIVABLE, "subject_id": 7}


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), SHANGHAI)


class Ladder:
    """What stands on each rung, kept by hand: "open", "done", or nothing."""

    def __init__(self, who) -> None:
        self.who = who
        self.today = BEGIN
        self.on: date | None = None
        self.noted = self.asks_from = self.ended = BEGIN
        self.is_paused = False
        self.rungs: dict[str, str] = {}

    @property
    def stands(self) -> bool:
        return self.on is not None and self.ended == date.max and not self.is_paused

    def do(self, act: str, days: int) -> None:
        now = noon(self.today)
        if act == "set":
            self.say(self.today + timedelta(days=days))
            set_anchor_day(**THE_AMOUNT, customer=self.who, on=self.on, now=now)
        elif act == "end":
            if self.ended == date.max:
                self.ended, self.is_paused = self.today, False
            end_anchor_day(**THE_AMOUNT, now=now)
        elif act == "pause":
            self.is_paused = self.is_paused or self.stands
            pause_anchor_day(**THE_AMOUNT, now=now)
        elif act == "resume":
            if self.is_paused:
                self.is_paused, self.asks_from = False, self.today
            resume_anchor_day(**THE_AMOUNT, now=now)
        elif act == "do":
            done = self.standing()[:1]
            self.rungs |= {code: "done" for code, _day in done}
            Obligation.objects.filter(step__code__in=dict(done), state=State.OPEN).update(
                state=State.DONE, closed_at=now, task=None
            )
        engine.touch_and_ask(customers=[self.who.pk], now=now)
        self.settle()

    def say(self, on: date) -> None:
        was_over = self.ended != date.max and self.today - self.ended > LOOK_BACK
        if self.on != on or was_over:
            self.noted, self.asks_from = self.today, date.min
        self.on, self.ended = on, date.max

    def settle(self) -> None:
        if not self.stands:
            self.rungs = {code: how for code, how in self.rungs.items() if how == "done"}
            return
        for code, days in LADDER.items():
            due = self.due(days)
            earliest = max(self.noted - LOOK_BACK, self.asks_from)
            if code not in self.rungs and earliest <= due <= self.today + HORIZON:
                self.rungs[code] = "open"

    def due(self, days: int) -> date:
        assert self.on is not None
        return self.on + timedelta(days=days)

    def standing(self) -> list[tuple[str, date]]:
        found = [(c, self.due(LADDER[c])) for c, how in self.rungs.items() if how == "open"]
        return sorted(found, key=lambda row: (row[1], row[0]))


def stored(who) -> list[tuple[str, date]]:
    rows = Obligation.objects.filter(customer=who, subject_id=7, state=State.OPEN)
    return sorted(
        rows.filter(step__anchor=Anchor.RECEIVABLE).values_list("step__code", "due_on"),
        key=lambda row: (row[1], row[0]),
    )


@examples(2)
@given(acts=ACTS)
def test_each_rung_stands_once_when_it_is_due_whatever_becomes_of_the_amount(acts):
    with undone():
        ladder = Ladder(customer(shop(), now=noon(BEGIN), grade="C2"))
        for act, pause, days in [("set", 0, 10), *acts]:
            ladder.today += timedelta(days=pause)
            ladder.do(act, days)
            assert stored(ladder.who) == ladder.standing()
            assert list(order_differences(now=noon(ladder.today))) == []
        assert every_open_obligation_stands_on_an_open_task_of_its_day()
