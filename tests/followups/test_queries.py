"""Whose tasks somebody sees, in which order, and what it costs."""

import itertools
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.queries import visible as visible_customers
from customers.states import Grade
from followups import queries, rules
from followups.models import Step, Task
from followups.rules import Kind
from followups.states import State
from staff.scope import reach_of
from staff.states import DutyKind, Role
from tests.factories.customers import CustomerFactory
from tests.factories.followups import task_today
from tests.factories.staff import DutyFactory, PersonFactory
from tests.followups.build import at

pytestmark = pytest.mark.django_db

NOW = at("2026-03-12 10:00")
TODAY = date(2026, 3, 12)


def put(customer, *, day=TODAY, assignee="keeper", due_at=None, **facts) -> Task:
    """A task as the engine writes one."""
    return Task.objects.create(
        customer=customer,
        assignee=customer.owner if assignee == "keeper" else assignee,
        day=day,
        shown_on=facts.pop("shown_on", min(day, TODAY)),
        due_at=due_at or rules.end_of_day(day, customer.store.tzinfo),
        **facts,
    )


@pytest.fixture
def letter():
    return Step.objects.get(code="dealer_letter")


def seen_by(person) -> set[int]:
    reach = reach_of(person, today=TODAY)
    return set(queries.visible(reach).values_list("pk", flat=True))


def test_each_role_sees_the_tasks_within_its_reach(company):
    own = put(CustomerFactory(owner=company.sales_store))
    elsewhere = put(CustomerFactory(owner=company.stranger))
    teams = put(CustomerFactory(owner=company.sales_field))
    nobodys = put(CustomerFactory(owner=company.sales_store), assignee=None)
    everything = {own.pk, elsewhere.pk, teams.pk, nobodys.pk}
    expected = {
        company.sales_store: {own.pk},
        company.sales_field: {teams.pk},
        company.stranger: {elsewhere.pk},
        company.store_manager: {own.pk, nobodys.pk},
        company.field_supervisor: {teams.pk},
        company.ops_manager: everything,
        company.marketing_manager: everything,
        company.merchandiser: set(),
        company.finance: set(),
        company.admin: set(),
    }
    assert {person: seen_by(person) for person in expected} == expected


@pytest.mark.parametrize(("ends_on", "sees"), [(None, True), (date(2026, 3, 11), False)])
def test_an_assistant_sees_the_tasks_of_the_person_assisted_while_the_duty_runs(
    company, ends_on, sees
):
    task = put(CustomerFactory(owner=company.sales_store))
    assistant = PersonFactory(store=company.other)
    DutyFactory(
        person=assistant, kind=DutyKind.ASSISTANT, assists=company.sales_store, ends_on=ends_on
    )
    assert (task.pk in seen_by(assistant)) is sees


@pytest.mark.parametrize("scope", ["store", "region", "all"])
def test_a_sales_manager_by_duty_sees_the_store_or_region(company, scope):
    task = put(CustomerFactory(owner=company.sales_store))
    leader = PersonFactory(role=Role.SALES_STORE, store=company.other)
    places = {"store": {"store": company.store}, "region": {"region": company.region}, "all": {}}
    DutyFactory(person=leader, kind=DutyKind.SALES_MANAGER, **places[scope])
    assert task.pk in seen_by(leader)
    reach = reach_of(leader, today=TODAY)
    assert visible_customers(reach).filter(pk=task.customer_id).exists()


def worklist(**options):
    return queries.worklist(Task.objects.all(), now=NOW, today=TODAY, **options)


CASES = list(
    itertools.product([True, False], [True, False], [True, False], [True, False],
                      [Grade.A, Grade.B1], [TODAY, TODAY + timedelta(days=1)],
                      [None, time(9), time(19)])
)  # fmt: skip


def test_the_kind_in_sql_is_the_kind_of_the_rule(company, letter):
    """Limits with an hour end at noon: before seven in the evening, after nine in the morning."""
    noon = at("2026-03-12 12:00")
    expected = {}
    cards = {
        (grade, opens): CustomerFactory(
            owner=company.sales_store,
            grade=grade,
            contact_from=opens,
            contact_until=opens and time(20),
        )
        for grade in (Grade.A, Grade.B1)
        for opens in (None, time(9), time(19))
    }
    people = PersonFactory.create_batch(len(CASES))
    for person, case in zip(people, CASES, strict=True):
        is_timed, has_hour_limit, is_letter, is_care, grade, day, opens = case
        limit = {"due_at": noon} if has_hour_limit and is_care else {}
        task = put(
            cards[grade, opens],
            assignee=person,
            day=day,
            is_timed=is_timed,
            has_hour_limit=has_hour_limit,
            letter=letter if is_letter else None,
            is_care=is_care,
            **limit,
        )
        expected[task.pk] = rules.kind_of_task(
            is_timed=is_timed,
            has_hour_limit=has_hour_limit,
            is_letter=is_letter,
            is_care=is_care,
            grade=grade,
            shown_early=day > TODAY,
            opens_later=rules.opens_later(
                now=NOW,
                zone=company.store.tzinfo,
                contact_from=opens,
                has_hour_limit=has_hour_limit,
                due_at=task.due_at,
            ),
        )
    found = {task.pk: Kind(task.kind) for task in worklist()}
    assert found == expected
    assert set(found.values()) == set(Kind)


