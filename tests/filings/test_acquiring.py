"""Since when somebody has had a lead's data, and what follows from filing too late (FIL-26)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from customers.models import Project
from customers.services import record_contact
from customers.states import Channel, Outcome
from filings import services
from filings.models import Filing, Policy, Violation
from filings.services import Lead, LeadNotFiled
from filings.states import FilingNote, Invalid, ViolationKind
from filings.wording import refusal_of
from tests.filings import filed as held

pytestmark = pytest.mark.django_db

BEGUN = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def who():
    return held.people()


def call(customer, person, *, now, **said):
    return held.reach(Filing(customer=customer, customer_id=customer.pk), person, now=now, **said)


def home(customer, person, *, now):
    return Project.objects.create(
        customer=customer,
        address="杭州市余杭区二小区1幢1单元101室",
        opened_by=person,
        opened_at=now,
    )


def file_home(project, person, *, now):
    lead = Lead(project=project, acquired_at=now, is_new_project=True, project_reason="二套")
    return services.file_lead(
        customer=project.customer, lead=lead, filer=person, by=person, now=now
    )


# A further project


def test_the_own_second_home_is_not_late_for_the_contacts_of_the_first(who):
    me = who["store"]
    first = held.filed(me, now=BEGUN)
    call(first.customer, me, now=BEGUN + 2 * DAY, project=first.project)
    call(first.customer, me, now=BEGUN + 4 * DAY)
    second = home(first.customer, me, now=BEGUN + 6 * DAY)
    filing = file_home(second, me, now=BEGUN + 6 * DAY)
    assert (filing.invalid, filing.acquired_at) == ("", BEGUN + 6 * DAY)


@pytest.mark.parametrize("names_it", [True, False])
def test_contacts_since_the_further_home_is_known_make_late(who, names_it):
    me = who["store"]
    first = held.filed(me, now=BEGUN)
    second = home(first.customer, me, now=BEGUN + 2 * DAY)
    call(first.customer, me, now=BEGUN + 3 * DAY, project=second if names_it else None)
    filing = file_home(second, me, now=BEGUN + 5 * DAY)
    assert (filing.invalid, filing.acquired_at) == (Invalid.LATE_24H, BEGUN + 3 * DAY)


def test_the_reviewer_reads_that_the_customer_was_known_before(who):
    me, other = who["store"], who["other"]
    first = held.customer_of(me, now=BEGUN)
    fresh = file_home(home(first, me, now=BEGUN + 2 * DAY), me, now=BEGUN + 2 * DAY)
    assert (fresh.invalid, fresh.notes) == ("", [FilingNote.KNEW_LONGER])
    theirs = held.customer_of(me, now=BEGUN)
    new = file_home(home(theirs, other, now=BEGUN + 2 * DAY), other, now=BEGUN + 2 * DAY)
    assert new.notes == []


# Since filing began


@pytest.mark.parametrize("began", ["installed", "switched"])
def test_what_was_known_before_filing_began_makes_nobody_late(who, began):
    me, at = who["store"], BEGUN + 30 * DAY
    customer = held.customer_of(me, now=BEGUN)
    call(customer, me, now=BEGUN + DAY)
    if began == "installed":
        Policy.objects.update(set_at=at - DAY)
    else:
        rules = {"trade": "furniture", "set_at": BEGUN}
        Policy.objects.create(valid_from=(at - 20 * DAY).date(), is_on=False, **rules)
        Policy.objects.create(valid_from=(at - DAY).date(), is_on=True, **rules)
    assert held.file(customer, me, now=at).invalid == ""


def test_rules_that_change_while_leads_are_filed_begin_nothing(who):
    customer = held.customer_of(who["store"], now=BEGUN)
    Policy.objects.create(
        trade="furniture", valid_from=(BEGUN + 2 * DAY).date(), field_quota=5, set_at=BEGUN
    )
    assert held.file(customer, who["store"], now=BEGUN + 3 * DAY).invalid == Invalid.LATE_24H


# Filed too late


def late(person, *, now=BEGUN):
    customer = held.customer_of(person, now=now - 2 * DAY)
    filing = held.file(customer, person, now=now)
    assert filing.invalid == Invalid.LATE_24H
    return filing


def refused(filing, person, *, now):
    with pytest.raises(LeadNotFiled) as refusal:
        held.file(filing.customer, person, now=now)
    assert refusal.value.codes == ("late_already",)
    return str(refusal.value)


def test_who_filed_too_late_files_after_the_next_contact(who):
    me = who["store"]
    filing = late(me)
    assert "3 Mar 10:00" in refused(filing, me, now=BEGUN + HOUR)
    refused(filing, me, now=BEGUN + 9 * DAY)
    call(filing.customer, me, now=BEGUN + 10 * DAY)
    again = held.file(filing.customer, me, now=BEGUN + 10 * DAY + HOUR)
    assert (again.invalid, again.acquired_at) == ("", BEGUN + 10 * DAY)
    assert Violation.objects.get().kind == ViolationKind.LATE


def test_a_call_at_once_after_the_refusal_gives_no_new_hours(who):
    me = who["store"]
    filing = late(me)
    call(filing.customer, me, now=BEGUN + HOUR)
    for at in (BEGUN + 2 * HOUR, BEGUN + 2 * DAY):
        refused(filing, me, now=at)
    assert held.file(filing.customer, who["other"], now=BEGUN + 2 * DAY).invalid == ""


def test_the_next_contact_has_its_own_hours(who):
    me = who["store"]
    filing = late(me)
    call(filing.customer, me, now=BEGUN + 2 * DAY)
    assert held.file(filing.customer, me, now=BEGUN + 4 * DAY).invalid == Invalid.LATE_24H
    call(filing.customer, me, now=BEGUN + 6 * DAY)
    assert held.file(filing.customer, me, now=BEGUN + 6 * DAY).invalid == ""


def test_a_try_to_reach_is_no_new_contact(who):
    me = who["store"]
    filing = late(me)
    at = BEGUN + 2 * DAY
    record_contact(
        customer=filing.customer, channel=Channel.CALL, outcome=Outcome.UNANSWERED, by=me, now=at,
        today=at.date(), retry_on=at.date() + DAY, reason="", next_step=None,
    )  # fmt: skip
    refused(filing, me, now=at)
    call(filing.customer, me, now=at + 5 * DAY, occurred_at=at + 2 * DAY)
    refused(filing, me, now=at + 5 * DAY)


def test_what_was_late_before_the_customer_was_free_is_over(who):
    me, other = who["store"], who["other"]
    filing = late(me)
    taken = held.file(filing.customer, other, now=BEGUN + HOUR)
    services.release(filing=taken, by=other, is_manager=False, now=BEGUN + DAY)
    assert held.file(filing.customer, me, now=BEGUN + DAY + HOUR).invalid == ""


def test_the_refusal_says_what_can_be_done(who):
    sentence, advice = refusal_of(late(who["store"]))
    assert "24" in sentence
    assert "3 Mar 10:00" in advice


def test_the_page_says_when_it_is_tried_again(company, as_):
    """`company` and `as_` stand in tests/conftest.py."""
    me = company.sales_store
    now = datetime.now(BEGUN.tzinfo)
    held.began_long_ago()
    kept = held.customer_of(me, now=now - 3 * DAY)
    assert held.file(kept, me, now=now).invalid == Invalid.LATE_24H
    project = kept.projects.get()
    page = as_(me).post(f"/customers/{kept.pk}/file/", {"project": project.pk, "acquired": "now"})
    assert page.status_code == 200
    assert page.context["form"].non_field_errors()
    assert Filing.objects.count() == 1
