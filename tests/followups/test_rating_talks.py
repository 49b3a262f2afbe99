"""A call in which a customer says how satisfied they are is a contact like any other (FUP-09)."""

from datetime import date, timedelta

import pytest

from core.models import AuditEntry
from crm.verification import verify
from customers.models import Contact
from customers.states import Channel, NoStepReason, Outcome, Quiet, Reason
from followups.models import Obligation, Task
from followups.queries import cadence_days
from followups.services import Pestering, objections_to, rate_case, solve_case
from followups.services.case_rating import Talk
from followups.states import Anchor, CaseAct, CaseState, State
from staff.states import DutyKind, Role
from tests.factories.cases import opened
from tests.factories.customers import CustomerFactory
from tests.factories.followups import reached, task_today
from tests.factories.staff import DutyFactory, PersonFactory
from tests.followups.build import at, delivery

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

NOW = at("2026-03-12 09:50")
YESTERDAY = NOW - timedelta(days=1)
CALL = Talk(channel=Channel.CALL)


@pytest.fixture
def who(company):
    return CustomerFactory(owner=company.sales_store, now=NOW - timedelta(days=40))


@pytest.fixture
def case(who):
    found = opened(who, now=YESTERDAY)
    solve_case(case=found, solution="换了桌脚", by=found.assignee, now=YESTERDAY)
    return found


def rate(case, points=5, *, now=NOW, text="", talk=CALL) -> bool:
    return rate_case(case=case, points=points, by=case.assignee, now=now, text=text, talk=talk)


def test_the_call_is_a_contact_that_reached_them_because_of_care(who, case):
    rate(case, 4, text="师傅很准时")
    contact = Contact.objects.get()
    assert (contact.channel, contact.outcome) == (Channel.CALL, Outcome.CONNECTED)
    assert (contact.reached, contact.is_effective, contact.reason) == (True, True, Reason.CARE)
    assert "师傅很准时" in contact.note
    assert str(case.pk) in contact.note
    who.refresh_from_db()
    assert who.last_contact_at == NOW
    assert verify(now=NOW).differences == []


def test_after_it_another_call_of_the_day_is_too_much(who, case):
    rate(case)
    later = NOW + timedelta(hours=2)
    told = objections_to(customer=who, task=None, channel="call", reason="price", at=later)
    assert [each.code for each in told] == ["contacted_lately"]


def test_the_control_only_noted_it_counts_for_nothing(who, case):
    rate(case, talk=None)
    assert not Contact.objects.exists()
    later = NOW + timedelta(hours=2)
    assert not objections_to(customer=who, task=None, channel="call", reason="price", at=later)
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED


def test_of_who_is_not_content_the_case_goes_on(case):
    assert rate(case, 1, text="又松了") is True
    assert Contact.objects.get().none_reason == NoStepReason.STANDS


@pytest.mark.parametrize(
    ("talk", "outcome"),
    [
        (Talk(channel=Channel.WECHAT), Outcome.REPLIED),
        (Talk(channel=Channel.STORE_VISIT), Outcome.MET),
        (Talk(channel=Channel.CALL, is_inbound=True), Outcome.CONNECTED),
    ],
)
def test_it_is_the_talk_that_it_was(case, talk, outcome):
    rate(case, talk=talk)
    contact = Contact.objects.get()
    assert (contact.outcome, contact.is_inbound) == (outcome, talk.is_inbound)


def test_too_soon_after_another_it_wants_a_reason_and_nothing_is_rated_without(who, company, case):
    colleague = PersonFactory(store=company.store, name="小林")
    reached(who, now=NOW - timedelta(hours=1), by=colleague)
    with pytest.raises(Pestering, match="小林"):
        rate(case)
    case.refresh_from_db()
    assert case.state == CaseState.SOLVED
    assert not case.events.filter(act=CaseAct.RATED).exists()
    rate(case, talk=Talk(channel=Channel.CALL, override="customer_asked"))
    assert AuditEntry.objects.get(verb="override", object_id=Contact.objects.latest("pk").pk)
    other = opened(who, now=YESTERDAY)
    solve_case(case=other, solution="好了", by=other.assignee, now=NOW)
    rate(other, talk=Talk(channel=Channel.CALL, is_inbound=True))


def test_what_else_is_due_with_them_was_not_talked_about(who, case):
    due = task_today(who, now=NOW, text="报价")
    rate(case, talk=Talk(channel=Channel.CALL, override="needed"))
    assert Task.objects.get(pk=due.pk).state == State.OPEN


def test_the_form_takes_the_call_for_granted_where_somebody_has_it_to_do(case, company, as_):
    browser, address = as_(company.sales_store), f"/cases/{case.pk}/rate/"
    form = browser.get(address).context["form"]
    assert form["channel"].value() == Channel.CALL
    answer = browser.post(address, {"points": "5", "text": "", "channel": "call"})
    assert answer.url == f"/cases/{case.pk}/"
    assert Contact.objects.get().channel == Channel.CALL
    assert "满意" in browser.get(f"/customers/{case.customer_id}/").content.decode()