@pytest.mark.parametrize(
    ("hour", "zone", "is_waiting"),
    [
        ("10:00", "Asia/Shanghai", True),
        ("18:59", "Asia/Shanghai", True),
        ("19:00", "Asia/Shanghai", False),
        ("20:30", "Asia/Shanghai", False),  # too late for today: said by the guard
        ("18:30", "Asia/Tokyo", False),  # half past seven there
    ],
)
def test_who_may_be_called_from_seven_waits_until_seven_by_the_store_s_clock(
    company, hour, zone, is_waiting
):
    company.store.zone = zone
    company.store.save(update_fields=["zone"])
    who = CustomerFactory(owner=company.sales_store, contact_from=time(19), contact_until=time(20))
    put(who)
    now = at(f"2026-03-12 {hour}")
    (task,) = queries.worklist(Task.objects.all(), now=now, today=TODAY)
    assert (Kind(task.kind) == Kind.WAITING) is is_waiting


def test_the_day_stands_in_the_order_of_decision_17(company, letter):
    keeper = company.sales_store

    def of(grade, **facts):
        return put(CustomerFactory(owner=keeper, grade=grade), **facts)

    late = date(2026, 3, 9)
    ordered = [
        of(Grade.B1, is_timed=True, due_at=at("2026-03-12 10:30")),
        of(Grade.A, is_timed=True, due_at=at("2026-03-12 15:00")),
        of(Grade.B2, has_hour_limit=True, due_at=at("2026-03-12 11:00"), is_care=True),
        of(Grade.A, day=late),
        of(Grade.A),
        of(Grade.B1, day=date(2026, 3, 10)),
        of(Grade.B2, is_care=True, day=date(2026, 3, 11)),
        of(Grade.C2),
        of(Grade.A, letter=letter),
        of(Grade.A, day=date(2026, 3, 16), shown_on=TODAY),
    ]
    of(Grade.A, day=date(2026, 3, 16), shown_on=date(2026, 3, 13))
    of(Grade.A, day=date(2026, 3, 8), state=State.DONE, closed_at=NOW)
    assert list(worklist()) == ordered
    overdue = [task for task in ordered if task.due_at < NOW]
    assert list(worklist(only_overdue=True)) == overdue

    counts = queries.counts_by_kind(Task.objects.all(), now=NOW, today=TODAY)
    assert (counts.today, counts.overdue) == (len(ordered), len(overdue)) == (10, 3)
    assert counts.by_kind == {
        Kind.TIMED: 2, Kind.HOUR_LIMIT: 1, Kind.ACTIVE: 2, Kind.CARE: 3, Kind.LETTER: 1,
        Kind.LATER: 1,
    }  # fmt: skip
    assert counts.overdue_by_kind[Kind.CARE] == 2


@pytest.mark.parametrize("many", [1, 12])
def test_the_list_costs_the_same_for_one_row_and_for_twelve(company, many):
    for _number in range(many):
        task_today(CustomerFactory(owner=company.sales_store, now=NOW), now=NOW)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        rows = list(worklist())
        for task in rows:
            assert task.customer.store.name
            assert task.assignee.name
            assert [row.step.name for row in task.reasons]
    assert len(rows) == many
    assert len(caught) == 2


def test_the_control_a_row_that_asks_for_more_is_counted(company):
    for _number in range(3):
        task_today(CustomerFactory(owner=company.sales_store, now=NOW), now=NOW)
    with CaptureQueriesContext(connection) as caught:
        for task in worklist():
            task.customer.registered_by.name  # noqa: B018
    assert len(caught) == 2 + 3


def place(task):
    return queries.place_in_day(Task.objects.all(), task.pk, now=NOW, today=TODAY)


def test_the_next_person_is_somebody_else_and_after_the_last_comes_the_first(company):
    anna, bert = (CustomerFactory(owner=company.sales_store) for _person in range(2))
    first = put(anna, day=date(2026, 3, 9))
    again = put(anna, day=date(2026, 3, 10))
    last = put(bert)
    assert (place(first).position, place(first).total) == (1, 3)
    assert place(first).next_task_id == last.pk
    assert place(last).next_task_id == first.pk
    last.state, last.closed_at = State.DONE, NOW
    last.save()
    assert place(last) is None
    assert (place(again).next_task_id, place(again).next_name) == (None, "")


def test_who_is_behind_counts_what_the_reader_may_see(company):
    seller, guest = company.sales_store, company.stranger
    shared = CustomerFactory(owner=seller)
    put(shared, day=date(2026, 3, 9))
    put(shared, day=TODAY)
    put(shared, assignee=guest, day=date(2026, 3, 8))
    put(CustomerFactory(owner=guest), day=date(2026, 3, 7))
    reach = reach_of(company.store_manager, today=TODAY)
    standing = queries.standing_of_people(
        queries.visible(reach), [seller, company.store_manager], now=NOW, today=TODAY
    )
    told = [(row.person, row.due, row.overdue) for row in standing]
    assert told == [(guest, 1, 1), (seller, 2, 1), (company.store_manager, 0, 0)]
