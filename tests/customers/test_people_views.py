"""Around a customer, through real pages: household, key people, numbers, interests."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.phones import normalise
from customers.models import HouseholdMember, Interest, KeyPerson
from customers.services import people
from customers.services.people import version_of
from tests.factories.customers import CustomerFactory

WIFE = "13900001111"


@pytest.fixture
def mine(company):
    return CustomerFactory(name="周雅琴", phone="13911204476", owner=company.sales_store)


def card(customer, part=""):
    return f"/customers/{customer.pk}/{part}"


def member(**said):
    return {"key": str(uuid4()), "relation": "spouse", "name": "王丽", "phone": WIFE} | said


def add_wife(mine, **said):
    said = {"relation": "spouse", "name": "王丽", "note": "微信同号 13900001111"} | said
    return people.add_member(
        customer=mine, by=mine.owner, now=timezone.now(), key=uuid4(), phone=normalise(WIFE), **said
    )


ADDING = ("household/new/", "key-people/new/", "numbers/", "interests/")
MATRIX = [
    ("sales_store", 200), ("store_manager", 200), ("ops_manager", 200), ("stranger", 404),
    ("sales_field", 404), ("marketing_manager", 403), ("finance", 403), ("admin", 403),
]  # fmt: skip


@pytest.mark.parametrize(("role", "status"), MATRIX)
@pytest.mark.parametrize("part", ADDING)
def test_who_may_write_around_a_customer(mine, company, as_, role, status, part):
    browser = as_(getattr(company, role))
    assert browser.get(card(mine, part)).status_code == status
    if status != 200:
        assert browser.post(card(mine, part), member(text="x")).status_code == status
    assert browser.get(f"/customers/999999/{part}").status_code == (404 if status != 403 else 403)
    assert browser.put(card(mine, part)).status_code in (405, 403)


@pytest.mark.parametrize(("role", "status"), MATRIX)
def test_who_may_change_and_remove(mine, company, as_, role, status):
    wife, browser = add_wife(mine), as_(getattr(company, role))
    number = mine.phones.get()
    assert browser.get(f"/household/{wife.pk}/").status_code == status
    if status == 200:
        return
    for address in (
        f"/household/{wife.pk}/", f"/household/{wife.pk}/remove/", f"/numbers/{number.pk}/main/",
        f"/numbers/{number.pk}/retire/", f"/numbers/{number.pk}/take-up/",
    ):  # fmt: skip
        assert browser.post(address, member()).status_code == status
    answer = browser.post(card(mine, "reveal/"), {"member": wife.pk})
    assert answer.status_code == status
    assert HouseholdMember.objects.filter(name="王丽").exists()


def test_a_wife_is_added_shown_masked_and_called_by_a_counted_tap(mine, as_):
    browser = as_(mine.owner)
    sent = member(birth_month="8", birth_day="15", birth_is_lunar="on")
    for _twice in range(2):
        assert browser.post(card(mine, "household/new/"), sent).url.endswith("?tab=household")
    wife = HouseholdMember.objects.get()
    page = browser.get(card(mine, "?tab=household")).content.decode()
    assert "139****1111" in page
    assert WIFE not in page
    answer = browser.post(
        card(mine, "reveal/"), {"member": wife.pk}, headers={"Accept": "application/json"}
    )
    assert answer.json() == {"tel": f"tel:+86{WIFE}"}
    assert mine.reveals.count() == 1


@pytest.mark.parametrize("name", ["member", "key_person"])
@pytest.mark.parametrize("value", ["", "0", "x", "9" * 30, "1 OR 1=1"])
def test_a_number_of_nobody_is_not_there(mine, as_, name, value):
    assert as_(mine.owner).post(card(mine, "reveal/"), {name: value}).status_code == 404


def test_a_member_of_another_customer_is_not_opened_through_this_card(mine, company, as_):
    foreign = add_wife(CustomerFactory(owner=company.stranger))
    answer = as_(mine.owner).post(card(mine, "reveal/"), {"member": foreign.pk})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"relation": ""}, "relation"),
        ({"relation": "dog"}, "relation"),
        ({"name": "王" * 65}, "name"),
        ({"phone": "139"}, "phone"),
        ({"birth_month": "8"}, "birth_day"),
        ({"birth_month": "2", "birth_day": "30"}, "birth_day"),
        ({"birth_month": "4", "birth_day": "31", "birth_is_lunar": "on"}, "birth_day"),
        ({"birth_is_leap_month": "on"}, "birth_is_leap_month"),
        ({"note": "字" * 201}, "note"),
    ],
)
def test_what_cannot_be_of_a_member_is_said(mine, as_, said, field):
    answer = as_(mine.owner).post(card(mine, "household/new/"), member(**said))
    assert answer.context["form"].errors[field]
    assert not HouseholdMember.objects.exists()


def test_a_member_is_changed_and_numbers_in_the_note_stay(mine, as_):
    wife, browser = add_wife(mine), as_(mine.owner)
    page = browser.get(f"/household/{wife.pk}/")
    text = page.content.decode()
    assert 'placeholder="139****1111"' in text
    assert WIFE not in text
    sent = member(
        phone="", seen=version_of(wife), note=page.context["form"]["note"].value() + "。",
        relation="parent",
    )  # fmt: skip
    assert browser.post(f"/household/{wife.pk}/", sent).status_code == 302
    wife.refresh_from_db()
    assert (wife.relation, wife.note) == ("parent", "微信同号 13900001111。")
    assert wife.masked == "139****1111"
    refused = browser.post(f"/household/{wife.pk}/", sent)
    assert refused.context["form"].non_field_errors()
    again = sent | {"seen": refused.context["form"]["seen"].value(), "drop_number": "on"}
    browser.post(f"/household/{wife.pk}/", again)
    wife.refresh_from_db()
    assert wife.masked == ""


def test_a_key_person_comes_and_goes(mine, as_):
    browser = as_(mine.owner)
    sent = {"key": str(uuid4()), "name": "李总", "position": "采购经理", "role": "economic_buyer"}
    assert browser.post(card(mine, "key-people/new/"), sent).status_code == 302
    assert browser.post(card(mine, "key-people/new/"), sent | {"name": ""}).status_code == 200
    chief = KeyPerson.objects.get()
    assert "采购经理" in browser.get(card(mine, "?tab=household")).content.decode()
    changed = sent | {"seen": version_of(chief), "role": "coach"}
    assert browser.post(f"/key-people/{chief.pk}/", changed).status_code == 302
    assert browser.post(f"/key-people/{chief.pk}/remove/").status_code == 302
    assert browser.post(f"/key-people/{chief.pk}/remove/").status_code == 404
    assert browser.get(f"/key-people/{chief.pk}/remove/").status_code == 405


def test_marketing_reads_the_household_masked_and_opens_no_pictures(mine, company, as_):
    wife = add_wife(mine)
    browser = as_(company.marketing_manager)
    page = browser.get(card(mine, "?tab=household")).content.decode()
    assert "王丽" in page
    assert WIFE not in page
    assert f"/household/{wife.pk}/" not in page
    assert "tab=files" not in page
    answer = browser.get(card(mine, "?tab=files"))
    assert "timeline" in answer.context


def test_twelve_people_take_the_queries_of_one(mine, as_):
    browser, counts = as_(mine.owner), []
    for more in (1, 11):
        for _n in range(more):
            add_wife(mine)
        browser.get(card(mine, "?tab=household"))
        with CaptureQueriesContext(connection) as ran:
            browser.get(card(mine, "?tab=household"))
        counts.append(len(ran))
    assert counts[0] == counts[1] <= 12


# numbers


def test_numbers_are_added_put_first_and_retired(mine, as_):
    browser = as_(mine.owner)
    assert browser.post(card(mine, "numbers/"), {"phone": "13800138001"}).status_code == 302
    new, old = mine.phones.get(last4="8001"), mine.phones.get(last4="4476")
    browser.post(f"/numbers/{new.pk}/main/")
    browser.post(f"/numbers/{old.pk}/retire/")
    page = browser.get(card(mine, "numbers/"))
    assert [number.last4 for number in page.context["numbers"]] == ["8001"]
    assert [number.last4 for number in page.context["retired"]] == ["4476"]
    assert "139****4476" not in browser.get(card(mine)).content.decode()
    refused = browser.post(f"/numbers/{old.pk}/main/")
    assert refused.context["refused"]
    browser.post(f"/numbers/{old.pk}/take-up/")
    assert mine.phones.filter(retired_at=None).count() == 2


@pytest.mark.parametrize("typed", ["", "138", "13800138009"])
def test_a_number_that_is_none_or_another_customers_is_refused(mine, company, as_, typed):
    CustomerFactory(phone="13800138009")
    answer = as_(mine.owner).post(card(mine, "numbers/"), {"phone": typed})
    assert answer.context["form"].errors["phone"]
    assert mine.phones.count() == 1


# interests


def test_interests_come_and_go_and_their_numbers_are_masked(mine, as_):
    browser = as_(mine.owner)
    for text in ("岩板餐桌", "找老王 13800138000"):
        said = {"key": str(uuid4()), "text": text}
        assert browser.post(card(mine, "interests/"), said).status_code == 302
    for page in (card(mine), card(mine, "interests/")):
        shown = browser.get(page).content.decode()
        assert "岩板餐桌" in shown
        assert "13800138000" not in shown
    first = Interest.objects.first()
    assert browser.post(f"/interests/{first.pk}/remove/").status_code == 302
    assert browser.post(f"/interests/{first.pk}/remove/").status_code == 404
    for text in ("", "字" * 121):
        answer = browser.post(card(mine, "interests/"), {"key": str(uuid4()), "text": text})
        assert answer.context["form"].errors["text"]


def test_suggestions_are_options_and_nothing_breaks_them(company, as_):
    browser = as_(company.sales_store)
    for typed in ("", "%", "沙" * 100, "' OR 1=1 --"):
        answer = browser.get("/interests/suggestions/", {"text": typed})
        assert answer.status_code == 200
        assert "<html" not in answer.content.decode()
    assert as_(company.finance).get("/interests/suggestions/").status_code == 403
