"""Whoever leads hears of a complaint, opened or open again, and so does their stand-in (AFT-15)."""

from datetime import date
from uuid import uuid4

import pytest

from followups.services import cases as services
from followups.services import (
    escalate_case,
    escalate_late_cases,
    rate_case,
    reopen_case,
    solve_case,
)
from followups.states import CaseKind
from staff.models import Notice, Person
from staff.services.absences import set_absence
from staff.states import NoticeKind, Role
from staff.told import sentence
from tests.factories.cases import leader, opened
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory
from tests.followups.build import at

pytestmark = pytest.mark.django_db

FRIDAY = at("2026-07-03 15:00")
MONDAY = at("2026-07-06 10:00")
WEDNESDAY = at("2026-07-08 10:00")
LATE = at("2026-07-09 00:01")


@pytest.fixture
def who():
    return CustomerFactory(now=at("2026-07-02 10:00"))


@pytest.fixture
def manager(who):
    return leader(who.store)


@pytest.fixture
def colleague(who):
    return PersonFactory(role=Role.SALES_STORE, store=who.store, name="副手")


def away(manager: Person, stand_in: Person, *, until: date = date(2026, 7, 12)) -> None:
    set_absence(
        person=manager, stand_in=stand_in, kind="ill", starts_on=date(2026, 7, 3),
        ends_on=until, by=manager, now=FRIDAY, key=uuid4(),
    )  # fmt: skip


def complaint(who, **said):
    return opened(who, kind=CaseKind.COMPLAINT, **{"by": who.owner, "now": FRIDAY, **said})


def told(person: Person, kind: NoticeKind = NoticeKind.ESCALATED) -> list[str]:
    rows = Notice.objects.filter(person=person, kind=kind).order_by("pk")
    return [sentence(row.kind, row.params) for row in rows]


def test_the_stand_in_of_who_leads_hears_of_a_complaint(who, manager, colleague):
    away(manager, colleague)
    case = complaint(who)
    assert told(colleague) == told(manager) != []
    assert Notice.objects.get(person=colleague, kind=NoticeKind.ESCALATED).path == (
        f"/cases/{case.pk}/"
    )


def test_the_control_without_them_nobody_who_is_there_hears(who, manager, colleague, monkeypatch):
    monkeypatch.setattr(services, "stand_ins_of", lambda _people, *, on: {})
    away(manager, colleague)
    complaint(who)
    assert (told(colleague), len(told(manager))) == ([], 1)


def test_after_the_leave_the_stand_in_hears_nothing(who, manager, colleague):
    away(manager, colleague, until=date(2026, 7, 5))
    complaint(who, now=MONDAY)
    assert (told(colleague), len(told(manager))) == ([], 1)


def test_a_stand_in_hears_of_no_complaint_about_themselves_or_that_is_theirs(
    who, manager, colleague
):
    away(manager, colleague)
    complaint(who, about=colleague)
    complaint(who, assignee=manager, about=colleague)
    assert told(colleague) == []
    mine = CustomerFactory(owner=colleague, now=at("2026-07-02 10:00"))
    complaint(mine, by=who.owner)
    assert told(colleague) == []


def test_the_stand_in_hears_of_one_that_waits_for_who_is_away(who, manager, colleague):
    away(manager, colleague)
    case = complaint(who, about=who.owner)
    assert case.assignee == manager
    assert len(told(colleague)) == 1


def test_a_complaint_opened_again_goes_up_to_who_leads_and_their_stand_in(who, manager, colleague):
    away(manager, colleague)
    case = complaint(who)
    Notice.objects.all().delete()
    solve_case(case=case, solution="换了桌脚", by=who.owner, now=MONDAY)
    reopen_case(case=case, text="客户来电", by=colleague, now=WEDNESDAY)
    assert len(told(manager)) == 1
    assert str(case.pk) in told(manager)[0]
    assert who.owner.name in told(manager)[0]
    assert told(colleague) == [], "who opens it again knows it"
    assert told(who.owner, NoticeKind.CASE_ASSIGNED)


def test_who_opens_a_complaint_again_and_leads_is_told_nothing(who, manager):
    case = complaint(who)
    Notice.objects.all().delete()
    solve_case(case=case, solution="换了桌脚", by=who.owner, now=MONDAY)
    reopen_case(case=case, text="客户来电", by=manager, now=WEDNESDAY)
    assert told(manager) == []


@pytest.mark.parametrize(("kind", "hears"), [(CaseKind.COMPLAINT, 1), (CaseKind.NEED, 0)])
def test_by_hand_only_a_complaint_goes_up_again(who, manager, kind, hears):
    case = opened(who, kind=kind, by=who.owner, now=FRIDAY)
    Notice.objects.all().delete()
    solve_case(case=case, solution="换了桌脚", by=who.owner, now=MONDAY)
    reopen_case(case=case, text="还没好", by=who.owner, now=WEDNESDAY)
    assert len(told(manager)) == hears


def test_whoever_is_dissatisfied_with_any_case_is_reported_up(who, manager):
    case = opened(who, kind=CaseKind.NEED, by=who.owner, now=FRIDAY)
    solve_case(case=case, solution="送了说明书", by=who.owner, now=MONDAY)
    assert told(manager) == []
    rate_case(case=case, points=2, by=who.owner, now=WEDNESDAY, text="没看懂")
    assert len(told(manager)) == 1


def test_a_case_past_its_clock_is_told_to_the_stand_in_too(who, manager, colleague):
    away(manager, colleague)
    case = opened(who, by=who.owner, now=FRIDAY)
    about = opened(who, by=who.owner, about=colleague, now=FRIDAY)
    escalate_late_cases(now=LATE)
    late = {row.path for row in Notice.objects.filter(person=colleague, kind=NoticeKind.CASE_LATE)}
    assert late == {f"/cases/{case.pk}/"}
    assert about.pk != case.pk


def test_what_is_reported_up_by_hand_is_told_to_the_stand_in_too(who, manager, colleague):
    away(manager, colleague)
    case = opened(who, by=who.owner, now=FRIDAY)
    assert escalate_case(case=case, text="厂家不配合", by=who.owner, now=MONDAY) == manager
    assert told(colleague) == told(manager) != []
