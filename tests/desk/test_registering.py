"""Quick registration through real pages: the number first, one act, nothing typed is lost."""

import re
import threading
from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from core.models import AuditEntry, FormToken
from customers.models import Contact, Customer
from customers.services import lookups
from customers.states import Channel, NextKind, Outcome
from desk.forms.registering import next_weekend
from filings.models import Policy
from followups.models import Obligation, Task
from staff.states import DutyKind, Role
from tests.factories.customers import CustomerFactory
from tests.factories.staff import DutyFactory, PersonFactory

URL, CHECK = "/customers/register/", "/customers/check-phone/"


def form(**changes):
    typed = {
        "key": str(uuid4()), "phone": "138 0013 8001", "wechat": "", "name": "许文博",
        "title": "mr", "address": "天润福熙 5幢1单元802", "need": ["sofa", "dining"],
        "need_text": "浅色布艺", "expected": "fortnight", "grade": "B1", "source": "walk_in",
        "referrer": "", "channel": "store_visit", "next_step": "tomorrow",
        "next_kind_other": "call", "next_on_other": "",
    }  # fmt: skip
    return typed | changes


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("sales_store", 200),
        ("sales_field", 200),
        ("store_manager", 200),
        ("ops_manager", 200),
        ("marketing_manager", 403),
        ("finance", 403),
    ],
)
def test_who_may_register(company, as_, role, status):
    browser = as_(getattr(company, role))
    assert browser.get(URL).status_code == status
    assert browser.post(CHECK, {"phone": "13800138001"}).status_code == status
    assert browser.get(CHECK).status_code in (405, 403)


def test_one_form_makes_the_card_the_reception_and_the_next_step(company, as_):
    browser, guide = as_(company.sales_store), company.sales_store
    answer = browser.post(URL, form())
    customer = Customer.objects.get()
    assert answer.url == f"/customers/{customer.pk}/registered/"
    assert (customer.name, customer.owner, customer.store) == ("许文博", guide, company.store)
    assert customer.expected_purchase == "fortnight"
    assert customer.need.endswith("浅色布艺")
    contact = customer.contacts.get()
    assert (contact.channel, contact.outcome) == (Channel.STORE_VISIT, Outcome.MET)
    assert contact.is_effective
    tomorrow = timezone.localdate() + timedelta(days=1)
    step = Obligation.objects.get(customer=customer, occurrence=contact.pk)
    assert (step.due_on, step.assignee) == (tomorrow, guide)
    done = browser.get(answer.url).content.decode()
    for text in ("许文博", "138****8001"):
        assert text in done
    assert "13800138001" not in done
    assert customer.filings.get().submitted_at == contact.occurred_at, "one tap, one server time"


@pytest.mark.parametrize(
    ("changes", "kind", "day"),
    [
        ({"next_step": "weekend"}, NextKind.STORE_VISIT, next_weekend),
        (
            {"next_step": "other", "next_kind_other": "measuring", "next_on_other": "today+9"},
            NextKind.MEASURING,
            lambda today: today + timedelta(days=9),
        ),
    ],
)
def test_other_next_steps(company, as_, changes, kind, day):
    today = timezone.localdate()
    if changes.get("next_on_other"):
        changes = changes | {"next_on_other": str(today + timedelta(days=9))}
    as_(company.sales_store).post(URL, form(**changes))
    contact = Contact.objects.get()
    assert (contact.next_kind, contact.next_on) == (kind, day(today))


@pytest.mark.parametrize(
    ("today", "weekend"),
    [("2026-03-12", "2026-03-14"), ("2026-03-14", "2026-03-15"), ("2026-03-15", "2026-03-21")],
)
def test_the_weekend_is_the_one_to_come(today, weekend):
    assert next_weekend(date.fromisoformat(today)) == date.fromisoformat(weekend)


@pytest.mark.parametrize(
    ("channel", "outcome"),
    [("call", Outcome.CONNECTED), ("wechat", Outcome.REPLIED), ("home_visit", Outcome.MET)],
)
def test_however_they_came_it_counts_as_reached(company, as_, channel, outcome):
    as_(company.sales_field).post(URL, form(channel=channel))
    assert Contact.objects.get().outcome == outcome


def test_hours_in_which_they_may_be_called_wait_behind_the_fold(company, as_):
    browser = as_(company.sales_store)
    assert '<details class="fold"><summary>' in browser.get(URL).content.decode()
    browser.post(URL, form(contact_from="19:00", contact_until="21:00"))
    card = Customer.objects.get()
    assert (card.contact_from, card.contact_until) == (time(19), time(21))


