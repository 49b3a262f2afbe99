"""Solved, a case's customer is asked how satisfied they are, by whoever saw to it (AFT-21, M52)."""

from datetime import date
from uuid import uuid4

import pytest

from crm.verification import verify
from customers.states import Channel, Grade, Outcome, Quiet, QuietReason
from followups.models import Obligation, Task
from followups.rules import asked_on
from followups.services import (
    TaskNotChanged,
    assign_keeper,
    case_work,
    close_with,
    log_contact,
    move_task,
    rate_case,
    regrade,
    reopen_case,
    set_quiet,
    skip_task,
    solve_case,
    void_case,
)
from followups.services.giving import TaskNotGiven, give_task
from followups.states import (
    Anchor,
    CaseKind,
    CaseState,
    Cause,
    MoveReason,
    SkipReason,
    State,
)
from followups.verification import asking_differences
from tests.factories.cases import leader, opened, service_lead
from tests.factories.customers import CustomerFactory
from tests.factories.followups import reached
from tests.factories.staff import PersonFactory
from tests.followups.build import at

pytestmark = pytest.mark.django_db

FRIDAY = at("2026-07-03 15:00")
MONDAY = at("2026-07-06 10:00")
TUESDAY = at("2026-07-07 10:00")


@pytest.fixture
def who():
    return CustomerFactory(now=at("2026-07-02 10:00"))


@pytest.fixture
def case(who):
    return solved(opened(who, now=FRIDAY))


def solved(case, *, now=FRIDAY):
    """The case, solved by whoever has it."""
    solve_case(case=case, solution="换了桌脚", by=case.assignee, now=now)
    case.refresh_from_db()
    return case


def asking(case):
    """The latest asking about this case."""
    rows = Obligation.objects.filter(step__anchor=Anchor.SATISFACTION, subject_id=case.pk)
    return rows.select_related("task").latest("occurrence")


def clean(now=TUESDAY) -> bool:
    return verify(now=now).differences == []


@pytest.mark.parametrize(
    ("solved_on", "asked"),
    [
        (date(2026, 7, 3), date(2026, 7, 6)),
        (date(2026, 7, 6), date(2026, 7, 7)),
        (date(2026, 7, 4), date(2026, 7, 6)),
    ],
)
def test_the_customer_is_asked_a_working_day_later(solved_on, asked):
    weekdays = {date(2026, 7, 3): date(2026, 7, 6), date(2026, 7, 4): date(2026, 7, 6),
                date(2026, 7, 6): date(2026, 7, 7)}  # fmt: skip
    assert asked_on(solved_on=solved_on, add_working_days=lambda day, n: weekdays[day]) == asked


def test_solved_on_a_friday_it_is_on_mondays_list_of_who_saw_to_it(who, case):
    work = asking(case)
    assert (str(work.due_on), str(work.shown_on)) == ("2026-07-06", "2026-07-06")
    assert (work.state, work.assignee, work.task.assignee) == (State.OPEN, who.owner, who.owner)
    assert not work.task.has_hour_limit
    assert clean(FRIDAY)


def test_the_answer_closes_the_case_and_the_work(who, case):
    assert rate_case(case=case, points=4, by=who.owner, now=MONDAY) is False
    work = asking(case)
    assert (work.state, work.closed_at) == (State.DONE, MONDAY)
    assert work.task.state != State.OPEN
    assert clean()


def test_a_low_answer_was_an_answer_and_the_next_solution_is_asked_about_anew(who, case):
    rate_case(case=case, points=2, text="又松了", by=who.owner, now=MONDAY)
    assert (asking(case).state, asking(case).occurrence) == (State.DONE, 1)
    case.refresh_from_db()
    solved(case, now=MONDAY)
    assert (asking(case).state, asking(case).occurrence) == (State.OPEN, 2)
    assert clean()


def test_opened_again_by_hand_nobody_is_asked(who, case):
    reopen_case(case=case, text="又松了", by=who.owner, now=FRIDAY)
    assert (asking(case).state, asking(case).cause) == (State.CANCELLED, Cause.REPLACED)
    assert clean()


def test_taken_back_nobody_is_asked(who, case):
    void_case(case=case, reason="另一位客户", by=leader(who.store), now=MONDAY)
    assert (asking(case).state, asking(case).cause) == (State.CANCELLED, Cause.VOIDED)
    assert clean()


def test_a_talk_about_something_else_leaves_it_standing(who, case):
    reached(who, now=MONDAY, task=asking(case).task)
    work = asking(case)
    assert (work.state, work.task.state) == (State.OPEN, State.OPEN)
    assert clean()


def test_not_reached_it_waits_for_the_day_of_the_next_attempt(who, case):
    log_contact(
        customer=who, channel=Channel.CALL, outcome=Outcome.UNANSWERED,
        retry_on=date(2026, 7, 8), task=asking(case).task, by=who.owner, now=MONDAY, key=uuid4(),
    )  # fmt: skip
    work = asking(case)
    assert (str(work.task.day), str(work.due_on)) == ("2026-07-08", "2026-07-06")
    assert not Obligation.objects.filter(step__anchor=Anchor.NEXT_STEP, state=State.OPEN).exists()
    assert clean()


