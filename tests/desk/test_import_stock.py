"""`import_stock`: what it prints, imports that meet, a worker that is killed, any order."""

import io
import json
import threading

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from staff.services.system import system_account
from stock.models import DaySum, Movement, SizeStock, Style
from stock.services.importing import import_workbook
from stock.services.importing.remembering import remember
from tests.dying import die
from tests.factories.staff import StoreFactory
from tests.stock.ledger_rows import workbook
from tests.stock.ledgers import ledger

STYLES = [{"brand": "HP 04", "style": "X1", "tag_price": 599}]
ROWS = [
    {"date": "2026-03-05", "office": "ZZ", "style": "X1", "type": "采购", "qty": 2, "size": 36,
     "document": f"d{at}", "line": 1}
    for at in range(60)
]  # fmt: skip


def run(*args: object) -> tuple[dict, int]:
    out = io.StringIO()
    code: object = 0
    try:
        call_command("import_stock", *map(str, args), stdout=out)
    except SystemExit as stopped:
        code = stopped.code
    return json.loads(out.getvalue()), int(str(code))


@pytest.mark.django_db
def test_the_command_prints_each_sheet_and_leaves_what_was_refused(tmp_path):
    StoreFactory(code="ZZ")
    file = tmp_path / "周一.xlsx"
    file.write_bytes(workbook(styles=STYLES, movements=[*ROWS[:3], {**ROWS[3], "style": "X9"}]))
    told, code = run(file, "--dry-run")
    assert (told["收发存"]["created"], code, Style.objects.count()) == (3, 1, 0)
    told, code = run(file)
    assert code == 1
    assert list(told) == ["款式", "收发存"]
    assert told["款式"]["created"] == 1
    assert told["收发存"] | {"refusals": [], "notes": []} == {
        "read": 4, "created": 3, "updated": 0, "unchanged": 0, "refused": 1, "warnings": 0,
        "errors_file": str(tmp_path / "周一.errors.xlsx"), "refusals": [], "notes": [],
    }  # fmt: skip
    assert told["收发存"]["refusals"][0]["code"] == "STYLE_UNKNOWN"
    assert (tmp_path / "周一.errors.xlsx").exists()
    file.write_bytes(workbook(movements=ROWS[:3]))
    told, code = run(file)
    assert (told["收发存"]["unchanged"], code) == (3, 0)


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_says_so_and_a_chosen_mapping_is_remembered(tmp_path):
    office = StoreFactory(code="ZZ")
    file = tmp_path / "a.csv"
    text = "发生时间,店,款号,业务,数量,单据号\n2026-03-05,ZZ,X1,采购,2,d1\n"
    file.write_text(text, encoding="utf-16")
    told, code = run(file)
    assert (code, told["a.csv"]["refusals"][0]["code"]) == (1, "COLUMNS_MISSING")
    import_workbook(
        workbook(styles=STYLES), filename="s.xlsx", by=system_account(), now=timezone.now()
    )
    columns = {"date": 0, "office": 1, "style": 2, "type": 3, "qty": 4, "document": 5}
    headers = text.splitlines()[0].split(",")
    remember(kind="movements", headers=headers, columns=columns, by=system_account())
    told, code = run(file, "--store", office.code)
    assert (code, told["收发存"]["created"]) == (0, 1)


@pytest.mark.django_db
def test_in_whatever_order_parts_come_the_sums_are_the_same():
    for code in "abc":
        StoreFactory(code=code)
    drawn = {}
    for row in ledger(7, 60):
        line = row.line or "99"
        drawn[row.office, row.document, line] = {
            "date": row.on, "office": row.office, "style": "X1", "type": row.kind.label,
            "qty": row.quantity, "size": row.size, "document": row.document, "line": line,
            "reference": row.reference,
        }  # fmt: skip
    types = {"Opening stock": "期初", "Purchase": "采购", "Return to the supplier": "采购退货",
             "Sale": "销售", "Return by a customer": "销售退货", "Business use": "业务支出",
             "Gift": "赠送", "Transfer in": "调拨入", "Transfer out": "调拨出",
             "Stock-take gain": "盘盈", "Stock-take loss": "盘亏"}  # fmt: skip
    rows = [
        {**row, "type": types.get(str(row["type"]), str(row["type"]))} for row in drawn.values()
    ]
    parts = [rows[:15], rows[15:30], rows[30:]]

    def kept(*order: list[dict]):
        Movement.objects.all().delete()
        DaySum.objects.all().delete()
        for part in order:
            bring(workbook(styles=STYLES, movements=part))
        columns = ("on", "office__code", "position", "kind", "document", "reference", "size",
                   "quantity")  # fmt: skip
        return sorted(DaySum.objects.values_list(*columns))

    once = kept(*parts)
    assert len(once) > 10
    assert kept(*reversed(parts)) == once
    assert kept(parts[1], parts[0], parts[1], parts[2], parts[0]) == once


def bring(content: bytes):
    return import_workbook(content, filename="w.xlsx", by=system_account(), now=timezone.now())


@pytest.fixture
def committed(transactional_db):
    StoreFactory(code="ZZ")
    system_account()
    bring(workbook(styles=STYLES))


def test_two_imports_at_once_both_finish_and_make_each_row_once(committed):
    start, found = threading.Barrier(2), []

    def one(rows: list[dict]) -> None:
        try:
            start.wait()
            found.append(bring(workbook(movements=rows)).sheets["movements"])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=[rows]) for rows in (ROWS[:40], ROWS[20:])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sheet.created for sheet in found) == 60
    assert sum(sheet.unchanged for sheet in found) == 20
    assert SizeStock.objects.get().quantity == 120
    assert DaySum.objects.get().quantity == 120


KILLED = """
import os, signal
from django.utils import timezone
from staff.services.system import system_account
from stock.services.importing import import_workbook, movements
from tests.desk.test_import_stock import ROWS
from tests.stock.ledger_rows import workbook
movements.recount = lambda *args, **kwargs: os.kill(os.getpid(), signal.SIGKILL)
now, by = timezone.now(), system_account()
import_workbook(workbook(movements=ROWS), filename="w.xlsx", by=by, now=now)
"""


def test_a_killed_import_leaves_nothing_and_the_next_one_finishes(committed):
    die(KILLED)
    assert not Movement.objects.exists()
    assert bring(workbook(movements=ROWS)).sheets["movements"].created == 60
    assert DaySum.objects.get().quantity == 120
