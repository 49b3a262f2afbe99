"""Somebody leaves: out at once, all in hand goes to whom the manager says, nothing is lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEntry, Job
from core.services import audit
from core.services.jobs import TakenOver
from core.states import JobState
from customers.models import Access, Appointment, Customer, Designer, HandOver, Opportunity, Stage
from desk import leaving
from desk.services import handing_over as services
from desk.tasks import hand_over as hand_over_task
from followups.models import AnchorDay, Chore, Obligation, Task
from followups.services import (
    ImportedStep,
    book_appointment,
    bring_in,
    owe_chore,
    reassign,
    set_anchor_day,
)
from followups.states import Anchor, ChoreKind, State
from followups.verification import empty_task_differences, task_differences
from staff.models import Duty, RotaDay
from staff.states import DutyKind, Role
from tests.factories.customers import CustomerFactory
from tests.factories.followups import reached
from tests.factories.staff import DutyFactory, PersonFactory

# A job tells how far it is on a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


def portfolio(leaver, count: int = 3) -> list[Customer]:
    """Customers with a next step each, agreed on today for the days ahead."""
    now = timezone.now()
    customers = [
        CustomerFactory(owner=leaver, grade="AB"[number % 2].replace("B", "B1"), now=now)
        for number in range(count)
    ]
    for number, customer in enumerate(customers):
        day = customer.store.today(now) + timedelta(days=number)
        reached(customer, now=now, on=day, text=f"第{number}步")
    return customers


def opportunity(customer, owner, **more) -> Opportunity:
    stage = Stage.objects.get(code="furniture_proposal")
    return Opportunity.objects.create(
        customer=customer, store=customer.store, owner=owner, stage=stage, product="沙发",
        opened_by=owner, **more,
    )  # fmt: skip


def appointment(customer, person, *, hours: int = 24) -> Appointment:
    now = timezone.now()
    begins = now + timedelta(hours=hours)
    return book_appointment(
        customer=customer, kind="home_visit", starts_at=begins, person=person, by=person,
        ends_at=begins + timedelta(hours=1), now=now, key=uuid4(), anyway=True,
    )  # fmt: skip


def work_of(person) -> set[tuple]:
    """Open tasks as they are promised: for whom, when, until when."""
    rows = Task.objects.filter(assignee=person, state=State.OPEN)
    return set(rows.values_list("customer", "day", "due_at", "is_timed"))


def post(browser, leaver, *receivers, go: bool = True, **more):
    told = {
        "key": uuid4(), "receivers": [person.pk for person in receivers], "reason": "离职",
        **({"go": "1"} if go else {}), **more,
    }  # fmt: skip
    return browser.post(f"/people/{leaver.pk}/hand-over/", told)


@pytest.fixture
def heirs(company):
    return [PersonFactory(role=Role.SALES_STORE, store=company.store) for _one in range(2)]


def test_everything_goes_to_those_whom_the_manager_names_and_keeps_its_day(company, as_, heirs):
    leaver, boss = company.sales_store, company.store_manager
    customers = portfolio(leaver, 5)
    sale = opportunity(customers[0], leaver)
    meeting = appointment(customers[1], leaver)
    promised = work_of(leaver)

    answer = post(as_(boss), leaver, *heirs)

    handed = HandOver.objects.get()
    job = Job.objects.get(kind=services.HAND_OVER)
    assert (job.state, answer.url) == (JobState.DONE, f"/hand-overs/jobs/{job.pk}/")
    assert not Customer.objects.filter(owner=leaver).exists()
    assert sorted(Customer.objects.filter(owner=heir).count() for heir in heirs) == [2, 3]
    assert work_of(heirs[0]) | work_of(heirs[1]) == promised
    assert work_of(leaver) == set()
    assert not Obligation.objects.filter(assignee=leaver, state=State.OPEN).exists()
    sale.refresh_from_db(), meeting.refresh_from_db()
    for row, customer in ((sale.owner, customers[0]), (meeting.person, customers[1])):
        customer.refresh_from_db()
        assert row == customer.owner
    assert [*task_differences(), *empty_task_differences()] == []
    assert handed.moved["is_done"] is True
    assert [got.get("appointments") for got in handed.moved["to"].values()].count([meeting.pk]) == 1
    assigned = AuditEntry.objects.filter(verb="assign", detail__hand_over=handed.pk)
    assert assigned.count() == 5
    assert set(assigned.values_list("reason", flat=True)) == {"离职"}


def test_each_receiver_gets_as_many_of_each_grade_and_twice_the_same(company, heirs):
    portfolio(company.sales_store, 8)
    first = leaving.customers_to_deal(company.sales_store)
    assert first == leaving.customers_to_deal(company.sales_store)
    shares = services.share_out(ids=[pk for pk, _g in first], among=[p.pk for p in heirs])
    grades = dict(first)
    counted = [sorted(grades[pk] for pk in ids) for ids in shares.values()]
    assert counted[0] == counted[1]


def test_the_leaver_is_out_with_the_managers_tap(company, as_, heirs):
    leaver = company.sales_store
    portfolio(leaver, 1)
    browser = as_(leaver)
    assert browser.get("/me/").status_code == 200

    post(as_(company.store_manager), leaver, heirs[0])

    answer = browser.get("/me/")
    assert (answer.status_code, answer.url.startswith("/sign-in")) == (302, True)
    leaver.refresh_from_db()
    assert (leaver.is_active, leaver.disabled_at is not None) == (False, True)
    mine = [s for s in Session.objects.all() if s.get_decoded().get("_auth_user_id") == str(leaver.pk)]  # fmt: skip  # noqa: E501
    assert mine == []
    left = AuditEntry.objects.get(verb="person_left")
    assert (left.by, left.detail["sessions"]) == (company.store_manager, 1)


def test_duties_rota_days_and_what_was_opened_end(company, as_, heirs):
    leaver = company.sales_store
    today = timezone.localdate()
    before = DutyFactory(person=leaver, kind=DutyKind.DELIVERY, store=company.store)
    DutyFactory(person=heirs[0], kind=DutyKind.ASSISTANT, assists=leaver, starts_on=today)
    for days in (-1, 0, 1):
        RotaDay.objects.create(
            store=company.store, person=leaver, on=today + timedelta(days=days), set_by=heirs[0]
        )
    other = CustomerFactory(owner=heirs[1])
    Access.objects.create(customer=other, person=leaver)

    post(as_(company.store_manager), leaver, heirs[0])

    before.refresh_from_db()
    assert before.ends_on == today - timedelta(days=1)
    assert not Duty.objects.filter(assists=leaver).exists()
    assert RotaDay.objects.filter(person=leaver).count() == 1
    assert not Access.objects.filter(person=leaver).exists()
    ended = HandOver.objects.get().moved["ended"]
    assert (ended["duties"], ended["assistants"], ended["rota_days"]) == (1, 1, 2)
    assert ended["accesses"] == 1


def test_what_the_leaver_had_with_others_customers_goes_to_their_keepers(company, as_, heirs):
    leaver = company.sales_store
    other = CustomerFactory(owner=heirs[1])
    Access.objects.create(customer=other, person=leaver)
    sale, meeting = opportunity(other, leaver), appointment(other, leaver)
    bring_in(
        customer_ids=[other.pk],
        next_steps=[ImportedStep(customer_id=other.pk, on=timezone.localdate())],
        by=company.store_manager, now=timezone.now(),
    )  # fmt: skip
    Obligation.objects.filter(customer=other).update(assignee=leaver)
    day = {"anchor": Anchor.CREDIT, "subject_id": 1, "on": timezone.localdate()}
    set_anchor_day(**day, customer=other, assignee=leaver, now=timezone.now())
    owe_chore(
        kind=ChoreKind.SLIP, subject_id=1, store_id=company.store.pk, person_id=leaver.pk,
        due_on=timezone.localdate(),
    )  # fmt: skip
    designer = Designer.objects.create(
        name="许工", store=company.store, keeper=leaver, added_by=leaver
    )

    post(as_(company.store_manager), leaver, heirs[0])

    for row in (sale, meeting, designer):
        row.refresh_from_db()
    assert (sale.owner, meeting.person, designer.keeper) == (heirs[1], heirs[1], heirs[0])
    assert (AnchorDay.objects.get().assignee, Chore.objects.get().person) == (heirs[1], heirs[0])
    (share,) = [one for one in leaving.shares_of(HandOver.objects.get()) if one.chores]
    assert share.person == heirs[0]
    assert work_of(leaver) == set()
    assert {task.assignee for task in Task.objects.filter(customer=other, state=State.OPEN)} == {
        heirs[1]
    }


def test_two_appointments_at_once_are_kept_and_told(company, as_, heirs):
    leaver, heir = company.sales_store, heirs[0]
    (customer,) = portfolio(leaver, 1)
    mine = appointment(CustomerFactory(owner=heir), heir)
    theirs = appointment(customer, leaver)

    answer = post(as_(company.store_manager), leaver, heir)

    assert HandOver.objects.get().moved["clashes"] == [theirs.pk]
    page = as_(company.store_manager).get(answer.url, follow=True).content.decode()
    assert customer.name in page
    mine.refresh_from_db()
    assert mine.person == heir


def test_a_worker_that_dies_half_way_is_followed_by_one_who_finishes(
    company, as_, heirs, monkeypatch
):
    leaver = company.sales_store
    portfolio(leaver, 5)
    promised = work_of(leaver)
    monkeypatch.setattr(services, "AT_ONCE", 0)
    monkeypatch.setattr("followups.services.handing_over.BATCH", 2)
    answer = post(as_(company.store_manager), leaver, *heirs)
    job = Job.objects.get(kind=services.HAND_OVER)
    assert answer.url == f"/jobs/{job.pk}/"
    leaver.refresh_from_db()
    assert leaver.is_active is False

    seen = []

    def die(work, done, total):
        seen.append(done)
        if len(seen) == 2:
            raise TakenOver

    with monkeypatch.context() as broken:
        broken.setattr("core.services.jobs.Work.advance", die)
        hand_over_task(job.pk)
    left = Customer.objects.filter(owner=leaver)
    assert 0 < left.count() < 5
    # nothing between: what has gone is whole, what has not is untouched
    assert set(Task.objects.filter(customer__in=left, state=State.OPEN).values_list("assignee", flat=True)) == {leaver.pk}  # fmt: skip  # noqa: E501
    assert not Task.objects.filter(assignee=leaver, state=State.OPEN).exclude(customer__in=left).exists()  # fmt: skip  # noqa: E501

    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING)
    hand_over_task(job.pk)

    assert Job.objects.get(pk=job.pk).state == JobState.DONE
    assert not Customer.objects.filter(owner=leaver).exists()
    assert work_of(heirs[0]) | work_of(heirs[1]) == promised
    told = HandOver.objects.get().moved
    assert sum(len(share["customers"]) for share in told["to"].values()) == 5
    # done twice, nothing more happens
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING, ended_at=None)
    hand_over_task(job.pk)
    assert HandOver.objects.get().moved == told


def test_sent_twice_it_is_done_once_and_a_second_try_is_told(company, as_, heirs, monkeypatch):
    leaver, boss = company.sales_store, as_(company.store_manager)
    portfolio(leaver, 2)
    monkeypatch.setattr(services, "AT_ONCE", 0)
    key = uuid4()
    first, second = (post(boss, leaver, heirs[0], key=key) for _time in range(2))
    assert first.url == second.url
    again = post(boss, leaver, heirs[0])
    assert "under way" in again.content.decode() or "进行" in again.content.decode()
    assert HandOver.objects.count() == 1


def test_whom_an_administrator_disabled_is_handed_over_afterwards(company, as_, heirs):
    leaver = company.sales_store
    portfolio(leaver, 2)
    as_(company.admin).post(f"/people/{leaver.pk}/disable/")
    boss = as_(company.store_manager)
    assert f"/people/{leaver.pk}/hand-over/" in boss.get(f"/people/{leaver.pk}/").content.decode()
    post(boss, leaver, heirs[0])
    assert Customer.objects.filter(owner=heirs[0]).count() == 2


def test_the_preview_counts_and_changes_nothing(company, as_, heirs):
    leaver = company.sales_store
    customers = portfolio(leaver, 4)
    opportunity(customers[0], leaver, amount=5000)
    boss = as_(company.store_manager)
    page = boss.get(f"/people/{leaver.pk}/hand-over/")
    seen = page.context["seen"]
    assert (seen.customers, seen.tasks, seen.opportunities) == (4, 4, 1)
    assert seen.grades == {"A": 2, "B1": 2}
    assert (seen.tasks_late, seen.tasks_today, seen.tasks_later) == (0, 1, 3)

    shown = post(boss, leaver, *heirs, go=False)
    assert [share["count"] for share in shown.context["shares"]] == [2, 2]
    assert Customer.objects.filter(owner=leaver).count() == 4
    leaver.refresh_from_db()
    assert leaver.is_active

    assert post(boss, leaver, reason="").context["form"].errors.keys() == {"receivers", "reason"}


def test_a_receiver_out_of_reach_or_gone_is_refused(company, as_, heirs):
    leaver = company.sales_store
    portfolio(leaver, 1)
    boss = as_(company.store_manager)
    gone = PersonFactory(store=company.store, is_active=False)
    for wrong in (company.stranger, company.finance, leaver, gone):
        assert "receivers" in post(boss, leaver, wrong).context["form"].errors
    assert not HandOver.objects.exists()
    leaver.refresh_from_db()
    assert leaver.is_active


@pytest.mark.parametrize(
    ("role", "of_store", "of_team", "of_stranger"),
    [
        ("store_manager", 200, 404, 404),
        ("field_supervisor", 404, 200, 404),
        ("ops_manager", 200, 200, 200),
        ("marketing_manager", 403, 403, 403),
        ("admin", 403, 403, 403),
        ("sales_store", 403, 403, 403),
        ("finance", 403, 403, 403),
    ],
)
def test_who_may_hand_over_whom(company, as_, role, of_store, of_team, of_stranger):
    browser = as_(getattr(company, role))
    for leaver, status in (
        (PersonFactory(store=company.store), of_store),
        (company.sales_field, of_team),
        (company.stranger, of_stranger),
    ):
        for answer in (browser.get(f"/people/{leaver.pk}/hand-over/"), post(browser, leaver)):
            assert answer.status_code == status


def test_a_manager_hands_over_neither_himself_nor_another_manager(company, as_):
    boss = company.store_manager
    peer = PersonFactory(role=Role.STORE_MANAGER, store=company.store)
    for person in (boss, peer):
        assert as_(boss).get(f"/people/{person.pk}/hand-over/").status_code == 403
    assert as_(company.ops_manager).get(f"/people/{boss.pk}/hand-over/").status_code == 200


def test_the_report_tells_of_the_last_thirty_days_and_is_for_those_who_lead(company, as_, heirs):
    leaver = company.sales_store
    (customer,) = portfolio(leaver, 1)
    audit.record(verb="reveal", of=customer, by=leaver)
    for sheet in ("", "owner/"):
        as_(leaver).get(f"/customers/{customer.pk}/print/{sheet}")
    post(as_(company.store_manager), leaver, heirs[0], reason="打 138 0013 8000")
    handed = HandOver.objects.get()

    page = as_(company.store_manager).get(f"/hand-overs/{handed.pk}/")
    traces = [line["trace"] for line in page.context["traces"]]
    assert [trace.verb for trace in traces] == ["print", "print", "reveal"]
    assert {trace.customer_id for trace in traces} == {customer.pk}
    assert "0013 8000" not in page.content.decode()
    sheet = as_(company.store_manager).get(f"/hand-overs/{handed.pk}/sheet/")
    assert sheet["Content-Type"].endswith("spreadsheetml.sheet")
    assert AuditEntry.objects.get(verb="hand_over_sheet").detail["rows"] == 2
    for role, status in (("field_supervisor", 404), ("ops_manager", 200), ("admin", 403)):
        for path in ("", "sheet/"):
            answer = as_(getattr(company, role)).get(f"/hand-overs/{handed.pk}/{path}")
            assert answer.status_code == status, role


def test_as_many_questions_for_one_customer_as_for_twelve(company, heirs):
    by, now = company.store_manager, timezone.now()
    counts = []
    for size in (1, 12):
        customers = portfolio(company.sales_store, size)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            reassign(customers=[c.pk for c in customers], keeper=heirs[0], by=by, now=now)
        counts.append(len(asked))
    assert counts[0] == counts[1]
