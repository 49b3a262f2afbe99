"""A grade proposed, confirmed and taken back by thumb; SHOTS names a directory for pictures."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers import services as customers
from customers.models import GradeProposal
from followups.services import engine, regrade
from staff.states import Trade
from tests.factories.staff import PersonFactory
from tests.followups.build import customer, delivery, shop
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house():
    """A car store with customers of all grades, and proposals for some of them."""
    place, now = shop(Trade.CARS), timezone.now()
    before = now - timedelta(days=20)
    people = [
        customer(place, now=before, grade=grade)
        for grade in ("A", "A", "A", "B1", "B1", "C2", "B2", "D", "A")
    ]
    for who, days in ((people[0], 3), (people[1], 2), (people[6], 500)):
        delivery(who, on=now.date() - timedelta(days=days), now=now)
    customers.set_intent(customer=people[0], intent="H", by=place.seller, now=now)
    regrade(customer=people[3], grade="C2", by=place.seller, now=now, reason="明年装修")
    engine.ask(now=now)
    customers.propose_grades(customers=None, now=now)
    return place, people


def test_a_proposal_is_confirmed_and_taken_back_by_thumb(visit, house):
    place, people = house
    proposal = GradeProposal.objects.get(customer=people[0])
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        page.goto(f"{someone.address}/customers/{people[0].pk}/")
        shoot(page, "card-390")
        page.locator(f"a[href*='/proposals/{proposal.pk}/confirm/']").click()
        shoot(page, "confirm-390")
        page.locator("label:has(input[value=so])").click()
        page.locator("button.act").click()
        page.locator("a[href$='/grade/undo/']").first.click()
        shoot(page, "undo-390")
        page.locator("button.act").click()
        page.locator(".corner[data-g=A]").wait_for()
        page.goto(f"{someone.address}/customers/{people[3].pk}/grade/")
        shoot(page, "regrade-390")
        page.goto(f"{someone.address}/grades/proposals/?to=B2")
        shoot(page, "proposals-390")
        page.goto(f"{someone.address}/grades/pyramid/")
        shoot(page, "pyramid-390")
        page.goto(f"{someone.address}/grades/")
        shoot(page, "grades-390")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_same_pages_at_a_desk(visit, house):
    place, people = house
    ops = PersonFactory(role="ops_manager")
    with visit(DESK) as someone:
        someone.sign_in(place.manager.username)
        page = someone.page
        for name, path in {
            "card": f"/customers/{people[0].pk}/?show=grades",
            "regrade": f"/customers/{people[0].pk}/grade/",
            "proposals": "/grades/proposals/?to=B2",
            "proposals-all": "/grades/proposals/",
            "pyramid": "/grades/pyramid/",
            "grades": "/grades/",
        }.items():
            page.goto(f"{someone.address}{path}")
            shoot(page, f"{name}-1440")
    with visit(DESK) as someone:
        someone.sign_in(ops.username)
        someone.page.goto(f"{someone.address}/figures/")
        shoot(someone.page, "figures-1440")
        assert someone.page.locator("input[type=number]").count() == 19
