"""The fifteen-second form through real pages: taps in, one contact out, next person up."""

import json
import re
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from customers.models import Access, Contact
from customers.states import Channel, Grade, NextKind, Outcome, Quiet, Reason
from followups.models import Task
from followups.states import State, Way
from staff.states import DutyKind
from tests.factories.customers import CustomerFactory
from tests.factories.followups import reached, task_today
from tests.factories.staff import DutyFactory, PersonFactory
from tests.followups.build import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

NOW = at("2026-03-12 09:50")
CASES = json.loads((Path(__file__).parent.parent / "data" / "bad_inputs_contacts.json").read_text())


@pytest.fixture
def who(company):
    return CustomerFactory(owner=company.sales_store, now=NOW - timedelta(days=2))


@pytest.fixture
def task(who):
    return task_today(who, now=NOW, text="看样")


@pytest.fixture
def browser(company, as_):
    return as_(company.sales_store)


def url(who, task=None, **asked) -> str:
    asked = {**({"task": task.pk} if task else {}), **asked}
    return f"/customers/{who.pk}/log/?" + "&".join(f"{k}={v}" for k, v in asked.items())


def taps(**changes) -> dict[str, str]:
    """Reached, about the design, call tomorrow."""
    return {
        "key": str(uuid4()),
        "result": "connected",
        "reason": "design",
        "grade": "A",
        "next_kind": "call",
        "next_on": "2026-03-13",
        **changes,
    }


def errors(page) -> dict[str, list[str]]:
    return page.context_data["form"].errors


def test_four_taps_log_a_contact_and_lead_back_to_the_list(browser, who, task, company):
    answer = browser.post(url(who, task), taps())
    assert (answer.status_code, answer.url) == (302, "/today/")
    contact = Contact.objects.latest("pk")
    assert (contact.channel, contact.outcome, contact.reason) == (
        Channel.CALL, Outcome.CONNECTED, Reason.DESIGN,
    )  # fmt: skip
    assert (contact.next_kind, contact.next_on) == (NextKind.CALL, date(2026, 3, 13))
    assert (contact.by, contact.on_behalf_of) == (company.sales_store, None)
    task.refresh_from_db()
    assert task.state == State.DONE


def test_the_next_person_stands_on_the_button_and_is_up_afterwards(browser, who, task, company):
    other = CustomerFactory(name="刘思远", owner=company.sales_store, now=NOW - timedelta(days=2))
    following = task_today(other, now=NOW)
    page = browser.get(url(who, task, show="overdue")).content.decode()
    assert "刘思远" not in page  # nobody else is overdue
    page = browser.get(url(who, task)).content.decode()
    assert "刘思远" in page
    assert "1 / 2" in page
    shown = re.search(r'name="next_task" value="(\d+)"', page)[1]
    assert shown == str(following.pk)

    answer = browser.post(url(who, task), taps(next_task=shown))
    assert answer.url == url(other, following)


def test_the_same_form_sent_again_and_an_hour_later_gets_the_same_answer(browser, who, task):
    same = taps(next_task="")
    first = browser.post(url(who, task), same)
    again = browser.post(url(who, task), same)
    assert (again.status_code, again.url) == (first.status_code, first.url)
    assert Contact.objects.count() == 2  # the one that made the task, and this


def test_a_new_form_for_a_task_that_is_done_is_refused_and_keeps_what_was_typed(browser, who, task):
    browser.post(url(who, task), taps())
    answer = browser.post(url(who, task), taps(note="嫌真皮贵"))
    assert answer.status_code == 200
    assert answer.context_data["form"].non_field_errors()
    assert "嫌真皮贵" in answer.content.decode()
    assert Contact.objects.count() == 2


def test_opening_the_form_of_a_task_that_is_done_leads_to_the_list(browser, who, task):
    browser.post(url(who, task), taps())
    assert browser.get(url(who, task)).url == "/today/"


def test_after_a_lost_answer_the_same_task_is_not_logged_twice(browser, who, task):
    """The draft comes back with a new key: what was logged already is said, not logged again."""
    browser.post(url(who, task), taps())
    page = browser.post(url(who, task), taps())
    assert page.status_code == 200
    assert page.context["form"].non_field_errors()
    assert Contact.objects.count() == 2


def test_a_used_key_with_another_note_is_refused_and_the_note_stays(browser, who):
    sent = taps(note="要浅色布艺")
    browser.post(url(who), sent)
    page = browser.post(url(who), {**sent, "note": "要深色真皮"})
    assert page.context["form"].non_field_errors()
    assert "要深色真皮" in page.content.decode()
    assert Contact.objects.count() == 1


def test_the_answer_names_the_draft_that_arrived(browser, who, task):
    draft = browser.get(url(who, task)).context["draft"]
    assert f'data-draft="{draft}"' in browser.get(url(who, task)).content.decode()
    arrived = browser.post(url(who, task), taps()).cookies["genjin_arrived"].value
    assert arrived == draft.replace(":", "%3A")


