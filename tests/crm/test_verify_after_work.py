"""Weeks of any work by anybody, in any order: what is stored stays what the rules say."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

import pytest

from core.refusals import Refused
from crm.demo import make_demo
from crm.demo.company import ZONE
from crm.verification import verify
from customers.models import Appointment, Contact, Customer
from customers.rules import NextStep
from customers.services import propose_grades
from customers.states import (
    AppointmentState,
    Channel,
    Grade,
    NextKind,
    NoStepReason,
    Outcome,
    Quiet,
    Reason,
)
from followups import services
from followups.models import Task
from followups.states import MoveReason, SkipReason, State
from staff.models import Person
from staff.states import Role

pytestmark = pytest.mark.django_db
ACTS = 100


class Week:
    """Somebody does something for some customer, at a time that goes on."""

    def __init__(self, seed: int, now: datetime) -> None:
        self.rng, self.now = Random(seed), now
        self.people = list(
            Person.objects.filter(is_active=True, role__startswith="sales_").order_by("pk")
        )
        self.manager = Person.objects.get(role=Role.STORE_MANAGER, store__code="ZZ01")
        self.customers = list(Customer.objects.order_by("pk").values_list("pk", flat=True))[:25]

    @property
    def today(self):
        return self.now.astimezone(ZONE).date()

    def pass_time(self) -> None:
        self.now += timedelta(minutes=self.rng.randint(5, 700))

    def someone(self) -> tuple[Customer, Person]:
        customer = Customer.objects.get(pk=self.rng.choice(self.customers))
        keeper = customer.owner
        return customer, keeper if keeper and keeper.is_active else self.rng.choice(self.people)

    def a_task(self, customer: Customer) -> Task | None:
        tasks = list(Task.objects.filter(customer=customer, state=State.OPEN).order_by("pk"))
        return self.rng.choice(tasks) if tasks else None

    def reach(self) -> None:
        customer, by = self.someone()
        on = self.today + timedelta(days=self.rng.randint(0, 12))
        step = NextStep(kind=NextKind.CALL, on=on)
        grade = self.rng.choice(["A", "B1", "C2", "D"])
        if grade == Grade.D or self.rng.random() < 0.3:
            step = NextStep(kind=NextKind.NONE, none_reason=NoStepReason.NO_NEED)
        services.log_contact(
            customer=customer, channel=Channel.CALL, outcome=Outcome.CONNECTED, by=by,
            now=self.now, key=uuid4(), reason=Reason.CARE, next_step=step, grade=grade,
            task=self.a_task(customer) if self.rng.random() < 0.4 else None,
            occurred_at=self.now - timedelta(hours=self.rng.choice([0, 1, 30])), override="needed",
        )  # fmt: skip

    def miss(self) -> None:
        customer, by = self.someone()
        services.log_contact(
            customer=customer, channel=Channel.CALL, outcome=Outcome.UNANSWERED, by=by,
            now=self.now, key=uuid4(), retry_on=self.today + timedelta(days=2),
        )  # fmt: skip

    def move(self) -> None:
        customer, by = self.someone()
        if task := self.a_task(customer):
            day = self.today + timedelta(days=self.rng.randint(0, 20))
            services.move_task(task=task, day=day, reason=MoveReason.NO_TIME, by=by, now=self.now)

    def skip(self) -> None:
        customer, by = self.someone()
        if task := self.a_task(customer):
            services.skip_task(task=task, reason=SkipReason.AWAY, by=by, now=self.now)

    def quieten(self) -> None:
        customer, by = self.someone()
        quiet = self.rng.choice([Quiet.NONE, Quiet.ALL, Quiet.MARKETING])
        services.set_quiet(customer=customer, quiet=quiet, reason="asked", by=by, now=self.now)

    def regrade(self) -> None:
        customer, by = self.someone()
        grade = self.rng.choice([Grade.A, Grade.B1, Grade.C2, Grade.D])
        services.regrade(customer=customer, grade=grade, by=by, now=self.now)

    def deliver(self) -> None:
        customer, by = self.someone()
        day = self.today - timedelta(days=self.rng.choice([0, 1, 5, 40, 400]))
        services.record_delivery(
            customer=customer, product="远山X5", by=by, now=self.now, key=uuid4(),
            delivered_on=day, purchased_on=day - timedelta(days=3),
        )  # fmt: skip

    def hand_over(self) -> None:
        customer, _by = self.someone()
        keeper = self.rng.choice([None, *self.people])
        services.assign_keeper(customer=customer, keeper=keeper, by=self.manager, now=self.now)

    def take_back(self) -> None:
        customer, _by = self.someone()
        standing = Contact.objects.filter(customer=customer, voided_at=None, is_imported=False)
        if contact := standing.order_by("-pk").first():
            services.void_contact(contact=contact, reason="记错了", by=self.manager, now=self.now)

    def book(self) -> None:
        customer, by = self.someone()
        starts_at = self.now + timedelta(hours=self.rng.randint(1, 200))
        services.book_appointment(
            customer=customer, kind=self.rng.choice(["store_visit", "delivery", "service"]),
            starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
            person=customer.owner or by, by=by, now=self.now, key=uuid4(), anyway=True,
        )  # fmt: skip

    def an_appointment(self) -> Appointment | None:
        booked = Appointment.objects.filter(state=AppointmentState.BOOKED).order_by("pk")
        return self.rng.choice(list(booked)) if booked else None

    def rebook(self) -> None:
        if row := self.an_appointment():
            starts_at = self.now + timedelta(hours=self.rng.randint(1, 90))
            services.move_appointment(
                appointment=row, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2),
                person=row.person, by=self.manager, now=self.now, key=uuid4(), anyway=True,
            )  # fmt: skip

    def close(self) -> None:
        if row := self.an_appointment():
            said = {"appointment": row, "by": self.manager, "now": self.now}
            if self.rng.random() < 0.3:
                services.cancel_appointment(reason="改主意", **said)
            elif row.starts_at <= self.now:
                self.rng.choice([services.keep_appointment, services.miss_appointment])(**said)

    def meet(self) -> None:
        customer, by = self.someone()
        services.log_contact(
            customer=customer, channel=Channel.STORE_VISIT, by=by, now=self.now, key=uuid4(),
            outcome=self.rng.choice([Outcome.MET, Outcome.NOT_MET]), reason=Reason.CARE,
            next_step=NextStep(kind=NextKind.CALL, on=self.today + timedelta(days=3)),
            retry_on=self.today + timedelta(days=1),
        )  # fmt: skip

    def ask(self) -> None:
        services.ask(now=self.now)

    def acts(self) -> list[Callable[[], None]]:
        return [
            self.reach, self.reach, self.reach, self.miss, self.move, self.skip, self.quieten,
            self.regrade, self.deliver, self.hand_over, self.take_back, self.ask,
            self.book, self.book, self.rebook, self.close, self.meet,
        ]  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_any_work_in_any_order_leaves_what_the_rules_say(seed):
    began_at = datetime(2026, 1, 29, 9, 0, tzinfo=ZONE)
    make_demo(customers=60, seed=seed, now=began_at)
    week = Week(seed, began_at)
    refused = 0

    for _ in range(ACTS):
        week.pass_time()
        try:
            week.rng.choice(week.acts())()
        except Refused:
            refused += 1
    services.ask(now=week.now)
    propose_grades(customers=None, now=week.now)  # as the round of each day

    assert refused < ACTS / 5
    assert verify(now=week.now).differences == []
