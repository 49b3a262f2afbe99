"""Whose work it is, over random lives of a store: people come, go, lead, sell and hand over."""

from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import Q
from hypothesis import example, given
from hypothesis import strategies as st

from core.refusals import Refused
from customers.models import Customer, OwnedProduct
from customers.queries import visible
from customers.services import ProductDetails
from customers.services.products import version_of_product
from followups import services
from followups.models import Obligation, Step, Task
from followups.services import engine, following
from followups.services.giving import give_task
from followups.states import State
from followups.verification import obligation_differences, task_differences
from staff.models import Duty, Person
from staff.scope import reach_of
from staff.states import DutyKind, Role
from tests.examples import examples
from tests.factories.staff import DutyFactory, PersonFactory, StoreFactory
from tests.followups.build import SHANGHAI, at, customer, shop
from tests.followups.oracle_hands import whose
from tests.followups.test_engine_properties import (
    every_open_obligation_stands_on_an_open_task_of_its_day,
    undone,
)

pytestmark = pytest.mark.django_db

WHO = st.integers(0, 3)
KINDS = st.sampled_from([DutyKind.SALES_MANAGER, DutyKind.SERVICE_LEAD])
ACTS = st.one_of(
    st.tuples(st.just("hand_over"), WHO),
    st.tuples(st.just("sold_by"), WHO),
    st.tuples(st.just("duty"), st.tuples(WHO, KINDS, st.sampled_from(["store", "region", "all"]))),
    st.tuples(st.just("duty_for_days"), st.tuples(WHO, KINDS, st.integers(0, 5))),
    st.tuples(st.just("end_duties"), st.none()),
    st.tuples(st.just("manager_goes"), st.none()),
    st.tuples(st.just("manager_comes"), st.booleans()),
    st.tuples(st.just("disable"), WHO),
    st.tuples(st.just("give"), WHO),
    st.tuples(st.just("put_off"), st.integers(0, 20)),
    st.tuples(st.just("wait"), st.integers(1, 30)),
)


