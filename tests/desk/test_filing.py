"""Filing with the tap that registers, through real pages: answers, drafts, regions, the clock."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.models import AuditEntry
from customers.models import Attachment, Contact, Customer
from customers.services import lookups
from filings.models import Filing
from filings.states import CrossState, Invalid
from staff.models import Region
from tests.customers.test_pictures import picture
from tests.desk.leads import DOOR, NUMBER, filed, lead
from tests.desk.test_registering import CHECK, URL, ask, form
from tests.factories.staff import PersonFactory, StoreFactory

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


def test_the_answer_of_the_number_stays_beside_what_else_is_wrong(company, as_):
    Region.objects.create(name="西安", places="西安、雁塔")
    page = as_(company.sales_store).post(URL, form(address="西安市雁塔区曲江公馆3幢2单元501"))
    assert page.context["form"].errors["cross_reason"]
    assert "is-free" in page.content.decode()
    assert AuditEntry.objects.filter(verb="look_up").count() == 1


def test_a_reason_that_is_typed_stays_while_the_number_is_asked_again(company, as_):
    filed(lead(company.stranger), company.stranger)
    sent = {"phone": NUMBER, "project_reason": "给父母买的新房"}
    page = as_(company.sales_store).post(CHECK, sent, headers={"HX-Request": "true"})
    assert "给父母买的新房" in page.content.decode()
