"""Whoever wishes no contact is promised none by us, whichever way it is logged (FUP-24)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from customers.models import Appointment, Contact
from customers.rules import NextStep
from customers.states import AppointmentKind, Channel, NextKind, NoStepReason, Outcome, Quiet
from followups.models import Case, SurveyResult
from followups.queries.surveys import newest_version
from followups.rules import promise_blockers
from followups.rules.surveys import Given
from followups.services import guarding, log_survey, set_quiet
from followups.services.branches import Branches, NewAppointment, NewCase, log_with_branches
from followups.services.contacts import ContactNotLogged
from followups.services.surveys import Held
from followups.states import CaseKind, Override
from tests.factories.followups import reached
from tests.followups.build import at, customer, delivery, shop

NOW = at("2026-03-12 09:50")
NONE = NextStep(kind=NextKind.NONE, none_reason=NoStepReason.UNWILLING)


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({}, ["wishes_no_step"]),
        ({"channel": Channel.WECHAT}, ["wishes_no_step"]),
        ({"channel": Channel.HOME_VISIT}, ["wishes_no_step"]),
        ({"channel": Channel.STORE_VISIT}, []),
        ({"is_inbound": True}, []),
        ({"next_kind": NextKind.NONE}, []),
        ({"next_kind": ""}, []),
        ({"is_tied": True}, []),
        ({"quiet": Quiet.VISITS}, []),
        ({"quiet": Quiet.MARKETING}, []),
        ({"quiet": Quiet.NONE}, []),
        ({"booked_as": AppointmentKind.TEST_DRIVE}, ["wishes_no_appointment"]),
        ({"booked_as": AppointmentKind.STORE_VISIT}, ["wishes_no_appointment"]),
        ({"booked_as": AppointmentKind.SERVICE}, []),
        ({"booked_as": AppointmentKind.DELIVERY}, []),
        ({"booked_as": AppointmentKind.TEST_DRIVE, "is_tied": True}, []),
        ({"booked_as": AppointmentKind.TEST_DRIVE, "is_inbound": True}, []),
    ],
)
def test_who_wishes_no_contact_is_promised_what_a_contract_or_a_case_needs(said, codes):
    usual = {"quiet": Quiet.ALL, "channel": Channel.CALL, "is_inbound": False, "is_tied": False,
             "next_kind": NextKind.CALL}  # fmt: skip
    assert [each.code for each in promise_blockers(**{**usual, **said})] == codes


@pytest.fixture
def place(db):
    return shop()


@pytest.fixture
def silent(place):
    found = customer(place, now=NOW - timedelta(days=90))
    set_quiet(customer=found, quiet=Quiet.ALL, reason="asked", by=place.seller, now=NOW)
    return found


def booking(kind: AppointmentKind, *, by) -> NewAppointment:
    return NewAppointment(kind=kind, starts_at=NOW + timedelta(days=2), minutes=60, person=by)


def branched(who, branches: Branches, **said):
    said = {"next_step": NONE, "opens_case": False, **said}
    return log_with_branches(
        customer=who, branches=branches, wish="", channel=Channel.CALL,
        outcome=Outcome.CONNECTED, reason="care", override=Override.NEEDED, by=who.owner,
        now=NOW, key=uuid4(), **said,
    )  # fmt: skip


def surveyed(who, *, points: int):
    why = "座椅异响" if points < 3 else ""
    given = {"use": Given(code="use", text="好用"),
             "satisfaction": Given(code="satisfaction", points=points, text=why)}  # fmt: skip
    return log_survey(
        customer=who, held=Held(version=newest_version("T4"), answers=given), branches=Branches(),
        channel=Channel.CALL, outcome=Outcome.CONNECTED, override=Override.NEEDED, by=who.owner,
        next_step=NextStep(kind=NextKind.CALL, on=date(2026, 3, 19)), now=NOW, key=uuid4(),
    )  # fmt: skip


def test_the_service_promises_nothing(silent):
    with pytest.raises(ContactNotLogged, match="下一步选“没有”") as refusal:
        reached(silent, now=NOW)
    assert refusal.value.codes == ("wishes_no_step",)
    assert not Contact.objects.exists()


def test_the_control_without_the_rule_it_is_promised(silent, monkeypatch):
    monkeypatch.setattr(guarding, "objections_to_promise", lambda **_asked: [])
    reached(silent, now=NOW)
    assert Contact.objects.get().next_on == date(2026, 3, 19)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({}, 2),
        ({"opens_case": True}, 0),
        ({"is_inbound": True}, 0),
        ({"next_kind": NextKind.NONE}, 0),
        ({"channel": Channel.STORE_VISIT}, 0),
    ],
)
def test_no_row_is_asked_where_nothing_is_against_it(
    silent, django_assert_num_queries, said, asked
):
    silent.refresh_from_db()
    usual = {"channel": Channel.CALL, "is_inbound": False, "next_kind": NextKind.CALL}
    told = {"customer": silent, "task": None, "opens_case": False, "at": NOW, **usual, **said}
    with django_assert_num_queries(asked):
        against = guarding.objections_to_promise(**told)
    assert bool(against) == bool(asked)


def test_no_step_and_their_own_call_are_logged(silent):
    reached(silent, now=NOW, next_step=NONE)
    reached(silent, now=NOW, is_inbound=True)
    assert Contact.objects.count() == 2


def test_what_waits_for_its_delivery_and_a_case_of_this_talk_need_them(silent, place):
    case = NewCase(kind=CaseKind.PROBLEM, text="漏水")
    step = NextStep(kind=NextKind.CALL, on=date(2026, 3, 13))
    branched(silent, Branches(case=case), next_step=step)
    assert Case.objects.get().contact.next_on == date(2026, 3, 13)

    other = customer(place, now=NOW - timedelta(days=90))
    set_quiet(customer=other, quiet=Quiet.ALL, reason="asked", by=place.seller, now=NOW)
    bought = delivery(other, on=NOW.date(), now=NOW, purchased_on=date(2026, 3, 1))
    with pytest.raises(ContactNotLogged):
        reached(other, now=NOW)
    type(bought).objects.update(delivered_on=None, delivered_at=None, delivered_noted_at=None)
    assert reached(other, now=NOW).next_on


def test_a_problem_that_opens_its_case_with_one_tap_needs_them(silent):
    step = NextStep(kind=NextKind.CALL, on=date(2026, 3, 13))
    said = {"next_step": step, "opens_case": True, "touches": ["problem"], "note": "桌脚松了"}
    branched(silent, Branches(), **said)
    assert Case.objects.get().contact.next_on == step.on


def test_a_call_books_nothing_to_win_them(silent):
    drive = booking(AppointmentKind.TEST_DRIVE, by=silent.owner)
    with pytest.raises(ContactNotLogged, match="不能约到店") as refusal:
        branched(silent, Branches(appointment=drive))
    assert refusal.value.codes == ("wishes_no_appointment",)
    assert not Appointment.objects.exists()
    branched(silent, Branches(appointment=drive), is_inbound=True)
    assert Appointment.objects.get().kind == AppointmentKind.TEST_DRIVE


def test_a_call_books_the_service_that_their_car_needs(silent):
    branched(silent, Branches(appointment=booking(AppointmentKind.SERVICE, by=silent.owner)))
    assert Appointment.objects.get().kind == AppointmentKind.SERVICE


def test_a_survey_promises_nothing_unless_its_answers_open_a_case(silent):
    with pytest.raises(ContactNotLogged):
        surveyed(silent, points=5)
    assert not SurveyResult.objects.exists()
    surveyed(silent, points=1)
    assert Case.objects.get().contact.next_on == date(2026, 3, 19)


def test_the_form_says_it_where_it_was_typed(silent, as_, morning):
    browser, address = as_(silent.owner), f"/customers/{silent.pk}/log/"
    sent = {"key": str(uuid4()), "result": "connected", "reason": "care", "grade": silent.grade,
            "override": "needed", "next_task": ""}  # fmt: skip
    step = {"next_kind": "call", "next_on": "2026-03-19"}
    form = browser.post(address, {**sent, **step}).context["form"]
    assert list(form.errors) == ["next_kind"]

    drive = {"to_appointment": "on", "ap_kind": "store_visit", "ap_on": "2026-03-14",
             "ap_hour": "10:00", "ap_person": str(silent.owner_id)}  # fmt: skip
    none = {"next_kind": "none", "none_reason": "unwilling", "wish": "not_now"}
    page = browser.post(address, {**sent, **none, **drive})
    assert (page.context["form"].errors, list(page.context["branches"].errors)) == ({}, ["ap_kind"])
    assert not Contact.objects.exists()
