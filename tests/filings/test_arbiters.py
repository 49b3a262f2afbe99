"""Nobody decides for themselves, proofs have their time, and who holds no more reads no more."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from customers.models import Customer
from customers.rules import NextStep
from customers.services import record_contact
from customers.services.register import update_customer
from customers.states import Channel, NextKind, Outcome, Reason
from filings import services
from filings.models import ExtensionRequest, Filing, Measuring, Violation
from filings.queries import slots_of
from filings.services import FilingNotChanged, Sale
from filings.services.requests import (
    ExtensionNotAsked,
    ask_extension,
    decide_extension,
    last_day,
)
from filings.services.review_clock import escalate_reviews
from filings.services.reviews import FilingNotReviewed, approve, demand_proof, reject
from filings.states import Lost, RequestKind, RequestReason, RequestState, ViolationKind
from staff.models import Notice
from tests.factories.staff import PersonFactory
from tests.filings.held import file, filed, in_english
from tests.filings.pictures import picture_of

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def behind(company):
    """A filing of the salesperson, and their manager's own, refused behind it."""
    theirs = filed(company.sales_store, name="周雅琴", phone="13911204476")
    refused = file(theirs.customer, in_english(company.store_manager))
    assert refused.invalid == "LATER_FILER"
    return theirs


def ask(filing, *, kind=RequestKind.SILENCE, now=None):
    return ask_extension(
        filing=filing, kind=kind, reason=RequestReason.TRAVEL, by=filing.holder, now=now,
        until=last_day(filing, kind),
    )  # fmt: skip


def test_a_manager_refused_behind_a_filing_decides_nothing_about_it(behind, company):
    by, says = company.store_manager, "decides about this filing"
    request = ask(behind)
    for act in (approve, reject, demand_proof):
        with pytest.raises(FilingNotReviewed, match=says):
            act(filing=behind, note="不实", by=by)
    with pytest.raises(ExtensionNotAsked, match=says):
        decide_extension(request=request, until=None, note="不行", by=by)
    said = {"filing": behind, "reason": "离职", "by": by}
    with pytest.raises(FilingNotChanged, match=says):
        services.release(is_manager=True, **said)
    with pytest.raises(FilingNotChanged, match=says):
        services.void_filing(is_manager=True, **said)
    with pytest.raises(FilingNotChanged, match=says):
        services.hand_over(holder=PersonFactory(role="sales_store", store=company.store), **said)
    reject(filing=behind, note="不实", by=company.ops_manager)


def test_the_pages_say_why_and_offer_nothing(behind, company, as_):
    browser, pages = as_(company.store_manager), f"/filings/{behind.pk}/"
    page = browser.get(pages)
    assert page.context["acts"] == []
    assert "Somebody above you decides about this filing." in page.content.decode()
    for act in ("release", "take-back", "hand-over"):
        text = browser.get(f"{pages}{act}/").content.decode()
        assert "Somebody above you decides" in text
        assert 'type="submit"' not in text.split('<form class="screen')[1].split("</form>")[0]
    row = browser.get("/filings/reviews/").context["rows"][0]
    assert (row["may"], row["is_own"]) == (False, True)
    assert browser.get(f"{pages}reject/").status_code == 403
    assert as_(company.ops_manager).get(f"{pages}reject/").status_code == 200


def test_own_releases_own_ten_minutes_and_reasons(company):
    own = filed(company.store_manager)
    said = {"filing": own, "by": company.store_manager, "is_manager": True}
    services.void_filing(reason="录错", now=timezone.now(), **said)
    old = filed(company.store_manager, days_ago=1)
    with pytest.raises(FilingNotChanged, match="decides about this filing"):
        services.void_filing(**{**said, "filing": old}, reason="录错")
    services.release(**{**said, "filing": old})
    theirs = filed(company.sales_store)
    with pytest.raises(FilingNotChanged, match="Say why"):
        services.release(**{**said, "filing": theirs})
    with pytest.raises(FilingNotChanged, match="to themselves"):
        services.hand_over(
            filing=theirs, holder=company.store_manager, reason="给我", by=company.store_manager
        )


def test_a_proof_that_is_never_given_is_reported_up(company):
    filing = filed(company.sales_store)
    later = filing.review_due_at + DAY
    assert escalate_reviews(now=later) == 1
    demand_proof(filing=filing, note="门牌", by=company.store_manager, now=later)
    filing.refresh_from_db()
    assert filing.review_due_at > later
    assert escalate_reviews(now=filing.review_due_at - timedelta(seconds=1)) == 0
    Notice.objects.all().delete()
    assert escalate_reviews(now=filing.review_due_at) == 1
    assert escalate_reviews(now=filing.review_due_at + DAY) == 0
    told = Notice.objects.filter(params__has_key="unproved")
    assert {company.sales_store, company.store_manager, company.ops_manager} <= {
        row.person for row in told
    }


