"""Who does another's work, and in whose name: assistants and stand-ins (M55, FUP-30)."""

from datetime import date
from uuid import uuid4

import pytest

from customers.models import Contact
from customers.queries.dispatching import Desk
from followups import services
from followups.models import Task
from followups.states import State
from staff.services.absences import set_absence
from staff.states import DutyKind, Role
from tests.factories.staff import DutyFactory, PersonFactory
from tests.followups.build import at, customer, delivery, shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

NOW = at("2026-03-12 09:50")
TODAY = date(2026, 3, 12)


def log(browser, who, task=None):
    asked = f"?task={task.pk}" if task else ""
    said = {
        "key": str(uuid4()), "result": "connected", "reason": "design", "note": "聊了",
        "grade": "B2" if task else "A", "next_kind": "call", "next_on": "2026-03-13",
        "q_first_service": "yes",
    }  # fmt: skip
    return browser.post(f"/customers/{who.pk}/log/{asked}", said)


def _away(person, stand_in):
    set_absence(
        person=person, stand_in=stand_in, kind="leave", starts_on=TODAY, ends_on=TODAY,
        by=person, now=NOW, key=uuid4(),
    )  # fmt: skip


def test_an_assistant_logs_for_the_salesperson_and_nobody_without_the_duty_may(as_):
    place = shop()
    who = customer(place, now=NOW)
    assistant = PersonFactory(role=Role.SALES_STORE)
    assert as_(assistant).get(f"/customers/{who.pk}/log/").status_code == 404
    assert log(as_(assistant), who).status_code == 404

    DutyFactory(person=assistant, kind=DutyKind.ASSISTANT, assists=place.seller)
    answer = log(as_(assistant), who)
    assert answer.status_code == 302, answer.context_data["form"].errors
    contact = Contact.objects.get()
    assert (contact.by, contact.on_behalf_of) == (assistant, place.seller)
    card = as_(place.seller).get(f"/customers/{who.pk}/").content.decode()
    assert assistant.name in card
    assert place.seller.name in card


def test_a_stand_in_sees_and_does_the_work_and_it_says_for_whom(as_):
    place = shop()
    who = customer(place, now=NOW, grade="B2")
    delivery(who, on=TODAY, now=NOW)
    services.ask(now=NOW)
    colleague = PersonFactory(role=Role.SALES_STORE, store=place.store)
    browser = as_(colleague)
    assert browser.get(f"/customers/{who.pk}/").status_code == 404

    _away(place.seller, colleague)
    page = browser.get("/today/?scope=me")
    rows = [row for group in page.context_data["groups"] for row in group.rows]
    assert rows
    assert place.seller.name in rows[0].keeper
    assert page.context_data["shows_keeper"]
    task = Task.objects.filter(assignee=place.seller, state=State.OPEN, letter=None).first()
    answer = log(browser, who, task)
    assert answer.status_code == 302, answer.context_data["form"].errors
    contact = Contact.objects.get()
    assert (contact.by, contact.on_behalf_of) == (colleague, place.seller)
    who.refresh_from_db()
    assert who.owner == place.seller


def test_the_managers_call_is_done_by_whoever_stands_in_for_the_manager(as_):
    place = shop()
    who = customer(place, now=NOW, grade="B2")
    delivery(who, on=TODAY, now=NOW)
    services.ask(now=NOW)
    colleague = PersonFactory(role=Role.SALES_STORE, store=place.store)
    _away(place.manager, colleague)
    task = Task.objects.get(assignee=place.manager, state=State.OPEN)
    answer = log(as_(colleague), who, task)
    assert answer.status_code == 302, answer.context_data["form"].errors
    contact = Contact.objects.get()
    assert (contact.by, contact.on_behalf_of) == (colleague, place.manager)


def test_no_lead_is_offered_to_somebody_who_is_away():
    place = shop()
    colleague = PersonFactory(role=Role.SALES_STORE, store=place.store)
    assert place.seller in Desk([], now=NOW)._workers()
    _away(place.seller, colleague)
    assert place.seller not in Desk([], now=NOW)._workers()
    assert colleague in Desk([], now=NOW)._workers()
