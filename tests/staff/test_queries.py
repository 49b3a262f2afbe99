"""What lists of people ask, and the twins of rules in SQL."""

from datetime import timedelta

import pytest
from django.utils import timezone

from staff import queries
from staff.models import Person
from staff.scope import reach_of
from staff.services.system import system_account
from staff.states import PersonState, Role
from tests.factories.staff import DutyFactory, PersonFactory


def reach(person):
    return reach_of(person, today=timezone.localdate())


def test_a_state_is_the_same_in_python_and_in_sql(company):
    PersonFactory(role=Role.ADMIN, is_active=False, awaits_confirmation=True)
    PersonFactory(role=Role.FINANCE, is_active=False)
    PersonFactory(role=Role.FINANCE, password="!never")
    PersonFactory(role=Role.FINANCE, password="")
    found = set()
    for state in PersonState:
        for person in Person.objects.filter(queries.in_state(state)):
            assert person.state == state
            found.add(person.pk)
    assert found == set(Person.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("admin", 10),
        ("ops_manager", 10),
        ("store_manager", 2),
        ("field_supervisor", 2),
        ("sales_store", 1),
        ("finance", 1),
    ],
)
def test_people_are_listed_within_reach(company, role, sees):
    assert queries.people_matching(reach(getattr(company, role))).count() == sees


def test_people_are_filtered_by_name_store_role_and_state(company):
    everybody = reach(company.admin)
    company.finance.other_stores.add(company.other)

    def found(**asked):
        return set(queries.people_matching(everybody, **asked))

    assert found(q=company.stranger.username) == {company.stranger}
    assert found(store=company.other) == {company.stranger, company.finance}
    assert found(role="finance") == {company.finance}
    assert found(state="active") == set(Person.objects.filter(is_system=False))
    assert found(state="disabled") == set()


def test_duties_that_have_ended_are_current_no_more(company):
    person = company.finance
    DutyFactory(person=person, ends_on="2026-01-02")
    running = DutyFactory(person=person, kind="delivery")
    assert queries.current_duties(person, today=timezone.localdate()) == [running]


def test_a_lock_is_over_after_its_time(company, client):
    for _ in range(5):
        client.post("/sign-in/", {"username": company.finance.username, "password": "x"})
    now = timezone.now()
    assert queries.is_locked_out(company.finance, now=now)
    assert not queries.is_locked_out(company.finance, now=now + timedelta(minutes=16))
    assert not queries.is_locked_out(company.merchandiser, now=now)


def test_the_system_account_comes_back_where_a_test_lost_it(db):
    Person.objects.filter(is_system=True).delete()
    assert system_account() == system_account()
