"""Leads when two cards become one, and two again (DAT-02, decision 2)."""

from datetime import timedelta

import pytest

from customers.models import Customer, Project
from customers.rules import NextStep
from customers.services import record_contact
from customers.states import Channel, NextKind, Outcome, Reason
from desk.services import CardsNotMerged, undo_merge
from filings.models import Deal, Dispute, Filing, FilingEvent, Protection, Ruling
from filings.queries import book_of, protecting
from filings.rules.parties import Judgment
from filings.services import extend_protection, take_back_contact
from filings.services.bench import NotRuled
from filings.services.entering import stored_fields
from filings.services.judging import decide_dispute
from filings.services.requests import ask_extension, decide_extension
from filings.states import (
    DisputeKind,
    EventKind,
    Lost,
    RequestKind,
    RequestReason,
    Withdrawn,
)
from orders.models import Order
from staff.models import Notice
from staff.states import NoticeKind, Role
from tests.desk.test_merging import clean, merge
from tests.factories.staff import PersonFactory
from tests.orders.stage import HOME, NOW, SECOND_HOME, customer_of, deposit, file, filed, stage

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OTHER_PHONE = "13911204476"


@pytest.fixture
def cast():
    return stage()


@pytest.fixture
def ops():
    return PersonFactory(role=Role.OPS_MANAGER)


@pytest.fixture
def cards(cast):
    """The filer's card and the closer's, of one home."""
    return customer_of(cast.filer), customer_of(cast.closer, phone=OTHER_PHONE)


def apart(done, by, *, now=NOW + 3 * DAY):
    undo_merge(merge=done, reason="两个人", by=by, now=now)


def is_as_replayed(*customers):
    for customer in customers:
        for key, state in book_of(customer.pk).filings.items():
            row = Filing.objects.get(pk=key)
            stored = {name: getattr(row, name) for name in stored_fields(state)}
            assert stored == stored_fields(state)
            kept = [(one.during.lower, one.during.upper) for one in row.protections.order_by("pk")]
            assert kept == [(one.starts_at, one.ends_at) for one in state.stretches]
    return True


def test_two_holders_are_for_operations_also_in_one_store(cast, ops):
    colleague = PersonFactory(store=cast.store, role=Role.SALES_STORE)
    manager = PersonFactory(store=cast.store, role=Role.STORE_MANAGER)
    kept, other = customer_of(cast.filer), customer_of(colleague, phone=OTHER_PHONE)
    filed(kept, cast.filer)
    filed(other, colleague, now=NOW + DAY)
    with pytest.raises(CardsNotMerged) as refusal:
        merge(kept, other, manager, now=NOW + 2 * DAY)
    assert refusal.value.codes == ("between_units",)
    merge(kept, other, ops, now=NOW + 2 * DAY)


def test_one_holder_is_for_the_manager(cast):
    manager = PersonFactory(store=cast.store, role=Role.STORE_MANAGER)
    kept = customer_of(cast.filer)
    other = customer_of(PersonFactory(store=cast.store), phone=OTHER_PHONE)
    filed(other, other.owner, now=NOW)
    merge(kept, other, manager, now=NOW + DAY)
    assert Filing.objects.get().customer == kept
    assert set(FilingEvent.objects.values_list("customer", flat=True)) == {kept.pk}
    assert is_as_replayed(kept)


@pytest.mark.parametrize("is_kept_first", [True, False])
def test_of_two_filings_for_one_home_the_later_is_withdrawn(cast, cards, ops, is_kept_first):
    mine, theirs = cards
    first = filed(mine, cast.filer)
    later = filed(theirs, cast.closer, now=NOW + DAY)
    kept, merged = (mine, theirs) if is_kept_first else (theirs, mine)
    merge(kept, merged, ops, now=NOW + 2 * DAY)
    later.refresh_from_db()
    assert later.withdrawn == Withdrawn.MERGED
    assert [row.pk for row in protecting(customer=kept, now=NOW + 2 * DAY)] == [first.pk]
    assert Protection.objects.get(filing=later).withdrawn
    assert Project.objects.get(joined_to__isnull=False).pk == later.project_id
    assert Notice.objects.get(kind=NoticeKind.FILING_REVIEW).person == cast.closer
    assert is_as_replayed(kept)
    assert clean(NOW + 2 * DAY) == []
    deposit(PersonFactory(store=cast.other), now=NOW + 3 * DAY)
    assert Ruling.objects.get().credited_to == cast.filer


