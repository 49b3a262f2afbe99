"""The guard in services and pages: what is stopped, why, and how one goes on all the same."""

from datetime import time, timedelta
from itertools import product
from uuid import uuid4

import pytest

from core.models import AuditEntry
from customers.models import Contact, Customer, Parameters, PhoneReveal
from customers.rules import NextStep
from customers.states import Channel, Grade, NextKind, Outcome, Quiet, QuietReason, Reason, Touch
from followups import rules
from followups.models import Case, Obligation, Task
from followups.queries.quieting import foreseen, last_change, resting
from followups.services import (
    Pestering,
    book_appointment,
    close_with,
    log_contact,
    set_quiet,
    touch_and_ask,
    void_contact,
)
from followups.states import Anchor, Override, SkipReason, State
from tests.factories.customers import CustomerFactory
from tests.factories.followups import task_today
from tests.factories.staff import PersonFactory
from tests.followups.build import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

NOW = at("2026-03-12 09:50")
NONE = NextStep(kind=NextKind.NONE, none_reason="no_need")


@pytest.fixture
def who(company):
    return CustomerFactory(owner=company.sales_store, now=NOW - timedelta(days=20))


@pytest.fixture
def colleague(company):
    return PersonFactory(store=company.store, name="小林")


def log(who, *, by=None, now=NOW, **said):
    said = {"reason": Reason.CARE, "channel": Channel.CALL, **said}
    return log_contact(
        customer=who, outcome=Outcome.CONNECTED, next_step=NONE,
        by=by or who.owner, now=now, key=uuid4(), **said,
    )  # fmt: skip


def test_our_second_contact_in_a_day_is_stopped_with_who_and_when(who, colleague):
    log(who, by=colleague, now=NOW - timedelta(hours=1))
    with pytest.raises(Pestering) as refusal:
        log(who)
    assert "小林" in str(refusal.value)
    assert "08:50" in str(refusal.value)
    assert Contact.objects.count() == 1


def test_a_reason_opens_it_and_stands_on_the_contact(who):
    log(who, override="not kept: nobody objects")
    second = log(who, override=Override.NEWS, now=NOW + timedelta(hours=1))
    kept = Contact.objects.order_by("pk").values_list("override", flat=True)
    assert list(kept) == ["", Override.NEWS]
    assert second.override == Override.NEWS


@pytest.mark.parametrize(
    "first",
    [
        {"is_inbound": True},
        {"outcome": Outcome.UNANSWERED, "retry_on": NOW.date()},
        {"channel": Channel.SMS, "outcome": Outcome.SENT, "retry_on": NOW.date()},
    ],
)
def test_what_they_began_or_did_not_hear_does_not_count(who, first):
    said = {"outcome": Outcome.CONNECTED, "channel": Channel.CALL, "reason": "care", **first}
    log_contact(customer=who, next_step=NONE, by=who.owner, now=NOW, key=uuid4(), **said)
    log(who)


def test_a_contact_that_was_taken_back_does_not_count(who):
    void_contact(contact=log(who), reason="x", by=who.owner, now=NOW)
    log(who)


def test_the_gap_of_the_grade_is_a_figure_of_the_house(who):
    Parameters.objects.create(valid_from=NOW.date(), gap_a=3)
    log(who, now=NOW - timedelta(days=2))
    with pytest.raises(Pestering, match="3"):
        log(who)
    log(who, now=NOW + timedelta(days=1), reason=Reason.PRICE)


def test_quiet_hours_hold_for_calls_and_not_for_who_comes(who):
    Parameters.objects.create(valid_from=NOW.date(), quiet_from=time(9), quiet_until=time(10))
    with pytest.raises(Pestering, match="09:00"):
        log(who)
    log(who, channel=Channel.WECHAT)


def test_an_hour_that_was_agreed_is_expected(who):
    task = task_today(who, now=NOW, at=NOW + timedelta(hours=1))
    log(who, now=NOW, override=Override.NEWS)
    task.refresh_from_db()
    if task.state == State.OPEN:
        log(who, task=task, now=NOW + timedelta(hours=1))


def test_whoever_wishes_no_contact_is_called_for_a_contract_or_by_a_manager(who, company):
    set_quiet(customer=who, quiet=Quiet.ALL, reason=QuietReason.ASKED, by=who.owner, now=NOW)
    with pytest.raises(Pestering):
        log(who, override=Override.NEWS)
    log(who, override=Override.NEEDED)
    log(who, by=company.store_manager, override=Override.NEWS, now=NOW + timedelta(days=1))


# the call


def reveal(browser, who, **said):
    headers = {"Accept": "application/json"}
    return browser.post(f"/customers/{who.pk}/reveal/", said, headers=headers)


