"""The sheet of a long board: a job's work, of what was asked for, for its asker alone."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.models import AuditEntry, Job, StoredFile
from core.spreadsheets.read import read_workbook
from core.states import JobState
from staff.models import Person
from staff.states import Role
from stock.lists import board_sheet
from stock.states import FigureLevel
from stock.tasks import export_board
from stock.views import sheets
from tests.factories.stock import FigureFactory, FigureSetFactory, StyleFactory

# A job tells how far it is on a connection of its own, which sees only what is committed.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]
WHY = {"reason": "周一例会", "kind": "xlsx"}


@pytest.fixture
def figures(company):
    found = FigureSetFactory.create(as_of=date(2026, 4, 1), made_at=timezone.now())
    for at in range(3):
        style = StyleFactory.create(number=f"HP{at}")
        whole = {"level": FigureLevel.COMPANY, "office": None, "region": None}
        for place in (whole, {"office": company.other}):
            FigureFactory.create(set=found, style=style, sold=at, closing=7, **place)
    return found


def asked_for(browser, monkeypatch, query: str = "") -> Job:
    monkeypatch.setattr(sheets, "MOST_AT_ONCE", 2)
    answer = browser.post(f"/stock/sheet/?{query}", WHY)
    job = Job.objects.get(kind=sheets.EXPORT_BOARD)
    assert answer.url == f"/jobs/{job.pk}/"
    return job


def cells(content: bytes) -> list:
    (table,) = read_workbook("a.xlsx", content).values()
    return [row.cells[:-1] for row in table.rows]  # without who took it when


def test_a_long_board_is_a_job_that_another_worker_ends_and_is_fetched_once(
    company, figures, as_, monkeypatch
):
    browser = as_(company.merchandiser)
    at_once = browser.post("/stock/sheet/?sort=-sold", WHY)
    job = asked_for(browser, monkeypatch, "sort=-sold")
    # Another set stands by now, and whoever began is dead.
    type(figures).objects.filter(pk=figures.pk).update(is_standing=False)
    FigureSetFactory.create(as_of=date(2026, 4, 2), made_at=timezone.now())
    long_ago = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1, beat_at=long_ago)
    monkeypatch.setattr(board_sheet, "TOLD_AFTER", 1)
    export_board(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, 3, 3)
    assert as_(company.ops_manager).get(f"/stock/sheet/{job.pk}/").status_code == 404
    assert browser.get(f"/stock/sheet/{job.pk}/").status_code == 200
    fetched = browser.post(f"/stock/sheet/{job.pk}/")
    assert cells(fetched.content) == cells(at_once.content)
    assert browser.post(f"/stock/sheet/{job.pk}/").status_code == 404
    told = AuditEntry.objects.filter(verb="export").latest("pk").detail
    assert (told["list"], told["rows"], told["batch"]) == ("goods", 3, job.params["batch"])


def test_who_sees_one_store_by_now_gets_no_sheet_of_another(company, figures, as_, monkeypatch):
    job = asked_for(as_(company.merchandiser), monkeypatch, f"office={company.other.pk}")
    moved = {"role": Role.STORE_MANAGER, "store": company.store}
    Person.objects.filter(pk=company.merchandiser.pk).update(**moved)
    export_board(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.FAILED, {})
    assert "export it anew" in job.failure
    assert not StoredFile.objects.exists()


def test_no_more_rows_go_out_than_were_claimed(company, figures, as_, monkeypatch):
    job = asked_for(as_(company.merchandiser), monkeypatch)
    whole = {"level": FigureLevel.COMPANY, "office": None, "region": None}
    FigureFactory.create(set=figures, style=StyleFactory.create(), closing=1, **whole)
    export_board(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.FAILED, {})
