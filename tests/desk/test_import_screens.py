"""Importing in the browser: the file, its columns, what would happen, the go-ahead, the result."""

import base64
import json
import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.models import AuditEntry, Job
from core.services import jobs
from core.states import JobState
from core.views import attachment
from customers.models import Customer
from desk.imports import background, services, work
from desk.imports.columns import COLUMNS
from desk.imports.sheets import Choices, open_sheet
from desk.tasks import import_customers
from staff.scope import IMPORTING_ROLES
from staff.states import STORE_BOUND_ROLES, Role
from tests.browsers import sign_in
from tests.desk.import_sheets import NEW, messy_workbook, simple, text, xlsx
from tests.factories.staff import PersonFactory, StoreFactory

# A job tells how far it is on a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

CASES = json.loads((Path(__file__).parents[1] / "data" / "bad_inputs_files.json").read_text())
FILES = [
    case for case in CASES["cases"] if case["field"] == "import.file" and case["kind"] == "file"
]


@pytest.fixture
def store():
    return StoreFactory(code="HZ01", name="杭州一店")


@pytest.fixture
def he(store, client):
    """An operations manager, signed in, reading English."""
    person = PersonFactory(username="he", role=Role.OPS_MANAGER, language="en")
    PersonFactory(username="lin", store=store)
    sign_in(client, person)
    return person


def send(client, content: bytes, name: str = "客户.xlsx", **told):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("desk:import"), {"file": file, **told})


def look() -> Job:
    return Job.objects.filter(kind=work.LOOK).latest("pk")


def go_ahead(client, job: Job):
    """Press the button of a preview, and let the worker do its work."""
    address = reverse("desk:import_preview", args=[job.pk])
    key = client.get(address).context["form"].initial["key"]
    answer = client.post(address, {"key": key})
    written = Job.objects.filter(kind=work.WRITE).latest("pk")
    import_customers(written.pk)
    written.refresh_from_db()
    return answer, written


def page_text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_messy_sheet_goes_from_the_file_to_the_customers(he, client):
    answer = send(client, messy_workbook())
    assert answer.url == reverse("core:job", args=[look().pk])
    assert client.get(answer.url).url == reverse("desk:import_columns", args=[look().pk])

    columns = client.get(reverse("desk:import_columns", args=[look().pk]))
    assert "内部编号" in page_text(columns)
    chosen = {field.html_name: field.value() for field in columns.context["form"]}
    answer = client.post(columns.request["PATH_INFO"], chosen)
    assert answer.url == reverse("desk:import_preview", args=[look().pk])

    preview = client.get(answer.url)
    assert [item["count"] for item in preview.context["fates"]][:4] == [NEW, 0, 0, 5]
    assert not Customer.objects.exists()

    answer, written = go_ahead(client, look())
    assert answer.url == reverse("core:job", args=[written.pk])
    assert written.state == JobState.DONE
    assert Customer.objects.count() == NEW
    done = page_text(client.get(answer.url))
    assert f"{NEW} new" in done
    assert "5 rows to mend" in done
    assert AuditEntry.objects.filter(verb="import_customers", by=he).count() == 1


def test_a_second_time_nothing_would_change(he, client):
    send(client, messy_workbook())
    go_ahead(client, look())

    send(client, messy_workbook())

    preview = client.get(reverse("desk:import_preview", args=[look().pk]))
    assert [item["count"] for item in preview.context["fates"]][:2] == [0, 0]
    assert "Nothing would change." in page_text(preview)


def test_changes_are_shown_field_by_field_before_they_are_made(he, client):
    send(client, simple(("王建国", "13800138001"), 地址="翠苑3幢"))
    go_ahead(client, look())

    send(client, simple(("王建国", "13800138001"), 地址="翠苑4幢"))

    preview = client.get(reverse("desk:import_preview", args=[look().pk]), {"fate": "changed"})
    assert "Address: 翠苑3幢 → 翠苑4幢" in page_text(preview)
    assert Customer.objects.get().address == "翠苑3幢"


