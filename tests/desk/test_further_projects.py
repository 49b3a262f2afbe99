"""A further project of somebody else's customer: shut until operations have looked (decision 4)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from core.phones import normalise
from customers.models import Access, Contact, Customer
from customers.queries import visible
from customers.rules import NextStep
from customers.services import give_access, update_customer
from customers.services.phones import make_main
from customers.states import NextKind
from desk.services.filing_moves import hand_over_filing
from filings.models import Dispute, Filing, Ruling
from filings.queries import protecting
from filings.rules.parties import Judgment
from filings.services.judging import decide_dispute
from filings.services.late_questions import report_late_questions
from filings.states import DisputeKind, Finding, Withdrawn
from followups.models import Obligation
from followups.services import ContactNotLogged, log_contact
from followups.services.engine import ask
from staff.models import Notice
from staff.scope import reach_of
from staff.states import NoticeKind, Role
from staff.told import sentence
from tests.desk.leads import DOOR, filed, lead
from tests.desk.test_registering import URL, form
from tests.factories.staff import PersonFactory
from tests.filings.held import in_english

OTHER_HOME = "水岸名都3幢2单元501"
SECRETS = ("别人的客户", DOOR[:4], "沙发")


@pytest.fixture
def protected(company):
    customer = lead(company.stranger, need="沙发", wechat="")
    filed(customer, company.stranger)
    return customer


def claimed(browser, **more):
    sent = form(address=OTHER_HOME, project_reason="给父母买的新房", need=[], need_text="浅色布艺")
    return browser.post(URL, sent | more)


def sees(person, customer):
    return visible(reach_of(person, today=timezone.localdate())).filter(pk=customer.pk).exists()


def judged(company, finding, owner=None):
    dispute = Dispute.objects.get(kind=DisputeKind.NEW_PROJECT)
    return decide_dispute(
        dispute=dispute, seen=dispute.version, by=company.ops_manager,
        judgment=Judgment(owner=owner, finding=finding, clauses=("FIL-33",), text="看过现场"),
    )  # fmt: skip


def test_any_reason_beside_a_number_opens_nothing(company, as_, protected):
    browser = as_(company.sales_store)
    answer = claimed(browser)
    mine = Filing.objects.get(filer=company.sales_store)
    assert mine.invalid == ""
    assert mine.protections.exists()
    assert answer.url == f"/filings/{mine.pk}/"
    assert not Access.objects.exists()
    assert not Contact.objects.exists(), "no stranger's words on the card"
    assert not sees(company.sales_store, protected)
    for path in ("", "edit/", "print/", "file/", "registered/", "numbers/"):
        assert browser.get(f"/customers/{protected.pk}/{path}").status_code == 404
    protected.refresh_from_db()
    assert (protected.wechat, protected.need, protected.owner) == ("", "沙发", company.stranger)


def test_the_page_and_the_list_say_what_the_filer_typed_and_no_more(company, as_, protected):
    browser = as_(in_english(company.sales_store))
    text = browser.get(claimed(browser).url).content.decode()
    mine = browser.get("/filings/").content.decode()
    assert "another project" in text
    for own in ("许文博", "138****8001", OTHER_HOME, "浅色布艺", "给父母买的新房"):
        assert own in text
    for page in (text, mine):
        assert "许文博" in page
        assert "13800138001" not in page
        for secret in (*SECRETS, company.stranger.name, f"/customers/{protected.pk}/"):
            assert secret not in page
    assert "许文博" not in browser.get("/customers/").content.decode()
    assert "138****8001" not in browser.get("/search/?q=8001").content.decode()


def test_nothing_of_the_card_is_on_the_filers_day(company, as_, protected):
    claimed(as_(company.sales_store))
    ask(now=timezone.now())
    assert not Obligation.objects.filter(assignee=company.sales_store).exists()
    judged(company, Finding.NEW)
    assert sees(company.sales_store, protected)
    ask(now=timezone.now())
    assert Obligation.objects.filter(assignee=company.sales_store).exists()


def test_found_to_be_the_same_it_ends_and_stays_shut(company, as_, protected):
    browser = as_(company.sales_store)
    page = claimed(browser).url
    judged(company, Finding.SAME, owner=company.stranger.pk)
    mine = Filing.objects.get(filer=company.sales_store)
    assert mine.withdrawn == Withdrawn.MERGED
    assert not sees(company.sales_store, protected)
    ruling = Ruling.objects.latest("pk")
    pages = [
        page,
        f"/disputes/{ruling.dispute_id}/",
        f"/rulings/{ruling.pk}/",
        "/today/",
        "/filings/",
    ]
    for url in pages:
        answer = browser.get(url)
        assert answer.status_code in (200, 404), url
        assert not any(secret in answer.content.decode() for secret in SECRETS), url


def test_a_sold_and_a_bought_customer_stay_shut_too(company, as_):
    buyer = lead(company.stranger)
    Customer.objects.filter(pk=buyer.pk).update(bought_count=1)
    claimed(as_(company.sales_store))
    assert Filing.objects.get().invalid == ""
    assert not sees(company.sales_store, buyer)


def test_handing_such_a_filing_over_opens_nothing_either(company, as_, protected):
    claimed(as_(company.sales_store))
    mine = Filing.objects.get(filer=company.sales_store)
    colleague = PersonFactory(store=company.store, role=Role.SALES_STORE)
    hand_over_filing(filing=mine, holder=colleague, reason="换人", by=company.ops_manager)
    assert not sees(colleague, protected)
    judged(company, Finding.NEW)
    assert sees(colleague, protected)
    assert not sees(company.sales_store, protected)


def test_operations_hear_of_a_question_that_waits_for_a_day(company, as_, protected):
    claimed(as_(company.sales_store))
    dispute = Dispute.objects.get(kind=DisputeKind.NEW_PROJECT)
    late = Notice.objects.filter(key=f"bench-late-{dispute.pk}")
    assert report_late_questions(now=dispute.opened_at + timedelta(hours=23)) == 0
    assert report_late_questions(now=dispute.opened_at + timedelta(hours=25)) == 1
    assert company.ops_manager.pk in late.values_list("person", flat=True)
    assert report_late_questions(now=dispute.opened_at + timedelta(hours=26)) == 0


# whoever has access


@pytest.fixture
def shared(company, protected):
    give_access(customer=protected, person=company.sales_store)
    return protected


def test_whoever_has_access_does_not_give_up_whom_another_protects(company, as_, shared):
    browser, now = as_(company.sales_store), timezone.now()
    page = browser.post(f"/customers/{shared.pk}/grade/", {"grade": "D", "reason": "没兴趣"})
    assert page.context["form"].errors["grade"]
    said = {"customer": shared, "channel": "call", "outcome": "connected", "reason": "other"}
    with pytest.raises(ContactNotLogged) as refusal:
        log_contact(
            **said, grade="D", next_step=NextStep(kind=NextKind.NONE, none_reason="other"),
            by=company.sales_store, now=now, key=uuid4(),
        )  # fmt: skip
    assert refusal.value.codes == ("held_by_another",)
    shared.refresh_from_db()
    assert shared.grade != "D"
    assert protecting(customer=shared, now=now).exists()
    as_(company.stranger).post(f"/customers/{shared.pk}/grade/", {"grade": "D", "reason": "没兴趣"})
    shared.refresh_from_db()
    assert shared.grade == "D", "the keeper may"


def test_the_keeper_hears_of_another_name_and_another_main_number(company, as_, shared):
    told = Notice.objects.filter(person=company.stranger, kind=NoticeKind.CARD_CHANGED)
    update_customer(customer=shared, by=company.sales_store, now=timezone.now(), hobbies="茶")
    assert not told.exists()
    for more, at in (({"name": "改名"}, 1), ({"main_phone": normalise("13911112222")}, 2)):
        moment = timezone.now() + timedelta(seconds=at)
        update_customer(customer=shared, by=company.sales_store, now=moment, **more)
    make_main(
        number=shared.phones.get(is_primary=False), by=company.sales_store,
        now=timezone.now() + timedelta(seconds=3),
    )  # fmt: skip
    assert told.count() == 3
    update_customer(customer=shared, by=company.stranger, now=timezone.now(), name="又改")
    assert told.count() == 3
    assert company.sales_store.name in sentence(NoticeKind.CARD_CHANGED, told.latest("pk").params)