def test_what_was_asked_for_waits_through_a_merge_that_was_none(cast, cards, ops):
    mine, theirs = cards
    filed(mine, cast.filer)
    later = filed(theirs, cast.closer, now=NOW + DAY)
    request = ask_extension(
        filing=later, kind=RequestKind.SILENCE, reason=RequestReason.DECORATION,
        until=(NOW + 20 * DAY).date(), by=cast.closer, now=NOW + DAY,
    )  # fmt: skip
    hour = timedelta(hours=1)
    done = merge(mine, theirs, ops, now=NOW + DAY + hour)
    apart(done, ops, now=NOW + DAY + 2 * hour)
    decide_extension(request=request, until=request.wanted_until, by=ops, now=NOW + DAY + 3 * hour)
    later.refresh_from_db()
    assert (later.withdrawn, later.extended) == ("", 1)
    assert is_as_replayed(mine, theirs)


def test_two_homes_are_two_projects_that_live_on(cast, ops):
    mine = customer_of(cast.filer)
    theirs = customer_of(cast.closer, phone=OTHER_PHONE, address=SECOND_HOME)
    filed(mine, cast.filer)
    filed(theirs, cast.closer, now=NOW + DAY)
    merge(mine, theirs, ops, now=NOW + 2 * DAY)
    assert protecting(customer=mine, now=NOW + 2 * DAY).count() == 2
    taken = deposit(cast.filer, now=NOW + 3 * DAY, address=SECOND_HOME)
    assert taken.order.project.address == SECOND_HOME
    # Whether it is a home of its own, whoever filed the first one may ask (FIL-33).
    assert Dispute.objects.get().kind == DisputeKind.NEW_PROJECT
    assert is_as_replayed(mine)


def test_what_has_lapsed_keeps_its_home_and_its_times(cast, ops):
    mine = customer_of(cast.filer)
    filed(mine, cast.filer)
    theirs = customer_of(cast.closer, phone=OTHER_PHONE, now=NOW + 9 * DAY)
    later = filed(theirs, cast.closer, now=NOW + 9 * DAY)
    merge(mine, theirs, ops, now=NOW + 12 * DAY)
    later.refresh_from_db()
    assert (later.withdrawn, later.customer) == ("", mine)
    assert is_as_replayed(mine)


def test_taken_apart_both_protect_again(cast, cards, ops):
    mine, theirs = cards
    filed(mine, cast.filer)
    later = filed(theirs, cast.closer, now=NOW + DAY)
    done = merge(mine, theirs, ops, now=NOW + 2 * DAY)
    apart(done, ops)
    later.refresh_from_db()
    assert (later.withdrawn, later.customer) == ("", theirs)
    assert [row.pk for row in protecting(customer=theirs, now=NOW + 3 * DAY)] == [later.pk]
    assert not Project.objects.filter(joined_to__isnull=False).exists()
    assert FilingEvent.objects.filter(kind=EventKind.RESUMED, customer=theirs).exists()
    assert is_as_replayed(mine, theirs)
    assert clean(NOW + 3 * DAY) == []


def test_a_deal_made_since_goes_with_its_home(cast, ops):
    mine = customer_of(cast.filer)
    theirs = customer_of(cast.closer, phone=OTHER_PHONE, address=SECOND_HOME)
    filed(theirs, cast.closer)
    done = merge(mine, theirs, ops, now=NOW + DAY)
    deposit(cast.filer, now=NOW + 2 * DAY, address=SECOND_HOME)
    apart(done, ops)
    assert Deal.objects.get().customer == theirs
    assert Order.objects.get().customer == theirs
    assert is_as_replayed(mine, theirs)


