"""`manage.py report`: what it prints, what it refuses."""

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
import python_calamine
from django.core.management import CommandError, call_command
from django.db import connection

from customers.states import Grade
from followups import services
from followups.models import Obligation
from reports.registry import REPORTS, run
from staff.models import Region
from staff.scope import reach_of
from staff.states import Trade
from tests.factories.staff import RegionFactory
from tests.followups.build import at, customer, delivery, shop

pytestmark = pytest.mark.django_db

NOW = at("2026-05-18 20:00")
KEYS = {
    "customer_id", "phone", "plan", "step", "occurrence", "due_on", "due_at", "assignee", "state",
    "task_id",
}  # fmt: skip


@pytest.fixture
def who():
    who = customer(shop(), now=NOW, grade=Grade.B2)
    delivery(who, on=date(2026, 5, 18), at=at("2026-05-18 19:40"), now=NOW)
    services.ask(now=NOW)
    return who


def report(*args: str) -> dict:
    out = io.StringIO()
    call_command("report", *args, stdout=out)
    return json.loads(out.getvalue())


def test_tasks_lists_one_row_an_obligation(who):
    told = report("tasks")
    assert set(told) == {"report", "params", "as_of", "rows", "total", "notes"}
    assert told["report"] == "tasks"
    assert {frozenset(row) for row in told["rows"]} == {frozenset(KEYS)}
    by_step = {row["step"]: row for row in told["rows"]}
    letter = by_step["dealer_letter"]
    assert letter["due_at"] == "2026-05-19T19:40:00+08:00"
    assert letter["plan"] == "dealer"
    assert letter["assignee"] == who.owner.username
    week = by_step["dealer_7d"]
    assert (week["due_on"], week["due_at"]) == ("2026-05-25", "2026-05-26T00:00:00+08:00")
    assert week["task_id"] == Obligation.objects.get(step__code="dealer_7d").task_id
    assert told["total"] == {"rows": 3, "by_state": {"open": 3}}


def test_numbers_are_masked(who):
    told = report("tasks", "--param", f"phone={phone_of(who)}")
    assert told["rows"]
    assert all("****" in row["phone"] for row in told["rows"])
    assert "****" in told["params"]["phone"]


def phone_of(who) -> str:
    from core.keyring import keyring

    return keyring().decrypt(bytes(who.phones.get().cipher))


def test_days_states_and_numbers_narrow_it(who):
    day = report("tasks", "--param", "from=2026-05-25", "--param", "to=2026-05-25")
    assert [row["step"] for row in day["rows"]] == ["dealer_7d"]
    assert day["params"] == {"from": "2026-05-25", "to": "2026-05-25"}
    assert report("tasks", "--param", "to=2026-05-18")["rows"] == []
    assert report("tasks", "--param", "state=done,skipped")["rows"] == []
    assert len(report("tasks", "--param", "state=open,done")["rows"]) == 3
    assert report("tasks", "--param", "phone=13700000000")["rows"] == []


@pytest.mark.parametrize(
    "args",
    [
        ("nonsense",),
        (),
        ("tasks", "--param", "from"),
        ("tasks", "--param", "=2026-01-01"),
        ("tasks", "--param", "colour=red"),
        ("tasks", "--param", "from=yesterday"),
        ("tasks", "--param", "from=2026-02-30"),
        ("ageing", "--param", "as_of=9999-12-31"),
        ("tasks", "--param", "from=2026-02-02", "--param", "from=2026-02-03"),
        ("tasks", "--param", "from=2026-02-02", "--param", "to=2026-02-01"),
        ("tasks", "--param", "state=late"),
        ("tasks", "--param", "state="),
        ("tasks", "--param", "phone=12"),
        ("tasks", "--format", "xlsx"),
        ("tasks", "--out", "/nowhere/at/all.json"),
    ],
)
def test_a_wrong_question_is_refused_with_a_sentence(who, args):
    with pytest.raises(CommandError) as refusal:
        call_command("report", *args)
    assert str(refusal.value).rstrip().endswith((".", "。"))


def test_the_list_names_reports_with_their_parameters():
    out = io.StringIO()
    call_command("report", "--list", stdout=out)
    for name, entry in REPORTS.items():
        assert f"{name}: " in out.getvalue()
        for parameter in entry.parameters:
            assert f"{parameter.name}=" in out.getvalue()


def test_a_report_is_a_csv_or_a_workbook(who, tmp_path):
    for kind in ("csv", "xlsx", "json"):
        told = report("tasks", "--format", kind, "--out", str(tmp_path / f"tasks.{kind}"))
        assert told == {"report": "tasks", "file": str(tmp_path / f"tasks.{kind}"), "rows": 3}
    text = (tmp_path / "tasks.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["step"] for row in rows} == {"dealer_letter", "dealer_24h", "dealer_7d"}
    book = python_calamine.CalamineWorkbook.from_path(tmp_path / "tasks.xlsx")
    assert len(book.get_sheet_by_index(0).to_python()) == 4
    assert json.loads((tmp_path / "tasks.json").read_text())["report"] == "tasks"


def test_a_person_gets_only_rows_within_reach(who):
    own = reach_of(who.owner, today=date(2026, 5, 18))
    other = reach_of(shop(Trade.SHOES).manager, today=date(2026, 5, 18))
    assert len(run("tasks", {}, reach=own, now=NOW)["rows"]) == 3
    assert run("tasks", {}, reach=other, now=NOW)["rows"] == []


def test_a_row_says_what_became_of_it(who):
    row = Obligation.objects.get(step__code="dealer_7d")
    row.state, row.closed_at = "done", NOW + timedelta(hours=1)
    row.save()
    told = report("tasks", "--param", "state=done")
    assert [row["step"] for row in told["rows"]] == ["dealer_7d"]


@pytest.mark.django_db(transaction=True)
def test_what_is_written_meanwhile_is_in_the_next_report(monkeypatch):
    """A report reads many times; an import that comes in between is in none of its reads."""

    def read_twice(params, *, reach, now):
        regions = [Region.objects.count()]
        with ThreadPoolExecutor(1) as another:
            another.submit(_brought_in).result()
        return [], {"regions": [*regions, Region.objects.count()]}, []

    def _brought_in():
        RegionFactory.create()
        connection.close()

    made = replace(REPORTS["size_gaps"], make=read_twice)
    monkeypatch.setattr("reports.registry.REPORTS", {"size_gaps": made})
    for before in (0, 1):
        told = run("size_gaps", {}, reach=None, now=NOW)["total"]["regions"]
        assert told == [before, before]
