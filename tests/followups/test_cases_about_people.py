"""A complaint about somebody never lands with them, by whatever way work comes to people (AFT-22).

The ways: opened, opened again, given, given as a task, handed over, passed on by a leaver, named by
a sheet, given back by unmerging, and done for somebody who is away.
"""

from datetime import date
from uuid import uuid4

import pytest
import time_machine

from customers.services import give_access
from followups import services
from followups.models import Case, Obligation
from followups.queries import visible
from followups.queries.cases import get_case_for, is_bound
from followups.queries.tasks import of_mine
from followups.services import (
    CaseNotChanged,
    assign_keeper,
    case_work,
    open_case,
    pass_on_work,
    pause_case,
    rate_case,
    solve_case,
)
from followups.services.giving import TaskNotGiven, give_task
from followups.services.handing_over import follow_keepers
from followups.states import CaseChannel, CaseKind, State
from followups.verification import empty_task_differences, task_differences
from staff.models import Absence, Notice, Person
from staff.scope import reach_of
from staff.services.absences import set_absence
from staff.states import AbsenceKind, DutyKind, NoticeKind, Role
from tests.factories.cases import leader, opened, service_lead, work_of
from tests.factories.customers import CustomerFactory
from tests.factories.followups import reached
from tests.factories.staff import DutyFactory, PersonFactory, StoreFactory
from tests.followups.build import at

pytestmark = pytest.mark.django_db

NOW = at("2026-07-06 10:00")
TODAY = date(2026, 7, 6)


@pytest.fixture
def who():
    return CustomerFactory(now=at("2026-07-02 10:00"))


@pytest.fixture
def manager(who):
    return leader(who.store)


@pytest.fixture
def subject(who):
    """Whom the customer complains about: a colleague of the keeper."""
    return PersonFactory(role=Role.SALES_STORE, store=who.store, name="小赵")


@pytest.fixture
def complaint(who, manager, subject):
    """A complaint that the keeper sees to, because nobody thought of the manager."""
    return opened(who, kind=CaseKind.COMPLAINT, about=subject, assignee=who.owner, now=NOW)


def whose(case: Case) -> Person | None:
    """Who has the case; its work and its task agree."""
    assert [*task_differences(), *empty_task_differences()] == []
    case.refresh_from_db()
    work = work_of(case)
    assert work.assignee == case.assignee
    assert work.task is None or work.task.assignee == case.assignee
    return case.assignee


def test_the_second_of_two_managers_sees_to_what_is_said_about_the_first(who, manager):
    second = leader(who.store)
    case = opened(who, kind=CaseKind.COMPLAINT, about=manager, now=NOW)
    assert whose(case) == second


def test_a_customer_handed_to_whom_they_complain_about_leaves_the_complaint_behind(
    who, manager, subject, complaint
):
    other = opened(who, now=NOW)
    assign_keeper(customer=who, keeper=subject, by=manager, now=NOW)
    assert whose(complaint) == manager
    assert whose(other) == subject
    told = Notice.objects.get(person=manager, kind=NoticeKind.CASE_ASSIGNED)
    assert (told.params, told.path) == ({"number": complaint.pk}, f"/cases/{complaint.pk}/")


def test_resting_it_is_left_behind_as_well(who, manager, subject, complaint):
    pause_case(case=complaint, reason="parts", by=who.owner, now=NOW)
    assign_keeper(customer=who, keeper=subject, by=manager, now=NOW)
    assert whose(complaint) == manager


def test_where_nobody_else_is_nobody_has_it(who, subject):
    case = opened(who, kind=CaseKind.COMPLAINT, about=subject, assignee=who.owner, now=NOW)
    assign_keeper(customer=who, keeper=subject, by=who.owner, now=NOW)
    assert whose(case) is None


def test_it_goes_to_the_store_where_the_customer_goes(who, manager, complaint):
    elsewhere = PersonFactory(role=Role.SALES_STORE)
    there = leader(elsewhere.store)
    Case.objects.filter(pk=complaint.pk).update(about=elsewhere)
    assign_keeper(customer=who, keeper=elsewhere, by=manager, now=NOW)
    assert whose(complaint) == there


def test_what_a_leaver_did_for_others_customers_passes_the_subject_by(who, manager, subject):
    lead = service_lead(who.store)
    case = opened(who, kind=CaseKind.COMPLAINT, about=subject, assignee=lead, now=NOW)
    assign_keeper(customer=who, keeper=subject, by=manager, now=NOW)
    assert whose(case) == lead
    Person.objects.filter(pk=lead.pk).update(is_active=False)
    pass_on_work(customers=[who.pk], person=lead, receiver=manager, now=NOW)
    assert whose(case) == manager


def test_a_sheet_that_names_the_subject_as_keeper_passes_them_by(who, manager, subject, complaint):
    type(who).objects.filter(pk=who.pk).update(owner=subject)
    services.hold([who.pk])
    follow_keepers(customers=[who.pk], now=NOW)
    services.touch_and_ask(customers=[who.pk], now=NOW)
    assert whose(complaint) == manager


def test_work_that_follows_its_assignee_passes_the_subject_by(who, manager, subject, complaint):
    Obligation.objects.filter(pk=work_of(complaint).pk).update(assignee=subject, task=None)
    case_work.follow_assignees(customers=[who.pk], now=NOW)
    services.touch_and_ask(customers=[who.pk], now=NOW)
    assert whose(complaint) == manager


