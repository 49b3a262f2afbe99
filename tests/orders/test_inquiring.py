"""What a quote would file is said before it is saved, by the rules that decide then (FIL-35)."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from customers.models import Customer
from filings.models import Filing, Policy, Violation
from orders.models import Quote
from staff.models import Region
from staff.states import Role
from tests.factories.staff import PersonFactory, RegionFactory, StoreFactory
from tests.orders.stage import NOW, PHONE, customer_of, file, filed, stage
from tests.orders.test_quotes import FILED, asked, form, invalid_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

ELSEWHERE = "宁波市海曙区天一苑3幢2单元301室"
LATE = "More than 24 hours have passed since you had the data"
ABROAD = "The address lies in another region"
USED_UP = "Your quota of this month is used up"
NOTHING = "Nothing was filed with this quote."


@pytest.fixture
def cast():
    Policy.objects.update(set_at=NOW - timedelta(days=90))
    RegionFactory(name="宁波", places="海曙")
    return stage()


def before(browser, path="/quotes/check/", /, **said):
    page = browser.post(path, form(**said), headers={"HX-Request": "true"})
    answer = page.context_data["answer"]
    return answer.tone, f"{answer.title} {answer.text}"


def after(browser, path="/quotes/new/", /, **said):
    page = browser.post(path, form(**said))
    assert page.status_code == 302, page.content.decode()
    return " ".join(str(each) for each in get_messages(page.wsgi_request))


def test_late_is_said_before_and_files_nothing(cast, as_):
    """FIL-26: the quote is worth having; no void filing and no violation stands for it."""
    customer = customer_of(cast.filer, now=timezone.now() - timedelta(hours=25), need="")
    browser, page = as_(cast.filer), f"/customers/{customer.pk}/quote/"
    answer = browser.get(page).context["answer"]
    assert answer.tone == "wait"
    assert answer.text.startswith(LATE)
    assert "the credit is yours" in answer.text
    text = f"{answer.title} {answer.text}"
    assert before(browser)[1] == before(browser, f"{page}check/")[1] == text
    said = after(browser, page)
    assert said.startswith(LATE)
    assert said.endswith(NOTHING)
    assert "Reach them again" not in said
    assert (Quote.objects.count(), Filing.objects.count(), Violation.objects.count()) == (1, 0, 0)
    customer.refresh_from_db()
    assert customer.need == "沙发, 茶几"


def test_a_quota_that_is_used_up_is_said_before_and_files_nothing(cast, as_):
    Policy.objects.update(field_quota=0)
    seller = PersonFactory(store=cast.store, role=Role.SALES_FIELD)
    tone, text = before(as_(seller))
    assert (tone, USED_UP in text) == ("wait", True)
    assert after(as_(seller)).startswith(USED_UP)
    assert Customer.objects.get().owner == seller
    assert (Filing.objects.count(), Violation.objects.count()) == (0, 0)


def test_another_region_is_said_before_and_files_nothing(cast, as_):
    browser = as_(cast.filer)
    assert before(browser)[0] == "free"
    tone, text = before(browser, address=ELSEWHERE)
    assert (tone, ABROAD in text) == ("wait", True)
    assert after(browser, address=ELSEWHERE).startswith(ABROAD)
    assert (Filing.objects.count(), Violation.objects.count()) == (0, 0)


def test_what_nobody_can_mend_is_said_first(cast, as_):
    """Whoever is from elsewhere gains nothing by a reason while another protects."""
    customer = customer_of(cast.filer, now=timezone.now())
    filed(customer, cast.filer, now=None)
    abroad = StoreFactory(region=Region.objects.get(name="宁波"))
    browser = as_(PersonFactory(store=abroad, role=Role.SALES_STORE))
    assert "Filed already" in before(browser)[1]
    assert after(browser) == FILED
    assert invalid_of(customer) == [(cast.filer, "")]
    assert not Violation.objects.exists()


def test_a_draft_that_a_quote_completes_is_a_filing_all_the_same(cast):
    """FIL-09: whatever completes it; the void one stands, and what it begins is said."""
    customer = customer_of(cast.filer, expected_purchase="")
    asked(cast.filer, customer=customer, phone=None, expected="")
    late = asked(cast.filer, customer=customer, phone=None, now=NOW + timedelta(hours=25))
    assert "Reach them again" in late.said
    assert invalid_of(customer) == [(cast.filer, "LATE_24H")]


def test_at_saving_the_rules_decide_anew(cast, as_):
    """What has changed since the answer stood on the page."""
    seller = PersonFactory(store=cast.store, role=Role.SALES_FIELD)
    assert before(as_(seller))[0] == "free"
    Policy.objects.update(field_quota=0)
    assert after(as_(seller)).startswith(USED_UP)
    assert not Filing.objects.exists()


def test_a_card_out_of_reach_answers_as_a_number_that_nobody_has(cast, as_):
    """Decision 4: not even where its home lies."""
    customer_of(cast.filer, address=ELSEWHERE)
    browser = as_(cast.closer)
    for said in ({}, {"address": ""}, {"address": ELSEWHERE}):
        assert before(browser, phone=PHONE, **said) == before(browser, phone="13800138999", **said)


def test_a_card_without_a_project_is_foretold_as_somebody_new(cast, as_):
    customer = customer_of(cast.filer, now=timezone.now())
    customer.projects.all().delete()
    answer = as_(cast.filer).get(f"/customers/{customer.pk}/quote/").context["answer"]
    assert answer.tone == "free"


def test_who_waits_is_told_until_when_before(cast, as_):
    """A late filing stands: until its hours are over another writes nothing."""
    customer = customer_of(cast.filer, now=timezone.now() - timedelta(days=2))
    assert file(customer, cast.filer, now=timezone.now()).invalid == "LATE_24H"
    tone, text = before(as_(cast.filer))
    assert (tone, "colleagues come first" in text) == ("wait", True)
    assert "colleagues come first" in after(as_(cast.filer))
    assert Filing.objects.count() == 1
