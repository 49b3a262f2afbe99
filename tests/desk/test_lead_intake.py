"""The door for platforms, the sheets, and the drop folder."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from customers.models import Lead, LeadSource
from customers.services import lead_sources
from desk.lead_drop import take_dropped
from tests.factories.leads import SECRET, source

BODY = {"platform_id": "A1", "name": "许文博", "phone": "138 1234 5678", "need": "沙发"}
SHEET = "线索编号,姓名,电话,需求,提交时间\nB1,王芳,13812345678,床,2026-03-12 09:40\n"


def send(origin, body, *, at=None, secret=SECRET, signature=None, **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    stamp = str(int((at or timezone.now()).timestamp()))
    signed = lead_sources.signature_of(secret=secret, timestamp=stamp, body=content)
    return Client().post(
        f"/leads/in/{origin if isinstance(origin, str) else origin.code}/",
        content,
        content_type="application/json",
        headers={
            "X-Genjin-Timestamp": stamp,
            "X-Genjin-Signature": signature or signed,
            **headers,
        },
    )


@pytest.fixture
def origin(db):
    return source("douyin")


def test_a_signed_lead_is_taken_in_once(origin):
    first, again = send(origin, BODY), send(origin, BODY)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["lead"] == again.json()["lead"] == Lead.objects.get().pk
    assert Lead.objects.get().way == "webhook"


def test_a_list_is_answered_one_by_one(origin):
    both = send(origin, [BODY, {**BODY, "platform_id": "A2", "phone": "13812345679"}])
    assert both.status_code == 201
    assert [each["state"] for each in both.json()] == ["received", "received"]
    assert "12345678" not in both.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "another"},
        {"signature": "sha256="},
        {"signature": "sha256=" + "ä" * 64},
        {"at": timezone.now() - timedelta(minutes=6)},
        {"at": timezone.now() + timedelta(minutes=6)},
        {"headers": {}},
    ],
)
def test_whoever_is_not_known_is_told_the_same(origin, wrong):
    wrong.pop("headers", None)
    known = send(origin, BODY, **({"signature": "x"} | wrong))
    nobody = send("nobody", BODY)
    assert (known.status_code, nobody.status_code) == (401, 401)
    assert known.content == nobody.content
    assert not Lead.objects.exists()


def test_a_source_out_of_use_is_refused_and_so_is_an_old_secret(origin):
    secret = lead_sources.rotate_secret(origin=origin, by=None)
    assert send(origin, BODY).status_code == 401
    assert send(origin, BODY, secret=secret).status_code == 201
    LeadSource.objects.update(is_active=False)
    assert send(origin, BODY, secret=secret).status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'"x"', 400),
        (b"[1]", 400),
        (b"[" * 5000, 400),
        (b"\xff\xfe", 400),
        (b" " * (64 * 1024 + 1), 413),
        (json.dumps([BODY] * 101).encode(), 400),
    ],
)
def test_what_cannot_be_read_is_refused(origin, body, status):
    assert send(origin, body).status_code == status


def test_faults_are_told_by_field_and_nothing_is_kept(origin):
    wrong = {"platform_id": "A2", "phone": "12", "name": "x" * 65}
    answer = send(origin, [BODY, wrong])
    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert [(each["lead"], each["field"]) for each in errors] == [(1, "name"), (1, "phone")]
    assert not Lead.objects.exists()


def test_only_posts_are_heard(origin):
    assert Client().get("/leads/in/douyin/").status_code == 405


def test_the_log_holds_neither_name_nor_number(origin, caplog):
    send(origin, BODY)
    assert "lead" in caplog.text
    assert not any(word in caplog.text for word in ("许文博", "1381234", "1234 5678", "12345678"))


@pytest.mark.django_db(transaction=True)
def test_twenty_sendings_at_once_are_one_lead():
    origin = source("douyin")

    def one(_n):
        try:
            return send(origin, BODY)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(one, range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert Lead.objects.count() == 1


def run(path, **options):
    out = StringIO()
    status = 0
    try:
        call_command("import_leads", str(path), source="douyin", stdout=out, **options)
    except SystemExit as error:
        status = error.code
    return status, json.loads(out.getvalue())


def test_the_command_says_what_would_happen_then_does_it_once(origin, tmp_path):
    path = tmp_path / "leads.csv"
    path.write_bytes((SHEET + "B2,李雷,1381234,床,\n").encode("gb18030"))
    status, told = run(path, dry_run=True)
    assert (status, told["created"], Lead.objects.count()) == (1, 1, 0)
    status, told = run(path)
    assert (told["read"], told["created"], told["refused"]) == (2, 1, 1)
    assert told["refusals"][0]["column"] == "电话"
    assert (tmp_path / "leads.errors.xlsx").exists()
    assert run(path)[1]["unchanged"] == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [("姓名,电话\n王芳,13812345678\n", "COLUMNS_MISSING"), ("", "FILE_EMPTY")],
)
def test_a_sheet_refused_as_a_whole_says_why(origin, tmp_path, text, code):
    path = tmp_path / "leads.csv"
    path.write_text(text)
    status, told = run(path)
    assert (status, told["refusals"][0]["code"], told["refusals"][0]["row"]) == (1, code, 0)


@pytest.fixture
def folder(origin, settings, tmp_path):
    settings.LEADS_DROP_DIR = str(tmp_path)
    (tmp_path / "douyin").mkdir()
    (tmp_path / "unknown").mkdir()
    return tmp_path / "douyin"


def test_the_drop_folder_is_emptied_when_files_have_settled(folder):
    (folder / "a.csv").write_text(SHEET)
    (folder / "b.csv").write_text(SHEET.replace("B1", "B2").replace("13812345678", "1"))
    (folder / "half.csv.part").write_text(SHEET)
    (folder.parent / "unknown" / "c.csv").write_text(SHEET)
    assert take_dropped(now=timezone.now()) == 0
    later = timezone.now() + timedelta(minutes=1)
    assert take_dropped(now=later) == 2
    assert take_dropped(now=later) == 0
    names = sorted(path.suffix for path in folder.iterdir())
    assert names == [".done", ".json", ".json", ".part", ".refused", ".xlsx"]
    assert Lead.objects.count() == 1


def test_a_worker_that_died_half_way_is_made_up_for(folder, monkeypatch):
    (folder / "a.csv").write_text(SHEET)
    later = timezone.now() + timedelta(minutes=1)
    with monkeypatch.context() as patched:
        patched.setattr("desk.lead_drop.json.dumps", lambda *a, **k: 1 / 0)
        assert take_dropped(now=later) == 0
    assert (folder / "a.csv").exists()
    assert take_dropped(now=later) == 1
    assert Lead.objects.count() == 1


def test_without_a_folder_nothing_is_looked_at(origin, settings):
    settings.LEADS_DROP_DIR = ""
    assert take_dropped(now=timezone.now()) == 0