def test_whoever_wishes_no_contact_is_not_offered_the_call(browser, who):
    assert browser.get(url(who)).context["call_url"]
    who.quiet = Quiet.ALL
    who.save(update_fields=["quiet"])
    page = browser.get(url(who))
    assert page.context["call_url"] == ""
    assert page.context["wishes_silence"]
    assert "/outgoing/" not in page.content.decode()  # what the frame tells operations alone
    assert "data-call" not in page.content.decode()


def test_from_the_card_one_comes_back_to_the_card(browser, who):
    answer = browser.post(url(who), taps())
    assert answer.url == f"/customers/{who.pk}/"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"result": ""}, "result"),
        ({"result": "teleported"}, "result"),
        ({"reason": ""}, "reason"),
        ({"next_kind": ""}, "next_kind"),
        ({"next_kind": "none", "none_reason": ""}, "none_reason"),
        ({"next_on": ""}, "next_on"),
        ({"next_on": "2026-03-11"}, "next_on"),
        ({"next_on": "other", "next_on_other": ""}, "next_on_other"),
        ({"next_on": "other", "next_on_other": "2027-03-14"}, "next_on_other"),
        ({"next_on": "2026-03-12", "next_at": "09:00"}, "next_at"),
        ({"next_at": "25:00"}, "next_at"),
        ({"occurred_at": "2026-03-12T10:00"}, "occurred_at"),
        ({"note": "！！！！"}, "note"),
        ({"grade": "D"}, "next_kind"),
        ({"grade": "Z"}, "grade"),
        ({"result": "unanswered", "retry_on": ""}, "retry_on"),
        ({"result": "unanswered", "retry_on": "2026-03-01"}, "retry_on"),
        ({"key": "nonsense"}, "key"),
        ({"next_text": "x" * 201}, "next_text"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(
    browser, who, task, changes, field
):
    answer = browser.post(url(who, task), taps(**{"note": "先生周末回来", **changes}))
    assert answer.status_code == 200
    assert field in errors(answer)
    if "note" not in changes:
        assert "先生周末回来" in answer.content.decode()
    assert Contact.objects.count() == 1


def test_an_attempt_needs_no_more_than_its_chip(browser, who, task):
    answer = browser.post(
        url(who, task),
        {"key": str(uuid4()), "result": "switched_off", "retry_on": "2026-03-13"},
    )
    assert answer.status_code == 302
    contact = Contact.objects.latest("pk")
    assert (contact.outcome, contact.is_effective) == (Outcome.SWITCHED_OFF, False)
    task.refresh_from_db()
    assert (task.state, task.day) == (State.OPEN, date(2026, 3, 13))


def test_the_page_works_without_scripts_where_all_parts_are_sent(browser, who, task):
    """Without scripts nothing is hidden: what the other chips would have said counts nothing."""
    answer = browser.post(
        url(who, task),
        taps(retry_on="2026-03-13", next_on_other="", none_reason="", next_text="", next_at=""),
    )
    assert answer.status_code == 302


def test_none_and_why_is_a_next_step(browser, who, task):
    answer = browser.post(url(who, task), taps(next_kind="none", none_reason="no_need", next_on=""))
    assert answer.status_code == 302
    assert Contact.objects.latest("pk").none_reason == "no_need"


def test_giving_up_asks_only_why(browser, who, task):
    without_why = browser.post(url(who, task), taps(grade="D", next_kind="", next_on=""))
    assert errors(without_why)["none_reason"]
    answer = browser.post(
        url(who, task), taps(grade="D", next_kind="", next_on="", none_reason="budget")
    )
    assert answer.status_code == 302
    who.refresh_from_db()
    assert who.grade == Grade.D
    assert not Task.objects.filter(customer=who, state=State.OPEN).exists()


def test_an_hour_makes_an_appointment(browser, who, task):
    browser.post(
        url(who, task),
        taps(next_kind="measuring", next_at="15:00", next_text="上门量尺", grade="B1"),
    )
    following = Task.objects.get(customer=who, state=State.OPEN)
    assert following.is_timed
    assert timezone.localtime(following.due_at).hour == 15
    assert following.obligations.get().text == "上门量尺"
    who.refresh_from_db()
    assert who.grade == Grade.B1


def test_a_late_entry_keeps_the_time_it_happened(browser, who, task):
    browser.post(url(who, task), taps(occurred_at="2026-03-10T18:00"))
    contact = Contact.objects.latest("pk")
    assert contact.occurred_at == at("2026-03-10 18:00")
    assert contact.is_late_entry


def test_the_form_proposes_the_cadence_of_the_grade(browser, company):
    cold = CustomerFactory(owner=company.sales_store, grade=Grade.C2, now=NOW)
    form = browser.get(url(cold)).context_data["form"]
    assert form["next_on"].value() == "2026-04-11"
    assert form["grade"].value() == "C2"


@pytest.mark.parametrize(
    ("way", "first"),
    [(Way.CALL, "connected"), (Way.STORE_VISIT, "came"), (Way.MEASURING, "measured")],
)
def test_the_chips_follow_the_way_of_the_task(browser, who, task, way, first):
    task.obligations.update(way=way)
    page = browser.get(url(who, task))
    assert page.context_data["form"]["result"].field.choices[0][0] == first


def test_what_was_said_stands_above_and_numbers_in_it_are_masked(browser, who):
    reached(who, now=NOW - timedelta(days=3), note="要浅色布艺，微信同号13800138000")
    page = browser.get(url(who)).content.decode()
    assert "要浅色布艺" in page
    assert "138****8000" in page
    assert "13800138000" not in page


def test_the_page_is_light(browser, who, task):
    assert len(browser.get(url(who, task)).content) <= 30 * 1024


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_strangers_customer_is_not_there(company, as_, who, method):
    stranger = as_(company.stranger)
    assert getattr(stranger, method)(url(who), taps()).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ["ops_manager", "marketing_manager", "merchandiser", "admin"])
