"""Moving, skipping, the letter, taking back, deliveries: one short matrix each, real pages."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine

from customers.models import Contact, OwnedProduct
from customers.states import Grade
from followups.models import Task
from followups.services import assign_keeper
from followups.states import State
from staff.states import DutyKind, Trade
from tests.factories.customers import CustomerFactory
from tests.factories.followups import reached, task_today
from tests.factories.staff import DutyFactory, PersonFactory
from tests.followups.build import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

NOW = at("2026-03-12 09:50")


@pytest.fixture
def who(company):
    return CustomerFactory(owner=company.sales_store, now=NOW - timedelta(days=2))


@pytest.fixture
def task(who):
    return task_today(who, now=NOW, text="看样")


@pytest.fixture
def browser(company, as_):
    return as_(company.sales_store)


def moved(**changes):
    return {"day": "2026-03-16", "reason": "customer_asked", **changes}


def test_a_task_is_moved(browser, task):
    assert browser.get(f"/tasks/{task.pk}/move/").status_code == 200
    answer = browser.post(f"/tasks/{task.pk}/move/", moved())
    assert (answer.status_code, answer.url) == (302, "/today/")
    task.refresh_from_db()
    assert task.day == date(2026, 3, 16)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "bored"}, "reason"),
        ({"day": ""}, "day"),
        ({"day": "2026-02-30"}, "day"),
        ({"day": "2026-03-11"}, "day"),
        ({"day": "2028-03-11"}, "day"),
    ],
)
def test_a_task_that_cannot_be_moved_so_says_why(browser, task, changes, field):
    answer = browser.post(f"/tasks/{task.pk}/move/", moved(**changes))
    assert answer.status_code == 200
    assert answer.context_data["move_form"].errors[field]
    task.refresh_from_db()
    assert task.day == date(2026, 3, 12)


def test_a_task_is_skipped_once(browser, task):
    answer = browser.post(f"/tasks/{task.pk}/skip/", {"reason": "away", "note": "till May"})
    assert answer.status_code == 302
    task.refresh_from_db()
    assert task.state == State.SKIPPED
    again = browser.post(f"/tasks/{task.pk}/skip/", {"reason": "away"})
    assert again.status_code == 200
    assert again.context_data["skip_form"].non_field_errors()
    assert "/today/" in again.content.decode()


def test_a_task_is_not_skipped_without_a_reason(browser, task):
    answer = browser.post(f"/tasks/{task.pk}/skip/", {"note": "x"})
    assert answer.context_data["skip_form"].errors["reason"]


@pytest.mark.parametrize("act", ["move", "skip", "letter"])
def test_who_may_do_a_task(company, as_, task, act):
    address = f"/tasks/{task.pk}/{act}/"
    expected = {
        "store_manager": 302 if act == "letter" else 200,
        "stranger": 404,
        "sales_field": 404,
        "field_supervisor": 404,
        "ops_manager": 403,
        "marketing_manager": 403,
        "merchandiser": 404,
        "finance": 404,
        "admin": 404,
    }
    found = {role: as_(getattr(company, role)).get(address).status_code for role in expected}
    assert found == expected


@pytest.mark.parametrize("act", ["move", "skip", "letter"])
def test_a_task_that_is_none_is_not_found_and_other_methods_are_refused(browser, task, act):
    assert browser.get(f"/tasks/999999/{act}/").status_code == 404
    assert browser.post(f"/tasks/{2**70}/{act}/").status_code == 404
    assert browser.delete(f"/tasks/{task.pk}/{act}/").status_code == 405


@pytest.fixture
def letter(company):
    company.store.trade = Trade.CARS
    company.store.save()
    who = CustomerFactory(name="周雅琴", owner=company.sales_store, grade=Grade.B2, now=NOW)
    from followups.services import record_delivery

    record_delivery(
        customer=who, product="凯美瑞 2.5", delivered_on=date(2026, 3, 12),
        delivered_at=at("2026-03-12 09:40"), by=company.sales_store, now=NOW, key=uuid4(),
    )  # fmt: skip
    return Task.objects.get(customer=who, letter__isnull=False)


def test_the_letter_names_customer_and_product_and_is_sent(browser, letter):
    page = browser.get(f"/tasks/{letter.pk}/letter/").content.decode()
    assert "周雅琴" in page
    assert "凯美瑞 2.5" in page
    answer = browser.post(f"/tasks/{letter.pk}/letter/")
    assert answer.status_code == 302
    letter.refresh_from_db()
    assert (letter.state, letter.closed_at) == (State.DONE, NOW)
    sent = browser.get(f"/tasks/{letter.pk}/letter/").content.decode()
    assert "09:50" in sent
    assert browser.post(f"/tasks/{letter.pk}/letter/").context_data["error"]


def test_the_form_of_a_letter_is_the_letter_and_a_call_is_none(browser, letter, task):
    asked = f"/customers/{letter.customer_id}/log/?task={letter.pk}"
    assert browser.get(asked).url == f"/tasks/{letter.pk}/letter/"
    assert browser.get(f"/tasks/{task.pk}/letter/").url.startswith(
        f"/customers/{task.customer_id}/log/"
    )


def test_a_letter_prepared_for_somebody_without_title_or_product_reads_well(browser, letter):
    OwnedProduct.objects.update(delivered_on=None, delivered_at=None, delivered_noted_at=None)
    assert browser.get(f"/tasks/{letter.pk}/letter/").status_code == 200


@pytest.fixture
def contact(who):
    return reached(who, now=NOW, note="记错了人")


def void(browser, contact, reason="wrong card"):
    return browser.post(f"/contacts/{contact.pk}/void/", {"reason": reason})


def test_a_contact_is_taken_back_within_ten_minutes_by_whoever_logged_it(browser, contact):
    assert "记错了人" in browser.get(f"/contacts/{contact.pk}/void/").content.decode()
    assert void(browser, contact).url == f"/customers/{contact.customer_id}/"
    contact.refresh_from_db()
    assert contact.void_reason == "wrong card"
    again = void(browser, contact)
    assert again.status_code == 200
    assert again.context_data["form"].non_field_errors()


def test_taking_back_asks_why(browser, contact):
    answer = void(browser, contact, "  ")
    assert answer.context_data["form"].errors["reason"]
    assert Contact.objects.get().voided_at is None


@pytest.mark.parametrize(("minutes", "works"), [(10, True), (10.02, False)])
def test_after_ten_minutes_it_takes_a_manager(company, as_, browser, contact, minutes, works):
    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        answer = void(browser, contact)
        assert (answer.status_code == 302) is works
        if not works:
            assert Contact.objects.get().voided_at is None
            assert answer.context_data["refusals"]
            assert void(as_(company.store_manager), contact).status_code == 302


def test_who_may_take_back(company, as_, contact, who):
    colleague = PersonFactory(store=company.store)
    DutyFactory(person=colleague, kind=DutyKind.ASSISTANT, assists=company.sales_store)
    address = f"/contacts/{contact.pk}/void/"
    assert as_(colleague).get(address).status_code == 403
    found = {
        role: as_(getattr(company, role)).get(address).status_code
        for role in ("store_manager", "ops_manager", "marketing_manager", "stranger", "admin")
    }
    assert found == {
        "store_manager": 200, "ops_manager": 200, "marketing_manager": 403, "stranger": 404,
        "admin": 404,
    }  # fmt: skip
    assert as_(company.store_manager).get("/contacts/999999/void/").status_code == 404
    assert as_(company.store_manager).put(address).status_code == 405


def test_only_a_manager_is_offered_it_on_the_card(company, as_, browser, contact):
    card, void_link = f"/customers/{contact.customer_id}/", f"/contacts/{contact.pk}/void/"
    assert void_link in as_(company.store_manager).get(card).content.decode()
    assert void_link not in browser.get(card).content.decode()


def sold(**changes):
    return {
        "key": str(uuid4()),
        "product": "雅居沙发 L3",
        "delivered_on": "2026-03-12",
        "delivered_time": "",
        **changes,
    }


def deliver(browser, who, **changes):
    return browser.post(f"/customers/{who.pk}/deliveries/new/", sold(**changes))


def test_a_delivery_is_recorded_and_the_calendar_shown(browser, who):
    assert browser.get(f"/customers/{who.pk}/deliveries/new/").status_code == 200
    answer = deliver(
        browser, who, delivered_time="09:00", purchased_on="2026.3.10", serial="a1",
        insurance_until="2027-03-31",
    )  # fmt: skip
    assert answer.url == f"/customers/{who.pk}/?tab=calendar"
    product = OwnedProduct.objects.get()
    assert product.delivered_at == at("2026-03-12 09:00")
    assert product.purchased_on == date(2026, 3, 10)
    assert product.sold_by == who.owner
    assert browser.get(answer.url).status_code == 200
    assert Task.objects.filter(customer=who, is_care=True, state=State.OPEN).exists()


def test_the_same_delivery_twice_is_one(browser, who):
    same = {"key": str(uuid4())}
    assert deliver(browser, who, **same).status_code == 302
    assert deliver(browser, who, **same).status_code == 302
    assert OwnedProduct.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"product": ""}, "product"),
        ({"product": "x" * 121}, "product"),
        ({"delivered_on": ""}, "delivered_on"),
        ({"delivered_on": "2026-03-13"}, "delivered_on"),
        ({"delivered_on": "2026-02-29"}, "delivered_on"),
        ({"delivered_time": "10:00"}, "delivered_on"),
        ({"delivered_time": "24:00"}, "delivered_time"),
        ({"delivered_on": "", "delivered_time": "09:00", "purchased_on": "2026-03-01"},
         "delivered_on"),
        ({"purchased_on": "2026-03-13", "delivered_on": ""}, "purchased_on"),
        ({"purchased_on": "2026-03-12", "delivered_on": "2026-03-11"}, "delivered_on"),
        ({"sold_by": "999999"}, "sold_by"),
        ({"key": ""}, "key"),
    ],
)  # fmt: skip
def test_a_delivery_that_cannot_be_says_why_and_keeps_what_was_typed(browser, who, changes, field):
    answer = deliver(browser, who, **changes)
    assert answer.status_code == 200
    assert answer.context_data["form"].errors[field]
    if "product" not in changes:
        assert "雅居沙发 L3" in answer.content.decode()
    assert not OwnedProduct.objects.exists()


def test_a_serial_that_is_taken_says_so(browser, who, company):
    deliver(browser, who, serial="VIN1")
    other = CustomerFactory(owner=company.sales_store, now=NOW)
    answer = deliver(browser, other, serial="vin1")
    assert answer.context_data["form"].errors["serial"]


def test_a_seller_out_of_reach_is_no_choice(browser, who, company):
    answer = deliver(browser, who, sold_by=str(company.stranger.pk))
    assert answer.context_data["form"].errors["sold_by"]


def test_who_may_record_a_delivery(company, as_, who):
    address = f"/customers/{who.pk}/deliveries/new/"
    roles = ("store_manager", "stranger", "ops_manager", "finance")
    found = {role: as_(getattr(company, role)).get(address).status_code for role in roles}
    assert found == {
        "store_manager": 200, "stranger": 404, "ops_manager": 403, "finance": 403,
    }  # fmt: skip
    assert as_(company.sales_store).get("/customers/999999/deliveries/new/").status_code == 404
    assert as_(company.sales_store).delete(address).status_code == 405


def test_a_keeper_elsewhere_does_not_open_the_task(company, as_, browser, task, who):
    assign_keeper(customer=who, keeper=company.stranger, by=company.ops_manager, now=NOW)
    assert browser.get(f"/tasks/{task.pk}/move/").status_code == 404
    assert as_(company.stranger).get(f"/tasks/{task.pk}/move/").status_code == 200