def test_without_a_phone_a_wechat_id_will_do(company, as_):
    browser = as_(company.sales_store)
    page = browser.post(URL, form(phone="", wechat=""))
    assert page.context["form"].errors["phone"]
    assert browser.post(URL, form(phone="", wechat="xwb1988")).status_code == 302


def test_a_manager_registers_for_somebody_of_the_store(company, as_):
    boss = as_(company.store_manager)
    assert boss.post(URL, form(keeper=company.sales_store.pk)).status_code == 302
    customer = Customer.objects.get()
    assert (customer.owner, customer.registered_by) == (company.sales_store, company.store_manager)
    foreign = boss.post(URL, form(phone="13800138002", keeper=company.stranger.pk))
    assert foreign.context["form"].errors["keeper"]


def test_an_operations_manager_registers_and_receives_nobody(company, as_):
    sent = form(keeper=company.sales_store.pk)
    assert as_(company.ops_manager).post(URL, sent).status_code == 302
    assert Contact.objects.count() == 0
    assert Customer.objects.get().store == company.store


def test_an_assistant_registers_on_behalf_of_the_assisted(company, as_):
    assistant = PersonFactory(role=Role.SALES_STORE, store=company.store)
    DutyFactory(person=assistant, kind=DutyKind.ASSISTANT, assists=company.sales_store)
    as_(assistant).post(URL, form(keeper=company.sales_store.pk))
    contact = Contact.objects.get()
    assert (contact.by, contact.on_behalf_of) == (assistant, company.sales_store)


def test_what_a_form_sends_beside_its_fields_changes_nothing(company, as_):
    more = {"owner": company.stranger.pk, "store": company.other.pk, "registered_at": "2020-01-01"}
    as_(company.sales_store).post(URL, form(keeper=company.stranger.pk, **more))
    customer = Customer.objects.get()
    assert (customer.owner, customer.store) == (company.sales_store, company.store)
    assert customer.registered_at.year != 2020


# once


def test_a_form_sent_five_times_is_one_customer_and_one_answer(company, as_):
    browser, sent = as_(company.sales_store), form()
    answers = {browser.post(URL, sent).url for _ in range(5)}
    assert len(answers) == 1
    assert Customer.objects.count() == Contact.objects.count() == 1
    assert Task.objects.filter(state="open").count() == 1
    assert FormToken.objects.filter(purpose="register").count() == 1


def test_the_next_customer_under_an_old_key_is_not_lost(company, as_):
    browser, sent = as_(company.sales_store), form()
    browser.post(URL, sent)
    other = {**sent, "name": "李秀英", "phone": "138 0013 8002"}
    page = browser.post(URL, other)
    assert page.context["form"].non_field_errors()
    assert 'value="李秀英"' in page.content.decode()
    again = {**other, "key": page.context["form"]["key"].value()}
    assert browser.post(URL, again).status_code == 302
    assert set(Customer.objects.values_list("name", flat=True)) == {"许文博", "李秀英"}


def test_only_a_registration_that_arrived_lets_its_draft_go(company, as_):
    browser = as_(company.sales_store)
    assert "genjin_arrived" not in browser.post(URL, form(name="")).cookies
    assert browser.post(URL, form()).cookies["genjin_arrived"].value == "register"


def send_together(person, forms):
    """Send each form in a thread of its own, signed in as `person`; returns the answers."""
    browser, answers = Client(), []
    browser.force_login(person, backend="staff.backends.PersonBackend")

    def send(sent):
        try:
            twin = Client()
            twin.cookies = browser.cookies
            answers.append(twin.post(URL, sent))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=[sent]) for sent in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_by_twenty_at_once_is_one_customer(company):
    answers = send_together(company.sales_store, [form()] * 20)
    assert len({answer.url for answer in answers}) == 1
    assert len(answers) == 20
    assert Customer.objects.count() == Contact.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_forms_with_one_number_are_one_customer_and_nineteen_sentences(company):
    answers = send_together(company.sales_store, [form() for _ in range(20)])
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [302]
    assert Customer.objects.count() == Contact.objects.count() == 1
    assert FormToken.objects.filter(purpose="register").count() == 1


def test_somebody_elses_form_keeps_what_was_typed_and_gets_a_new_key(company, as_):
    sent = form()
    as_(company.sales_store).post(URL, sent)
    twin = as_(company.stranger)
    page = twin.post(URL, {**sent, "phone": "13800138002"})
    assert page.context["form"].non_field_errors()
    fresh = page.context["form"]["key"].value()
    assert fresh != sent["key"]
    assert twin.post(URL, {**sent, "phone": "13800138002", "key": fresh}).status_code == 302


