"""The customer card and the acts on it, through real pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEntry
from core.time_left import until_day
from customers import services as customers
from customers.models import Contact, Customer
from customers.rules import NextStep
from customers.states import Channel, Grade, NextKind, Outcome, Quiet, Reason
from desk import card as cards
from desk import timeline
from desk.timeline import timeline_of
from followups import services as followups
from followups.states import MoveReason
from staff.scope import reach_of
from tests.factories.customers import CustomerFactory

LATER = timedelta(seconds=1)


@pytest.fixture
def mine(company):
    return CustomerFactory(
        name="周雅琴", phone="13911204476", owner=company.sales_store, need="沙发 13800138000",
        address="望京花园 7幢3单元502", contact_time="12:00–13:00", wechat="13800138000",
        note="电话 1 3 8 0 0 1 3 8 0 0 0",
    )  # fmt: skip


def url(customer, act=""):
    return f"/customers/{customer.pk}/{act}"


def log(customer, *, note="", outcome=Outcome.CONNECTED, at=None, **said):
    step = NextStep(kind=NextKind.CALL, on=timezone.localdate() + timedelta(days=3))
    now = at or timezone.now()
    return customers.record_contact(
        customer=customer, channel=Channel.CALL, outcome=outcome,
        by=said.pop("by", customer.owner),
        reason=Reason.PRICE, note=note, next_step=step, retry_on=timezone.localdate(),
        now=now, today=timezone.localdate(), **said,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("sales_store", 200),
        ("store_manager", 200),
        ("ops_manager", 200),
        ("marketing_manager", 200),
        ("stranger", 404),
        ("sales_field", 404),
        ("field_supervisor", 404),
        ("merchandiser", 403),
        ("finance", 403),
        ("admin", 403),
    ],
)
def test_who_may_open_a_card(mine, company, as_, role, status):
    browser = as_(getattr(company, role))
    assert browser.get(url(mine)).status_code == status
    assert browser.get(url(mine) + "?tab=calendar").status_code == status


def test_a_card_that_is_not_there_and_one_that_is_only_read(company, as_):
    browser = as_(company.sales_store)
    assert browser.get("/customers/99999/").status_code == 404
    assert browser.get(f"/customers/{2**63}/").status_code == 404
    assert browser.post("/customers/99999/").status_code == 405


def test_the_card_shows_what_is_known_and_what_is_missing(mine, company, as_):
    log(mine, note="要浅色布艺")
    page = as_(company.sales_store).get(url(mine)).content.decode()
    for text in ("周雅琴", "139****4476", "望京花园 7幢3单元502", "12:00–13:00", "要浅色布艺"):
        assert text in page
    assert "13911204476" not in page


def test_the_marketing_manager_reads_and_never_writes(mine, company, as_):
    log(mine, note="客户电话１３８ ００１３ ８０００，微信 abc")
    browser = as_(company.marketing_manager)
    for tab in ("", "?tab=calendar"):
        page = browser.get(url(mine) + tab).content.decode()
        assert "138****8000" in page
        for digits in ("13800138000", "１３８", "1 3 8 0 0"):
            assert digits not in page
        for act in ("edit/", "grade/", "quiet/", "keeper/", "reveal/", "log/"):
            assert url(mine, act) not in page
    for act in ("edit/", "grade/", "quiet/", "keeper/"):
        assert browser.get(url(mine, act)).status_code == 403
        assert browser.post(url(mine, act), {}).status_code == 403
    assert browser.post(url(mine, "reveal/")).status_code == 403


@pytest.mark.parametrize("role", ["sales_store", "store_manager", "ops_manager"])
def test_a_card_takes_twelve_queries_at_most_however_long_its_story(mine, company, as_, role):
    browser, counts = as_(getattr(company, role)), []
    for more in (1, 11):
        for n in range(more):
            log(mine, at=timezone.now() - timedelta(hours=n))
        browser.get(url(mine))
        with CaptureQueriesContext(connection) as ran:
            browser.get(url(mine))
        counts.append(len(ran))
    assert counts[0] == counts[1] <= 12


# the timeline


def test_the_timeline_goes_back_page_by_page_and_misses_nothing(mine, company, monkeypatch):
    monkeypatch.setattr(timeline, "PAGE_SIZE", 3)
    at = timezone.now()
    for n in range(4):
        log(mine, note=f"n{n}", at=at - timedelta(hours=n))
    log(mine, note="same moment", at=at)
    customers.regrade(customer=mine, grade=Grade.B1, by=company.sales_store, now=at, reason="设计")
    reader = reach_of(company.sales_store, today=timezone.localdate())
    titles, earlier = [], ""
    while True:
        page = timeline_of(mine, reader=reader, earlier=earlier, now=at)
        titles += [(entry.title, entry.text) for entry in page.entries]
        if not page.earlier:
            break
        earlier = page.earlier
    assert len(titles) == len(set(titles)) == 7
    assert {text for _title, text in titles} >= {"n0", "n1", "n2", "n3", "same moment", "设计"}


@pytest.mark.parametrize("place", ["x", ".", "e_contact.x", "e_contact.W10", "%00", "a" * 900])
def test_a_place_of_the_timeline_that_is_none_is_refused(mine, company, as_, place):
    page = as_(company.sales_store).get(f"{url(mine)}?earlier={place}")
    assert page.status_code == 400


def test_a_voided_contact_stays_readable(mine, company, as_):
    contact = log(mine, note="打错了")
    customers.void_contact(
        contact=contact, reason="打错", by=company.store_manager, now=timezone.now()
    )
    page = as_(company.sales_store).get(url(mine)).content.decode()
    assert "打错了" in page
    assert 'class="is-no"' in page


def test_a_moved_task_stands_on_its_new_day(mine, company, as_):
    key, today = "5e6b0b7e-8c05-4f5e-9b62-0f3f7f4f0003", timezone.localdate()
    followups.log_contact(
        customer=mine, channel=Channel.CALL, outcome=Outcome.CONNECTED, reason=Reason.PRICE,
        next_step=NextStep(kind=NextKind.CALL, on=today), by=mine.owner, now=timezone.now(),
        key=key,
    )  # fmt: skip
    task, day = mine.tasks.get(state="open"), today + timedelta(days=2)
    followups.move_task(
        task=task, day=day, reason=MoveReason.CUSTOMER_ASKED, by=mine.owner, now=timezone.now()
    )
    shown = as_(mine.owner).get(url(mine)).context["next_step"]
    assert shown.day == str(day.day)
    assert shown.due == until_day(day, today=today)


@pytest.mark.parametrize(
    ("typed", "is_hours"),
    [("12:00–13:00", True), ("下午3-5点", True), ("晚上8点以后", True), ("周末", False),
     ("工作日9点前不方便", False), ("先发微信", False), ("", False)],
)  # fmt: skip
def test_only_hours_are_told_as_times_to_call(mine, typed, is_hours):
    mine.contact_time = typed
    mine.phone = ""
    shown = cards.head_of(mine).best_time
    assert (shown != typed) == is_hours
    assert typed in shown


def test_an_assistants_entry_names_both(mine, company, as_):
    log(mine, by=company.store_manager, on_behalf_of=mine.owner)
    entry = as_(mine.owner).get(url(mine)).context["timeline"][0]
    assert company.store_manager.name in entry.aside
    assert mine.owner.name in entry.aside


def test_a_late_entry_says_when_it_happened_and_when_it_was_made(company):
    now = timezone.now()
    happened = now - timedelta(days=4, hours=1)
    old = CustomerFactory(owner=company.sales_store, now=now - timedelta(days=9))
    log(old, occurred_at=happened)
    reader = reach_of(old.owner, today=timezone.localdate())
    page = timeline_of(old, reader=reader, earlier="", now=now)
    (entry,) = [entry for entry in page.entries if "24" in entry.text]
    assert f"{timezone.localtime(now):%H:%M}" in entry.text
    assert f"{timezone.localtime(happened):%H:%M}" in entry.when


# writing on the card


def card_form(browser, customer, **changes):
    """The fields as the page sends them, with `changes`."""
    form = browser.get(url(customer, "edit/")).context["form"]
    values = {name: form[name].value() for name in form.fields}
    sent = {name: "" if value is None else value for name, value in values.items()}
    for flag in ("birth_is_lunar", "birth_is_leap_month"):
        if not sent[flag]:
            del sent[flag]
    return sent | changes


def test_an_untouched_card_writes_nothing(mine, company, as_):
    browser = as_(company.sales_store)
    answer = browser.post(url(mine, "edit/"), card_form(browser, mine))
    assert answer.url == url(mine)
    assert not AuditEntry.objects.filter(verb="update").exists()


def test_the_phone_box_is_empty_and_shows_the_mask(mine, company, as_):
    page = as_(company.sales_store).get(url(mine, "edit/")).content.decode()
    assert 'placeholder="139****4476"' in page
    assert "13911204476" not in page


def test_a_changed_card_is_written_and_nothing_else_is(mine, company, as_):
    browser = as_(company.sales_store)
    sent = card_form(
        browser, mine, name="周雅琴女士", need="床", budget="3–5 万", phone="139 1120 4477",
        birth_month="8", birth_day="15", birth_is_lunar="on",
        owner=str(company.stranger.pk), store=str(company.other.pk), grade="D",
        first_seen_at="2020-01-01", quiet="all",
    )  # fmt: skip
    assert browser.post(url(mine, "edit/"), sent).status_code == 302
    row = Customer.objects.get(pk=mine.pk)
    assert (row.name, row.need, row.birth_day, row.birth_is_lunar) == ("周雅琴女士", "床", 15, True)
    assert (row.owner, row.store, row.grade, row.quiet) == (mine.owner, mine.store, mine.grade, "")
    assert row.first_seen_at == mine.first_seen_at
    assert dict(row.phones.values_list("masked", "is_primary")) == {
        "139****4476": False,
        "139****4477": True,
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"phone": "1391120447"}, "phone"),
        ({"phone": "13800138000"}, "phone"),
        ({"phone2": "13800138000"}, "phone2"),
        ({"address": "望" * 121}, "address"),
        ({"note": "字" * 1001}, "note"),
        ({"birth_month": "13"}, "birth_month"),
        ({"birth_month": "2"}, "birth_day"),
        ({"expected_on": "2026-02-30"}, "expected_on"),
        ({"title": "dr"}, "title"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(mine, company, as_, changes, field):
    CustomerFactory(phone="13800138000")
    browser = as_(company.sales_store)
    sent = card_form(browser, mine, need="要一张床", **changes)
    page = browser.post(url(mine, "edit/"), sent)
    assert page.status_code == 200
    assert page.context["form"].errors[field]
    assert "要一张床" in page.content.decode()
    mine.refresh_from_db()
    assert mine.need == "沙发 13800138000"


def test_what_somebody_else_wrote_meanwhile_is_not_written_over(mine, company, as_):
    browser = as_(company.sales_store)
    sent = card_form(browser, mine, need="床")
    customers.update_customer(
        customer=mine, by=company.store_manager, now=timezone.now(), budget="3–5 万"
    )
    page = browser.post(url(mine, "edit/"), sent)
    assert page.context["form"].non_field_errors()
    assert "床" in page.content.decode()
    mine.refresh_from_db()
    assert (mine.need, mine.budget) == ("沙发 13800138000", "3–5 万")
    again = {**sent, "seen": page.context["form"]["seen"].value(), "budget": "3–5 万"}
    assert browser.post(url(mine, "edit/"), again).status_code == 302


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("李老师", (None, "李老师")),
        ("13800138000", ("referrer", "")),
        ("13800138009", (None, "138****8009")),
        ("老王 13800138009", (None, "老王 138****8009")),
    ],
)
def test_a_number_is_never_kept_as_the_name_of_a_referrer(mine, company, as_, typed, kept):
    CustomerFactory(name="referrer", phone="13800138000", owner=company.sales_store)
    browser = as_(company.sales_store)
    browser.post(url(mine, "edit/"), card_form(browser, mine, referrer=typed))
    mine.refresh_from_db()
    name = mine.referrer.name if mine.referrer else None
    assert (name, mine.referrer_text) == kept


def test_a_strangers_card_is_not_there_for_any_act(mine, company, as_):
    browser = as_(company.stranger)
    for act in ("edit/", "grade/", "quiet/", "registered/"):
        assert browser.get(url(mine, act)).status_code == 404
    for act in ("edit/", "grade/", "quiet/"):
        assert browser.post(url(mine, act), {"grade": "D", "reason": "x"}).status_code == 404
    assert browser.post(url(mine, "reveal/")).status_code == 404
    mine.refresh_from_db()
    assert mine.grade == Grade.A


# the acts


def test_a_new_grade_has_its_reason(mine, company, as_):
    browser = as_(company.sales_store)
    refused = browser.post(url(mine, "grade/"), {"grade": "B1", "reason": ""})
    assert refused.context["form"].errors["reason"]
    assert browser.post(url(mine, "grade/"), {"grade": "B1", "reason": "要设计"}).url == url(mine)
    change = mine.grade_changes.get()
    assert (change.before, change.after, change.reason) == ("A", "B1", "要设计")
    browser.post(url(mine, "grade/"), {"grade": "B1", "reason": "again"})
    assert mine.grade_changes.count() == 1


def test_a_wish_for_silence_is_kept_and_hides_the_call(mine, company, as_):
    browser = as_(company.sales_store)
    said = {"quiet": "all", "reason": "asked", "note": "请勿来电"}
    back = {"quiet": "none", "reason": "", "note": "可以联系了"}
    assert browser.post(url(mine, "quiet/"), said).url == url(mine)
    mine.refresh_from_db()
    assert mine.quiet == Quiet.ALL
    card = browser.get(url(mine)).content.decode()
    assert 'data-then="' not in card
    assert "请勿来电" in card
    assert company.sales_store.name in card
    assert 'value="none"' in browser.get(url(mine, "quiet/")).content.decode()
    assert browser.post(url(mine, "quiet/"), back).url == url(mine)
    mine.refresh_from_db()
    assert mine.quiet == Quiet.NONE
    assert (
        browser.post(url(mine, "quiet/"), {"quiet": "none at all", "reason": "x"}).status_code
        == 200
    )


def test_managers_hand_customers_over_with_their_tasks(mine, company, as_):
    followups.log_contact(
        customer=mine, channel=Channel.CALL, outcome=Outcome.CONNECTED, by=company.sales_store,
        reason=Reason.PRICE, now=timezone.now(), key="5e6b0b7e-8c05-4f5e-9b62-0f3f7f4f0001",
        next_step=NextStep(kind=NextKind.CALL, on=timezone.localdate()),
    )  # fmt: skip
    boss = company.store_manager
    assert as_(company.sales_store).get(url(mine, "keeper/")).status_code == 403
    sent = {"keeper": boss.pk, "reason": "休假"}
    assert as_(boss).post(url(mine, "keeper/"), sent).url == url(mine)
    mine.refresh_from_db()
    assert mine.owner == boss
    assert set(mine.tasks.filter(state="open").values_list("assignee", flat=True)) == {boss.pk}
    foreign = {"keeper": company.stranger.pk, "reason": "x"}
    assert as_(boss).post(url(mine, "keeper/"), foreign).context["form"].errors["keeper"]


@pytest.mark.parametrize("years", [0, 9])
def test_an_empty_calendar_says_whether_it_is_over(mine, company, as_, years):
    if years:
        followups.record_delivery(
            customer=mine, product="真皮沙发", by=company.sales_store, now=timezone.now(),
            delivered_on=timezone.localdate() - timedelta(days=365 * years),
            key="5e6b0b7e-8c05-4f5e-9b62-0f3f7f4f0003",
        )  # fmt: skip
    page = as_(company.sales_store).get(url(mine) + "?tab=calendar")
    assert page.context["calendar"] == []
    assert page.context["is_over"] == bool(years)


def test_the_calendar_shows_the_care_to_come(mine, company, as_):
    followups.record_delivery(
        customer=mine, product="真皮沙发", by=company.sales_store, now=timezone.now(),
        delivered_on=timezone.localdate() - timedelta(days=1),
        key="5e6b0b7e-8c05-4f5e-9b62-0f3f7f4f0002",
    )  # fmt: skip
    page = as_(company.sales_store).get(url(mine) + "?tab=calendar")
    assert "真皮沙发" in page.content.decode()
    assert Contact.objects.count() == 0
