"""Extensions and special circumstances (FIL-19, FIL-20, FIL-40), and filings across regions."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import Access
from desk.services.cross_region import approve_across_regions
from filings.models import ExtensionRequest, Filing
from filings.queries import book_of
from filings.rules import status
from filings.services import CrossRegion, Lead, file_lead
from filings.services.requests import (
    ExtensionNotAsked,
    ask_extension,
    decide_extension,
    last_day,
)
from filings.services.reviews import FilingNotReviewed, decide_cross_region
from filings.states import CrossReason, CrossState, Invalid, Lost, RequestKind, RequestReason
from staff.states import DutyKind, NoticeKind
from tests.factories.staff import DutyFactory
from tests.filings.filed import reach
from tests.filings.leads import told_of
from tests.filings.pictures import picture_of
from tests.followups.build import at

pytestmark = pytest.mark.django_db

QUEUE = "/filings/extensions/"
told = partial(told_of, NoticeKind.EXTENSION)


def asked(filing, *, kind=RequestKind.LIMIT, now=None, days=5) -> ExtensionRequest:
    until = last_day(filing, kind) - timedelta(days=days)
    return ask_extension(
        filing=filing, kind=kind, reason=RequestReason.TRAVEL, until=until, by=filing.filer,
        now=now,
    )  # fmt: skip


def test_deciders_are_told_and_the_asker_of_the_decision(house):
    filing = house.filing(house.field)
    request = asked(filing)
    assert f"asks for more time for filing {filing.number}" in told(house.supervisor)[0]
    assert told(house.ops) == told(house.field) == []
    decide_extension(request=request, until=request.wanted_until, by=house.supervisor)
    assert "more time, until" in told(house.field)[0]
    filing.refresh_from_db()
    limit = filing.limit_at.astimezone(house.team.tzinfo)
    assert limit.date() == request.wanted_until + timedelta(days=1)


def test_circumstances_are_decided_by_who_leads_the_store(house):
    filing = house.filing(house.seller)
    asked(filing, kind=RequestKind.SILENCE)
    assert len(told(house.manager)) == 1


@pytest.mark.parametrize(("days", "code"), [(-1, "until_is_past"), (400, "day_is_too_far")])
def test_a_day_that_cannot_be_granted_is_refused(house, days, code):
    request = asked(house.filing(house.field))
    until = timezone.localdate() + timedelta(days=days)
    with pytest.raises(ExtensionNotAsked) as refusal:
        decide_extension(request=request, until=until, by=house.supervisor)
    assert refusal.value.codes == (code,)


@pytest.mark.parametrize(
    ("kind", "called_on", "asked_on", "late_on", "how"),
    [
        (RequestKind.SILENCE, (), 10, 16, Lost.LAPSED_10D),
        (RequestKind.LIMIT, (9, 14), 16, 25, Lost.VOID_15D),
    ],
)
def test_what_has_lapsed_meanwhile_gets_no_more_time(
    house, kind, called_on, asked_on, late_on, how
):
    """By silence, or followed up and never measured: asked for in time, decided too late."""
    filing = house.filing(house.field, now=at("2026-03-02 10:00"))
    for day in called_on:
        reach(filing, house.field, now=at(f"2026-03-{day:02} 10:00"))
    filing.refresh_from_db()
    request = asked(filing, kind=kind, now=at(f"2026-03-{asked_on} 12:00"), days=0)
    late = at(f"2026-03-{late_on} 09:00")
    assert request.held_until < late
    assert status(book_of(filing.customer_id).filings[filing.pk], late) == how
    with pytest.raises(ExtensionNotAsked, match="lapsed meanwhile"):
        decide_extension(request=request, until=request.wanted_until, by=house.ops, now=late)
    decide_extension(request=request, until=None, note="太晚", by=house.ops, now=late)


# the pages


def test_the_queue_shows_clocks_and_what_nobody_decided(house, as_):
    filing = house.filing(house.field)
    request = asked(filing)
    ExtensionRequest.objects.filter(pk=request.pk).update(
        asked_at=timezone.now() - timedelta(days=5), held_until=timezone.now() - timedelta(days=2)
    )
    page = as_(house.supervisor).get(QUEUE)
    row = page.context["rows"][0]
    assert row["is_missed"]
    assert [clock.label for clock in row["clocks"]] == [
        "Follow up by", "Protected until", "Measure or deposit by",
    ]  # fmt: skip
    assert "nobody decided in time" in page.content.decode()
    assert as_(house.manager).get(QUEUE).context["rows"] == []
    assert as_(house.field).get(QUEUE).status_code == 403
    assert as_(house.ops).post(QUEUE).status_code == 405
    assert as_(house.ops).get(f"{QUEUE}?part=x").status_code == 400


def test_it_is_granted_by_chip_and_refused_with_a_reason(house, as_):
    first, second = asked(house.filing(house.field)), asked(house.filing(house.field))
    browser = as_(house.supervisor)
    page = f"{QUEUE}{first.pk}/grant/"
    assert first.wanted_until.isoformat() in browser.get(page).content.decode()
    assert browser.post(page, {}).context["form"].errors["until"]
    assert browser.post(page, {"until": "other"}).context["form"].errors["until_other"]
    far = (first.wanted_until + timedelta(days=300)).isoformat()
    refused = browser.post(page, {"until": "other", "until_other": far})
    assert "At most 15 days" in refused.content.decode()
    assert browser.post(page, {"until": first.wanted_until.isoformat()}).status_code == 302
    page = f"{QUEUE}{second.pk}/refuse/"
    assert browser.post(page, {"note": ""}).context["form"].errors["note"]
    assert browser.post(page, {"note": "客户已量尺"}).status_code == 302
    rows = browser.get(f"{QUEUE}?part=decided").context["rows"]
    assert [row["is_granted"] for row in rows] == [False, True]
    late = browser.post(page, {"note": "再来"})
    assert "decided this already" in late.content.decode()


@pytest.mark.parametrize("act", ["grant", "refuse"])
def test_strangers_insiders_and_bad_ids(house, as_, act):
    request = asked(house.filing(house.field))
    own = asked(house.filing(house.supervisor))
    assert as_(house.manager).get(f"{QUEUE}{request.pk}/{act}/").status_code == 404
    assert as_(house.field).get(f"{QUEUE}{request.pk}/{act}/").status_code == 403
    assert as_(house.supervisor).get(f"{QUEUE}{own.pk}/{act}/").status_code == 403
    assert as_(house.ops).get(f"{QUEUE}{own.pk}/{act}/").status_code == 200
    assert as_(house.ops).get(f"{QUEUE}99999/{act}/").status_code == 404
    assert as_(house.ops).put(f"{QUEUE}{own.pk}/{act}/").status_code == 405


def test_a_department_manager_by_duty_decides(house, as_):
    DutyFactory(kind=DutyKind.DEPARTMENT_MANAGER, region=house.home, person=house.colleague)
    request = asked(house.filing(house.field))
    page = as_(house.colleague).get(QUEUE)
    assert [row["pk"] for row in page.context["rows"]] == [request.pk]


def test_the_queue_costs_the_same_for_one_and_for_twelve(house, as_):
    browser = as_(house.supervisor)
    asked(house.filing(house.field))
    browser.get(QUEUE)
    with CaptureQueriesContext(connection) as one:
        browser.get(QUEUE)
    for _each in range(11):
        asked(house.filing(house.field))
    with CaptureQueriesContext(connection) as twelve:
        browser.get(QUEUE)
    assert len(one) == len(twelve) <= 14


# across regions

CROSS = "/filings/across-regions/"


def cross(house, *, reason=CrossReason.TENDER) -> Filing:
    """A customer of 杭州, filed by somebody of 宁波."""
    now = timezone.now()
    customer = house.customer(house.far_seller, now=now, place="杭州市余杭区")
    lead = Lead(
        project=customer.projects.get(), acquired_at=now - timedelta(hours=1),
        cross_region=CrossRegion(reason=reason) if reason else None,
    )  # fmt: skip
    made = file_lead(customer=customer, lead=lead, filer=house.far_seller, by=house.far_seller)
    if reason:
        prove(made)
    return made


def prove(filing: Filing) -> None:
    """The paper that proves the reason."""
    proof = picture_of(filing.customer, filing.filer, timezone.now())
    Filing.objects.filter(pk=filing.pk).update(proof=proof)


def test_without_a_reason_it_is_refused_as_another_regions(house):
    assert cross(house, reason=None).invalid == Invalid.CROSS_REGION


def test_approved_it_becomes_a_filing_with_its_access(house, as_):
    filing = cross(house)
    assert (filing.cross_state, filing.submitted_at) == (CrossState.ASKED, None)
    browser = as_(house.ops)
    assert "asks to file across regions" in told_of(NoticeKind.FILING_REVIEW, house.ops)[0]
    row = browser.get(CROSS).context["rows"][0]
    assert (row["home_region"], row["filer_region"]) == ("杭州区", "宁波区")
    said = browser.post(f"/filings/{filing.pk}/across-regions/approve/", follow=True)
    assert "protects from now on" in said.content.decode()
    filing.refresh_from_db()
    assert (filing.invalid, filing.cross_state) == ("", CrossState.APPROVED)
    assert filing.submitted_at
    assert "across regions" in told_of(NoticeKind.FILING_REVIEW, house.far_seller)[0]
    assert not Access.objects.filter(customer=filing.customer).exists()  # keeps it already
    again = browser.post(f"/filings/{filing.pk}/across-regions/approve/", follow=True)
    assert "decided already" in again.content.decode()


def test_refused_with_a_reason_nothing_is_filed(house, as_):
    filing = cross(house)
    page = f"/filings/{filing.pk}/across-regions/refuse/"
    browser = as_(house.ops)
    assert browser.post(page, {"note": ""}).context["form"].errors["note"]
    browser.post(page, {"note": "理由不足"})
    filing.refresh_from_db()
    assert (filing.cross_state, filing.submitted_at) == (CrossState.REFUSED, None)
    assert browser.get(f"{CROSS}?part=decided").context["rows"][0]["note"] == "理由不足"
    with pytest.raises(FilingNotReviewed, match="decided already"):
        approve_across_regions(filing=filing, by=house.ops)


def test_only_operations_decide_across_regions(house, as_):
    filing = cross(house)
    for person in (house.manager, house.far_seller, house.finance):
        assert as_(person).get(CROSS).status_code == 403
        address = f"/filings/{filing.pk}/across-regions/approve/"
        assert as_(person).post(address).status_code == 403
    assert as_(house.ops).get(address).status_code == 405
    assert as_(house.ops).post("/filings/99999/across-regions/approve/").status_code == 404
    with pytest.raises(FilingNotReviewed, match="Nobody reviews the own"):
        decide_cross_region(filing=filing, is_approved=True, by=house.far_seller)
