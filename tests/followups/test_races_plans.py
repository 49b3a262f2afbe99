"""A plan is changed while a round writes the first courses of products: real connections at once.

The guard has its control: with the plan's row left alone the same race is lost.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from threading import Event, Thread
from time import monotonic, sleep

import pytest
from django.db import connection

from followups.models import Course, Obligation, Plan, Step
from followups.queries.plans import terms_of
from followups.services import asking, change_plan, engine, plans
from followups.states import State
from followups.verification import obligation_differences
from staff.states import Role
from tests.factories.staff import PersonFactory
from tests.followups.build import at, customer, delivery, shop
from tests.followups.test_services_plans import adding

pytestmark = pytest.mark.django_db(transaction=True)

NOW = at("2026-05-18 20:00")
DELIVERED = date(2026, 5, 18)
SOME_SECONDS = 20

WAITS = """
    SELECT EXISTS (SELECT FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock')
"""


@pytest.fixture
def dealer():
    return Plan.objects.get(code="dealer")


@pytest.fixture
def car():
    """Delivered today; no round has seen it yet."""
    return delivery(customer(shop(), now=NOW, grade="B2"), on=DELIVERED, now=NOW)


def switched_off(plan: Plan):
    return replace(terms_of(plan), is_active=False)


def asking_sooner(plan: Plan):
    """A step more, due before any other that is not made yet, and within the horizon."""
    return adding(plan, offset=5)


def changing(plan: Plan, terms) -> Callable[[], object]:
    by = PersonFactory(role=Role.OPS_MANAGER)
    return lambda: change_plan(plan=plan, terms=terms, by=by, now=NOW)


def aside(act: Callable[[], object], failures: list[Exception]) -> Thread:
    """The act on a connection of its own."""

    def run() -> None:
        try:
            act()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread


def until_it_waits_or_ends(act: Thread) -> None:
    """Until somebody waits for a lock, or this act is through."""
    give_up = monotonic() + SOME_SECONDS
    with connection.cursor() as cursor:
        while act.is_alive():
            cursor.execute(WAITS)
            if cursor.fetchone()[0]:
                return
            assert monotonic() < give_up, "it neither waits nor ends"
            sleep(0.01)


def stopping(monkeypatch, where, name: str) -> tuple[Event, Event]:
    """The first who comes past this function stops behind it: (is there, may go on)."""
    does, is_there, may_go_on = getattr(where, name), Event(), Event()

    def stop(*args, **said):
        found = does(*args, **said)
        if not is_there.is_set():
            is_there.set()
            assert may_go_on.wait(timeout=SOME_SECONDS)
        return found

    monkeypatch.setattr(where, name, stop)
    return is_there, may_go_on


def changed_while_a_round_writes(change: Callable[[], object], monkeypatch) -> None:
    """The round has advanced the car's course and not committed when the change begins."""
    is_there, may_go_on = stopping(monkeypatch, engine, "_make_care")
    failures: list[Exception] = []
    threads = [aside(lambda: engine.ask(now=NOW), failures)]
    assert is_there.wait(timeout=SOME_SECONDS)
    threads.append(aside(change, failures))
    until_it_waits_or_ends(threads[-1])
    may_go_on.set()
    for thread in threads:
        thread.join()
    assert failures == []


def left_behind() -> list[str]:
    """What the next round of the day has not put right."""
    engine.ask(now=NOW)
    return list(obligation_differences(now=NOW))


def open_care() -> int:
    return Obligation.objects.filter(step__plan__code="dealer", state=State.OPEN).count()


def test_a_step_added_meanwhile_is_asked_for(dealer, car, monkeypatch):
    changed_while_a_round_writes(changing(dealer, asking_sooner(dealer)), monkeypatch)
    assert Course.objects.get(product=car).next_due_on == plans.LOOK_AGAIN
    assert left_behind() == []
    step = Step.objects.filter(plan=dealer).latest("pk")
    assert Obligation.objects.filter(step=step, subject_id=car.pk).count() == 1


def test_a_plan_switched_off_meanwhile_leaves_nothing_open(dealer, car, monkeypatch):
    changed_while_a_round_writes(changing(dealer, switched_off(dealer)), monkeypatch)
    assert open_care() > 0
    assert left_behind() == []
    assert open_care() == 0


@pytest.mark.parametrize("terms", [asking_sooner, switched_off])
def test_the_control_where_the_plan_is_not_held_its_change_misses_the_course(
    dealer, car, monkeypatch, terms
):
    unheld = asking.ASK_UNENROLLED.replace("FOR SHARE OF plan SKIP LOCKED", "")
    assert unheld != asking.ASK_UNENROLLED
    monkeypatch.setattr(asking, "ASK_UNENROLLED", unheld)
    changed_while_a_round_writes(changing(dealer, terms(dealer)), monkeypatch)
    assert Course.objects.get(product=car).next_due_on != plans.LOOK_AGAIN
    assert left_behind() != []


@pytest.mark.parametrize("terms", [asking_sooner, switched_off])
def test_a_round_waits_for_no_change_and_leaves_the_plan_s_new_courses_to_it(
    dealer, car, monkeypatch, terms
):
    is_there, may_go_on = stopping(monkeypatch, plans, "_look_again")
    failures: list[Exception] = []
    change = aside(changing(dealer, terms(dealer)), failures)
    assert is_there.wait(timeout=SOME_SECONDS)

    engine.ask(now=NOW)

    assert not Course.objects.filter(product=car).exists()
    assert Course.objects.filter(customer=car.customer_id, product=None).exists()
    may_go_on.set()
    change.join()
    assert failures == []
    assert left_behind() == []
    assert (open_care() > 0) is (terms is asking_sooner)


def test_a_round_does_not_wait_for_another_that_shares_the_plan(dealer, car, monkeypatch):
    """Two who are served at once: sharing a row stops nobody who shares it."""
    other = delivery(customer(shop(), now=NOW, grade="B2"), on=DELIVERED, now=NOW)
    is_there, may_go_on = stopping(monkeypatch, engine, "_make_care")
    failures: list[Exception] = []
    first = aside(lambda: engine.ask(now=NOW, customers=[car.customer_id]), failures)
    assert is_there.wait(timeout=SOME_SECONDS)

    engine.ask(now=NOW, customers=[other.customer_id])

    assert Course.objects.filter(product=other).exists()
    may_go_on.set()
    first.join()
    assert failures == []
    assert Course.objects.filter(product=car).exists()
