"""`import_customers`: a messy sheet comes in right, twice changes nothing, and all or nothing."""

import io
import json
import re
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from core.models import AuditEntry
from core.names import search_text
from core.spreadsheets.read import read_table
from customers.models import Customer, CustomerPhone, OwnedProduct, Project
from customers.states import ExpectedPurchase, Source, Title
from followups import services as followups
from followups.models import Obligation
from followups.states import Anchor
from staff.models import Store
from staff.states import Role, Trade
from tests.desk.import_sheets import NEW, READ, REFUSED, messy_csv, messy_workbook, simple, xlsx
from tests.factories.staff import PersonFactory, StoreFactory

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
ON_THE_DAY = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)


@pytest.fixture
def house(monkeypatch):
    """Two stores, a salesperson and a manager; it is 21 November 2026."""
    monkeypatch.setattr(timezone, "now", lambda: ON_THE_DAY)
    cars = StoreFactory(code="HZ01", trade=Trade.CARS)
    other = StoreFactory(code="HZ02")
    lin = PersonFactory(username="lin", store=cars)
    zhou = PersonFactory(username="zhou", role=Role.STORE_MANAGER, store=cars)
    PersonFactory(username="he", role=Role.OPS_MANAGER)
    return {"cars": cars, "other": other, "lin": lin, "zhou": zhou}


def bring(folder: Path, content: bytes, *options: str, name: str = "客户.xlsx"):
    """Run the command on a file of this content: its summary and exit code."""
    file = folder / name
    file.write_bytes(content)
    out = io.StringIO()
    code = 0
    try:
        call_command("import_customers", str(file), *options, stdout=out)
    except SystemExit as left:
        code = int(left.code or 0)
    return json.loads(out.getvalue()), code


def counts(summary: dict) -> tuple[int, int, int, int]:
    return tuple(summary[key] for key in ("created", "updated", "unchanged", "refused"))


def by_name(name: str) -> Customer:
    return Customer.objects.get(name=name)


@pytest.mark.parametrize(
    ("content", "name"), [(messy_workbook(), "客户.xlsx"), (messy_csv(), "客户.csv")]
)
def test_a_messy_sheet_comes_in_with_exactly_these_fates(house, tmp_path, content, name):
    summary, code = bring(tmp_path, content, name=name)

    assert (summary["read"], *counts(summary)) == (READ, NEW, 0, READ - NEW - REFUSED, REFUSED)
    assert code == 1
    assert Customer.objects.count() == NEW
    assert CustomerPhone.objects.count() == 8
    assert Project.objects.count() == NEW
    assert sorted({refusal["code"] for refusal in summary["refusals"]}) == [
        "DATE_AMBIGUOUS",
        "NAME_EMPTY",
        "NO_WAY_TO_REACH",
        "OWNER_UNKNOWN",
        "PHONE_DIGITS_LOST",
        "STORE_UNKNOWN",
    ]


def test_every_cell_of_a_row_reaches_its_column(house, tmp_path):
    bring(tmp_path, messy_workbook())

    wang = by_name("王建国")
    assert (wang.title, wang.grade, wang.source) == (Title.MR, "A", Source.WALK_IN)
    assert wang.owner == house["lin"]
    assert (wang.birth_year, wang.birth_month, wang.birth_day) == (1985, 8, 15)
    assert wang.expected_purchase == ExpectedPurchase.WEEK
    assert wang.note == "老客户"
    assert wang.phones.get().masked == "138****8001"
    assert "wangjianguo" in wang.search

    li = by_name("李芳")
    assert (li.birth_month, li.birth_day, li.birth_is_lunar) == (8, 15, True)
    product = li.products.get()
    assert (product.delivered_on, product.product) == (date(2026, 11, 20), "Model Y")
    assert product.delivered_at == datetime(2026, 11, 20, 19, 40, tzinfo=SHANGHAI)
    assert product.delivered_noted_at == ON_THE_DAY
    assert li.grade == "B2"

    zhang = by_name("张伟")
    assert zhang.referrer == wang
    assert zhang.products.get().delivered_on == date(2024, 2, 29)
    assert zhang.products.get().delivered_at is None
    assert zhang.phones.count() == 2

    liu = by_name("刘静")
    assert (liu.grade, liu.owner, liu.referrer_text) == ("C1", None, "王姐")
    assert liu.products.get().purchased_on == date(2026, 11, 18)

    chen = by_name("陈强")
    assert (chen.need, chen.expected_on, chen.grade) == ("宋 PLUS", date(2026, 12, 31), "C2")
    assert not chen.products.exists()


