"""The cadence in SQL against its pure twin, over random lives of a customer."""

from contextlib import suppress
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.refusals import Refused
from customers.models import Customer
from customers.rules import NextStep
from followups import rules, services
from followups.models import Course, Obligation, Task
from followups.services import engine
from followups.states import AGREED_ANCHORS, Anchor, SkipReason, State
from followups.verification import appointment_differences
from tests.examples import examples
from tests.followups.build import SHANGHAI, at, customer, delivery, shop
from tests.followups.test_engine_properties import (
    every_open_obligation_stands_on_an_open_task_of_its_day,
    undone,
)

pytestmark = pytest.mark.django_db

GAPS = {"A": 7, "B1": 5, "C1": 90, "C2": 30}
HORIZON = timedelta(days=60)

ACTS = st.one_of(
    st.tuples(st.just("reached"), st.sampled_from([0, 1, 5, 6, 7, 8, 30, 31])),
    st.tuples(st.just("no_step"), st.just(0)),
    st.tuples(st.just("unreached"), st.integers(0, 10)),
    st.tuples(st.just("regrade"), st.sampled_from(["A", "B1", "B2", "C1", "C2", "D"])),
    st.tuples(st.just("skip"), st.just(0)),
    st.tuples(st.just("deliver"), st.just(0)),
    st.tuples(st.just("quiet"), st.sampled_from(["", "marketing", "all"])),
    st.tuples(st.just("book"), st.sampled_from([0, 1, 6, 7, 8, 31])),
    st.tuples(st.just("call_off"), st.just(0)),
    st.tuples(st.just("meet"), st.just(0)),
    st.tuples(st.just("wait"), st.integers(1, 50)),
)


