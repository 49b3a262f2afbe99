"""Tapping “call”: the reveal through real pages."""

import pytest

from core.models import AuditEntry
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
