"""One demonstration, looked at from many sides: true to the rules, and a day worth showing."""

from collections import Counter
from datetime import date, time
from unicodedata import east_asian_width

import pytest
from django.contrib.auth.hashers import check_password
from django.db import transaction

from crm.demo import logins, make_demo
from crm.demo.company import LEAVER, MAIN, PASSWORD, ZONE
from crm.verification import verify
from customers.models import Contact, Customer, OwnedProduct
from customers.states import Grade, Quiet
from followups.models import Task
from followups.rules import Kind
from followups.states import State
from orders.models import Order
from staff.models import Duty, Person, Store
from staff.states import Role, Trade
from tests.crm.test_demo import NOW, day_of

pytestmark = pytest.mark.django_db
CUSTOMERS = 220


@pytest.fixture(scope="module", autouse=True)
def _demo(django_db_setup, django_db_blocker):
    """One demonstration for all tests of this module, taken back at its end.

    Each test's own transaction lies inside this one.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        make_demo(customers=CUSTOMERS, now=NOW)
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


def test_the_demonstration_is_as_the_rules_say():
    verified = verify(now=NOW)
    assert verified.differences == []
    assert verified.checked["customers"] == CUSTOMERS


def test_it_holds_all_that_a_company_has():
    assert set(Store.objects.values_list("trade", flat=True)) == {
        Trade.CARS, Trade.FURNITURE, Trade.MATTRESSES, Trade.SHOES,
    }  # fmt: skip
    assert {role for (role,) in Person.objects.values_list("role")} == set(Role)
    assert set(Customer.objects.values_list("grade", flat=True)) == set(Grade)
    assert Duty.objects.filter(person__store__code="ZZ01").count() == 2
    assert Customer.objects.filter(owner=None).count() >= 3
    assert Customer.objects.filter(quiet=Quiet.ALL).exists()
    assert Customer.objects.filter(phones=None).exclude(wechat="").exists()
    assert OwnedProduct.objects.filter(delivered_on=date(2026, 3, 11)).count() >= 2
    assert OwnedProduct.objects.earliest("delivered_on").delivered_on < date(2022, 6, 1)
    assert Order.objects.exists()
    assert Contact.objects.filter(reached=False).exists()
    assert Contact.objects.exclude(note="").values("note").distinct().count() > 100


def test_a_leaver_cannot_sign_in_and_what_was_theirs_waits():
    leaver = Person.objects.get(username=LEAVER)
    assert (leaver.is_active, leaver.disabled_at.date()) == (False, date(2026, 3, 3))
    assert Customer.objects.filter(owner=leaver).count() >= 5
    waiting = Task.objects.filter(assignee=leaver, state=State.OPEN)
    assert waiting.filter(due_at__lt=NOW).exists()
    assert not Contact.objects.filter(by=leaver, occurred_at__date__gt=date(2026, 3, 3)).exists()


@pytest.mark.parametrize("name", [MAIN, "xuanqi"])
def test_the_main_salesperson_and_her_assistant_see_the_day_that_was_promised(name):
    rows = day_of(name, now=NOW)
    kinds = Counter(Kind(row.kind) for row in rows)

    assert 8 <= len(rows) <= 18
    assert 2 <= sum(row.due_at < NOW for row in rows) <= 4
    assert kinds[Kind.TIMED] == 2
    assert kinds[Kind.HOUR_LIMIT] == 3, "two letters and a service case"
    assert kinds[Kind.ACTIVE] == 3
    assert kinds[Kind.CARE] >= 5
    assert [row.due_at.astimezone(ZONE).time() for row in rows[:2]] == [time(10, 30), time(15, 0)]


def test_nobody_else_drowns_in_red():
    late = Task.objects.filter(state=State.OPEN, due_at__lt=NOW, assignee__is_active=True)
    by_person = Counter(late.values_list("assignee__username", flat=True))
    assert max(by_person.values()) <= 5


def test_every_login_of_the_table_works():
    people = {person.username: person for person in Person.objects.all()}
    lines = logins().splitlines()
    rows = [line.split() for line in lines[3:]]

    assert {row[3] for row in rows} == set(Role)
    assert all(row[-1] == PASSWORD for row in rows)
    assert all(people[row[0]].is_active for row in rows)
    assert check_password(PASSWORD, people[rows[0][0]].password)
    starts = {width(line[: line.index(PASSWORD)]) for line in lines[3:]}
    assert len(starts) == 1, "the columns stand under each other"


def width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def test_a_login_whose_password_was_changed_is_not_printed():
    Person.objects.filter(username=MAIN).update(password="!another")
    assert MAIN not in logins()
