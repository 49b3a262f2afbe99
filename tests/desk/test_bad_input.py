"""Bad input of every kind through the real pages: a sentence or the text as typed, never a 500."""

import json
import urllib.parse
from html import escape
from pathlib import Path

import pytest
from django.test import Client

from core.phones import normalise
from customers.models import Customer
from customers.services import update_customer
from tests.desk.test_cards import card_form
from tests.desk.test_registering import form
from tests.factories.customers import NOW, CustomerFactory

DATA = Path(__file__).parent.parent / "data"
CASES = json.loads((DATA / "bad_inputs_text.json").read_text())["cases"]
NOTES = json.loads((DATA / "bad_inputs_notes.json").read_text())["cases"]
NAMES = [case for case in CASES if case["category"] == "name" and case["kind"] == "text"]
PHONES = [case for case in CASES if case["category"] == "phone"]
REGISTER = "/customers/register/"
FORM_ENCODED = "application/x-www-form-urlencoded"


def case_id(case):
    return case["id"]


def text_of(case):
    """The case's text; a very long one is told as a unit and a length."""
    if "repeated" not in case:
        return case["value"]
    unit, length = case["repeated"]
    return (unit * (length // len(unit) + 1))[:length]


def kept(case):
    return case["value"].replace("\r", "")


@pytest.mark.parametrize("case", NAMES, ids=case_id)
def test_a_name_is_kept_as_typed_or_refused_in_words(company, as_, case):
    browser = as_(company.sales_store)
    answer = browser.post(REGISTER, form(name=case["value"]))
    if case["expect"].startswith("reject"):
        assert answer.status_code == 200
        assert answer.context["form"].errors["name"]
        assert Customer.objects.count() == 0
        return
    customer = Customer.objects.get()
    assert customer.name == kept(case)
    for page in (answer.url, "/customers/", f"/customers/{customer.pk}/", "/search/?q=许"):
        text = browser.get(page).content.decode()
        assert "<script>alert" not in text
    shown = browser.get("/customers/").content.decode()
    assert escape(customer.name) in shown


@pytest.mark.parametrize("case", NAMES, ids=case_id)
def test_a_card_takes_the_same_names(company, as_, case):
    customer = CustomerFactory(owner=company.sales_store)
    browser = as_(company.sales_store)
    answer = browser.post(
        f"/customers/{customer.pk}/edit/", card_form(browser, customer, name=case["value"])
    )
    assert answer.status_code == (200 if case["expect"].startswith("reject") else 302)


@pytest.mark.parametrize(
    "body",
    [
        b"name=%C5%C5%FD%FE&phone=13800138001",
        b"name=%ED%A0%80&phone=13800138001",
        b'{"name":"\\u5f20\\ud800"}',
        b"name=%00&phone=%00&address=%00&key=%00",
        b"\xff\xfe\x00",
        b"name=" + b"%E5%BC%A0" * 1000,
    ],
)
def test_a_broken_body_is_refused_and_saved_by_nobody(company, as_, body):
    answer = as_(company.sales_store).post(REGISTER, body, content_type=FORM_ENCODED)
    assert answer.status_code in (200, 400)
    assert Customer.objects.count() == 0


def test_a_name_of_a_million_characters_is_turned_away(company, as_):
    body = "name=" + urllib.parse.quote("张") * 1_000_000
    answer = as_(company.sales_store).post(REGISTER, body, content_type=FORM_ENCODED)
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize("case", PHONES, ids=case_id)
def test_a_phone_is_one_number_or_refused_in_words(company, as_, case):
    browser = as_(company.sales_store)
    answer = browser.post(REGISTER, form(phone=case["value"]))
    is_for_sheets = case["field"].startswith("import.")
    if case["expect"].startswith("reject") or is_for_sheets:
        assert answer.status_code == 200
        assert answer.context["form"].errors["phone"]
        assert "许文博" in answer.content.decode()
        assert Customer.objects.count() == 0
        return
    assert answer.status_code == 302
    number = Customer.objects.get().phones.get()
    assert number.masked == normalise(case["value"]).masked
    assert number.is_placeholder is (case["expect"] == "accept_flag")


@pytest.mark.parametrize("case", PHONES, ids=case_id)
def test_a_card_takes_the_same_phones(company, as_, case):
    customer = CustomerFactory(owner=company.sales_store)
    browser = as_(company.sales_store)
    url = f"/customers/{customer.pk}/edit/"
    answer = browser.post(url, card_form(browser, customer, phone2=case["value"]))
    is_for_sheets = case["field"].startswith("import.")
    is_refused = case["expect"].startswith("reject") or is_for_sheets
    if not case["value"].strip():
        assert answer.status_code == 302
        assert customer.phones.count() == 1
        return
    assert answer.status_code == (200 if is_refused else 302)
    assert customer.phones.count() == (1 if is_refused else 2)


@pytest.mark.parametrize("case", NOTES, ids=case_id)
def test_a_note_is_kept_as_typed_and_shown_escaped(company, as_, case):
    field = "address" if case["field"].endswith("address") else "note"
    text, longest = text_of(case), {"address": 120, "note": 1000}[field]
    customer = CustomerFactory(owner=company.sales_store)
    browser = as_(company.sales_store)
    url = f"/customers/{customer.pk}/edit/"
    answer = browser.post(url, card_form(browser, customer, **{field: text}))
    customer.refresh_from_db()
    if len(text) > longest:
        assert answer.context["form"].errors[field]
        assert getattr(customer, field) == ""
        return
    assert answer.status_code == 302
    assert getattr(customer, field) == text.replace("\r\n", "\n")
    page = browser.get(f"/customers/{customer.pk}/").content.decode()
    assert "<svg/onload" not in page
    masked = as_(company.marketing_manager).get(f"/customers/{customer.pk}/").content.decode()
    for digits in ("13800138000", "1 3 8 0 0 1 3 8 0 0 0"):
        assert digits not in masked


# requests


@pytest.mark.parametrize(
    "path",
    [
        "/customers/?q=%00",
        "/search/?q=%00",
        "/customers/?q=" + "a" * 5000,
        "/customers/?sort=%00",
        "/customers/?after=%F0%9F%98%80",
        "/customers/?cols=%00",
        "/customers/99999999999999999999/",
        "/customers/-1/",
        "/customers/1/delete",
        "/customers/../../settings.py",
        "/customers/%00/",
    ],
)
def test_an_address_that_means_nothing_is_refused(company, as_, path):
    assert as_(company.ops_manager).get(path).status_code in (400, 404)


@pytest.mark.parametrize(
    "name", ["q", "sort", "after", "before", "cols", "part", "page_size", "due"]
)
@pytest.mark.parametrize(
    "value",
    ["", "%", "99999999999999999999", "-1", "[]", "a" * 3000, "😀", "' OR 1=1 --", "\u202e"],
)
def test_no_parameter_of_the_list_can_break_it(company, as_, name, value):
    CustomerFactory(owner=company.sales_store)
    browser = as_(company.store_manager)
    for path in ("/customers/", "/customers/export/"):
        answer = browser.get(path, {name: [value, value]})
        assert answer.status_code in (200, 400)


def test_one_parameter_given_twice_does_no_harm(company, as_):
    CustomerFactory(owner=company.sales_store)
    answer = as_(company.store_manager).get("/customers/?grade=A&grade=D&q=a&q=b&after=&after=x")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "path",
    ["register/", "check-phone/", "1/edit/", "1/grade/", "1/quiet/", "1/reveal/", "1/keeper/"],
)
def test_a_form_without_its_token_is_refused(company, path):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(company.store_manager, backend="staff.backends.PersonBackend")
    assert browser.post(f"/customers/{path}", form()).status_code == 403


@pytest.mark.parametrize("path", ["", "register/", "check-phone/", "1/", "1/edit/", "1/reveal/"])
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_other_method_does_anything(company, as_, path, method):
    answer = getattr(as_(company.store_manager), method)(f"/customers/{path}")
    assert answer.status_code in (404, 405)


def test_each_field_holds_what_breaks_others(company, as_):
    """Every text field of the card with each nasty text at once, read back as typed."""
    customer = CustomerFactory(owner=company.sales_store)
    browser = as_(company.sales_store)
    for text in ("<b>x</b>", "{{ 7*7 }}", "%s%n", "\\", "=cmd|' /C calc'!A0", "1e309"):
        fields = ("wechat", "need", "budget", "address", "contact_time", "note")
        sent = card_form(browser, customer, **dict.fromkeys(fields, text))
        assert browser.post(f"/customers/{customer.pk}/edit/", sent).status_code == 302
        customer.refresh_from_db()
        assert {getattr(customer, field) for field in fields} == {text}
        page = browser.get(f"/customers/{customer.pk}/").content.decode()
        assert "<b>x</b>" not in page
    update_customer(customer=customer, by=company.sales_store, now=NOW, note="")
