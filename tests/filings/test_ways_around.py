"""Ways around the limits that a review of lead filing found, each closed (through the services)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.phones import normalise
from customers.models import Contact, Customer, CustomerPhone, HouseholdMember, Project
from customers.services.numbers import sealed
from customers.states import Relation
from filings import services
from filings.models import Filing, Measuring, Policy, Violation
from filings.queries import free_since, lies_elsewhere
from filings.services import (
    CrossRegion,
    FilingNotChanged,
    Lead,
    LeadNotFiled,
    release,
    void_filing,
)
from filings.services.merging import settle_apart
from filings.services.requests import ExtensionNotAsked, ask_extension, decide_extension
from filings.services.reviews import FilingNotReviewed, decide_cross_region, reject
from filings.services.settling import propose
from filings.states import (
    CrossReason,
    CrossState,
    FilingNote,
    Invalid,
    RequestKind,
    RequestReason,
    ViolationKind,
)
from filings.verification import filing_differences
from staff.states import Role
from tests.factories.staff import PersonFactory, RegionFactory, StoreFactory
from tests.filings import filed as held
from tests.filings.pictures import picture_of

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")
BEGUN = datetime(2026, 3, 2, 10, tzinfo=ZONE)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def who():
    return held.people()


def call(customer, person, *, now):
    """This person reaches the customer; nobody's filing hears of it."""
    filing = Filing(customer=customer, customer_id=customer.pk)
    return held.reach(filing, person, now=now)


def give_up(filing, by, *, now):
    is_manager = by.pk != filing.holder_id
    return release(filing=filing, by=by, is_manager=is_manager, reason="换人", now=now)


def unfinished(person, *, now):
    """A card that lacks the need."""
    customer = held.customer_of(person, now=now)
    Customer.objects.filter(pk=customer.pk).update(need="")
    customer.refresh_from_db()
    return customer


# F10: since when a customer is free


@pytest.mark.parametrize("freed_by", ["rejected", "voided", "returned", "released"])
def test_old_contacts_of_who_was_refused_do_not_make_them_late(who, freed_by):
    first = held.filed(who["store"], now=BEGUN)
    call(first.customer, who["other"], now=BEGUN + HOUR)
    assert held.file(first.customer, who["other"], now=BEGUN + HOUR).invalid == Invalid.LATER_FILER
    at = BEGUN + 3 * DAY
    if freed_by == "rejected":
        reject(filing=first, note="假", by=who["ops"], now=at)
    elif freed_by == "voided":
        void_filing(filing=first, reason="误报", by=who["ops"], is_manager=True, now=at)
    elif freed_by == "released":
        give_up(first, who["store"], now=at)
    else:
        deal = held.sell(first, who["store"], now=BEGUN + DAY).deal
        late = at + 30 * DAY
        services.undo_deal(deal=deal, reason="退定", by=who["ops"], now=late)
        at = late
    assert free_since(first.customer, now=at).at == at
    again = held.file(first.customer, who["other"], now=at + HOUR)
    assert (again.invalid, again.acquired_at) == ("", at + HOUR)


# F11: the hours start with the number (decision 20)


def test_contacts_before_there_was_a_number_start_no_clock(who):
    customer = held.customer_of(who["store"], now=BEGUN - DAY)
    call(customer, who["other"], now=BEGUN)
    CustomerPhone.objects.filter(customer=customer).update(added_at=BEGUN + 3 * DAY)
    assert held.file(customer, who["other"], now=BEGUN + 3 * DAY + HOUR).invalid == ""


def test_a_contact_with_the_number_in_hand_starts_it(who):
    customer = held.customer_of(who["store"], now=BEGUN - DAY)
    call(customer, who["other"], now=BEGUN)
    assert held.file(customer, who["other"], now=BEGUN + 2 * DAY).invalid == Invalid.LATE_24H


