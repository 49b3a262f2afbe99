"""Whom to visit in person this week: birthdays, anniversaries, neighbours (AFT-07, M60)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import translation

from customers.models import Contact, Customer, OwnedProduct
from customers.states import Channel, NextKind, NoStepReason, Outcome
from followups import services
from followups.queries.visits import occasions
from followups.rules import visits as rules
from followups.services import engine
from followups.states import Anchor
from staff.scope import reach_of
from staff.states import Role
from tests.factories.staff import PersonFactory
from tests.followups.build import at, customer, delivery, shop

pytestmark = pytest.mark.django_db
NOW = at("2026-03-12 10:00")
TODAY = NOW.date()


@pytest.mark.parametrize(
    ("bought", "today", "expected"),
    [
        ("2024-03-12", "2026-03-12", "2026-03-12"),
        ("2024-03-18", "2026-03-12", "2026-03-18"),
        ("2024-03-19", "2026-03-12", None),
        ("2026-03-14", "2026-03-12", None),
        ("2025-03-14", "2026-03-12", "2026-03-14"),
        ("2024-02-29", "2026-02-25", "2026-02-28"),
        ("2024-02-29", "2028-02-25", "2028-02-29"),
        ("2023-01-02", "2025-12-29", "2026-01-02"),
    ],
)
def test_an_anniversary_comes_within_the_week(bought, today, expected):
    days = rules.coming_days(date.fromisoformat(today))
    on = rules.anniversary_in(date.fromisoformat(bought), days)
    assert on == (date.fromisoformat(expected) if expected else None)
    month_and_day = (int(bought[5:7]), int(bought[8:]))
    if expected:
        assert month_and_day in set(rules.months_and_days(days))


def buyer(place, *, on: date, address="") -> Customer:
    who = customer(place, now=NOW, grade="B2", address=address)
    delivery(who, on=on, now=NOW)
    return who


def suggested(person, **which) -> list:
    with translation.override("en"):
        return occasions(reach_of(person, today=TODAY), today=TODAY, **which)


def test_an_anniversary_and_a_birthday_are_occasions_and_neighbours_stand_beside():
    place = shop()
    wang = buyer(place, on=date(2024, 3, 14), address="翠苑三区5幢2单元301室")
    near = customer(place, now=NOW, grade="A", address="翠苑三区8幢1单元102室")
    customer(place, now=NOW, grade="A", address="文三路88号紫金公寓3幢1单元102室")
    born = customer(place, now=NOW, grade="C1", birth_month=3, birth_day=13)
    buyer(place, on=date(2025, 9, 1))
    engine.ask(now=NOW)

    first, second = suggested(place.seller)

    assert (first.customer, first.on) == (born, date(2026, 3, 13))
    assert first.occasions[0].anchor == Anchor.BIRTHDAY
    assert (second.customer, second.on, second.near) == (wang, date(2026, 3, 14), [near])
    (why,) = second.occasions
    assert (why.kind, why.years, why.what) == ("delivery", 2, "S1")
    assert [visit.customer for visit in suggested(place.seller, customer=wang)] == [wang]
    assert suggested(place.seller, customer=near) == []


@pytest.mark.parametrize("wish", ["visits", "all"])
def test_nobody_is_visited_who_wishes_no_visits(wish):
    place = shop()
    who = buyer(place, on=date(2024, 3, 14))
    Customer.objects.filter(pk=who.pk).update(quiet=wish)
    assert suggested(place.seller) == []


def test_what_is_gone_has_no_anniversary():
    place = shop()
    buyer(place, on=date(2024, 3, 14))
    OwnedProduct.objects.update(gone_on=TODAY, gone_reason="sold")
    assert suggested(place.seller) == []


def test_a_colleague_s_customers_are_not_suggested():
    place = shop()
    buyer(place, on=date(2024, 3, 14))
    assert suggested(PersonFactory(role=Role.SALES_STORE, store=place.store)) == []


@pytest.mark.parametrize("many", [1, 12])
def test_as_many_queries_for_one_as_for_twelve(many, django_assert_num_queries):
    place = shop()
    for number in range(many):
        buyer(place, on=date(2024, 3, 14), address=f"翠苑三区{number + 1}幢2单元301室")
    reach = reach_of(place.seller, today=TODAY)
    with django_assert_num_queries(4):
        found = occasions(reach, today=TODAY)
        assert [row.store.name for visit in found for row in [visit.customer]]
    assert len(found) == many


def test_the_page_the_day_and_the_card(morning, as_):
    place = shop()
    who = buyer(place, on=date(2024, 3, 14), address="翠苑三区5幢2单元301室")
    near = customer(place, now=NOW, grade="A", address="翠苑三区8幢1单元102室")
    browser = as_(place.seller)
    page = browser.get("/visits/").content.decode()
    strip = browser.get("/visits/", headers={"HX-Request": "true"}).content.decode()
    card = browser.get(f"/customers/{who.pk}/visit/").content.decode()
    for text in (page, strip, card):
        assert "S1" in text
        assert f"/customers/{near.pk}/" in text
    assert "<html" in page
    assert "<html" not in strip
    assert f"/customers/{who.pk}/visit/" in browser.get(f"/customers/{who.pk}/").content.decode()
    assert "/visits/" in browser.get("/today/").content.decode()
    assert "S1" not in browser.get(f"/customers/{near.pk}/visit/").content.decode()
    stranger = as_(PersonFactory(role=Role.SALES_STORE))
    assert stranger.get(f"/customers/{who.pk}/visit/").status_code == 404


def test_a_product_of_today_is_no_anniversary():
    place = shop()
    who = customer(place, now=NOW, grade="B2")
    services.record_delivery(
        customer=who, product="S1", delivered_on=TODAY, by=place.seller, now=NOW, key=uuid4()
    )
    assert suggested(place.seller) == []


@pytest.mark.parametrize(
    ("channel", "outcome", "days_ago", "stays"),
    [
        (Channel.HOME_VISIT, Outcome.MET, 0, False),
        (Channel.CALL, Outcome.CONNECTED, 0, False),
        (Channel.CALL, Outcome.UNANSWERED, 0, True),
        (Channel.HOME_VISIT, Outcome.MET, 1, True),
    ],
)
def test_whoever_was_reached_today_is_left_in_peace(channel, outcome, days_ago, stays):
    place = shop()
    who = buyer(place, on=date(2024, 3, 14))
    Contact.objects.create(
        customer=who, by=place.seller, channel=channel, outcome=outcome,
        reached=outcome != Outcome.UNANSWERED, is_effective=False, next_kind=NextKind.NONE,
        none_reason=NoStepReason.STANDS, occurred_at=NOW - timedelta(days=days_ago),
        logged_at=NOW, grade=who.grade,
    )  # fmt: skip
    assert [visit.customer for visit in suggested(place.seller)] == ([who] if stays else [])
    Contact.objects.update(voided_at=NOW, voided_by=place.seller, void_reason="typo")
    assert len(suggested(place.seller)) == 1
