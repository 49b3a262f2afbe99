"""Histories in the browser: who may, whose they are, looked at first, taken back with a reason."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.models import Job
from core.states import JobState
from customers.models import Contact, Customer, HistoryImport
from desk.histories import work
from desk.imports import services as imports
from desk.tasks import import_history
from staff.scope import IMPORTING_ROLES
from staff.states import Role
from tests.desk.import_sheets import xlsx
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory

# A job tells how far it is on a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

URL = "/customers/import/histories/"
HEADERS = ("电话", "时间", "方式", "结果", "内容")


@pytest.fixture
def boss(company):
    company.store_manager.language = "en"
    company.store_manager.save(update_fields=["language"])
    CustomerFactory(name="王建国", phone="13800138000", owner=company.sales_store)
    return company.store_manager


def book(*numbers: str) -> bytes:
    rows = [(number, "2025-11-03 15:30", "电话", "接通", "打13711112222") for number in numbers]
    return xlsx(rows, headers=HEADERS, name="跟进记录")


def send(browser, content: bytes):
    return browser.post(URL, {"file": SimpleUploadedFile("旧记录.xlsx", content)})


def look() -> Job:
    return Job.objects.filter(kind=work.LOOK).latest("pk")


def bring(browser, content: bytes) -> Job:
    send(browser, content)
    browser.post(f"{URL}looks/{look().pk}/", {"key": uuid4()})
    job = Job.objects.filter(kind=work.WRITE).latest("pk")
    import_history(job.pk)
    job.refresh_from_db()
    return job


def test_a_workbook_is_looked_at_brought_in_and_taken_back(boss, as_):
    browser = as_(boss)
    answer = send(browser, book("13800138000", "13900000000"))
    assert browser.get(answer.url).url == f"{URL}looks/{look().pk}/"
    page = browser.get(f"{URL}looks/{look().pk}/?fate=contacts")
    assert [item["count"] for item in page.context["fates"]] == [1, 0, 0, 0, 1, 0]
    assert "137****2222" in page.content.decode()
    assert "13711112222" not in page.content.decode()
    assert not Contact.objects.filter(is_imported=True).exists()

    job = bring(browser, book("13800138000", "13900000000"))
    assert (job.state, job.result["created"], job.result["refused"]) == (JobState.DONE, 1, 1)
    assert job.output is not None
    brought = HistoryImport.objects.get()
    assert "旧记录.xlsx" in browser.get(URL).content.decode()

    assert browser.post(f"{URL}{brought.pk}/", {"reason": ""}).status_code == 200
    done = browser.post(f"{URL}{brought.pk}/", {"reason": "错了"})
    assert done.status_code == 302
    assert not Contact.objects.filter(is_imported=True).exists()
    again = browser.post(f"{URL}{brought.pk}/", {"reason": "错了"})
    assert "taken back already" in again.content.decode()


def test_a_customer_who_is_a_strangers_by_now_is_not_named(company, boss, as_):
    bring(as_(boss), book("13800138000"))
    page = f"{URL}{HistoryImport.objects.get().pk}/"
    assert "王建国" in as_(boss).get(page).content.decode()
    Customer.objects.update(owner=company.stranger, store=company.other)
    assert "王建国" not in as_(boss).get(page).content.decode()
    assert "王建国" in as_(company.ops_manager).get(page).content.decode()


def test_a_number_in_the_name_of_a_file_is_masked(boss, as_):
    file = SimpleUploadedFile("王13800138000.xlsx", book("13800138000"))
    as_(boss).post(URL, {"file": file})
    source = look().source
    assert source is not None
    assert source.name == "王138____8000.xlsx"


def test_a_file_that_is_no_history_is_refused_in_words(boss, as_):
    content = xlsx([("a", "b")], headers=("甲", "乙"))
    assert "No sheet of this file is a history" in send(as_(boss), content).content.decode()
    assert "Choose the file" in as_(boss).post(URL, {}).content.decode()


def test_managers_bring_in_two_thousand_rows_at_a_time(boss, as_, monkeypatch):
    monkeypatch.setattr(imports, "MOST_ROWS_OF_A_UNIT", 1)
    answer = send(as_(boss), book("13800138000", "13800138000"))
    assert "1 rows at a time" in answer.content.decode()


def test_looks_and_histories_of_others_do_not_exist(company, boss, as_):
    bring(as_(boss), book("13800138000"))
    brought, seen = HistoryImport.objects.get(), look()
    peer = PersonFactory(role=Role.STORE_MANAGER, store=company.store)
    assert as_(peer).get(f"{URL}{brought.pk}/").status_code == 404
    assert as_(peer).get(f"{URL}looks/{seen.pk}/").status_code == 404
    assert as_(company.ops_manager).get(f"{URL}{brought.pk}/").status_code == 200
    assert as_(boss).get(f"{URL}999999/").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role not in IMPORTING_ROLES])
def test_who_may_not_import_is_refused_everywhere(company, as_, role):
    browser = as_(getattr(company, role.value))
    for path in ("", "1/", "looks/1/"):
        for method in (browser.get, browser.post):
            assert method(URL + path).status_code == 403