def test_as_a_task_it_is_not_given_to_them_and_given_to_another_the_case_goes_along(
    who, manager, subject, complaint
):
    give_access(customer=who, person=subject)
    task = work_of(complaint).task
    with pytest.raises(TaskNotGiven) as refusal:
        give_task(task=task, to=subject, reason="x", by=manager, now=NOW)
    assert refusal.value.codes == ("is_about_them",)
    assert "小赵" in str(refusal.value)
    give_task(task=task, to=manager, reason="x", by=manager, now=NOW)
    assert whose(complaint) == manager


def test_opened_again_it_goes_to_another_where_the_customer_is_the_subjects_by_now(
    who, manager, subject, complaint
):
    solve_case(case=complaint, solution="换了", by=who.owner, now=NOW)
    assign_keeper(customer=who, keeper=subject, by=manager, now=NOW)
    Case.objects.filter(pk=complaint.pk).update(assignee=subject)
    rate_case(case=complaint, points=1, text="没换", by=manager, now=NOW)
    assert whose(complaint) == manager


def standing_in(subject, manager):
    set_absence(
        person=manager, stand_in=subject, kind="leave", starts_on=TODAY, ends_on=TODAY,
        by=manager, now=NOW, key=uuid4(),
    )  # fmt: skip
    return reach_of(subject, today=TODAY)


def test_whoever_stands_in_has_no_complaint_about_themselves_on_their_list(who, manager, subject):
    case = open_case(
        customer=who, kind=CaseKind.COMPLAINT, channel=CaseChannel.CALL, text="态度不好",
        about=subject, by=who.owner, now=NOW,
    )  # fmt: skip
    other = opened(who, assignee=manager, now=NOW)
    reach = standing_in(subject, manager)
    assert whose(case) == whose(other) == manager
    # One task for both: what else stands on it is to be done.
    assert work_of(case).task == work_of(other).task
    mine = visible(reach).filter(of_mine(reach), state=State.OPEN)
    assert list(mine) == [work_of(case).task]
    solve_case(case=other, solution="换了", by=manager, now=NOW)
    rate_case(case=other, points=5, by=manager, now=NOW)
    assert not mine.all().exists()
    reached(who, by=subject, now=NOW)
    case.refresh_from_db()
    assert case.answered_at is None


def test_the_list_of_ones_own_cases_leaves_it_out(who, manager, subject, as_, morning):
    case = opened(who, kind=CaseKind.COMPLAINT, about=subject, now=NOW)
    other = opened(CustomerFactory(store=who.store, now=NOW), assignee=manager, now=NOW)
    set_absence(
        person=manager, stand_in=subject, kind="leave", starts_on=date(2026, 3, 12),
        ends_on=date(2026, 3, 12), by=manager, now=at("2026-03-12 09:50"), key=uuid4(),
    )  # fmt: skip
    page = as_(subject).get("/cases/?assignee=me").content.decode()
    assert f"/cases/{other.pk}/" in page
    assert f"/cases/{case.pk}/" not in page


def helper_of(person, who, kind: str) -> Person:
    """Somebody elsewhere who sees the customer through `person` alone."""
    helper = PersonFactory(role=Role.SALES_STORE, store=StoreFactory())
    if kind == "assistant":
        DutyFactory(person=helper, kind=DutyKind.ASSISTANT, assists=person)
    else:
        Absence.objects.create(
            person=person, stand_in=helper, set_by=PersonFactory(role=Role.OPS_MANAGER),
            starts_on=TODAY, ends_on=TODAY, kind=AbsenceKind.values[0],
        )  # fmt: skip
    return helper


@pytest.mark.parametrize("kind", ["assistant", "stand-in"])
@pytest.mark.parametrize("is_of_manager", [False, True])
def test_who_sees_a_case_through_whom_it_is_about_decides_nothing(
    who, manager, kind, is_of_manager, as_
):
    about = manager if is_of_manager else who.owner
    if is_of_manager and kind == "assistant":
        who.owner = about
        who.save(update_fields=["owner"])
    complaint = opened(who, kind=CaseKind.COMPLAINT, about=about, now=NOW)
    helper = helper_of(about, who, kind)
    found = get_case_for(reach_of(helper, today=TODAY), complaint.pk)
    assert is_bound(found, helper, now=NOW)
    for act in (
        lambda: solve_case(case=found, solution="没事", by=helper, now=NOW),
        lambda: services.void_case(case=found, reason="没事", by=helper, now=NOW),
        lambda: services.answer_case(case=found, text="没事", by=helper, now=NOW),
    ):
        with pytest.raises(CaseNotChanged) as refusal:
            act()
        assert "case_is_about_you" in refusal.value.codes
    services.note_on_case(case=found, text="问过了", by=helper, now=NOW, key=uuid4())
    with time_machine.travel(NOW, tick=False):
        page = as_(helper).get(f"/cases/{complaint.pk}/")
        refused = as_(helper).get(f"/cases/{complaint.pk}/solve/")
    assert page.context["is_about_theirs"]
    assert [each["url"].rsplit("/", 2)[1] for each in page.context["acts"]] == ["note"]
    assert refused.status_code == 403


def test_an_assistant_with_reach_of_their_own_decides(who, subject, manager):
    DutyFactory(person=manager, kind=DutyKind.ASSISTANT, assists=subject)
    complaint = opened(who, kind=CaseKind.COMPLAINT, about=subject, now=NOW)
    solve_case(case=complaint, solution="道歉", by=manager, now=NOW)
    complaint.refresh_from_db()
    assert complaint.solution == "道歉"
