"""What a campaign sold: orders from the day they were placed, and never twice (ORG-18)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import OwnedProduct
from followups.models import Invitation
from followups.services.invitations import note_attended
from orders.models import Delivery
from orders.queries.campaigns import figures_of, with_deal
from orders.states import OrderState
from tests.factories import orders as papers
from tests.followups.test_campaigns import DAY, bought, guests_of, plan

pytestmark = pytest.mark.django_db
FIRST = timezone.localdate(DAY)


@pytest.fixture
def campaign(company):
    return plan(company)


def ordered(guest, *, on=FIRST, price=5000, **said):
    return papers.order(customer=guest.customer, on=on, lines=(price,), **said)


def told(campaign):
    return figures_of(Invitation.objects.all(), [campaign.pk])[campaign.pk]


def test_an_order_counts_from_its_day_until_the_last_of_the_campaign(company, campaign):
    guests = guests_of(company, campaign, 5)
    note_attended(invitation=guests[0], by=company.sales_store, now=DAY)
    last = FIRST + timedelta(days=campaign.deals_within_days)
    for guest, said in zip(
        guests,
        (
            {"on": FIRST},
            {"on": last, "price": 700},
            {"on": last + timedelta(days=1)},
            {"on": FIRST - timedelta(days=1)},
            {"on": FIRST, "state": OrderState.CANCELLED},
        ),
        strict=True,
    ):
        ordered(guest, **said)
    figures = told(campaign)
    assert (figures.bought, figures.bought_who_came) == (2, 1)
    assert figures.amount == Decimal(5700)
    found = with_deal(Invitation.objects.filter(campaign=campaign)).filter(has_bought=True)
    assert {guest.pk for guest in found} == {guests[0].pk, guests[1].pk}


def test_two_orders_of_one_guest_are_one_guest_and_both_amounts(company, campaign):
    (guest,) = guests_of(company, campaign)
    ordered(guest)
    ordered(guest, price=800)
    papers.order(customer=guest.customer, on=FIRST, lines=())
    figures = told(campaign)
    assert (figures.bought, figures.amount, figures.unpriced) == (1, Decimal(5800), 1)


@pytest.mark.parametrize("is_delivered", [True, False])
def test_what_an_order_brought_does_not_count_beside_it(company, campaign, is_delivered):
    (guest,) = guests_of(company, campaign)
    order = ordered(guest)
    product = bought(guest, company.sales_store, on=FIRST, price="5000")
    if is_delivered:
        done = papers.delivery(order, FIRST + timedelta(days=9))
        Delivery.objects.filter(pk=done.pk).update(product=product)
        OwnedProduct.objects.filter(pk=product.pk).update(
            delivered_on=done.delivered_on, delivered_noted_at=DAY
        )
    assert told(campaign).amount == Decimal(5000)
    bought(guest, company.sales_store, on=FIRST + timedelta(days=1), price="90.50")
    assert told(campaign).amount == Decimal("5090.50")


def test_an_order_that_came_back_whole_is_no_deal(company, campaign):
    (guest,) = guests_of(company, campaign)
    order = ordered(guest)
    papers.delivery(order, FIRST)
    order.lines.update(returned_qty=1)
    assert (told(campaign).bought, told(campaign).amount) == (0, 0)


def test_one_and_twelve_campaigns_take_two_queries(company):
    for count in (1, 12):
        found = [plan(company) for _n in range(count)]
        ordered(guests_of(company, found[0])[0])
        with CaptureQueriesContext(connection) as ran:
            figures_of(Invitation.objects.all(), [each.pk for each in found])
        assert len(ran) == 2