def test_whoever_registered_the_card_has_had_the_number_since(who):
    customer = held.customer_of(who["store"], now=BEGUN)
    filing = held.file(customer, who["store"], now=BEGUN + 2 * DAY)
    assert (filing.invalid, filing.acquired_at) == (Invalid.LATE_24H, BEGUN)
    assert held.file(customer, who["other"], now=BEGUN + 2 * DAY).invalid == ""


# F12: from the pool


def test_from_the_pool_the_clock_starts_at_the_taking(who):
    customer = unfinished(who["store"], now=BEGUN)
    assert held.file(customer, who["store"], now=BEGUN + HOUR).submitted_at is None
    Customer.objects.filter(pk=customer.pk).update(need="沙发")
    customer.refresh_from_db()
    at = BEGUN + 5 * DAY
    lead = Lead(project=customer.projects.get(), acquired_at=at, is_from_pool=True)
    taken = services.file_lead(
        customer=customer, lead=lead, filer=who["store"], by=who["store"], now=at
    )
    assert (taken.invalid, taken.acquired_at) == ("", at)


def test_a_draft_older_than_the_freeing_counts_from_there(who):
    first = held.filed(who["store"], now=BEGUN)
    Customer.objects.filter(pk=first.customer_id).update(need="")
    customer = Customer.objects.get(pk=first.customer_id)
    assert held.file(customer, who["other"], now=BEGUN + HOUR).submitted_at is None
    give_up(first, who["store"], now=BEGUN + 5 * DAY)
    Customer.objects.filter(pk=customer.pk).update(need="沙发")
    customer.refresh_from_db()
    at = BEGUN + 5 * DAY + HOUR
    [done] = services.complete_drafts(customer=customer, by=who["other"], now=at)
    assert (done.invalid, done.acquired_at) == ("", BEGUN + 5 * DAY)


# F13: who waits


def test_whom_a_manager_released_does_not_wait(who):
    filing = held.filed(who["store"], now=BEGUN)
    give_up(filing, who["ops"], now=BEGUN + DAY)
    assert held.file(filing.customer, who["store"], now=BEGUN + DAY + HOUR).invalid == ""


def test_who_released_waits_for_any_home_of_the_customer(who):
    filing = held.filed(who["store"], now=BEGUN)
    services.hand_over(
        filing=filing, holder=who["colleague"], reason="换人", by=who["ops"], now=BEGUN + HOUR
    )
    filing.refresh_from_db()
    give_up(filing, who["colleague"], now=BEGUN + DAY)
    second = Project.objects.create(
        customer=filing.customer, address="杭州市余杭区二小区1幢1单元101室",
        opened_by=who["store"],
    )  # fmt: skip
    at = BEGUN + DAY + HOUR
    lead = Lead(project=second, acquired_at=at, is_new_project=True, project_reason="二套")
    with pytest.raises(LeadNotFiled, match=r"."):
        services.file_lead(
            customer=filing.customer, lead=lead, filer=who["colleague"], by=who["colleague"], now=at
        )
    # The one who filed it first gave up nothing.
    assert held.file(filing.customer, who["store"], now=at).invalid == ""


def test_taking_back_what_was_refused_makes_nobody_free(who):
    customer = held.customer_of(who["store"], now=BEGUN)
    late = held.file(customer, who["store"], now=BEGUN + 2 * DAY)
    for by, is_manager in ((who["store"], False), (who["ops"], True)):
        with pytest.raises(FilingNotChanged) as refusal:
            void_filing(filing=late, reason="重来", by=by, is_manager=is_manager, now=late.noted_at)
        assert refusal.value.codes == ("not_standing",)
    assert free_since(customer, now=BEGUN + 3 * DAY).at is None


# What its page does not offer, the service refuses


def test_what_is_sold_is_not_given_up(who):
    filing = held.filed(who["store"], now=BEGUN)
    deal = held.sell(filing, who["store"], now=BEGUN + HOUR).deal
    for by in (who["store"], who["ops"]):
        with pytest.raises(FilingNotChanged) as refusal:
            give_up(filing, by, now=BEGUN + 2 * HOUR)
        assert refusal.value.codes == ("sold_already",)
    services.undo_deal(deal=deal, reason="退定", by=who["ops"], now=BEGUN + DAY)
    assert give_up(filing, who["store"], now=BEGUN + DAY).ended


