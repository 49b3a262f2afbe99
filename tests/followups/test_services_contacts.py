"""Logging a contact: what it closes and opens, what it refuses, how it is taken back."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from core.refusals import Refused
from core.services.once import FormOfSomebodyElse
from customers.models import Contact
from customers.rules import NextStep
from customers.services import ContactNotRecorded, GradeNotChanged
from customers.states import Channel, Grade, NextKind, NoStepReason, Outcome, Reason
from followups import services
from followups.models import Obligation, Task
from followups.services import ContactNotLogged, log_contact, void_contact
from followups.states import MoveReason, State
from staff.states import DutyKind, Role
from tests.factories.followups import cadence_task, reached, task_today
from tests.factories.staff import DutyFactory, PersonFactory
from tests.followups.build import at, customer, delivery, shop

pytestmark = pytest.mark.django_db

NOW = at("2026-03-12 10:00")
TOMORROW = date(2026, 3, 13)


def said(**changes):
    """A call that reached the customer and agreed on a call tomorrow."""
    return {
        "channel": Channel.CALL,
        "outcome": Outcome.CONNECTED,
        "reason": Reason.DESIGN,
        "next_step": NextStep(kind=NextKind.CALL, on=TOMORROW),
        "now": NOW,
        "key": uuid4(),
        **changes,
    }


def attempted(**changes):
    """A call that nobody answered, to be tried again tomorrow."""
    values = {"outcome": Outcome.UNANSWERED, "reason": "", "next_step": None, "retry_on": TOMORROW}
    return said(**{**values, **changes})


@pytest.fixture
def who():
    return customer(shop(), now=at("2026-03-02 10:00"))


def states_of(who) -> list[tuple[date, str]]:
    return sorted(Task.objects.filter(customer=who).values_list("day", "state"))


def test_a_contact_closes_its_task_and_opens_the_next(who):
    task = cadence_task(who, now=NOW)

    contact = log_contact(customer=who, task=task, by=who.owner, **said())

    task.refresh_from_db()
    assert (task.state, task.contact, task.closed_by) == (State.DONE, contact, who.owner)
    following = Task.objects.get(customer=who, state=State.OPEN)
    assert (following.day, following.assignee) == (TOMORROW, who.owner)
    who.refresh_from_db()
    assert who.last_contact_at == NOW
    assert who.next_contact_on == TOMORROW


def test_without_a_task_at_hand_all_of_today_are_closed(who):
    task_today(who, now=NOW)

    log_contact(customer=who, by=who.owner, **said())

    assert states_of(who) == [(date(2026, 3, 12), State.DONE), (TOMORROW, State.OPEN)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": ""}, "reason_missing"),
        ({"next_step": None}, "next_step_missing"),
        ({"next_step": NextStep(kind=NextKind.NONE)}, "none_reason_missing"),
        ({"next_step": NextStep(kind=NextKind.CALL)}, "next_day_missing"),
        ({"next_step": NextStep(kind=NextKind.CALL, on=date(2026, 3, 11))}, "next_day_is_past"),
        ({"next_step": NextStep(kind=NextKind.CALL, on=date(2027, 3, 14))}, "next_day_is_too_far"),
        (
            {"next_step": NextStep(kind=NextKind.CALL, on=NOW.date(), at=at("2026-03-12 09:59"))},
            "next_hour_is_past",
        ),
        ({"occurred_at": NOW + timedelta(seconds=1)}, "contact_is_in_the_future"),
        ({"note": "。。。。。"}, "note_is_one_character"),
        ({"grade": Grade.D}, "given_up_has_no_step"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(who, changes, code):
    task = cadence_task(who, now=NOW)
    with pytest.raises(Refused) as refusal:
        log_contact(customer=who, task=task, by=who.owner, **said(**changes))

    assert code in refusal.value.codes
    assert str(refusal.value)
    assert not Contact.objects.exists()
    task.refresh_from_db()
    assert task.state == State.OPEN


@pytest.mark.parametrize(
    "on", [NOW.date(), NOW.date() + timedelta(days=366)], ids=["today", "a year"]
)
def test_the_next_step_may_be_today_and_a_year_ahead(who, on):
    log_contact(customer=who, by=who.owner, **said(next_step=NextStep(kind=NextKind.CALL, on=on)))
    assert Obligation.objects.filter(customer=who, due_on=on).exists()


def test_an_attempt_asks_only_for_a_day_and_moves_the_task(who):
    task = cadence_task(who, now=NOW)

    contact = log_contact(customer=who, task=task, by=who.owner, **attempted())

    task.refresh_from_db()
    assert (task.state, task.day, task.moved_reason) == (
        State.OPEN, TOMORROW, MoveReason.NO_ANSWER,
    )  # fmt: skip
    assert not contact.is_effective
    who.refresh_from_db()
    assert who.last_contact_at is None


def test_an_attempt_without_a_day_is_refused(who):
    with pytest.raises(ContactNotRecorded) as refusal:
        log_contact(customer=who, by=who.owner, **attempted(retry_on=None))
    assert refusal.value.codes == ("next_day_missing",)


def test_an_attempt_without_a_task_opens_one_for_the_day():
    who = customer(shop(), now=NOW - timedelta(days=1))
    log_contact(customer=who, by=who.owner, **attempted())
    assert states_of(who)[0] == (TOMORROW, State.OPEN)


def test_the_same_form_twice_is_one_contact(who):
    task, same = cadence_task(who, now=NOW), said()
    first = log_contact(customer=who, task=task, by=who.owner, **same)
    again = log_contact(customer=who, task=task, by=who.owner, **same)
    assert first == again
    assert Contact.objects.count() == 1
    with pytest.raises(FormOfSomebodyElse):
        log_contact(customer=who, task=task, by=who.owner, **{**same, "note": "later"})


def test_somebody_elses_form_is_refused(who):
    same = said()
    log_contact(customer=who, by=who.owner, **same)
    with pytest.raises(FormOfSomebodyElse):
        log_contact(customer=who, by=PersonFactory(store=who.store), **same)


def test_a_task_that_a_colleague_closed_is_refused_with_the_name(who):
    task = cadence_task(who, now=NOW)
    colleague = PersonFactory(store=who.store, name="李经理")
    log_contact(customer=who, task=task, by=colleague, **said())
    with pytest.raises(ContactNotLogged) as refusal:
        log_contact(customer=who, task=task, by=who.owner, **said())
    assert refusal.value.codes == ("task_is_closed",)
    assert "李经理" in str(refusal.value)


def test_a_note_like_the_last_one_is_flagged(who):
    reached(who, now=NOW, note="同上")
    again = reached(who, now=NOW + timedelta(minutes=1), note="同上")
    other = reached(who, now=NOW + timedelta(minutes=2), note="看了沙发")
    assert (again.repeats_last_note, other.repeats_last_note) == (True, False)


@pytest.mark.parametrize(("hours", "is_late"), [(24, False), (24.01, True)])
def test_a_late_entry_keeps_both_times_and_moves_no_clock(who, hours, is_late):
    occurred_at = NOW - timedelta(hours=hours)
    contact = log_contact(customer=who, by=who.owner, **said(occurred_at=occurred_at))
    assert (contact.occurred_at, contact.logged_at) == (occurred_at, NOW)
    assert contact.is_late_entry is is_late
    assert contact.is_effective is not is_late
    who.refresh_from_db()
    assert who.last_contact_at == (None if is_late else occurred_at)


def test_a_manager_who_calls_leaves_the_next_step_to_the_keeper(who):
    manager = PersonFactory(role=Role.STORE_MANAGER, store=who.store)
    reached(who, now=NOW, by=manager)
    assert Task.objects.get(customer=who, state=State.OPEN).assignee == who.owner


def test_a_keeper_who_left_gets_no_next_step(who):
    manager = PersonFactory(role=Role.STORE_MANAGER, store=who.store)
    who.owner.is_active = False
    who.owner.save(update_fields=["is_active"])
    reached(who, now=NOW, by=manager)
    assert Task.objects.get(customer=who, state=State.OPEN).assignee == manager


def test_an_assistant_speaks_for_the_salesperson_named_in_advance(who):
    assistant = PersonFactory(store=who.store)
    DutyFactory(person=assistant, kind=DutyKind.ASSISTANT, assists=who.owner)
    contact = reached(who, now=NOW, by=assistant, on_behalf_of=who.owner)
    assert (contact.by, contact.on_behalf_of, contact.is_effective) == (
        assistant, who.owner, True,
    )  # fmt: skip
    assert Task.objects.get(customer=who, state=State.OPEN).assignee == who.owner


@pytest.mark.parametrize("ends_on", [date(2026, 3, 11), "none"])
def test_nobody_speaks_for_another_without_the_duty(who, ends_on):
    assistant = PersonFactory(store=who.store)
    if ends_on != "none":
        DutyFactory(person=assistant, kind=DutyKind.ASSISTANT, assists=who.owner, ends_on=ends_on)
    with pytest.raises(ContactNotLogged) as refusal:
        reached(who, now=NOW, by=assistant, on_behalf_of=who.owner)
    assert refusal.value.codes == ("not_on_behalf",)


def test_none_with_a_reason_is_a_next_step(who):
    step = NextStep(kind=NextKind.NONE, none_reason=NoStepReason.NO_NEED)
    contact = log_contact(customer=who, by=who.owner, **said(next_step=step))
    assert (contact.next_kind, contact.none_reason) == (NextKind.NONE, NoStepReason.NO_NEED)


def test_grade_d_leaves_no_tasks(who):
    task_today(who, now=NOW)
    give_up(who)
    assert not Obligation.objects.filter(customer=who, state=State.OPEN).exists()


def test_who_has_bought_is_not_given_up_and_nothing_is_logged(who):
    delivery(who, on=NOW.date(), now=NOW)
    with pytest.raises(GradeNotChanged) as refused:
        give_up(who)
    assert refused.value.codes == ("buyer_is_not_given_up",)
    assert not who.contacts.exists()


def give_up(who):
    step = NextStep(kind=NextKind.NONE, none_reason=NoStepReason.BUDGET)
    return log_contact(customer=who, by=who.owner, **said(grade=Grade.D, next_step=step))


def void(contact, by, *, minutes=5):
    void_contact(contact=contact, reason="wrong card", by=by, now=NOW + timedelta(minutes=minutes))


def test_a_void_contact_opens_what_it_closed_and_cancels_its_step(who):
    before = task_today(who, now=NOW, text="报价")
    contact = log_contact(customer=who, task=before, by=who.owner, **said())

    void(contact, who.owner)

    assert states_of(who) == [
        (date(2026, 3, 12), State.CANCELLED),
        (date(2026, 3, 12), State.OPEN),
        (TOMORROW, State.CANCELLED),
    ]
    contact.refresh_from_db()
    assert contact.voided_by == who.owner
    who.refresh_from_db()
    assert who.last_contact_at == NOW - timedelta(days=1)


def test_a_void_contact_leaves_one_cadence_and_not_two(who):
    task = cadence_task(who, now=NOW)
    step = NextStep(kind=NextKind.NONE, none_reason=NoStepReason.NO_NEED)
    contact = log_contact(customer=who, task=task, by=who.owner, **said(next_step=step))
    services.ask(now=NOW + timedelta(minutes=1))

    void(contact, who.owner)

    open_ones = Obligation.objects.filter(customer=who, state=State.OPEN)
    assert [row.due_on for row in open_ones] == [date(2026, 3, 9)]


def test_giving_up_by_mistake_is_taken_back_whole(who):
    reached(who, now=NOW - timedelta(days=1), on=date(2026, 3, 16), text="看样")
    contact = give_up(who)

    void(contact, who.owner)

    who.refresh_from_db()
    assert who.grade == Grade.A
    assert [row.text for row in Obligation.objects.filter(customer=who, state=State.OPEN)] == [
        "看样"
    ]


def test_a_grade_given_later_is_not_taken_back(who):
    contact = give_up(who)
    services.regrade(customer=who, grade=Grade.C2, by=who.owner, now=NOW + timedelta(minutes=1))
    void(contact, who.owner)
    who.refresh_from_db()
    assert who.grade == Grade.C2


def test_a_contact_is_voided_once_and_with_a_reason(who):
    contact = reached(who, now=NOW)
    with pytest.raises(ContactNotRecorded) as refusal:
        void_contact(contact=contact, reason=" ", by=who.owner, now=NOW)
    assert refusal.value.codes == ("void_reason_missing",)
    void(contact, who.owner)
    with pytest.raises(ContactNotRecorded) as refusal:
        void(contact, who.owner)
    assert refusal.value.codes == ("already_voided",)
