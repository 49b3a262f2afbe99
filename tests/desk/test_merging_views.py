"""One person once, through the pages: who may, what is shown, where a merged card leads."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from core.phones import normalise
from customers.models import Customer, Merge, Suspicion
from customers.queries import visible
from customers.services.people import add_member
from customers.states import Relation
from desk.services import merge_cards, version_of_cards
from staff.scope import reach_of
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db

ROLES = [
    ("store_manager", 200),
    ("ops_manager", 200),
    ("sales_store", 403),
    ("marketing_manager", 403),
    ("finance", 403),
    ("admin", 403),
]


@pytest.fixture
def kept(company):
    return CustomerFactory(name="王芳", owner=company.sales_store, phone="13800138000", wechat="wf")


@pytest.fixture
def merged(company):
    return CustomerFactory(name="王女士", owner=company.sales_store, phone="13911204476", note="n")


@pytest.fixture
def foreign(company):
    return CustomerFactory(name="许文博", owner=company.stranger, phone="13700137000", wechat="WF")


def do_merge(kept, merged, by):
    kept, merged = (Customer.objects.get(pk=card.pk) for card in (kept, merged))
    return merge_cards(
        kept=kept, merged=merged, choices={}, keeper=kept.owner, main_number="kept", reason="x",
        seen=version_of_cards(kept, merged), by=by, now=timezone.now(),
    )  # fmt: skip


def filled(page, **said):
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None} | said


@pytest.mark.parametrize(("role", "status"), ROLES)
def test_who_may_open_what(company, as_, kept, merged, role, status):
    done = do_merge(CustomerFactory(owner=company.sales_store), merged, company.ops_manager)
    third = CustomerFactory(owner=company.sales_store)
    browser = as_(getattr(company, role))
    for address in (
        f"/customers/{kept.pk}/merge/",
        f"/customers/{kept.pk}/merge/?q=王",
        f"/customers/{kept.pk}/merge/{third.pk}/",
        "/customers/suspicions/",
        "/customers/merges/",
        f"/customers/merges/{done.pk}/undo/",
    ):
        assert browser.get(address).status_code == status, address


def test_a_manager_merges_and_takes_apart(company, as_, kept, merged):
    browser = as_(company.store_manager)
    address = f"/customers/{kept.pk}/merge/{merged.pk}/"
    page = browser.get(address)
    sent = filled(page, say_name="merged", main_number="merged", reason="同一人")
    answer = browser.post(address, sent)
    assert answer.status_code == 302
    assert answer.url == f"/customers/{kept.pk}/"
    kept.refresh_from_db()
    assert (kept.name, kept.note) == ("王女士", "n")

    done = Merge.objects.get()
    assert "王女士" in browser.get("/customers/merges/").content.decode()
    page = browser.get(f"/customers/merges/{done.pk}/undo/")
    assert page.context["put_back"]
    answer = browser.post(f"/customers/merges/{done.pk}/undo/", {"reason": "两个人"})
    assert answer.status_code == 302
    kept.refresh_from_db()
    assert (kept.name, kept.note) == ("王芳", "")
    assert visible(reach_of(company.store_manager, today=timezone.localdate())).count() == 2


def test_a_refusal_is_shown_and_what_was_chosen_stays(company, as_, kept, merged):
    browser = as_(company.store_manager)
    address = f"/customers/{kept.pk}/merge/{merged.pk}/"
    sent = filled(browser.get(address), reason="同一人")
    Customer.objects.filter(pk=merged.pk).update(note="changed meanwhile")
    answer = browser.post(address, sent)
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert browser.post(address, filled(answer, reason="同一人")).status_code == 302


@pytest.mark.parametrize("other", ["0", "999999999", "x"])
def test_a_card_that_is_not_there(company, as_, kept, foreign, other):
    browser = as_(company.store_manager)
    assert browser.get(f"/customers/{kept.pk}/merge/{other}/").status_code == 404
    assert browser.get(f"/customers/{kept.pk}/merge/{foreign.pk}/").status_code == 404
    assert browser.get("/customers/merges/999/undo/").status_code == 404
    assert browser.get("/customers/suspicions/999/different/").status_code == 404


def test_the_other_card_is_found_within_reach_alone(company, as_, kept, merged, foreign):
    page = as_(company.store_manager).get(f"/customers/{kept.pk}/merge/?q=13911204476")
    assert [row.pk for row in page.context["found"]] == [merged.pk]
    page = as_(company.store_manager).get(f"/customers/{kept.pk}/merge/?q=13700137000")
    assert page.context["found"] == []


# Where a merged card leads


def test_a_merged_card_leads_to_the_kept_one(company, as_, kept, merged):
    do_merge(kept, merged, company.ops_manager)
    browser = as_(company.sales_store)
    answer = browser.get(f"/customers/{merged.pk}/")
    assert (answer.status_code, answer.url) == (302, f"/customers/{kept.pk}/")
    assert as_(company.stranger).get(f"/customers/{merged.pk}/").status_code == 404
    listed = browser.get("/customers/").content.decode()
    assert f"/customers/{kept.pk}/" in listed
    assert f"/customers/{merged.pk}/" not in listed
    found = browser.get("/search/?q=13911204476").content.decode()
    assert f"/customers/{kept.pk}/" in found, "by the old number too"
    assert f"/customers/{merged.pk}/" not in browser.get("/search/?q=王女士").content.decode()


@pytest.mark.parametrize(
    "role", ["sales_store", "store_manager", "ops_manager", "marketing_manager"]
)
def test_nobody_sees_a_merged_card(company, kept, merged, role):
    do_merge(kept, merged, company.ops_manager)
    reach = reach_of(getattr(company, role), today=timezone.localdate())
    assert merged not in visible(reach)
    assert kept in visible(reach)


def test_a_form_that_a_merge_overtook_lands_on_the_kept_card(company, as_, kept, merged):
    browser = as_(company.sales_store)
    page = browser.get(f"/customers/{merged.pk}/log/")
    address = page.request["PATH_INFO"]
    form = page.context["form"]
    do_merge(kept, merged, company.ops_manager)
    tomorrow = timezone.localdate() + timedelta(days=1)
    sent = {
        "key": form["key"].value(), "result": "connected", "reason": "design", "grade": "A",
        "next_kind": "call", "next_on": tomorrow.isoformat(),
    }  # fmt: skip
    answer = browser.post(address, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    assert kept.contacts.count() == 1
    assert merged.contacts.count() == 0


def test_an_edit_that_a_merge_overtook_is_told_and_keeps_what_was_typed(company, as_, kept, merged):
    browser = as_(company.sales_store)
    address = f"/customers/{merged.pk}/edit/"
    form = browser.get(address).context["form"]
    sent = {"seen": form["seen"].value(), "name": "王女士", "need": "沙发", "grade": "A"}
    do_merge(kept, merged, company.ops_manager)
    answer = browser.post(address, sent)
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert answer.context["form"]["need"].value() == "沙发"
    sent["seen"] = answer.context["form"]["seen"].value()
    assert browser.post(address, sent).status_code == 302
    kept.refresh_from_db()
    assert kept.need == "沙发"


# What may be one customer


def test_a_suspicion_between_units_shows_one_side_and_is_decided_by_operations(
    company, as_, kept, foreign
):
    row = Suspicion.objects.get()
    page = as_(company.store_manager).get("/customers/suspicions/")
    text = page.content.decode()
    assert "王芳" in text
    assert "许文博" not in text
    assert foreign.phones.get().masked not in text
    assert foreign.store.name not in text
    address = f"/customers/suspicions/{row.pk}/different/"
    assert as_(company.store_manager).get(address).status_code == 404
    page = as_(company.ops_manager).get("/customers/suspicions/")
    assert "许文博" in page.content.decode()
    assert page.context["pairs"][0]["merge_url"]
    answer = as_(company.ops_manager).post(address, {"reason": "两个人"})
    assert answer.status_code == 302
    assert as_(company.ops_manager).get("/customers/suspicions/").context["pairs"] == []
    assert as_(company.ops_manager).get(address).status_code == 404


def test_a_stranger_sees_no_suspicion(company, as_, kept, merged):
    Suspicion.objects.create(
        first_id=min(kept.pk, merged.pk), second_id=max(kept.pk, merged.pk), because="address"
    )
    other = PersonFactory(role="store_manager")
    assert as_(other).get("/customers/suspicions/").context["count"] == 0


def test_the_card_warns_without_saying_who(company, as_, kept, foreign):
    text = as_(company.sales_store).get(f"/customers/{kept.pk}/").content.decode()
    assert 'class="doubt"' in text
    assert "许文博" not in text
    assert f"/customers/{foreign.pk}/" not in text
    registered = as_(company.sales_store).get(f"/customers/{kept.pk}/registered/")
    assert 'class="doubt"' in registered.content.decode()


def test_behind_counts_what_is_to_be_decided(company, as_, kept, foreign):
    page = as_(company.store_manager).get(reverse("reports:behind"))
    assert [each["count"] for each in page.context["lists"] if "suspicions" in each["url"]] == [1]


def test_one_list_asks_as_much_for_twelve_as_for_one(company, as_, kept, django_assert_num_queries):
    def queries():
        browser = as_(company.ops_manager)
        counts = []
        for address in ("/customers/suspicions/", "/customers/merges/"):
            browser.get(address)
            with CaptureQueriesContext(
                connection,
            ) as caught:
                browser.get(address)
            counts.append(len(caught))
        return counts

    def more(n):
        for _row in range(n):
            CustomerFactory(owner=company.sales_store, phone="", wechat=f"pair{_row}")
            CustomerFactory(owner=company.sales_field, phone="", wechat=f"PAIR{_row}")
            one = CustomerFactory(owner=company.sales_store)
            two = CustomerFactory(owner=company.sales_store)
            do_merge(one, two, company.ops_manager)

    more(1)
    first = queries()
    more(11)
    assert queries() == first


# Asking whose a number is


def test_a_number_is_answered_without_a_name(company, as_, kept, merged, foreign):
    do_merge(kept, merged, company.ops_manager)
    foreign.phones.update(is_primary=False, retired_at=timezone.now())
    add_member(
        customer=foreign, relation=Relation.SPOUSE, phone=normalise("13600136000"),
        by=company.stranger, now=timezone.now(), key=uuid4(),
    )  # fmt: skip
    browser = as_(company.sales_store)

    def asked(number):
        return browser.post("/customers/check-phone/", {"phone": number}).context["answer"]

    assert asked("13700137000")["tone"] == "free", (
        "a number given up is their customer's, whom nobody filed"
    )
    assert asked("13600136000")["tone"] == "free", "a family member's number says nothing"
    assert asked("139 1120 4476")["acts"][0]["url"] == f"/customers/{kept.pk}/"
    page = browser.post("/customers/check-phone/", {"phone": "13700137000"}).content.decode()
    for secret in ("许文博", company.stranger.name, foreign.store.name):
        assert secret not in page
    marks = AuditEntry.objects.filter(verb="look_up", by=company.sales_store)
    assert marks.count() == 3