def test_a_past_holder_reads_neither_card_nor_what_became_of_it(company, as_):
    me, now = company.sales_store, timezone.now()
    filing = filed(in_english(me), name="周雅琴", phone="13911204476", days_ago=2)
    rival = PersonFactory(role="sales_store", store=company.store, name="对手甲")
    services.hand_over(filing=filing, holder=rival, reason="调岗", by=company.store_manager)
    customer = Customer.objects.get(pk=filing.customer_id)
    update_customer(customer=customer, by=rival, now=now, address="金丝雀路8号", need="金丝雀沙发")
    Customer.objects.filter(pk=customer.pk).update(owner=rival)
    customer.projects.update(address="金丝雀路8号")
    browser = as_(me)
    pages = [f"/filings/{filing.pk}/", "/filings/?scope=over"]
    for url in pages:
        text = browser.get(url).content.decode()
        assert "周雅琴" in text
        for canary in ("金丝雀", "对手甲", "Protected until</dt>", "days left"):
            assert canary not in text, (url, canary)
    assert filing.number not in browser.get("/filings/").content.decode()
    before = [browser.get(url).content.decode().count("<li") for url in pages]
    filing.refresh_from_db()
    services.release(filing=filing, by=rival, is_manager=False)
    assert [browser.get(url).content.decode().count("<li") for url in pages] == before
    customer.refresh_from_db()
    update_customer(customer=customer, by=rival, now=timezone.now(), name="新名金丝雀")
    for url in pages:
        text = browser.get(url).content.decode()
        assert "金丝雀" not in text
        assert "周雅琴" not in text
    assert "金丝雀" in as_(rival).get(pages[0]).content.decode()


def test_what_lapsed_offers_the_same_whoever_filed_since(company, as_):
    me = in_english(company.sales_store)
    filing = filed(me, name="周雅琴", phone="13911204476", days_ago=12)
    Customer.objects.filter(pk=filing.customer_id).update(
        owner=company.stranger, store=company.other
    )
    filing.customer.projects.update(address="金丝雀路8号")
    browser, url = as_(me), f"/filings/{filing.pk}/"
    before = browser.get(url)
    assert file(Customer.objects.get(pk=filing.customer_id), company.stranger).invalid == ""
    after = browser.get(url)
    for name in ("facts", "acts", "events", "stretches", "light", "again"):
        assert after.context[name] == before.context[name], name
    assert "金丝雀" not in after.content.decode()
    assert browser.post(f"{url}release/").status_code == 200


def test_going_from_hand_to_hand_prolongs_once(company):
    now = timezone.now()
    filing = filed(company.sales_store, days_ago=9)
    two = [PersonFactory(role="sales_store", store=company.store) for _each in "12"]
    by = company.store_manager
    before = filing.protected_until
    services.hand_over(filing=filing, holder=two[0], reason="调岗", by=by, now=now)
    filing.refresh_from_db()
    once = filing.protected_until
    assert once > before
    services.hand_over(filing=filing, holder=two[1], reason="调岗", by=by, now=now + DAY)
    filing.refresh_from_db()
    assert filing.protected_until == once
    assert filing.holder == two[1]
    found = Violation.objects.filter(kind=ViolationKind.HANDED_AT_LIMIT)
    assert [row.person for row in found.order_by("pk")][:1] == [company.sales_store]


def test_a_slot_counts_for_who_was_credited(company):
    me, colleague = company.sales_field, PersonFactory(role="sales_field", store=company.team)
    filing, now = filed(me), timezone.now()
    sale = Sale(customer=filing.customer, project=filing.project, closer=me, store=me.store)
    services.settle(sale, by=me)
    said = {"store": company.team, "day": company.team.today(now), "refill": "deal"}
    services.hand_over(filing=filing, holder=colleague, reason="调岗", by=company.field_supervisor)
    assert slots_of(me, **said).deals == 1
    assert slots_of(colleague, **said).deals == 0


def test_what_nobody_decided_was_refused_by_nobody(company):
    filing, now = filed(company.sales_field), timezone.now()
    first = ask(filing, kind=RequestKind.LIMIT)
    ExtensionRequest.objects.filter(pk=first.pk).update(held_until=now)
    with transaction.atomic(), pytest.raises(IntegrityError), transaction.atomic():
        ExtensionRequest.objects.filter(pk=first.pk).update(
            state=RequestState.REFUSED, decided_at=now, decided_by=company.sales_field
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Filing.objects.filter(pk=filing.pk).update(reviewed_at=now, reviewed_by=filing.filer)
    ask(filing, kind=RequestKind.LIMIT, now=first.held_until + timedelta(seconds=1))
    first.refresh_from_db()
    assert first.decided_by.is_system


def test_no_limit_is_moved_after_measuring(company):
    filing, now = filed(company.sales_field), timezone.now()
    customer = Customer.objects.select_related("store", "owner").get(pk=filing.customer_id)
    contact = record_contact(
        customer=customer, channel=Channel.MEASURING, outcome=Outcome.MET, by=filing.filer,
        now=now, today=timezone.localdate(now), reason=Reason.DESIGN, project=filing.project,
        next_step=NextStep(kind=NextKind.CALL, on=timezone.localdate(now) + 3 * DAY),
    )  # fmt: skip
    services.note_measuring(
        measuring=Measuring.objects.create(
            customer=customer, project=filing.project, contact=contact, at=now, by=filing.filer,
            picture=picture_of(customer, filing.filer, now),
        )
    )  # fmt: skip
    filing.refresh_from_db()
    with pytest.raises(ExtensionNotAsked, match="is measured"):
        ask(filing, kind=RequestKind.LIMIT)


def test_only_what_that_change_released_comes_back(company):
    me, now = company.sales_store, timezone.now()
    filing = filed(me)
    customer = Customer.objects.get(pk=filing.customer_id)
    services.release_all(customer=customer, holder=None, by=me, now=now)
    said = {"customer": customer, "by": me, "released_at": now, "released_by": me}
    services.resume_all(**{**said, "released_by": company.store_manager}, now=now)
    services.resume_all(**{**said, "released_at": now - DAY}, now=now)
    services.resume_all(**said, now=now + timedelta(minutes=11))
    filing.refresh_from_db()
    assert filing.ended == Lost.RELEASED_D
    services.resume_all(**said, now=now + timedelta(minutes=11), voids_contact=True)
    filing.refresh_from_db()
    assert filing.ended == ""
