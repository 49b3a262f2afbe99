"""What is past its clock is reported up: once, to the right one, whatever happens."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEntry
from followups.models import Case, CaseEvent
from followups.services import (
    escalate_case,
    escalate_late_cases,
    pause_case,
    rate_case,
    solve_case,
    void_case,
)
from followups.services.case_escalation import late_cases
from followups.states import CaseAct, PauseReason
from followups.tasks import report_late_cases
from staff.models import Notice
from staff.states import NoticeKind, Role
from tests.factories.cases import leader, opened
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory
from tests.followups.build import at

pytestmark = pytest.mark.django_db

FRIDAY = at("2026-07-03 15:00")
DUE = at("2026-07-09 00:00")
LATE = DUE + timedelta(seconds=1)


@pytest.fixture
def who():
    return CustomerFactory(now=at("2026-07-02 10:00"))


@pytest.fixture
def manager(who):
    return leader(who.store)


def told(person):
    return list(Notice.objects.filter(person=person).values_list("kind", "path"))


def test_at_midnight_it_is_not_late_and_a_second_after_the_manager_hears_once(who, manager):
    case = opened(who, now=FRIDAY)
    assert escalate_late_cases(now=DUE) == 0
    assert escalate_late_cases(now=LATE) == 1
    assert escalate_late_cases(now=LATE + timedelta(days=3)) == 0
    case.refresh_from_db()
    assert (case.escalated_to, case.escalated_at) == (manager, LATE)
    assert told(manager) == [(NoticeKind.CASE_LATE, f"/cases/{case.pk}/")]
    event = CaseEvent.objects.get(case=case, act=CaseAct.ESCALATED)
    assert (event.to, event.by.is_system) == (manager, True)
    assert AuditEntry.objects.filter(verb="escalate_case", object_id=case.pk).count() == 1


@pytest.mark.parametrize("part", ["assignee", "about"])
def test_a_managers_own_case_goes_to_operations(who, manager, part):
    ops = PersonFactory(role=Role.OPS_MANAGER)
    case = opened(who, by=manager, now=FRIDAY, **{part: manager})
    escalate_late_cases(now=LATE)
    case.refresh_from_db()
    assert case.escalated_to == ops


def test_where_nobody_is_above_it_waits_until_somebody_is(who):
    case = opened(who, now=FRIDAY)
    assert escalate_late_cases(now=LATE) == 0
    manager = leader(who.store)
    assert escalate_late_cases(now=LATE) == 1
    case.refresh_from_db()
    assert case.escalated_to == manager


def test_who_heard_by_hand_is_not_told_again(who, manager):
    case = opened(who, now=FRIDAY)
    escalate_case(case=case, text="厂家不认", by=who.owner, now=FRIDAY)
    assert escalate_late_cases(now=LATE) == 0


def test_what_rests_or_is_over_is_not_reported(who, manager):
    paused, solved, void = (opened(who, now=FRIDAY) for _each in range(3))
    pause_case(case=paused, reason=PauseReason.PARTS, by=manager, now=FRIDAY)
    solve_case(case=solved, solution="好了", by=manager, now=FRIDAY)
    void_case(case=void, reason="错了", by=manager, now=FRIDAY)
    assert escalate_late_cases(now=LATE) == 0


def test_opened_again_it_has_a_clock_of_its_own_and_is_told_again(who, manager):
    case = opened(who, now=FRIDAY)
    escalate_late_cases(now=LATE)
    solve_case(case=case, solution="好了", by=manager, now=LATE)
    rate_case(case=case, points=1, text="没好", by=manager, now=LATE)
    assert escalate_late_cases(now=LATE + timedelta(days=30)) == 1


def test_the_query_and_the_rule_agree(who, manager):
    from followups import rules

    for days in range(6):
        opened(who, now=FRIDAY - timedelta(days=days))
    late = set(late_cases(LATE).values_list("pk", flat=True))
    assert late == {
        case.pk
        for case in Case.objects.all()
        if rules.is_late(due_at=case.due_at, state=case.state, paused_at=None, now=LATE)
    }


def test_a_round_costs_as_much_for_twelve_as_for_one(who, manager):
    PersonFactory(role=Role.OPS_MANAGER)

    def queries(many, now):
        for _each in range(many):
            opened(who, now=now - timedelta(days=20))
        with CaptureQueriesContext(connection) as asked:
            assert escalate_late_cases(now=now) == many
        return len(asked)

    assert queries(1, LATE) == queries(12, LATE)


def test_the_task_asks_twice_and_tells_once(who, manager):
    opened(who, now=at("2020-07-03 15:00"))
    report_late_cases()
    report_late_cases()
    assert len(told(manager)) == 1