@pytest.mark.parametrize("key", ["", "x", "\x00", "1" * 5000])
def test_a_damaged_key_loses_nothing(company, as_, key):
    page = as_(company.sales_store).post(URL, form(key=key))
    assert page.status_code == 200
    assert page.context["form"].non_field_errors()
    assert 'value="许文博"' in page.content.decode()
    assert Customer.objects.count() == 0


# the number answers first


@pytest.fixture
def known(company):
    """A customer of another store; leads are not filed here."""
    Policy.objects.filter(trade="furniture").update(is_on=False)
    return CustomerFactory(name="别人的客户", phone="13800138000", owner=company.stranger)


def ask(browser, phone, *, htmx=True):
    headers = {"HX-Request": "true"} if htmx else {}
    return browser.post(CHECK, {"phone": phone}, headers=headers).content.decode()


def test_a_number_is_new_or_ours_never_whose(known, company, as_):
    browser = as_(company.sales_store)
    assert "is-free" in ask(browser, "13800138001")
    answer = ask(browser, "+86 138-0013-8000")
    assert "is-ours" in answer
    assert "<html" not in answer
    for secret in (known.name, company.stranger.name, company.other.name, str(known.pk), "202"):
        assert secret not in answer


def test_ones_own_customer_can_be_opened(known, company, as_):
    assert f"/customers/{known.pk}/" in ask(as_(company.stranger), "13800138000")
    assert f"/customers/{known.pk}/" in ask(as_(company.ops_manager), "13800138000")


@pytest.mark.parametrize("text", ["", "  ", "138", "1380013800", "无", "=1+1", "1" * 300, "\x00"])
def test_what_is_no_number_is_not_looked_up(company, as_, text):
    answer = ask(as_(company.sales_store), text)
    assert "is-wait" in answer
    assert not AuditEntry.objects.filter(verb="look_up").exists()


def test_sixty_look_ups_an_hour_and_then_a_sentence(company, as_, monkeypatch):
    monkeypatch.setattr(lookups, "LOOK_UPS_AN_HOUR", 3)
    browser = as_(company.sales_store)
    for last in range(3):
        assert "is-free" in ask(browser, f"1380013800{last}")
    assert "is-wait" in ask(browser, "13800138009")
    assert browser.post(URL, form()).status_code == 302, "registering goes on"


def test_without_scripts_the_form_comes_back_with_the_answer(known, company, as_):
    browser = as_(company.sales_store)
    page = browser.post(CHECK, form(phone="13800138000")).content.decode()
    assert "is-ours" in page
    assert 'value="许文博"' in page
    assert re.search(r'value="dining"[^>]* checked', page)


def test_a_known_number_is_refused_and_nothing_typed_is_lost(known, company, as_):
    page = as_(company.sales_store).post(URL, form(phone="138 0013 8000"))
    text = page.content.decode()
    assert page.context["form"].errors["phone"]
    assert "is-ours" in text
    for typed in ("许文博", "天润福熙 5幢1单元802", "浅色布艺", "138 0013 8000"):
        assert typed in text
    assert known.name not in text
    assert re.search(r'value="fortnight"[^>]* checked', text)
    assert Customer.objects.count() == 1
    assert FormToken.objects.count() == 0, "the same form can be sent again, mended"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"next_step": "other"}, "next_on_other"),
        ({"next_step": "other", "next_on_other": "2020-01-01"}, "__all__"),
        ({"next_step": "other", "next_on_other": "2099-01-01"}, "__all__"),
        ({"next_step": "other", "next_on_other": "soon"}, "next_on_other"),
        ({"next_step": "never"}, "next_step"),
        ({"grade": "D"}, "grade"),
        ({"grade": ""}, "grade"),
        ({"need": ["yacht"]}, "need"),
        ({"need_text": "字" * 301}, "need_text"),
        ({"contact_from": "19:00"}, "contact_until"),
        ({"contact_from": "21:00", "contact_until": "19:00"}, "contact_until"),
        ({"contact_from": "25:00", "contact_until": "26:00"}, "contact_from"),
        ({"address": "字" * 121}, "address"),
        ({"channel": "pigeon"}, "channel"),
        ({"source": "x"}, "source"),
    ],
)
def test_each_refusal_is_a_sentence_and_writes_nothing(company, as_, changes, field):
    page = as_(company.sales_store).post(URL, form(**changes))
    assert page.status_code == 200
    assert page.context["form"].errors[field]
    assert Customer.objects.count() == Contact.objects.count() == FormToken.objects.count() == 0
    assert "138 0013 8001" in page.content.decode()
