"""A round of visits: suggested beside the day, with who lives in the same compound; on the card."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from customers.services import ProductDetails
from followups import services
from followups.services import engine, people
from tests.followups.build import SHANGHAI, customer, shop
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def town():
    """Two anniversaries and a birthday this week, neighbours among them."""
    place, now = shop(), timezone.now()
    today = now.astimezone(SHANGHAI).date()
    soon = today + timedelta(days=2)
    wang = customer(place, now=now, grade="B2", address="杭州市西湖区翠苑三区5幢2单元301室")
    customer(place, now=now, grade="A", address="翠苑三区8幢1单元102室")
    born = customer(place, now=now, grade="C1", birth_month=soon.month, birth_day=min(soon.day, 28))
    for who, years in ((wang, 2), (born, 1)):
        services.record_delivery(
            customer=who, product="远山X5", by=place.seller, now=now, key=uuid4(),
            delivered_on=soon.replace(day=min(soon.day, 28), year=soon.year - years),
            insurance_until=today + timedelta(days=50),
            details=ProductDetails(warranty_until=today + timedelta(days=80)),
        )  # fmt: skip
    people.add_member(
        customer=wang, key=uuid4(), relation="spouse", name="李娜", birth_month=8, birth_day=15,
        birth_is_lunar=True, by=place.seller, now=now,
    )  # fmt: skip
    engine.ask(now=now)
    return place, wang


@pytest.mark.parametrize(("size", "name"), [(PHONE, "390"), (DESK, "1440")])
def test_from_the_day_to_the_card_and_its_calendar(visit, size, name):
    place, wang = town()
    with visit(size) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        someone.go("/today/")
        page.locator("#visits-head").wait_for()
        assert page.locator(".visits .task").count() >= 1
        shoot(page, f"today-{name}")
        someone.go("/visits/")
        shoot(page, f"visits-{name}")
        someone.go(f"/customers/{wang.pk}/")
        page.locator(".visit-of .proposed").wait_for()
        shoot(page, f"card-{name}")
        someone.go(f"/customers/{wang.pk}/?tab=calendar")
        page.locator(".story li").first.wait_for()
        shoot(page, f"calendar-{name}")