def test_a_contact_of_one_who_holds_both_counts_for_its_own_card(cast, ops):
    mine = customer_of(cast.filer)
    theirs = customer_of(cast.filer, phone=OTHER_PHONE, address=SECOND_HOME)
    first, second = filed(mine, cast.filer), filed(theirs, cast.filer)
    FilingEvent.objects.create(
        at=NOW + 5 * DAY, kind=EventKind.CONTACTED, customer=mine, person=cast.filer,
        by=cast.filer, occurred_at=NOW + 5 * DAY,
    )  # fmt: skip
    merge(mine, theirs, ops, now=NOW + 6 * DAY)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.acted_at == NOW + 5 * DAY
    assert second.acted_at == NOW
    assert Customer.objects.get(pk=mine.pk).projects.count() == 2


def test_a_home_that_only_the_card_named_stays_that_home(cast, ops):
    mine = customer_of(cast.filer)
    theirs = customer_of(cast.closer, phone=OTHER_PHONE, address="")
    Customer.objects.filter(pk=theirs.pk).update(address=SECOND_HOME)
    filed(theirs, cast.closer)
    merge(mine, theirs, ops, now=NOW + DAY)
    assert set(mine.projects.values_list("address", flat=True)) == {HOME, SECOND_HOME}


def reached(customer, person, *, now):
    contact = record_contact(
        customer=Customer.objects.get(pk=customer.pk), channel=Channel.CALL,
        outcome=Outcome.CONNECTED, by=person, now=now, today=now.date(), reason=Reason.OTHER,
        next_step=NextStep(kind=NextKind.CALL, on=now.date() + 3 * DAY),
    )  # fmt: skip
    extend_protection(contact=contact)
    return contact


@pytest.mark.parametrize("is_kept_first", [True, False])
def test_who_lapsed_gives_way_to_who_protects_and_revives_no_more(cast, ops, is_kept_first):
    mine = customer_of(cast.filer)
    theirs = customer_of(cast.closer, phone=OTHER_PHONE, now=NOW + 11 * DAY)
    lapsed = filed(mine, cast.filer)
    stands = filed(theirs, cast.closer, now=NOW + 11 * DAY)
    kept, merged = (mine, theirs) if is_kept_first else (theirs, mine)
    done = merge(kept, merged, ops, now=NOW + 12 * DAY)
    assert Project.objects.get(joined_to__isnull=False).pk == lapsed.project_id
    lapsed.refresh_from_db()
    assert (lapsed.ended, lapsed.withdrawn) == (Lost.LAPSED_10D, "")
    reached(kept, cast.filer, now=NOW + 13 * DAY)
    assert [row.pk for row in protecting(customer=kept, now=NOW + 13 * DAY)] == [stands.pk]
    assert is_as_replayed(kept)
    deposit(PersonFactory(store=cast.other), now=NOW + 14 * DAY, address=HOME)
    assert Ruling.objects.get().credited_to == cast.closer
    apart(done, ops, now=NOW + 15 * DAY)
    lapsed.refresh_from_db()
    assert lapsed.ended == ""
    assert is_as_replayed(mine, theirs)


@pytest.mark.parametrize("is_kept_first", [True, False])
def test_contacts_made_while_the_cards_were_one_are_not_lost(cast, cards, ops, is_kept_first):
    mine, theirs = cards
    filed(mine, cast.filer)
    later = filed(theirs, cast.closer, now=NOW + DAY)
    kept, merged = (mine, theirs) if is_kept_first else (theirs, mine)
    done = merge(kept, merged, ops, now=NOW + 2 * DAY)
    contact = reached(kept, cast.closer, now=NOW + 8 * DAY)
    assert not protecting(customer=kept, now=NOW + 8 * DAY).filter(pk=later.pk).exists()
    assert is_as_replayed(kept)
    apart(done, ops, now=NOW + 13 * DAY)
    later.refresh_from_db()
    assert (later.withdrawn, later.acted_at) == ("", NOW + 8 * DAY)
    assert [row.pk for row in protecting(customer=theirs, now=NOW + 13 * DAY)] == [later.pk]
    assert is_as_replayed(mine, theirs)
    assert clean(NOW + 13 * DAY) == []
    take_back_contact(contact=contact, by=ops, now=NOW + 14 * DAY)
    assert not protecting(customer=theirs, now=NOW + 14 * DAY).exists()
    assert is_as_replayed(mine, theirs)