class Life:
    """One customer and what happens to them."""

    def __init__(self) -> None:
        self.place = shop()
        self.now = at("2026-03-01 10:00")
        self.customer = customer(self.place, now=self.now)
        self.again_on: date | None = None
        engine.ask(now=self.now)

    @property
    def today(self):
        return self.now.astimezone(SHANGHAI).date()

    def log(self, **facts) -> None:
        services.log_contact(
            customer=self.customer,
            channel="call",
            by=self.place.seller,
            now=self.now,
            key=uuid4(),
            override="needed",
            **facts,
        )

    def reached(self, days: int) -> None:
        step = NextStep(kind="call", on=self.today + timedelta(days=days))
        grade = "A" if Customer.objects.get(pk=self.customer.pk).grade == "D" else ""
        with suppress(Refused):  # who wishes no contact is promised none
            self.log(outcome="connected", reason="care", next_step=step, grade=grade)

    def no_step(self, _days: int) -> None:
        self.log(
            outcome="connected",
            reason="care",
            next_step=NextStep(kind="none", none_reason="no_need"),
        )

    def unreached(self, days: int) -> None:
        self.log(outcome="unanswered", retry_on=self.today + timedelta(days=days))

    def regrade(self, grade: str) -> None:
        with suppress(Refused):  # a buyer is not given up
            services.regrade(
                customer=self.customer, grade=grade, by=self.place.seller, now=self.now
            )

    def skip(self, _days: int) -> None:
        task = Task.objects.filter(customer=self.customer, state=State.OPEN, letter=None).first()
        if task is not None:
            with suppress(Refused):  # an appointment is not skipped
                services.skip_task(
                    task=task, reason=SkipReason.AWAY, by=self.place.seller, now=self.now
                )

    def deliver(self, _days: int) -> None:
        delivery(self.customer, on=self.today, now=self.now)
        engine.touch_and_ask(customers=[self.customer.pk], now=self.now)

    def quiet(self, quiet: str) -> None:
        services.set_quiet(
            customer=self.customer, quiet=quiet, reason="asked", by=self.place.seller, now=self.now
        )

    def book(self, days: int) -> None:
        starts_at = self.now + timedelta(days=days, hours=1)
        with suppress(Refused):  # given up
            services.book_appointment(
                customer=self.customer,
                kind="store_visit",
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=1),
                person=self.place.seller,
                by=self.place.seller,
                now=self.now,
                key=uuid4(),
                anyway=True,
            )

    def call_off(self, _days: int) -> None:
        if row := self.customer.appointments.filter(state="booked").first():
            services.cancel_appointment(
                appointment=row, reason="改", by=self.place.seller, now=self.now
            )

    def meet(self, _days: int) -> None:
        services.log_contact(
            customer=self.customer,
            channel="store_visit",
            outcome="met",
            reason="care",
            next_step=NextStep(kind="none", none_reason="no_need"),
            by=self.place.seller,
            now=self.now,
            key=uuid4(),
        )

    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)
        engine.ask(now=self.now)

    def act(self, name: str, argument) -> None:
        """Something happens; who was silent or given up before it and is not now is there again."""
        was_away = self._is_away()
        getattr(self, name)(argument)
        if was_away - self._is_away():
            self.again_on = self.today

    def _is_away(self) -> set[str]:
        who = Customer.objects.get(pk=self.customer.pk)
        return {word for word in (who.quiet, who.grade) if word in ("all", "D")}

    def wanted(self) -> list[tuple[str, object]]:
        """What the pure rule says should stand open, given the rows as they are."""
        who = Customer.objects.get(pk=self.customer.pk)
        own = Obligation.objects.filter(customer=who)
        closed = own.filter(step__anchor=Anchor.CADENCE, state__in=[State.DONE, State.SKIPPED])
        agreed = own.filter(step__anchor__in=AGREED_ANCHORS, state=State.OPEN)
        courses = Course.objects.filter(customer=who, product__isnull=False, ends_on__isnull=False)
        found = rules.cadence(
            days=GAPS,
            care=rules.Care(
                grade=who.grade,
                quiet=who.quiet,
                registered_on=who.store.today(who.registered_at),
                last_contact_on=who.last_contact_at and who.store.today(who.last_contact_at),
                last_closed_on=max((who.store.today(o.closed_at) for o in closed), default=None),
                again_on=self.again_on,
                plan_runs_until=max((course.ends_on for course in courses), default=None),
                next_step_on=min((o.due_on for o in agreed), default=None),
            ),
        )
        if found is None or found.due_on > self.today + HORIZON:
            return []
        return [(str(found.grade), found.due_on)]

    def standing(self) -> list[tuple[str, object]]:
        open_ones = Obligation.objects.filter(
            customer=self.customer, step__anchor=Anchor.CADENCE, state=State.OPEN
        )
        return list(open_ones.values_list("step__grade", "due_on"))


@examples(20, among_all=7)
@given(acts=st.lists(ACTS, min_size=1, max_size=10))
@example(acts=[("book", 7), ("reached", 1), ("wait", 8), ("meet", 0)])
@example(acts=[("book", 1), ("regrade", "D"), ("wait", 3), ("regrade", "A"), ("book", 0)])
@example(acts=[("book", 1), ("unreached", 3), ("wait", 1), ("skip", 0), ("quiet", "all")])
@example(acts=[("reached", 7)])
@example(acts=[("reached", 8)])
@example(acts=[("wait", 20), ("skip", 0)])
@example(acts=[("quiet", "all"), ("wait", 50), ("quiet", "marketing"), ("wait", 8)])
@example(acts=[("regrade", "D"), ("wait", 50), ("regrade", "A"), ("wait", 8)])
@example(acts=[("regrade", "C2"), ("wait", 31), ("unreached", 3), ("wait", 5), ("no_step", 0)])
@example(acts=[("quiet", "all"), ("wait", 30), ("quiet", "")])
@example(acts=[("quiet", "all"), ("reached", 0), ("quiet", "")])
def test_one_cadence_stands_exactly_where_the_rule_wants_it(acts):
    with undone():
        life = Life()
        for act, argument in acts:
            life.act(act, argument)
            assert life.standing() == life.wanted(), (act, argument)
            assert every_open_obligation_stands_on_an_open_task_of_its_day()
            assert list(appointment_differences()) == []
            card = Customer.objects.get(pk=life.customer.pk)
            first = Task.objects.filter(customer=card, state=State.OPEN, letter=None)
            assert card.next_contact_on == min((task.day for task in first), default=None)
