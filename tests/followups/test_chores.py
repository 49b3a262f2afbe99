"""Chores of the house: owed by name, on the lists of whose they are, done with one tap."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEntry
from followups.models import Chore
from followups.queries.chores import chores_of_mine, visible_chores
from followups.services import (
    ChoreNotDone,
    Owed,
    do_chore,
    drop_chores,
    owe_chore,
    owe_chores,
    undo_chore,
)
from followups.states import DONE_ON_ITS_PAGE, ChoreKind
from staff.scope import reach_of
from staff.states import DutyKind, Role
from tests.factories.staff import DutyFactory, PersonFactory
from tests.followups.build import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

NOW = at("2026-03-12 09:50")
TODAY = NOW.date()


def owe(store, *, kind=ChoreKind.PREPARE, subject=1, days=0, **said):
    due_on = TODAY + timedelta(days=days)
    owe_chore(kind=kind, subject_id=subject, store_id=store.pk, due_on=due_on, **said)
    return Chore.objects.get(kind=kind, subject_id=subject, occurrence=said.get("occurrence", 0))


def mine(person):
    reach = reach_of(person, today=TODAY)
    rows = visible_chores(reach, today=TODAY).filter(chores_of_mine(reach, today=TODAY))
    return sorted(rows.values_list("subject_id", flat=True))


def test_it_is_owed_once_a_subject_and_time_and_the_latest_word_stands(company):
    first = owe(company.store, person_id=company.sales_store.pk, text="A")
    again = owe(company.store, person_id=company.store_manager.pk, days=3, text="B")
    assert (again.pk, again.text, again.person) == (first.pk, "B", company.store_manager)
    assert owe(company.store, occurrence=12).pk != first.pk

    do_chore(chore=again, by=company.store_manager, now=NOW)
    assert owe(company.store, text="C").done_at == NOW
    drop_chores(kind=ChoreKind.PREPARE, subject_ids=[1], now=NOW)
    assert Chore.objects.get(occurrence=12).dropped_at == NOW
    assert owe(company.store, occurrence=12).dropped_at is None


def test_many_take_no_query_for_each(company, django_assert_num_queries):
    rows = [
        Owed(kind=ChoreKind.SLIP, subject_id=n, store_id=company.store.pk, due_on=TODAY)
        for n in range(40)
    ]
    with django_assert_num_queries(4):
        owe_chores(rows)
    with django_assert_num_queries(4):
        owe_chores(rows)
    assert Chore.objects.count() == 40


def test_done_once_and_taken_back_by_whoever_did_it_within_ten_minutes(company):
    chore = owe(company.store, person_id=company.sales_store.pk)
    do_chore(chore=chore, by=company.sales_store, now=NOW)
    with pytest.raises(ChoreNotDone) as refused:
        do_chore(chore=chore, by=company.store_manager, now=NOW)
    assert company.sales_store.name in str(refused.value)
    with pytest.raises(ChoreNotDone):
        undo_chore(chore=chore, by=company.store_manager, now=NOW)
    with pytest.raises(ChoreNotDone):
        undo_chore(chore=chore, by=company.sales_store, now=NOW + timedelta(minutes=11))
    undo_chore(chore=chore, by=company.sales_store, now=NOW + timedelta(minutes=9))
    chore.refresh_from_db()
    assert (chore.done_at, chore.done_by) == (None, None)
    assert set(AuditEntry.objects.filter(object_id=chore.pk).values_list("verb", flat=True)) == {
        "do_chore", "undo_chore",
    }  # fmt: skip


def test_what_names_nobody_is_of_the_duty_else_of_who_leads_the_store(company):
    owe(company.store, kind=ChoreKind.SUBSTITUTE, subject=1)
    owe(company.store, kind=ChoreKind.OTHER, subject=2)
    assert mine(company.store_manager) == [1, 2]
    shows = PersonFactory(role=Role.MERCHANDISER)
    DutyFactory(person=shows, kind=DutyKind.VISUAL_DISPLAY, region=company.region)
    assert mine(shows) == [1]
    assert mine(company.store_manager) == [2]
    assert mine(company.sales_store) == mine(company.field_supervisor) == []


def test_an_assistant_sees_whom_they_assist_and_nobody_else(company):
    owe(company.store, person_id=company.sales_store.pk)
    assistant = PersonFactory(store=company.store)
    assert mine(assistant) == []
    DutyFactory(person=assistant, kind=DutyKind.ASSISTANT, assists=company.sales_store)
    assert mine(assistant) == [1]


# Pages


def section(page) -> str:
    found = re.search(r'<section class="house".*?</section>', page.content.decode(), re.S)
    return found[0] if found else ""


def whats(page) -> list[str]:
    return re.findall(r'class="who"[^>]*>([^<]*)<', section(page))


def test_today_ends_with_the_house_the_overdue_first_and_counts_all_of_it(company, as_):
    person = company.sales_store.pk
    owe(company.store, kind=ChoreKind.PREPARE, subject=1, days=2, person_id=person)
    owe(company.store, kind=ChoreKind.SLIP, subject=2, days=-2, person_id=person, path="/x/2/")
    owe(company.store, kind=ChoreKind.OTHER, subject=3, days=30, person_id=person)
    page = as_(company.sales_store).get("/today/")
    slip, prepare = ChoreKind.SLIP.label, ChoreKind.PREPARE.label
    assert whats(page) == [slip, prepare]
    assert 'href="/x/2/"' in section(page)
    assert '<a class="is-late" href="#house">' in page.content.decode()
    late = as_(company.sales_store).get("/today/", {"show": "overdue"})
    assert whats(late) == [slip]


@pytest.mark.parametrize("kind", sorted(DONE_ON_ITS_PAGE))
def test_what_is_done_on_its_page_is_not_tapped_away(company, as_, kind):
    """An order that nobody checked stays on the list of who is to check it (ORD-32)."""
    chore = owe(company.store, kind=kind, person_id=company.sales_store.pk, path="/orders/7/")
    answer = as_(company.sales_store).post(f"/chores/{chore.pk}/done/", {"back": "/today/"})
    assert answer["Location"] == "/orders/7/"
    chore.refresh_from_db()
    assert chore.done_at is None


def test_a_manager_sees_whose_it_is_and_others_see_nothing(company, as_):
    owe(company.store, person_id=company.sales_store.pk)
    assert company.sales_store.name in section(as_(company.store_manager).get("/today/"))
    assert whats(as_(company.store_manager).get("/today/", {"scope": "me"})) == []
    assert section(as_(company.stranger).get("/today/")) == ""


def test_a_tap_does_it_and_comes_back_to_the_same_list(company, as_):
    chore = owe(company.store, person_id=company.sales_store.pk)
    browser = as_(company.store_manager)
    address = f"/chores/{chore.pk}/done/"
    page = browser.get("/today/", {"scope": "store"})
    assert f'action="{address}"' in section(page)
    assert 'value="/today/?scope=store"' in section(page)
    answer = browser.post(address, {"back": "/today/?scope=store"})
    assert answer["Location"] == "/today/?scope=store#house"
    chore.refresh_from_db()
    assert chore.done_by == company.store_manager
    assert browser.post(address, {"back": "//evil.example/"})["Location"] == "/chores/#house"
    assert browser.get(address).status_code == 405

    done = browser.get("/chores/", {"show": "done"})
    assert f"/chores/{chore.pk}/undone/" in done.content.decode()
    browser.post(f"/chores/{chore.pk}/undone/", {"back": "/chores/"})
    chore.refresh_from_db()
    assert chore.done_at is None


@pytest.mark.parametrize(
    ("role", "status"),
    [("sales_store", 302), ("sales_field", 404), ("finance", 404), ("marketing_manager", 403)],
)
def test_who_may_say_that_it_is_done(company, as_, role, status):
    chore = owe(company.store, person_id=company.sales_store.pk)
    answer = as_(getattr(company, role)).post(f"/chores/{chore.pk}/done/", {})
    assert answer.status_code == status


def test_who_has_no_customers_finds_the_own_on_a_page_of_its_own(company, as_):
    owe(company.store, kind=ChoreKind.SLIP, person_id=company.finance.pk, text="DD-2611-000012")
    page = as_(company.finance).get("/chores/").content.decode()
    assert "DD-2611-000012" in page
    assert "/chores/" in as_(company.finance).get("/me/").content.decode()
    assert "DD-2611-000012" not in as_(company.merchandiser).get("/chores/").content.decode()


def test_the_page_costs_the_same_for_one_and_for_twelve(company, as_):
    browser = as_(company.store_manager)

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert browser.get("/chores/").status_code == 200
        return len(caught)

    owe(company.store, subject=1)
    one = cost()
    for subject in range(2, 13):
        owe(company.store, subject=subject, person_id=company.sales_store.pk)
    assert cost() == one