def test_a_customer_changed_since_the_preview_is_held_back(he, client):
    send(client, simple(("王建国", "13800138001"), ("李芳", "13800138002"), 地址="翠苑3幢"))
    go_ahead(client, look())
    send(client, simple(("王建国", "13800138001"), ("李芳", "13800138002"), 地址="翠苑4幢"))
    Customer.objects.filter(name="王建国").update(address="somebody was here")

    _answer, written = go_ahead(client, look())

    assert (written.result["updated"], written.result["refused"]) == (1, 1)
    assert "held back" in written.result["message"]
    assert Customer.objects.get(name="王建国").address == "somebody was here"
    assert Customer.objects.get(name="李芳").address == "翠苑4幢"


def test_the_go_ahead_sent_twice_asks_once(he, client):
    send(client, simple(("王建国", "13800138001")))
    address = reverse("desk:import_preview", args=[look().pk])
    key = uuid4()
    first, second = (client.post(address, {"key": key}) for _time in range(2))
    assert first.url == second.url
    assert Job.objects.filter(kind=work.WRITE).count() == 1


def test_columns_are_corrected_by_hand(he, client):
    rows = [("王建国", "13800138001", "13900139001")]
    send(client, xlsx(rows, headers=("客户姓名", "手机", "号码")))
    found = client.get(reverse("desk:import_columns", args=[look().pk]))
    assert found.context["job"].result["unknown"] == ["号码"]

    told = {"column0": "name", "column1": "phone2", "column2": "phone"}
    client.post(found.request["PATH_INFO"], told)
    go_ahead(client, look())

    phones = Customer.objects.get().phones.order_by("-is_primary")
    assert [phone.masked for phone in phones] == ["139****9001", "138****8001"]


def test_two_headers_for_one_column_are_refused_in_words(he, client):
    send(client, xlsx([("王", "13800138001")], headers=("客户姓名", "电话")))
    address = reverse("desk:import_columns", args=[look().pk])
    answer = client.post(address, {"column0": "name", "column1": "name"})
    assert "Two columns are read as “Name”" in page_text(answer)


def test_a_missing_column_is_named_and_can_be_chosen(he, client):
    send(client, xlsx([("王建国", "13800138001")], headers=("客户姓名", "数字")))
    address = reverse("desk:import_columns", args=[look().pk])
    assert "A needed column is missing: 电话" in page_text(client.get(address))
    assert client.get(reverse("desk:import_preview", args=[look().pk])).url == address

    client.post(address, {"column0": "name", "column1": "phone"})
    assert look().result["created"] == 1


def test_an_encoding_that_cannot_be_told_is_asked(he, client):
    rows = [("陳大文", "13800138001", "備註")] * 3
    send(client, text(rows, headers=("姓名", "電話", "備註"), encoding="big5"), "big5.csv")
    job = look()
    assert job.result["needs"] == "encoding"
    page = client.get(reverse("desk:import_columns", args=[job.pk]))
    assert "陳大文" in page_text(page)
    client.post(page.request["PATH_INFO"], {"encoding": "big5hkscs"})
    assert look().result["headers"][0] == "姓名"


def test_hidden_rows_are_read_only_after_a_tick(he, client):
    hidden = next(case for case in FILES if case["id"] == "file-009")
    send(client, base64.b64decode(hidden["base64"]), "hidden.xlsx")
    job = look()
    assert (job.result["hidden_rows"], job.result["created"]) == (1, 1)
    chosen = {f"column{index}": key for key, index in job.result["columns"].items()}
    client.post(reverse("desk:import_columns", args=[job.pk]), {**chosen, "includes_hidden": "on"})
    assert look().result["created"] == 2


def test_the_store_and_keeper_of_the_form_fill_what_the_rows_leave_open(he, client, store):
    StoreFactory(code="HZ02")
    lin = PersonFactory(username="mei", store=store)
    content = simple(("王建国", "13800138001"))
    send(client, content)
    assert look().result["refused"] == 1

    send(client, content, store=store.pk, keeper=lin.pk)
    go_ahead(client, look())
    assert (Customer.objects.get().store, Customer.objects.get().owner) == (store, lin)


