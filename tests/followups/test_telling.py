"""What has to be told in a call is asked for on the plain form, too (AFT-05, M58)."""

from datetime import date
from uuid import uuid4

import pytest
import time_machine

from customers.models import Contact
from customers.states import Outcome, Reason
from followups.models import SurveyAnswer, SurveyResult
from followups.states import State
from staff.states import Trade
from tests.followups.build import at
from tests.followups.surveying import delivered, errors, only_result, shop, task_asking
from tests.followups.test_views_surveys import as_person

pytestmark = [pytest.mark.django_db]
# A talk on the plain form after which care goes on.
PLAIN = {
    "result": "connected", "reason": "care", "grade": "B2", "next_kind": "none",
    "none_reason": "cared_for",
}  # fmt: skip


@pytest.fixture
def place():
    with time_machine.travel(at("2026-05-18 15:00"), tick=False):
        yield shop(Trade.CARS)


@pytest.fixture
def owner(place):
    return delivered(place, on=date(2026, 5, 18), now=at("2026-05-18 15:00"))


def test_the_plain_form_asks_to_tell_it_too_and_keeps_that_it_was_told(place, owner):
    with time_machine.travel(at("2026-05-21 09:00"), tick=False):
        task = task_asking(owner[0], "dealer_7d", now=at("2026-05-21 09:00"))
        seller = as_person(place.seller)
        address = f"/customers/{owner[0].pk}/log/?task={task.pk}&plain=1"
        assert [field.name for field in seller.get(address).context["form"].tells] == [
            "q_first_service"
        ]
        page = seller.post(address, PLAIN | {"key": str(uuid4())})
        assert list(errors(page)) == ["q_first_service"]
        seller.post(address, PLAIN | {"key": str(uuid4()), "q_first_service": "yes"})
        told = SurveyAnswer.objects.get()
        assert (told.question.code, told.option.code) == ("first_service", "yes")
        assert (only_result().score, only_result().contact) == (None, Contact.objects.get())
        task.refresh_from_db()
        assert task.state == State.DONE


def test_whoever_is_not_reached_is_told_nothing(place, owner):
    with time_machine.travel(at("2026-05-21 09:00"), tick=False):
        task = task_asking(owner[0], "dealer_7d", now=at("2026-05-21 09:00"))
        seller = as_person(place.seller)
        address = f"/customers/{owner[0].pk}/log/?task={task.pk}&plain=1"
        seller.post(
            address,
            {"key": str(uuid4()), "result": "unanswered", "retry_on": "2026-05-22"},
        )
        assert Contact.objects.get().outcome == Outcome.UNANSWERED
        assert not SurveyResult.objects.exists()


def test_a_talk_about_something_else_does_not_end_it(place, owner):
    with time_machine.travel(at("2026-05-21 09:00"), tick=False):
        task = task_asking(owner[0], "dealer_7d", now=at("2026-05-21 09:00"))
        seller = as_person(place.seller)
        address = f"/customers/{owner[0].pk}/log/"
        seller.post(address, PLAIN | {"key": str(uuid4())})
        assert Contact.objects.get().reason == Reason.CARE
        task.refresh_from_db()
        assert task.state == State.OPEN
