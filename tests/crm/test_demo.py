"""The demonstration: the same each time, true to the rules, and a day worth showing."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from io import StringIO
from unicodedata import east_asian_width

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from core.keyring import keyring
from crm.demo import DemoRefused, logins, make_demo
from crm.demo.company import LEAVER, MAIN, PASSWORD, ZONE
from crm.demo.scenes import _whose_contact_falls_on
from crm.verification import verify
from customers.models import Contact, Customer, CustomerPhone, OwnedProduct
from customers.states import Grade, Quiet
from followups.models import Obligation, Task
from followups.queries import visible, worklist
from followups.rules import Kind
from followups.states import State
from orders.models import Order
from staff.models import Duty, Person, Store
from staff.queries import system_account
from staff.scope import reach_of
from staff.states import Role, Trade
from tests.factories.staff import PersonFactory, StoreFactory

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=ZONE)
CUSTOMERS = 220


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """One demonstration for all tests that only look at it, taken back at the end.

    Those tests ask for no database of their own, and therefore come after those that do.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        make_demo(customers=CUSTOMERS, now=NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def looking(demo, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def everything() -> list[list[tuple]]:
    """What a demonstration says, without ids and without what is sealed anew each time."""
    keys = keyring()
    numbers = CustomerPhone.objects.order_by("pk").values_list("cipher", "customer__name")
    return [
        list(Person.objects.order_by("username").values_list("username", "name", "store__code")),
        list(
            Customer.objects.order_by("pk").values_list(
                "name", "need", "address", "grade", "owner__username", "registered_at",
                "last_contact_at", "next_contact_on", "note", "quiet",
            )
        ),
        [(keys.decrypt(cipher), name) for cipher, name in numbers],
        list(Contact.objects.order_by("pk").values_list("note", "occurred_at", "by__username")),
        list(OwnedProduct.objects.order_by("pk").values_list("product", "serial", "delivered_on")),
        sorted(
            Obligation.objects.values_list(
                "step__code", "customer__name", "due_at", "state", "text", "assignee__username"
            ),
            key=str,
        ),
    ]  # fmt: skip


def made(**options) -> list[list[tuple]]:
    """What a demonstration says that is taken back at once."""
    with transaction.atomic():
        make_demo(**({"customers": 90, "now": NOW} | options))
        said = everything()
        transaction.set_rollback(True)
    return said


@pytest.mark.django_db
def test_the_same_seed_and_day_make_the_same_demonstration_at_any_hour():
    first = made()
    assert made(now=NOW + timedelta(hours=5)) == first
    assert made(seed=2)[1] != first[1]


def test_the_demonstration_is_as_the_rules_say(looking):
    verified = verify(now=NOW)
    assert verified.differences == []
    assert verified.checked["customers"] == CUSTOMERS


def test_it_holds_all_that_a_company_has(looking):
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


def test_a_leaver_cannot_sign_in_and_what_was_theirs_waits(looking):
    leaver = Person.objects.get(username=LEAVER)
    assert (leaver.is_active, leaver.disabled_at.date()) == (False, date(2026, 3, 3))
    assert Customer.objects.filter(owner=leaver).count() >= 5
    waiting = Task.objects.filter(assignee=leaver, state=State.OPEN)
    assert waiting.filter(due_at__lt=NOW).exists()
    assert not Contact.objects.filter(by=leaver, occurred_at__date__gt=date(2026, 3, 3)).exists()


@pytest.mark.parametrize("name", [MAIN, "xuanqi"])
def test_the_main_salesperson_and_her_assistant_see_the_day_that_was_promised(looking, name):
    rows = day_of(name, now=NOW)
    kinds = Counter(Kind(row.kind) for row in rows)

    assert 8 <= len(rows) <= 15
    assert 2 <= sum(row.due_at < NOW for row in rows) <= 4
    assert kinds[Kind.TIMED] == 2
    assert kinds[Kind.HOUR_LIMIT] == 2
    assert kinds[Kind.ACTIVE] == 3
    assert kinds[Kind.CARE] >= 5
    assert [row.due_at.astimezone(ZONE).time() for row in rows[:2]] == [time(10, 30), time(15, 0)]


def day_of(username: str, *, now: datetime) -> list[Task]:
    person = Person.objects.get(username=username)
    today = now.astimezone(ZONE).date()
    tasks = visible(reach_of(person, today=today))
    return list(worklist(tasks, now=now, today=today))


def test_nobody_else_drowns_in_red(looking):
    late = Task.objects.filter(state=State.OPEN, due_at__lt=NOW, assignee__is_active=True)
    by_person = Counter(late.values_list("assignee__username", flat=True))
    assert max(by_person.values()) <= 5


def test_every_login_of_the_table_works(looking):
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


def test_a_login_whose_password_was_changed_is_not_printed(looking):
    with transaction.atomic():
        Person.objects.filter(username=MAIN).update(password="!another")
        assert MAIN not in logins()
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("customers", [1, 7, 50])
def test_a_small_one_is_as_true_as_a_large_one(customers):
    make_demo(customers=customers, now=NOW)

    assert Customer.objects.count() == customers
    assert verify(now=NOW).differences == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "day", [date(2028, 2, 29), date(2027, 3, 1), date(2026, 12, 31), date(2026, 8, 31)]
)
def test_the_day_is_worth_showing_on_days_that_months_lack(day):
    now = datetime.combine(day, time(9), ZONE)
    make_demo(customers=60, now=now)

    assert 8 <= len(day_of(MAIN, now=now)) <= 15
    assert 2 <= sum(row.due_at < now for row in day_of(MAIN, now=now)) <= 4


def test_a_two_month_contact_can_be_made_to_fall_on_any_day():
    for offset in range(4 * 366):
        assert _whose_contact_falls_on(date(2026, 1, 1) + timedelta(days=offset))


@pytest.mark.django_db
def test_a_database_with_people_is_refused_and_left_alone():
    PersonFactory()

    with pytest.raises(CommandError, match="DATABASE_URL"):
        call_command("demo", customers=5)
    out = StringIO()
    call_command("demo", "--if-empty", stdout=out)

    assert out.getvalue() == ""
    assert not Customer.objects.exists()


@pytest.mark.django_db
def test_stores_brought_in_before_the_first_start_are_left_alone():
    StoreFactory()
    with pytest.raises(DemoRefused):
        make_demo(customers=5, now=NOW)
    call_command("demo", "--if-empty")
    assert Store.objects.count() == 1


@pytest.mark.django_db
def test_the_system_account_alone_is_nobody_and_a_second_start_says_the_logins_again():
    system_account()
    first, second = StringIO(), StringIO()

    call_command("demo", "--if-empty", customers=3, stdout=first)
    call_command("demo", "--if-empty", customers=3, stdout=second)

    assert Customer.objects.count() == 3
    assert MAIN in first.getvalue()
    assert second.getvalue() == first.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("customers", [0, -1, 1_000_001])
def test_an_impossible_number_is_refused_with_a_sentence(customers):
    with pytest.raises(CommandError, match="1"):
        call_command("demo", customers=customers)
    assert not Store.objects.exists()


@pytest.mark.django_db
def test_numbers_are_sealed_and_stand_nowhere_else():
    make_demo(customers=40, now=NOW)
    keys = keyring()
    numbers = [keys.decrypt(row.cipher)[3:] for row in CustomerPhone.objects.all()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT customer::text FROM customers_customer customer")
        cards = "".join(row[0] for row in cursor.fetchall())
    assert len(numbers) == len(set(numbers)) > 30
    assert not any(number in cards for number in numbers)