@pytest.mark.parametrize("case", FILES, ids=lambda case: case["id"])
def test_every_bad_file_gets_a_sentence_and_saves_nothing(he, client, case):
    answer = send(client, base64.b64decode(case["base64"]), case["filename"])

    if case["expect"] == "reject_file":
        assert answer.status_code == 200
        (said,) = answer.context["form"].errors["file"]
        assert said[0].isupper()
        assert said.endswith(".")
        assert look().state == JobState.FAILED
    else:
        job = look()
        assert answer.status_code == 302
        assert job.state == JobState.DONE
        needs_mapping = case["expect"] == "needs_mapping"
        assert bool(job.result["needs"]) == needs_mapping
        page = client.get(reverse("desk:import_preview", args=[job.pk]), follow=True)
        assert page.status_code == 200
        refused = 0 if needs_mapping else job.result["refused"]
        assert (refused > 0) == (case["expect"] == "reject_row") or case["expect"] == "partial"
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("客户\r\nSet-Cookie: a=b.xlsx", None),
        ("长" * 300 + ".xlsx", 100),
        ("../../etc/passwd.xlsx", None),
    ],
)
def test_the_name_of_a_file_harms_nobody(he, client, name, kept):
    send(client, simple(("王建国", "12")), name)
    assert not re.search(r"[\r\n/\\]", look().source.name)
    assert kept is None or len(look().source.name) <= kept

    _answer, written = go_ahead(client, look())
    sent = client.get(reverse("core:job_output", args=[written.pk]))
    assert "Set-Cookie" not in sent.headers
    assert "\n" not in sent.headers["Content-Disposition"]


def test_a_name_kept_by_an_older_version_cannot_break_the_header():
    header = attachment("客户\r\nSet-Cookie: a=b.xlsx")
    assert header.startswith("attachment; filename*=utf-8''")
    assert not re.search(r"[\r\n]", header)


def test_a_file_of_eleven_megabytes_is_refused_before_it_is_read(he, client):
    answer = send(client, b"x" * (11 * 1024 * 1024))
    assert "larger than 10 MB" in page_text(answer)
    assert not Job.objects.exists()


def test_no_file_and_an_empty_file_are_answered_in_words(he, client):
    assert "Choose the file" in page_text(client.post(reverse("desk:import"), {}))
    assert "The file is empty." in page_text(send(client, b""))


def test_those_who_lead_a_store_bring_in_two_thousand_rows_and_only_for_their_store(
    client, store, monkeypatch
):
    zhou = PersonFactory(role=Role.STORE_MANAGER, store=store, language="en")
    StoreFactory(code="HZ02")
    sign_in(client, zhou)
    monkeypatch.setattr(services, "MOST_ROWS_OF_A_UNIT", 2)

    answer = send(client, simple(*((f"客户{n}", f"1380013800{n}") for n in range(3))))
    assert "You may bring in 2 rows at a time" in page_text(answer)

    send(client, simple(("王建国", "13800138001"), 门店="HZ02"))
    assert look().result["refused"] == 1
    send(client, simple(("王建国", "13800138001")))
    assert look().result["created"] == 1


@pytest.mark.parametrize("role", [role for role in Role if role not in IMPORTING_ROLES])
@pytest.mark.parametrize("name", ["import", "import_template", "import_preview", "import_columns"])
def test_who_may_not_import_is_refused_everywhere(client, role, name):
    sign_in(client, PersonFactory(role=role))
    args = [1] if name in ("import_preview", "import_columns") else []
    for method in (client.get, client.post):
        assert method(reverse(f"desk:{name}", args=args)).status_code == 403