def test_what_is_over_is_not_handed_over(who):
    filing = held.filed(who["store"], now=BEGUN)
    give_up(filing, who["store"], now=BEGUN + HOUR)
    with pytest.raises(FilingNotChanged) as refusal:
        services.hand_over(
            filing=filing, holder=who["other"], reason="换人", by=who["ops"], now=BEGUN + DAY
        )
    assert refusal.value.codes == ("not_standing",)


# F14, F29


def test_a_project_of_another_card_is_refused_in_words(who):
    mine, other = (held.customer_of(who["store"], now=BEGUN) for _ in range(2))
    lead = Lead(project=other.projects.get(), acquired_at=BEGUN)
    with pytest.raises(LeadNotFiled) as refusal:
        services.file_lead(customer=mine, lead=lead, filer=who["store"], by=who["store"], now=BEGUN)
    assert refusal.value.codes == {"other_card"} or "other_card" in refusal.value.codes


def test_a_card_merged_meanwhile_is_followed(who):
    kept, merged = (held.customer_of(who["store"], now=BEGUN) for _ in range(2))
    settle_apart([kept.pk, merged.pk])
    project = merged.projects.get()
    Project.objects.filter(pk=project.pk).update(customer=kept)
    Customer.objects.filter(pk=merged.pk).update(merged_into=kept)
    lead = Lead(project=project, acquired_at=BEGUN)
    filing = services.file_lead(
        customer=merged, lead=lead, filer=who["store"], by=who["store"], now=BEGUN
    )
    assert (filing.customer_id, filing.invalid) == (kept.pk, "")


# F24, F25: across regions


@pytest.fixture
def far(who):
    store = StoreFactory(trade="furniture", region=RegionFactory(name="宁波", places="宁波"))
    return PersonFactory(role=Role.SALES_STORE, store=store)


def ask(customer, person, *, now, reason=CrossReason.TENDER, has_proof=False):
    lead = Lead(
        project=customer.projects.get(), acquired_at=now,
        cross_region=CrossRegion(reason=reason, has_proof=has_proof) if reason else None,
    )  # fmt: skip
    return services.file_lead(customer=customer, lead=lead, filer=person, by=person, now=now)


def refused(customer, person, by, *, now):
    filing = ask(customer, person, now=now)
    decide_cross_region(filing=filing, is_approved=False, note="无证明", by=by, now=now)
    filing.refresh_from_db()
    return filing


def test_without_proof_nothing_is_approved(who, far):
    filing = ask(held.customer_of(far, now=BEGUN), far, now=BEGUN)
    with pytest.raises(FilingNotReviewed) as refusal:
        decide_cross_region(filing=filing, is_approved=True, by=who["ops"], now=BEGUN)
    assert "cross_without_proof" in refusal.value.codes
    Filing.objects.filter(pk=filing.pk).update(proof=picture_of(filing.customer, far, BEGUN))
    decide_cross_region(filing=filing, is_approved=True, by=who["ops"], now=BEGUN)


def test_what_was_refused_is_asked_again_with_something_new(who, far):
    customer = held.customer_of(far, now=BEGUN)
    filing = refused(customer, far, who["ops"], now=BEGUN)
    for reason in (CrossReason.TENDER, None):
        with pytest.raises(LeadNotFiled) as refusal:
            ask(customer, far, now=BEGUN + HOUR, reason=reason)
        assert "cross_refused" in refusal.value.codes
    again = ask(customer, far, now=BEGUN + HOUR, reason=CrossReason.AGENT)
    assert (again.pk, again.cross_state) == (filing.pk, CrossState.ASKED)
    decide_cross_region(filing=again, is_approved=False, note="无证明", by=who["ops"], now=BEGUN)
    proved = ask(customer, far, now=BEGUN + HOUR, reason=CrossReason.AGENT, has_proof=True)
    assert proved.cross_state == CrossState.ASKED


