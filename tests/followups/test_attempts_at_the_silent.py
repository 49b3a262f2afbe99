"""An attempt at somebody who wishes no contact is held against it, and owes none (FUP-24, M01)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from customers.models import Contact
from customers.states import Channel, Outcome, Quiet, QuietReason
from followups import rules
from followups.models import Obligation, Task
from followups.rules import Attempt, GuardFacts
from followups.services import Pestering, log_contact, set_quiet
from followups.states import Override, State
from followups.verification import obligation_differences
from tests.factories.followups import reached
from tests.followups.build import SHANGHAI, at, customer, shop

NOW = at("2026-03-12 10:00")
FACTS = GuardFacts(zone=SHANGHAI, quiet=Quiet.ALL)


@pytest.mark.parametrize(
    ("said", "quiet", "codes"),
    [
        ({}, Quiet.ALL, ["wishes_no_contact"]),
        ({"is_needed": True}, Quiet.ALL, []),
        ({"channel": Channel.HOME_VISIT}, Quiet.VISITS, ["wishes_no_visits"]),
        ({}, Quiet.VISITS, []),
        ({}, Quiet.NONE, []),
    ],
)
def test_only_their_wish_speaks_against_an_attempt(said, quiet, codes):
    attempt = Attempt(**{"at": NOW, "channel": Channel.CALL, "is_reached": False, **said})
    just_now = rules.Reached(contact_id=1, at=NOW, by="小林", channel=Channel.CALL)
    facts = GuardFacts(zone=SHANGHAI, quiet=quiet, before=[just_now])
    assert [each.code for each in rules.pestering(attempt=attempt, facts=facts)] == codes


@pytest.fixture
def place(db):
    return shop()


@pytest.fixture
def who(place):
    found = customer(place, now=NOW - timedelta(days=3))
    set_quiet(customer=found, quiet=Quiet.ALL, reason=QuietReason.ASKED, by=place.seller, now=NOW)
    return found


def attempt(who, *, by, **said) -> Contact:
    return log_contact(
        customer=who, channel=Channel.CALL, outcome=Outcome.UNANSWERED, by=by, now=NOW,
        retry_on=NOW.date() + timedelta(days=1), key=uuid4(), **said,
    )  # fmt: skip


def test_an_attempt_without_a_reason_is_refused(who, place):
    with pytest.raises(Pestering):
        attempt(who, by=place.seller)
    assert not Contact.objects.exists()


def test_trying_again_rests_with_the_wish_and_comes_back_with_it(who, place):
    made = attempt(who, by=place.seller, override=Override.NEEDED)
    assert made.override == Override.NEEDED
    again = Obligation.objects.get(customer=who, occurrence=made.pk)
    assert again.state == State.SUSPENDED
    assert not Task.objects.filter(customer=who, state=State.OPEN).exists()
    assert not list(obligation_differences(now=NOW))
    set_quiet(
        customer=who, quiet=Quiet.NONE, reason=QuietReason.WISHES_AGAIN, by=place.seller, now=NOW
    )
    again.refresh_from_db()
    assert again.state == State.OPEN


def test_what_was_agreed_with_them_when_they_called_is_owed(who, place):
    reached(who, now=NOW, is_inbound=True)
    assert Task.objects.filter(customer=who, state=State.OPEN).exists()


def test_the_form_asks_for_the_reason_of_an_attempt(who, place, as_):
    page = as_(place.seller)
    url = f"/customers/{who.pk}/log/"
    chosen = page.get(url).context["guard"].chosen
    silent = next(each for each in chosen if each.code == "wishes_no_contact")
    assert "unanswered" in silent.when
    sent = {"result": "unanswered", "retry_on": "", "key": str(uuid4())}
    retry = page.get(url).context["form"].fields["retry_on"].choices[1][0]
    refused = page.post(url, {**sent, "retry_on": retry})
    assert refused.context["form"].errors["override"]
    page.post(url, {**sent, "retry_on": retry, "override": Override.NEEDED})
    assert Contact.objects.get().override == Override.NEEDED
