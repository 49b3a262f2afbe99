"""Nobody is reported up for work that they could not have known of (AFT-02)."""

from datetime import date, timedelta

import pytest

from customers.models import OwnedProduct
from followups import services
from followups.models import Escalation, Obligation, Step
from followups.rules import reported_from
from followups.services.escalations import report_overdue
from followups.states import Anchor
from staff.states import Role
from tests.factories.staff import PersonFactory
from tests.followups.build import at, customer, delivery, shop

DUE = at("2026-03-12 10:00")
DELIVERED = at("2026-03-11 10:00")


@pytest.mark.parametrize(
    ("known", "hours", "reported"),
    [
        (None, 0, "2026-03-12 10:00"),
        ("2026-03-11 10:00", 0, "2026-03-12 10:00"),
        ("2026-03-11 10:00", 48, "2026-03-14 10:00"),
        ("2026-03-12 09:59", 0, "2026-03-12 10:00"),
        ("2026-03-12 10:00", 0, "2026-03-12 10:00"),
        ("2026-03-12 10:01", 0, "2026-03-13 10:01"),
        ("2026-03-14 09:00", 0, "2026-03-15 09:00"),
        ("2026-03-14 09:00", 2, "2026-03-15 09:00"),
        ("2026-03-14 09:00", 48, "2026-03-16 09:00"),
    ],
)
def test_what_was_heard_of_too_late_has_its_hours_from_then(known, hours, reported):
    known_at = at(known) if known else None
    moment = reported_from(due_at=DUE, known_at=known_at, escalates_after=hours)
    assert moment == at(reported)


@pytest.fixture
def place(db):
    PersonFactory(role=Role.OPS_MANAGER)
    Step.objects.filter(code="dealer_7d").update(escalates_after=None)
    return shop()


def noted(place, now) -> OwnedProduct:
    """A delivery of the 11th at ten, written down at `now`, and what it asks for."""
    who = customer(place, now=DELIVERED, grade="B2")
    product = delivery(who, on=date(2026, 3, 11), at=DELIVERED, now=now)
    services.touch_and_ask(customers=[who.pk], now=now)
    return product


def test_a_delivery_written_down_late_leaves_a_day_for_its_call(place):
    now = at("2026-03-14 09:00")
    noted(place, now)
    assert Obligation.objects.get(step__code="dealer_24h").due_at == DUE, "the limit stands"
    assert report_overdue(now=now + timedelta(minutes=1)) == 0
    assert report_overdue(now=now + timedelta(hours=24)) == 0
    assert report_overdue(now=now + timedelta(hours=24, seconds=1)) == 1


def test_a_delivery_written_down_in_time_is_reported_at_its_limit(place):
    noted(place, at("2026-03-11 20:00"))
    assert report_overdue(now=DUE) == 0
    assert report_overdue(now=DUE + timedelta(seconds=1)) == 1


def test_what_counts_from_no_product_knows_no_such_day(place):
    """The number of a customer may be that of a product: what it says is not asked."""
    product = noted(place, at("2026-03-14 09:00"))
    step = Step.objects.filter(anchor=Anchor.NEXT_STEP).first()
    Step.objects.filter(pk=step.pk).update(escalates_after=0)
    Obligation.objects.create(
        step=step, subject_id=product.pk, occurrence=1, customer=product.customer,
        assignee=place.seller, due_on=date(2026, 3, 12), due_at=DUE, shown_on=date(2026, 3, 12),
    )  # fmt: skip
    assert report_overdue(now=at("2026-03-14 09:01")) == 1
    assert Escalation.objects.get().obligation.step_id == step.pk


@pytest.mark.parametrize("anchor", ["delivery", "purchase"])
@pytest.mark.parametrize("hours", [0, 5, 48])
@pytest.mark.parametrize("late", [-30, 0, 1, 600])
def test_the_round_reports_from_the_moment_that_the_rule_names(place, anchor, hours, late):
    """The control: a rule that forgets when it was known reports earlier where it was late."""
    known_at = DUE + timedelta(minutes=late)
    product = noted(place, DELIVERED)
    told = {"delivered_noted_at": DELIVERED, "purchased_noted_at": DELIVERED}
    column = {"delivery": "delivered_noted_at", "purchase": "purchased_noted_at"}
    told[column[anchor]] = known_at
    OwnedProduct.objects.filter(pk=product.pk).update(purchased_on=DELIVERED.date(), **told)
    Step.objects.filter(code="dealer_24h").update(anchor=anchor, escalates_after=hours)

    moment = reported_from(due_at=DUE, known_at=known_at, escalates_after=hours)
    forgetful = reported_from(due_at=DUE, known_at=None, escalates_after=hours)
    assert (forgetful < moment) == (late > 0)
    assert report_overdue(now=moment) == 0
    assert report_overdue(now=moment + timedelta(seconds=1)) == 1


def test_a_warranty_put_right_delays_no_report_of_an_insurance(place):
    """When the days ahead were noted is one moment for all of them."""
    product = noted(place, DELIVERED)
    OwnedProduct.objects.filter(pk=product.pk).update(
        insurance_until=DELIVERED.date(), terms_noted_at=DUE + timedelta(days=2)
    )
    Step.objects.filter(code="dealer_24h").update(anchor="insurance", escalates_after=0)
    assert report_overdue(now=DUE + timedelta(seconds=1)) == 1


def test_a_delivery_planned_at_short_notice_leaves_a_day_for_the_payment_check(place):
    now = at("2026-03-14 09:00")
    who = customer(place, now=DELIVERED, grade="C2")
    services.set_anchor_day(
        anchor=Anchor.ORDER_DELIVERY, subject_id=1, customer=who, on=date(2026, 3, 17), now=now
    )
    assert Obligation.objects.get(step__code="order-payment-check").due_on == date(2026, 3, 10)
    assert report_overdue(now=now + timedelta(hours=24)) == 0
    assert report_overdue(now=now + timedelta(hours=24, seconds=1)) == 1
