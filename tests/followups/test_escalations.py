"""What is left overdue goes up once, to the right person, and the trail stays (M57, AFT-02)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from followups import services
from followups.models import Escalation, Obligation, Step, Task
from followups.naming import occurrence_name
from followups.services import escalations
from followups.services.escalations import EscalationNotSeen, mark_seen, report_overdue
from followups.services.giving import TaskNotGiven, give_task
from followups.states import State
from staff.models import Notice, Person
from staff.scope import reach_of
from staff.services.absences import set_absence
from staff.states import NoticeKind, Role
from tests.factories.staff import PersonFactory
from tests.followups.build import at, customer, delivery, shop

pytestmark = pytest.mark.django_db

NOW = at("2026-03-12 09:50")
TODAY = date(2026, 3, 12)


def later(**more) -> object:
    return NOW + timedelta(**more)


@pytest.fixture
def ops():
    return PersonFactory(role=Role.OPS_MANAGER, name="运营")


@pytest.fixture
def place(ops):
    return shop()


def delivered(place, number: int = 1) -> None:
    for _number in range(number):
        delivery(customer(place, now=NOW, grade="B2"), on=TODAY, at=NOW, now=NOW)
    services.ask(now=NOW)


def told() -> dict[str, Person]:
    rows = Escalation.objects.select_related("obligation__step", "to")
    return {row.obligation.step.code: row.to for row in rows}


def test_the_managers_call_goes_to_operations_as_soon_as_it_is_overdue(place, ops):
    delivered(place)
    due = Obligation.objects.get(step__code="dealer_24h").due_at
    assert report_overdue(now=due) == 0
    assert report_overdue(now=due + timedelta(seconds=1)) == 1
    assert told() == {"dealer_24h": ops}


def test_the_sellers_call_goes_to_the_store_manager_after_two_days(place, ops):
    delivered(place)
    due = Obligation.objects.get(step__code="dealer_7d").due_at
    report_overdue(now=due + timedelta(hours=48))
    assert "dealer_7d" not in told()
    report_overdue(now=due + timedelta(hours=48, seconds=1))
    assert told()["dealer_7d"] == place.manager


def test_what_nobody_does_goes_to_the_store_manager_and_the_managers_own_to_operations(place, ops):
    delivered(place, 2)
    first, second = Obligation.objects.filter(step__code="dealer_7d").order_by("pk")
    Obligation.objects.filter(pk=first.pk).update(assignee=None)
    Obligation.objects.filter(pk=second.pk).update(assignee=place.manager)
    report_overdue(now=later(days=20))
    to = {row.obligation_id: row.to for row in Escalation.objects.select_related("to")}
    assert (to[first.pk], to[second.pk]) == (place.manager, ops)


def test_a_store_without_a_manager_reports_to_operations(place, ops):
    delivered(place)
    Person.objects.filter(pk=place.manager.pk).update(is_active=False)
    report_overdue(now=later(days=20))
    assert set(told().values()) == {ops}


def test_where_nobody_is_above_it_waits_until_somebody_is(place, ops):
    """A report that reached nobody would be used up: whoever comes later would never hear of it."""
    delivered(place)
    Person.objects.filter(pk__in=[place.manager.pk, ops.pk]).update(is_active=False)
    assert report_overdue(now=later(days=20)) == 0
    assert not Escalation.objects.exists()
    Person.objects.filter(pk=ops.pk).update(is_active=True)
    assert report_overdue(now=later(days=20, minutes=1)) == 2
    assert set(told().values()) == {ops}
    assert Notice.objects.filter(person=ops, kind=NoticeKind.ESCALATED).exists()


def test_what_waits_for_somebody_above_holds_up_nobody_else(place, ops, monkeypatch):
    monkeypatch.setattr("followups.services.escalations.BATCH", 1)
    delivered(place)
    ops.delete()
    assert report_overdue(now=later(days=20)) == 1, "the seller's; the manager's own call waits"
    assert told() == {"dealer_7d": place.manager}


def test_two_of_one_name_are_two(place, ops):
    Step.objects.filter(code="dealer_24h").update(escalates_after=None)
    namesake = PersonFactory(role=Role.SALES_STORE, store=place.store, name=place.seller.name)
    delivered(place, 3)
    first = Obligation.objects.filter(step__code="dealer_7d").order_by("pk").first()
    Obligation.objects.filter(pk=first.pk).update(assignee=namesake)
    report_overdue(now=later(days=20))
    counts = [row.params.get("count", 1) for row in Notice.objects.filter(person=place.manager)]
    assert sorted(counts) == [1, 2]


def test_asked_again_and_again_nothing_is_reported_twice(place, ops):
    delivered(place, 3)
    first = report_overdue(now=later(days=20))
    assert first == 6
    for days in (20, 21, 60):
        assert report_overdue(now=later(days=days)) == 0
    assert Escalation.objects.count() == 6


def test_done_in_time_is_not_reported_and_done_late_keeps_its_trail(place, ops):
    delivered(place, 2)
    first, second = Obligation.objects.filter(step__code="dealer_7d").order_by("pk")
    Obligation.objects.filter(pk=first.pk).update(state=State.DONE, closed_at=NOW)
    report_overdue(now=later(days=20))
    Obligation.objects.filter(pk=second.pk).update(state=State.DONE, closed_at=later(days=21))
    report_overdue(now=later(days=22))
    found = Escalation.objects.filter(obligation__step__code="dealer_7d")
    assert [row.obligation_id for row in found] == [second.pk]


def test_a_step_that_names_no_hours_is_never_reported(place, ops):
    Step.objects.update(escalates_after=None)
    delivered(place)
    assert report_overdue(now=later(days=400)) == 0


def test_a_manager_hears_once_of_all_of_one_salesperson_and_so_does_the_stand_in(place, ops):
    delivered(place, 3)
    Step.objects.filter(code="dealer_24h").update(escalates_after=None)
    colleague = PersonFactory(role=Role.SALES_STORE, store=place.store)
    set_absence(
        person=place.manager, stand_in=colleague, kind="ill", starts_on=date(2026, 3, 25),
        ends_on=date(2026, 4, 5), by=place.manager, now=NOW, key=uuid4(),
    )  # fmt: skip
    report_overdue(now=later(days=20))
    notices = Notice.objects.filter(kind=NoticeKind.ESCALATED)
    assert set(notices.values_list("person", flat=True)) == {place.manager.pk, colleague.pk}
    assert notices.count() == 2
    assert notices.first().params == {"person": place.seller.name, "count": 3}


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_report_once():
    PersonFactory(role=Role.OPS_MANAGER)
    delivered(shop(), 6)

    def ask(_number: int) -> int:
        try:
            return report_overdue(now=later(days=20))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(ask, range(4)))
    assert sum(made) == Escalation.objects.count() == 12
    keys = list(Notice.objects.values_list("person", "key"))
    assert len(keys) == len(set(keys))


def test_seen_is_said_once_and_the_second_is_told_by_whom(place, ops):
    delivered(place)
    report_overdue(now=later(days=1, hours=1))
    row = Escalation.objects.get()
    boss = PersonFactory(role=Role.OPS_MANAGER, name="总部")
    mark_seen(escalation=row, note="打过电话", by=boss, reach=reach_of(boss, today=TODAY), now=NOW)
    with pytest.raises(EscalationNotSeen) as refusal:
        mark_seen(escalation=row, note="", by=ops, reach=reach_of(ops, today=TODAY), now=NOW)
    assert refusal.value.codes == ("seen_already",)
    assert "总部" in str(refusal.value)
    row.refresh_from_db()
    assert (row.note, row.seen_by, row.seen_at) == ("打过电话", boss, NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False])
def test_of_two_who_mark_it_at_once_one_is_told_that_the_other_has(monkeypatch, is_guarded):
    """The control: where the update does not ask whether it was seen, both have marked it."""
    two = [PersonFactory(role=Role.OPS_MANAGER, name=name) for name in ("甲", "乙")]
    delivered(shop())
    report_overdue(now=later(days=1, hours=1))
    row = Escalation.objects.get()
    gate = Barrier(2, timeout=5)
    may_mark = escalations.may_mark

    def slowly(*args):
        gate.wait()
        return may_mark(*args)

    monkeypatch.setattr(escalations, "may_mark", slowly)
    if not is_guarded:
        monkeypatch.setattr(escalations, "_unseen", lambda pk: Escalation.objects.filter(pk=pk))

    def mark(by: Person) -> str:
        try:
            reach = reach_of(by, today=TODAY)
            mark_seen(escalation=row, note=by.name, by=by, reach=reach, now=NOW)
        except EscalationNotSeen as refusal:
            return str(refusal)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        refusals = [said for said in pool.map(mark, two) if said]
    row.refresh_from_db()
    assert len(refusals) == (1 if is_guarded else 0)
    assert all(row.note in said and row.seen_by.name == row.note for said in refusals)


# The pages.


@pytest.fixture
def reported(place, ops, morning):
    delivered(place)
    report_overdue(now=later(days=20))
    return place


def test_the_list_shows_what_went_up_to_whom_and_takes_seen(reported, as_, ops):
    page = as_(reported.manager).get("/reported/")
    rows = {row["what"]: row for row in page.context_data["rows"]}
    assert len(rows) == 2
    mine = next(row for row in rows.values() if row["to"] == reported.manager.name)
    others = next(row for row in rows.values() if row["to"] == "运营")
    assert (mine["may_mark"], others["may_mark"]) == (True, False)
    browser = as_(reported.manager)
    assert browser.post(f"/reported/{others['pk']}/seen/").status_code == 403
    assert browser.post(f"/reported/{mine['pk']}/seen/", {"note": "已谈"}).status_code == 302
    seen = browser.get("/reported/?show=seen").context_data["rows"]
    assert [(row["note"], row["seen_by"]) for row in seen] == [("已谈", reported.manager.name)]
    assert as_(ops).post(f"/reported/{others['pk']}/seen/").status_code == 302


def test_seen_by_mistake_is_taken_back_for_ten_minutes_by_whoever_said_so(reported, as_, ops):
    browser = as_(reported.manager)
    waiting = browser.get("/reported/").context_data["rows"]
    pk = next(row["pk"] for row in waiting if row["may_mark"])
    address = f"/reported/{pk}/unseen/"
    browser.post(f"/reported/{pk}/seen/", {"note": "点错"})
    assert as_(shop().manager).post(address).status_code == 404
    as_(ops).post(address)
    assert Escalation.objects.get(pk=pk).seen_at is not None
    (row,) = browser.get("/reported/?show=seen").context_data["rows"]
    assert row["may_unmark"]
    browser.post(address)
    row = Escalation.objects.get(pk=pk)
    assert (row.seen_at, row.seen_by, row.note) == (None, None, "点错")

    browser.post(f"/reported/{pk}/seen/")
    Escalation.objects.filter(pk=pk).update(seen_at=timezone.now() - timedelta(minutes=11))
    assert not browser.get("/reported/?show=seen").context_data["rows"][0]["may_unmark"]
    browser.post(address)
    assert Escalation.objects.get(pk=pk).seen_at is not None


def test_what_was_written_stays_when_seen_is_taken_back_and_shows_no_number(reported, as_):
    browser = as_(reported.manager)
    waiting = browser.get("/reported/").context_data["rows"]
    pk = next(row["pk"] for row in waiting if row["may_mark"])
    browser.post(f"/reported/{pk}/seen/", {"note": "已回电 13800138000"})
    browser.post(f"/reported/{pk}/unseen/")
    page = browser.get("/reported/").content.decode()
    assert 'value="已回电 138****8000"' in page
    assert "13800138000" not in page
    browser.post(f"/reported/{pk}/seen/", {"note": "已回电 138****8000，明天送件"})
    assert Escalation.objects.get(pk=pk).note == "已回电 13800138000，明天送件"


def test_what_is_too_long_with_its_numbers_put_back_is_said_and_marks_nothing(reported, as_):
    browser = as_(reported.manager)
    waiting = browser.get("/reported/").context_data["rows"]
    pk = next(row["pk"] for row in waiting if row["may_mark"])
    browser.post(f"/reported/{pk}/seen/", {"note": "已回电 138 0013 8000"})
    browser.post(f"/reported/{pk}/unseen/")
    filled = "已回电 138****8000".ljust(200, "长")
    for note in (filled, "长" * 201):
        page = browser.post(f"/reported/{pk}/seen/", {"note": note}, follow=True)
        assert "200" in [str(told) for told in page.context["messages"]][-1]
        row = Escalation.objects.get(pk=pk)
        assert (row.seen_at, row.note) == (None, "已回电 138 0013 8000")
    browser.post(f"/reported/{pk}/seen/", {"note": filled[:198]})
    assert len(Escalation.objects.get(pk=pk).note) == 200


def test_the_list_says_the_month_of_a_repeated_step_and_its_own_title(place, ops, as_, morning):
    product = delivery(customer(place, now=NOW, grade="B2"), on=TODAY, at=NOW, now=NOW)
    month = Step.objects.get(code="dealer_2m")
    row = Obligation.objects.create(
        step=month, subject_id=product.pk, occurrence=9, customer=product.customer,
        assignee=place.seller, due_on=TODAY, due_at=NOW, shown_on=TODAY,
    )  # fmt: skip
    Escalation.objects.create(obligation=row, to=ops, at=NOW)
    page = as_(ops).get("/reported/")
    assert page.context_data["rows"][0]["what"] == occurrence_name(month, 9)
    assert occurrence_name(month, 9) in page.content.decode()
    assert "上报时间" not in page.content.decode(), "that is the column of the cases"
    texts = [row["text"] for each in as_(ops).get("/behind/").context_data["lists"]
             for row in each["rows"] if each["url"] == "/reported/"]  # fmt: skip
    assert [text.split(" · ")[0] for text in texts] == [occurrence_name(month, 9)]


def test_who_sees_what_was_reported(reported, as_):
    stranger = shop().manager
    assert as_(stranger).get("/reported/").context_data["rows"] == []
    assert as_(reported.seller).get("/reported/").context_data["rows"] == []
    pk = Escalation.objects.first().pk
    assert as_(stranger).post(f"/reported/{pk}/seen/").status_code == 404
    assert as_(stranger).get(f"/reported/{pk}/seen/").status_code == 405
    assert as_(PersonFactory(role=Role.FINANCE)).get("/reported/").status_code == 403


def test_behind_names_what_was_reported(reported, as_, ops):
    lists = as_(reported.manager).get("/behind/").context_data["lists"]
    assert any(row["url"] == "/reported/" and row["count"] == 2 for row in lists)


def test_the_list_asks_as_much_for_many_as_for_few(
    place, ops, morning, as_, django_assert_max_num_queries
):
    delivered(place, 12)
    report_overdue(now=later(days=20))
    browser = as_(place.manager)
    with django_assert_max_num_queries(16):
        assert len(browser.get("/reported/").context_data["rows"]) == 24


# One task to somebody else.


def open_task(place, code: str) -> Task:
    return Obligation.objects.get(step__code=code).task


def test_a_manager_gives_a_task_and_it_stays_there(place, ops):
    delivered(place)
    colleague = PersonFactory(role=Role.STORE_MANAGER, store=place.store)
    task = open_task(place, "dealer_24h")
    assert task.assignee == place.manager
    given = give_task(task=task, to=colleague, reason="出差", by=place.manager, now=NOW)
    assert given.assignee == colleague
    services.touch_and_ask(customers=[task.customer_id], now=NOW)
    row = Obligation.objects.get(step__code="dealer_24h")
    assert (row.assignee, row.task.assignee, row.is_given) == (colleague, colleague, True)


def test_where_the_receiver_has_one_of_that_day_they_become_one(place, ops):
    delivered(place)
    task = open_task(place, "dealer_7d")
    twin = Task.objects.create(
        customer=task.customer, assignee=place.manager, day=task.day, shown_on=task.shown_on,
        due_at=task.due_at,
    )  # fmt: skip
    Obligation.objects.filter(step__code="dealer_24h").update(task=twin, due_on=task.day)
    given = give_task(task=task, to=place.manager, reason="一起打", by=place.manager, now=NOW)
    assert Task.objects.filter(state=State.OPEN, assignee=place.manager, day=task.day).count() == 1
    assert given.assignee == place.manager


@pytest.mark.parametrize(
    ("whom", "reason", "code"),
    [
        ("seller", "x", "has_it_already"),
        ("manager", "", "give_reason_missing"),
        ("stranger", "x", "sees_it_not"),
        ("finance", "x", "cannot_do_it"),
    ],
)
def test_a_task_that_cannot_go_there_stays(place, ops, whom, reason, code):
    delivered(place)
    people = {
        "seller": place.seller, "manager": place.manager, "stranger": shop().seller,
        "finance": PersonFactory(role=Role.FINANCE),
    }  # fmt: skip
    task = open_task(place, "dealer_7d")
    with pytest.raises(TaskNotGiven) as refusal:
        give_task(task=task, to=people[whom], reason=reason, by=place.manager, now=NOW)
    assert refusal.value.codes == (code,)
    task.refresh_from_db()
    assert task.assignee == place.seller


def test_a_closed_task_goes_nowhere(place, ops):
    delivered(place)
    task = open_task(place, "dealer_7d")
    Obligation.objects.filter(task=task).update(state=State.DONE, closed_at=NOW)
    Task.objects.filter(pk=task.pk).update(state=State.DONE, closed_at=NOW)
    with pytest.raises(TaskNotGiven) as refusal:
        give_task(task=task, to=place.manager, reason="x", by=place.manager, now=NOW)
    assert refusal.value.codes == ("task_is_closed",)


def test_who_may_give_a_task(place, ops, as_, morning):
    delivered(place)
    task = open_task(place, "dealer_7d")
    address = f"/tasks/{task.pk}/give/"
    assert as_(place.seller).get(address).status_code == 403
    assert as_(shop().manager).get(address).status_code == 404
    assert as_(ops).get(address).status_code == 200
    browser = as_(place.manager)
    offered = browser.get(address).context["form"].fields["to"].queryset
    assert list(offered) == [place.manager]  # neither the holder, nor who sees the customer not
    assert browser.delete(address).status_code == 405
    assert browser.post(address, {"to": "", "reason": ""}).status_code == 200
    answer = browser.post(address, {"to": str(place.manager.pk), "reason": "我来"})
    assert answer.status_code == 302
    task.refresh_from_db()
    assert task.assignee == place.manager or task.merged_into.assignee == place.manager
