"""Campaigns and their guests: asked one at a time under the guard, and what came of it."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from customers import services as customers
from customers.models import Contact, Customer, OwnedProduct
from customers.states import Channel, Grade, Quiet, Reason
from followups.models import Campaign, Greeting, Invitation, Obligation, Task
from followups.queries import campaigns as queries
from followups.rules import campaigns as rules
from followups.services import assign_keeper, regrade
from followups.services.campaigns import (
    CampaignNotSaved,
    CampaignTerms,
    change_campaign,
    move_campaign,
    plan_campaign,
    version_of,
)
from followups.services.foreseeing import foresee
from followups.services.guests import works_of
from followups.services.invitations import (
    NotInvited,
    answer_invitation,
    invite,
    note_attended,
    send_invitation,
    take_back_attended,
    walk_in,
)
from followups.states import Answer, CampaignKind, CampaignState, State, Withheld
from followups.wording import signature_of, whole_text
from orders.queries.campaigns import figures_of, with_deal
from staff.scope import reach_of
from tests.factories.customers import CustomerFactory
from tests.factories.followups import reached
from tests.factories.staff import PersonFactory
from tests.followups.build import at

pytestmark = pytest.mark.django_db

NOW = at("2026-03-12 10:00")
DAY = at("2026-03-21 14:00")


def terms(of_store, **changes):
    return CampaignTerms(
        **{
            "name": "春季家装讲座",
            "kind": CampaignKind.EVENT,
            "store": of_store,
            "place": "二楼会议室",
            "starts_at": DAY,
            "ends_at": DAY + timedelta(hours=3),
            "text": "诚邀您参加{day}的“{occasion}”。",
            **changes,
        }
    )


@pytest.fixture
def campaign(company):
    return plan(company)


def plan(company, **changes):
    by = company.store_manager
    return plan_campaign(terms=terms(company.store, **changes), by=by, now=NOW, key=uuid4())


def people(company, count, **card):
    before = NOW - timedelta(days=40)
    return [
        CustomerFactory(owner=company.sales_store, now=before, title="ms", **card)
        for _each in range(count)
    ]


def guests_of(company, campaign, count=1):
    found = people(company, count)
    invite(campaign=campaign, customers=[who.pk for who in found], by=company.sales_store, now=NOW)
    return list(Invitation.objects.filter(campaign=campaign).order_by("pk"))


def send(guest, by, *, now=NOW, body="诚邀您参加。"):
    signature = signature_of(sender=by.name, store=guest.customer.store)
    text = whole_text(body, customer=guest.customer, signature=signature)
    send_invitation(invitation=guest, text=text, signature=signature, by=by, now=now)
    guest.refresh_from_db()


def answered(guest, answer, by, *, now=NOW, **how):
    answer_invitation(invitation=guest, answer=answer, by=by, now=now, key=uuid4(), **how)
    guest.refresh_from_db()


def bought(guest, by, *, on, price):
    product = customers.record_product(
        customer=guest.customer, product="沙发", by=by, now=DAY, today=on, purchased_on=on
    )
    OwnedProduct.objects.filter(pk=product.pk).update(price=Decimal(price))
    return product


def work_of(guest) -> Obligation:
    return works_of([guest.pk]).get()


def test_the_funnel_of_a_lecture_is_40_25_18_4_and_the_amount(company, campaign):
    by = company.sales_store
    guests = guests_of(company, campaign, 40)
    for guest in guests[:25]:
        answered(guest, Answer.COMING, by)
    for guest in guests[:18]:
        note_attended(invitation=guest, by=by, now=DAY)
    for weeks, guest in enumerate(guests[:4]):
        bought(guest, by, on=date(2026, 3, 21) + timedelta(days=10 * weeks), price="1000.50")
    bought(guests[5], by, on=date(2026, 4, 21), price="9")
    reach = reach_of(by, today=NOW.date())
    told = figures_of(queries.visible_invitations(reach), [campaign.pk])[campaign.pk]
    assert (told.invited, told.coming, told.came, told.bought) == (40, 25, 18, 4)
    assert told.amount == Decimal("4002.00")
    buyers = with_deal(queries.visible_invitations(reach)).filter(has_bought=True)
    assert {guest.pk for guest in buyers} == {guest.pk for guest in guests[:4]}


def test_what_was_taken_back_is_no_deal(company, campaign):
    (guest,) = guests_of(company, campaign)
    product = bought(guest, company.sales_store, on=date(2026, 3, 22), price="100")
    OwnedProduct.objects.filter(pk=product.pk).update(
        gone_on=date(2026, 3, 25), gone_reason="returned"
    )
    told = figures_of(Invitation.objects.all(), [campaign.pk])[campaign.pk]
    assert (told.bought, told.amount) == (0, 0)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, Withheld.NONE),
        ({"quiet": Quiet.MARKETING}, Withheld.QUIET),
        ({"quiet": Quiet.ALL, "grade": Grade.D}, Withheld.QUIET),
        ({"quiet": Quiet.VISITS}, Withheld.NONE),
        ({"grade": Grade.D}, Withheld.GIVEN_UP),
        ({"has_keeper": False}, Withheld.NO_KEEPER),
        ({"is_too_soon": True}, Withheld.RECENT),
        ({"is_too_soon": True, "has_keeper": False}, Withheld.NO_KEEPER),
    ],
)
def test_the_guard_keeps_off_with_the_gravest_reason(facts, expected):
    plain = {"grade": Grade.A, "quiet": "", "has_keeper": True, "is_too_soon": False}
    assert rules.withheld(**{**plain, **facts}) == expected


def test_whom_the_guard_keeps_off_stands_there_with_the_reason(company, campaign):
    fine, quiet, given_up, alone, spoken = people(company, 5)
    Customer.objects.filter(pk=quiet.pk).update(quiet=Quiet.MARKETING)
    Customer.objects.filter(pk=given_up.pk).update(grade=Grade.D)
    Customer.objects.filter(pk=alone.pk).update(owner=None)
    reached(spoken, now=NOW - timedelta(hours=1))
    ids = [who.pk for who in (fine, quiet, given_up, alone, spoken)]
    assert invite(campaign=campaign, customers=ids, by=company.store_manager, now=NOW) == 1
    verdicts = dict(Invitation.objects.values_list("customer", "withheld"))
    assert verdicts == {
        fine.pk: "", quiet.pk: Withheld.QUIET, given_up.pk: Withheld.GIVEN_UP,
        alone.pk: Withheld.NO_KEEPER, spoken.pk: Withheld.RECENT,
    }  # fmt: skip
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.INVITING
    assert Obligation.objects.filter(step__code="invitation").count() == 1

    later = NOW + timedelta(days=1)
    assert invite(campaign=campaign, customers=ids, by=company.store_manager, now=later) == 1
    assert Invitation.objects.get(customer=spoken).withheld == ""
    assert Invitation.objects.count() == 5


def test_invited_twice_stands_once(company, campaign):
    (guest,) = guests_of(company, campaign)
    again = invite(
        campaign=campaign, customers=[guest.customer_id], by=company.sales_store, now=NOW
    )
    assert again == 0
    assert Invitation.objects.count() == Obligation.objects.filter(subject_id=guest.pk,
        step__code="invitation").count() == 1  # fmt: skip


def test_foreseeing_a_list_costs_the_same_for_1_and_for_12(
    company, campaign, django_assert_num_queries
):
    found = people(company, 12)
    rows = Customer.objects.select_related("owner", "store")
    for ids in ([found[0].pk], [who.pk for who in found]):
        some = list(rows.filter(pk__in=ids))
        with django_assert_num_queries(3):
            foresee(campaign=campaign, customers=some, now=NOW)


def test_a_guest_is_on_the_keeper_s_list_a_week_before_and_due_the_day_before(company, campaign):
    (guest,) = guests_of(company, campaign)
    work = work_of(guest)
    assert (work.shown_on, work.due_on) == (date(2026, 3, 13), date(2026, 3, 20))
    assert (work.assignee, work.task.assignee) == (company.sales_store,) * 2


@pytest.mark.parametrize(
    ("kind", "today", "expected"),
    [
        ("event", date(2026, 3, 1), (date(2026, 3, 20), date(2026, 3, 13))),
        ("event", date(2026, 3, 18), (date(2026, 3, 20), date(2026, 3, 18))),
        ("event", date(2026, 3, 21), (date(2026, 3, 21), date(2026, 3, 21))),
        ("care", date(2026, 3, 18), (date(2026, 3, 25), date(2026, 3, 18))),
    ],
)
def test_when_a_guest_is_asked(kind, today, expected):
    days = {"starts_on": date(2026, 3, 21), "ends_on": date(2026, 3, 25)}
    assert rules.asking_days(kind=kind, today=today, **days) == expected


def test_an_invitation_goes_out_once_with_its_own_text(company, campaign):
    (guest,) = guests_of(company, campaign)
    send(guest, company.sales_store)
    assert (guest.sent_at, guest.sent_by) == (NOW, company.sales_store)
    assert work_of(guest).state == State.OPEN
    with pytest.raises(NotInvited) as refusal:
        send(guest, company.sales_store)
    assert company.sales_store.name in str(refusal.value)
    assert Contact.objects.count() == 0


def test_care_is_one_row_an_owner_and_done_by_being_sent(company):
    care = plan(company, kind=CampaignKind.CARE, name="免费保养日")
    first, second = guests_of(company, care, 2)
    send(first, company.sales_store)
    assert (work_of(first).state, work_of(second).state) == (State.DONE, State.OPEN)
    second.refresh_from_db()
    assert second.sent_at is None


@pytest.mark.parametrize(
    ("changes", "code"), [({"quiet": "marketing"}, "quiet"), ({"grade": "D"}, "given_up")]
)
def test_who_wishes_none_meanwhile_is_sent_none(company, campaign, changes, code):
    (guest,) = guests_of(company, campaign)
    Customer.objects.filter(pk=guest.customer_id).update(**changes)
    with pytest.raises(NotInvited) as refusal:
        send(guest, company.sales_store)
    assert refusal.value.codes == (code,)


def test_an_answer_by_call_is_a_contact_because_of_the_event(company, campaign):
    (guest,) = guests_of(company, campaign)
    answered(guest, Answer.COMING, company.sales_store, channel=Channel.CALL)
    contact = guest.contact
    assert (contact.reason, contact.is_effective) == (Reason.EVENT, True)
    assert (contact.next_kind, contact.next_on) == ("store_visit", date(2026, 3, 21))
    assert work_of(guest).state == State.DONE
    visit = Task.objects.filter(customer=guest.customer, state=State.OPEN, day=date(2026, 3, 21))
    assert visit.count() == 1


def test_a_mark_alone_is_no_contact_and_undecided_is_asked_again(company, campaign):
    first, second = guests_of(company, campaign, 2)
    answered(first, Answer.NOT_COMING, company.sales_store)
    answered(second, Answer.UNDECIDED, company.sales_store)
    assert Contact.objects.count() == 0
    assert work_of(first).state == State.DONE
    assert (work_of(second).state, work_of(second).due_on) == (State.OPEN, date(2026, 3, 14))
    assert work_of(second).task.day == date(2026, 3, 14)


def test_a_call_about_something_else_leaves_the_guest_to_be_asked(company, campaign):
    (guest,) = guests_of(company, campaign)
    reached(guest.customer, now=at("2026-03-14 10:00"), by=company.sales_store)
    assert work_of(guest).state == State.OPEN
    assert work_of(guest).task.state == State.OPEN


def test_two_who_answer_differently_the_later_is_told(company, campaign):
    (guest,) = guests_of(company, campaign)
    seen = Invitation.objects.get(pk=guest.pk)
    answered(guest, Answer.COMING, company.sales_store)
    with pytest.raises(NotInvited) as refusal:
        answered(seen, Answer.NOT_COMING, company.store_manager)
    assert refusal.value.codes == ("answered_meanwhile",)


def test_a_guest_comes_once_and_only_on_the_day(company, campaign):
    (guest,) = guests_of(company, campaign)
    with pytest.raises(NotInvited) as refusal:
        note_attended(invitation=guest, by=company.sales_store, now=NOW)
    assert refusal.value.codes == ("too_early",)
    note_attended(invitation=guest, by=company.sales_store, now=DAY)
    with pytest.raises(NotInvited) as refusal:
        note_attended(invitation=guest, by=company.store_manager, now=DAY)
    assert company.sales_store.name in str(refusal.value)
    assert work_of(guest).state == State.DONE
    take_back_attended(invitation=guest, by=company.sales_store, now=DAY)
    guest.refresh_from_db()
    assert (guest.attended_at, guest.attended_noted_by) == (None, None)


def test_who_walks_in_counts_as_come_and_not_as_invited(company, campaign):
    (who,) = people(company, 1)
    row = walk_in(campaign=campaign, customer=who, by=company.sales_store, now=DAY)
    told = figures_of(Invitation.objects.all(), [campaign.pk])[campaign.pk]
    assert (told.invited, told.came, told.walked_in) == (0, 1, 1)
    with pytest.raises(NotInvited):
        walk_in(campaign=campaign, customer=who, by=company.sales_store, now=DAY)
    take_back_attended(invitation=row, by=company.sales_store, now=DAY)
    assert not Invitation.objects.exists()


def test_a_campaign_called_off_asks_nobody_and_taken_up_asks_again(company, campaign):
    (guest,) = guests_of(company, campaign)
    campaign.refresh_from_db()
    by = company.store_manager
    move_campaign(campaign=campaign, to=CampaignState.CALLED_OFF, by=by, now=NOW)
    assert work_of(guest).state == State.CANCELLED
    assert not Task.objects.filter(state=State.OPEN, obligations=work_of(guest)).exists()
    campaign.refresh_from_db()
    move_campaign(campaign=campaign, to=CampaignState.PLANNED, by=by, now=NOW)
    assert work_of(guest).state == State.OPEN


def test_a_campaign_moves_from_what_one_has_seen(company, campaign):
    by = company.store_manager
    seen = Campaign.objects.get(pk=campaign.pk)
    move_campaign(campaign=campaign, to=CampaignState.INVITING, by=by, now=NOW)
    with pytest.raises(CampaignNotSaved) as refusal:
        move_campaign(campaign=seen, to=CampaignState.CALLED_OFF, by=by, now=NOW)
    assert refusal.value.codes == ("cannot_move",)


@pytest.mark.parametrize("kind", [CampaignState.OVER])
def test_a_campaign_is_not_over_before_it_has_begun(company, campaign, kind):
    Campaign.objects.filter(pk=campaign.pk).update(state=CampaignState.INVITING)
    campaign.refresh_from_db()
    with pytest.raises(CampaignNotSaved) as refusal:
        move_campaign(campaign=campaign, to=kind, by=company.store_manager, now=NOW)
    assert refusal.value.codes == ("not_begun",)
    move_campaign(campaign=campaign, to=kind, by=company.store_manager, now=DAY)


def test_another_day_moves_the_work_of_those_not_asked_yet(company, campaign):
    first, second = guests_of(company, campaign, 2)
    answered(first, Answer.COMING, company.sales_store)
    campaign.refresh_from_db()
    later = terms(company.store, starts_at=DAY + timedelta(days=7), ends_at=DAY + timedelta(days=8))
    change_campaign(
        campaign=campaign, terms=later, seen=version_of(campaign), by=company.store_manager, now=NOW
    )
    assert work_of(second).due_on == date(2026, 3, 27)
    assert work_of(first).due_on == date(2026, 3, 20)
    with pytest.raises(CampaignNotSaved) as refusal:
        change_campaign(
            campaign=campaign, terms=later, seen="older", by=company.store_manager, now=NOW
        )
    assert refusal.value.codes == ("changed_meanwhile",)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"text": "{where}"}, "unknown_place"),
        ({"ends_at": DAY - timedelta(hours=1)}, "ends_before_it_starts"),
        ({"ends_at": DAY + timedelta(days=400)}, "too_long"),
        ({"deals_within_days": 0}, "deal_days_wrong"),
    ],
)
def test_a_campaign_that_cannot_be_so_says_why(company, changes, code):
    with pytest.raises(CampaignNotSaved) as refusal:
        plan(company, **changes)
    assert code in refusal.value.codes


def test_a_manager_plans_for_the_own_store_alone(company):
    with pytest.raises(CampaignNotSaved) as refusal:
        plan(company, store=company.other)
    assert refusal.value.codes == ("not_yours",)
    with pytest.raises(CampaignNotSaved):
        plan(company, store=None)
    by = company.marketing_manager
    assert plan_campaign(terms=terms(None), by=by, now=NOW, key=uuid4()).store is None


def test_the_same_form_twice_is_one_campaign(company):
    key, by = uuid4(), company.store_manager
    first, second = (
        plan_campaign(terms=terms(company.store), by=by, now=NOW, key=key) for _each in range(2)
    )
    assert first == second


def test_work_goes_with_the_customer_to_another_keeper(company, campaign):
    (guest,) = guests_of(company, campaign)
    colleague = PersonFactory(store=company.store)
    assign_keeper(customer=guest.customer, keeper=colleague, by=company.store_manager, now=NOW)
    guest.refresh_from_db()
    assert (guest.assignee, work_of(guest).assignee) == (colleague, colleague)


def test_who_is_given_up_is_not_asked_any_more(company, campaign):
    (guest,) = guests_of(company, campaign)
    who = Customer.objects.get(pk=guest.customer_id)
    regrade(customer=who, grade=Grade.D, by=company.sales_store, now=NOW, reason="x")
    assert work_of(guest).state == State.CANCELLED


def test_merging_brings_guests_and_greetings_along_and_asks_once(company, campaign):
    from desk.services.merging import merge_cards, version_of_cards

    first, second = guests_of(company, campaign, 2)
    Greeting.objects.create(
        customer=second.customer, occasion="friday", on=NOW.date(), text="x", way="sms",
        sent_by=company.sales_store,
    )  # fmt: skip
    kept, merged = (Customer.objects.get(pk=row.customer_id) for row in (first, second))
    merge_cards(
        kept=kept, merged=merged, choices={}, keeper=company.sales_store, main_number="kept",
        reason="same", seen=version_of_cards(kept, merged), by=company.store_manager, now=NOW,
    )  # fmt: skip
    assert Greeting.objects.get().customer == kept
    open_works = Obligation.objects.filter(step__code="invitation", state=State.OPEN)
    assert [row.subject_id for row in open_works] == [first.pk]


def test_who_sees_which_campaign(company, campaign):
    everywhere = plan_campaign(terms=terms(None), by=company.ops_manager, now=NOW, key=uuid4())
    today = NOW.date()
    seen = {
        role: set(queries.visible_campaigns(reach_of(getattr(company, role), today=today)))
        for role in ("sales_store", "store_manager", "stranger", "marketing_manager", "finance")
    }
    both = {campaign, everywhere}
    assert seen == {
        "sales_store": both, "store_manager": both, "stranger": {everywhere},
        "marketing_manager": both, "finance": set(),
    }  # fmt: skip