def test_a_draft_goes_along_to_the_home_that_stands(cast, cards, ops):
    mine, theirs = cards
    filed(mine, cast.filer)
    Customer.objects.filter(pk=theirs.pk).update(need="")
    theirs.refresh_from_db()
    draft = file(theirs, cast.closer)
    own = draft.project_id
    done = merge(mine, theirs, ops, now=NOW + DAY)
    draft.refresh_from_db()
    assert draft.project.customer == mine
    assert draft.project.joined_to is None
    apart(done, ops)
    draft.refresh_from_db()
    assert draft.project_id == own


def test_what_has_been_taken_since_refuses_the_parting_in_words(cast, cards, ops):
    mine, theirs = cards
    filed(mine, cast.filer)
    later = filed(theirs, cast.closer, now=NOW + DAY)
    done = merge(mine, theirs, ops, now=NOW + 2 * DAY)
    state = book_of(mine.pk).filings[later.pk]
    Protection.objects.create(
        filing=filed(customer_of(cast.filer, phone="13900000001"), cast.filer),
        project=later.project, during=(state.stretches[0].starts_at, state.stretches[0].ends_at),
    )  # fmt: skip
    with pytest.raises(CardsNotMerged) as refusal:
        apart(done, ops)
    assert refusal.value.codes == ("leads_contradict",)


def asked_whether_one(cast, cards, ops, *, is_kept_first=True):
    """Whether they are one customer waits on the bench, and somebody merges them meanwhile."""
    mine, theirs = cards
    first, later = filed(mine, cast.filer), filed(theirs, cast.closer, now=NOW + DAY)
    dispute = Dispute.objects.get(kind=DisputeKind.SAME_PERSON)
    assert dispute.project == later.project
    kept, merged = (mine, theirs) if is_kept_first else (theirs, mine)
    done = merge(kept, merged, ops, now=NOW + 2 * DAY)
    dispute.refresh_from_db()
    return dispute, first, done


def ruled(dispute, owner, by, **said):
    judgment = Judgment(owner=owner.pk, clauses=("FIL-32",), text="同一户", **said)
    return decide_dispute(
        dispute=dispute, judgment=judgment, seen=dispute.version, by=by, now=NOW + 4 * DAY
    )


@pytest.mark.parametrize("is_kept_first", [True, False])
def test_what_waits_on_the_bench_waits_for_the_home_that_stands(cast, cards, ops, is_kept_first):
    dispute, first, _done = asked_whether_one(cast, cards, ops, is_kept_first=is_kept_first)
    assert dispute.project == first.project
    deposit(cast.closer, now=NOW + 3 * DAY)
    dispute.refresh_from_db()
    deal = Deal.objects.get()
    assert (dispute.deal, deal.credited_to) == (deal, cast.filer)
    with pytest.raises(NotRuled) as refusal:
        ruled(dispute, cast.filer, ops, finding="two")
    assert refusal.value.codes == ("merged_already",)
    assert ruled(dispute, cast.closer, ops, finding="one").credited_to == cast.closer
    assert is_as_replayed(dispute.customer)
    assert clean(NOW + 4 * DAY) == []


def test_a_lead_of_merged_cards_is_given_without_a_deal(cast, cards, ops):
    dispute, first, _done = asked_whether_one(cast, cards, ops)
    assert ruled(dispute, cast.closer, ops, finding="one").filing == first
    first.refresh_from_db()
    assert first.holder == cast.closer


def test_what_waits_goes_back_with_its_home(cast, cards, ops):
    dispute, _first, done = asked_whether_one(cast, cards, ops)
    apart(done, ops)
    dispute.refresh_from_db()
    assert dispute.project.customer == dispute.customer == cards[1]
