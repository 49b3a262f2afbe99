"""What a spreadsheet changes about a customer, their tasks follow."""

from datetime import date

import pytest

from customers.models import Access, Customer
from followups import services
from followups.models import Task
from followups.services import ImportedStep, engine
from followups.states import State
from tests.factories.staff import PersonFactory
from tests.followups.build import at, customer, dues, shop

pytestmark = pytest.mark.django_db

NOW = at("2026-03-01 10:00")


def bring_in(place, who, *steps: ImportedStep) -> None:
    services.bring_in(customer_ids=[who.pk], next_steps=steps, by=place.manager, now=NOW)
    engine.ask(now=NOW)


def test_a_dated_next_step_opens_one_task_however_often_it_is_brought():
    place = shop()
    who = customer(place, now=NOW)
    step = ImportedStep(customer_id=who.pk, on=date(2026, 3, 5), text="报价")
    bring_in(place, who, step)
    bring_in(place, who, step)
    assert dues(who) == [("next_step", date(2026, 3, 5))]


def test_another_day_replaces_the_one_an_earlier_sheet_brought():
    place = shop()
    who = customer(place, now=NOW)
    bring_in(place, who, ImportedStep(customer_id=who.pk, on=date(2026, 3, 5)))
    bring_in(place, who, ImportedStep(customer_id=who.pk, on=date(2026, 3, 6)))
    assert dues(who) == [("next_step", date(2026, 3, 6))]


def test_a_customer_who_comes_in_as_d_has_no_tasks():
    place = shop()
    who = customer(place, now=NOW)
    bring_in(place, who, ImportedStep(customer_id=who.pk, on=date(2026, 3, 5)))
    Customer.objects.filter(pk=who.pk).update(grade="D")
    bring_in(place, who)
    assert dues(who) == []
    assert not Task.objects.filter(customer=who, state=State.OPEN).exists()


def test_tasks_follow_a_keeper_whom_the_sheet_names():
    place = shop()
    who = customer(place, now=NOW)
    engine.ask(now=NOW)
    keeper = PersonFactory(store=place.store)
    Customer.objects.filter(pk=who.pk).update(owner=keeper)
    bring_in(place, who)
    assert Task.objects.get(customer=who, state=State.OPEN).assignee == keeper


def test_whoever_else_has_access_keeps_the_own_work():
    place = shop()
    who = customer(place, now=NOW)
    engine.ask(now=NOW)
    Access.objects.create(customer=who, person=place.seller)
    Customer.objects.filter(pk=who.pk).update(owner=PersonFactory(store=place.store))
    bring_in(place, who)
    assert Task.objects.get(customer=who, state=State.OPEN).assignee == place.seller
