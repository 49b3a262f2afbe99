"""What managers decide by thumb and at the desk; SHOTS names a directory for pictures."""

import os
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from filings.models import Filing
from filings.services import CrossRegion, Lead, file_lead, reviews
from filings.services.prices import Line, ask_price
from filings.services.violations import note_violation
from filings.states import CrossReason, FilingNote, RequestKind, ReviewState, ViolationKind
from staff.models import Person
from tests.filings.leads import House
from tests.filings.pictures import picture_of
from tests.filings.test_requests import asked
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house():
    """A house in which something of each kind waits."""
    place, now = House(), timezone.now()
    Person.objects.update(language=os.environ.get("SHOTS_IN", "en"))
    filings = [
        place.filing(who, now=now - timedelta(days=days))
        for who, days in (
            (place.seller, 6), (place.colleague, 1), (place.seller, 0), (place.manager, 0),
        )
    ]  # fmt: skip
    notes = [FilingNote.BARE_HOUSE, FilingNote.ADDRESS_KNOWN, FilingNote.REFILED]
    Filing.objects.filter(pk=filings[1].pk).update(notes=notes)
    Filing.objects.filter(pk=filings[0].pk).update(escalated_at=now)
    reviews.demand_proof(filing=filings[2], note="门牌照片，或物业开具的证明", by=place.ops)
    fields = [place.filing(place.field, now=now - timedelta(days=days)) for days in (8, 2)]
    asked(fields[0], days=3)
    asked(fields[1], kind=RequestKind.SILENCE)
    for wished, floor in ((8500, 8000), (7000, 8000)):
        line = Line(
            product="云朵三人位沙发 SF-2201", list_price=Decimal(10000),
            wished_price=Decimal(wished), floor_price=Decimal(floor),
        )  # fmt: skip
        ask_price(
            customer=filings[0].customer, lines=[line], reason="老客户介绍，全屋购买",
            valid_until=now.date() + timedelta(days=14), by=place.seller, key=uuid4(),
        )  # fmt: skip
    customer = place.customer(place.far_seller, now=now)
    lead = Lead(
        project=customer.projects.get(), acquired_at=now,
        cross_region=CrossRegion(reason=CrossReason.TENDER),
    )  # fmt: skip
    cross = file_lead(customer=customer, lead=lead, filer=place.far_seller, by=place.far_seller)
    proof = picture_of(customer, place.far_seller, now)
    Filing.objects.filter(pk=cross.pk).update(proof=proof)
    for kind in (ViolationKind.LATE, ViolationKind.AFTER_DEAL, ViolationKind.BACK_DATED):
        note_violation(
            kind, person=place.seller, customer=filings[0].customer, filing=filings[0], moment=now
        )
    return place, filings


def walk(someone, house, size) -> None:
    """Every page of the decider, none wider than the window."""
    first = Filing.objects.filter(review_state=ReviewState.PENDING).order_by("pk").first()
    ask = Filing.objects.get(customer__owner=house.field, requests__kind="limit").requests.get()
    width = size["width"]
    pages = {
        "reviews": "/filings/reviews/",
        "proof": "/filings/reviews/?part=proof",
        "reject": f"/filings/{first.pk}/reject/",
        "extensions": "/filings/extensions/",
        "grant": f"/filings/extensions/{ask.pk}/grant/",
        "cross": "/filings/across-regions/",
        "prices": "/special-prices/",
        "price": f"/special-prices/{house.price}/",
        "violations": "/violations/",
        "places": f"/regions/{house.home.pk}/",
    }
    for name, path in pages.items():
        someone.go(path)
        shoot(someone.page, f"{name}-{width}")
        assert someone.page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_operations_look_at_all_that_waits(visit, house):
    place, _filings = house
    from filings.models import SpecialPrice

    place.price = SpecialPrice.objects.latest("pk").pk
    for size in (PHONE, DESK):
        with visit(size) as someone:
            someone.sign_in(place.ops.username)
            walk(someone, place, size)


def test_a_manager_approves_from_the_row_and_the_filer_proves(visit, house):
    place, filings = house
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.manager.username)
        someone.go("/filings/reviews/")
        shoot(someone.page, "reviews-manager-390")
        someone.page.locator(f"button[name=only][value='{filings[1].pk}']").click()
        someone.page.locator(".notice, .toast, [role=status]").first.wait_for()
        assert Filing.objects.get(pk=filings[1].pk).review_state == ReviewState.APPROVED
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.seller.username)
        someone.go(f"/filings/{filings[2].pk}/prove/")
        shoot(someone.page, "prove-390")
        someone.go(f"/customers/{filings[0].customer_id}/special-price/")
        shoot(someone.page, "price-new-390")
    with visit(DESK) as someone:
        someone.sign_in(place.seller.username)
        someone.go(f"/customers/{filings[0].customer_id}/special-price/")
        shoot(someone.page, "price-new-1440")
        someone.go("/special-prices/")
        shoot(someone.page, "prices-own-1440")
