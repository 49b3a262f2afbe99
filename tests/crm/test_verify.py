"""`manage.py verify`: a clean house, and each check shown to find one damaged row."""

import json
from copy import deepcopy
from datetime import date, timedelta
from io import StringIO
from itertools import chain

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from core.phones import normalise
from core.verification import business_day_differences
from crm.verification import MOST_LISTED, verify
from customers import services as customers
from customers.models import Customer
from customers.states import Quiet
from customers.verification import (
    last_contact_differences,
    merge_differences,
    number_differences,
    primary_number_differences,
    project_differences,
)
from followups import services as followups
from followups.models import Obligation, Task
from followups.verification import (
    empty_task_differences,
    next_contact_differences,
    obligation_differences,
    task_differences,
)
from staff.states import Trade
from tests.followups.build import at, customer, delivery, shop
from tests.worlds import kept

pytestmark = pytest.mark.django_db

NOW = at("2026-05-18 20:00")


def _built():
    cars, furniture = shop(), shop(Trade.FURNITURE)
    for grade in ("A", "B1", "C2", "D"):
        customer(cars, now=NOW, grade=grade)
    owner = customer(cars, now=NOW, grade="B2")
    delivery(owner, on=NOW.date(), at=NOW - timedelta(hours=2), now=NOW)
    delivery(owner, on=NOW.date() - timedelta(days=400), now=NOW)
    bought = customer(furniture, now=NOW, grade="B2")
    delivery(bought, on=NOW.date(), purchased_on=NOW.date(), now=NOW)
    quiet = customer(cars, now=NOW, grade="A")
    followups.ask(now=NOW)
    followups.set_quiet(customer=quiet, quiet=Quiet.ALL, reason="asked", by=cars.seller, now=NOW)
    return owner


@pytest.fixture(scope="module")
def _house(django_db_setup, django_db_blocker):
    with kept(_built, blocker=django_db_blocker) as owner:
        yield owner


@pytest.fixture
def house(_house):
    """Prospects of each grade, owners of a car and of furniture, one who wants no contact."""
    return deepcopy(_house)


def found(*, now=NOW) -> set[str]:
    """The names of the checks that found something, but for sixty years of business days."""
    checks = (
        project_differences(),
        primary_number_differences(),
        last_contact_differences(),
        merge_differences(),
        next_contact_differences(),
        task_differences(),
        empty_task_differences(),
        obligation_differences(now=now),
        number_differences(),
    )
    return {difference.check for difference in chain(*checks)}