def test_looks_jobs_and_files_of_others_do_not_exist(he, client):
    send(client, simple(("王建国", "13800138001"), ("李", "12")))
    _answer, written = go_ahead(client, look())
    assert client.get(reverse("core:job_output", args=[written.pk])).status_code == 200

    sign_in(client, PersonFactory(role=Role.OPS_MANAGER))
    for name, pk in [
        ("core:job", written.pk),
        ("core:job_output", written.pk),
        ("desk:import_preview", look().pk),
        ("desk:import_columns", look().pk),
        ("core:job", 999_999),
    ]:
        assert client.get(reverse(name, args=[pk])).status_code == 404, name
    assert client.post(reverse("desk:import_preview", args=[look().pk])).status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_the_file_of_an_import_is_for_those_who_may_still_import(he, client, role):
    send(client, simple(("王建国", "13800138001"), ("李", "12")))
    _answer, written = go_ahead(client, look())
    he.role, he.store = role, StoreFactory() if role in STORE_BOUND_ROLES else None
    he.save(update_fields=["role", "store"])
    sign_in(client, he)
    answer = client.get(reverse("core:job_output", args=[written.pk]))
    assert answer.status_code == (200 if role in IMPORTING_ROLES else 403)


def test_a_job_without_a_file_has_none_to_send(he, client):
    job = jobs.ask(kind="x", by=he, params={})
    assert client.get(reverse("core:job_output", args=[job.pk])).status_code == 404


@pytest.mark.parametrize("state", ["waiting", "running", "failed"])
def test_the_page_of_a_job_tells_where_it_stands(he, client, state):
    job = jobs.ask(kind="x", by=he, params={})
    if state == "running":
        Job.objects.filter(pk=job.pk).update(state="running", done=3120, total=20000)
    if state == "failed":
        Job.objects.filter(pk=job.pk).update(state="failed", failure="", ended_at=job.asked_at)
    page = client.get(reverse("core:job", args=[job.pk]))
    shown = page_text(page)
    told = {"waiting": "In the queue", "running": "3,120 of 20,000 rows", "failed": str(job.pk)}
    assert told[state] in shown
    assert (b'hx-trigger="every 1s"' in page.content) == (state != "failed")
    assert (b'http-equiv="refresh"' in page.content) == (state != "failed")
    part = client.get(reverse("core:job", args=[job.pk]), headers={"HX-Request": "true"})
    assert b"<html" not in part.content


def test_a_large_sheet_is_left_to_a_worker(he, client, monkeypatch):
    monkeypatch.setattr(background, "SMALL", 10)
    answer = send(client, simple(("王建国", "13800138001")))
    assert look().state == JobState.WAITING
    assert client.get(answer.url).status_code == 200
    assert client.get(reverse("desk:import_preview", args=[look().pk])).url == answer.url

    work.do_look(look().pk)
    assert client.get(answer.url).url == reverse("desk:import_columns", args=[look().pk])
    goes_on = client.get(answer.url, headers={"HX-Request": "true"})
    assert goes_on.headers["HX-Redirect"] == reverse("desk:import_columns", args=[look().pk])


def test_a_worker_that_dies_after_writing_finds_it_written(he, client):
    send(client, simple(("王建国", "13800138001")))
    _answer, written = go_ahead(client, look())
    Job.objects.filter(pk=written.pk).update(state="waiting", ended_at=None)

    import_customers(written.pk)

    written.refresh_from_db()
    assert (written.state, written.result["created"]) == (JobState.DONE, 1)


def test_the_template_is_recognised_whole_in_both_languages(he, client):
    for language in ("en", "zh-hans"):
        he.language = language
        he.save()
        sent = client.get(reverse("desk:import_template"))
        assert sent.headers["Content-Disposition"].startswith("attachment")
        send(client, sent.content, "template.xlsx")
        answer = send(client, sent.content, "template.xlsx")
        assert "file" in answer.context["form"].errors  # there is nothing under the header
        opened = open_sheet("template.xlsx", sent.content, Choices())
        assert len(opened.columns) == len(COLUMNS)


def test_a_script_in_a_cell_stays_text(he, client):
    send(client, simple(("<script>alert(1)</script>", "13800138001"), 备注="<img src=x>"))
    for name in ("import_columns", "import_preview"):
        page = client.get(reverse(f"desk:{name}", args=[look().pk])).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x>" not in page
