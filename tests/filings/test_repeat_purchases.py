"""Buying again for the same home, two home regions, shared deals, and slots of returned ones."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from customers.models import OwnedProduct
from filings import services
from filings.models import Deal, Dispute, Policy, Violation
from filings.queries import book_of, slots_of
from filings.queries.judges import home_of
from filings.rules import Clock, month_of
from filings.services import Sale
from filings.states import DisputeKind, Verdict, ViolationKind
from filings.verification import credit_differences, filing_differences, ruling_differences
from tests.filings.bench_scenes import START, Scene
from tests.filings.leads import House
from tests.filings.test_bench_mended import decide, said
from tests.filings.test_kept_slots import refilled, sold

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def scene():
    return Scene()


def nothing_differs():
    assert [*credit_differences(), *ruling_differences(), *filing_differences()] == []


def paid(scene, closer, at, order_no):
    return scene.deposit(closer, at, order_no=order_no)


def delivered(scene, on: date):
    OwnedProduct.objects.create(
        customer=scene.customer, store=scene.shop, product="沙发", delivered_on=on,
        delivered_noted_at=START,
    )  # fmt: skip


# buying again for the same home (FIL-05)


@pytest.mark.parametrize(
    ("days", "order_no", "delivered_after", "is_asked"),
    [
        (5, "DD-2", None, False),  # a further deposit of the purchase that runs
        (90, "DD-2", None, False),
        (91, "DD-2", None, True),
        (400, "DD-2", None, True),
        (400, "DD-1", None, False),  # the same order, however late
        (30, "DD-2", 20, True),  # delivered meanwhile
        (30, "DD-2", -20, False),  # delivered of an earlier purchase
    ],
)
def test_buying_again_for_the_same_home_is_a_question_to_operations(
    scene, days, order_no, delivered_after, is_asked
):
    scene.file(scene.salesman)
    first = paid(scene, scene.salesman, START + DAY, "DD-1")
    if order_no == "DD-1":
        proposal = services.propose(
            Sale(customer=scene.customer, project=scene.project, closer=scene.guide,
                 store=scene.shop, order_no="DD-1"), now=START + DAY + days * DAY
        )  # fmt: skip
        assert proposal.earlier == first
        return
    if delivered_after is not None:
        delivered(scene, (START + DAY + delivered_after * DAY).date())
    again = paid(scene, scene.guide, START + DAY + days * DAY, order_no)
    ruling = again.rulings.get()
    assert again.is_repeat == is_asked
    if is_asked:
        assert (again.credited_to, ruling.verdict) == (None, Verdict.ADJUDICATE)
        assert again.keeper == scene.customer.owner
        assert Dispute.objects.get().kind == DisputeKind.BUYER
    else:
        assert again.credited_to == scene.salesman
        assert not Dispute.objects.exists()
    nothing_differs()


def test_the_ruling_of_a_repeat_leaves_the_first_purchase_alone(scene):
    scene.file(scene.salesman)
    first = paid(scene, scene.salesman, START + DAY, "DD-1")
    again = paid(scene, scene.guide, START + 200 * DAY, "DD-2")
    further = paid(scene, scene.guide, START + 201 * DAY, "DD-3")
    assert further.rulings.get().verdict == Verdict.ADJUDICATE  # it waits along
    decide(scene, Dispute.objects.get(), said(scene.guide), now=START + 202 * DAY)
    for deal in (first, again, further):
        deal.refresh_from_db()
    assert (first.credited_to, again.credited_to, further.credited_to) == (
        scene.salesman, scene.guide, scene.guide,
    )  # fmt: skip
    nothing_differs()


def test_a_repeat_that_goes_back_takes_its_question_along(scene):
    scene.file(scene.salesman)
    first = paid(scene, scene.salesman, START + DAY, "DD-1")
    again = paid(scene, scene.guide, START + 200 * DAY, "DD-2")
    services.undo_deal(deal=again, reason="退定", by=scene.ops, now=START + 201 * DAY)
    dispute = Dispute.objects.get()
    assert (dispute.state, dispute.deal) == ("withdrawn", again)
    first.refresh_from_db()
    assert first.credited_to == scene.salesman


# the customer's own region and the delivery's (decision 13)


def moved(house, closer, *, place="宁波市海曙区"):
    """A customer at home in one region, to whom it is delivered in another; sold by `closer`."""
    at = timezone.now()
    customer = house.customer(house.seller, now=at - DAY)
    project = customer.projects.get()
    project.address = f"{place}天一家园3幢1单元301室"
    project.save(update_fields=["address"])
    sale = Sale(customer=customer, project=project, closer=closer, store=closer.store, order_no="A")
    ruling = services.settle(sale, by=closer, now=at)
    return ruling, Deal.objects.get()


@pytest.mark.parametrize("who", ["seller", "far_seller"])
def test_where_the_customers_region_and_the_deliverys_differ_operations_decide(who):
    house = House()
    closer = getattr(house, who)
    ruling, deal = moved(house, closer)
    assert (deal.own_region, deal.region) == (house.home, house.away)
    assert (ruling.verdict, ruling.credited_to, ruling.is_home_region) == (
        Verdict.ADJUDICATE, None, False,
    )  # fmt: skip
    dispute = Dispute.objects.get()
    assert (dispute.kind, home_of(dispute)) == (DisputeKind.CROSS_REGION, None)
    # Who sells in the customer's own region has broken nothing.
    assert not Violation.objects.exists()
    nothing_differs()


def test_a_delivery_at_home_is_nobodys_question():
    house = House()
    ruling, deal = moved(house, house.seller, place="杭州市余杭区")
    assert (ruling.credited_to, deal.own_region) == (house.seller, house.home)


def test_a_card_without_an_address_makes_no_region_ones_own():
    house = House()
    at = timezone.now()
    customer = house.customer(house.seller, now=at - DAY)
    type(customer).objects.filter(pk=customer.pk).update(address="", address_key="")
    customer.refresh_from_db()
    project = customer.projects.get()
    project.address = "宁波市海曙区天一家园3幢1单元301室"
    project.save(update_fields=["address"])
    sale = Sale(customer=customer, project=project, closer=house.seller, store=house.store)
    assert services.settle(sale, by=house.seller, now=at).is_home_region
    assert Violation.objects.get().kind == ViolationKind.CROSS_REGION_SALE


# shares and slots (FIL-25, ADJ-02)


def slots(scene, at):
    clock = Clock(zone=scene.team.tzinfo)
    book = book_of(scene.customer).slots(scene.salesman.pk, month_of(at, clock=clock)).deals
    counted = slots_of(scene.salesman, store=scene.team, day=at.date(), refill="deal").deals
    assert counted == book
    return counted


@pytest.mark.parametrize("has_share", [True, False])
def test_whoever_shares_the_deal_of_the_own_filing_keeps_the_slot(scene, has_share):
    dispute = scene.contested()
    at = Deal.objects.get().at
    other = scene.salesman if has_share else scene.mate
    if not has_share:
        dispute.parties.create(person=scene.mate)
    shares = {scene.guide.pk: 60, other.pk: 40}
    decide(scene, dispute, said(shares=shares), now=START + 7 * DAY)
    assert slots(scene, at) == has_share
    deal = Deal.objects.get()
    assert (deal.credited_to, deal.refills == scene.salesman) == (None, has_share)
    nothing_differs()


@pytest.mark.parametrize("is_used", [True, False])
def test_a_slot_used_of_a_returned_deposit_is_put_before_operations(is_used):
    Policy.objects.update(field_quota=1)
    house = House()
    at = timezone.now().replace(day=5)
    minute = timedelta(minutes=1)
    filing = house.filing(house.field, now=at)
    deal = sold(house, filing, at=at + minute)
    if is_used:
        house.filing(house.field, now=at + 2 * minute)
    services.undo_deal(deal=deal, reason="退定", by=house.ops, now=at + 12 * minute)
    assert refilled(house, filing, at=at) == is_used
    found = Violation.objects.filter(kind=ViolationKind.RETURNED_SLOT)
    assert [(one.person, one.deal) for one in found] == [(house.field, deal)] * is_used