def damage(statement: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        assert cursor.rowcount > 0, "nothing was damaged"


def test_a_house_that_the_services_built_is_clean(house):
    verified = verify(now=NOW)

    assert verified.differences == []
    assert verified.checked["customers"] == 7
    assert verified.checked["products"] == 3
    assert verified.checked["obligations"] > 10


def test_the_command_prints_json_and_exits_1_where_something_differs(house):
    followups.ask(now=timezone.now())
    out = StringIO()
    call_command("verify", stdout=out)
    assert json.loads(out.getvalue())["differences"] == []

    damage("UPDATE customers_customer SET next_contact_on = '2001-01-01' WHERE id = %s", house.pk)
    out = StringIO()
    with pytest.raises(SystemExit) as exit_:
        call_command("verify", stdout=out)

    assert exit_.value.code == 1
    (difference,) = json.loads(out.getvalue())["differences"]
    assert (difference["check"], difference["customer"]) == ("next_contact", house.pk)
    assert difference["stored"] == "2001-01-01"


@pytest.mark.parametrize(
    ("check", "statement"),
    [
        ("project_missing", "DELETE FROM customers_project WHERE customer_id = {owner}"),
        (
            "last_contact",
            "UPDATE customers_customer SET last_contact_at = now() WHERE id = {owner}",
        ),
        (
            "primary_number",
            "UPDATE customers_customerphone SET is_primary = false WHERE customer_id = {owner}",
        ),
        ("number_key", "UPDATE customers_customerphone SET key = 'x' WHERE customer_id = {owner}"),
        (
            "number_masked",
            "UPDATE customers_customerphone SET masked = '138****0000' WHERE customer_id = {owner}",
        ),
        (
            "number_last4",
            "UPDATE customers_customerphone SET last4 = '0000' WHERE customer_id = {owner}",
        ),
        (
            "number_placeholder",
            "UPDATE customers_customerphone SET is_placeholder = true WHERE customer_id = {owner}",
        ),
        (
            "number_unreadable",
            "UPDATE customers_customerphone SET cipher = 'x' WHERE customer_id = {owner}",
        ),
        (
            "next_contact",
            "UPDATE customers_customer SET next_contact_on = NULL WHERE id = {owner}",
        ),
        (
            "merged_into",
            "UPDATE customers_customer SET merged_into_id = (SELECT min(id) FROM"
            " customers_customer WHERE id <> {owner}) WHERE id = {owner}",
        ),
        (
            "left_on_merged_card",
            "UPDATE customers_customer SET merged_into_id = (SELECT min(id) FROM"
            " customers_customer WHERE id <> {owner}) WHERE id = {owner}",
        ),
        (
            "obligation_off_task",
            "UPDATE followups_obligation SET task_id = NULL WHERE id ="
            " (SELECT min(id) FROM followups_obligation WHERE state = 'open')",
        ),
        (
            "obligation_off_task",
            "UPDATE followups_task SET assignee_id = NULL WHERE letter_id IS NOT NULL",
        ),
        (
            "course_missing",
            "DELETE FROM followups_course WHERE customer_id = {owner} AND product_id IS NULL",
        ),
        (
            "obligation_date",
            "UPDATE followups_obligation SET due_on = due_on + 1, due_at = due_at + interval '1 d'"
            " WHERE step_id = (SELECT id FROM followups_step WHERE code = 'dealer_7d')",
        ),
        (
            "obligation_date",
            "UPDATE followups_obligation SET due_at = due_at - interval '1 hour'"
            " WHERE step_id = (SELECT id FROM followups_step WHERE code = 'cadence_a')"
            " AND state = 'open'",
        ),
        (
            "obligation_too_many",
            "UPDATE followups_obligation SET occurrence = 99"
            " WHERE step_id = (SELECT id FROM followups_step WHERE code = 'dealer_24h')",
        ),
        (
            "obligation_missing",
            "UPDATE followups_obligation SET occurrence = 99"
            " WHERE step_id = (SELECT id FROM followups_step WHERE code = 'furniture_thanks')",
        ),
        (
            "obligation_too_many",
            "UPDATE followups_obligation"
            " SET step_id = (SELECT id FROM followups_step WHERE code = 'cadence_b1')"
            " WHERE step_id = (SELECT id FROM followups_step WHERE code = 'cadence_c2')",
        ),
        (
            "obligation_state",
            "UPDATE followups_obligation SET state = 'suspended', task_id = NULL"
            " WHERE step_id = (SELECT id FROM followups_step WHERE code = 'dealer_7d')",
        ),
        (
            "obligation_state",
            "UPDATE customers_customer SET quiet = 'all' WHERE id = {owner}",
        ),
    ],
)  # fmt: skip
def test_one_damaged_row_is_found_and_named(house, check, statement):
    damage(statement.format(owner=house.pk))

    assert check in found()


def test_business_days_that_differ_from_the_calendar_are_found():
    damage("UPDATE core_businessday SET is_working = true WHERE day = '2026-10-01'")
    damage("DELETE FROM core_businessday WHERE day = '2026-10-09'")

    days = [difference.where["day"] for difference in business_day_differences()]

    assert days == [date(2026, 10, 1), date(2026, 10, 9)]


def test_a_missing_cadence_is_found(house):
    damage(
        "UPDATE followups_obligation SET state = 'cancelled', cause = 'replaced', closed_at = now()"
        " WHERE step_id = (SELECT id FROM followups_step WHERE code = 'cadence_a')"
        " AND state = 'open'"
    )
    assert "obligation_missing" in found()


def test_an_open_task_that_carries_nothing_is_found(house):
    task = Task.objects.filter(state="open", letter__isnull=False).get()
    damage("UPDATE followups_obligation SET task_id = NULL WHERE task_id = %s", task.pk)
    assert {"task_empty", "obligation_off_task"} <= found()


def test_what_no_engine_was_asked_for_is_missing(house):
    """A fortnight without the engine: what came into the horizon meanwhile is named."""
    later = NOW + timedelta(days=14)
    assert found(now=later) == {"obligation_missing"}

    followups.ask(now=later)
    assert found(now=later) == set()


def test_what_was_made_for_a_longer_horizon_is_not_too_much(house):
    followups.ask(now=NOW, horizon=timedelta(days=400))
    assert found() == set()


def test_an_agreed_step_of_somebody_who_wants_no_contact_may_stand(house):
    quiet = Customer.objects.get(quiet=Quiet.ALL)
    assert not Obligation.objects.filter(customer=quiet, state="open").exists()
    damage(
        "INSERT INTO followups_obligation (step_id, subject_id, occurrence, customer_id,"
        " assignee_id, due_on, due_at, shown_on, is_timed, way, text, state, cause)"
        " SELECT id, %s, 1, %s, %s, '2026-05-20', '2026-05-20 16:00+00', '2026-05-20', false,"
        " 'call', '', 'open', '' FROM followups_step WHERE code = 'next_step'",
        quiet.pk, quiet.pk, quiet.owner_id,
    )  # fmt: skip
    followups.ask(now=NOW)
    assert found() == set()


def test_a_number_with_an_extension_and_one_from_abroad_are_as_they_should_be(house):
    customers.update_customer(
        customer=house,
        by=house.owner,
        now=NOW,
        new_phones=[normalise("0371-65551234 转 8001"), normalise("+1 650 253 0000")],
    )
    assert found() == set()


def test_the_list_ends_but_the_count_goes_on(house):
    damage("DELETE FROM core_businessday WHERE day > '2030-01-01'")

    verified = verify(now=NOW)

    assert len(verified.differences) == MOST_LISTED
    assert verified.left_off > 5000