def test_a_call_is_stopped_before_the_number_opens_and_goes_on_with_a_reason(
    who, company, as_, colleague
):
    browser = as_(company.sales_store)
    log(who, by=colleague)
    page = reveal(browser, who)
    assert page.status_code == 409
    assert "小林" in page.content.decode()
    assert (PhoneReveal.objects.count(), AuditEntry.objects.filter(verb="override").count()) == (
        0, 0,
    )  # fmt: skip

    assert reveal(browser, who, override="news", override_text="价格定了").status_code == 200
    told = AuditEntry.objects.get(verb="override")
    assert (told.reason, told.detail) == ("news: 价格定了", {"codes": ["contacted_lately"]})
    form = browser.get(f"/customers/{who.pk}/log/").context["form"]
    assert (form["override"].value(), form["override_text"].value()) == ("news", "价格定了")


def test_a_seller_may_not_talk_the_guard_out_of_a_wish(who, company, as_):
    set_quiet(customer=who, quiet=Quiet.ALL, reason="asked", by=who.owner, now=NOW)
    assert reveal(as_(company.sales_store), who, override="news").status_code == 409
    assert reveal(as_(company.sales_store), who, override="needed").status_code == 200
    assert reveal(as_(company.store_manager), who, override="news").status_code == 200


def test_the_card_says_it_before_the_call(who, company, as_, colleague):
    browser = as_(company.sales_store)
    assert browser.get(f"/customers/{who.pk}/").context["guard"] == []
    log(who, by=colleague)
    page = browser.get(f"/customers/{who.pk}/")
    assert "小林" in page.content.decode()
    assert 'data-then="' not in page.content.decode()


# the form


def taps(**changes):
    return {
        "key": str(uuid4()), "result": "connected", "reason": "design", "grade": "A",
        "next_kind": "call", "next_on": "2026-03-19", **changes,
    }  # fmt: skip


def test_the_form_asks_why_and_keeps_what_was_brought_up(who, company, as_, colleague):
    browser, url = as_(company.sales_store), f"/customers/{who.pk}/log/"
    log(who, by=colleague)
    page = browser.post(url, taps())
    assert page.context["form"].errors["override"]
    assert Contact.objects.count() == 1
    browser.post(url, taps(override="news", touches=["need", "feedback"]))
    contact = Contact.objects.latest("pk")
    assert (contact.override, contact.touches) == ("news", [Touch.NEED, Touch.FEEDBACK])


def test_they_came_to_us_needs_no_reason(who, company, as_, colleague):
    log(who, by=colleague)
    as_(company.sales_store).post(f"/customers/{who.pk}/log/", taps(is_inbound="on"))
    assert Contact.objects.latest("pk").is_inbound


def test_a_worn_reason_says_so_on_its_chip_and_asks_why(who, company, as_):
    log(who, now=NOW - timedelta(days=9), reason=Reason.PRICE)
    log(who, now=NOW - timedelta(days=5), reason=Reason.PRICE)
    browser, url = as_(company.sales_store), f"/customers/{who.pk}/log/"
    page = browser.get(url)
    chips = dict(page.context["form"].fields["reason"].choices)
    assert chips["price"].hint
    assert not getattr(chips["design"], "hint", "")
    assert browser.post(url, taps(reason="price")).context["form"].errors["override"]
    assert browser.post(url, taps(reason="design")).status_code == 302


def test_a_problem_opens_a_case_with_one_tap(who, company, as_):
    sent = taps(touches=["problem"], opens_case="on", note="柜门关不上")
    for _twice in range(2):
        as_(company.sales_store).post(f"/customers/{who.pk}/log/", sent)
    case = Case.objects.get()
    assert (case.customer, case.contact.note) == (who, "柜门关不上")


def test_unwilling_is_not_now_or_a_wish_with_its_scope(who, company, as_):
    browser, url = as_(company.sales_store), f"/customers/{who.pk}/log/"
    none = {"next_kind": "none", "none_reason": "unwilling", "next_on": ""}
    browser.post(url, taps(**none, wish="not_now"))
    who.refresh_from_db()
    assert who.quiet == Quiet.NONE
    browser.post(url, taps(**none, wish="all", override="news"))
    who.refresh_from_db()
    assert (who.quiet, who.quiet_changes.get().reason) == (Quiet.ALL, QuietReason.ASKED)


# collisions


def test_a_task_is_closed_by_the_contact_of_somebody_else_and_comes_back_with_its_void(
    who, company, as_, colleague
):
    task = task_today(who, now=NOW)
    contact = log(who, by=colleague)
    page = as_(company.sales_store).get("/today/").content.decode()
    assert "小林" in page
    as_(company.sales_store).post(f"/tasks/{task.pk}/close/{contact.pk}/")
    task.refresh_from_db()
    assert (task.state, task.skip_reason, task.contact) == (
        State.SKIPPED, SkipReason.ALREADY_DONE, contact,
    )  # fmt: skip
    void_contact(contact=contact, reason="x", by=company.store_manager, now=NOW)
    assert Task.objects.filter(customer=who, state=State.OPEN, day=NOW.date()).exists()


