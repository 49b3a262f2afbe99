"""Whoever sees a task sees its customer: one invariant over roles, duties, assistants, access."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.utils import timezone

from customers.models import Access
from customers.queries import visible as visible_customers
from followups.models import Task
from followups.queries import visible as visible_tasks
from staff.scope import OPENING_DUTIES, reach_of
from staff.states import DutyKind, Role
from tests.factories.customers import NOW, CustomerFactory
from tests.factories.staff import DutyFactory

TODAY = date(2026, 3, 12)


@pytest.fixture
def tasks(company):
    """Four keepers with a customer each; of each customer everybody in the company has a task."""
    keepers = (company.sales_store, company.sales_field, company.store_manager, company.stranger)
    customers = [CustomerFactory(owner=keeper) for keeper in keepers]
    people = [*(getattr(company, role.value) for role in Role), company.stranger]
    return [
        Task.objects.create(
            customer=customer, assignee=person, day=TODAY, shown_on=TODAY, due_at=NOW
        )
        for customer, person in product(customers, people)
    ]


@pytest.fixture
def of_the_team(tasks, company):
    """A customer whom neither store knows."""
    return company.sales_field.customers.get()


def duty(company, person, what):
    """Give `person` the duty that `what` names, for the place that it names."""
    if what == "assistant":
        DutyFactory(person=person, kind=DutyKind.ASSISTANT, assists=company.stranger)
    elif what is not None:
        kind, place = what
        where = {"all": {}, "store": {"store": company.other}, "region": {"region": company.region}}
        DutyFactory(person=person, kind=kind, **where[place])


DUTIES = (None, "assistant", *product((*OPENING_DUTIES, DutyKind.DELIVERY), ("all", "store")))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("has_access", ["nothing", "own", "of the assisted"])
def test_whoever_sees_a_task_sees_its_customer(company, of_the_team, role, has_access):
    person = getattr(company, role.value)
    if has_access != "nothing":
        holder = person if has_access == "own" else company.stranger
        Access.objects.get_or_create(customer=of_the_team, person=holder)
    for what in DUTIES:
        person.duties.all().delete()
        duty(company, person, what)
        reach = reach_of(person, today=TODAY)
        customers = set(visible_customers(reach).values_list("pk", flat=True))
        assert set(visible_tasks(reach).values_list("customer", flat=True)) <= customers, what
        if what == "assistant" and role == Role.SALES_STORE and has_access != "nothing":
            assert of_the_team.pk in customers


@pytest.mark.parametrize("kind", OPENING_DUTIES)
@pytest.mark.parametrize("role", [Role.SALES_STORE, Role.STORE_MANAGER, Role.FINANCE])
def test_a_duty_for_everything_opens_every_store(company, tasks, role, kind):
    person = getattr(company, role.value)
    DutyFactory(person=person, kind=kind)
    reach = reach_of(person, today=TODAY)
    assert {task.customer_id for task in tasks} <= set(
        visible_customers(reach).values_list("pk", flat=True)
    )
    assert set(Task.objects.values_list("pk")) == set(visible_tasks(reach).values_list("pk"))


def test_an_assistant_opens_what_was_opened_to_the_assisted(company, of_the_team, as_):
    card = of_the_team
    now = timezone.now()
    Access.objects.create(customer=card, person=company.stranger)
    browser = as_(company.sales_store)
    assert browser.get(f"/customers/{card.pk}/").status_code == 404
    DutyFactory(
        person=company.sales_store, kind=DutyKind.ASSISTANT, assists=company.stranger,
        starts_on=now.date() - timedelta(days=1),
    )  # fmt: skip
    assert browser.get(f"/customers/{card.pk}/").status_code == 200
