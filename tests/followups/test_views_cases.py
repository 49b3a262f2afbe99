"""Service cases on their pages: the list, one case, each act, who may what."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.labels import labelled
from customers.models import Access
from followups.models import Case
from followups.services import assign_case, escalate_late_cases, pause_case, solve_case
from followups.states import CaseAct, CaseKind, CaseState, PauseReason
from tests.factories.cases import opened, service_lead, work_of
from tests.factories.customers import CustomerFactory
from tests.factories.followups import reached
from tests.factories.staff import PersonFactory
from tests.followups.build import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

NOW = at("2026-03-12 09:50")
TYPED = "138 0013 8000"


@pytest.fixture
def who(company):
    return CustomerFactory(name="周雅琴", owner=company.sales_store, now=NOW - timedelta(days=4))


@pytest.fixture
def case(who):
    return opened(who, text=f"桌脚松动，{TYPED}", now=NOW - timedelta(days=1))


@pytest.fixture
def browser(company, as_):
    return as_(company.sales_store)


def page(case, act=""):
    return f"/cases/{case.pk}/{act + '/' if act else ''}"


def sent(**changes):
    values = {"key": str(uuid4()), "kind": "problem", "text": "桌脚松动", "channel": "call",
              "product": "", "about": "", "assignee": ""}  # fmt: skip
    return {**values, **changes}


def test_a_case_is_opened_from_the_card(browser, who):
    url = f"/customers/{who.pk}/cases/new/"
    assert browser.get(url).status_code == 200
    answer = browser.post(url, sent())
    found = Case.objects.get()
    assert (answer.status_code, answer.url) == (302, page(found))
    assert (found.opened_at, found.assignee) == (NOW, who.owner)
    card = browser.get(f"/customers/{who.pk}/?tab=cases").content.decode()
    assert page(found) in card


def test_a_double_tap_opens_one(browser, who):
    form = sent()
    url = f"/customers/{who.pk}/cases/new/"
    assert browser.post(url, form).url == browser.post(url, form).url
    assert Case.objects.count() == 1


@pytest.mark.parametrize(("changes", "field"), [({"text": ""}, "text"), ({"kind": ""}, "kind")])
def test_what_is_missing_is_told_at_its_field(browser, who, changes, field):
    answer = browser.post(f"/customers/{who.pk}/cases/new/", sent(**changes))
    assert answer.context_data["form"].errors[field]
    assert not Case.objects.exists()


def test_a_contact_brings_its_words_along(browser, who):
    contact = reached(who, now=NOW - timedelta(hours=1), note=f"柜门关不上 {TYPED}")
    url = f"/customers/{who.pk}/cases/new/?contact={contact.pk}&kind=repair"
    body = browser.get(url).content.decode()
    assert "柜门关不上" in body
    assert TYPED not in body
    browser.post(url, sent(kind="repair"))
    assert Case.objects.get().contact == contact


def test_another_customers_contact_is_none(browser, who, company):
    contact = reached(CustomerFactory(owner=company.sales_store, now=NOW), now=NOW)
    url = f"/customers/{who.pk}/cases/new/?contact={contact.pk}"
    assert browser.get(url).status_code == 404
    assert browser.get(f"/customers/{who.pk}/cases/new/?contact=x").status_code == 404


def test_the_page_tells_the_clock_and_masks_numbers(browser, case):
    body = browser.get(page(case)).content.decode()
    assert "4 天 14 小时" in body  # until Monday 16 March, 24:00
    assert "桌脚松动" in body
    assert TYPED not in body


@pytest.mark.parametrize(
    ("act", "values", "state"),
    [
        ("answer", {"text": "已联系"}, CaseState.OPEN),
        ("note", {"text": "约了师傅", "key": str(uuid4())}, CaseState.OPEN),
        ("pause", {"reason": "parts", "text": ""}, CaseState.PAUSED),
        ("escalate", {"text": "厂家不认"}, CaseState.OPEN),
        ("solve", {"solution": "换了桌脚"}, CaseState.SOLVED),
        ("void", {"reason": "另一位客户"}, CaseState.VOIDED),
    ],
)
def test_each_act_is_a_form_and_a_tap(as_, company, case, act, values, state):
    manager = as_(company.store_manager)
    assert manager.get(page(case, act)).status_code == 200
    answer = manager.post(page(case, act), values)
    assert (answer.status_code, answer.url) == (302, page(case))
    case.refresh_from_db()
    assert case.state == state
    assert manager.get(page(case)).status_code == 200


def test_whom_it_is_given_to_is_asked_as_such(browser, case):
    """Of a wording the same English words ask for which customers it is."""
    label = browser.get(page(case, "assign")).context_data["form"]["to"].label
    assert label == pgettext("of a case", "Give to") != _("To whom")


def test_the_trail_says_why_the_clock_rests_in_the_readers_punctuation(browser, company, case):
    pause_case(case=case, reason=PauseReason.PARTS, by=company.sales_store, now=NOW)
    wanted = labelled(str(CaseAct.PAUSED.label), str(PauseReason.PARTS.label))
    assert wanted in browser.get(page(case)).content.decode()


def test_a_case_is_given_to_the_manager(browser, company, case):
    answer = browser.post(
        page(case, "assign"), {"to": company.store_manager.pk, "text": "要见店长"}
    )
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.assignee == company.store_manager


def test_a_rest_ends_and_the_customer_is_asked(browser, company, case):
    pause_case(case=case, reason=PauseReason.PARTS, by=company.sales_store, now=NOW)
    assert browser.post(page(case, "resume"), {"text": ""}).status_code == 302
    solve_case(case=case, solution="换了", by=company.sales_store, now=NOW)
    low = browser.post(page(case, "rate"), {"points": "2", "text": ""})
    assert low.context_data["form"].errors["text"]
    opened_again = browser.post(page(case, "rate"), {"points": "2", "text": "又松了"}, follow=True)
    assert [said.level_tag for said in opened_again.context["messages"]] == ["warning"]
    case.refresh_from_db()
    assert (case.state, case.times_reopened) == (CaseState.OPEN, 1)


def test_who_comes_second_is_told_who_was_first(browser, company, case):
    solve_case(case=case, solution="换了", by=company.store_manager, now=NOW)
    answer = browser.post(page(case, "solve"), {"solution": "换了桌脚"})
    assert answer.status_code == 200
    assert company.store_manager.name in str(answer.context_data["form"].non_field_errors())


def test_without_words_nothing_is_done(browser, case):
    answer = browser.post(page(case, "solve"), {"solution": ""})
    assert answer.context_data["form"].errors["solution"]


def test_an_act_that_is_none_is_not_there(browser, case):
    assert browser.get(page(case, "burn")).status_code == 404
    assert browser.put(page(case, "solve")).status_code == 405


@pytest.mark.parametrize(
    ("role", "read", "act"),
    [
        ("sales_store", 200, 200),
        ("store_manager", 200, 200),
        ("ops_manager", 200, 200),
        ("marketing_manager", 200, 403),
        ("sales_field", 404, 404),
        ("field_supervisor", 404, 404),
        ("stranger", 404, 404),
        ("merchandiser", 403, 403),
        ("finance", 403, 403),
        ("admin", 403, 403),
    ],
)
def test_who_may_what(as_, company, case, role, read, act):
    window = as_(getattr(company, role))
    assert window.get(page(case)).status_code == read
    assert window.get(page(case, "solve")).status_code == act
    new = f"/customers/{case.customer_id}/cases/new/"
    assert window.get(new).status_code == act
    found = window.get("/cases/")
    assert found.status_code == (403 if read == 403 else 200)
    if found.status_code == 200:
        assert (page(case) in found.content.decode()) is (read == 200)


def test_a_service_lead_sees_all_of_the_store(as_, company, case):
    window = as_(service_lead(company.store))
    assert page(case) in window.get("/cases/").content.decode()
    assert window.get(page(case, "solve")).status_code == 200


def test_whom_it_is_about_may_write_a_note_and_no_more(as_, company, who):
    case = opened(who, about=company.sales_store, by=company.store_manager, now=NOW)
    window = as_(company.sales_store)
    body = window.get(page(case)).content.decode()
    assert page(case, "note") in body
    assert page(case, "solve") not in body
    assert window.get(page(case, "solve")).status_code == 403
    note = {"text": "当时很忙", "key": str(uuid4())}
    assert window.post(page(case, "note"), note).status_code == 302


def found_in(window, **asked):
    answer = window.get("/cases/", asked)
    assert answer.status_code == 200
    return {row.pk for row in answer.context_data["list"].page.rows}


def test_the_list_is_narrowed(as_, company, who, case):
    manager = as_(company.store_manager)
    repair = opened(who, kind=CaseKind.REPAIR, now=NOW)
    late = opened(who, now=NOW - timedelta(days=9))
    about = opened(who, kind="complaint", about=company.sales_store, by=company.store_manager)
    done = opened(who, now=NOW)
    solve_case(case=done, solution="好了", by=company.sales_store, now=NOW)
    running = {case.pk, repair.pk, late.pk, about.pk}
    assert found_in(manager) == running
    assert found_in(manager, kind="repair") == {repair.pk}
    assert found_in(manager, clock="late") == {late.pk}
    assert found_in(manager, state="solved") == {done.pk}
    assert found_in(manager, state="all") == {*running, done.pk}
    assert found_in(manager, assignee="me") == {about.pk}
    assert found_in(manager, about=company.sales_store.pk) == {about.pk}
    assert found_in(manager, q=str(done.pk)) == {done.pk}
    assert found_in(manager, q="周雅琴") == {*running, done.pk}
    escalate_late_cases(now=NOW)
    assert found_in(manager, clock="up") == {late.pk}
    pause_case(case=repair, reason=PauseReason.PARTS, by=company.sales_store, now=NOW)
    assert found_in(manager, state="paused") == {repair.pk}
    assert found_in(as_(company.ops_manager), store=company.store.pk) == running
    counts = manager.get("/cases/").context_data["counts"]
    assert [count["value"] for count in counts] == [4, 1, 1, 1]


def test_a_case_stands_on_today_and_leads_to_its_page(browser, case):
    body = browser.get("/today/").content.decode()
    assert f'href="{page(case)}"' in body
    assert TYPED not in body


def test_an_assignee_with_access_has_it_on_their_list(as_, company, who, case):
    colleague = PersonFactory(store=company.store)
    Access.objects.create(customer=who, person=colleague)
    assign_case(case=case, to=colleague, by=company.sales_store, now=NOW)
    assert work_of(case).task.assignee == colleague
    assert page(case) in as_(colleague).get("/today/").content.decode()


def test_the_list_asks_as_often_for_twelve_as_for_one(as_, company, who, case):
    manager = as_(company.store_manager)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            manager.get("/cases/")
            manager.get(page(case))
            manager.get(f"/customers/{who.pk}/?tab=cases")
        return len(asked)

    queries()
    one = queries()
    for number in range(11):
        other = CustomerFactory(owner=company.sales_store, now=NOW)
        opened(other if number % 2 else who, kind=CaseKind.NEED, now=NOW)
    assert queries() == one


@pytest.mark.parametrize(
    ("text", "is_folded"), [("桌脚松动", False), ("松" * 900, True)], ids=["short", "long"]
)
def test_long_words_are_folded_and_there_in_full(browser, who, text, is_folded):
    case = opened(who, text=text, now=NOW - timedelta(days=1))
    html = browser.get(page(case)).content.decode()
    assert text in html
    assert ("<details><summary>" in html) is is_folded
