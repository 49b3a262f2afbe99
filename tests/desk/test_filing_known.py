"""Filing somebody who has a card: by their number from the floor, and by the card's own button."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers.models import Access, Contact, Customer, Project
from desk.services import Claim, complete_ready_drafts, file_for
from filings.models import Filing
from filings.services import release_all
from filings.states import Invalid
from staff.models import Notice, Person
from tests.desk.leads import DOOR, NUMBER, filed, lead
from tests.desk.test_registering import URL, ask, form
from tests.factories.staff import PersonFactory, StoreFactory

# somebody who has a card


def test_a_filed_number_is_refused_recorded_and_nothing_typed_is_lost(company, as_):
    customer = lead(company.stranger, wechat="")
    filed(customer, company.stranger)
    sent = form(wechat="mine")
    page = as_(company.sales_store).post(URL, sent)
    text = page.content.decode()
    assert page.context["form"].errors["phone"]
    assert "is-filed" in text
    for typed in ("许文博", DOOR[:4], "浅色布艺"):
        assert typed in text
    assert customer.name not in text
    assert page.context["form"]["key"].value() != sent["key"]
    refused = Filing.objects.get(filer=company.sales_store)
    assert refused.invalid == Invalid.LATER_FILER
    customer.refresh_from_db()
    assert (customer.owner, customer.wechat) == (company.stranger, "")
    assert not Access.objects.exists()
    assert Contact.objects.count() == 0
    contest = reverse("filings:contest", args=[customer.pk])
    assert contest in text, "who has tried may ask for a ruling"
    assert as_(company.sales_store).get(contest).status_code == 200
    assert contest not in ask(as_(company.sales_field), NUMBER)


def test_a_free_card_out_of_reach_is_filed_and_only_its_gaps_are_filled(company, as_):
    customer = lead(company.stranger, need="")
    answer = as_(company.sales_store).post(URL, form())
    assert answer.url == f"/customers/{customer.pk}/registered/"
    customer.refresh_from_db()
    assert (customer.name, customer.owner) == ("别人的客户", company.stranger)
    assert customer.need.endswith("浅色布艺")
    assert Access.objects.get().person == company.sales_store
    assert Contact.objects.get().by == company.sales_store
    assert Filing.objects.get().invalid == ""


def test_on_a_card_out_of_reach_nothing_incomplete_is_drafted(company, as_):
    customer = lead(company.stranger)
    page = as_(company.sales_store).post(URL, form(address="天润福熙"))
    assert page.context["form"].errors["phone"]
    assert not Filing.objects.exists()
    assert customer.name not in page.content.decode()


def test_who_was_silent_too_long_loses_the_customer_and_hears_of_it(company, as_):
    customer = lead(company.stranger)
    filed(customer, company.stranger, at=timezone.now() - timedelta(days=11))
    answer = as_(company.sales_store).post(URL, form())
    assert answer.status_code == 302
    customer.refresh_from_db()
    assert customer.owner == company.sales_store
    notice = Notice.objects.get(person=company.stranger)
    assert customer.name not in str(notice.params)


def test_nobodys_card_and_a_leavers_go_to_the_filer(company, as_):
    for index, is_gone in enumerate((True, False)):
        number = f"1380013801{index}"
        leaver = PersonFactory(store=company.other, is_active=False)
        customer = lead(leaver, phone=number)
        if not is_gone:
            Customer.objects.filter(pk=customer.pk).update(owner=None)
        as_(company.sales_store).post(URL, form(phone=number))
        customer.refresh_from_db()
        assert customer.owner == company.sales_store


def test_another_home_of_a_filed_customer_is_a_project_of_its_own(company, as_):
    customer = lead(company.stranger)
    filed(customer, company.stranger)
    sent = form(address="水岸名都3幢2单元501", project_reason="给父母买的新房")
    answer = as_(company.sales_store).post(URL, sent)
    assert answer.status_code == 302
    further = Filing.objects.get(filer=company.sales_store)
    assert (further.invalid, further.is_new_project) == ("", True)
    assert further.project.address == "水岸名都3幢2单元501"
    customer.refresh_from_db()
    assert customer.owner == company.stranger


def test_the_same_home_under_another_name_is_no_other_project(company, as_):
    customer = lead(company.stranger)
    Project.objects.update(address_key="天润福熙|5|1|802")
    filed(customer, company.stranger)
    page = as_(company.sales_store).post(URL, form(address=DOOR, project_reason="新房"))
    assert "is-filed" in page.content.decode()
    assert Filing.objects.get(filer=company.sales_store).invalid == Invalid.LATER_FILER


def test_a_buyer_is_filed_for_another_home_alone(company, as_):
    customer = lead(company.stranger)
    Customer.objects.filter(pk=customer.pk).update(bought_count=1)
    browser = as_(company.sales_store)
    page = browser.post(URL, form())
    assert page.status_code == 200
    assert Filing.objects.get().invalid == Invalid.OUT_OF_SCOPE
    sent = form(address="水岸名都3幢2单元501", project_reason="新房")
    assert browser.post(URL, sent).status_code == 302
    customer.refresh_from_db()
    assert customer.owner == company.stranger, "the keeper of a buyer stays"


def test_ones_own_standing_filing_is_not_filed_twice(company, as_):
    browser = as_(company.sales_store)
    browser.post(URL, form())
    page = browser.post(URL, form())
    assert page.context["form"].errors["phone"]
    assert "is-ours" in page.content.decode()
    assert Filing.objects.count() == Customer.objects.count() == 1


def test_a_form_sent_five_times_is_one_filing_and_one_answer(company, as_):
    browser, sent = as_(company.sales_store), form()
    assert len({browser.post(URL, sent).url for _ in range(5)}) == 1
    assert Filing.objects.count() == 1


# the card's own button


@pytest.mark.parametrize(
    ("role", "status"),
    [("sales_store", 200), ("store_manager", 200), ("sales_field", 404), ("ops_manager", 403),
     ("marketing_manager", 403), ("finance", 403)],
)  # fmt: skip
def test_who_may_file_a_card(company, as_, role, status):
    customer = lead(company.sales_store, store=company.store)
    assert as_(getattr(company, role)).get(f"/customers/{customer.pk}/file/").status_code == status


def test_a_card_is_filed_by_its_button(company, as_):
    customer = lead(company.sales_store)
    browser = as_(company.sales_store)
    url = f"/customers/{customer.pk}/file/"
    project = customer.projects.get()
    page = browser.post(
        url, {"project": "new", "acquired": "now", "address": "水岸名都3幢2单元501"}
    )
    assert page.context["form"].errors["project_reason"]
    assert browser.post(url, {"project": project.pk, "acquired": "now"}).status_code == 302
    assert Filing.objects.get().invalid == ""
    page = browser.post(url, {"project": project.pk, "acquired": "now"})
    assert page.context["form"].non_field_errors()
    assert browser.get(url).status_code == 200
    for bad in ("999999", "x", "\x00"):
        assert browser.post(url, {"project": bad}).status_code == 200
    assert browser.post("/customers/999999/file/").status_code == 404
    assert browser.delete(url).status_code == 405


def test_who_filed_the_home_is_asked_for_another_project(company, as_):
    customer = lead(company.sales_store)
    url, browser = f"/customers/{customer.pk}/file/", as_(company.sales_store)
    home = str(customer.projects.get().pk)
    assert browser.get(url).context["form"]["project"].value() == home
    filed(customer, company.sales_store)
    assert browser.get(url).context["form"]["project"].value() == "new"
    Filing.objects.update(protected_until=timezone.now() - timedelta(days=1))
    assert browser.get(url).context["form"]["project"].value() == home, "lapsed: filed again"


def test_a_manager_files_for_a_salesperson_of_the_store(company, as_):
    customer = lead(company.store_manager, store=company.store)
    browser, url = as_(company.store_manager), f"/customers/{customer.pk}/file/"
    assert browser.get(url).context["form"]["filer"].value() == company.store_manager.pk
    sent = {"project": customer.projects.get().pk, "acquired": "now"}
    elsewhere = browser.post(url, {**sent, "filer": company.sales_field.pk})
    assert elsewhere.context["form"].errors["filer"]
    assert browser.post(url, {**sent, "filer": company.sales_store.pk}).status_code == 302
    filing = Filing.objects.get()
    assert (filing.filer, filing.holder) == (company.sales_store, company.sales_store)
    assert (filing.by, filing.invalid) == (company.store_manager, "")


def test_what_the_manager_files_is_the_keepers_unless_they_choose(company, as_):
    customer = lead(company.sales_store, store=company.store)
    browser, url = as_(company.store_manager), f"/customers/{customer.pk}/file/"
    page = browser.get(url)
    assert page.context["form"]["filer"].value() == company.sales_store.pk
    assert 'name="filer"' in page.content.decode()
    browser.post(url, {"project": customer.projects.get().pk, "acquired": "now"})
    assert Filing.objects.get().filer == company.sales_store


def test_who_leads_nobody_files_for_nobody_else(company, as_):
    customer = lead(company.sales_store, store=company.store)
    browser, url = as_(company.sales_store), f"/customers/{customer.pk}/file/"
    assert 'name="filer"' not in browser.get(url).content.decode()
    sent = {"project": customer.projects.get().pk, "filer": company.store_manager.pk}
    browser.post(url, {**sent, "acquired": "now"})
    assert Filing.objects.get().filer == company.sales_store


def test_where_nothing_is_filed_there_is_no_button_and_no_page(company, as_):
    seller = PersonFactory(store=StoreFactory(trade="shoes"))
    customer = lead(seller, store=seller.store)
    browser = as_(seller)
    assert browser.get(f"/customers/{customer.pk}/file/").status_code == 404
    assert "/file/" not in browser.get(f"/customers/{customer.pk}/").content.decode()


def test_who_gave_a_customer_up_waits(company, as_):
    browser = as_(company.sales_store)
    browser.post(URL, form())
    release_all(
        customer=Customer.objects.get(), holder=company.sales_store, by=company.sales_store,
        now=timezone.now(),
    )  # fmt: skip
    page = browser.post(URL, form())
    assert page.context["form"].errors["phone"]
    assert "is-free" in page.content.decode()


def test_the_page_asks_as_little_for_one_filing_as_for_many(company, as_):
    browser = as_(company.sales_store)
    pages = []
    for number in range(12):
        answer = browser.post(
            URL, form(phone=f"1380013{8100 + number}", address=f"天润福熙{number + 1}幢1单元802")
        )
        pages.append(answer.url)
    browser.get(pages[0])
    with CaptureQueriesContext(connection) as first:
        browser.get(pages[0])
    filed(lead(company.stranger), company.stranger)
    with CaptureQueriesContext(connection) as last:
        browser.get(pages[-1])
    assert len(first) == len(last)
    assert len(first) < 40


def test_a_number_written_on_its_own_page_completes_the_draft(company, as_):
    who = lead(company.sales_store, phone="", wechat="zhou_yaqin")
    draft = file_for(customer=who, claim=Claim(acquired_at=timezone.now()),
                     filer=company.sales_store, by=company.sales_store)  # fmt: skip
    assert draft.submitted_at is None
    assert complete_ready_drafts(now=timezone.now()) == 0
    as_(company.sales_store).post(f"/customers/{who.pk}/numbers/", {"phone": NUMBER})
    me = Person.objects.filter(pk=company.sales_store.pk)
    me.update(is_active=False)
    assert complete_ready_drafts(now=timezone.now()) == 0, "who has left files nothing"
    me.update(is_active=True)
    assert complete_ready_drafts(now=timezone.now()) == 1
    draft.refresh_from_db()
    assert (draft.invalid, draft.submitted_at is None) == ("", False)