def test_a_dated_next_step_becomes_an_obligation_once(house, tmp_path):
    for _time in range(2):
        bring(tmp_path, messy_workbook())

    agreed = Obligation.objects.get(step__anchor=Anchor.NEXT_STEP)
    assert (agreed.customer, agreed.due_on) == (by_name("王建国"), date(2026, 12, 1))
    assert agreed.text == "邀约试驾"


def test_the_same_file_twice_changes_nothing(house, tmp_path):
    bring(tmp_path, messy_workbook())
    before = list(Customer.objects.order_by("pk").values())

    summary, _code = bring(tmp_path, messy_workbook())

    assert counts(summary) == (0, 0, READ - REFUSED, REFUSED)
    assert list(Customer.objects.order_by("pk").values()) == before
    assert OwnedProduct.objects.count() == 3


def test_delivered_customers_have_exactly_the_obligations_of_their_plan(house, tmp_path):
    """Formulas 3.11 inside the horizon of 60 days, by the engine's next round (decision 9)."""
    bring(tmp_path, messy_workbook())
    followups.ask(now=ON_THE_DAY)

    def dues(name: str) -> list[tuple[str, str]]:
        rows = Obligation.objects.filter(customer__name=name, step__plan__code="dealer")
        return [
            (code, f"{due_on:%Y-%m-%d}")
            for code, due_on in rows.order_by("due_on", "step__code").values_list(
                "step__code", "due_on"
            )
        ]

    assert dues("李芳") == [
        ("dealer_24h", "2026-11-21"),
        ("dealer_letter", "2026-11-21"),
        ("dealer_7d", "2026-11-27"),
        ("dealer_2m", "2027-01-20"),
    ]
    exact = Obligation.objects.get(customer__name="李芳", step__code="dealer_24h")
    assert exact.due_at == datetime(2026, 11, 21, 19, 40, tzinfo=SHANGHAI)
    assert dues("张伟") == [("dealer_2m", "2026-12-29")]


def test_the_audit_trail_of_a_change_holds_no_number(house, tmp_path):
    bring(tmp_path, simple(("王建国", "13800138001"), 门店="HZ01"))
    bring(tmp_path, simple(("王建国", "13800138001/13900139001"), 备注="13700137000"))

    entry = AuditEntry.objects.get(verb="update")
    assert entry.detail["fields"] == ["note", "phone"]
    assert not re.search(r"\d{8}", json.dumps(entry.detail))


def test_a_corrected_file_changes_field_by_field_and_empty_cells_never_erase(house, tmp_path):
    bring(tmp_path, simple(("王建国", "13800138001"), 门店="HZ01", 地址="翠苑一区3幢", 备注="旧"))

    summary, _code = bring(tmp_path, simple(("王建国", "13800138001"), 地址="翠苑一区4幢", 备注=""))

    assert counts(summary) == (0, 1, 0, 0)
    wang = by_name("王建国")
    assert (wang.address, wang.note) == ("翠苑一区4幢", "旧")
    assert wang.address_key
    entry = AuditEntry.objects.get(verb="update", object_id=wang.pk)
    assert entry.detail["fields"] == ["address"]


def test_a_card_that_a_sheet_changes_is_still_found_by_its_company(house, tmp_path):
    bring(tmp_path, simple(("王建国", "13800138001"), 门店="HZ01", 需求="沙发"))
    Customer.objects.update(company="郑州某某公司")

    bring(tmp_path, simple(("王建国", "13800138001"), 需求="床"))

    card = by_name("王建国")
    assert (card.need, card.search) == ("床", search_text("王建国", "郑州某某公司"))


def test_the_error_sheet_mended_and_sent_in_again_comes_in(house, tmp_path):
    summary, _code = bring(tmp_path, simple(("王建国", "1380013800"), ("李芳", "13800138002"),
                                            门店="HZ01"))  # fmt: skip
    errors = Path(summary["errors_file"])
    table = read_table(errors.name, errors.read_bytes())
    assert len(table.rows) == 1
    assert "11" in table.rows[0].cells[0]

    mended = simple(("王建国", "13800138001"), 门店="HZ01")
    again, code = bring(tmp_path, mended)
    assert (counts(again), code) == ((1, 0, 0, 0), 0)
    assert again["errors_file"] is None


