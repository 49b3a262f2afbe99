"""Two cards become one, and two again: nothing is lost, nothing is twice."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.apps import apps

from core.phones import normalise
from crm.verification import verify
from customers.models import (
    Access,
    Contact,
    Customer,
    GradeChange,
    GradeProposal,
    HouseholdMember,
    OwnedProduct,
    Project,
    Suspicion,
)
from customers.services import give_access, update_customer
from customers.services.register import add_numbers
from customers.states import Grade, Quiet, Relation, SuspicionReason, SuspicionState
from desk.services import (
    CardsNotMerged,
    bring_late,
    merge_cards,
    moves,
    undo_merge,
    version_of_cards,
    weigh_undoing,
)
from desk.services.card_fields import BY_NAME, FIELDS, NOT_CHOSEN
from followups import services as followups
from followups.models import Course, Obligation, Task
from followups.states import Anchor, Cause, State
from orders.models import Due
from orders.states import DueKind
from staff.states import Role, Trade
from tests.factories import orders
from tests.factories.customers import CustomerFactory
from tests.factories.followups import cadence_task, reached
from tests.factories.staff import PersonFactory, StoreFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def store():
    return StoreFactory(trade=Trade.FURNITURE)


@pytest.fixture
def manager(store):
    return PersonFactory(role=Role.STORE_MANAGER, store=store)


@pytest.fixture
def seller(store):
    return PersonFactory(store=store)


@pytest.fixture
def kept(seller):
    return CustomerFactory(name="王芳", owner=seller, phone="13800138000", now=NOW - 9 * DAY)


@pytest.fixture
def merged(seller):
    return CustomerFactory(
        name="王女士", owner=seller, phone="13911204476", wechat="wf66", now=NOW - 8 * DAY
    )


def merge(kept, merged, by, *, now=NOW, **said):
    kept, merged = (Customer.objects.get(pk=card.pk) for card in (kept, merged))
    return merge_cards(
        kept=kept,
        merged=merged,
        choices=said.pop("choices", {}),
        keeper=said.pop("keeper", kept.owner),
        main_number=said.pop("main_number", "kept"),
        reason=said.pop("reason", "同一人"),
        seen=said.pop("seen", None) or version_of_cards(kept, merged),
        by=by,
        now=now,
        **said,
    )


def undo(done, by, *, now=NOW + DAY):
    undo_merge(merge=done, reason="两个人", by=by, now=now)


def clean(now=NOW):
    return verify(now=now).as_json()["differences"]


def owing(card, seller):
    """What this customer owes of an order."""
    return orders.due(orders.order(customer=card, seller=seller), 5000, kind=DueKind.ON_DAY,
                      on=NOW.date())  # fmt: skip


def remind(card, due, *, on, now=NOW):
    """The customer is reminded of it from this day on."""
    Due.objects.filter(pk=due.pk).update(due_on=on)
    followups.set_anchor_day(
        anchor=Anchor.RECEIVABLE, subject_id=due.pk, customer=card, on=on, now=now
    )


def fresh(card):
    return Customer.objects.get(pk=card.pk)


def deliver(card, by, *, now=NOW, product="S1"):
    return followups.record_delivery(
        customer=card, product=product, delivered_on=now.date(), by=by, now=now, key=uuid4()
    )


def state_of(card):
    """All that stands on a card, as far as taking it apart again must restore it."""
    return {
        "fields": [field.of(fresh(card)) for field in FIELDS],
        "owner": (fresh(card).owner_id, fresh(card).store_id),
        "derived": (fresh(card).last_contact_at, fresh(card).next_contact_on),
        "bought": (fresh(card).bought_count, fresh(card).last_bought_on),
        "rows": {
            move.name: sorted(
                move.rows.filter(**{move.column: card.pk}).values_list("pk", flat=True)
            )
            for move in moves.MOVES
            if move.model not in (GradeChange, GradeProposal, Access)
        },
        "serve": sorted(Access.objects.filter(customer=card.pk).values_list("person", flat=True)),
        "main": list(card.phones.filter(is_primary=True).values_list("pk", flat=True)),
        "open": sorted(
            Obligation.objects.filter(customer=card.pk, state=State.OPEN).values_list(
                "step", "subject_id", "due_on", "assignee"
            )
        ),
        "tasks": sorted(
            Task.objects.filter(customer=card.pk, state=State.OPEN).values_list(
                "assignee", "day", "letter"
            ),
            key=str,
        ),
    }


# Every foreign key


def keys_to_customers():
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is Customer:
                found.add(f"{model._meta.label_lower}.{field.name}")
    return found


def test_every_row_that_hangs_on_a_customer_goes_along_or_says_why_not():
    covered = {move.name for move in moves.MOVES} | set(moves.STAYING)
    assert keys_to_customers() - covered == set()
    assert all(moves.STAYING.values())


def test_every_field_of_a_card_is_chosen_between_or_derived():
    chosen = {column for field in FIELDS for column in field.columns}
    columns = {field.attname for field in Customer._meta.concrete_fields}
    assert columns - chosen == NOT_CHOSEN
    assert len(BY_NAME) == len(FIELDS)


# The merge


def test_all_goes_to_the_kept_card_and_the_other_is_hidden(kept, merged, manager, seller):
    reached(kept, now=NOW - 3 * DAY)
    reached(merged, now=NOW - 2 * DAY)
    product = deliver(merged, seller, now=NOW - DAY)
    merge(kept, merged, manager)

    kept, merged = fresh(kept), fresh(merged)
    assert merged.merged_into == kept
    assert kept.contacts.count() == 2
    assert list(kept.products.all()) == [product]
    assert kept.phones.count() == 2
    assert kept.phones.get(is_primary=True).last4 == "8000"
    assert kept.wechat == "wf66", "what only the other card says is taken over"
    assert kept.name == "王芳", "where both speak, the kept card's word stands"
    assert kept.last_contact_at == NOW - 2 * DAY
    assert kept.bought_count == 1
    assert not Task.objects.filter(customer=merged).exists()
    assert Course.objects.get(customer=merged).next_due_on is None
    assert clean() == []


def test_chosen_words_stand_and_long_texts_are_joined(kept, merged, manager):
    for card, note in ((kept, "喜欢深色"), (merged, "周末来")):
        update_customer(customer=card, by=manager, now=NOW, note=note, address="梧桐苑7-3-502")
    merge(kept, merged, manager, choices={"name": "merged", "grade": "kept"}, main_number="merged")
    kept = fresh(kept)
    assert (kept.name, kept.note) == ("王女士", "喜欢深色\n周末来")
    assert "wangnvshi" in kept.search.replace(" ", "")
    assert kept.phones.get(is_primary=True).last4 == "4476"


def test_the_merge_keeps_a_wish_not_to_be_contacted(kept, merged, manager):
    followups.set_quiet(customer=merged, quiet=Quiet.ALL, reason="asked", by=manager, now=NOW)
    merge(kept, merged, manager)
    assert fresh(kept).quiet == Quiet.ALL
    assert not Task.objects.filter(customer=kept, state=State.OPEN).exists()
    assert clean() == []


def test_open_work_of_one_day_becomes_one_task(kept, merged, manager):
    for card in (kept, merged):
        reached(card, now=NOW - DAY, on=NOW.date())
    merge(kept, merged, manager)
    task = Task.objects.get(customer=kept, state=State.OPEN)
    assert task.obligations.filter(state=State.OPEN).count() == 2
    assert clean() == []


def test_each_has_a_cadence_and_one_stays(kept, merged, manager):
    for card in (kept, merged):
        cadence_task(card, now=NOW)
    merge(kept, merged, manager)
    rows = Obligation.objects.filter(customer=kept, step__anchor=Anchor.CADENCE)
    assert rows.filter(state=State.OPEN).count() == 1
    assert rows.filter(state=State.CANCELLED, cause=Cause.REPLACED).count() == 1
    assert set(rows.values_list("subject_id", flat=True)) == {kept.pk}
    assert clean() == []


def test_the_other_keeper_still_serves_the_customer(kept, merged, manager, store):
    other = PersonFactory(store=store)
    followups.assign_keeper(customer=merged, keeper=other, by=manager, now=NOW)
    reached(merged, now=NOW - DAY)
    merge(kept, merged, manager, keeper=kept.owner)
    assert fresh(kept).owner == kept.owner
    assert Access.objects.filter(customer=kept, person=other).exists()
    open_tasks = Task.objects.filter(customer=kept, state=State.OPEN)
    assert {task.assignee_id for task in open_tasks} == {kept.owner_id}
    assert clean() == []


def test_who_was_referred_by_the_one_is_referred_by_the_other(kept, merged, manager):
    update_customer(customer=kept, by=manager, now=NOW, referrer=merged)
    friend = CustomerFactory(owner=kept.owner, referrer=merged)
    merge(kept, merged, manager)
    assert fresh(friend).referrer == kept
    assert fresh(kept).referrer is None, "nobody is referred by himself"


def test_suspicions_of_the_one_are_suspicions_of_the_other(kept, merged, manager):
    third = CustomerFactory(owner=kept.owner)
    rows = [
        Suspicion.objects.create(
            first_id=min(pair), second_id=max(pair), because=SuspicionReason.ADDRESS
        )
        for pair in ((kept.pk, merged.pk), (merged.pk, third.pk))
    ]
    done = merge(kept, merged, manager)
    rows[0].refresh_from_db(), rows[1].refresh_from_db()
    assert rows[0].state == SuspicionState.SAME
    assert {rows[1].first_id, rows[1].second_id} == {kept.pk, third.pk}
    undo(done, manager)
    rows[0].refresh_from_db(), rows[1].refresh_from_db()
    assert rows[0].state == SuspicionState.OPEN
    assert {rows[1].first_id, rows[1].second_id} == {merged.pk, third.pk}


def test_the_grade_that_is_chosen_is_kept_with_its_history(kept, merged, manager):
    followups.regrade(customer=merged, grade=Grade.B1, by=manager, now=NOW)
    merge(kept, merged, manager, choices={"grade": "merged"}, now=NOW + DAY)
    assert fresh(kept).grade == Grade.B1
    change = GradeChange.objects.filter(customer=kept).latest("pk")
    assert (change.before, change.after, change.at) == ("A", "B1", NOW + DAY)


def test_a_buyer_is_not_given_up_by_a_merge(kept, merged, manager, seller):
    followups.regrade(customer=kept, grade=Grade.D, by=manager, now=NOW)
    deliver(merged, seller)
    with pytest.raises(CardsNotMerged) as refusal:
        merge(kept, merged, manager, choices={"grade": "kept"})
    assert refusal.value.codes == ("buyer_is_not_given_up",)
    assert fresh(merged).merged_into is None


def refused(**said):
    with pytest.raises(CardsNotMerged) as refusal:
        merge(**said)
    return refusal.value.codes


def test_what_is_refused(kept, merged, manager, seller):
    third = CustomerFactory(owner=seller)
    assert refused(kept=kept, merged=kept, by=manager) == ("same_card",)
    assert refused(kept=kept, merged=merged, by=manager, reason=" ") == ("reason_missing",)
    assert refused(kept=kept, merged=merged, by=manager, seen="x") == ("changed_meanwhile",)
    assert refused(kept=kept, merged=merged, by=manager, keeper=manager) == ("foreign_keeper",)
    merge(kept, merged, manager)
    assert refused(kept=third, merged=merged, by=manager) == ("merged_already",)
    assert refused(kept=merged, merged=third, by=manager) == ("merged_already",)


def test_between_two_stores_operations_decides(kept, manager):
    foreign = CustomerFactory(owner=PersonFactory())
    assert refused(kept=kept, merged=foreign, by=manager) == ("between_units",)
    merge(kept, foreign, PersonFactory(role=Role.OPS_MANAGER))
    assert fresh(foreign).merged_into_id == kept.pk


# Acts that a merge overtook


def test_what_is_sent_to_a_merged_card_lands_on_the_kept_one(kept, merged, manager, seller):
    reached(merged, now=NOW - DAY, on=NOW.date())
    task = Task.objects.get(customer=merged, state=State.OPEN)
    merge(kept, merged, manager)
    contact = reached(merged, now=NOW, task=task)
    product = deliver(merged, seller)
    followups.regrade(customer=merged, grade=Grade.B1, by=seller, now=NOW)
    assert (contact.customer_id, product.customer_id) == (kept.pk, kept.pk)
    assert fresh(kept).grade == Grade.B1
    task.refresh_from_db()
    assert (task.state, task.contact_id) == (State.DONE, contact.pk)
    assert clean() == []


def test_a_contact_that_changed_cards_is_taken_back_on_its_card(kept, merged, manager):
    contact = reached(merged, now=NOW)
    merge(kept, merged, manager)
    followups.void_contact(contact=contact, reason="x", by=manager, now=NOW)
    assert fresh(kept).last_contact_at is None
    assert clean() == []


def test_a_chain_ends_on_the_card_that_stands(kept, merged, manager, seller):
    third = CustomerFactory(owner=seller)
    first = merge(kept, merged, manager)
    second = merge(third, kept, manager)
    assert reached(merged, now=NOW).customer_id == third.pk
    with pytest.raises(CardsNotMerged) as refusal:
        undo(first, manager)
    assert refusal.value.codes == ("kept_was_merged",)
    undo(second, manager)
    undo(first, manager)
    assert clean(NOW + DAY) == []
    assert {fresh(card).merged_into for card in (kept, merged, third)} == {None}


def test_what_was_written_past_the_lock_is_brought_along(kept, merged, manager):
    done = merge(kept, merged, manager)
    project = Project.objects.create(customer=merged, opened_by=manager)
    assert bring_late(now=NOW) == 1
    assert bring_late(now=NOW) == 0
    project.refresh_from_db()
    assert project.customer == kept
    undo(done, manager)
    project.refresh_from_db()
    assert project.customer == merged


def test_a_number_written_late_is_one_more_of_the_kept_card(kept, merged, manager):
    """On the card that went it was the first, and so the main one: of those there is one a card."""
    merge(kept, merged, manager)
    add_numbers(merged, [normalise("13911200009")])
    assert bring_late(now=NOW) == 1
    late = kept.phones.get(last4="0009")
    assert not late.is_primary
    assert kept.phones.filter(is_primary=True).count() == 1


# And back


def test_taken_apart_both_cards_are_as_they_were(kept, merged, manager, seller, store):
    other = PersonFactory(store=store)
    followups.assign_keeper(customer=merged, keeper=other, by=manager, now=NOW)
    give_access(customer=kept, person=manager)
    give_access(customer=merged, person=manager)
    update_customer(customer=kept, by=manager, now=NOW, note="喜欢深色", need="沙发")
    update_customer(
        customer=merged, by=manager, now=NOW, note="周末来", birth_month=3, birth_day=4,
        new_phones=[normalise("13911200001")],
    )  # fmt: skip
    HouseholdMember.objects.create(customer=merged, relation=Relation.SPOUSE, added_by=manager)
    for card in (kept, merged):
        reached(card, now=NOW - DAY, on=NOW.date() + 3 * DAY)
        deliver(card, seller, now=NOW - DAY)
        remind(card, owing(card, seller), on=NOW.date())
    before = [state_of(card) for card in (kept, merged)]
    contacts = set(Contact.objects.values_list("pk", "customer"))

    done = merge(kept, merged, manager, choices={"name": "merged", "grade": "merged"})
    assert clean() == []
    undo(done, manager, now=NOW)
    for card, was in zip((kept, merged), before, strict=True):
        for name, value in state_of(card).items():
            assert value == was[name], name
    assert set(Contact.objects.values_list("pk", "customer")) == contacts
    assert clean() == []


def test_what_came_since_stays_with_the_kept_card(kept, merged, manager, seller):
    product = deliver(merged, seller)
    due = owing(merged, seller)
    remind(merged, due, on=NOW.date())
    done = merge(kept, merged, manager)
    remind(kept, due, on=NOW.date() + 5 * DAY, now=NOW + DAY)
    since = reached(kept, now=NOW + DAY)
    bought = deliver(kept, seller, product="S2", now=NOW + DAY)
    update_customer(customer=fresh(kept), by=manager, now=NOW, wechat="neu88")
    undoing = weigh_undoing(done)
    assert undoing.left == ["wechat"]
    assert undoing.going_back["customers.ownedproduct.customer"] == 1
    undo(done, manager, now=NOW + 2 * DAY)

    since.refresh_from_db()
    assert since.customer == kept
    assert OwnedProduct.objects.get(pk=bought.pk).customer == kept
    assert OwnedProduct.objects.get(pk=product.pk).customer == merged
    ladder = Obligation.objects.filter(step__anchor=Anchor.RECEIVABLE, state=State.OPEN)
    assert set(ladder.values_list("customer", flat=True)) == {merged.pk}
    assert (fresh(kept).wechat, fresh(merged).wechat) == ("neu88", "wf66")
    assert clean(NOW + 2 * DAY) == []


def test_taken_apart_once_and_merged_again(kept, merged, manager):
    done = merge(kept, merged, manager)
    undo(done, manager)
    with pytest.raises(CardsNotMerged) as refusal:
        undo(done, manager)
    assert refusal.value.codes == ("undone_already",)
    merge(merged, kept, manager, now=NOW + 2 * DAY)
    assert fresh(kept).merged_into == merged
    assert clean(NOW + 2 * DAY) == []


def test_cadences_are_numbered_on_and_back(kept, merged, manager):
    for card in (kept, merged):
        task = cadence_task(card, now=NOW - DAY)
        followups.skip_task(task=task, reason="away", by=manager, now=NOW - DAY)
    keys = set(Obligation.objects.values_list("pk", "subject_id", "occurrence"))
    done = merge(kept, merged, manager)
    assert clean() == []
    undo(done, manager, now=NOW)
    assert keys <= set(Obligation.objects.values_list("pk", "subject_id", "occurrence"))
    assert clean() == []
