"""Opening, changing, moving and closing opportunities; the race; the chances of the stages."""

import threading
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection

from core.models import AuditEntry
from customers.models import Access, Opportunity, Project, Stage, StageMove
from customers.services.chances import reckon_chances, reckon_chances_of_today
from customers.services.keeping import give_access
from customers.services.opportunities import (
    OpportunityNotChanged,
    change_opportunity,
    move_stage,
    open_opportunity,
    reopen,
    version_of,
)
from staff.states import Role
from tests.factories.customers import NOW, CustomerFactory
from tests.factories.opportunities import lost, moved, opportunity, stage, won
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db


def test_a_form_sent_twice_opens_one():
    customer, key = CustomerFactory(), uuid4()
    said = {"customer": customer, "stage": stage("furniture_inquiry"), "product": "沙发"}
    first = open_opportunity(**said, by=customer.owner, now=NOW, key=key)
    again = open_opportunity(**said, by=customer.owner, now=NOW, key=key)
    assert first == again == Opportunity.objects.get()
    assert (first.owner, first.store) == (customer.owner, customer.store)
    assert StageMove.objects.get().before is None


def test_it_belongs_to_the_keeper_whoever_opens_it_and_to_the_holder_of_another_project():
    customer = CustomerFactory()
    manager = PersonFactory(role=Role.STORE_MANAGER, store=customer.store)
    assert opportunity(customer=customer, by=manager).owner == customer.owner
    holder = PersonFactory()
    give_access(customer=customer, person=holder)
    assert opportunity(customer=customer, by=holder).owner == holder


def test_without_a_keeper_it_belongs_to_whoever_opens_it():
    customer = CustomerFactory()
    by = customer.owner
    customer.owner = None
    customer.save(update_fields=["owner"])
    made = opportunity(customer=customer, by=by)
    assert made.owner == by
    assert Access.objects.filter(customer=customer, person=by).exists()


def test_a_new_project_is_opened_with_it():
    made = opportunity(new_project="天润福熙 5幢")
    assert made.project.name == "天润福熙 5幢"
    assert made.project.customer == made.customer


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"product": ""}, "product_missing"),
        ({"amount": Decimal(0)}, "amount_not_positive"),
        ({"at": "furniture_deposit"}, "not_an_open_stage"),
    ],
)
def test_what_cannot_be_is_refused_in_words(said, code):
    with pytest.raises(OpportunityNotChanged) as refusal:
        opportunity(**said)
    assert refusal.value.codes == (code,)
    assert not Opportunity.objects.exists()


def test_the_project_of_another_customer_is_refused():
    customer = CustomerFactory()
    foreign = Project.objects.create(customer=CustomerFactory(), name="x", opened_by=customer.owner)
    with pytest.raises(OpportunityNotChanged):
        opportunity(customer=customer, project=foreign)


def test_a_change_is_not_written_over():
    row = opportunity()
    seen = version_of(row)
    change_opportunity(
        opportunity=row, seen=seen, values={"amount": Decimal(9000)}, by=row.owner, now=NOW
    )
    with pytest.raises(OpportunityNotChanged) as refusal:
        change_opportunity(
            opportunity=row, seen=seen, values={"product": "床"}, by=row.owner, now=NOW
        )
    assert refusal.value.codes == ("changed_meanwhile",)
    row.refresh_from_db()
    assert (row.amount, row.product) == (Decimal(9000), "三人沙发")


def test_won_and_lost_close_it_and_a_reason_opens_it_again():
    row = lost(opportunity())
    assert (row.state, row.closed_at, row.lost_reason) == ("lost", NOW, "price")
    with pytest.raises(OpportunityNotChanged) as refusal:
        reopen(opportunity=row, to=stage("furniture_inquiry"), why="", by=row.owner, now=NOW)
    assert refusal.value.codes == ("why_missing",)
    row = reopen(
        opportunity=row, to=stage("furniture_inquiry"), why="回来了", by=row.owner, now=NOW
    )
    assert (row.state, row.closed_at, row.lost_reason) == ("open", None, "")
    assert won(row).state == "won"
    assert [move.after.kind for move in StageMove.objects.order_by("pk")] == [
        "open", "lost", "open", "won",
    ]  # fmt: skip
    assert AuditEntry.objects.filter(verb="move_stage", reason="回来了").count() == 1


