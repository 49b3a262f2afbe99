"""Designers: written once, called in time, seen by those who work with them."""

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.phones import normalise
from customers.models import Customer, Designer
from customers.services.designers import (
    DesignerNotSaved,
    add_designer,
    change_designer,
    log_designer_contact,
)
from tests.factories.customers import CustomerFactory

NUMBER = "13800138001"


def make(by, **values):
    values = {"name": "王设计", "phone": normalise(NUMBER), **values}
    return add_designer(store=by.store, keeper=by, by=by, now=timezone.now(), key=uuid4(), **values)


def test_a_number_is_one_designers(company):
    make(company.sales_store)
    with pytest.raises(DesignerNotSaved) as refusal:
        make(company.sales_store, name="李设计")
    assert refusal.value.codes == ("number_is_known",)


def test_the_same_form_twice_is_one_designer(company):
    by, key, now = company.sales_store, uuid4(), timezone.now()
    for _ in range(2):
        add_designer(name="王", phone=None, store=by.store, keeper=by, by=by, now=now, key=key)
    assert Designer.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": ""}, "name_missing"),
        ({"furniture_rate": Decimal(101)}, "rate_not_a_share"),
    ],
)
def test_what_cannot_be_is_refused(company, values, code):
    with pytest.raises(DesignerNotSaved) as refusal:
        make(company.sales_store, **values)
    assert refusal.value.codes == (code,)


def test_a_contact_says_when_the_next_is_due(company):
    by, now = company.sales_store, timezone.now()
    designer = make(by, cadence_days=14)
    today = by.store.today(now)
    assert designer.next_on == today + timedelta(days=14)
    asked = {"designer": designer, "channel": "call", "note": "x", "next_step": "", "by": by}
    log_designer_contact(next_on=today + timedelta(days=2), now=now, key=uuid4(), **asked)
    designer.refresh_from_db()
    assert (designer.next_on, designer.last_contact_at) == (today + timedelta(days=2), now)
    with pytest.raises(DesignerNotSaved):
        log_designer_contact(next_on=today - timedelta(days=1), now=now, key=uuid4(), **asked)


def test_an_empty_box_keeps_the_number(company):
    designer = make(company.sales_store)
    kept = {"designer": designer, "keeper": designer.keeper, "is_active": True}
    change_designer(name="王大设计", phone=None, by=designer.keeper, now=timezone.now(), **kept)
    designer.refresh_from_db()
    assert (designer.name, designer.masked) == ("王大设计", "138****8001")


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("sales_store", 200), ("store_manager", 200), ("ops_manager", 200),
        ("marketing_manager", 200), ("sales_field", 404), ("merchandiser", 403), ("admin", 403),
    ],
)  # fmt: skip
def test_who_sees_a_designer(company, as_, role, status):
    designer = make(company.sales_store)
    person = getattr(company, role)
    page = as_(person).get(f"/designers/{designer.pk}/")
    assert page.status_code == status
    if status == 200:
        assert NUMBER not in page.content.decode()


def test_the_pages_write_and_never_show_a_number(company, as_):
    browser = as_(company.sales_store)
    form = {"key": uuid4(), "name": "王设计", "phone": NUMBER, "store": company.store.pk}
    answer = browser.post("/designers/new/", form)
    assert answer.status_code == 302
    page = browser.get(answer.url).content.decode()
    assert "138****8001" in page
    edit = browser.get(answer.url + "edit/").content.decode()
    assert NUMBER not in page + edit + browser.get("/designers/").content.decode()
    note = {"key": uuid4(), "channel": "call", "note": f"打 {NUMBER}"}
    sent = browser.post(answer.url, note)
    assert sent.status_code == 302
    draft = re.search(r'data-draft="([^"]+)"', page)[1]
    assert sent.cookies["genjin_arrived"].value == draft
    assert NUMBER not in browser.get(answer.url).content.decode()


def test_a_list_takes_as_many_queries_for_twelve_as_for_one(company, as_):
    browser, counts = as_(company.store_manager), []
    for more in (1, 11):
        for _ in range(more):
            make(company.sales_store, phone=None)
        browser.get("/designers/")
        with CaptureQueriesContext(connection) as ran:
            browser.get("/designers/")
        counts.append(len(ran))
    assert counts[0] == counts[1]


def test_a_customer_a_designer_brings_names_them(company, as_):
    designer = make(company.sales_store)
    browser = as_(company.sales_store)
    page = browser.get(f"/customers/register/?designer={designer.pk}").content.decode()
    assert 'value="王设计"' in page
    form = {
        "key": uuid4(), "name": "新客户", "phone": "13900139000", "source": "designer",
        "referrer": "王设计", "grade": "A", "channel": "store_visit", "next_step": "tomorrow",
    }  # fmt: skip
    assert browser.post("/customers/register/", form).status_code == 302
    assert Customer.objects.get(name="新客户").designer == designer
    assert "新客户" in browser.get(f"/designers/{designer.pk}/").content.decode()


def test_somebody_a_customer_brings_stands_in_the_chain(company, as_):
    first = CustomerFactory(owner=company.sales_store, name="老客户")
    browser = as_(company.sales_store)
    page = browser.get(f"/customers/register/?brought_by={first.pk}").content.decode()
    assert 'value="老客户"' in page
    form = {
        "key": uuid4(), "name": "朋友", "phone": "13900139000", "source": "owner_referral",
        "referrer": "老客户", "brought_by": first.pk, "grade": "A", "channel": "store_visit",
        "next_step": "tomorrow",
    }  # fmt: skip
    assert browser.post("/customers/register/", form).status_code == 302
    assert Customer.objects.get(name="朋友").referrer == first
    tab = browser.get(f"/customers/{first.pk}/?tab=referrals").content.decode()
    assert "朋友" in tab
