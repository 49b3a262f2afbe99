"""Numbers typed into free text: masked on every page, for every role."""

import pytest
from django.utils import timezone

from customers import services as customers
from customers.models import Customer
from customers.rules import NextStep
from customers.states import Channel, NextKind, Outcome, Reason
from followups.models import Task
from followups.services import log_contact
from tests.factories.customers import CustomerFactory

NUMBER, TYPED = "13800138000", "138 0013 8000"
ROLES = ("sales_store", "store_manager", "ops_manager", "marketing_manager")


@pytest.fixture
def mine(company):
    """A customer whose every free text holds a number, with a contact and a task that do."""
    customer = CustomerFactory(
        name=f"周雅琴{TYPED}", phone="13911204476", owner=company.sales_store,
        need=f"沙发 {TYPED}", address=f"望京花园 {TYPED}", budget=f"5万 {TYPED}",
        contact_time=f"晚上 {TYPED}", wechat=NUMBER, note=f"老婆 {TYPED}",
        referrer_text=f"老王 {TYPED}",
    )  # fmt: skip
    now = timezone.now()
    log_contact(
        customer=customer, channel=Channel.CALL, outcome=Outcome.CONNECTED, reason=Reason.PRICE,
        note=f"改打 {TYPED}", by=company.sales_store, now=now,
        key="5e6b0b7e-8c05-4f5e-9b62-0f3f7f4f00aa",
        next_step=NextStep(kind=NextKind.CALL, on=timezone.localdate(), text=f"打 {TYPED}"),
    )  # fmt: skip
    return customer


def has_digits(answer):
    text = answer.content.decode()
    return any(digits in text for digits in (NUMBER, TYPED, "0013 8000"))


@pytest.mark.parametrize("role", ROLES)
def test_no_page_says_a_number_that_was_typed_into_a_text(mine, company, as_, role):
    browser, task = as_(getattr(company, role)), Task.objects.filter(customer=mine).latest("pk")
    columns = "cols=grade,name,need,address,budget,phone,keeper"
    card, opened = f"/customers/{mine.pk}/", 0
    for address in (
        card, f"{card}?tab=calendar", f"/customers/?{columns}", "/search/?q=zyq", "/today/",
        f"{card}edit/", f"{card}grade/", f"{card}quiet/", f"{card}keeper/", f"{card}registered/",
        f"{card}log/?task={task.pk}", f"{card}deliver/", f"/tasks/{task.pk}/move/",
    ):  # fmt: skip
        answer = browser.get(address)
        opened += answer.status_code == 200
        assert not has_digits(answer), address
    assert opened >= 4
    assert "138****8000" in browser.get(card).content.decode()


@pytest.mark.parametrize("role", ["store_manager", "ops_manager", "marketing_manager"])
def test_no_export_says_one_either(mine, company, as_, role):
    asked = {"reason": "盘点", "kind": "csv"}
    address = "/customers/export/?cols=grade&cols=name&cols=need&cols=address&cols=budget"
    answer = as_(getattr(company, role)).post(address, asked)
    assert answer.status_code == 200
    assert "138****8000" in answer.content.decode()
    assert not has_digits(answer)


def test_a_wechat_id_is_masked_for_those_who_may_not_write_to_it(mine, company, as_):
    Customer.objects.filter(pk=mine.pk).update(wechat="zumuzumu14")
    url = f"/customers/{mine.pk}/"
    assert "zumuzumu14" in as_(company.sales_store).get(url).content.decode()
    page = as_(company.marketing_manager).get(url).content.decode()
    assert "zu****14" in page
    assert "zumuzumu14" not in page


# the edit form


def edit_page(browser, customer):
    return browser.get(f"/customers/{customer.pk}/edit/")


def sent_from(page, **changes):
    form = page.context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    flags = ("birth_is_lunar", "birth_is_leap_month", "services_wanted")
    return {name: value for name, value in values.items() if name not in flags} | changes


def reveal(customer, by):
    now = timezone.now()
    customers.reveal_number(customer=customer, by=by, now=now, today=customer.store.today(now))


def test_the_form_shows_the_text_only_to_whom_a_call_was_counted_today(mine, company, as_):
    browser = as_(company.sales_store)
    assert not has_digits(edit_page(browser, mine))
    reveal(mine, company.store_manager)
    assert not has_digits(edit_page(browser, mine)), "somebody else's call opens nothing"
    reveal(mine, company.sales_store)
    form = edit_page(browser, mine).context["form"]
    assert form["note"].value() == f"老婆 {TYPED}"


def test_masks_in_the_form_are_written_back_as_the_numbers_they_stand_for(mine, company, as_):
    browser = as_(company.sales_store)
    before = Customer.objects.filter(pk=mine.pk).values().get()
    browser.post(f"/customers/{mine.pk}/edit/", sent_from(edit_page(browser, mine)))
    assert Customer.objects.filter(pk=mine.pk).values().get() == before
    page = edit_page(browser, mine)
    note = page.context["form"]["note"].value() + "，晚上打"
    assert (
        browser.post(f"/customers/{mine.pk}/edit/", sent_from(page, note=note)).status_code == 302
    )
    mine.refresh_from_db()
    assert mine.note == f"老婆 {TYPED}，晚上打"


def test_a_form_opened_before_the_call_writes_the_same_after_it(mine, company, as_):
    browser = as_(company.sales_store)
    before = Customer.objects.filter(pk=mine.pk).values().get()
    page = edit_page(browser, mine)
    reveal(mine, company.sales_store)
    assert browser.post(f"/customers/{mine.pk}/edit/", sent_from(page)).status_code == 302
    assert Customer.objects.filter(pk=mine.pk).values().get() == before


def test_a_text_that_grows_too_long_with_its_number_is_refused(mine, company, as_):
    browser = as_(company.sales_store)
    page = edit_page(browser, mine)
    budget = "x" * 28 + " 138****8000"
    answer = browser.post(f"/customers/{mine.pk}/edit/", sent_from(page, budget=budget))
    assert answer.status_code == 200
    assert answer.context["form"].errors["budget"]