class Town:
    """One buyer in one store, and those who may have to do with them."""

    def __init__(self) -> None:
        self.now = at("2026-03-12 10:00")
        Step.objects.filter(code="dealer_2m").update(assignee="seller")
        self.place = shop()
        more = [PersonFactory(role=Role.SALES_STORE, store=self.place.store) for _ in range(2)]
        self.people = [self.place.seller, *more, self.place.manager]
        self.who = customer(self.place, now=self.now, birth_month=4, birth_day=1)
        self.car = services.record_delivery(
            customer=self.who, product="S1", delivered_on=self.now.date(), by=self.place.seller,
            sold_by=more[0], details=ProductDetails(first_service_on=self.today_in(20)),
            now=self.now, key=uuid4(),
        )  # fmt: skip

    def today_in(self, days: int):
        return (self.now.astimezone(SHANGHAI) + timedelta(days=days)).date()

    def act(self, name: str, told) -> None:
        with suppress(Refused):  # works here no more, has it already
            getattr(self, name)(told)
        engine.ask(now=self.now)

    def hand_over(self, who: int) -> None:
        card = Customer.objects.get(pk=self.who.pk)
        services.assign_keeper(
            customer=card, keeper=self.people[who], by=self.place.manager, now=self.now
        )

    def sold_by(self, who: int) -> None:
        row = OwnedProduct.objects.get(pk=self.car.pk)
        details = ProductDetails(first_service_on=row.first_service_on)
        services.change_delivery(
            product=row, seen=version_of_product(row), name=row.product, serial="",
            sold_by=self.people[who], purchased_on=None, delivered_on=row.delivered_on,
            delivered_at=None, insurance_until=None, details=details, by=self.place.manager,
            now=self.now,
        )  # fmt: skip

    def duty(self, told) -> None:
        who, kind, where = told
        store = self.place.store
        place = {"store": {"store": store}, "region": {"region": store.region}, "all": {}}[where]
        said = {"person": self.people[who], "kind": kind, "store": None, "region": None, **place}
        if not Duty.objects.filter(**said, ends_on=None).exists():
            DutyFactory(**said, starts_on=self.today_in(0))

    def duty_for_days(self, told) -> None:
        who, kind, days = told
        DutyFactory(
            person=self.people[who], kind=kind, store=self.place.store,
            starts_on=self.today_in(1), ends_on=self.today_in(1 + days),
        )  # fmt: skip

    def end_duties(self, _none) -> None:
        Duty.objects.all().delete()

    def manager_goes(self, _none) -> None:
        Person.objects.filter(pk=self.place.manager.pk).update(store=StoreFactory())

    def manager_comes(self, is_shared: bool) -> None:
        if is_shared:
            PersonFactory(role=Role.STORE_MANAGER).other_stores.add(self.place.store)
        else:
            PersonFactory(role=Role.STORE_MANAGER, store=self.place.store)

    def disable(self, who: int) -> None:
        leads = Q(role=Role.STORE_MANAGER) & ~Q(customers__pk=self.who.pk)
        Person.objects.filter(leads, pk=self.people[who].pk).update(is_active=False)

    def give(self, who: int) -> None:
        task = Task.objects.filter(state=State.OPEN, letter=None).order_by("-day").first()
        if task is not None:
            give_task(
                task=task, to=self.people[who], reason="忙", by=self.place.manager, now=self.now
            )

    def put_off(self, days: int) -> None:
        task = Task.objects.filter(state=State.OPEN).order_by("day", "pk").first()
        if task is not None:
            services.move_task(
                task=task, day=self.today_in(days), reason="customer_asked", by=self.place.manager,
                now=self.now,
            )  # fmt: skip

    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    def check(self) -> None:
        """Everything open is with whose it is, and whoever has it sees the customer."""
        open_ones = Obligation.objects.filter(state=State.OPEN, is_given=False)
        today = self.today_in(0)
        for row in open_ones.select_related("customer__owner", "customer__store__region", "step"):
            assert row.assignee_id == whose(row, on=today), row.step.code
            if row.assignee is not None:
                reach = reach_of(row.assignee, today=today)
                assert visible(reach).filter(pk=row.customer_id).exists(), row.step.code
        put_off = Obligation.objects.filter(state=State.OPEN, planned_on__isnull=False)
        assert all(row.task.day == row.planned_on for row in put_off.select_related("task"))
        assert every_open_obligation_stands_on_an_open_task_of_its_day()
        assert [*obligation_differences(now=self.now), *task_differences()] == []


@examples(12, among_all=4)
@given(acts=st.lists(ACTS, min_size=1, max_size=7))
@example(acts=[("hand_over", 2), ("wait", 30)])
@example(acts=[("sold_by", 2), ("sold_by", 0), ("hand_over", 2)])
@example(acts=[("duty", (1, "sales_manager", "store")), ("end_duties", None)])
@example(acts=[("duty_for_days", (1, "sales_manager", 0)), ("wait", 1), ("wait", 1)])
@example(acts=[("manager_goes", None), ("manager_comes", True), ("manager_comes", False)])
@example(acts=[("put_off", 20), ("manager_comes", False), ("manager_goes", None)])
@example(acts=[("give", 1), ("manager_goes", None), ("hand_over", 2)])
def test_work_is_with_whose_it_is_whatever_becomes_of_people(acts):
    with undone():
        town = Town()
        engine.ask(now=town.now)
        town.check()
        for name, told in acts:
            town.act(name, told)
            town.check()
            engine.ask(now=town.now)
        with_calls = engine.ask(now=town.now)
        assert (with_calls.obligations_created, with_calls.obligations_moved) == (0, 0)


def test_the_control_a_round_that_looks_for_no_strayed_call_is_found_out(monkeypatch):
    """The control: without the look the call stays with who has led, and verify says so."""
    town = Town()
    engine.ask(now=town.now)
    nothing = following.STRAYED.replace("ORDER BY call.id", "AND false ORDER BY call.id")
    monkeypatch.setattr(following, "STRAYED", nothing)
    town.manager_comes(is_shared=False)
    town.manager_goes(None)
    engine.ask(now=town.now)

    found = {row.check for row in obligation_differences(now=town.now)}
    assert found == {"obligation_hands"}
    call = Obligation.objects.select_related("customer__store", "customer__owner", "step").get(
        step__code="dealer_24h"
    )
    assert call.assignee_id != whose(call, on=town.today_in(0))
