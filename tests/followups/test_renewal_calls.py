"""A call about an insurance asks first what the customer says of it (AFT-10, M03)."""

from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from followups.models import Obligation, Task
from followups.states import Anchor, State
from staff.states import Trade
from tests.followups.build import at
from tests.followups.surveying import delivered, shop, task_asking

pytestmark = [pytest.mark.django_db]
NOW = at("2026-03-12 09:50")


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place():
    return shop(Trade.CARS)


@pytest.fixture
def owner(place):
    return delivered(
        place, on=date(2024, 3, 30), now=NOW, insurance_until=date(2026, 4, 11), product="远山X5"
    )


@pytest.fixture
def browser(place):
    client = Client()
    client.force_login(place.seller)
    return client


def open_call(browser, owner) -> tuple[str, Task]:
    who, product = owner
    reminders = Obligation.objects.filter(subject_id=product.pk, step__anchor=Anchor.INSURANCE)
    reminder = reminders.filter(state=State.OPEN, task__isnull=False).order_by("due_on")[0]
    return f"/customers/{who.pk}/log/?task={reminder.task_id}&plain=1", reminder.task


def taps(**changes: str) -> dict[str, str]:
    return {
        "key": str(uuid4()), "next_task": "", "result": "connected", "reason": "care",
        "grade": "B2", "next_kind": "none", "none_reason": "cared_for", **changes,
    }  # fmt: skip


def test_the_answer_is_asked_openly_above_the_next_step(browser, owner):
    address, _task = open_call(browser, owner)
    page = browser.get(address).content.decode()
    assert page.index('name="renewal"') < page.index('name="next_kind"')
    assert page.count('name="renewal"') == 3
    assert 'name="to_renewal"' not in page
    assert "/survey/" not in page


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ({"renewal": "considering"}, date(2026, 4, 11)),
        ({"renewal": "not_renewing"}, date(2026, 4, 11)),
        ({"renewal": "renewed", "renewed_until": "2027-04-11"}, date(2027, 4, 11)),
    ],
)
def test_one_tap_answers_and_the_call_is_done(browser, owner, said, until):
    address, task = open_call(browser, owner)
    assert browser.post(address, taps(**said)).status_code == 302
    owner[1].refresh_from_db()
    task.refresh_from_db()
    assert (owner[1].insurance_until, task.state) == (until, State.DONE)
    waiting = Obligation.objects.filter(
        subject_id=owner[1].pk, step__anchor=Anchor.INSURANCE, due_on__year=2026
    )
    assert not waiting.filter(state=State.OPEN).exists()


def test_the_insurance_at_hand_is_the_one_that_is_renewed(browser, owner, place):
    other = delivered(
        place, on=date(2026, 3, 1), now=NOW, insurance_until=date(2027, 3, 1), name="李雷"
    )[1]
    other.__class__.objects.filter(pk=other.pk).update(customer=owner[0])
    address, _task = open_call(browser, owner)
    browser.post(address, taps(renewal="renewed", renewed_until="2027-04-11"))
    owner[1].refresh_from_db()
    assert owner[1].insurance_until == date(2027, 4, 11)


def test_any_other_call_asks_it_among_what_else_came_of_it(browser, place):
    who, _product = delivered(place, on=date(2026, 3, 4), now=NOW)
    task = task_asking(who, "dealer_7d", now=NOW)
    page = browser.get(f"/customers/{who.pk}/log/?task={task.pk}&plain=1").content.decode()
    assert 'name="to_renewal"' in page