def test_formulas_come_back_as_text(house, tmp_path):
    summary, _code = bring(tmp_path, simple(("=1+1", "12"), ("@SUM(1)", "13"), 门店="HZ01"))
    errors = Path(summary["errors_file"]).read_bytes()

    table = read_table("e.xlsx", errors)

    assert [row.cells[1] for row in table.rows] == ["=1+1", "@SUM(1)"]
    assert not any(row.faults for row in table.rows)


def test_a_dry_run_counts_and_writes_nothing(house, tmp_path):
    summary, _code = bring(tmp_path, messy_workbook(), "--dry-run")

    assert counts(summary)[0] == NEW
    assert not Customer.objects.exists()
    assert not AuditEntry.objects.filter(verb="import_customers").exists()


def test_the_system_gives_no_keeper_and_a_salesperson_keeps_what_they_bring(house, tmp_path):
    bring(tmp_path, simple(("王建国", "13800138001"), 门店="HZ01"))
    assert by_name("王建国").owner is None

    bring(tmp_path, simple(("李芳", "13800138002"), 门店="HZ01"), "--by", "lin")
    assert by_name("李芳").owner == house["lin"]

    bring(tmp_path, simple(("张伟", "13800138003"), 门店="HZ01"), "--by", "zhou")
    assert by_name("张伟").owner is None


def test_a_row_without_store_takes_the_given_one_else_is_refused_by_name(house, tmp_path):
    content = simple(("王建国", "13800138001"))
    summary, _code = bring(tmp_path, content)
    assert [refusal["code"] for refusal in summary["refusals"]] == ["STORE_MISSING"]

    summary, _code = bring(tmp_path, content, "--store", "HZ02")
    assert counts(summary) == (1, 0, 0, 0)
    assert by_name("王建国").store == house["other"]


def test_the_only_store_needs_no_name(house, tmp_path):
    house["other"].delete()
    summary, _code = bring(tmp_path, simple(("王建国", "13800138001")))
    assert counts(summary) == (1, 0, 0, 0)


def test_somebody_elses_customer_is_refused_without_saying_whose(house, tmp_path):
    bring(tmp_path, simple(("王建国", "13800138001"), 门店="HZ02"))

    summary, _code = bring(tmp_path, simple(("老王", "13800138001"), 门店="HZ01"), "--by", "zhou")

    (refusal,) = summary["refusals"]
    assert refusal["code"] == "OUT_OF_REACH"
    assert "HZ02" not in json.dumps(summary)
    assert "王建国" not in json.dumps(summary, ensure_ascii=False)
    assert by_name("王建国").store == house["other"]


def test_without_a_number_the_wechat_id_says_who_it_is(house, tmp_path):
    content = simple(("王建国", ""), ("李芳", ""), 门店="HZ01", 微信="")
    summary, _code = bring(tmp_path, content)
    assert counts(summary) == (0, 0, 0, 2)

    rows = simple(("王建国", ""), 门店="HZ01", 微信="wang_1985")
    assert counts(bring(tmp_path, rows)[0]) == (1, 0, 0, 0)
    assert counts(bring(tmp_path, rows)[0]) == (0, 0, 1, 0)
    with_number = simple(("王建国", "13800138001"), 门店="HZ01", 微信="WANG_1985")
    assert counts(bring(tmp_path, with_number)[0]) == (0, 1, 0, 0)
    assert by_name("王建国").phones.count() == 1


def test_an_old_next_contact_opens_no_task_and_says_so(house, tmp_path):
    summary, _code = bring(
        tmp_path, simple(("王建国", "13800138001"), 门店="HZ01", 下次联系日期="2026-11-01")
    )
    assert summary["warnings"] == 1
    assert not Obligation.objects.exists()


