"""Taking the list out: what is shown, masked, marked, counted, and only by some."""

import csv
import io
import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone
from python_calamine import CalamineWorkbook

from core.listing.export import FileKind, ListNotExported, claim_export
from core.models import AuditEntry, Job, StoredFile
from desk import tasks
from desk.views import exports
from staff import export_limits
from staff.states import Role
from tests.factories.customers import CustomerFactory

URL = "/customers/export/"
SENT = {"reason": "月度会", "kind": "csv"}


@pytest.fixture
def rows(company):
    CustomerFactory(name="=1+1", phone="13800138001", owner=company.sales_store, need="沙发")
    CustomerFactory(
        name="许文博", phone="13911204476", owner=company.sales_store, need="电话13800138000",
        grade="B1",
    )  # fmt: skip
    CustomerFactory(name="别店的", owner=company.stranger)


def table(answer):
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("store_manager", 200),
        ("field_supervisor", 200),
        ("marketing_manager", 200),
        ("ops_manager", 200),
        ("sales_store", 403),
        ("sales_field", 403),
        ("finance", 403),
        ("admin", 403),
    ],
)
def test_only_some_are_offered_an_export(rows, company, as_, role, status):
    browser = as_(getattr(company, role))
    assert browser.get(URL).status_code == status
    assert browser.post(URL, {}).status_code == status
    offered = URL in browser.get("/customers/").content.decode()
    assert offered is (status == 200)


def test_the_file_is_exactly_the_list(rows, company, as_):
    boss = as_(company.store_manager)
    header, *lines = table(boss.post(f"{URL}?sort=grade&cols=need&cols=phone", SENT))
    assert len(header) == 7  # four columns, the mark, and number and check for coming back
    assert [line[1] for line in lines] == ["'=1+1", "许文博"]
    assert [line[2:4] for line in lines] == [
        ["138****8001", "沙发"],
        ["139****4476", "电话138****8000"],
    ]
    narrowed = table(boss.post(f"{URL}?grade=B1&cols=need", SENT))
    assert [line[1] for line in narrowed[1:]] == ["许文博"]


def test_each_row_says_who_when_and_why_and_the_trail_too(rows, company, as_):
    boss = company.store_manager
    _header, *lines = table(as_(boss).post(f"{URL}?q=许文博", SENT))
    entry = AuditEntry.objects.get(verb="export")
    for word in (boss.name, boss.username, "月度会", entry.detail["batch"]):
        assert word in lines[0][-3]
    assert (entry.by, entry.reason, entry.detail["rows"]) == (boss, "月度会", 1)
    assert "许文博" not in str(entry.detail), "what was searched for stays out of the trail"
    assert entry.detail["filters"] == ["q"]


def test_a_workbook_holds_typed_cells_and_no_formula(rows, company, as_):
    sent = SENT | {"kind": "xlsx"}
    answer = as_(company.store_manager).post(f"{URL}?cols=registered&cols=last", sent)
    assert "attachment" in answer.headers["Content-Disposition"]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    cells = sheet.to_python()
    assert cells[2][1] == "=1+1"
    assert timezone.localdate().year - cells[2][3].year < 5
    assert b"<f>" not in answer.content


def test_an_export_needs_a_reason(rows, company, as_):
    page = as_(company.store_manager).post(URL, SENT | {"reason": " "})
    assert page.context["form"].errors["reason"]
    assert not AuditEntry.objects.filter(verb="export").exists()


def test_the_days_rows_are_counted_over_all_exports(rows, company, as_, monkeypatch):
    monkeypatch.setitem(export_limits.ROWS_A_DAY, Role.STORE_MANAGER, 3)
    boss = as_(company.store_manager)
    assert boss.post(URL, SENT).headers["Content-Type"].startswith("text/csv")
    page = boss.post(URL, SENT)
    assert page.context["form"].non_field_errors()
    assert boss.post(URL + "?grade=B1", SENT).headers["Content-Type"].startswith("text/csv")
    assert boss.post(URL + "?grade=D", SENT).context["form"].non_field_errors()
    assert AuditEntry.objects.filter(verb="export").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_exports_at_once_cannot_both_take_the_last_rows(company, monkeypatch):
    for _ in range(2):
        CustomerFactory(owner=company.sales_store)
    boss, together, outcomes = company.store_manager, threading.Barrier(6), []

    class Listed:
        """As much of an open list as counting needs."""

        total, shown, asked = 2, ("name",), {}
        declared = type("Declared", (), {"name": "customers"})

    def export():
        try:
            together.wait(timeout=20)
            claim_export(
                Listed(), by=boss, reason="x", kind=FileKind.CSV, rows_a_day=4, now=timezone.now()
            )
            outcomes.append("taken")
        except ListNotExported:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=export) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 4 + ["taken"] * 2


# long lists


@pytest.fixture
def queued(rows, company, as_, monkeypatch):
    monkeypatch.setattr(exports, "MOST_AT_ONCE", 1)
    answer = as_(company.store_manager).post(f"{URL}?cols=need&sort=-grade", SENT)
    job = Job.objects.get()
    assert answer.url == f"/jobs/{job.pk}/"
    tasks.export_customers(job.pk)
    job.refresh_from_db()
    return job


def test_a_long_list_is_made_in_the_background_and_fetched_once(queued, company, as_):
    boss, url = as_(company.store_manager), f"/customers/exports/{queued.pk}/"
    assert boss.get(url).status_code == 200
    answer = boss.post(url)
    assert [line[1] for line in table(answer)[1:]] == ["许文博", "'=1+1"]
    assert boss.post(url).status_code == 404
    assert boss.get(url).status_code == 404
    assert not StoredFile.objects.exists(), "nothing is left lying about"


def test_a_file_is_for_its_asker_alone_and_for_a_day(queued, company, as_):
    url = f"/customers/exports/{queued.pk}/"
    for person in (company.ops_manager, company.marketing_manager):
        assert as_(person).get(url).status_code == 404
        assert as_(person).post(url).status_code == 404
    Job.objects.update(ended_at=timezone.now() - timedelta(hours=24, minutes=1))
    assert as_(company.store_manager).get(url).status_code == 404


def test_who_may_no_longer_export_may_not_fetch(queued, company, as_):
    company.store_manager.role = Role.SALES_STORE
    company.store_manager.save()
    assert as_(company.store_manager).post(f"/customers/exports/{queued.pk}/").status_code == 403


def test_the_file_holds_what_its_asker_may_see_when_it_is_made(rows, company, as_, monkeypatch):
    monkeypatch.setattr(exports, "MOST_AT_ONCE", 1)
    as_(company.store_manager).post(URL, SENT)
    company.store_manager.store = company.other
    company.store_manager.save()
    tasks.export_customers(Job.objects.get().pk)
    content = StoredFile.objects.get().opened().decode("utf-8-sig")
    assert "别店的" in content
    assert "许文博" not in content
