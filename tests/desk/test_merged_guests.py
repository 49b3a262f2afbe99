"""Two cards of one customer, both invited: one guest, who is asked once (DAT-02, FUP-12)."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from customers.models import Customer, Merge
from desk.services.merging import bring_late, merge_cards, version_of_cards
from desk.services.unmerging import undo_merge
from followups.models import Invitation
from followups.queries import campaigns as queries
from followups.services.campaigns import change_campaign, move_campaign, plan_campaign, version_of
from followups.services.guest_news import news_for
from followups.services.guests import works_of
from followups.services.invitations import NotInvited, answer_invitation, invite, note_attended
from followups.states import Answer, CampaignState, State
from orders.queries.campaigns import figures_of
from staff.scope import reach_of
from tests.factories.customers import CustomerFactory
from tests.followups.test_campaigns import DAY, NOW, send, terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(company):
    return plan_campaign(terms=terms(company.store), by=company.store_manager, now=NOW, key=uuid4())


@pytest.fixture
def both(company, campaign):
    """The guest of the card that is kept, and that of the other."""
    before = NOW - timedelta(days=30)
    cards = [
        CustomerFactory(owner=company.sales_store, now=before, title="ms") for _each in range(2)
    ]
    invite(campaign=campaign, customers=[who.pk for who in cards], by=company.ops_manager, now=NOW)
    campaign.refresh_from_db()
    return [Invitation.objects.get(customer=who) for who in cards]


def merged(both, company, *, now=NOW) -> Merge:
    kept, other = (Customer.objects.get(pk=row.customer_id) for row in both)
    return merge_cards(
        kept=kept, merged=other, choices={}, keeper=company.sales_store, main_number="kept",
        reason="same", seen=version_of_cards(kept, other), by=company.store_manager, now=now,
    )  # fmt: skip


def taken_apart(merge, company) -> None:
    merge.refresh_from_db()
    undo_merge(merge=merge, reason="x", by=company.store_manager, now=NOW)


def says(guest, company, answer=Answer.COMING, **how) -> None:
    answer_invitation(
        invitation=guest, answer=answer, by=company.sales_store, now=NOW, key=uuid4(), **how
    )
    guest.refresh_from_db()


def guests_for(person):
    return queries.visible_invitations(reach_of(person, today=NOW.date()))


def states_of(*guests) -> list[str]:
    return [works_of([guest.pk]).get().state for guest in guests]


def test_of_two_merged_cards_one_guest_is_counted_and_asked(company, campaign, both):
    kept, other = both
    send(kept, company.sales_store)
    merged(both, company)
    for person in (company.sales_store, company.store_manager, company.ops_manager):
        assert list(guests_for(person)) == [kept]
    told = figures_of(Invitation.objects.all(), [campaign.pk])[campaign.pk]
    assert (told.invited, told.unsent) == (1, 0)
    following = queries.next_to_ask(
        guests_for(company.sales_store), campaign, by=[company.sales_store.pk]
    )
    assert following == kept
    with pytest.raises(NotInvited) as refusal:
        send(other, company.sales_store)
    assert refusal.value.codes == ("already_sent",)


def test_the_kept_card_s_guest_knows_what_the_other_said(company, campaign, both):
    kept, other = both
    send(other, company.sales_store)
    says(other, company, channel="call")
    merged(both, company)
    kept.refresh_from_db()
    assert (kept.answer, kept.contact, kept.sent_at) == (Answer.COMING, other.contact, NOW)
    assert states_of(kept) == [State.DONE]
    told = figures_of(guests_for(company.sales_store), [campaign.pk])[campaign.pk]
    assert (told.invited, told.coming) == (1, 1)


def test_what_the_kept_one_said_stands(company, both):
    kept, other = both
    says(kept, company, Answer.NOT_COMING)
    says(other, company, Answer.COMING)
    merged(both, company)
    kept.refresh_from_db()
    assert kept.answer == Answer.NOT_COMING


def test_invited_on_one_card_is_invited(company, campaign, both):
    kept, _other = both
    works_of([kept.pk]).delete()
    Invitation.objects.filter(pk=kept.pk).update(withheld="recent")
    merged(both, company)
    kept.refresh_from_db()
    assert kept.withheld == ""
    work = works_of([kept.pk]).get()
    assert (work.state, work.task.customer_id) == (State.OPEN, kept.customer_id)


def test_a_ticket_of_the_merged_card_notes_the_guest_who_stands(company, as_, campaign, both):
    kept, other = both
    merged(both, company)
    with time_machine.travel(DAY, tick=False):
        page = as_(company.sales_store).post(f"/tickets/{other.ticket}/")
    assert page.status_code == 200
    told = figures_of(guests_for(company.sales_store), [campaign.pk])[campaign.pk]
    assert (told.came, told.walked_in) == (1, 0)
    kept.refresh_from_db()
    other.refresh_from_db()
    assert (kept.attended_at, other.attended_at) == (DAY, None)
    with pytest.raises(NotInvited) as refusal:
        note_attended(invitation=other, by=company.store_manager, now=DAY)
    assert refusal.value.codes == ("attended_already",)


def test_a_page_open_on_the_merged_card_answers_for_the_guest_who_stands(company, as_, both):
    kept, other = both
    merged(both, company)
    browser = as_(company.sales_store)
    assert browser.get(f"/invitations/{other.pk}/").context_data["guest"] == kept
    says(other, company)
    kept.refresh_from_db()
    assert (kept.answer, other.answer) == (Answer.COMING, "")


def test_taken_apart_each_guest_is_as_before(company, both):
    kept, other = both
    says(other, company)
    merge = merged(both, company)
    taken_apart(merge, company)
    kept.refresh_from_db()
    assert (kept.answer, kept.answered_at) == ("", None)
    assert states_of(kept, other) == [State.OPEN, State.DONE]


def test_taken_apart_both_are_asked_and_what_was_said_since_stays(company, both):
    kept, other = both
    merge = merged(both, company)
    assert states_of(kept, other) == [State.OPEN, State.CANCELLED]
    says(kept, company)
    taken_apart(merge, company)
    kept.refresh_from_db()
    assert kept.answer == Answer.COMING
    assert states_of(kept, other) == [State.DONE, State.OPEN]


def test_the_minute_s_look_for_late_rows_finds_guests_put_together(company, both):
    merged(both, company)
    assert bring_late(now=NOW) == 0


def test_called_off_and_on_the_merged_one_is_not_asked(company, campaign, both):
    kept, other = both
    merged(both, company)
    for to in (CampaignState.CALLED_OFF, CampaignState.PLANNED):
        campaign.refresh_from_db()
        move_campaign(campaign=campaign, to=to, by=company.store_manager, now=NOW)
    assert states_of(kept, other) == [State.OPEN, State.CANCELLED]


def test_news_go_to_the_guest_who_stands(company, campaign, both):
    kept, other = both
    says(other, company)
    change_campaign(
        campaign=campaign, seen=version_of(campaign), by=company.store_manager, now=NOW,
        terms=terms(
            company.store, starts_at=DAY + timedelta(days=7), ends_at=DAY + timedelta(days=8)
        ),
    )  # fmt: skip
    merged(both, company)
    news = news_for([kept.pk, other.pk]).get()
    assert (news.subject_id, news.customer_id, news.state) == (
        kept.pk, kept.customer_id, State.OPEN,
    )  # fmt: skip