def test_the_import_and_each_customer_stand_in_the_audit_trail(house, tmp_path):
    bring(tmp_path, messy_workbook())

    entry = AuditEntry.objects.get(verb="import_customers")
    assert entry.detail["counts"]["created"] == NEW
    assert AuditEntry.objects.filter(verb="register").count() == NEW
    assert "138" not in json.dumps(list(AuditEntry.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"PK\x03\x04 not a zip", "a.xlsx", "damaged"),
        (simple(("王建国", "13800138001")).replace(b"PK", b"XX"), "a.xlsx", "text file"),
        ("姓名,地址\n王建国,翠苑".encode(), "a.csv", "电话"),
        ("客户姓名,电话\n".encode(), "a.csv", "header"),
        ("电话,电话,姓名\n13800138001,13800138002,王".encode(), "a.csv", "电话"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(house, tmp_path, content, name, said):
    with translation.override("en"):
        summary, code = bring(tmp_path, content, name=name)

    (refusal,) = summary["refusals"]
    assert (code, summary["read"], refusal["row"]) == (1, 0, 0)
    assert said in refusal["text"]
    assert refusal["text"].endswith(".")
    assert not Customer.objects.exists()


def test_unknown_people_and_stores_of_the_command_line_are_named(house, tmp_path):
    with pytest.raises(CommandError, match="nobody"):
        bring(tmp_path, simple(("王", "13800138001")), "--by", "nobody")
    with pytest.raises(CommandError, match="XX"):
        bring(tmp_path, simple(("王", "13800138001")), "--store", "XX")


STORES = [
    ("门店编码", "名称", "区域", "业态"),
    ("BJ01", "北京一店", "华北", "家具"),
    ("BJ02", "北京二店", "华北", "床垫"),
]


def test_the_sheet_of_stores_is_read_first(house, tmp_path):
    rows = [("王建国", "13800138001", "BJ01"), ("李芳", "13800138002", "BJ09")]
    content = xlsx(rows, headers=("客户姓名", "电话", "门店"), more={"门店": STORES})

    dry, _code = bring(tmp_path, content, "--dry-run")
    assert counts(dry) == (1, 0, 0, 1)
    assert not Store.objects.filter(code="BJ01").exists()

    summary, _code = bring(tmp_path, content)
    assert counts(summary) == (1, 0, 0, 1)
    assert by_name("王建国").store == Store.objects.get(code="BJ01")
    assert counts(bring(tmp_path, content)[0]) == (0, 0, 1, 1)


def test_hours_of_a_sheet_reach_the_card_and_come_again_without_a_change(house, tmp_path):
    headers = ("客户姓名", "电话", "可联系时段", "门店")
    content = xlsx([("王建国", "13800138001", "19:00-21:00", "HZ01")], headers=headers)
    assert counts(bring(tmp_path, content)[0]) == (1, 0, 0, 0)
    card = by_name("王建国")
    assert (card.contact_from, card.contact_until) == (time(19), time(21))
    assert counts(bring(tmp_path, content)[0]) == (0, 0, 1, 0)
    moved = xlsx([("王建国", "13800138001", "9点到12点", "HZ01")], headers=headers)
    assert counts(bring(tmp_path, moved)[0]) == (0, 1, 0, 0)
    card.refresh_from_db()
    assert (card.contact_from, card.contact_until) == (time(9), time(12))


def test_who_does_not_set_up_stores_has_their_sheet_left_aside(house, tmp_path):
    rows = [("王建国", "13800138001", "HZ01")]
    content = xlsx(rows, headers=("客户姓名", "电话", "门店"), more={"门店": STORES})
    summary, _code = bring(tmp_path, content, "--by", "he")
    assert counts(summary) == (1, 0, 0, 0)
    assert [note["code"] for note in summary["notes"]] == ["STORES_NOT_READ"]
    assert not Store.objects.filter(code="BJ01").exists()


def test_the_number_of_queries_does_not_grow_with_rows(
    house, tmp_path, django_assert_max_num_queries
):
    people = [(f"客户{n}", f"1380013{n:04}") for n in range(200)]
    bring(tmp_path, simple(*people[:1], 门店="HZ01"))  # makes this transaction's temporary tables
    with django_assert_max_num_queries(60) as few:
        bring(tmp_path, simple(*people[1:2], 门店="HZ01"))
    with django_assert_max_num_queries(60) as many:
        bring(tmp_path, simple(*people[2:], 门店="HZ01"))
    assert len(many.captured_queries) == len(few.captured_queries)
