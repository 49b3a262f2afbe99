"""Two people, two taps, fifty sendings: real connections at the same time.

Each guard has its control: with the guard taken away the same race is lost.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection

from customers.models import Contact, OwnedProduct
from customers.rules import NextStep
from customers.states import Channel, NextKind, Outcome, Reason
from followups.models import Task
from followups.services import (
    ContactNotLogged,
    Pestering,
    TaskNotChanged,
    contacts,
    deliveries,
    log_contact,
    record_delivery,
    send_letter,
    skip_task,
)
from followups.services import tasks as task_services
from followups.states import Override, SkipReason, State
from tests.factories.followups import cadence_task
from tests.factories.staff import PersonFactory
from tests.followups.build import at, customer, shop

pytestmark = pytest.mark.django_db(transaction=True)

NOW = at("2026-03-12 10:00")


def together(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Do all acts at the same moment, each on its own connection; answers or refusals."""
    gate = Barrier(len(acts))

    def one(act):
        gate.wait()
        try:
            return act()
        except (ContactNotLogged, Pestering, TaskNotChanged) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def call(who, by, *, key=None, task=None, override=Override.CUSTOMER_ASKED):
    return log_contact(
        customer=who,
        channel=Channel.CALL,
        outcome=Outcome.CONNECTED,
        reason=Reason.DESIGN,
        next_step=NextStep(kind=NextKind.CALL, on=NOW.date()),
        task=task,
        override=override,
        by=by,
        now=NOW,
        key=key or uuid4(),
    )


@pytest.fixture
def who():
    return customer(shop(), now=at("2026-03-02 10:00"))


@pytest.fixture
def task(who):
    return cadence_task(who, now=NOW)


@contextmanager
def every_form_is_the_first(**_form):
    """What `once` would be if it kept no token."""
    yield SimpleNamespace(result_id=None)


def test_two_people_close_one_task_and_the_later_is_told_who(who, task):
    colleague = PersonFactory(store=who.store)
    answers = together(
        [lambda: call(who, who.owner, task=task), lambda: call(who, colleague, task=task)]
    )
    assert Counter(type(answer) for answer in answers) == {Contact: 1, ContactNotLogged: 1}
    assert Contact.objects.count() == 1


def test_control_without_looking_again_both_close_it(who, task, monkeypatch):
    monkeypatch.setattr(contacts, "_fresh", lambda task, customer: task)
    colleague = PersonFactory(store=who.store)
    together([lambda: call(who, who.owner, task=task), lambda: call(who, colleague, task=task)])
    assert Contact.objects.count() == 2


def test_of_two_who_reach_a_customer_at_once_the_second_is_told_by_whom(who):
    """The guard looks under the customer's lock: nobody slips past it in the same moment."""
    colleague = PersonFactory(store=who.store)
    acts = [
        lambda: call(who, who.owner, override=""),
        lambda: call(who, colleague, override=""),
    ]
    told = [answer for answer in together(acts) if isinstance(answer, Pestering)]
    (contact,) = Contact.objects.all()
    assert [refusal.codes for refusal in told] == [("contacted_lately",)]
    assert contact.by.name in str(told[0])


def test_control_without_the_lock_both_slip_past(who, monkeypatch):
    monkeypatch.setattr(contacts, "hold_one", lambda customer: customer)
    together([lambda: call(who, who.owner, override="")] * 8)
    assert Contact.objects.count() > 1


def test_fifty_sendings_of_one_form_are_one_contact_with_one_answer(who, task):
    key = uuid4()
    answers = together([lambda: call(who, who.owner, key=key, task=task)] * 50)
    assert len({answer.pk for answer in answers}) == 1
    assert Contact.objects.count() == 1
    assert Task.objects.filter(customer=who, state=State.OPEN).count() == 1


def test_control_without_the_token_each_sending_is_a_contact(who, monkeypatch):
    monkeypatch.setattr(contacts, "once", every_form_is_the_first)
    together([lambda: call(who, who.owner)] * 8)
    assert Contact.objects.count() == 8


def deliver(who, key):
    return record_delivery(
        customer=who, product="S1", delivered_on=NOW.date(), by=who.owner, now=NOW, key=key
    )


def test_a_delivery_sent_eight_times_is_one_product(who):
    key = uuid4()
    answers = together([lambda: deliver(who, key)] * 8)
    assert len({answer.pk for answer in answers}) == 1
    assert OwnedProduct.objects.count() == 1


def test_control_without_the_token_each_sending_is_a_product(who, monkeypatch):
    monkeypatch.setattr(deliveries, "once", every_form_is_the_first)
    together([lambda: deliver(who, uuid4())] * 4)
    assert OwnedProduct.objects.count() == 4


def skip(task, by):
    return skip_task(task=task, reason=SkipReason.AWAY, by=by, now=NOW)


def test_a_task_is_logged_or_skipped_and_never_both(who, task):
    answers = together([lambda: call(who, who.owner, task=task), lambda: skip(task, who.owner)])
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert len(refused) == 1
    task.refresh_from_db()
    assert task.state in (State.DONE, State.SKIPPED)


def test_control_without_looking_again_both_say_they_skipped_it(who, task, monkeypatch):
    monkeypatch.setattr(task_services, "_open", lambda task: task)
    answers = together([lambda: skip(task, who.owner)] * 2)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []


def test_a_letter_is_sent_once(who, task):
    with pytest.raises(TaskNotChanged) as refusal:
        send_letter(task=task, by=who.owner, now=NOW)
    assert refusal.value.codes == ("not_a_letter",)
