"""A call before a warranty ends is logged plainly, and books the check that it offers (AFT-16)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from customers.models import Appointment
from customers.services import ProductDetails
from customers.states import AppointmentKind
from followups.models import Obligation, Task
from followups.services import record_delivery, touch_and_ask
from followups.states import Anchor, State
from staff.states import Trade
from tests.followups.build import at, customer, shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

NOW = at("2026-03-12 09:50")
ENDS = date(2026, 4, 11)
SENT = {"result": "connected", "reason": "care", "grade": "B2", "next_kind": "none",
        "none_reason": "cared_for", "next_task": ""}  # fmt: skip


@pytest.fixture(params=[Trade.CARS, Trade.FURNITURE])
def call(request) -> Task:
    """The call of thirty days before the end, on today's list."""
    place = shop(request.param)
    who = customer(place, now=NOW - timedelta(days=900), grade="B2")
    record_delivery(
        customer=who, product="S1", delivered_on=date(2024, 4, 11), by=who.owner,
        now=at("2024-04-11 10:00"), key=uuid4(), details=ProductDetails(warranty_until=ENDS),
    )  # fmt: skip
    touch_and_ask(customers=[who.pk], now=NOW)
    work = Obligation.objects.get(step__anchor=Anchor.WARRANTY, customer=who)
    assert work.due_on == date(2026, 3, 12)
    return work.task


def address_of(call: Task) -> str:
    return f"/customers/{call.customer_id}/log/?task={call.pk}&plain=1"


def test_it_is_answered_by_the_results_of_any_call(call, as_):
    """No clause names an answer of its own for the end of a warranty."""
    browser, address = as_(call.customer.owner), address_of(call)
    page = browser.get(address)
    results = [value for value, _label in page.context["form"].fields["result"].choices]
    assert results[:2] == ["connected", "unanswered"]
    assert page.context["script"].title
    assert browser.post(address, {**SENT, "key": str(uuid4())}).status_code == 302
    work = Obligation.objects.get(step__anchor=Anchor.WARRANTY, customer=call.customer)
    assert work.state == State.DONE


def test_the_check_that_it_offers_is_booked_with_it(call, as_):
    browser, address = as_(call.customer.owner), address_of(call)
    branches = browser.get(address).context["branches"]
    assert branches.parts[0] == "to_appointment"
    assert branches.fields["ap_kind"].initial == AppointmentKind.SERVICE
    check = {"to_appointment": "on", "ap_kind": "service", "ap_on": "2026-03-14",
             "ap_hour": "10:00", "ap_person": str(call.customer.owner_id)}  # fmt: skip
    assert browser.post(address, {**SENT, **check, "key": str(uuid4())}).status_code == 302
    assert Appointment.objects.get().kind == AppointmentKind.SERVICE