def test_where_nobody_is_to_call_it_is_only_noted_unless_said(case, company, as_):
    case.customer.quiet = Quiet.ALL
    case.customer.save(update_fields=["quiet"])
    browser, address = as_(company.sales_store), f"/cases/{case.pk}/rate/"
    sent = {"points": "5", "text": "", "channel": "call", "override": "news"}
    page = browser.post(address, sent)
    assert list(page.context["form"].errors) == ["override"]
    case.refresh_from_db()
    assert case.state == CaseState.SOLVED
    assert browser.post(address, sent | {"channel": "noted"}).status_code == 302
    assert not Contact.objects.exists()


def test_the_form_asks_why_where_they_were_called_already(who, company, case, as_):
    reached(who, now=NOW - timedelta(hours=1), by=PersonFactory(store=company.store, name="小林"))
    browser, address = as_(company.sales_store), f"/cases/{case.pk}/rate/"
    chosen = browser.get(address).context["guard"].chosen
    assert [each.code for each in chosen] == ["contacted_lately"]
    assert "channel:call|wechat" in chosen[0].when
    page = browser.post(address, {"points": "5", "channel": "call"})
    assert "小林" in page.context["form"].errors["override"][0]
    sent = {"points": "5", "channel": "call", "override": "customer_asked"}
    assert browser.post(address, sent).status_code == 302


def test_whoever_serves_nobody_only_notes_the_answer(case, company, as_):
    browser, address = as_(company.ops_manager), f"/cases/{case.pk}/rate/"
    page = browser.get(address)
    assert page.context["guard"] is None
    assert "channel" not in page.context["form"].fields
    assert browser.post(address, {"points": "5", "channel": "call"}).status_code == 302
    assert not Contact.objects.exists()


@pytest.mark.parametrize("is_to_do", [True, False])
def test_an_assistant_asks_in_the_name_of_who_has_it_to_do_else_of_the_keeper(
    who, company, case, is_to_do
):
    assistant = PersonFactory(role=Role.SALES_STORE, store=company.store)
    DutyFactory(person=assistant, kind=DutyKind.ASSISTANT, assists=who.owner)
    asking = Obligation.objects.filter(step__anchor=Anchor.SATISFACTION)
    assert asking.get().assignee == who.owner
    if not is_to_do:
        asking.update(state=State.DONE, closed_at=YESTERDAY)
    rate_case(case=case, points=5, by=assistant, now=NOW, talk=CALL)
    contact = Contact.objects.get()
    assert (contact.by, contact.on_behalf_of) == (assistant, who.owner)


def test_the_control_who_assists_nobody_asks_for_themselves(who, company, case):
    rate_case(case=case, points=5, by=company.store_manager, now=NOW, talk=CALL)
    assert Contact.objects.get().on_behalf_of is None


def test_where_another_one_has_it_to_do_nobody_speaks_for_the_keeper(who, company, case):
    assistant = PersonFactory(role=Role.SALES_STORE, store=company.store)
    DutyFactory(person=assistant, kind=DutyKind.ASSISTANT, assists=who.owner)
    Obligation.objects.filter(step__anchor=Anchor.SATISFACTION).update(assignee=assistant)
    rate_case(case=case, points=5, by=assistant, now=NOW, talk=CALL)
    assert Contact.objects.get().on_behalf_of is None


def none_after(case, points=5) -> str:
    rate(case, points, text="还行")
    contact = Contact.objects.latest("occurred_at")
    assert (contact.next_kind, contact.next_on) == ("none", None)
    return contact.none_reason


def test_care_goes_on_with_who_has_bought(who, case):
    delivery(who, on=date(2026, 3, 1), now=YESTERDAY)
    assert none_after(case) == NoStepReason.CARED_FOR


def test_with_a_prospect_what_was_agreed_stands(who, case):
    reached(who, now=NOW - timedelta(days=9), on=date(2026, 3, 20))
    assert none_after(case, 3) == NoStepReason.STANDS


def test_a_prospect_with_whom_nothing_is_agreed_is_called_as_their_grade_is(who, case):
    rate(case, 3)
    contact = Contact.objects.get()
    assert (contact.next_kind, contact.none_reason) == ("call", "")
    days = cadence_days()[who.grade]
    assert contact.next_on == NOW.date() + timedelta(days=days)
    call = Obligation.objects.get(step__anchor=Anchor.NEXT_STEP)
    assert (call.due_on, call.state) == (contact.next_on, State.OPEN)
    assert verify(now=NOW).differences == []


@pytest.mark.parametrize(
    ("facts", "why"),
    [({"grade": "D"}, NoStepReason.NO_NEED), ({"quiet": Quiet.ALL}, NoStepReason.UNWILLING)],
)
def test_nobody_who_was_given_up_or_wishes_none_of_it_is_called(who, case, facts, why):
    type(who).objects.filter(pk=who.pk).update(**facts)
    case.refresh_from_db()
    rate(case, talk=Talk(channel=Channel.CALL, override="needed"))
    assert Contact.objects.get().none_reason == why
