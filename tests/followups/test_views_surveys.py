"""Surveys held on the form of a call: what is asked, what is kept, what comes of it."""

from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils.translation import gettext as _

from core.phones import normalise
from customers.models import Appointment, Contact, Customer
from customers.services import update_customer
from customers.states import Channel, NoStepReason, Outcome, Quiet, Reason, Replacement, Source
from followups import services
from followups.models import Case, Obligation, Survey, SurveyAnswer, SurveyResult, Task
from followups.queries.surveys import results
from followups.services.survey_versions import terms_of
from followups.states import CaseKind, CaseState, MoveReason, Satisfaction, State
from staff.states import Trade
from tests.followups.build import at, dues
from tests.followups.surveying import (
    delivered,
    errors,
    only_result,
    shop,
    taps,
    task_asking,
    url,
)

pytestmark = [pytest.mark.django_db]
NOW = at("2026-03-12 09:50")
YESTERDAY = date(2026, 3, 11)


@pytest.fixture
def morning():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def place(morning):
    return shop(Trade.CARS)


@pytest.fixture
def owner(place):
    return delivered(place, on=YESTERDAY, now=NOW)


def as_person(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def manager(place):
    return as_person(place.manager)


@pytest.fixture
def call(owner):
    """The manager's 24-hour call."""
    return task_asking(owner[0], "dealer_24h", now=NOW)


# What opens a case is followed by a step: all is not well.
CALL_AGAIN = {"next_kind": "call", "next_on": "2026-03-13", "none_reason": ""}


def hold(client, address: str, **answers: str):
    """Open the survey and send these answers."""
    return client.post(address, taps(client.get(address), **answers))


def test_the_24_hour_call_is_the_managers_and_asks_its_six_points(manager, place, owner, call):
    assert call.assignee == place.manager
    page = manager.get(f"/customers/{owner[0].pk}/log/?task={call.pk}", follow=True)
    assert page.request["PATH_INFO"] == f"/customers/{owner[0].pk}/survey/"
    assert [ask.question.code for ask in page.context["asks"]] == [
        "feeling", "unclear", "store_service", "person_service", "behaviour", "complaint", "plate",
    ]  # fmt: skip


def test_answers_are_kept_with_their_points_and_the_call_is_done(manager, place, owner, call):
    answer = hold(
        manager, url(owner[0], call), q_feeling="5", q_store_service="4", q_person_service="4",
        q_plate="done", q_behaviour="小林很热情",
    )  # fmt: skip
    assert answer.status_code == 302
    result, contact = only_result(), Contact.objects.get()
    assert (result.contact, result.asked_by, result.about) == (contact, place.manager, place.seller)
    assert (str(result.score), result.satisfaction) == ("4.33", Satisfaction.SATISFIED)
    assert (contact.reason, contact.outcome) == (Reason.CARE, Outcome.CONNECTED)
    call.refresh_from_db()
    assert call.state == State.DONE
    assert not Case.objects.exists()
    answers = SurveyAnswer.objects.values_list("question__code", "points", "option__code", "text")
    assert set(answers) == {
        ("feeling", 5, None, ""), ("store_service", 4, None, ""), ("person_service", 4, None, ""),
        ("plate", None, "done", ""), ("behaviour", None, None, "小林很热情"),
    }  # fmt: skip


def test_plain_logging_stays_reachable(manager, owner, call):
    page = manager.get(f"/customers/{owner[0].pk}/log/?task={call.pk}&plain=1")
    assert page.status_code == 200
    # what pages have in common is drawn when the first of them is read
    drawn = [each.name for each in page.templates if not each.name.startswith("components/")]
    assert drawn[0] == "followups/log.html"


def test_one_or_two_points_ask_why_and_open_one_complaint(manager, place, owner, call):
    address = url(owner[0], call)
    page = hold(manager, address, q_feeling="2", q_person_service="1", q_person_service_text="冷淡")
    assert list(errors(page)) == ["q_feeling_text", "none_reason"]
    assert "冷淡" in page.content.decode()

    hold(
        manager, address, q_feeling="2", q_feeling_text="异响", q_person_service="1",
        q_person_service_text="冷淡", **CALL_AGAIN,
    )  # fmt: skip
    case = Case.objects.get()
    assert (case.kind, case.about, case.assignee) == (
        CaseKind.COMPLAINT, place.seller, place.manager,
    )  # fmt: skip
    two, one = (_("%(points)s of 5") % {"points": points} for points in (2, 1))
    for points, said in ((two, "异响"), (one, "冷淡")):
        assert _("%(chosen)s (%(said)s)") % {"chosen": points, "said": said} in case.text
    assert "?" not in case.text
    assert "？" not in case.text
    assert case.answer.question.code == "feeling"
    assert only_result().satisfaction == Satisfaction.DISSATISFIED


@pytest.mark.parametrize(
    "bad",
    [{"q_feeling": "1", "q_feeling_text": "异响"}, {"q_complaint": "yes", "q_complaint_text": "吵"},
     {"q_plate": "needs_help", "q_plate_text": "上牌"}],
)  # fmt: skip
def test_what_opens_a_case_is_not_well_and_asks_for_a_step(manager, owner, call, bad):
    address = url(owner[0], call)
    page = hold(manager, address, **bad)
    assert list(errors(page)) == ["none_reason"]
    assert not Case.objects.exists()
    (question,) = [name for name in bad if not name.endswith("_text")]
    assert f"{question}:" in page.context["form"].opens_when

    hold(manager, address, **bad, **CALL_AGAIN)
    assert Case.objects.count() == 1
    assert Contact.objects.get().next_on == date(2026, 3, 13)


def test_a_complaint_needs_its_words_and_help_opens_a_need(manager, owner, call):
    address = url(owner[0], call)
    page = hold(manager, address, q_complaint="yes", **CALL_AGAIN)
    assert list(errors(page)) == ["q_complaint_text"]

    said = {"q_unclear": "yes", "q_plate": "needs_help", "q_plate_text": "想要京A号"}
    hold(manager, address, **said, **CALL_AGAIN)
    case = Case.objects.get()
    assert case.kind == CaseKind.NEED
    assert "想要京A号" in case.text


def test_a_survey_without_any_answer_is_none(manager, owner, call):
    page = hold(manager, url(owner[0], call))
    assert page.context["form"].non_field_errors()
    assert not Contact.objects.exists()


def test_permission_is_asked_first(manager, owner, call):
    page = hold(manager, url(owner[0], call), willing="", q_feeling="5")
    assert list(errors(page)) == ["willing"]


def test_whoever_would_rather_not_is_called_another_day_in_two_taps(manager, owner, call):
    address = url(owner[0], call)
    page = manager.get(address)
    drawn = taps(page, willing="no", instead="later", retry_on="2026-03-15")
    answer = manager.post(address, drawn)
    assert answer.status_code == 302
    contact, result = Contact.objects.get(), only_result()
    assert (contact.outcome, contact.reached) == (Outcome.DECLINED, False)
    assert (result.is_willing, result.score) == (False, None)
    call.refresh_from_db()
    assert (call.state, call.day, call.moved_reason) == (
        State.OPEN, date(2026, 3, 15), MoveReason.CUSTOMER_ASKED,
    )  # fmt: skip


def test_left_in_peace_takes_every_task_off_the_list_and_says_who_and_why(
    manager, place, owner, call
):
    who = owner[0]
    hold(manager, url(who, call), willing="no", instead="quiet", quiet_reason="too_often")
    who.refresh_from_db()
    assert who.quiet == Quiet.ALL
    assert Contact.objects.get().none_reason == NoStepReason.UNWILLING
    assert not Task.objects.filter(customer=who, state=State.OPEN, letter=None).exists()
    change = who.quiet_changes.get()
    assert (change.by, change.reason) == (place.manager, "too_often")


def test_who_did_not_answer_is_tried_again_and_was_asked_nothing(manager, owner, call):
    hold(manager, url(owner[0], call), result="unanswered", retry_on="2026-03-13")
    assert not SurveyResult.objects.exists()
    assert Contact.objects.get().outcome == Outcome.UNANSWERED


def test_later_is_an_attempt_with_a_new_day(manager, owner, call):
    hold(manager, url(owner[0], call), result="later", retry_on="2026-03-13", willing="")
    assert Contact.objects.get().outcome == Outcome.DECLINED
    assert not SurveyResult.objects.exists()


def test_the_same_form_sent_twice_is_one_survey(manager, owner, call):
    address = url(owner[0], call)
    sent = taps(
        manager.get(address), q_feeling="1", q_feeling_text="异响", to_lead="on",
        lead_name="赵新", lead_phone="13811112222", to_appointment="on", ap_kind="service",
        ap_on="2026-03-13", ap_hour="10:00",
    )  # fmt: skip
    first, again = manager.post(address, sent), manager.post(address, sent)
    assert (first.status_code, again.status_code) == (302, 302)
    counts = (SurveyResult, Contact, Case, Appointment)
    assert [model.objects.count() for model in counts] == [1, 1, 1, 1]
    assert Customer.objects.filter(name="赵新").count() == 1


def test_the_used_key_with_other_answers_is_refused(manager, owner, call):
    address = url(owner[0], call)
    sent = taps(manager.get(address), q_feeling="5")
    manager.post(address, sent)
    page = manager.post(address, {**sent, "q_feeling": "4"})
    assert page.context["form"].non_field_errors()
    assert SurveyAnswer.objects.get().points == 5


def test_the_form_asks_what_it_was_drawn_with_though_another_version_was_published(
    manager, place, owner, call
):
    address = url(owner[0], call)
    sent = taps(manager.get(address), q_feeling="5")
    survey = Survey.objects.get(code="T1")
    version = survey.versions.get()
    services.publish_survey(
        survey=survey, questions=terms_of(version)[1:], seen=1, note="", by=place.manager, now=NOW
    )
    manager.post(address, sent)
    assert only_result().version == version


def test_taking_the_contact_back_takes_its_survey_and_case_and_says_so(manager, owner, call):
    hold(manager, url(owner[0], call), q_feeling="1", q_feeling_text="异响", **CALL_AGAIN)
    contact = Contact.objects.get()
    page = manager.post(f"/contacts/{contact.pk}/void/", {"reason": "打错了"}, follow=True)
    words = [str(message) for message in page.context["messages"]]
    assert len(words) == 5  # logged, the case opened; taken back: contact, survey, case
    assert any("24小时经理回访" in sentence for sentence in words)
    assert Case.objects.get().state == CaseState.VOIDED
    assert not results(None).exists()
    assert Task.objects.filter(state=State.OPEN, assignee=call.assignee).exists()


class TestSecondCall:
    """M58: within seven days, by who sold it."""

    @pytest.fixture
    def place(self):
        with time_machine.travel(at("2026-05-18 15:00"), tick=False):
            yield shop(Trade.CARS)

    @pytest.fixture
    def owner(self, place):
        return delivered(place, on=date(2026, 5, 18), now=at("2026-05-18 15:00"))

    def test_it_is_due_on_the_seventh_day_at_midnight_and_visible_four_days_before(
        self, place, owner
    ):
        task = task_asking(owner[0], "dealer_7d", now=at("2026-05-21 09:00"))
        assert (task.assignee, task.shown_on) == (place.seller, date(2026, 5, 21))
        assert task.due_at == at("2026-05-26 00:00")

    def test_it_is_not_kept_without_the_reminder_of_the_first_service(self, place, owner):
        with time_machine.travel(at("2026-05-21 09:00"), tick=False):
            task = task_asking(owner[0], "dealer_7d", now=at("2026-05-21 09:00"))
            seller, address = as_person(place.seller), url(owner[0], task)
            page = hold(seller, address, q_feeling="5")
            assert list(errors(page)) == ["q_first_service"]
            hold(seller, address, q_feeling="5", q_first_service="yes", q_mileage="800",
                 q_recommend="9")  # fmt: skip
            numbers = dict(SurveyAnswer.objects.exclude(number=None).values_list(
                "question__code", "number"))  # fmt: skip
            assert numbers == {"mileage": 800, "recommend": 9}

    def test_what_cannot_be_solved_opens_a_complaint_upward(self, place, owner):
        with time_machine.travel(at("2026-05-21 09:00"), tick=False):
            task = task_asking(owner[0], "dealer_7d", now=at("2026-05-21 09:00"))
            hold(as_person(place.seller), url(owner[0], task), q_first_service="yes",
                 q_complaint="reported", q_complaint_text="漆面有划痕", next_kind="call",
                 next_on="2026-05-22")  # fmt: skip
            case = Case.objects.get()
            assert (case.kind, case.assignee) == (CaseKind.COMPLAINT, place.manager)


def yearly(place, *, insurance_until=date(2026, 4, 20), months=12):
    """An owner whose yearly visit is due, with an insurance that ends soon."""
    on = date(2026 - months // 12, 3, 12)
    with time_machine.travel(at(f"{on} 10:00"), tick=False):
        who, car = delivered(place, on=on, now=at(f"{on} 10:00"), insurance_until=insurance_until)
    return who, car


def yearly_task(who, *, months=12) -> Task:
    code = "dealer_12m" if months <= 24 else "dealer_36m"
    return task_asking(who, code, now=NOW)


def test_a_renewal_moves_the_end_a_year_on_and_closes_the_reminders(place):
    who, car = yearly(place)
    task = yearly_task(who)
    assert any(code.startswith("dealer_insurance") or "insurance" in code for code, _ in dues(who))
    hold(
        as_person(place.seller), url(who, task), result="visited", q_insurance="renewed",
        q_insurance_until="2027-04-20",
    )  # fmt: skip
    car.refresh_from_db()
    assert car.insurance_until == date(2027, 4, 20)
    open_now = Obligation.objects.filter(
        subject_id=car.pk, step__anchor="insurance", state=State.OPEN
    )
    assert not open_now.exists()


@pytest.mark.parametrize("said", ["not_renewing", "considering"])
def test_any_answer_closes_the_reminders_and_leaves_the_end(place, said):
    who, car = yearly(place)
    hold(
        as_person(place.seller), url(who, yearly_task(who)), result="visited", q_insurance=said,
        q_satisfaction="5",
    )  # fmt: skip
    car.refresh_from_db()
    assert car.insurance_until == date(2026, 4, 20)
    assert "insurance" not in " ".join(code for code, _ in dues(who))


def test_taking_the_visit_back_gives_the_insurance_and_its_reminders_back(place):
    who, car = yearly(place)
    seller = as_person(place.seller)
    task = yearly_task(who)
    before = [row for row in dues(who) if "insurance" in row[0]]
    hold(seller, url(who, task), result="visited", q_insurance="renewed",
         q_insurance_until="2027-04-20")  # fmt: skip
    seller.post(f"/contacts/{Contact.objects.latest('pk').pk}/void/", {"reason": "记错"})
    car.refresh_from_db()
    assert car.insurance_until == date(2026, 4, 20)
    assert [row for row in dues(who) if "insurance" in row[0]] == before


def test_a_referral_becomes_a_prospect_whose_sender_is_owed_thanks(place):
    who, _car = yearly(place)
    hold(
        as_person(place.seller), url(who, yearly_task(who)), result="visited",
        q_referral="想看SUV", q_referral_name="赵新", q_referral_phone="138 1111 2222",
    )  # fmt: skip
    new = Customer.objects.get(name="赵新")
    assert (new.referrer, new.source, new.owner, new.need) == (
        who, Source.OWNER_REFERRAL, place.seller, "想看SUV",
    )  # fmt: skip
    assert ("next_step", date(2026, 3, 13)) in dues(new)
    assert "referral_thanks" in [code for code, _ in dues(who)]
    assert "13811112222" not in SurveyAnswer.objects.get(question__code="referral").text


def test_a_number_that_is_a_customers_is_said_and_nothing_is_lost(place):
    who, _car = yearly(place)
    other, _ = yearly(place)
    update_customer(customer=other, by=place.seller, now=NOW, new_phones=[normalise("13811112222")])
    page = hold(
        as_person(place.seller), url(who, yearly_task(who)), result="visited",
        q_referral_name="赵新", q_referral_phone="13811112222", q_satisfaction="5",
    )  # fmt: skip
    assert list(errors(page)) == ["q_referral_phone"]
    assert "赵新" in page.content.decode()
    assert not SurveyResult.objects.exists()


def test_when_they_mean_to_replace_it_stands_on_the_product(place):
    who, car = yearly(place, months=36)
    hold(
        as_person(place.seller), url(who, yearly_task(who, months=36)), result="visited",
        q_replacement="half_year",
    )  # fmt: skip
    car.refresh_from_db()
    assert car.replacement == Replacement.HALF_YEAR


def test_hobbies_stand_on_the_card(place):
    on = date(2026, 1, 12)
    with time_machine.travel(at("2026-01-12 10:00"), tick=False):
        who, _ = delivered(place, on=on, now=at("2026-01-12 10:00"))
    task = task_asking(who, "dealer_2m", now=NOW)
    hold(as_person(place.seller), url(who, task), q_hobbies="钓鱼")
    who.refresh_from_db()
    assert who.hobbies == "钓鱼"


def test_from_an_open_survey_an_appointment_and_a_lead_are_made(manager, place, owner, call):
    """M06: without leaving the survey."""
    hold(
        manager, url(owner[0], call), q_feeling="5", to_appointment="on", ap_kind="service",
        ap_on="2026-03-13", ap_hour="10:00", ap_person=str(place.seller.pk), to_lead="on",
        lead_source="owner_referral", lead_name="赵新", lead_phone="13811112222", lead_need="SUV",
    )  # fmt: skip
    booked = Appointment.objects.get()
    assert (booked.starts_at, booked.person) == (at("2026-03-13 10:00"), place.seller)
    assert Task.objects.filter(
        customer=owner[0], day=date(2026, 3, 13), is_timed=True, state=State.OPEN
    ).exists()
    contact = Contact.objects.get(customer=owner[0])
    assert contact.next_at == booked.starts_at
    new = Customer.objects.get(name="赵新")
    assert (new.source, new.referrer, new.owner) == (
        Source.OWNER_REFERRAL, owner[0], place.seller,
    )  # fmt: skip
    assert Obligation.objects.filter(customer=owner[0], step__code="next_step").count() == 0


def test_branches_are_taken_from_the_plain_form_too(place, owner):
    seller = as_person(place.seller)
    who, _car = owner
    address = f"/customers/{who.pk}/log/"
    answer = seller.post(address, {
        "key": str(uuid4()), "result": "connected", "reason": "care", "grade": "B2",
        "next_kind": "call", "next_on": "2026-03-19", "to_lead": "on", "lead_name": "王太",
        "lead_phone": "13811113333", "lead_source": "repurchase", "to_replacement": "on",
        "replacement": "year",
    })  # fmt: skip
    assert answer.status_code == 302
    assert Customer.objects.get(name="王太").source == Source.REPURCHASE
    assert who.products.get().replacement == Replacement.YEAR


def test_a_branch_that_is_not_ticked_says_nothing_and_a_half_one_is_refused(place, owner):
    seller, who = as_person(place.seller), owner[0]
    said = {
        "key": str(uuid4()), "result": "connected", "reason": "care", "grade": "B2",
        "next_kind": "call", "next_on": "2026-03-19", "lead_name": "王太", "lead_phone": "1",
    }  # fmt: skip
    page = seller.post(f"/customers/{who.pk}/log/", {**said, "to_lead": "on", "note": "好"})
    assert list(page.context["branches"].errors) == ["lead_phone"]
    assert "好" in page.content.decode()
    assert seller.post(f"/customers/{who.pk}/log/", said).status_code == 302
    assert not Customer.objects.filter(name="王太").exists()


def test_any_visit_may_ask_its_survey_without_a_task(place, owner):
    seller = as_person(place.seller)
    assert hold(
        seller, url(owner[0], code="T3"), result="visited", q_use="每天开", q_satisfaction="4"
    ).status_code == 302  # fmt: skip
    assert only_result().contact.channel == Channel.HOME_VISIT


def test_strangers_get_404_readers_403_and_a_page_without_survey_404(place, owner, company, as_):
    who = owner[0]
    assert as_(company.sales_store).get(url(who, code="T1")).status_code == 404
    assert as_(company.ops_manager).get(url(who, code="T1")).status_code == 403
    seller = as_person(place.seller)
    assert seller.get(url(who)).url == f"/customers/{who.pk}/"  # the card, and why
    assert seller.get(url(who, code="T99")).status_code == 404
    assert seller.get(url(who, code="T1") + "&task=x").status_code == 404


def test_several_reasons_ask_the_survey_of_the_highest(place):
    """Month 12 is the sixth two-month contact as well: one task, the yearly survey (AFT-12)."""
    who, _car = yearly(place)
    task = yearly_task(who)
    codes = set(task.obligations.values_list("step__code", flat=True))
    assert {"dealer_12m", "dealer_2m"} <= codes
    page = as_person(place.seller).get(url(who, task))
    assert "insurance" in [ask.question.code for ask in page.context["asks"]]