def test_a_home_address_after_all_asks_for_nothing(who, far):
    customer = held.customer_of(far, now=BEGUN)
    refused(customer, far, who["ops"], now=BEGUN)
    home = "宁波市鄞州区东部小区1幢1单元101室"
    Project.objects.filter(customer=customer).update(address=home)
    filing = ask(customer, far, now=BEGUN + HOUR, reason=None)
    assert (filing.cross_state, filing.invalid, bool(filing.submitted_at)) == ("", "", True)


def test_an_address_that_names_no_place_is_where_the_store_is(who, far):
    customer = held.customer_of(who["store"], now=BEGUN)
    Project.objects.filter(customer=customer).update(address="金地小区3幢2单元101室")
    assert held.file(customer, far, now=BEGUN + HOUR).invalid == Invalid.CROSS_REGION
    assert held.file(customer, who["store"], now=BEGUN + HOUR).invalid == ""
    bare = "金地小区3幢2单元101室"
    assert lies_elsewhere(bare, store=far.store, home=customer.store)
    assert not lies_elsewhere(bare, store=far.store)


def test_only_a_standing_filing_allows_a_sale_across_regions(who, far):
    customer = held.customer_of(far, now=BEGUN)
    filing = ask(customer, far, now=BEGUN)
    Filing.objects.filter(pk=filing.pk).update(proof=picture_of(customer, far, BEGUN))
    decide_cross_region(filing=filing, is_approved=True, by=who["ops"], now=BEGUN)
    [filing] = services.complete_drafts(customer=customer, by=far, now=BEGUN)
    assert filing.invalid == ""
    sale = services.Sale(customer=customer, project=filing.project, closer=far, store=far.store)
    assert propose(sale, now=BEGUN + DAY).dealt.is_cross_approved
    assert not propose(sale, now=BEGUN + 30 * DAY).dealt.is_cross_approved


# F28: the home that was measured


def test_measuring_one_home_leaves_the_other_its_limit(who):
    first = held.filed(who["field"], now=BEGUN)
    second = Project.objects.create(
        customer=first.customer, address="杭州市余杭区二小区1幢1单元101室", opened_by=who["field"]
    )
    lead = Lead(project=second, acquired_at=BEGUN, is_new_project=True, project_reason="二套")
    other = services.file_lead(
        customer=first.customer, lead=lead, filer=who["field"], by=who["field"], now=BEGUN
    )
    contact = held.reach(first, who["field"], now=BEGUN + DAY, project=first.project)
    measuring = Measuring.objects.create(
        customer=first.customer, project=first.project, contact=contact, at=BEGUN + DAY,
        by=who["field"], picture=picture_of(first.customer, who["field"], BEGUN),
    )  # fmt: skip
    before = Filing.objects.get(pk=other.pk)
    services.note_measuring(measuring=measuring)
    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.measured_at, other.measured_at) == (BEGUN + DAY, None)
    assert (other.acted_at, other.protected_until) == (BEGUN, before.protected_until)
    assert Contact.objects.get(pk=contact.pk).project == first.project


# More time, asked for before something else came between


def asked(filing, *, now):
    filing.refresh_from_db()
    return ask_extension(
        filing=filing, kind=RequestKind.LIMIT, reason=RequestReason.DECORATION,
        until=(BEGUN + 25 * DAY).date(), by=filing.holder, now=now,
    )  # fmt: skip


def followed_up(who):
    """A field filing whose limit to measure ends before its silence."""
    filing = held.filed(who["field"], now=BEGUN)
    held.reach(filing, who["field"], now=BEGUN + 8 * DAY)
    return filing


def test_a_release_taken_back_leaves_the_request_that_waits(who):
    filing, at = followed_up(who), BEGUN + 14 * DAY
    request = asked(filing, now=at)
    customer = Customer.objects.get(pk=filing.customer_id)
    me = who["field"]
    services.release_all(customer=customer, holder=me, by=me, now=at + HOUR)
    services.resume_all(
        customer=customer, released_at=at + HOUR, released_by=me, by=me, now=at + HOUR
    )
    until = request.wanted_until
    decide_extension(request=request, until=until, by=who["ops"], now=at + 2 * HOUR)
    filing.refresh_from_db()
    assert (filing.extended, filing.limit_at) == (1, BEGUN.replace(hour=0) + 26 * DAY)
    assert not list(filing_differences())


