"""A form whose guard no longer fits, and requests that cannot be read, get a page in words."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "这张表已失效"), ("en", "expired")])
def test_an_expired_form_leads_back_to_itself(company, language, words):
    person = company.sales_store
    person.language = language
    person.save(update_fields=["language"])
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person, backend="staff.backends.PersonBackend")
    page = browser.post("/customers/register/", {"name": "许文博"})
    assert page.status_code == 403
    text = page.content.decode()
    assert words in text
    assert 'href="/customers/register/"' in text
    assert "DEBUG" not in text


def test_a_condition_that_is_none_gets_a_page(company, as_):
    page = as_(company.sales_store).get("/customers/?page=abc")
    assert page.status_code == 400
    assert "这个地址无法识别" in page.content.decode()


def test_a_megabyte_is_answered_in_words(company, as_):
    page = as_(company.sales_store).post("/customers/register/", {"name": "字" * 900_000})
    assert page.status_code == 400
    assert "这个地址无法识别" in page.content.decode()
