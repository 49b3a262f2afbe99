"""Leave and stand-ins: who may say so, what it opens for how long, and that it is said once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from datetime import date, timedelta
from threading import Barrier, BrokenBarrierError
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from staff.models import Absence, Notice
from staff.scope import reach_of, with_standing
from staff.services import absences as services
from staff.services.absences import AbsenceNotSet, end_absence, set_absence
from staff.services.leaving import let_go
from staff.states import DutyKind, Level, NoticeKind, Role
from staff.told import sentence
from tests.factories.staff import DutyFactory, PersonFactory, StoreFactory
from tests.followups.build import at

NOW = at("2026-03-12 09:50")
TODAY = date(2026, 3, 12)
UNTIL = date(2026, 3, 15)


def days(number: int) -> timedelta:
    return timedelta(days=number)


@pytest.fixture
def store(db):
    return StoreFactory()


@pytest.fixture
def lin(store):
    return PersonFactory(store=store, name="小林")


@pytest.fixture
def chen(store):
    return PersonFactory(store=store, name="小陈")


def away(person, stand_in, *, by=None, starts_on=TODAY, ends_on=UNTIL, **more) -> Absence:
    said = {"kind": "leave", "now": NOW, "key": uuid4(), **more}
    return set_absence(
        person=person, stand_in=stand_in, starts_on=starts_on, ends_on=ends_on,
        by=by or person, **said,
    )  # fmt: skip


def test_for_these_days_and_no_others_the_stand_in_acts_for_the_absent(lin, chen):
    away(lin, chen)
    for day, acts in (
        (TODAY - days(1), False),
        (TODAY, True),
        (UNTIL, True),
        (UNTIL + days(1), False),
    ):
        reach = reach_of(chen, today=day)
        assert (lin.pk in reach.assists) is acts, day
        assert (lin.pk in reach.stands_in_for) is acts
        assert reach.level == Level.OWN


def test_whoever_stands_in_for_a_manager_sees_what_is_led_and_no_longer_than_that(store, chen):
    manager = PersonFactory(role=Role.STORE_MANAGER, store=store)
    other = StoreFactory()
    DutyFactory(person=manager, kind=DutyKind.SALES_MANAGER, store=other)
    away(manager, chen)
    reach = reach_of(chen, today=TODAY)
    assert (reach.level, reach.store_ids) == (Level.STORE, {store.pk, other.pk})
    assert reach_of(chen, today=UNTIL + days(1)).level == Level.OWN


def test_a_manager_borrows_nobodys_reach_by_writing_down_their_leave(store, lin):
    """What a salesperson has beyond the manager's own view is not the manager's to hand out."""
    manager = PersonFactory(role=Role.STORE_MANAGER, store=store)
    foreign = StoreFactory()
    duty = DutyFactory(person=lin, kind=DutyKind.SALES_MANAGER, store=foreign)
    with pytest.raises(AbsenceNotSet) as refusal:
        away(lin, manager, by=manager)
    assert refusal.value.codes == ("sees_more_than_you",)
    assert "小林" in str(refusal.value)
    assert not Absence.objects.exists()

    # A duty that is given once the leave stands opens nothing more either.
    duty.delete()
    away(lin, manager, by=manager)
    DutyFactory(person=lin, kind=DutyKind.SALES_MANAGER, store=foreign)
    reach = reach_of(manager, today=TODAY)
    assert (reach.store_ids, reach.stands_in_for) == ({store.pk}, {lin.pk})


@pytest.mark.parametrize("who", ["lin", "ops"])
def test_whoever_has_it_or_operations_hands_a_reach_on(store, lin, chen, who):
    foreign = StoreFactory()
    DutyFactory(person=lin, kind=DutyKind.SALES_MANAGER, store=foreign)
    away(lin, chen, by=lin if who == "lin" else PersonFactory(role=Role.OPS_MANAGER))
    assert reach_of(chen, today=TODAY).store_ids == {foreign.pk}


def test_a_manager_does_not_send_a_peer_on_leave(store):
    first = PersonFactory(role=Role.STORE_MANAGER, store=store)
    second = PersonFactory(role=Role.STORE_MANAGER, store=StoreFactory())
    second.other_stores.add(store)
    with pytest.raises(AbsenceNotSet) as refusal:
        away(second, first, by=first)
    assert refusal.value.codes == ("not_yours_to_say",)
    assert reach_of(first, today=TODAY).store_ids == {store.pk}


def test_the_reach_that_a_leave_opens_is_asked_in_one_query(store, lin, chen):
    for _number in range(3):
        gone = PersonFactory(store=store)
        away(gone, chen)
    [loaded] = with_standing(type(chen).objects.filter(pk=chen.pk), today=TODAY)
    with CaptureQueriesContext(connection) as asked:
        reach_of(loaded, today=TODAY)
    assert len(asked) == 1
    [loaded] = with_standing(type(lin).objects.filter(pk=lin.pk), today=TODAY)
    with CaptureQueriesContext(connection) as asked:
        reach_of(loaded, today=TODAY)
    assert len(asked) == 0


def test_whoever_was_written_down_as_away_is_told(store, lin, chen):
    manager = PersonFactory(role=Role.STORE_MANAGER, store=store, name="王店长")
    away(lin, chen, by=manager)
    told = {notice.person: notice for notice in Notice.objects.select_related("person")}
    assert set(told) == {lin, chen}
    assert told[lin].kind == NoticeKind.AWAY
    assert told[lin].params["by"] == "王店长"
    assert told[lin].params["stand_in"] == "小陈"
    with translation.override("en"):
        assert "王店长" in sentence(told[lin].kind, told[lin].params)


def test_a_manager_who_stands_in_is_not_told_what_they_wrote(store, lin):
    manager = PersonFactory(role=Role.STORE_MANAGER, store=store)
    away(lin, manager, by=manager)
    assert [notice.person for notice in Notice.objects.all()] == [lin]


def test_the_stand_in_is_told_once(lin, chen):
    key = uuid4()
    first = away(lin, chen, key=key)
    assert away(lin, chen, key=key) == first
    told = Notice.objects.get(person=chen)
    assert told.kind == NoticeKind.STANDING_IN
    assert told.params["person"] == "小林"


@pytest.mark.parametrize("starts", [0, 3])
def test_nobody_is_away_twice_at_a_time(lin, chen, starts):
    away(lin, chen)
    with pytest.raises(AbsenceNotSet) as refusal:
        away(lin, chen, starts_on=TODAY + days(starts), ends_on=TODAY + days(9))
    assert refusal.value.codes == ("is_away_already",)


def test_whoever_is_away_stands_in_for_nobody(store, lin, chen):
    third = PersonFactory(store=store)
    away(lin, chen)
    for person, stand_in, code in (
        (third, lin, "stand_in_is_away"),
        (chen, third, "stands_in_then"),
    ):
        with pytest.raises(AbsenceNotSet) as refusal:
            away(person, stand_in)
        assert refusal.value.codes == (code,)


def test_back_early_is_back_at_once(lin, chen):
    absence = away(lin, chen, starts_on=TODAY - days(2))
    end_absence(absence=absence, by=lin, now=NOW)
    assert reach_of(chen, today=TODAY).assists == frozenset()
    absence.refresh_from_db()
    assert (absence.ends_on, absence.called_off_at) == (TODAY - days(1), None)
    with pytest.raises(AbsenceNotSet) as refusal:
        end_absence(absence=absence, by=lin, now=NOW)
    assert refusal.value.codes == ("has_ended",)


def test_what_has_not_begun_is_called_off_and_may_be_written_anew(lin, chen):
    absence = away(lin, chen, starts_on=TODAY + days(1))
    end_absence(absence=absence, by=lin, now=NOW)
    absence.refresh_from_db()
    assert absence.called_off_by == lin
    assert away(lin, chen, starts_on=TODAY + days(1)).pk != absence.pk


def test_a_colleague_ends_nobodys_leave(lin, chen):
    absence = away(lin, chen)
    with pytest.raises(AbsenceNotSet) as refusal:
        end_absence(absence=absence, by=chen, now=NOW)
    assert refusal.value.codes == ("not_yours_to_say",)


def test_a_leaver_stands_in_for_nobody(store, lin, chen):
    absence = away(lin, chen)
    boss = PersonFactory(role=Role.OPS_MANAGER)
    let_go(person=chen, by=boss, now=NOW)
    absence.refresh_from_db()
    assert absence.called_off_by == boss


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False])
def test_two_who_go_and_stand_in_for_each_other_do_not_both_go(monkeypatch, is_guarded):
    """The control: without holding the people, both find nothing in the way."""
    store = StoreFactory()
    people = [PersonFactory(store=store) for _ in range(2)]
    gate = Barrier(2, timeout=5)
    check = services._check_others

    def slowly(*args):
        check(*args)
        with suppress(BrokenBarrierError):
            gate.wait(timeout=1.0)

    monkeypatch.setattr(services, "_check_others", slowly)
    if not is_guarded:
        monkeypatch.setattr(services, "_hold", lambda *people: None)

    def go(number: int) -> str:
        try:
            away(people[number], people[1 - number])
        except AbsenceNotSet as refusal:
            return refusal.codes[0]
        finally:
            connection.close()
        return "went"

    with ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(go, range(2)))
    assert ends.count("went") == (1 if is_guarded else 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False])
def test_two_managers_who_write_down_the_same_days_at_once_write_one(monkeypatch, is_guarded):
    """The control: without the constraint, both are written down."""
    store = StoreFactory()
    lin, *stand_ins = [PersonFactory(store=store) for _ in range(3)]
    managers = [PersonFactory(role=Role.STORE_MANAGER, store=store) for _ in range(2)]
    gate = Barrier(2, timeout=5)
    rules = services._check_rules

    def slowly(*args, **more):
        rules(*args, **more)
        gate.wait()

    monkeypatch.setattr(services, "_check_rules", slowly)

    def write(number: int) -> str:
        try:
            away(lin, stand_ins[number], by=managers[number], starts_on=TODAY + days(number))
        except AbsenceNotSet as refusal:
            return refusal.codes[0]
        finally:
            connection.close()
        return "written"

    with without_constraint() if not is_guarded else nullcontext(), ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(write, range(2)))
    assert ends == (["is_away_already", "written"] if is_guarded else ["written", "written"])


@contextmanager
def without_constraint():
    """The table as if nobody had thought of it."""
    [constraint] = [row for row in Absence._meta.constraints if row.name == "away_once_at_a_time"]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Absence, constraint)
    try:
        yield
    finally:
        Absence.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Absence, constraint)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def said(person, stand_in, **more) -> dict[str, str]:
    return {
        "key": str(uuid4()), "person": str(person.pk), "stand_in": str(stand_in.pk),
        "kind": "leave", "starts_on": "2026-03-12", "ends_on": "2026-03-15", "note": "", **more,
    }  # fmt: skip


def test_the_page_writes_leave_down_and_shows_it(clock, as_, lin, chen):
    answer = as_(lin).post("/absences/", said(lin, chen, note="回老家"))
    assert answer.status_code == 302
    page = as_(chen).get("/absences/")
    [row] = page.context_data["running"]
    assert (row["name"], row["stand_in"], row["may_end"]) == ("小林", "小陈", False)
    [own] = as_(lin).get("/absences/").context_data["running"]
    assert as_(lin).post(f"/absences/{own['pk']}/end/").status_code == 302
    assert as_(lin).get("/absences/").context_data["running"] == []


def test_the_page_refuses_with_a_sentence(clock, as_, lin, chen):
    as_(lin).post("/absences/", said(lin, chen))
    answer = as_(lin).post("/absences/", said(lin, chen))
    assert answer.context_data["form"].non_field_errors()
    answer = as_(lin).post("/absences/", said(lin, chen, ends_on="2026-03-01"))
    assert answer.context_data["form"].errors["ends_on"]
    answer = as_(lin).post("/absences/", said(chen, lin))
    assert answer.context_data["form"].errors["person"]


def test_stand_ins_who_are_away_are_marked_and_nobody_is_offered_to_themselves(
    clock, as_, store, lin, chen
):
    zhou = PersonFactory(store=store, name="小周")
    away(chen, zhou, starts_on=UNTIL, ends_on=UNTIL + days(2))
    field = as_(lin).get("/absences/").context_data["form"].fields["stand_in"]
    labels = {str(value): str(label) for value, label in field.choices if value}
    assert str(lin.pk) not in labels
    assert "17" in labels[str(chen.pk)]
    assert labels[str(zhou.pk)] == f"小周 · {store.name}"
    manager = PersonFactory(role=Role.STORE_MANAGER, store=store)
    offered = as_(manager).get("/absences/").context_data["form"].fields["stand_in"].queryset
    assert manager in offered


def test_who_sees_the_page_and_whose_leave(clock, as_, company):
    away(company.sales_store, company.store_manager)
    for role, status in (
        ("store_manager", 200), ("ops_manager", 200), ("marketing_manager", 200),
        ("merchandiser", 403), ("finance", 403), ("admin", 403),
    ):  # fmt: skip
        assert as_(getattr(company, role)).get("/absences/").status_code == status, role
    stranger = as_(company.stranger)
    assert stranger.get("/absences/").context_data["running"] == []
    pk = Absence.objects.get().pk
    assert stranger.post(f"/absences/{pk}/end/").status_code == 404
    assert stranger.get(f"/absences/{pk}/end/").status_code == 405
    assert as_(company.store_manager).post(f"/absences/{pk}/end/").status_code == 302


def test_the_page_asks_as_much_for_twelve_as_for_one(
    clock, as_, store, chen, django_assert_max_num_queries
):
    manager = PersonFactory(role=Role.STORE_MANAGER, store=store)
    for _number in range(12):
        away(PersonFactory(store=store), chen, by=manager)
    browser = as_(manager)
    with django_assert_max_num_queries(16):
        assert len(browser.get("/absences/").context_data["running"]) == 12


def test_the_page_offers_whom_one_may_speak_for_and_the_button_to_end_it(clock, as_, store, lin):
    """A second store is as much one's own as the first; one that a duty opens is not."""
    manager = PersonFactory(role=Role.STORE_MANAGER)
    manager.other_stores.add(store)
    opened = PersonFactory()
    DutyFactory(person=manager, kind=DutyKind.SERVICE_LEAD, store=opened.store)
    peer = PersonFactory(role=Role.STORE_MANAGER, store=store)
    away(lin, PersonFactory(store=store))
    page = as_(manager).get("/absences/").context_data
    assert [row["may_end"] for row in page["running"]] == [True]
    offered = set(page["form"].fields["person"].queryset)
    assert {manager, lin} <= offered
    assert not {opened, peer} & offered
    answer = as_(manager).post(f"/absences/{page['running'][0]['pk']}/end/")
    assert answer.status_code == 302
    assert not reach_of(lin, today=TODAY).stands_in_for