def test_nothing_is_granted_to_who_lost_it_to_a_colleague_meanwhile(who):
    Policy.objects.update(report_after_lapse_days=5)
    filing, at = followed_up(who), BEGUN + 16 * DAY
    request = asked(filing, now=at)
    assert held.file(filing.customer, who["other"], now=at + HOUR).invalid == ""
    with pytest.raises(ExtensionNotAsked) as refusal:
        decide_extension(
            request=request, until=request.wanted_until, by=who["ops"], now=at + 2 * HOUR
        )
    assert refusal.value.codes == ("lapsed_meanwhile",)


# Flags


def kinds(*people):
    return sorted(Violation.objects.filter(person__in=people).values_list("kind", "person_id"))


def test_filed_again_by_whoever_gave_up_is_flagged(who):
    filing = held.filed(who["store"], now=BEGUN)
    give_up(filing, who["store"], now=BEGUN + DAY)
    again = held.file(filing.customer, who["store"], now=BEGUN + 2 * DAY + HOUR)
    assert (again.invalid, again.notes) == ("", [FilingNote.REFILED])
    assert kinds(who["store"]) == [(ViolationKind.REFILED, who["store"].pk)]


@pytest.mark.parametrize("is_same_person", [True, False])
def test_filed_again_under_a_second_number_is_flagged_too(who, is_same_person):
    filing = held.filed(who["store"], now=BEGUN, wechat="wang66")
    give_up(filing, who["store"], now=BEGUN + HOUR)
    me = who["store"] if is_same_person else who["other"]
    again = held.filed(me, now=BEGUN + 2 * HOUR, wechat="wang66")
    assert again.customer_id != filing.customer_id
    assert kinds(me) == ([(ViolationKind.REFILED, me.pk)] if is_same_person else [])


def test_after_the_wait_nothing_is_flagged(who):
    filing = held.filed(who["store"], now=BEGUN)
    give_up(filing, who["store"], now=BEGUN + DAY)
    again = held.file(filing.customer, who["store"], now=BEGUN + 9 * DAY)
    assert (again.notes, kinds(who["store"])) == ([], [])


def test_a_number_of_somebody_close_to_a_filed_customer_is_flagged(who):
    filing = held.filed(who["store"], now=BEGUN)
    HouseholdMember.objects.create(
        customer=filing.customer, relation=Relation.SPOUSE, added_by=who["store"],
        **sealed(normalise("13698765432")),
    )  # fmt: skip
    kin = held.customer_of(who["other"], now=BEGUN)
    phone = kin.phones.get()
    CustomerPhone.objects.filter(pk=phone.pk).update(key=HouseholdMember.objects.get().key)
    other = held.file(kin, who["other"], now=BEGUN + HOUR)
    assert FilingNote.NUMBER_IN_NOTE in other.notes
    assert kinds(who["other"]) == [(ViolationKind.SAME_PHONE_OTHERWISE, who["other"].pk)]


@pytest.mark.parametrize(("days", "is_swap"), [(5, False), (14, True)])
def test_a_swap_between_colleagues_just_before_the_limit_is_flagged(who, days, is_swap):
    mate = PersonFactory(role=Role.SALES_FIELD, store=who["field"].store)
    filing = held.filed(who["field"], now=BEGUN)
    for day in range(2, days, 3):
        held.reach(filing, who["field"], now=BEGUN + day * DAY)
    give_up(filing, who["field"], now=BEGUN + days * DAY)
    held.file(filing.customer, mate, now=BEGUN + days * DAY + HOUR)
    assert kinds(who["field"], mate) == (
        sorted((ViolationKind.HANDED_AT_LIMIT, each.pk) for each in (who["field"], mate))
        if is_swap
        else []
    )