@pytest.mark.parametrize("wrong", ["other", "void"])
def test_a_task_is_not_closed_by_a_foreign_or_a_void_contact(who, company, as_, wrong):
    task = task_today(who, now=NOW)
    whose = who if wrong == "void" else CustomerFactory(owner=company.sales_store)
    contact = log(whose, by=company.store_manager)
    if wrong == "void":
        void_contact(contact=contact, reason="x", by=company.store_manager, now=NOW)
    browser = as_(company.sales_store)
    browser.post(f"/tasks/{task.pk}/close/{contact.pk}/")
    task.refresh_from_db()
    assert task.state == State.OPEN
    assert browser.get(f"/tasks/{task.pk}/close/{contact.pk}/").status_code == 405
    assert as_(company.stranger).post(f"/tasks/{task.pk}/close/{contact.pk}/").status_code == 404


# silence


def test_no_contact_leaves_what_a_contract_needs(who, company):
    touch_and_ask(customers=[who.pk], now=NOW)
    for kind in ("delivery", "store_visit"):
        book_appointment(
            customer=who, kind=kind, starts_at=NOW + timedelta(days=1 + len(kind)),
            ends_at=NOW + timedelta(days=1 + len(kind), hours=1), person=who.owner,
            by=who.owner, now=NOW, key=uuid4(),
        )  # fmt: skip
    before = Task.objects.filter(customer=who, state=State.OPEN).count()
    ahead = foreseen(who, Quiet.ALL)
    set_quiet(customer=who, quiet=Quiet.ALL, reason="asked", note="别打了", by=who.owner, now=NOW)
    left = Obligation.objects.filter(customer=who, state=State.OPEN)
    assert [row.step.anchor for row in left] == [Anchor.APPOINTMENT]
    stay = Task.objects.filter(customer=who, state=State.OPEN).count()
    assert (ahead.leaving, ahead.staying) == (before - stay, stay) == (before - 1, 1)
    change = who.quiet_changes.get()
    assert (change.before, change.after, change.note, change.by) == ("", "all", "别打了", who.owner)

    set_quiet(customer=who, quiet="", reason="wishes_again", by=who.owner, now=NOW)
    assert Task.objects.filter(customer=who, state=State.OPEN).count() == before


def test_what_rests_in_sql_is_what_rests_by_the_rule(who):
    born = {"birth_month": NOW.month, "birth_day": NOW.day, "birthday_noted_at": NOW}
    Customer.objects.filter(pk=who.pk).update(**born)
    touch_and_ask(customers=[who.pk], now=NOW)
    rows = Obligation.objects.select_related("step")
    for quiet, grade in product(Quiet.values, Grade.values):
        found = set(rows.filter(resting(quiet=quiet, grade=grade)).values_list("pk", flat=True))
        wanted = {
            row.pk
            for row in rows
            if rules.rests(quiet=quiet, grade=grade, anchor=row.step.anchor, way=row.step.way)
        }
        assert found == wanted


def test_the_page_of_the_wish_says_beforehand_what_leaves_the_list(who, company, as_):
    task_today(who, now=NOW)
    browser, url = as_(company.sales_store), f"/customers/{who.pk}/quiet/"
    effects = browser.get(url).context["effects"]
    assert {each["when"] for each in effects} == {"quiet:marketing", "quiet:visits", "quiet:all"}
    assert browser.post(url, {"quiet": "all", "reason": ""}).context["form"].errors["reason"]
    browser.post(url, {"quiet": "all", "reason": "too_often"})
    assert "quiet:none" in {each["when"] for each in browser.get(url).context["effects"]}
    assert as_(company.stranger).get(url).status_code == 404
    assert as_(company.finance).get(url).status_code == 403


def test_close_with_is_a_service_of_its_own(who, colleague):
    task = task_today(who, now=NOW)
    close_with(task=task, contact=log(who, by=colleague), by=who.owner, now=NOW)
    assert AuditEntry.objects.filter(verb="skip", object_id=task.pk).exists()


def test_the_same_wish_for_another_reason_is_noted_and_a_second_tap_is_not(who):
    said = {"customer": who, "quiet": Quiet.ALL, "by": who.owner, "now": NOW}
    set_quiet(**said, reason=QuietReason.ASKED)
    set_quiet(**said, reason=QuietReason.ASKED)
    set_quiet(**said, reason=QuietReason.BOUGHT_ELSEWHERE)
    set_quiet(**said, reason=QuietReason.BOUGHT_ELSEWHERE, note="买了别家")
    set_quiet(**said, reason=QuietReason.BOUGHT_ELSEWHERE)
    told = who.quiet_changes.order_by("pk").values_list("before", "after", "reason", "note")
    assert list(told) == [
        ("", "all", "asked", ""),
        ("all", "all", "bought_elsewhere", ""),
        ("all", "all", "bought_elsewhere", "买了别家"),
    ]
    assert last_change(Customer.objects.get(pk=who.pk)).note == "买了别家"
