"""Stores out of sheets: every row's fate, twice the same, and never half."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.models import AuditEntry
from core.spreadsheets.read import read_table
from core.spreadsheets.write import OutSheet, write_workbook
from staff.models import Region, Store
from staff.services.stores_import import import_stores
from staff.services.system import system_account
from tests.factories.staff import PersonFactory, StoreFactory

HEADERS = ["门店编码", "名称", "区域", "类型", "业态", "结业时间", "时区"]
GOOD = ["BJ01", "望京店", "华北", "门店", "家具", "21:30", "Asia/Shanghai"]


def sheet(*rows, headers=HEADERS, title=""):
    content = write_workbook([OutSheet("门店", headers, rows, title=title)])
    return read_table("stores.xlsx", content)


def run(*rows, by=None, dry_run=False, **more):
    return import_stores(
        sheet(*rows, **more), by=by or system_account(), now=timezone.now(), dry_run=dry_run
    )


def counts(summary):
    return (summary.created, summary.updated, summary.unchanged, summary.refused)


pytestmark = pytest.mark.django_db


def test_a_store_is_created_with_its_region_and_is_in_the_trail():
    summary = run(GOOD)
    store = Store.objects.get(code="BJ01")

    assert counts(summary) == (1, 0, 0, 0)
    assert (store.region.name, store.trade, store.kind) == ("华北", "furniture", "store")
    assert store.closes_at.isoformat() == "21:30:00"
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert verbs == {"region_created", "store_created"}


def test_the_same_sheet_again_changes_nothing():
    rows = [GOOD, ["SH01", "虹桥店", "华东", "业务部", "床垫", "22:00", ""]]
    run(*rows)
    acts = AuditEntry.objects.count()
    assert counts(run(*rows)) == (0, 0, 2, 0)
    assert AuditEntry.objects.count() == acts


def test_empty_cells_leave_things_as_they_are_and_new_ones_change_them():
    run(GOOD)
    assert counts(run(["ｂｊ01", "望京店", "", "", "", "", ""])) == (0, 0, 1, 0)
    assert counts(run(["BJ01", "望京新店", "", "", "", "22:00:00", ""])) == (0, 1, 0, 0)
    store = Store.objects.get()
    assert (store.name, store.code, store.closes_at.hour) == ("望京新店", "BJ01", 22)
    assert store.region.name == "华北"


def test_only_code_and_name_are_needed_and_the_rest_is_noted():
    summary = run(["X1", "某店"], headers=["code", "name"])
    assert counts(summary) == (1, 0, 0, 0)
    assert [note.code for note in summary.notes] == ["REGION_ASSUMED", "TRADE_ASSUMED"]
    assert Store.objects.get().region.name == "未分区"


def test_the_only_region_and_the_common_trade_are_taken_where_none_is_told():
    StoreFactory(trade="mattresses", region__name="华北")
    run(["X1", "某店"], headers=["code", "name"])
    store = Store.objects.get(code="X1")
    assert (store.region.name, store.trade) == ("华北", "mattresses")


@pytest.mark.parametrize(
    ("changed", "column", "code"),
    [
        ({0: ""}, "门店编码", "EMPTY"),
        ({0: "x" * 21}, "门店编码", "TEXT_TOO_LONG"),
        ({1: ""}, "名称", "EMPTY"),
        ({1: "店" * 61}, "名称", "TEXT_TOO_LONG"),
        ({3: "商场"}, "类型", "NOT_A_CHOICE"),
        ({4: "手机"}, "业态", "NOT_A_CHOICE"),
        ({5: "25:00"}, "结业时间", "TIME_INVALID"),
        ({5: "21:77"}, "结业时间", "TIME_INVALID"),
        ({5: "晚上"}, "结业时间", "TIME_INVALID"),
        ({6: "Mars/Base"}, "时区", "ZONE_UNKNOWN"),
    ],
)
def test_a_bad_row_is_refused_by_column_and_stops_no_other(changed, column, code):
    bad = [changed.get(at, value) for at, value in enumerate(GOOD)]
    summary = run(bad, ["SH01", "虹桥店", "华东", "", "", "", ""])
    assert counts(summary) == (1, 0, 0, 1)
    (refusal,) = summary.refusals
    assert (refusal.column, refusal.code, refusal.row) == (column, code, 2)
    assert refusal.text
    assert "%" not in refusal.text
    assert list(Store.objects.values_list("code", flat=True)) == ["SH01"]
    assert list(Region.objects.values_list("name", flat=True)) == ["华东"]


@pytest.mark.parametrize("written", ["21:30", "21：30", "21点30分", "21时30", "21:30:00"])
def test_closing_hours_are_read_as_people_write_them(written):
    run([*GOOD[:5], written, ""])
    assert Store.objects.get().closes_at.isoformat() == "21:30:00"


def test_a_code_that_stands_twice_is_refused_unless_it_says_the_same():
    assert counts(run(GOOD, GOOD)) == (1, 0, 1, 0)
    summary = run(["A", "甲", "", "", "", "", ""], ["A", "乙", "", "", "", "", ""])
    assert [refusal.code for refusal in summary.refusals] == ["CODE_TWICE"]


def test_a_missing_needed_column_is_named_and_an_unknown_one_listed():
    summary = run(["BJ01", "x"], headers=["门店编码", "老板"])
    assert [(r.code, r.column) for r in summary.refusals] == [("COLUMN_MISSING", "名称")]
    assert [(n.code, n.column) for n in summary.notes] == [("COLUMN_UNKNOWN", "老板")]
    assert not Store.objects.exists()


def test_headers_are_found_under_a_title_in_any_order():
    summary = run(["望京店", "BJ01"], headers=["门店名称*", " 门店 编码"], title="门店一览")
    assert counts(summary) == (1, 0, 0, 0)


def test_a_dry_run_says_the_same_and_changes_nothing():
    rows = [GOOD, ["", "x", "", "", "", "", ""]]
    assert counts(run(*rows, dry_run=True)) == (1, 0, 0, 1)
    assert not Store.objects.exists()
    assert not Region.objects.exists()
    assert counts(run(*rows)) == (1, 0, 0, 1)


def test_somebody_who_may_not_set_up_stores_is_refused_row_by_row():
    run(GOOD)
    ops = PersonFactory(role="ops_manager")
    summary = run(GOOD, ["SH01", "虹桥店", "华北", "", "", "", ""], by=ops)
    assert counts(summary) == (0, 0, 1, 1)
    assert summary.refusals[0].code == "not_yours"
    assert summary.refusals[0].text


def command(*arguments):
    out = StringIO()
    code: object = 0
    try:
        call_command("import_stores", *map(str, arguments), stdout=out)
    except SystemExit as exited:
        code = exited.code
    return code, json.loads(out.getvalue())


def test_the_command_prints_the_summary_and_leaves_a_sheet_to_mend(tmp_path):
    file = tmp_path / "门店.csv"
    file.write_bytes("门店编码,名称,业态\nBJ01,望京店,家具\nBJ02,坏店,手机\n".encode("gb18030"))
    code, summary = command(file)

    assert code == 1
    keys = ["read", "created", "updated", "unchanged", "refused", "warnings", "errors_file"]
    assert list(summary)[:8] == [*keys, "refusals"]
    assert (summary["read"], summary["created"], summary["refused"]) == (2, 1, 1)
    assert set(summary["refusals"][0]) == {"row", "column", "code", "text"}
    beside = tmp_path / "门店.errors.xlsx"
    assert summary["errors_file"] == str(beside)
    mended = read_table(beside.name, beside.read_bytes())
    assert [row.cells[1:3] for row in mended.rows] == [["BJ02", "坏店"]]


def test_the_command_is_content_with_a_good_file_and_a_dry_run(tmp_path):
    file = tmp_path / "stores.csv"
    file.write_text("code,name,region\nA,Alpha,North\n", encoding="utf-8")
    assert command(file, "--dry-run")[0] == 0
    assert not Store.objects.exists()
    admin = PersonFactory(role="admin", username="boss")
    code, summary = command(file, "--by", "boss")
    assert (code, summary["created"], summary["errors_file"]) == (0, 1, None)
    assert AuditEntry.objects.latest("pk").by == admin


def test_the_command_refuses_what_it_cannot_read_in_words(tmp_path):
    with pytest.raises(CommandError):
        command(tmp_path / "nowhere.xlsx")
    file = tmp_path / "x.xlsx"
    file.write_bytes(b"no workbook")
    code, summary = command(file)
    assert (code, summary["refused"], summary["errors_file"]) == (1, 1, None)
    with pytest.raises(CommandError):
        command(file, "--by", "nobody")


def test_a_workbook_may_carry_the_stores_on_a_sheet_among_others(tmp_path):
    file = tmp_path / "book.xlsx"
    file.write_bytes(
        write_workbook([OutSheet("客户", ["姓名"], [["张三"]]), OutSheet("门店", HEADERS, [GOOD])])
    )
    assert command(file)[1]["created"] == 1
