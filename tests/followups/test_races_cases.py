"""Two people at one case, at the same moment: one acts, the other is told who was first."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from followups.models import Case, CaseEvent
from followups.services import (
    CaseNotChanged,
    case_acts,
    case_satisfaction,
    escalate_late_cases,
    pause_case,
    rate_case,
    solve_case,
)
from followups.states import CaseAct, CaseState, PauseReason
from staff.models import Notice
from tests.factories.cases import opened, work_of
from tests.followups.build import at, customer, shop

pytestmark = pytest.mark.django_db(transaction=True)

FRIDAY = at("2026-07-03 15:00")
LATE = at("2026-07-10 10:00")


def together(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Do all acts at the same moment, each on its own connection; answers or refusals."""
    gate = Barrier(len(acts))

    def one(act):
        gate.wait()
        try:
            return act()
        except CaseNotChanged as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


@pytest.fixture
def place():
    return shop()


@pytest.fixture
def who(place):
    return customer(place, now=at("2026-07-02 10:00"))


@pytest.fixture
def case(who):
    return opened(who, now=FRIDAY)


def solving(case, by):
    return lambda: solve_case(case=Case.objects.get(pk=case.pk), solution="好了", by=by, now=FRIDAY)


def test_one_of_two_solves_it(who, case, place):
    answers = together([solving(case, who.owner), solving(case, place.manager)])
    refusals = [each for each in answers if isinstance(each, CaseNotChanged)]
    assert [refusal.codes for refusal in refusals] == [("case_is_solved",)]
    assert CaseEvent.objects.filter(case=case, act=CaseAct.SOLVED).count() == 1


def test_without_the_lock_both_would_have(who, case, place, monkeypatch):
    """The control: with the customer not held, the same race is lost. Asking how satisfied they are
    has a key of its own, which would stop the second, and is left out.
    """
    gate = Barrier(2)
    held = case_acts._held

    def unheld(row):
        fresh = (
            held.__globals__["Case"]
            .objects.select_related("customer__store", "store", "about", "assignee")
            .get(pk=row.pk)
        )
        gate.wait()
        return fresh

    monkeypatch.setattr(case_acts, "_held", unheld)
    monkeypatch.setattr(case_satisfaction, "open_for", lambda *_case, **_told: None)
    together([solving(case, who.owner), solving(case, place.manager)])
    assert CaseEvent.objects.filter(case=case, act=CaseAct.SOLVED).count() == 2


def test_paused_or_solved_but_its_work_stands_as_it_does(who, case):
    together([
        solving(case, who.owner),
        lambda: pause_case(
            case=Case.objects.get(pk=case.pk), reason=PauseReason.PARTS, by=who.owner, now=FRIDAY
        ),
    ])  # fmt: skip
    case.refresh_from_db()
    # Paused first, it is solved from there; solved first, it cannot be paused.
    assert case.state == CaseState.SOLVED
    assert (case.paused_at, work_of(case).state) == (None, "done")


def test_eight_rounds_at_once_report_it_once(case, place):
    counts = together([lambda: escalate_late_cases(now=LATE)] * 8)
    assert sum(counts) == 1
    assert Notice.objects.filter(person=place.manager).count() == 1
    assert CaseEvent.objects.filter(case=case, act=CaseAct.ESCALATED).count() == 1


def test_one_form_sent_eight_times_opens_one(who):
    key = uuid4()
    found = together([lambda: opened(who, key=key, now=FRIDAY).pk] * 8)
    assert len(set(found)) == 1
    assert Case.objects.count() == 1


def test_two_who_ask_the_customer_reopen_it_once(who, case):
    solve_case(case=case, solution="好了", by=who.owner, now=FRIDAY)

    def ask():
        return rate_case(
            case=Case.objects.get(pk=case.pk), points=1, text="没好", by=who.owner, now=FRIDAY
        )

    together([ask, ask])
    case.refresh_from_db()
    assert case.times_reopened == 1
