"""The tabs of the card, the long form and the sheet."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEntry
from customers.models import Customer
from customers.services import update_customer
from customers.services.phones import retire_number
from desk.card import TABS
from desk.forms.card import SECTIONS, CardForm
from filings.models import Policy
from filings.services import Sale, settle
from tests.desk.test_cards import card_form, log
from tests.factories.customers import CustomerFactory
from tests.filings.held import file, filed


@pytest.fixture
def mine(company):
    return CustomerFactory(name="周雅琴", phone="13911204476", owner=company.sales_store)


def url(customer, part=""):
    return f"/customers/{customer.pk}/{part}"


def test_the_tabs_stand_in_their_order(mine, company, as_):
    page = as_(company.sales_store).get(url(mine))
    names = [
        "contacts", "opportunities", "orders", "products", "cases", "household", "files",
        "referrals", "calendar",
    ]  # fmt: skip
    assert [tab.name for tab in TABS] == names
    assert [link["is_current"] for link in page.context["tabs"]] == [True] + [False] * 8


@pytest.mark.parametrize("tab", [tab.name for tab in TABS])
@pytest.mark.parametrize("role", ["sales_store", "marketing_manager"])
def test_every_tab_opens_within_twelve_queries(mine, company, as_, tab, role):
    browser = as_(getattr(company, role))
    browser.get(url(mine, f"?tab={tab}"))
    with CaptureQueriesContext(connection) as ran:
        assert browser.get(url(mine, f"?tab={tab}")).status_code == 200
    assert len(ran) <= 12


@pytest.mark.parametrize("tab", [tab.name for tab in TABS])
def test_filed_drafted_and_sold_a_tab_asks_no_more(company, as_, tab):
    filing = filed(company.sales_store)
    someone = CustomerFactory(owner=company.sales_store)
    draft = file(someone, company.sales_store)
    assert draft.submitted_at is None
    sold = Sale(customer=filing.customer, project=filing.project, closer=company.sales_store,
                store=company.sales_store.store, order_no="DD-1")  # fmt: skip
    settle(sold, by=company.sales_store)
    browser = as_(company.sales_store)
    browser.get(url(someone, f"?tab={tab}"))
    for customer in (someone, filing.customer):
        with CaptureQueriesContext(connection) as ran:
            page = browser.get(url(customer, f"?tab={tab}"))
        assert len(ran) <= 12
    assert "DD-1" in page.context["sold"]


@pytest.mark.parametrize("is_on", [True, False])
def test_where_leads_are_not_filed_no_card_offers_it(mine, company, as_, is_on):
    Policy.objects.update(is_on=is_on)
    acts = as_(company.sales_store).get(url(mine)).context["acts"]
    assert any("file/" in act["url"] for act in acts) is is_on


@pytest.mark.parametrize("tab", ["", "x", "%00", "__init__", "../x", "files" * 500])
def test_a_tab_that_is_none_is_the_first_or_refused(mine, company, as_, tab):
    page = as_(company.sales_store).get(url(mine, f"?tab={tab}"))
    assert page.status_code in (200, 400)
    if page.status_code == 200:
        assert "timeline" in page.context


# the long form


def test_each_field_of_the_form_stands_in_one_section():
    named = [name for section in SECTIONS for name in section.fields]
    assert sorted([*named, "seen"]) == sorted(CardForm.base_fields)


WHOLE = {
    "email": "zhou@example.com", "company": "北辰", "job": "建筑师", "hobbies": "登山",
    "campaign": "秋展", "home_area": "118.5", "home_layout": "三室", "home_style": "现代",
    "decoration": "paint", "competitor": "林氏", "services_wanted": ["home_visit", "long_term"],
    "id_kind": "id_card", "id_number": "310101 1985 0312 001x",
}  # fmt: skip


def test_all_that_is_known_is_written_shown_and_left_alone(mine, company, as_):
    browser = as_(company.sales_store)
    assert browser.post(url(mine, "edit/"), card_form(browser, mine, **WHOLE)).status_code == 302
    page = browser.get(url(mine)).content.decode()
    for text in ("zhou@example.com", "建筑师", "登山", "秋展", "118.5 m²", "三室", "林氏"):
        assert text in page
    assert "310***********001X" in page
    before = Customer.objects.filter(pk=mine.pk).values().get()
    assert before["services_wanted"] == ["home_visit", "long_term"]
    assert browser.post(url(mine, "edit/"), card_form(browser, mine)).status_code == 302
    assert Customer.objects.filter(pk=mine.pk).values().get() == before


def test_a_paper_is_shown_masked_and_opened_by_a_counted_tap(mine, company, as_):
    update_customer(
        customer=mine, by=mine.owner, now=timezone.now(), id_kind="passport", id_number="E12345678"
    )
    browser = as_(company.sales_store)
    for part in ("", "edit/", "print/"):
        page = browser.get(url(mine, part)).content.decode()
        assert "E12345678" not in page
    assert 'placeholder="*******78"' in browser.get(url(mine, "edit/")).content.decode()
    opened = browser.post(url(mine, "reveal/"), {"paper": "1"})
    assert "E12345678" in opened.content.decode()
    assert "tel:" not in opened.content.decode()
    assert mine.reveals.count() == 1
    sent = card_form(browser, mine, id_kind="")
    browser.post(url(mine, "edit/"), sent)
    assert browser.post(url(mine, "reveal/"), {"paper": "1"}).status_code == 409
    assert (
        as_(company.marketing_manager).post(url(mine, "reveal/"), {"paper": "1"}).status_code == 403
    )


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"email": "zhou"}, "email"),
        ({"company": "北" * 81}, "company"),
        ({"hobbies": "登" * 201}, "hobbies"),
        ({"home_area": "big"}, "home_area"),
        ({"home_area": "0"}, "home_area"),
        ({"home_area": "1e9"}, "home_area"),
        ({"home_area": "1.234"}, "home_area"),
        ({"decoration": "x"}, "decoration"),
        ({"services_wanted": ["x"]}, "services_wanted"),
        ({"id_number": "E12345678"}, "id_kind"),
        ({"id_kind": "id_card", "id_number": "３１０１"}, "id_number"),
    ],
)
def test_what_cannot_be_on_a_card_is_said(mine, company, as_, said, field):
    browser = as_(company.sales_store)
    answer = browser.post(url(mine, "edit/"), card_form(browser, mine, **said))
    assert answer.context["form"].errors[field]


def test_a_retired_number_is_not_on_the_card(mine, company, as_):
    retire_number(number=mine.phones.get(), by=mine.owner, now=timezone.now())
    browser = as_(company.sales_store)
    for part in ("", "print/", "edit/"):
        assert "139****4476" not in browser.get(url(mine, part)).content.decode()
    assert browser.post(url(mine, "reveal/")).status_code == 409


# the sheet


@pytest.mark.parametrize(
    ("role", "status"),
    [("sales_store", 200), ("store_manager", 200), ("ops_manager", 200),
     ("marketing_manager", 200), ("stranger", 404), ("sales_field", 404), ("finance", 403),
     ("merchandiser", 403), ("admin", 403)],
)  # fmt: skip
def test_who_may_print_a_card(mine, company, as_, role, status):
    browser = as_(getattr(company, role))
    assert browser.get(url(mine, "print/")).status_code == status
    assert browser.post(url(mine, "print/")).status_code == (405 if status != 403 else 403)
    assert AuditEntry.objects.filter(verb="print", object_id=mine.pk).exists() is (status == 200)


def test_the_sheet_has_blanks_for_what_is_not_known_and_twelve_lines(mine, company, as_):
    for days in range(14):
        log(mine, note=f"第{days}次 13800138000", at=timezone.now() - timedelta(days=days))
    page = as_(company.sales_store).get(url(mine, "print/"))
    paper = page.context["paper"]
    assert len(paper.log) == 12
    assert "第0次" in paper.log[0].text
    text = page.content.decode()
    assert "第12次" not in text
    for digits in ("13911204476", "13800138000"):
        assert digits not in text
    assert [box.value for box in paper.boxes if not box.value]


def test_marketing_prints_ids_masked(mine, company, as_):
    update_customer(
        customer=mine, by=mine.owner, now=timezone.now(), wechat="zumuzumu14",
        email="zhou@example.com",
    )  # fmt: skip
    page = as_(company.marketing_manager).get(url(mine, "print/")).content.decode()
    assert "zumuzumu14" not in page
    assert "zhou@example.com" not in page
