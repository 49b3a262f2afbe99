"""Tapping “call”: the reveal through real pages."""

import pytest

from core.models import AuditEntry
from customers import services
from customers.models import PhoneReveal
from tests.factories.customers import CustomerFactory

JSON = {"Accept": "application/json"}


@pytest.fixture
def mine(company):
    return CustomerFactory(phone="13911204476", owner=company.sales_store)


def url(customer):
    return f"/customers/{customer.pk}/reveal/"


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("sales_store", 200),
        ("store_manager", 200),
        ("ops_manager", 200),
        ("stranger", 404),
        ("marketing_manager", 403),
        ("finance", 403),
        ("admin", 403),
    ],
)
def test_who_may_call(mine, company, as_, role, status):
    answer = as_(getattr(company, role)).post(url(mine), headers=JSON)
    assert answer.status_code == status
    assert PhoneReveal.objects.count() == (status == 200)
    assert ("13911204476" in answer.content.decode()) is (status == 200)


def test_the_answer_is_a_link_that_nobody_stores(mine, company, as_):
    browser = as_(company.sales_store)
    answer = browser.post(url(mine), headers=JSON)
    assert answer.json() == {"tel": "tel:+8613911204476"}
    assert "no-store" in answer.headers["Cache-Control"]
    page = browser.post(url(mine))
    assert 'href="tel:+8613911204476"' in page.content.decode()
    assert "139 1120 4476" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert PhoneReveal.objects.count() == 1
    assert AuditEntry.objects.filter(verb="reveal", by=company.sales_store).count() == 2


def test_a_number_is_never_read_by_getting(mine, company, as_):
    assert as_(company.sales_store).get(url(mine)).status_code == 405


def test_a_call_carries_its_token(mine, company, as_):
    browser = as_(company.sales_store, enforce_csrf_checks=True)
    assert browser.post(url(mine)).status_code == 403
    assert PhoneReveal.objects.count() == 0


def test_the_limit_is_a_sentence(mine, company, as_, settings):
    settings.REVEALS_A_DAY = 0
    for headers in (JSON, {}):
        answer = as_(company.sales_store).post(url(mine), headers=headers)
        assert answer.status_code == 429
        assert "13911204476" not in answer.content.decode()
    assert PhoneReveal.objects.count() == 0


@pytest.mark.parametrize("phone", ["", "x", "-1", "9" * 30, "1"])
def test_a_number_that_is_not_on_the_card_is_not_opened(mine, company, as_, phone):
    other = CustomerFactory(phone="13800138000", owner=company.stranger)
    browser = as_(company.sales_store)
    for sent in (phone, str(other.phones.get().pk)):
        answer = browser.post(url(mine), {"phone": sent}, headers=JSON)
        assert "13800138000" not in answer.content.decode()


def test_a_card_without_a_number_says_so(company, as_):
    card = CustomerFactory(phone="", wechat="xwb", owner=company.sales_store)
    answer = as_(company.sales_store).post(url(card))
    assert answer.status_code == 409


# numbers that are refused as known answer whose they are not: counted like look-ups


@pytest.fixture
def known(company):
    return CustomerFactory(phone="13800138000", owner=company.stranger)


def looked_up(person):
    return AuditEntry.objects.filter(verb="look_up", by=person).count()


def edit(browser, customer, **typed):
    address = f"/customers/{customer.pk}/edit/"
    form = browser.get(address).context["form"]
    return browser.post(
        address, {"seen": form["seen"].value(), "name": customer.name, "grade": "A", **typed}
    )


@pytest.mark.parametrize("box", ["phone", "phone2"])
def test_numbers_tried_on_a_card_are_counted_and_limited(
    mine, known, company, as_, monkeypatch, box
):
    monkeypatch.setattr(services.lookups, "LOOK_UPS_AN_HOUR", 1)
    browser = as_(company.sales_store)
    first = list(edit(browser, mine, **{box: "13800138000"}).context["form"].errors[box])
    assert looked_up(company.sales_store) == 1
    CustomerFactory(phone="13800138777", owner=company.stranger)
    for number in ("13800138777", "13911209999"):
        answer = edit(browser, mine, **{box: number})
        assert answer.status_code == 200, "a free number says no more than a known one"
        limited = list(answer.context["form"].errors[box])
        assert limited != first
        assert "1" in limited[0]
    assert mine.phones.count() == 1
    assert looked_up(company.sales_store) == 1


def test_numbers_tried_by_registering_are_counted_and_limited(known, company, as_, monkeypatch):
    monkeypatch.setattr(services.lookups, "LOOK_UPS_AN_HOUR", 1)
    CustomerFactory(phone="13800138777", owner=company.stranger)
    browser, said = as_(company.sales_store), []
    for number in ("13800138000", "13800138777"):
        sent = {
            "key": browser.get("/customers/register/").context["form"]["key"].value(),
            "phone": number, "name": "许文博", "grade": "A", "source": "walk_in",
            "channel": "store_visit", "next_step": "tomorrow",
        }  # fmt: skip
        answer = browser.post("/customers/register/", sent)
        said.append(
            (list(answer.context["form"].errors["phone"]), answer.context["answer"]["tone"])
        )
    assert [tone for _errors, tone in said] == ["free", "wait"]
    assert said[0][0] != said[1][0]
    assert looked_up(company.sales_store) == 1
