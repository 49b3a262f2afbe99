"""Birthdays as work: once a year, by the sun or the moon, resting with a grade or a wish."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from customers import services as customers
from customers.models import Customer, HouseholdMember
from customers.services import people as people_of_card
from customers.states import Quiet, QuietReason
from followups import rules, services
from followups.models import Course, Obligation, Task
from followups.queries import calendar_of
from followups.queries.quieting import due_again
from followups.services import engine, people
from followups.services.quiet import settle_quiet
from followups.states import State, Way
from followups.verification import obligation_differences, task_differences
from staff.states import Role
from tests.factories.staff import PersonFactory
from tests.followups.build import at, customer, dues, shop
from tests.followups.oracle_year import birthday as birthday_of_year

pytestmark = pytest.mark.django_db
NOW = at("2026-03-12 10:00")
MOON = {"birth_month": 8, "birth_day": 15, "birth_is_lunar": True}


def greetings(who: Customer, *states: str) -> list[tuple[int, date]]:
    rows = Obligation.objects.filter(customer=who, step__way=Way.GREETING)
    rows = rows.filter(state__in=states or [State.OPEN])
    return sorted(rows.values_list("occurrence", "due_on"))


def as_the_rules_say(now) -> bool:
    return [*obligation_differences(now=now), *task_differences()] == []


def wife_of(who: Customer, *, now=NOW, **born) -> HouseholdMember:
    told = {"relation": "spouse", "name": "李娜", **(born or MOON)}
    return people.add_member(customer=who, key=uuid4(), by=who.owner, now=now, **told)


def test_a_wife_is_greeted_at_mid_autumn_of_each_year_once():
    who = customer(shop(), now=NOW, grade="C1")
    wife_of(who)
    for week in range(135):
        engine.ask(now=NOW + timedelta(days=7 * week))
    assert greetings(who) == [
        (2026, date(2026, 9, 25)), (2027, date(2027, 9, 15)), (2028, date(2028, 10, 3)),
    ]  # fmt: skip
    assert as_the_rules_say(NOW + timedelta(days=7 * 134))


def test_a_greeting_stands_apart_for_the_keeper_from_three_days_before():
    who = customer(shop(), now=NOW, grade="A", birth_month=3, birth_day=19)
    engine.ask(now=NOW)
    task = Task.objects.get(customer=who, letter__way=Way.GREETING)
    assert (task.day, task.shown_on, task.assignee) == (
        date(2026, 3, 19), date(2026, 3, 16), who.owner,
    )  # fmt: skip
    assert task.due_at == at("2026-03-20 00:00")
    call = Task.objects.get(customer=who, letter=None)
    assert (call.day, task.is_care) == (date(2026, 3, 19), False), "the call of grade A beside it"


def test_sent_once_it_is_not_made_again():
    who = customer(shop(), now=NOW, grade="C1", birth_month=3, birth_day=19)
    engine.ask(now=NOW)
    Obligation.objects.filter(customer=who, step__code="birthday").update(
        state=State.DONE, closed_at=NOW
    )
    for _time in range(3):
        engine.touch_and_ask(customers=[who.pk], now=NOW)
    assert greetings(who) == []


def test_the_course_is_looked_at_again_when_the_birthday_comes_within_the_horizon():
    who = customer(shop(), now=NOW, grade="D", birth_month=8, birth_day=1)
    engine.ask(now=NOW)
    course = Course.objects.get(customer=who)
    assert course.next_due_on == date(2026, 8, 1)
    engine.ask(now=at("2026-06-03 10:00"))
    course.refresh_from_db()
    assert course.next_due_on == date(2027, 8, 1)
    assert greetings(who, State.SUSPENDED) == [(2026, date(2026, 8, 1))]


@pytest.mark.parametrize(
    ("born", "made"),
    [
        ({"birth_month": 3, "birth_day": 5}, [2026]),
        ({"birth_month": 3, "birth_day": 4}, []),
    ],
)
def test_long_past_when_it_was_told_it_waits_for_next_year(born, made):
    who = customer(shop(), now=NOW, grade="C1", **born)
    engine.ask(now=NOW)
    assert [year for year, _day in greetings(who)] == made


def test_a_correction_moves_the_open_greeting_and_not_the_one_sent():
    who = customer(shop(), now=NOW, grade="C1", birth_month=4, birth_day=1)
    engine.ask(now=NOW)
    customers.update_customer(customer=who, by=who.owner, now=NOW, birth_day=9)
    engine.touch_and_ask(customers=[who.pk], now=NOW)
    assert greetings(who) == [(2026, date(2026, 4, 9))]
    assert Task.objects.get(letter__way=Way.GREETING, state=State.OPEN).day == date(2026, 4, 9)
    assert as_the_rules_say(NOW)

    Obligation.objects.filter(customer=who).update(state=State.DONE, closed_at=NOW)
    customers.update_customer(customer=who, by=who.owner, now=NOW, birth_day=20)
    engine.touch_and_ask(customers=[who.pk], now=NOW)
    assert greetings(who, State.DONE) == [(2026, date(2026, 4, 9))]
    assert greetings(who) == []


def test_a_correction_to_a_day_long_past_leaves_nothing_for_this_year():
    who = customer(shop(), now=NOW, grade="C1", birth_month=4, birth_day=1)
    engine.ask(now=NOW)
    customers.update_customer(customer=who, by=who.owner, now=NOW, birth_month=1)
    engine.touch_and_ask(customers=[who.pk], now=NOW)
    assert greetings(who) == []
    assert as_the_rules_say(NOW)


def test_whoever_is_off_the_card_is_not_greeted():
    who = customer(shop(), now=NOW, grade="C1")
    wife = wife_of(who, birth_month=4, birth_day=1)
    assert len(greetings(who)) == 1
    people.change_somebody(
        somebody=wife, seen=people_of_card.version_of(wife), by=who.owner, now=NOW,
        birth_month=4, birth_day=11,
    )  # fmt: skip
    assert greetings(who) == [(2026, date(2026, 4, 11))]
    people.remove_somebody(somebody=wife, by=who.owner, now=NOW)
    assert greetings(who) == []
    assert not Task.objects.filter(letter__way=Way.GREETING, state=State.OPEN).exists()
    assert as_the_rules_say(NOW)


def test_a_key_person_is_greeted_too():
    who = customer(shop(), now=NOW, grade="C1")
    people.add_key_person(
        customer=who, key=uuid4(), by=who.owner, now=NOW, name="陈总", birth_month=4, birth_day=2
    )
    assert dues(who)[0] == ("key_birthday", date(2026, 4, 2))


def test_given_up_greetings_rest_and_come_back_ahead_alone():
    place = shop()
    who = customer(place, now=NOW, grade="A", birth_month=3, birth_day=20)
    wife_of(who, birth_month=4, birth_day=20)
    services.regrade(customer=who, grade="D", by=place.seller, now=NOW)
    assert greetings(who) == []
    assert len(greetings(who, State.SUSPENDED)) == 2
    assert not Task.objects.filter(customer=who, state=State.OPEN).exists()
    assert as_the_rules_say(NOW)

    later = at("2026-04-02 10:00")
    services.regrade(customer=who, grade="A", by=place.seller, now=later)
    assert greetings(who) == [(2026, date(2026, 4, 20))]
    past = Obligation.objects.get(customer=who, step__code="birthday")
    assert (past.state, past.cause) == (State.CANCELLED, "silence")
    assert as_the_rules_say(later)


@pytest.mark.parametrize("wish", [Quiet.MARKETING, Quiet.ALL])
def test_whoever_wishes_no_marketing_is_not_greeted(wish):
    place = shop()
    who = customer(place, now=NOW, grade="C1", birth_month=3, birth_day=20)
    engine.ask(now=NOW)
    how = {"by": place.seller, "customer": who}
    services.set_quiet(quiet=wish, reason=QuietReason.ASKED, now=NOW, **how)
    assert (greetings(who), len(greetings(who, State.SUSPENDED))) == ([], 1)
    wife_of(who, birth_month=3, birth_day=25)
    assert (greetings(who), len(greetings(who, State.SUSPENDED))) == ([], 2)
    assert as_the_rules_say(NOW)

    later = at("2026-03-22 10:00")
    services.set_quiet(quiet=Quiet.NONE, reason=QuietReason.WISHES_AGAIN, now=later, **how)
    assert greetings(who) == [(2026, date(2026, 3, 25))]
    assert as_the_rules_say(later)


def test_a_wish_taken_back_does_not_greet_whom_we_gave_up():
    place = shop()
    who = customer(place, now=NOW, grade="D", birth_month=3, birth_day=20)
    wife_of(who, birth_month=4, birth_day=20)
    engine.ask(now=NOW)
    how = {"by": place.seller, "customer": who}
    services.set_quiet(quiet=Quiet.ALL, reason=QuietReason.ASKED, now=NOW, **how)
    who.refresh_from_db()
    assert due_again(who, today=NOW.date()) == 0, "said before the tap"

    later = at("2026-03-22 10:00")
    services.set_quiet(quiet=Quiet.NONE, reason=QuietReason.WISHES_AGAIN, now=later, **how)
    assert (greetings(who), len(greetings(who, State.SUSPENDED))) == ([], 2)
    assert as_the_rules_say(later)


def test_settling_a_wish_needs_no_engine_to_let_the_greetings_of_grade_d_rest():
    who = customer(shop(), now=NOW, grade="D", birth_month=3, birth_day=20)
    engine.ask(now=NOW)
    settle_quiet(who, now=NOW)
    assert len(greetings(who, State.SUSPENDED)) == 1
    assert as_the_rules_say(NOW)


def test_nobody_is_greeted_on_a_merged_card():
    place = shop()
    kept = customer(place, now=NOW, grade="C1")
    gone = customer(place, now=NOW, grade="C1", birth_month=4, birth_day=1)
    engine.ask(now=NOW)
    Customer.objects.filter(pk=gone.pk).update(merged_into=kept)
    engine.touch_and_ask(customers=[gone.pk], now=NOW)
    assert greetings(gone) == []


def test_the_calendar_says_whose_birthday_it_is():
    who = customer(shop(), now=NOW, grade="C1", birth_month=4, birth_day=1)
    wife_of(who)
    days = calendar_of(Customer.objects.get(pk=who.pk), today=NOW.date())
    said = [(day.step.code, day.whose, day.due.on, day.state) for day in days]
    assert ("birthday", "", date(2026, 4, 1), "open") in said
    assert ("household_birthday", "李娜", date(2026, 9, 25), "planned") in said


def test_the_engine_finds_every_lunar_day_where_the_rule_does():
    """The twin: each lunar day there is, over the years that anybody plans for."""
    place = shop()
    told_at = at("2024-01-20 10:00")
    born = [(m, d, leap) for m in range(1, 13) for d in (1, 2, 15, 29, 30) for leap in (0, 1)]
    who = customer(place, now=told_at, grade="C1")
    rows = HouseholdMember.objects.bulk_create(
        HouseholdMember(
            customer=who, relation="child", birth_month=month, birth_day=day,
            birth_is_lunar=True, birth_is_leap_month=bool(leap), birthday_noted_at=told_at,
            added_by=place.seller,
        )
        for month, day, leap in born
    )  # fmt: skip
    until = timedelta(days=17 * 366)
    engine.touch(customers=[who.pk])
    engine.ask(now=told_at, customers=[who.pk], horizon=until)

    found: dict[int, dict[int, date]] = {}
    for subject, year, day in Obligation.objects.filter(
        step__code="household_birthday"
    ).values_list("subject_id", "occurrence", "due_on"):
        found.setdefault(subject, {})[year] = day
    for row, (month, day, leap) in zip(rows, born, strict=True):
        assert set(range(2024, 2040)) <= set(found[row.pk])
        for year, on in found[row.pk].items():
            rule = rules.Birthday(
                month=month, day=day, is_lunar=True, is_leap_month=bool(leap),
                noted_on=told_at.date(),
            )  # fmt: skip
            assert on == rules.birthday_in(rule, year)
            assert on == birthday_of_year(year, month, day, is_lunar=True, is_leap=bool(leap))


def test_a_day_that_no_year_has_is_nobodys_birthday_and_stops_nothing():
    """31 April was kept by an import before anybody looked; 29 February is the 28th at times."""
    who = customer(shop(), now=NOW, grade="C1", birth_month=4, birth_day=30)
    wife_of(who, birth_month=2, birth_day=29)
    Customer.objects.filter(pk=who.pk).update(birth_day=31)
    engine.touch_and_ask(customers=[who.pk], now=NOW)
    engine.ask(now=NOW, horizon=timedelta(days=800))
    found = dict(greetings(who))
    assert found == {2027: date(2027, 2, 28), 2028: date(2028, 2, 29)}


def test_a_greeting_goes_with_its_customer_to_the_new_keeper():
    place = shop()
    who = customer(place, now=NOW, grade="C1", birth_month=4, birth_day=1)
    engine.ask(now=NOW)
    other = PersonFactory(role=Role.SALES_STORE, store=place.store)
    services.reassign(customers=[who.pk], keeper=other, by=place.manager, now=NOW, reason="换人")
    assert Task.objects.get(letter__way=Way.GREETING, state=State.OPEN).assignee == other