def test_whoever_only_reads_may_not_log(company, as_, who, role, method):
    assert getattr(as_(getattr(company, role)), method)(url(who), taps()).status_code == 403
    assert not Contact.objects.exists()


@pytest.mark.parametrize("pk", ["0", "999999999", str(2**70)])
def test_a_customer_that_is_none_is_not_found(browser, pk):
    assert browser.get(f"/customers/{pk}/log/").status_code == 404


@pytest.mark.parametrize("asked", ["0", "x", "99999999999999999999999", "-3"])
def test_a_task_that_is_none_is_not_found(browser, who, asked):
    assert browser.get(f"/customers/{who.pk}/log/", {"task": asked}).status_code == 404


def test_a_task_of_another_customer_is_not_found(browser, who, task, company):
    other = CustomerFactory(owner=company.sales_store, now=NOW)
    assert browser.get(url(other, task)).status_code == 404


def test_a_next_task_out_of_reach_is_not_gone_to(browser, who, task, company):
    theirs = task_today(CustomerFactory(owner=company.stranger, now=NOW - timedelta(2)), now=NOW)
    answer = browser.post(url(who, task), taps(next_task=str(theirs.pk)))
    assert answer.url == "/today/"


@pytest.mark.parametrize("verb", ["put", "delete", "patch"])
def test_other_methods_are_refused(browser, who, verb):
    assert getattr(browser, verb)(url(who)).status_code == 405


def test_an_assistant_logs_for_the_salesperson(company, as_, who, task):
    assistant = PersonFactory(store=company.store)
    DutyFactory(person=assistant, kind=DutyKind.ASSISTANT, assists=who.owner)
    browser = as_(assistant)
    assert who.owner.name in browser.get(url(who, task)).content.decode()
    assert browser.post(url(who, task), taps()).status_code == 302
    contact = Contact.objects.latest("pk")
    assert (contact.by, contact.on_behalf_of) == (assistant, who.owner)
    assert Task.objects.get(customer=who, state=State.OPEN).assignee == who.owner


def test_an_assistant_whose_duty_ended_finds_nobody(company, as_, who, task):
    assistant = PersonFactory(store=company.store)
    DutyFactory(
        person=assistant, kind=DutyKind.ASSISTANT, assists=who.owner, ends_on=date(2026, 3, 11)
    )
    assert as_(assistant).post(url(who, task), taps()).status_code == 404


def test_somebody_with_access_of_the_own_speaks_for_nobody(company, as_, who):
    assistant = PersonFactory(store=company.store)
    DutyFactory(person=assistant, kind=DutyKind.ASSISTANT, assists=who.owner)
    Access.objects.create(customer=who, person=assistant)
    as_(assistant).post(url(who), taps())
    assert Contact.objects.get().on_behalf_of is None


def test_an_expired_session_leads_to_signing_in_and_back(client, who, task):
    answer = client.post(url(who, task), taps())
    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/?next=/customers/")
    assert not Contact.objects.exclude(pk=Contact.objects.first().pk).exists()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_bad_input_gets_a_sentence_and_never_an_error_page(company, as_, who, case):
    field = {"visit.note": "note", "visit.date": "occurred_at"}[case["field"]]
    with time_machine.travel(at("2026-11-22 10:00"), tick=False):
        browser = as_(company.sales_store)
        answer = browser.post(url(who), taps(next_on="2026-11-23", **{field: case["value"]}))
        page = browser.get(url(who)).content.decode()
    assert "<svg/onload" not in page
    assert "13800138000" not in page.replace(" ", "")
    if case["expect"] == "reject_field":
        assert answer.status_code == 200
        assert errors(answer)[field]
        assert not Contact.objects.exists()
        return
    assert answer.status_code == 302, errors(answer)
    contact = Contact.objects.get()
    if field == "note":
        assert contact.note == case["value"].replace("\r\n", "\n")
    else:
        assert timezone.localtime(contact.occurred_at).date().isoformat() == case["normalized"]
