"""The pages on which deposits are taken: the answer before the button, the filer on the receipt."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from core.models import AuditEntry
from filings.models import Deal, Policy, Ruling
from filings.states import CrossRegionSale
from orders.models import Bill, Payment
from staff.states import Role, Trade
from tests.factories.staff import PersonFactory, RegionFactory, StoreFactory
from tests.orders.stage import HOME, PHONE, customer_of, filed, stage

pytestmark = pytest.mark.django_db
NEW, CHECK = "/deposits/new/", "/deposits/check/"


@pytest.fixture
def cast():
    return stage()


def form(**said):
    return {"phone": PHONE, "payer": "李先生", "amount": "5000", "method": "wechat",
            "address": HOME, "key": str(uuid4()), "seen": "yours"} | said  # fmt: skip


def take(browser, **said):
    return browser.post(NEW, form(**said))


def hers(cast):
    """A customer whom the filer has filed just now, and who holds."""
    at = timezone.now() - timedelta(hours=1)
    customer = customer_of(cast.filer, now=at)
    filed(customer, cast.filer, now=None)
    return customer


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("sales_store", 200), ("sales_field", 200), ("store_manager", 200),
        ("field_supervisor", 200), ("ops_manager", 403), ("marketing_manager", 403),
        ("merchandiser", 403), ("finance", 403), ("admin", 403),
    ],
)  # fmt: skip
def test_who_takes_deposits(company, as_, role, status):
    browser = as_(getattr(company, role))
    assert browser.get(NEW).status_code == status
    assert browser.post(CHECK, {"phone": PHONE}).status_code == status


@pytest.mark.parametrize(
    ("role", "receipt", "returning"),
    [
        ("sales_store", 200, 403), ("stranger", 404, 403), ("sales_field", 404, 403),
        ("store_manager", 200, 200), ("field_supervisor", 404, 404), ("ops_manager", 200, 403),
        ("marketing_manager", 403, 403), ("merchandiser", 403, 403), ("finance", 200, 200),
        ("admin", 403, 403),
    ],
)  # fmt: skip
def test_who_reads_a_receipt_and_who_gives_back(company, as_, role, receipt, returning):
    take(as_(company.sales_store))
    address = f"/deposits/{Payment.objects.get().pk}/"
    browser = as_(getattr(company, role))
    assert browser.get(address).status_code == receipt
    assert browser.get(f"{address}return/").status_code == returning
    assert browser.get("/deposits/999999/").status_code in (404, 403)


def test_filed_is_said_before_the_button_and_the_filer_named_on_the_receipt(cast, as_):
    hers(cast)
    browser = as_(cast.closer)
    answer = browser.post(CHECK, {"phone": PHONE}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert 'value="filer"' in page
    assert "<html" not in page
    for secret in (cast.filer.name, cast.store.name):
        assert secret not in page
    answer = take(browser, seen="filer")
    page = browser.get(answer.url).content.decode()
    assert cast.filer.name in page
    assert Ruling.objects.get().credited_to == cast.filer


def test_what_was_not_read_first_is_said_before_anything_is_taken(cast, as_):
    hers(cast)
    browser = as_(cast.closer)
    page = take(browser, seen="").content.decode()
    assert 'value="filer"' in page
    assert "5000" in page
    assert not Payment.objects.exists()
    assert take(browser, seen="filer").status_code == 302


def test_the_page_works_without_scripts(cast, as_):
    page = as_(cast.closer).post(CHECK, form(seen="")).content.decode()
    assert 'value="yours"' in page
    assert "李先生" in page


def test_a_number_asked_for_is_counted(cast, as_):
    hers(cast)
    as_(cast.closer).post(CHECK, {"phone": PHONE})
    assert AuditEntry.objects.filter(verb="look_up", by=cast.closer).count() == 1


def test_whoever_asks_too_often_is_told_nothing_and_may_still_take_money(cast, as_):
    hers(cast)
    for index in range(60):
        AuditEntry.objects.create(
            verb="look_up", object_type="staff.person", object_id=cast.closer.pk, by=cast.closer,
            detail={"mark": f"m{index}"},
        )  # fmt: skip
    browser = as_(cast.closer)
    page = browser.post(CHECK, {"phone": PHONE}).content.decode()
    assert 'value="wait"' in page
    assert 'value="filer"' not in page
    assert take(browser, seen="wait").status_code == 302


def test_the_same_form_twice_is_one_receipt(cast, as_):
    browser, sent = as_(cast.closer), form()
    first = browser.post(NEW, sent)
    assert browser.post(NEW, sent | {"seen": "filer"}).url == first.url
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"phone": "12"}, {"amount": "0"}, {"amount": "viel"}, {"payer": ""}, {"method": "gold"},
     {"key": "x"}],
)  # fmt: skip
def test_what_is_wrong_stays_on_the_page(cast, as_, wrong):
    answer = take(as_(cast.closer), **wrong)
    assert answer.status_code == 200
    assert "wrong" in answer.content.decode() or "is-error" in answer.content.decode()
    assert not Payment.objects.exists()


def test_a_sale_across_regions_that_is_refused_says_so(cast, as_):
    Policy.objects.filter(trade=Trade.FURNITURE).update(cross_region_sale=CrossRegionSale.BLOCK)
    far = StoreFactory(region=RegionFactory(name="宁波"))
    browser = as_(PersonFactory(store=far, role=Role.SALES_STORE))
    page = take(browser, address=HOME).content.decode()
    assert "杭州" in page
    assert not Payment.objects.exists()


def test_a_deposit_goes_back_with_a_reason(cast, as_):
    take(as_(cast.closer))
    address = f"/deposits/{Payment.objects.get().pk}/return/"
    browser = as_(cast.manager)
    assert browser.post(address, {"reason": ""}).status_code == 200
    answer = browser.post(address, {"reason": "客户退定"})
    assert answer.status_code == 302
    assert Deal.objects.get().undone_at is not None
    assert "客户退定" in browser.get(answer.url).content.decode()
    assert browser.post(address, {"reason": "客户退定"}).status_code == 200


def test_the_taker_does_not_give_back(cast, as_):
    browser = as_(cast.manager)
    take(browser)
    address = f"/deposits/{Payment.objects.get().pk}/"
    assert f"{address}return/" not in browser.get(address).content.decode()
    assert browser.post(f"{address}return/", {"reason": "退"}).status_code == 200
    assert Payment.objects.get().returned_at is None


def test_receipts_ask_as_much_for_one_ruling_as_for_many(cast, as_, django_assert_max_num_queries):
    browser = as_(cast.closer)
    address = take(browser).url
    with django_assert_max_num_queries(14):
        browser.get(address)


def test_a_deposit_by_cheque_names_the_paper(cast, as_):
    browser = as_(cast.closer)
    assert take(browser, method="cheque").status_code == 200
    assert not Payment.objects.exists()
    due_on = timezone.localdate() + timedelta(days=90)
    paper = {"bill_number": "0042", "bill_bank": "工商银行", "bill_due_on": due_on.isoformat()}
    assert take(browser, method="cheque", **paper).status_code == 302
    assert Bill.objects.get().number == "0042"
