"""Filing with the tap that registers, through real pages: answers, refusals, drafts, the clock."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from customers.models import Access, Attachment, Contact, Customer, Project
from customers.services import lookups
from desk.services import Claim, complete_ready_drafts, file_for
from filings.models import Filing
from filings.services import release_all
from filings.states import CrossState, Invalid
from staff.models import Notice, Region
from tests.customers.test_pictures import picture
from tests.desk.test_registering import URL, ask, form
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory, StoreFactory

NUMBER = "13800138001"
DOOR = "天润福熙5幢1单元802"


def lead(owner, **more):
    """A customer with everything that a filing needs, not filed."""
    said = {
        "name": "别人的客户", "phone": NUMBER, "owner": owner, "address": DOOR, "need": "沙发",
        "expected_purchase": "month", "now": timezone.now() - timedelta(hours=1),
    }  # fmt: skip
    customer = CustomerFactory(**(said | more))
    if not customer.projects.exists():
        Project.objects.create(customer=customer, address=customer.address, opened_by=owner)
    return customer


def filed(customer, filer, *, at=None):
    at = at or timezone.now()
    return file_for(
        customer=customer, claim=Claim(acquired_at=at), filer=filer, by=filer, now=at
    )  # fmt: skip


# the answers


def test_three_answers_and_ones_own(company, as_):
    browser = as_(company.sales_store)
    assert "is-free" in ask(browser, "13800138009")
    customer = lead(company.stranger)
    assert "is-free" in ask(browser, NUMBER), "kept by another, filed by nobody"
    filed(customer, company.stranger)
    assert "is-filed" in ask(browser, NUMBER)
    own = ask(as_(company.stranger), NUMBER)
    assert "is-ours" in own
    assert f"/customers/{customer.pk}/" in own
    old = lead(company.stranger, phone="13800138002", name="老")
    Customer.objects.filter(pk=old.pk).update(bought_count=1)
    assert "is-ours" in ask(browser, "13800138002")


def test_the_answer_is_the_same_to_the_byte_whoever_holds(company, as_):
    """Decision 4: no name, no store, no date, nor whether there is a card at all."""
    browser = as_(company.sales_store)
    customer = lead(company.stranger)
    unknown, unfiled = ask(browser, "13800138007"), ask(browser, NUMBER)
    assert unknown == unfiled
    filed(customer, company.stranger)
    by_store = ask(browser, NUMBER)
    colleague = PersonFactory(store=company.store)
    Customer.objects.filter(pk=customer.pk).update(owner=colleague, store=company.store)
    Filing.objects.update(holder=colleague)
    by_colleague = ask(browser, NUMBER)
    Filing.objects.update(holder=company.sales_field)
    by_field = ask(browser, NUMBER)
    assert by_store == by_colleague == by_field
    for secret in (customer.name, company.stranger.name, colleague.name, "202", company.store.name):
        assert secret not in by_store


def test_look_ups_stay_counted_and_limited(company, as_, monkeypatch):
    monkeypatch.setattr(lookups, "LOOK_UPS_AN_HOUR", 2)
    browser = as_(company.sales_store)
    filed(lead(company.stranger), company.stranger)
    for number in ("13800138005", "13800138006"):
        ask(browser, number)
    assert "is-wait" in ask(browser, NUMBER)
    page = browser.post(URL, form())
    assert page.context["form"].errors["phone"]
    assert "is-filed" not in page.content.decode()
    assert not Filing.objects.filter(filer=company.sales_store).exists()
    assert AuditEntry.objects.filter(verb="look_up").count() == 2


def test_where_the_trade_does_not_file_all_is_as_it_was(company, as_):
    shoes = PersonFactory(store=StoreFactory(trade="shoes"))
    browser = as_(shoes)
    page = browser.get(URL)
    assert not page.context["form"].has_claim
    lead(company.stranger)
    assert "is-ours" in ask(browser, NUMBER)
    assert browser.post(URL, form(phone="13800138002", need=["women"])).status_code == 302
    assert not Filing.objects.exists()


# one tap


@pytest.mark.parametrize(("role", "limits"), [("sales_store", 2), ("sales_field", 3)])
def test_one_tap_registers_and_files(company, as_, role, limits):
    person = getattr(company, role)
    browser = as_(person)
    answer = browser.post(URL, form())
    filing = Filing.objects.get()
    customer = Customer.objects.get()
    assert (filing.filer, filing.invalid, customer.owner) == (person, "", person)
    assert filing.submitted_at == customer.registered_at == Contact.objects.get().occurred_at
    done = browser.get(answer.url)
    text = done.content.decode()
    assert len(done.context["filing"].limits) == limits
    local = timezone.localtime(filing.submitted_at)
    assert local.strftime("%H:%M:%S") in text
    assert ("1/20" in text) == (role == "sales_field")


def test_the_quota_stands_on_the_form_of_field_people_alone(company, as_):
    assert "0/20" in as_(company.sales_field).get(URL).content.decode()
    page = as_(company.sales_store).get(URL)
    assert "/20" not in page.content.decode()
    assert "data-countdown-to" in page.content.decode()


@pytest.mark.parametrize(
    "changes",
    [{"address": "天润福熙"}, {"address": ""}, {"need": [], "need_text": ""}, {"expected": ""}],
)
def test_what_lacks_something_is_a_card_and_a_draft_until_the_card_is_complete(
    company, as_, changes
):
    browser = as_(company.sales_store)
    answer = browser.post(URL, form(**changes))
    customer = Customer.objects.get()
    assert (customer.name, customer.address) == (
        "许文博",
        changes.get("address", form()["address"]),
    )
    draft = Filing.objects.get()
    assert draft.submitted_at is None
    text = browser.get(answer.url).content.decode()
    assert f"/customers/{customer.pk}/edit/" in text
    assert "is-draft" in text
    rival = as_(company.stranger)
    assert "is-free" in ask(rival, NUMBER), "a draft protects nobody (FIL-09)"

    page = browser.get(f"/customers/{customer.pk}/edit/")
    assert page.context["draft"] in page.content.decode()
    assert page.context["draft"]
    card = page.context["form"]
    sent = {name: card[name].value() or "" for name in card.fields if card[name].value()}
    sent |= {"address": DOOR, "need": "沙发", "expected_purchase": "month"}
    saved = browser.post(f"/customers/{customer.pk}/edit/", sent)
    assert saved.url == f"/customers/{customer.pk}/registered/"
    draft.refresh_from_db()
    assert (draft.invalid, draft.submitted_at is not None) == ("", True)
    assert draft.acquired_at < draft.submitted_at
    assert "is-filed" in ask(rival, NUMBER)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"acquired": "today"}, "acquired_time"),
        ({"acquired": "yesterday"}, "acquired_time"),
        ({"acquired": "today", "acquired_time": "23:59:59"}, "acquired_time"),
        ({"acquired": "yesterday", "acquired_time": "25:00"}, "acquired_time"),
        ({"acquired": "tomorrow"}, "acquired"),
        ({"project_reason": "新房", "address": ""}, "address"),
        ({"project_reason": "字" * 201}, "project_reason"),
        ({"cross_reason": "9.9"}, "cross_reason"),
    ],
)
def test_each_refusal_of_a_claim_is_a_sentence_and_writes_nothing(company, as_, changes, field):
    page = as_(company.sales_store).post(URL, form(**changes))
    assert page.status_code == 200
    assert page.context["form"].errors[field]
    assert not Customer.objects.exists()
    assert 'value="许文博"' in page.content.decode()


def test_data_of_more_than_a_day_ago_are_registered_and_not_filed(company, as_):
    browser = as_(company.sales_store)
    opened = (timezone.now() - timedelta(hours=25)).isoformat()
    answer = browser.post(URL, form(opened_at=opened))
    assert Filing.objects.get().invalid == Invalid.LATE_24H
    text = browser.get(answer.url).content.decode()
    assert "is-refused" in text
    assert "24" in text


@pytest.mark.parametrize("opened", ["", "soon", "2026-01-01T00:00:00", "9999-12-31T00:00:00+00:00"])
def test_a_damaged_hour_of_opening_is_now(company, as_, opened):
    as_(company.sales_store).post(URL, form(opened_at=opened))
    assert Filing.objects.get().invalid == ""


def test_a_card_without_a_number_is_not_filed(company, as_):
    assert as_(company.sales_store).post(URL, form(phone="", wechat="xwb")).status_code == 302
    assert not Filing.objects.exists()


# somebody who has a card


def test_a_filed_number_is_refused_recorded_and_nothing_typed_is_lost(company, as_):
    customer = lead(company.stranger, wechat="")
    filed(customer, company.stranger)
    sent = form(wechat="mine")
    page = as_(company.sales_store).post(URL, sent)
    text = page.content.decode()
    assert page.context["form"].errors["phone"]
    assert "is-filed" in text
    for typed in ("许文博", DOOR[:4], "浅色布艺"):
        assert typed in text
    assert customer.name not in text
    assert page.context["form"]["key"].value() != sent["key"]
    refused = Filing.objects.get(filer=company.sales_store)
    assert refused.invalid == Invalid.LATER_FILER
    customer.refresh_from_db()
    assert (customer.owner, customer.wechat) == (company.stranger, "")
    assert not Access.objects.exists()
    assert Contact.objects.count() == 0
    contest = reverse("filings:contest", args=[customer.pk])
    assert contest in text, "who has tried may ask for a ruling"
    assert as_(company.sales_store).get(contest).status_code == 200
    assert contest not in ask(as_(company.sales_field), NUMBER)


def test_a_free_card_out_of_reach_is_filed_and_only_its_gaps_are_filled(company, as_):
    customer = lead(company.stranger, need="")
    answer = as_(company.sales_store).post(URL, form())
    assert answer.url == f"/customers/{customer.pk}/registered/"
    customer.refresh_from_db()
    assert (customer.name, customer.owner) == ("别人的客户", company.stranger)
    assert customer.need.endswith("浅色布艺")
    assert Access.objects.get().person == company.sales_store
    assert Contact.objects.get().by == company.sales_store
    assert Filing.objects.get().invalid == ""


def test_on_a_card_out_of_reach_nothing_incomplete_is_drafted(company, as_):
    customer = lead(company.stranger)
    page = as_(company.sales_store).post(URL, form(address="天润福熙"))
    assert page.context["form"].errors["phone"]
    assert not Filing.objects.exists()
    assert customer.name not in page.content.decode()


def test_who_was_silent_too_long_loses_the_customer_and_hears_of_it(company, as_):
    customer = lead(company.stranger)
    filed(customer, company.stranger, at=timezone.now() - timedelta(days=11))
    answer = as_(company.sales_store).post(URL, form())
    assert answer.status_code == 302
    customer.refresh_from_db()
    assert customer.owner == company.sales_store
    notice = Notice.objects.get(person=company.stranger)
    assert customer.name not in str(notice.params)


def test_nobodys_card_and_a_leavers_go_to_the_filer(company, as_):
    for index, is_gone in enumerate((True, False)):
        number = f"1380013801{index}"
        leaver = PersonFactory(store=company.other, is_active=False)
        customer = lead(leaver, phone=number)
        if not is_gone:
            Customer.objects.filter(pk=customer.pk).update(owner=None)
        as_(company.sales_store).post(URL, form(phone=number))
        customer.refresh_from_db()
        assert customer.owner == company.sales_store


def test_another_home_of_a_filed_customer_is_a_project_of_its_own(company, as_):
    customer = lead(company.stranger)
    filed(customer, company.stranger)
    sent = form(address="水岸名都3幢2单元501", project_reason="给父母买的新房")
    answer = as_(company.sales_store).post(URL, sent)
    assert answer.status_code == 302
    further = Filing.objects.get(filer=company.sales_store)
    assert (further.invalid, further.is_new_project) == ("", True)
    assert further.project.address == "水岸名都3幢2单元501"
    customer.refresh_from_db()
    assert customer.owner == company.stranger
    assert Access.objects.get().person == company.sales_store


def test_the_same_home_under_another_name_is_no_other_project(company, as_):
    customer = lead(company.stranger)
    Project.objects.update(address_key="天润福熙|5|1|802")
    filed(customer, company.stranger)
    page = as_(company.sales_store).post(URL, form(address=DOOR, project_reason="新房"))
    assert "is-filed" in page.content.decode()
    assert Filing.objects.get(filer=company.sales_store).invalid == Invalid.LATER_FILER


def test_a_buyer_is_filed_for_another_home_alone(company, as_):
    customer = lead(company.stranger)
    Customer.objects.filter(pk=customer.pk).update(bought_count=1)
    browser = as_(company.sales_store)
    page = browser.post(URL, form())
    assert page.status_code == 200
    assert Filing.objects.get().invalid == Invalid.OUT_OF_SCOPE
    sent = form(address="水岸名都3幢2单元501", project_reason="新房")
    assert browser.post(URL, sent).status_code == 302
    customer.refresh_from_db()
    assert customer.owner == company.stranger, "the keeper of a buyer stays"


def test_ones_own_standing_filing_is_not_filed_twice(company, as_):
    browser = as_(company.sales_store)
    browser.post(URL, form())
    page = browser.post(URL, form())
    assert page.context["form"].errors["phone"]
    assert "is-ours" in page.content.decode()
    assert Filing.objects.count() == Customer.objects.count() == 1


def test_a_form_sent_five_times_is_one_filing_and_one_answer(company, as_):
    browser, sent = as_(company.sales_store), form()
    assert len({browser.post(URL, sent).url for _ in range(5)}) == 1
    assert Filing.objects.count() == 1


# another region


@pytest.fixture
def far(company):
    Region.objects.filter(pk=company.region.pk).update(name="杭州", places="杭州、余杭")
    Region.objects.create(name="宁波", places="宁波、鄞州")
    return "宁波市鄞州区水岸名都3幢2单元501"


def test_an_address_elsewhere_asks_for_a_reason_and_keeps_what_was_typed(company, as_, far):
    photo = SimpleUploadedFile("proof.jpg", picture(), "image/jpeg")
    browser = as_(company.sales_store)
    page = browser.post(URL, form(address=far))
    assert page.context["form"].errors["cross_reason"]
    assert 'value="许文博"' in page.content.decode()
    assert not Customer.objects.exists()
    page = browser.post(URL, form(address=far, cross_reason="2.1"))
    assert page.context["form"].errors["proof"]
    answer = browser.post(URL, form(address=far, cross_reason="2.1", proof=photo))
    filing = Filing.objects.get()
    assert (filing.cross_state, filing.submitted_at) == (CrossState.ASKED, None)
    assert filing.proof == Attachment.objects.get()
    assert "is-waiting" in browser.get(answer.url).content.decode()


def test_an_address_elsewhere_may_stay_a_card(company, as_, far):
    answer = as_(company.sales_store).post(URL, form(address=far, cross_reason="card"))
    assert answer.status_code == 302
    assert not Filing.objects.exists()


@pytest.mark.parametrize(
    ("address", "tone"),
    [("", ""), ("天润福熙", "short"), ("天润福熙7幢", "house"), (DOOR, "door"),
     ("宁波市鄞州区水岸名都3幢2单元501", "far")],
)  # fmt: skip
def test_the_address_is_judged_while_it_is_typed(company, as_, far, address, tone):
    page = as_(company.sales_store).post("/customers/check-address/", {"address": address})
    assert f"is-{tone}" in page.content.decode() if tone else "is-" not in page.content.decode()


def test_the_clock_follows_what_is_stated(company, as_):
    browser, url = as_(company.sales_store), "/customers/filing-clock/"
    assert "data-countdown-to" in browser.post(url, {"acquired": "now"}).content.decode()
    hour = timezone.localtime() - timedelta(hours=25)
    if hour.date() == timezone.localdate() - timedelta(days=1):
        late = {"acquired": "yesterday", "acquired_time": hour.strftime("%H:%M")}
        assert "is-late" in browser.post(url, late).content.decode()
    for nonsense in ({}, {"acquired_time": "25:99", "acquired": "today", "opened_at": "\x00"}):
        assert browser.post(url, nonsense).status_code == 200


# the card's own button


@pytest.mark.parametrize(
    ("role", "status"),
    [("sales_store", 200), ("store_manager", 200), ("sales_field", 404), ("ops_manager", 403),
     ("marketing_manager", 403), ("finance", 403)],
)  # fmt: skip
def test_who_may_file_a_card(company, as_, role, status):
    customer = lead(company.sales_store, store=company.store)
    assert as_(getattr(company, role)).get(f"/customers/{customer.pk}/file/").status_code == status


def test_a_card_is_filed_by_its_button(company, as_):
    customer = lead(company.sales_store)
    browser = as_(company.sales_store)
    url = f"/customers/{customer.pk}/file/"
    project = customer.projects.get()
    page = browser.post(
        url, {"project": "new", "acquired": "now", "address": "水岸名都3幢2单元501"}
    )
    assert page.context["form"].errors["project_reason"]
    assert browser.post(url, {"project": project.pk, "acquired": "now"}).status_code == 302
    assert Filing.objects.get().invalid == ""
    page = browser.post(url, {"project": project.pk, "acquired": "now"})
    assert page.context["form"].non_field_errors()
    assert browser.get(url).status_code == 200
    for bad in ("999999", "x", "\x00"):
        assert browser.post(url, {"project": bad}).status_code == 200
    assert browser.post("/customers/999999/file/").status_code == 404
    assert browser.delete(url).status_code == 405


def test_where_nothing_is_filed_there_is_no_button_and_no_page(company, as_):
    seller = PersonFactory(store=StoreFactory(trade="shoes"))
    customer = lead(seller, store=seller.store)
    browser = as_(seller)
    assert browser.get(f"/customers/{customer.pk}/file/").status_code == 404
    assert "/file/" not in browser.get(f"/customers/{customer.pk}/").content.decode()


def test_who_gave_a_customer_up_waits(company, as_):
    browser = as_(company.sales_store)
    browser.post(URL, form())
    release_all(
        customer=Customer.objects.get(), holder=company.sales_store, by=company.sales_store,
        now=timezone.now(),
    )  # fmt: skip
    page = browser.post(URL, form())
    assert page.context["form"].errors["phone"]
    assert "is-free" in page.content.decode()


def test_the_page_asks_as_little_for_one_filing_as_for_many(company, as_):
    browser = as_(company.sales_store)
    pages = []
    for number in range(12):
        answer = browser.post(
            URL, form(phone=f"1380013{8100 + number}", address=f"天润福熙{number + 1}幢1单元802")
        )
        pages.append(answer.url)
    browser.get(pages[0])
    with CaptureQueriesContext(connection) as first:
        browser.get(pages[0])
    filed(lead(company.stranger), company.stranger)
    with CaptureQueriesContext(connection) as last:
        browser.get(pages[-1])
    assert len(first) == len(last)
    assert len(first) < 40


def test_a_number_written_on_its_own_page_completes_the_draft(company, as_):
    who = lead(company.sales_store, phone="", wechat="zhou_yaqin")
    draft = file_for(customer=who, claim=Claim(acquired_at=timezone.now()),
                     filer=company.sales_store, by=company.sales_store)  # fmt: skip
    assert draft.submitted_at is None
    assert complete_ready_drafts(now=timezone.now()) == 0
    as_(company.sales_store).post(f"/customers/{who.pk}/numbers/", {"phone": NUMBER})
    assert complete_ready_drafts(now=timezone.now()) == 1
    draft.refresh_from_db()
    assert (draft.invalid, draft.submitted_at is None) == ("", False)
