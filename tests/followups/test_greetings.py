"""Greetings, one at a time: who stands on the list, what goes out, and that nothing goes twice."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from customers.models import Contact, Customer
from customers.states import Grade, Quiet
from followups.models import Greeting, Obligation, Step, Task, Wording
from followups.queries import greetings as queries
from followups.rules import occasions as rules
from followups.services import set_quiet
from followups.services.greetings import (
    GreetingNotSent,
    send_birthday_greeting,
    send_greeting,
)
from followups.states import KEY_CUSTOMERS, Anchor, Occasion, SentBy, State, Way, Whom
from followups.wording import signature_of, whole_text
from staff.scope import reach_of
from tests.factories.customers import CustomerFactory
from tests.factories.opportunities import opportunity
from tests.factories.staff import DutyFactory, PersonFactory
from tests.followups.build import SHANGHAI, at

pytestmark = pytest.mark.django_db

FRIDAY = at("2026-03-13 17:30")
LONG_AGO = at("2020-03-01 10:00")


@pytest.fixture
def evening():
    with time_machine.travel(FRIDAY, tick=False):
        yield FRIDAY


@pytest.fixture
def keys(company):
    """One customer of each grade, a late opportunity, and those who are never greeted."""
    own = {"owner": company.sales_store, "title": "ms", "now": FRIDAY - timedelta(days=30)}
    found = {
        grade: CustomerFactory(name=f"王{grade}", grade=grade, **own)
        for grade in ("A", "B1", "B2", "C1", "C2", "D")
    }
    for quiet in (Quiet.MARKETING, Quiet.ALL, Quiet.VISITS):
        found[quiet] = CustomerFactory(grade="A", name=f"李{quiet}", **own)
        Customer.objects.filter(pk=found[quiet].pk).update(quiet=quiet)
    found["old"] = CustomerFactory(grade="C1", **{**own, "now": LONG_AGO})
    found["late"] = CustomerFactory(grade="C2", **own)
    opportunity(customer=found["late"], at="furniture_negotiation", now=FRIDAY)
    found["others"] = CustomerFactory(grade="A", owner=company.stranger, now=own["now"])
    return found


def occasion_of(kind=Occasion.FRIDAY, now=FRIDAY):
    found = queries.open_occasions(now=now, zone=SHANGHAI)
    return next(each for each in found if each.kind == kind)


def listed(person, *, now=FRIDAY, kind=Occasion.FRIDAY):
    today = now.astimezone(SHANGHAI).date()
    return list(
        queries.still_to_greet(
            reach_of(person, today=today),
            occasion=occasion_of(kind, now),
            today=today,
            zone=SHANGHAI,
        )
    )


def text_to(customer, by, body="祝您周末愉快！"):
    signature = signature_of(sender=by.name, store=customer.store)
    return whole_text(body, customer=customer, signature=signature)


def greet(customer, by, *, now=FRIDAY, text=None, **said):
    return send_greeting(
        customer=customer,
        occasion=said.pop("occasion", Occasion.FRIDAY),
        on=said.pop("on", date(2026, 3, 13)),
        text=text_to(customer, by) if text is None else text,
        way=SentBy.WECHAT,
        signature=signature_of(sender=by.name, store=customer.store),
        by=by,
        now=now,
    )


def test_friday_s_list_holds_signed_about_to_sign_tracked_and_long_term_customers(company, keys):
    found = {row.pk: row.whom for row in listed(company.sales_store)}
    assert found == {
        keys["B2"].pk: Whom.SIGNED,
        keys["B1"].pk: Whom.ABOUT_TO_SIGN,
        keys["late"].pk: Whom.ABOUT_TO_SIGN,
        keys["A"].pk: Whom.TRACKED,
        keys[Quiet.VISITS].pk: Whom.TRACKED,
        keys["C1"].pk: Whom.LONG_TERM,
    }


def test_the_kind_in_sql_is_the_kind_of_the_rule(company, keys):
    today = FRIDAY.date()
    rows = queries.with_whom(Customer.objects.all(), today=today)
    for row in rows:
        days = [row.registered_at, row.last_contact_at]
        known = max(day.astimezone(SHANGHAI).date() for day in days if day)
        expected = rules.whom(
            grade=row.grade,
            is_late_stage=row.pk == keys["late"].pk,
            last_known_on=max(filter(None, [known, row.last_bought_on])),
            today=today,
        )
        assert row.whom == (expected or ""), row.grade


def test_an_assistant_greets_for_whom_they_assist_and_a_manager_for_their_own(company, keys):
    assistant = PersonFactory(store=company.store)
    DutyFactory(person=assistant, kind="assistant", assists=company.sales_store)
    assert len(listed(assistant)) == 6
    assert listed(company.store_manager) == []


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-03-13 14:59", False),
        ("2026-03-13 15:00", True),
        ("2026-03-13 23:59", True),
        ("2026-03-14 00:00", False),
        ("2026-03-12 18:00", False),
    ],
)
def test_friday_evening_begins_at_three_by_the_store_s_clock(moment, is_open):
    kinds = {each.kind for each in queries.open_occasions(now=at(moment), zone=SHANGHAI)}
    assert (Occasion.FRIDAY in kinds) is is_open


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2026-02-16", "spring"),
        ("2026-02-17", "spring"),
        ("2026-06-18", "dragon_boat"),
        ("2026-09-25", "mid_autumn"),
        ("2026-12-31", "new_year"),
        ("2027-09-15", "mid_autumn"),
        ("2026-02-18", None),
        ("2026-04-05", None),
    ],
)
def test_a_festival_is_greeted_for_on_its_eve_and_its_day(day, code):
    found = queries.open_occasions(now=at(f"{day} 10:00"), zone=SHANGHAI)
    festivals = [each.slug for each in found if each.kind == Occasion.FESTIVAL]
    assert festivals == ([code] if code else [])


def test_two_festivals_of_one_day_are_one_occasion():
    # In 2020 Mid-Autumn fell on National Day.
    found = queries.open_occasions(now=at("2020-10-01 10:00"), zone=SHANGHAI)
    together = [each for each in found if each.kind == Occasion.FESTIVAL]
    assert [len(each.festivals) for each in together] == [2]


def test_a_festival_also_greets_those_who_buy_later_but_nobody_given_up(company, keys):
    eve = at("2026-09-24 10:00")
    whom = {row.whom for row in listed(company.sales_store, now=eve, kind=Occasion.FESTIVAL)}
    assert whom == {*KEY_CUSTOMERS, Whom.LATER}


def test_a_greeting_is_a_row_of_its_own_and_no_contact(company, keys):
    who, by = keys["A"], company.sales_store
    before = Customer.objects.filter(pk=who.pk).values().get()
    tasks = list(Task.objects.order_by("pk").values())
    courses = list(who.courses.values("next_due_on"))
    greeting = greet(who, by)
    assert (greeting.sent_at, greeting.sent_by) == (FRIDAY, by)
    assert Contact.objects.count() == 0
    assert Customer.objects.filter(pk=who.pk).values().get() == before
    assert list(Task.objects.order_by("pk").values()) == tasks
    assert list(who.courses.values("next_due_on")) == courses
    assert who.pk not in {row.pk for row in listed(by)}


def test_a_second_tap_is_told_who_sent_it_when(company, keys):
    greet(keys["A"], company.sales_store)
    with pytest.raises(GreetingNotSent) as refusal:
        greet(keys["A"], company.sales_store)
    assert company.sales_store.name in str(refusal.value)
    assert Greeting.objects.count() == 1


def test_the_database_keeps_the_second_one_out(company, keys):
    greeting = greet(keys["A"], company.sales_store)
    greeting.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        greeting.save(force_insert=True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text_missing"),
        ("   ", "text_missing"),
        ("祝您周末愉快！", "opening_missing"),
        ("王女士，您好！祝您周末愉快！", "signature_missing"),
    ],
)
def test_a_text_without_opening_or_signature_does_not_go_out(company, keys, text, code):
    from django.utils import translation

    with translation.override("zh-hans"), pytest.raises(GreetingNotSent) as refusal:
        greet(keys["A"], company.sales_store, text=text)
    assert code in refusal.value.codes
    assert not Greeting.objects.exists()


def test_a_place_left_empty_is_refused(company, keys):
    by = company.sales_store
    with pytest.raises(GreetingNotSent) as refusal:
        greet(keys["A"], by, text=text_to(keys["A"], by, "see {product}"))
    assert refusal.value.codes == ("place_left",)


@pytest.mark.parametrize(
    ("changes", "code"), [({"quiet": "all"}, "wishes_none"), ({"grade": "D"}, "given_up")]
)
def test_who_wishes_none_meanwhile_is_sent_none(company, keys, changes, code):
    Customer.objects.filter(pk=keys["A"].pk).update(**changes)
    keys["A"].refresh_from_db()
    with pytest.raises(GreetingNotSent) as refusal:
        greet(keys["A"], company.sales_store)
    assert refusal.value.codes == (code,)


def test_who_was_greeted_for_a_festival_is_left_alone_on_friday(company, keys):
    greet(
        keys["A"],
        company.sales_store,
        occasion=Occasion.FESTIVAL,
        on=date(2026, 3, 13),
        now=FRIDAY - timedelta(hours=20),
    )
    assert keys["A"].pk not in {row.pk for row in listed(company.sales_store)}


def birthday_task(who, *, day=date(2026, 3, 13), **said):
    step = Step.objects.filter(way=Way.GREETING, anchor=Anchor.BIRTHDAY).first()
    step = step or Step.objects.create(
        plan=Step.objects.get(anchor=Anchor.NEXT_STEP).plan, code="test_birthday",
        name_en="Birthday", name_zh="生日", anchor=Anchor.BIRTHDAY, way=Way.GREETING,
    )  # fmt: skip
    task = Task.objects.create(
        customer=who, assignee=who.owner, letter=step, day=day, shown_on=day,
        due_at=at(f"{day} 23:59"), **said,
    )  # fmt: skip
    Obligation.objects.create(
        step=step, subject_id=who.pk, occurrence=2026, customer=who, assignee=who.owner,
        due_on=day, due_at=at(f"{day} 23:59"), shown_on=day, task=task, way=Way.GREETING,
    )  # fmt: skip
    return task


def send_birthday(task, by, *, now=FRIDAY):
    return send_birthday_greeting(
        task=task,
        text=text_to(task.customer, by),
        way=SentBy.SMS,
        signature=signature_of(sender=by.name, store=task.customer.store),
        by=by,
        now=now,
    )


def test_a_birthday_greeting_closes_its_task_once(company, keys):
    task = birthday_task(keys["A"])
    send_birthday(task, company.sales_store)
    task.refresh_from_db()
    assert (task.state, task.closed_at, task.contact_id) == (State.DONE, FRIDAY, None)
    assert not Obligation.objects.filter(task=task, state=State.OPEN).exists()
    with pytest.raises(GreetingNotSent) as refusal:
        send_birthday(task, company.sales_store)
    assert refusal.value.codes == ("already_sent",)
    assert Greeting.objects.count() == 1


def test_a_birthday_shown_ahead_is_greeted_on_its_day(company, keys, as_):
    """The list of the day shows some birthdays three days ahead; their texts say “today”."""
    task = birthday_task(keys["A"], day=date(2026, 3, 16))
    Task.objects.filter(pk=task.pk).update(shown_on=date(2026, 3, 13))
    with pytest.raises(GreetingNotSent) as refusal:
        send_birthday(task, company.sales_store)
    assert refusal.value.codes == ("too_early",)
    window = as_(company.sales_store)
    with time_machine.travel(FRIDAY, tick=False):
        page = window.get(f"/greetings/?occasion=birthday&who={task.pk}")
        assert page.context_data["total"] == 0
        assert page.context_data["up"]["not_yet"]
        assert 'name="way"' not in page.content.decode()
    send_birthday(task, company.sales_store, now=at("2026-03-16 09:00"))
    assert Greeting.objects.count() == 1


def test_a_birthday_that_was_skipped_is_not_sent_after_all(company, keys):
    task = birthday_task(keys["A"], state=State.SKIPPED, closed_at=FRIDAY, skip_reason="away")
    with pytest.raises(GreetingNotSent) as refusal:
        send_birthday(task, company.sales_store)
    assert refusal.value.codes == ("task_is_closed",)


def test_each_week_brings_another_wording(company, keys):
    count = Wording.objects.filter(use="friday", whom=["tracked"]).count()
    assert count >= 3
    turns = {rules_turn(keys["A"].pk, week, count) for week in range(100, 100 + count)}
    assert turns == set(range(count))


def rules_turn(customer_id, week, count):
    from followups.rules.wordings import turn_of

    return turn_of(customer_id=customer_id, week=week, count=count)


@pytest.mark.parametrize("grade", [Grade.A, Grade.D])
def test_who_is_given_up_is_nobody_s_key_customer(grade):
    found = rules.whom(grade=grade, is_late_stage=True, last_known_on=None, today=date(2026, 3, 13))
    assert (found is None) is (grade == Grade.D)


def test_a_wish_told_since_the_card_was_read_is_heeded(company, keys):
    stale = Customer.objects.select_related("store", "owner").get(pk=keys["A"].pk)
    set_quiet(
        customer=keys["A"], quiet=Quiet.ALL, reason="asked", by=company.sales_store, now=FRIDAY
    )
    with pytest.raises(GreetingNotSent) as refusal:
        greet(stale, company.sales_store)
    assert refusal.value.codes == ("wishes_none",)
