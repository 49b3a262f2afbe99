"""Reviews of filings: who, what, told, late, raced, and shown (FIL-28, ORG-08)."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import Attachment
from filings.models import Filing
from filings.queries import protecting, slots_of
from filings.services import reviews
from filings.services.review_clock import escalate_reviews
from filings.services.reviews import FilingNotReviewed
from filings.states import Invalid, ReviewState
from staff.states import DutyKind, NoticeKind
from tests.customers.test_attachments import jpeg
from tests.factories.staff import DutyFactory
from tests.filings.leads import told_of
from tests.filings.pictures import picture_of

pytestmark = pytest.mark.django_db

QUEUE = "/filings/reviews/"
told = partial(told_of, NoticeKind.FILING_REVIEW)


def test_pending_protects_and_approval_tells_the_filer(house):
    filing = house.filing(house.seller)
    assert protecting(customer=filing.customer_id, now=timezone.now()).exists()
    reviews.approve(filing=filing, by=house.manager)
    filing.refresh_from_db()
    assert (filing.review_state, filing.reviewed_by) == (ReviewState.APPROVED, house.manager)
    assert told(house.seller) == [f"{house.manager.name} approved filing {filing.number}."]


def test_proof_is_demanded_given_and_then_approved(house):
    filing = house.filing(house.seller)
    with pytest.raises(FilingNotReviewed, match="Say why"):
        reviews.demand_proof(filing=filing, note=" ", by=house.manager)
    reviews.demand_proof(filing=filing, note="门牌照片", by=house.manager)
    assert "asks you to prove" in told(house.seller)[0]
    due_before = Filing.objects.get(pk=filing.pk).review_due_at
    later = timezone.now() + timedelta(days=3)
    proof = picture_of(filing.customer, house.seller, later)
    reviews.give_proof(filing=filing, proof=proof, by=house.seller, now=later)
    filing.refresh_from_db()
    assert (filing.review_state, filing.proof) == (ReviewState.PENDING, proof)
    assert filing.review_due_at > due_before
    assert "It waits for its review" in told(house.manager)[0]
    reviews.approve(filing=filing, by=house.manager)
    with pytest.raises(FilingNotReviewed, match="No proof is asked for"):
        reviews.give_proof(filing=filing, proof=proof, by=house.seller)


def test_a_rejection_voids_from_the_start_and_frees_the_slot(house):
    now = timezone.now()
    filing = house.filing(house.field)
    refused = house.filing(house.seller, customer=filing.customer)
    assert refused.invalid == Invalid.LATER_FILER
    day = house.team.today(now)
    assert slots_of(house.field, store=house.team, day=day, refill="deal").admitted == 1
    reviews.reject(filing=filing, note="地址是假的", by=house.supervisor)
    assert slots_of(house.field, store=house.team, day=day, refill="deal").admitted == 0
    refused.refresh_from_db()
    assert refused.invalid == Invalid.LATER_FILER  # stays refused, nobody is promoted
    assert not protecting(customer=filing.customer_id, now=timezone.now()).exists()
    assert "void from the start" in told(house.field)[0]


def test_nobody_reviews_the_own_filing(house):
    filing = house.filing(house.manager)
    for act in (reviews.approve, reviews.demand_proof, reviews.reject):
        with pytest.raises(FilingNotReviewed, match="Nobody reviews the own"):
            act(filing=filing, by=house.manager, note="x")


def test_late_reviews_go_up_once_and_are_never_approved(house):
    DutyFactory(kind=DutyKind.DEPARTMENT_MANAGER, store=house.store, person=house.colleague)
    filing = house.filing(house.seller)
    before = filing.review_due_at - timedelta(seconds=1)
    assert escalate_reviews(now=before) == 0
    assert escalate_reviews(now=filing.review_due_at) == 1
    assert escalate_reviews(now=filing.review_due_at + timedelta(days=1)) == 0
    filing.refresh_from_db()
    assert filing.review_state == ReviewState.PENDING
    assert filing.escalated_at
    for person in (house.ops, house.colleague):
        assert "was reported up to you" in told(person)[0]
    assert told(house.manager) == told(house.seller) == []


def test_late_reviews_are_reported_in_a_handful_of_queries(house):
    for _each in range(6):
        filing = house.filing(house.seller)
    with CaptureQueriesContext(connection) as many:
        assert escalate_reviews(now=filing.review_due_at) == 6
    house.filing(house.seller)
    with CaptureQueriesContext(connection) as one:
        assert escalate_reviews(now=filing.review_due_at) == 1
    assert len(many) == len(one)


# the pages


def test_the_queue_has_the_filing_due_first_and_no_digits(house, as_):
    first = house.filing(house.seller, now=timezone.now() - timedelta(days=6))
    house.filing(house.seller)
    page = as_(house.manager).get(QUEUE)
    text = page.content.decode()
    assert page.context["rows"][0]["pk"] == first.pk
    assert page.context["rows"][0]["due"].tone == "late"
    assert "13700" not in text
    assert "137****" in text
    assert as_(house.ops).get(QUEUE).status_code == 200
    assert as_(house.seller).get(QUEUE).status_code == 403
    assert as_(house.finance).get(QUEUE).status_code == 403
    assert as_(house.manager).get(f"{QUEUE}?part=nowhere").status_code == 400
    assert as_(house.manager).post(QUEUE).status_code == 405


def test_flags_are_words(house, as_):
    now = timezone.now().replace(microsecond=0)
    first = house.filing(house.seller, now=now)
    house.filing(house.colleague, now=now + timedelta(milliseconds=300), customer=first.customer)
    Filing.objects.filter(pk=first.pk).update(notes=["bare_house"])
    row = as_(house.manager).get(QUEUE).context["rows"][0]
    assert row["flags"] == ["House without a door number", "Filed in the same second as another"]


def test_a_sales_manager_by_duty_sees_and_decides(house, as_):
    filing = house.filing(house.seller)
    DutyFactory(kind=DutyKind.SALES_MANAGER, store=house.store, person=house.colleague)
    browser = as_(house.colleague)
    assert [row["pk"] for row in browser.get(QUEUE).context["rows"]] == [filing.pk]
    browser.post("/filings/reviews/approve/", {"only": filing.pk})
    filing.refresh_from_db()
    assert filing.reviewed_by == house.colleague


def test_several_are_approved_at_once_and_the_refused_is_named(house, as_):
    rows = [house.filing(house.seller) for _each in range(3)]
    reviews.approve(filing=rows[0], by=house.ops)
    foreign = house.filing(house.stranger)
    asked = [row.pk for row in (*rows, foreign)]
    answer = as_(house.manager).post("/filings/reviews/approve/", {"filing": asked}, follow=True)
    text = answer.content.decode()
    assert "2 filings approved." in text
    assert f"{rows[0].number} was not approved" in text
    foreign.refresh_from_db()
    assert foreign.review_state == ReviewState.PENDING
    assert (
        "Tick at least one"
        in as_(house.manager)
        .post("/filings/reviews/approve/", {"filing": "abc"}, follow=True)
        .content.decode()
    )


def test_reject_and_demand_proof_say_what_follows(house, as_):
    filing = house.filing(house.seller)
    browser, pages = as_(house.manager), f"/filings/{filing.pk}"
    assert "void from the start" in browser.get(f"{pages}/reject/").content.decode()
    assert browser.post(f"{pages}/reject/", {"note": " "}).context["form"].errors["note"]
    browser.post(f"{pages}/demand-proof/", {"note": "门牌照片"})
    assert browser.get(f"{QUEUE}?part=proof").context["rows"][0]["note"] == "门牌照片"
    browser.post(f"{pages}/reject/", {"note": "没有证明"})
    decided = browser.get(f"{QUEUE}?part=decided").context["rows"][0]
    assert (decided["note"], decided["reviewer"]) == ("没有证明", house.manager.name)
    late = as_(house.ops).post(f"{pages}/reject/", {"note": "也不行"})
    assert "reviewed this filing already" in late.content.decode()


@pytest.mark.parametrize("act", ["reject", "demand-proof"])
def test_strangers_get_404_and_insiders_403(house, as_, act):
    filing, own = house.filing(house.seller), house.filing(house.manager)
    assert as_(house.stranger_manager).get(f"/filings/{filing.pk}/{act}/").status_code == 404
    assert as_(house.seller).get(f"/filings/{filing.pk}/{act}/").status_code == 403
    assert as_(house.manager).get(f"/filings/{own.pk}/{act}/").status_code == 403
    assert as_(house.manager).get(f"/filings/999999/{act}/").status_code == 404
    assert as_(house.manager).put(f"/filings/{filing.pk}/{act}/").status_code == 405


def test_the_filer_gives_the_proof_with_a_picture(house, as_):
    filing = house.filing(house.seller)
    page, browser = f"/filings/{filing.pk}/prove/", as_(house.seller)
    assert "No proof is asked for." in browser.get(page).content.decode()
    reviews.demand_proof(filing=filing, note="门牌照片", by=house.manager)
    form = browser.get(page).context["form"]
    assert browser.post(page, {"key": form["key"].value()}).context["form"].errors["picture"]
    sent = {
        "key": form["key"].value(),
        "picture": SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg"),
        "caption": "门牌",
    }
    assert browser.post(page, sent).status_code == 302
    filing.refresh_from_db()
    assert filing.proof == Attachment.objects.get()
    assert as_(house.stranger).get(page).status_code == 404
    assert as_(house.manager).get(page).status_code == 403


def test_the_queue_costs_the_same_for_one_and_for_twelve(house, as_):
    browser = as_(house.manager)
    house.filing(house.seller)
    browser.get(QUEUE)
    with CaptureQueriesContext(connection) as one:
        browser.get(QUEUE)
    for _each in range(11):
        house.filing(house.seller)
    with CaptureQueriesContext(connection) as twelve:
        browser.get(QUEUE)
    assert len(one) == len(twelve) <= 14
