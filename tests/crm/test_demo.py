"""The demonstration: the same each time, true to the rules, and a day worth showing."""

from datetime import date, datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from core.keyring import keyring
from crm.demo import DemoRefused, make_demo
from crm.demo.company import MAIN, ZONE
from crm.demo.scenes import _whose_contact_falls_on
from crm.verification import verify
from customers.models import (
    Appointment,
    Contact,
    Customer,
    CustomerPhone,
    HouseholdMember,
    Lead,
    Opportunity,
    OwnedProduct,
)
from followups.models import Case, Greeting, Invitation, Obligation, SurveyAnswer, Task
from followups.queries import visible, worklist
from orders.models import Order, OrderEvent
from staff.models import Person, Store
from staff.scope import reach_of
from staff.services.system import system_account
from stock.models import SizeStock, Style
from tests.factories.staff import PersonFactory, StoreFactory

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=ZONE)
CUSTOMERS = 220


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
        list(HouseholdMember.objects.order_by("pk").values_list("name", "relation", "birth_day")),
        list(
            Opportunity.objects.order_by("pk").values_list(
                "customer__name", "stage__code", "amount", "expected_on", "closed_at"
            )
        ),
        list(
            Appointment.objects.order_by("pk").values_list(
                "customer__name", "kind", "starts_at", "person__username", "resource__name"
            )
        ),
        list(Lead.objects.order_by("pk").values_list("platform_id", "name", "state", "masked")),
        list(SurveyAnswer.objects.order_by("pk").values_list("question__code", "points", "text")),
        list(Case.objects.order_by("pk").values_list("text", "state", "opened_at", "due_at")),
        list(
            Invitation.objects.order_by("pk").values_list(
                "campaign__name", "customer__name", "answer", "attended_at"
            )
        ),
        list(Greeting.objects.order_by("pk").values_list("customer__name", "text", "sent_at")),
        list(Order.objects.order_by("pk").values_list("buyer", "ordered_on", "amount", "paid")),
        list(OrderEvent.objects.order_by("pk").values_list("kind", "at", "by__username")),
        list(Style.objects.order_by("pk").values_list("number", "tag_price", "launched_on")),
        list(SizeStock.objects.order_by("office__code", "style__number", "size").values_list(
            "office__code", "style__number", "size", "quantity")),
    ]  # fmt: skip


def day_of(username: str, *, now: datetime) -> list[Task]:
    person = Person.objects.get(username=username)
    today = now.astimezone(ZONE).date()
    tasks = visible(reach_of(person, today=today))
    return list(worklist(tasks, now=now, today=today))


def made(**options) -> list[list[tuple]]:
    """What a demonstration says that is taken back at once."""
    with transaction.atomic():
        make_demo(
            **({"customers": 110, "leads": 4, "buyers": 4, "styles": 16, "now": NOW} | options)
        )
        said = everything()
        transaction.set_rollback(True)
    return said


@pytest.mark.django_db
def test_the_same_seed_and_day_make_the_same_demonstration_at_any_hour(monkeypatch):
    """Of each scene; of calls and quotes, which are one like the other, there are fewer."""
    monkeypatch.setattr("crm.demo.surveyed.MOST_TOLD", 15)
    monkeypatch.setattr("crm.demo.order_house.QUOTES", 4)
    assert made() == made(now=NOW + timedelta(hours=5))


@pytest.mark.django_db
def test_another_seed_makes_another_demonstration():
    assert made(seed=2, customers=20)[1] != made(customers=20)[1]


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
