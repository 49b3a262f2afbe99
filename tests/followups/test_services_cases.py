"""Service cases: opened, answered, paused, solved, opened again (M52)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from customers.models import Access
from customers.rules import NextStep
from customers.states import Channel, NextKind, Outcome, Quiet, QuietReason
from followups.models import Task
from followups.services import (
    CaseNotChanged,
    CaseNotOpened,
    TaskNotChanged,
    answer_case,
    assign_case,
    assign_keeper,
    escalate_case,
    log_contact,
    move_task,
    note_on_case,
    pause_case,
    rate_case,
    reopen_case,
    resume_case,
    set_quiet,
    solve_case,
    void_case,
)
from followups.states import CaseAct, CaseKind, CaseState, MoveReason, PauseReason, State
from staff.models import Notice
from staff.states import NoticeKind, Role
from staff.told import sentence
from tests.factories.cases import leader, opened, service_lead, work_of
from tests.factories.customers import CustomerFactory
from tests.factories.followups import reached
from tests.factories.staff import PersonFactory
from tests.followups.build import at

pytestmark = pytest.mark.django_db

FRIDAY = at("2026-07-03 15:00")
MONDAY = at("2026-07-06 10:00")
WEDNESDAY = at("2026-07-08 10:00")


@pytest.fixture
def who():
    return CustomerFactory(now=at("2026-07-02 10:00"))


@pytest.fixture
def case(who):
    return opened(who, now=FRIDAY)


def acts(case):
    return list(case.events.order_by("pk").values_list("act", flat=True))


def refused(act, **said):
    with pytest.raises(CaseNotChanged) as refusal:
        act(**said)
    return refusal.value


def test_opened_on_a_friday_a_problem_is_due_on_wednesday_at_midnight(case):
    assert case.due_at == at("2026-07-09 00:00")
    assert case.assignee == case.customer.owner
    work = work_of(case)
    assert (str(work.due_on), str(work.shown_on)) == ("2026-07-08", "2026-07-03")
    assert work.task.has_hour_limit
    assert acts(case) == [CaseAct.OPENED]


def test_a_need_has_two_working_days(who):
    assert opened(who, kind=CaseKind.NEED, now=FRIDAY).due_at == at("2026-07-08 00:00")


def test_one_form_opens_one_case(who):
    key = uuid4()
    assert opened(who, key=key) == opened(who, key=key)


def test_a_case_without_words_is_refused(who):
    with pytest.raises(CaseNotOpened) as refusal:
        opened(who, text=" ")
    assert refusal.value.codes == ("text_missing",)


def test_a_repair_goes_to_the_service_lead_who_hears_of_it(who):
    lead = service_lead(who.store)
    case = opened(who, kind=CaseKind.REPAIR, now=FRIDAY)
    assert case.assignee == lead
    notice = Notice.objects.get(person=lead)
    assert (notice.kind, notice.path) == (NoticeKind.CASE_ASSIGNED, f"/cases/{case.pk}/")


@pytest.mark.parametrize(
    ("kind", "hears"), [(CaseKind.COMPLAINT, True), (CaseKind.NEED, False)]
)  # fmt: skip
def test_who_leads_hears_at_once_of_a_complaint_that_a_seller_sees_to(who, kind, hears):
    manager = leader(who.store)
    case = opened(who, kind=kind, by=who.owner, now=FRIDAY)
    assert case.assignee == who.owner
    told = Notice.objects.filter(person=manager)
    assert [(row.kind, row.path) for row in told] == (
        [(NoticeKind.ESCALATED, f"/cases/{case.pk}/")] if hears else []
    )
    assert all(who.owner.name in sentence(row.kind, row.params) for row in told)


def test_who_leads_is_not_told_of_a_complaint_they_opened_or_have(who):
    manager = leader(who.store)
    opened(who, kind=CaseKind.COMPLAINT, by=manager, now=FRIDAY)
    opened(who, kind=CaseKind.COMPLAINT, about=who.owner, by=who.owner, now=FRIDAY)
    assert not Notice.objects.filter(person=manager, kind=NoticeKind.ESCALATED).exists()


def test_what_is_said_about_a_person_goes_to_the_manager(who):
    manager = leader(who.store)
    case = opened(who, kind=CaseKind.COMPLAINT, about=who.owner, by=manager, now=FRIDAY)
    assert case.assignee == manager


def test_a_customer_of_nobody_is_seen_to_by_who_leads_the_store(who):
    manager = leader(who.store)
    assign_keeper(customer=who, keeper=None, by=manager, now=FRIDAY)
    who.refresh_from_db()
    assert opened(who, by=manager, now=FRIDAY).assignee == manager


@pytest.mark.parametrize("make", [PersonFactory, lambda: PersonFactory(role=Role.FINANCE)])
def test_who_does_not_see_the_customer_cannot_be_given_a_case(who, make):
    with pytest.raises(CaseNotOpened) as refusal:
        opened(who, assignee=make())
    assert refusal.value.codes == ("assignee_is_out",)


def test_a_contact_answers_a_case_and_does_not_solve_it(who, case):
    task = work_of(case).task
    contact = reached(who, now=MONDAY, task=task, note="师傅周三上门")
    case.refresh_from_db()
    assert (case.state, case.answered_at, case.answered_by) == (CaseState.OPEN, MONDAY, who.owner)
    assert acts(case) == [CaseAct.OPENED, CaseAct.ANSWERED]
    work = work_of(case)
    assert (work.state, work.task.state) == (State.OPEN, State.OPEN)
    assert contact.closed_tasks.filter(pk=work.task_id).count() == 0


def test_an_attempt_leaves_a_case_where_it_is(who, case):
    log_contact(
        customer=who,
        channel=Channel.CALL,
        outcome=Outcome.UNANSWERED,
        retry_on=WEDNESDAY.date() + timedelta(days=5),
        task=work_of(case).task,
        by=who.owner,
        now=MONDAY,
        key=uuid4(),
    )
    case.refresh_from_db()
    assert case.answered_at is None
    assert str(work_of(case).task.day) == "2026-07-08"


def test_what_else_stands_on_its_day_is_closed_without_it(who, case):
    step = NextStep(kind=NextKind.CALL, on=WEDNESDAY.date())
    reached(who, now=FRIDAY, next_step=step)
    task = work_of(case).task
    assert task.obligations.filter(state=State.OPEN).count() == 2
    reached(who, now=WEDNESDAY, task=task, override="news")
    assert task.obligations.filter(state=State.DONE).count() == 1
    task.refresh_from_db()
    assert (task.state, work_of(case).task.state) == (State.DONE, State.OPEN)


def test_a_case_is_neither_moved_nor_skipped_from_the_list(case):
    with pytest.raises(TaskNotChanged) as refusal:
        move_task(
            task=work_of(case).task, day=WEDNESDAY.date(), reason=MoveReason.NO_TIME,
            by=case.assignee, now=FRIDAY,
        )  # fmt: skip
    assert refusal.value.codes == ("is_a_case",)


def test_the_first_answer_is_told_once(case):
    answer_case(case=case, text="已联系客户", by=case.assignee, now=MONDAY)
    refusal = refused(answer_case, case=case, text="再答", by=case.assignee, now=MONDAY)
    assert refusal.codes == ("case_is_answered",)
    assert case.assignee.name in str(refusal)


def test_a_paused_case_is_on_nobodys_list_and_has_its_days_back(who, case):
    pause_case(case=case, reason=PauseReason.PARTS, by=who.owner, now=MONDAY, text="等导轨")
    work = work_of(case)
    assert (work.state, work.task) == (State.SUSPENDED, None)
    assert not Task.objects.filter(customer=who, state=State.OPEN, has_hour_limit=True).exists()
    resume_case(case=case, by=who.owner, now=WEDNESDAY)
    case.refresh_from_db()
    assert (case.state, case.due_at) == (CaseState.OPEN, at("2026-07-11 00:00"))
    work = work_of(case)
    assert (str(work.due_on), work.due_at, work.state) == (
        "2026-07-10", case.due_at, State.OPEN,
    )  # fmt: skip
    assert work.task.has_hour_limit


def test_it_is_paused_once_and_with_a_reason(who, case):
    assert refused(pause_case, case=case, reason="", by=who.owner, now=MONDAY).codes == (
        "reason_missing",
    )
    pause_case(case=case, reason=PauseReason.OTHER, by=who.owner, now=MONDAY)
    again = refused(pause_case, case=case, reason=PauseReason.OTHER, by=who.owner, now=MONDAY)
    assert again.codes == ("case_is_paused",)
    assert who.owner.name in str(again)


def test_solved_while_it_rests_it_is_in_time(who, case):
    pause_case(case=case, reason=PauseReason.PARTS, by=who.owner, now=MONDAY)
    later = at("2026-07-20 10:00")
    solve_case(case=case, solution="换了导轨", by=who.owner, now=later)
    case.refresh_from_db()
    assert (case.state, case.paused_at, case.answered_at) == (CaseState.SOLVED, None, later)
    assert case.solved_at <= case.due_at


def test_solved_it_leaves_the_list_and_the_customer_is_asked(who, case):
    solve_case(case=case, solution="换了桌脚", by=who.owner, now=MONDAY)
    assert work_of(case).state == State.DONE
    assert rate_case(case=case, points=4, by=who.owner, now=WEDNESDAY) is False
    case.refresh_from_db()
    assert (case.state, case.satisfaction) == (CaseState.CLOSED, 4)
    late = refused(rate_case, case=case, points=5, by=who.owner, now=WEDNESDAY)
    assert late.codes == ("case_is_closed",)


def test_without_a_solution_nothing_is_solved(case):
    refusal = refused(solve_case, case=case, solution=" ", by=case.assignee, now=MONDAY)
    assert refusal.codes == ("words_missing",)


def test_one_or_two_points_open_the_case_again_with_a_clock_of_its_own(who, case):
    solve_case(case=case, solution="换了桌脚", by=who.owner, now=MONDAY)
    assert refused(rate_case, case=case, points=2, by=who.owner, now=MONDAY).codes == (
        "words_missing",
    )
    assert rate_case(case=case, points=2, by=who.owner, now=MONDAY, text="又松了") is True
    case.refresh_from_db()
    assert (case.state, case.times_reopened, case.solution) == (CaseState.OPEN, 1, "")
    assert case.due_at == at("2026-07-10 00:00")
    work = work_of(case)
    assert (work.occurrence, work.state, work.due_at) == (2, State.OPEN, case.due_at)
    assert acts(case)[-2:] == [CaseAct.RATED, CaseAct.REOPENED]


def test_a_case_is_opened_again_by_hand(who, case):
    solve_case(case=case, solution="换了桌脚", by=who.owner, now=MONDAY)
    reopen_case(case=case, text="客户来电", by=who.owner, now=WEDNESDAY)
    case.refresh_from_db()
    assert (case.state, case.solved_at) == (CaseState.OPEN, None)


def test_a_case_changes_hands_with_its_work_and_keeps_its_clock(who, case):
    manager = leader(who.store)
    assign_case(case=case, to=manager, by=who.owner, now=MONDAY, text="客户要见店长")
    case.refresh_from_db()
    assert (case.assignee, work_of(case).assignee) == (manager, manager)
    assert work_of(case).task.assignee == manager
    assert case.due_at == at("2026-07-09 00:00")
    assert Notice.objects.filter(person=manager, kind=NoticeKind.CASE_ASSIGNED).count() == 1
    again = refused(assign_case, case=case, to=manager, by=who.owner, now=MONDAY)
    assert again.codes == ("case_is_theirs",)


def test_it_is_not_given_to_whom_it_is_about(who):
    manager, seller = leader(who.store), PersonFactory(store=who.store)
    Access.objects.create(customer=who, person=seller)
    case = opened(who, about=seller, by=manager, now=FRIDAY)
    refusal = refused(assign_case, case=case, to=seller, by=manager, now=FRIDAY)
    assert refusal.codes == ("assignee_is_out",)


def test_whom_a_case_is_about_writes_a_note_and_decides_nothing(who):
    manager = leader(who.store)
    case = opened(who, about=who.owner, by=manager, now=FRIDAY)
    note_on_case(case=case, text="当时店里很忙", by=who.owner, now=FRIDAY, key=uuid4())
    refusal = refused(solve_case, case=case, solution="没事", by=who.owner, now=FRIDAY)
    assert refusal.codes == ("case_is_about_you",)


def test_a_note_sent_twice_is_one_note(who, case):
    same = {"case": case, "text": "配件已到", "by": who.owner, "now": MONDAY, "key": uuid4()}
    assert note_on_case(**same) == note_on_case(**same)
    assert case.events.filter(act=CaseAct.NOTED).count() == 1
    note_on_case(**{**same, "key": uuid4()})
    assert case.events.filter(act=CaseAct.NOTED).count() == 2


def test_what_cannot_be_solved_is_reported_up_once(who, case):
    manager = leader(who.store)
    assert escalate_case(case=case, text="厂家不认", by=who.owner, now=MONDAY) == manager
    again = refused(escalate_case, case=case, text="厂家不认", by=who.owner, now=MONDAY)
    assert again.codes == ("case_is_escalated",)
    assert manager.name in str(again)


def test_a_manager_reports_up_to_operations(who):
    manager, ops = leader(who.store), PersonFactory(role=Role.OPS_MANAGER)
    case = opened(who, assignee=manager, by=manager, now=FRIDAY)
    assert escalate_case(case=case, text="厂家不认", by=manager, now=MONDAY) == ops


def test_where_nobody_is_above_it_says_so(who, case):
    refusal = refused(escalate_case, case=case, text="厂家不认", by=who.owner, now=MONDAY)
    assert refusal.codes == ("nobody_above",)


def test_opened_by_mistake_it_stays_readable_and_is_no_work(who, case):
    void_case(case=case, reason="另一位客户", by=who.owner, now=FRIDAY + timedelta(minutes=10))
    case.refresh_from_db()
    assert (case.state, work_of(case).state) == (CaseState.VOIDED, State.CANCELLED)
    refusal = refused(note_on_case, case=case, text="…", by=who.owner, now=MONDAY, key=uuid4())
    assert refusal.codes == ("case_is_void",)


def test_after_ten_minutes_a_manager_takes_it_back(who, case):
    late = FRIDAY + timedelta(minutes=11)
    refusal = refused(void_case, case=case, reason="另一位客户", by=who.owner, now=late)
    assert refusal.codes == ("void_too_late",)
    void_case(case=case, reason="另一位客户", by=leader(who.store), now=late)


def test_a_case_stands_whatever_the_customer_wishes_not_to_hear(who, case):
    set_quiet(customer=who, quiet=Quiet.ALL, reason=QuietReason.ASKED, by=who.owner, now=MONDAY)
    assert work_of(case).state == State.OPEN
    assert work_of(case).task.state == State.OPEN


def test_a_pause_outlasts_a_wish_taken_back(who, case):
    pause_case(case=case, reason=PauseReason.PARTS, by=who.owner, now=MONDAY)
    later = at("2026-07-13 10:00")
    for quiet, reason in (
        (Quiet.ALL, QuietReason.ASKED), (Quiet.NONE, QuietReason.WISHES_AGAIN),
    ):  # fmt: skip
        set_quiet(customer=who, quiet=quiet, reason=reason, by=who.owner, now=later)
    assert work_of(case).state == State.SUSPENDED


def test_a_new_keeper_has_the_keepers_cases_and_the_service_lead_keeps_theirs(who, case):
    lead = service_lead(who.store)
    repair = opened(who, kind=CaseKind.REPAIR, now=FRIDAY)
    heir = PersonFactory(store=who.store)
    assign_keeper(customer=who, keeper=heir, by=leader(who.store), now=MONDAY)
    case.refresh_from_db()
    repair.refresh_from_db()
    assert (case.assignee, work_of(case).assignee) == (heir, heir)
    assert (repair.assignee, work_of(repair).assignee) == (lead, lead)


@pytest.mark.parametrize(
    ("talked", "logged", "answered"),
    [
        (timedelta(minutes=10), timedelta(hours=9), timedelta(minutes=10)),
        (timedelta(seconds=-30), timedelta(minutes=2), timedelta()),  # typed to the minute
        (timedelta(hours=-5), timedelta(minutes=9), None),
    ],
)
def test_a_first_answer_is_when_they_spoke_and_never_before_the_case(
    who, case, talked, logged, answered
):
    reached(
        who, now=FRIDAY + logged, occurred_at=FRIDAY + talked, task=work_of(case).task,
        by=case.assignee,
    )  # fmt: skip
    case.refresh_from_db()
    assert case.answered_at == (None if answered is None else FRIDAY + answered)
    assert (CaseAct.ANSWERED in acts(case)) is (answered is not None)