def test_only_its_keeper_their_assistant_or_a_manager_opens_it_again():
    row = lost(opportunity())
    goal, stranger = stage("furniture_inquiry"), PersonFactory(store=row.store)
    with pytest.raises(OpportunityNotChanged) as refusal:
        reopen(opportunity=row, to=goal, why="x", by=stranger, now=NOW)
    assert refusal.value.codes == ("not_yours_to_reopen",)
    said = {"opportunity": row, "seen": row.stage, "to": goal, "why": "x", "now": NOW}
    move_stage(**said, by=stranger, acts_for=[stranger.pk, row.owner_id])
    row.refresh_from_db()
    assert row.state == "open"


def test_whoever_saw_another_stage_is_told_where_it_is():
    row = opportunity()
    seen = row.stage
    moved(row, "furniture_measured")
    other = PersonFactory(store=row.store)
    with pytest.raises(OpportunityNotChanged) as refusal:
        move_stage(opportunity=row, seen=seen, to=stage("furniture_proposal"), by=other, now=NOW)
    assert refusal.value.codes == ("moved_meanwhile",)
    assert row.owner.name in str(refusal.value)


def test_the_same_tap_twice_is_one_move():
    row = opportunity()
    seen, to = row.stage, stage("furniture_measured")
    for _ in range(2):
        move_stage(opportunity=row, seen=seen, to=to, by=row.owner, now=NOW)
    assert StageMove.objects.filter(opportunity=row).count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_drag_at_once_one_moves_it_and_the_other_is_told():
    row = opportunity()
    seen, goals = row.stage, [stage("furniture_measured"), stage("furniture_proposal")]
    people = [row.owner, PersonFactory(store=row.store)]
    start, fates = threading.Barrier(2), []

    def drag(by, to):
        start.wait()
        try:
            move_stage(
                opportunity=Opportunity.objects.get(pk=row.pk), seen=seen, to=to, by=by, now=NOW
            )
            fates.append("moved")
        except OpportunityNotChanged as refusal:
            fates.append(refusal.codes[0])
        finally:
            connection.close()

    hands = [threading.Thread(target=drag, args=pair) for pair in zip(people, goals, strict=True)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(fates) == ["moved", "moved_meanwhile"]
    assert StageMove.objects.filter(opportunity=row).count() == 2


def test_chances_are_the_share_won_of_those_that_came_so_far():
    """Ten closed: four won straight, two lost when measured, four lost at the inquiry."""
    customer = CustomerFactory()
    for _ in range(4):
        won(opportunity(customer=customer))
    for _ in range(2):
        lost(moved(opportunity(customer=customer), "furniture_measured"))
    for _ in range(4):
        lost(opportunity(customer=customer))
    opportunity(customer=customer, at="furniture_negotiation")
    long_ago = lost(opportunity(customer=customer))
    Opportunity.objects.filter(pk=long_ago.pk).update(closed_at=NOW - timedelta(days=800))

    assert reckon_chances(now=NOW) == Stage.objects.filter(kind="open").count()
    figures = {
        code: (share, closed)
        for code, share, closed in Stage.objects.filter(stage_set__code="furniture").values_list(
            "code", "won_share", "reckoned_from"
        )
    }
    assert figures["furniture_inquiry"] == (Decimal("0.4"), 10)
    assert figures["furniture_qualified"] == (Decimal("0.6667"), 6)
    assert figures["furniture_measured"] == (Decimal("0.6667"), 6)
    assert figures["furniture_proposal"] == (Decimal(1), 4)
    assert stage("dealer_reception").won_share is None
    assert stage("dealer_reception").reckoned_from == 0


def test_a_day_reckons_once():
    assert reckon_chances_of_today(now=NOW) > 0
    assert reckon_chances_of_today(now=NOW + timedelta(hours=1)) == 0
    assert reckon_chances_of_today(now=NOW + timedelta(days=1)) > 0