def test_it_is_put_off_and_left_undone_with_a_reason(who, case):
    move_task(
        task=asking(case).task, day=date(2026, 7, 9), reason=MoveReason.CUSTOMER_ASKED,
        by=who.owner, now=MONDAY,
    )  # fmt: skip
    assert str(asking(case).task.day) == "2026-07-09"
    skip_task(task=asking(case).task, reason=SkipReason.NOT_NEEDED, by=who.owner, now=MONDAY)
    case.refresh_from_db()
    assert (asking(case).state, case.state) == (State.SKIPPED, CaseState.SOLVED)
    assert clean()


def test_a_contact_of_somebody_else_does_not_answer_it(who, case):
    contact = reached(who, now=MONDAY, by=leader(who.store))
    with pytest.raises(TaskNotChanged) as refusal:
        close_with(task=asking(case).task, contact=contact, by=who.owner, now=MONDAY)
    assert refusal.value.codes == ("is_to_be_asked",)


def test_who_is_given_up_is_still_asked(who, case):
    regrade(customer=who, grade=Grade.D, by=who.owner, now=MONDAY, reason="不买了")
    assert asking(case).state == State.OPEN
    assert clean()


@pytest.mark.parametrize("is_before", [True, False])
def test_who_wishes_no_contact_is_not_asked(who, is_before):
    case = opened(who, now=FRIDAY)
    wish = {"customer": who, "by": who.owner, "now": FRIDAY}
    if is_before:
        set_quiet(**wish, quiet=Quiet.ALL, reason=QuietReason.ASKED)
    solved(case)
    if not is_before:
        set_quiet(**wish, quiet=Quiet.ALL, reason=QuietReason.ASKED)
    assert (asking(case).state, asking(case).task) == (State.SUSPENDED, None)
    assert clean(FRIDAY)
    set_quiet(**wish, quiet=Quiet.NONE, reason=QuietReason.WISHES_AGAIN)
    assert asking(case).state == State.OPEN
    assert clean(FRIDAY)


def test_rated_in_the_silence_the_work_is_done(who, case):
    set_quiet(customer=who, quiet=Quiet.ALL, reason=QuietReason.ASKED, by=who.owner, now=MONDAY)
    rate_case(case=case, points=5, by=who.owner, now=MONDAY)
    assert asking(case).state == State.DONE
    assert clean()


def test_a_new_keeper_asks_and_whoever_saw_to_it_did(who, case):
    before, heir = who.owner, PersonFactory(store=who.store)
    assign_keeper(customer=who, keeper=heir, by=leader(who.store), now=FRIDAY)
    case.refresh_from_db()
    assert (asking(case).assignee, case.assignee) == (heir, before)
    assert clean(FRIDAY)


def test_the_service_lead_goes_on_asking_about_a_repair(who):
    lead = service_lead(who.store)
    case = solved(opened(who, kind=CaseKind.REPAIR, now=FRIDAY))
    assign_keeper(customer=who, keeper=PersonFactory(store=who.store), by=lead, now=FRIDAY)
    assert asking(case).assignee == lead


@pytest.fixture
def subject(who):
    """Whom the customer complains about: a colleague of the keeper."""
    return PersonFactory(store=who.store, name="小赵")


@pytest.fixture
def complaint(who, subject):
    return solved(
        opened(who, kind=CaseKind.COMPLAINT, about=subject, assignee=who.owner, now=FRIDAY)
    )


def test_whom_a_complaint_is_about_never_asks(who, subject, complaint):
    manager = leader(who.store)
    assign_keeper(customer=who, keeper=subject, by=manager, now=FRIDAY)
    complaint.refresh_from_db()
    assert (asking(complaint).assignee, complaint.state) == (manager, CaseState.SOLVED)
    assert clean(FRIDAY)
    with pytest.raises(TaskNotGiven) as refusal:
        give_task(task=asking(complaint).task, to=subject, reason="x", by=manager, now=FRIDAY)
    assert refusal.value.codes == ("is_about_them",)


def test_work_that_follows_its_assignee_passes_the_subject_by(who, subject, complaint):
    manager = leader(who.store)
    Obligation.objects.filter(pk=asking(complaint).pk).update(assignee=subject)
    (difference,) = asking_differences()
    assert difference.where["case"] == complaint.pk
    case_work.follow_assignees(customers=[who.pk], now=FRIDAY)
    assert (asking(complaint).assignee, list(asking_differences())) == (manager, [])


def test_asking_about_a_case_that_runs_is_found(case):
    type(case).objects.filter(pk=case.pk).update(state=CaseState.OPEN)
    (difference,) = asking_differences()
    assert (difference.check, difference.stored) == ("asking_off_its_case", "open")


def test_two_cases_solved_on_one_day_are_one_task_until_each_is_answered(who, case):
    other = solved(opened(who, now=FRIDAY))
    task = asking(case).task
    assert asking(other).task == task
    rate_case(case=case, points=5, by=who.owner, now=MONDAY)
    assert Task.objects.get(pk=task.pk).state == State.OPEN
    rate_case(case=other, points=5, by=who.owner, now=MONDAY)
    assert Task.objects.get(pk=task.pk).state != State.OPEN
    assert clean()
