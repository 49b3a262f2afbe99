"""Two cards of one customer and their birthdays: greeted once a year, and back as they were."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from customers.models import HouseholdMember
from followups import services as followups
from followups.models import Obligation
from followups.services import engine, people
from followups.states import State, Way
from tests.desk.test_merging import clean, fresh, merge, undo
from tests.followups.build import at, customer, shop

pytestmark = pytest.mark.django_db
NOW = at("2026-03-12 10:05")
DAY = timedelta(days=1)


def greetings(card, *states) -> list[tuple[str, int, date]]:
    rows = Obligation.objects.filter(
        customer=card, step__way=Way.GREETING, state__in=states or [State.OPEN]
    )
    return sorted(rows.values_list("step__code", "occurrence", "due_on"))


@pytest.fixture
def place():
    return shop()


def card(place, **born):
    return customer(place, now=NOW, grade="C1", **born)


def test_a_greeting_sent_on_the_one_card_is_sent_on_the_other(place):
    kept = card(place, birth_month=3, birth_day=14)
    gone = card(place, birth_month=3, birth_day=14)
    engine.ask(now=NOW)
    Obligation.objects.filter(customer=gone, step__way=Way.GREETING).update(
        state=State.DONE, closed_at=NOW
    )
    Obligation.objects.filter(customer=kept, step__way=Way.GREETING).delete()
    merge(kept, gone, place.manager, now=NOW)
    assert greetings(kept) == []
    assert len(greetings(kept, State.DONE)) == 1
    assert clean() == []


def test_two_open_greetings_of_one_birthday_become_one(place):
    kept = card(place, birth_month=3, birth_day=14)
    gone = card(place, birth_month=3, birth_day=14)
    engine.ask(now=NOW)
    done = merge(kept, gone, place.manager, now=NOW)
    assert greetings(kept) == [("birthday", 2026, date(2026, 3, 14))]
    assert greetings(gone) == []
    assert clean() == []

    undo(done, place.manager)
    assert [len(greetings(each)) for each in (kept, gone)] == [1, 1]
    assert clean(now=NOW + DAY) == []


def test_a_birthday_that_only_the_other_card_knew_is_taken_over(place):
    kept, gone = card(place), card(place, birth_month=3, birth_day=14)
    engine.ask(now=NOW)
    done = merge(kept, gone, place.manager, now=NOW)
    assert (fresh(kept).birth_day, fresh(kept).birthday_noted_at) == (14, NOW)
    assert greetings(kept) == [("birthday", 2026, date(2026, 3, 14))]

    undo(done, place.manager)
    assert fresh(kept).birthday_noted_at is None
    assert (greetings(kept), len(greetings(gone))) == ([], 1)
    assert clean(now=NOW + DAY) == []


def test_the_household_goes_along_with_its_birthdays_and_back(place):
    kept, gone = card(place), card(place)
    people.add_member(
        customer=gone, key=uuid4(), relation="spouse", birth_month=5, birth_day=1,
        by=place.seller, now=NOW,
    )  # fmt: skip
    people.add_key_person(
        customer=gone,
        key=uuid4(),
        name="陈总",
        birth_month=12,
        birth_day=1,
        by=place.seller,
        now=NOW,
    )
    done = merge(kept, gone, place.manager, now=NOW)
    assert [row[0] for row in greetings(kept)] == ["household_birthday"]

    # Made while the cards were one, it goes back with whose birthday it is.
    later = at("2026-10-20 10:00")
    engine.ask(now=later)
    undo(done, place.manager, now=later)
    assert HouseholdMember.objects.get().customer == gone
    assert greetings(kept) == []
    assert [row[0] for row in greetings(gone)] == ["household_birthday", "key_birthday"]
    assert clean(now=later) == []


def test_given_up_on_both_cards_both_rest(place):
    kept = customer(place, now=NOW, grade="A", birth_month=3, birth_day=20)
    gone = customer(place, now=NOW, grade="A")
    for each in (kept, gone):
        followups.regrade(customer=each, grade="D", by=place.seller, now=NOW)
    merge(kept, gone, place.manager, now=NOW)
    assert greetings(kept) == []
    assert len(greetings(kept, State.SUSPENDED)) == 1
    assert clean() == []
