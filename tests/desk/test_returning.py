"""The spreadsheet round trip: out, edited, in again, each cell held against what it said (G09)."""

import csv
import io
import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from core.models import AuditEntry, Job
from core.states import JobState
from customers.models import Customer, GradeChange
from customers.services import update_customer
from customers.states import ExpectedPurchase, Grade
from desk.imports import services as imports
from desk.imports import work as looks
from desk.returning import work
from desk.returning.looking import came_back, weigh
from desk.tasks import write_return
from staff.states import Role
from tests.desk.import_sheets import xlsx
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory

# A job tells how far it is on a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss(company):
    company.store_manager.language = "en"
    company.store_manager.save(update_fields=["language"])
    return company.store_manager


@pytest.fixture
def cards(company):
    return [
        CustomerFactory(
            name=f"客户{number}", phone=f"1380013800{number}", owner=company.sales_store,
            need="沙发", address="翠苑1幢", budget="3万", grade=Grade.B1, title="mr",
        )
        for number in range(5)
    ]  # fmt: skip


def export(browser, *, kind: str = "xlsx", whole: bool = True, query: str = "") -> list[list]:
    """The exported sheet as rows, its header first."""
    told = {"reason": "整理", "kind": kind, **({"whole": "on"} if whole else {})}
    answer = browser.post(f"/customers/export/{query}", told)
    assert answer.status_code == 200, answer.content.decode()[:500]
    if kind == "csv":
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    return [list(row) for row in sheet.to_python(skip_empty_area=False)][1:]


class Sheet:
    """An exported sheet in somebody's hands."""

    def __init__(self, rows: list[list]) -> None:
        self.header, *self.rows = [list(row) for row in rows]

    def row_of(self, customer) -> list:
        at = self.header.index("Customer no.")
        return next(row for row in self.rows if int(row[at]) == customer.pk)

    def put(self, customer, header: str, value) -> None:
        self.row_of(customer)[self.header.index(header)] = value

    def cell(self, customer, header: str):
        return self.row_of(customer)[self.header.index(header)]

    def content(self) -> bytes:
        return xlsx(self.rows, headers=self.header, name="customers")


def send(browser, content: bytes, name: str = "customers.xlsx"):
    """Send the sheet in: the job that looked at it, and the page of its preview."""
    answer = browser.post("/customers/import/", {"file": SimpleUploadedFile(name, content)})
    job = Job.objects.filter(kind=looks.LOOK).latest("pk")
    if job.state != JobState.DONE:
        return job, answer
    return job, browser.get(f"/customers/import/{job.pk}/columns/", follow=True)


def go_ahead(browser, seen: Job, *take: str) -> Job:
    address = f"/customers/import/{seen.pk}/cells/"
    browser.post(address, {"key": uuid4(), "take": take})
    job = Job.objects.filter(kind=work.WRITE).latest("pk")
    write_return(job.pk)
    job.refresh_from_db()
    return job


def figures(page) -> tuple[int, int, int, int]:
    said = page.context["said"]
    return said["changes"], said["conflicts"], said["same"], len(said["refused"])


def test_three_cells_edited_and_one_card_changed_meanwhile(company, boss, cards, as_):
    """G09, word for word."""
    browser = as_(boss)
    sheet = Sheet(export(browser))
    sheet.put(cards[0], "Need", "餐桌")
    sheet.put(cards[1], "Budget", "5万")
    sheet.put(cards[2], "Address", "翠苑9幢")
    update_customer(
        customer=Customer.objects.get(pk=cards[2].pk), by=company.sales_store,
        now=timezone.now(), address="文三路88号",
    )  # fmt: skip

    seen, page = send(browser, sheet.content())

    assert figures(page) == (2, 1, 2, 0)
    text = page.content.decode()
    for word in ("沙发", "餐桌", "5万", "文三路88号", "翠苑9幢"):
        assert word in text
    job = go_ahead(browser, seen)
    assert (job.result["updated"], job.result["unchanged"], job.result["warnings"]) == (2, 3, 1)
    for card in cards:
        card.refresh_from_db()
    assert (cards[0].need, cards[1].budget, cards[2].address) == ("餐桌", "5万", "文三路88号")
    assert figures(send(browser, sheet.content())[1]) == (0, 1, 4, 0)


def test_a_ticked_conflict_is_written(company, boss, cards, as_):
    browser = as_(boss)
    sheet = Sheet(export(browser))
    sheet.put(cards[0], "Need", "餐桌")
    Customer.objects.filter(pk=cards[0].pk).update(need="床垫")
    seen, _page = send(browser, sheet.content())
    go_ahead(browser, seen, f"{cards[0].pk}:need", f"{cards[1].pk}:need")
    assert Customer.objects.get(pk=cards[0].pk).need == "餐桌"
    assert figures(send(browser, sheet.content())[1]) == (0, 0, 5, 0)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("whole", [True, False])
def test_unedited_it_changes_nothing_even_if_the_cards_changed(boss, cards, as_, kind, whole):
    browser = as_(boss)
    Customer.objects.filter(pk=cards[3].pk).update(name="=1+1", need="@SUM(1)\n第二行")
    rows = export(browser, kind=kind, whole=whole)
    Customer.objects.filter(pk=cards[0].pk).update(need="别的", budget="")
    before = list(Customer.objects.order_by("pk").values())
    if kind == "csv":
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        seen, page = send(browser, out.getvalue().encode("utf-8-sig"), "customers.csv")
    else:
        seen, page = send(browser, Sheet(rows).content())
    assert figures(page) == (0, 0, 5, 0)
    go_ahead(browser, seen)
    assert list(Customer.objects.order_by("pk").values()) == before


def test_every_field_can_be_edited(company, boss, cards, as_):
    heir = PersonFactory(name="接手人", store=company.store)
    browser = as_(boss)
    sheet = Sheet(export(browser))
    card = cards[0]
    for header, value in {
        "Name": "王建国 Ms", "Need": "餐桌", "Source": "网络", "Address": "文三路1号",
        "Means to buy": "7天内", "Budget": "8万", "Company": "某公司", "WeChat": "wang_1985",
        "Suitable contact time": "晚上", "Note": "备注\n两行", "Job": "教师", "Hobbies": "钓鱼",
        "E-mail": "wang@example.com", "Birthday": "1985-08-15", "Grade": "A",
        "Keeper": "接手人", "Phone": "13900139000",
    }.items():  # fmt: skip
        sheet.put(card, header, value)

    seen, page = send(browser, sheet.content())
    assert figures(page) == (17, 0, 4, 0)
    job = go_ahead(browser, seen)

    assert job.state == JobState.DONE, job.failure
    card = Customer.objects.get(pk=card.pk)
    assert (card.name, card.title, card.need, card.source) == ("王建国", "ms", "餐桌", "online")
    assert "wangjianguo" in card.search.replace(" ", "")
    assert (card.address, card.expected_purchase) == ("文三路1号", ExpectedPurchase.WEEK)
    assert (card.wechat, card.contact_time, card.note) == ("wang_1985", "晚上", "备注\n两行")
    assert (card.job, card.hobbies, card.email) == ("教师", "钓鱼", "wang@example.com")
    assert (card.birth_year, card.birth_month, card.birth_day) == (1985, 8, 15)
    assert (card.grade, card.owner) == (Grade.A, heir)
    assert GradeChange.objects.get(customer=card).reason == "spreadsheet"
    assert sorted(card.phones.values_list("masked", flat=True)) == ["138****8000", "139****9000"]
    entry = AuditEntry.objects.get(verb="update", object_id=card.pk)
    assert (entry.by, entry.detail["new_numbers"]) == (boss, 1)
    assert "13900139000" not in json.dumps(list(AuditEntry.objects.values("detail")), default=str)
    assert figures(send(browser, sheet.content())[1]) == (0, 0, 5, 0)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Name", ""),
        ("Grade", "Z"),
        ("Grade", "B"),
        ("Keeper", "nobody"),
        ("Keeper", ""),
        ("Phone", "138****8009"),
        ("Phone", "13800138001"),  # another customer's
        ("Phone", "12"),
        ("WeChat", "wa****85"),
        ("E-mail", "x"),
        ("Need", "长" * 401),
        ("Birthday", "31.13."),
        ("Check", "1znabcdef.0123456789"),
        ("Customer no.", "999999"),
        ("Customer no.", ""),
    ],
)
def test_what_cannot_be_is_refused_in_words(boss, cards, as_, header, value):
    browser = as_(boss)
    sheet = Sheet(export(browser))
    sheet.put(cards[0], header, value)
    sheet.rows[0], sheet.rows[-1] = sheet.rows[-1], sheet.rows[0]
    _seen, page = send(browser, sheet.content())
    assert figures(page) == (0, 0, 4, 1)
    (refused,) = page.context["said"]["refused"]
    assert refused["said"][0].rstrip().endswith(".")
    assert "13800138001" not in page.content.decode()


def test_a_check_of_another_row_and_a_row_sent_twice_are_refused(boss, cards, as_):
    browser = as_(boss)
    sheet = Sheet(export(browser))
    sheet.put(cards[0], "Check", sheet.cell(cards[1], "Check"))
    sheet.rows.append(list(sheet.row_of(cards[2])))
    assert figures(send(browser, sheet.content())[1])[2:] == (4, 2)


def test_customers_out_of_reach_do_not_exist_and_deleted_rows_do_nothing(company, boss, cards, as_):
    ops = PersonFactory(role=Role.OPS_MANAGER, language="en")
    theirs = CustomerFactory(owner=company.stranger, need="秘密")
    sheet = Sheet(export(as_(ops)))
    sheet.put(theirs, "Need", "我的")
    _seen, page = send(as_(boss), sheet.content())
    assert figures(page) == (0, 0, 5, 1)
    assert "No customer of yours" in page.content.decode()
    assert "秘密" not in page.content.decode()
    kept = Sheet([sheet.header, *sheet.rows[:1]])
    assert sum(figures(send(as_(boss), kept.content())[1])[2:]) == 1
    assert Customer.objects.count() == 6


def test_a_card_edited_between_the_preview_and_the_writing_is_held_back(company, boss, cards, as_):
    browser = as_(boss)
    sheet = Sheet(export(browser))
    sheet.put(cards[0], "Need", "餐桌")
    sheet.put(cards[1], "Need", "书柜")
    seen, _page = send(browser, sheet.content())
    Customer.objects.filter(pk=cards[0].pk).update(need="床垫")

    job = go_ahead(browser, seen)

    assert (job.result["updated"], job.result["refused"]) == (1, 1)
    assert "held back" in job.result["message"]
    assert Customer.objects.get(pk=cards[0].pk).need == "床垫"
    assert Customer.objects.get(pk=cards[1].pk).need == "书柜"


def test_no_hidden_digit_leaves_by_the_sheet_or_its_preview(company, boss, cards, as_):
    canary, wechat = "13712345678", "zhangsan1985"
    Customer.objects.filter(pk=cards[0].pk).update(
        need=f"电话{canary}", note=canary, name=f"王{canary}", wechat=wechat
    )
    browser = as_(boss)
    sheet = Sheet(export(browser))
    assert canary not in str(sheet.rows)
    assert wechat not in str(sheet.rows)
    # A text edited around its mask is written back with the number it stands for.
    sheet.put(cards[0], "Need", "请打电话137****5678")
    seen, page = send(browser, sheet.content())
    assert canary not in page.content.decode()
    go_ahead(browser, seen)
    assert Customer.objects.get(pk=cards[0].pk).need == f"请打电话{canary}"


def test_a_formula_in_an_edited_cell_stays_a_text(boss, cards, as_):
    browser = as_(boss)
    sheet = Sheet(export(browser))
    sheet.put(cards[0], "Note", "=HYPERLINK(1)")
    seen, _page = send(browser, sheet.content())
    go_ahead(browser, seen)
    again = export(browser, kind="csv")
    assert any("'=HYPERLINK(1)" in row for row in again)


def test_numbers_typed_into_a_sheet_count_as_looked_up(boss, cards, as_, monkeypatch):
    monkeypatch.setattr("customers.services.lookups.LOOK_UPS_AN_HOUR", 1)
    browser = as_(boss)
    sheet = Sheet(export(browser))
    sheet.put(cards[0], "Phone", "13900139001")
    assert figures(send(browser, sheet.content())[1]) == (1, 0, 4, 0)
    assert AuditEntry.objects.filter(verb="look_up", by=boss).count() == 1
    sheet.put(cards[1], "Phone", "13900139002")
    assert figures(send(browser, sheet.content())[1])[3] == 2


def test_managers_send_in_two_thousand_rows_and_others_none(company, boss, cards, as_, monkeypatch):
    sheet = Sheet(export(as_(boss)))
    monkeypatch.setattr(imports, "MOST_ROWS_OF_A_UNIT", 2)
    _job, answer = send(as_(boss), sheet.content())
    assert "2 rows at a time" in answer.content.decode()
    monkeypatch.undo()
    seen, _page = send(as_(boss), sheet.content())
    for role in ("sales_store", "sales_field", "marketing_manager", "finance", "admin"):
        browser = as_(getattr(company, role))
        for method in (browser.get, browser.post):
            assert method(f"/customers/import/{seen.pk}/cells/").status_code == 403
    assert as_(company.ops_manager).get(f"/customers/import/{seen.pk}/cells/").status_code == 404


def test_the_command_writes_such_a_sheet_and_leaves_conflicts(boss, cards, as_, tmp_path):
    sheet = Sheet(export(as_(boss)))
    sheet.put(cards[0], "Need", "餐桌")
    sheet.put(cards[1], "Need", "书柜")
    sheet.put(cards[2], "Grade", "Z")
    Customer.objects.filter(pk=cards[1].pk).update(need="床垫")
    file = tmp_path / "x.xlsx"
    file.write_bytes(sheet.content())
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_customers", str(file), stdout=out)
    told = json.loads(out.getvalue())
    assert [told[key] for key in ("read", "created", "updated", "unchanged", "refused")] == [
        5, 0, 1, 3, 1,
    ]  # fmt: skip
    assert [note["code"] for note in told["notes"]] == ["CONFLICT"]
    assert Customer.objects.get(pk=cards[1].pk).need == "床垫"


def test_as_many_questions_for_one_row_as_for_twelve(company, boss, as_):
    counts = []
    for size in (1, 12):
        made = [CustomerFactory(owner=company.sales_store, need="沙发") for _n in range(size)]
        sheet = Sheet(export(as_(boss)))
        sheet.rows = [sheet.row_of(card) for card in made]
        for card in made:
            sheet.put(card, "Need", "餐桌")
            sheet.put(card, "Birthday", "1985-08-15")
        came = came_back("x.xlsx", sheet.content())
        with CaptureQueriesContext(connection) as asked:
            weighed = weigh(came, by=boss, now=timezone.now())
        assert weighed.changes == 2 * size
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_lunar_birthday_goes_out_and_comes_back(boss, cards, as_):
    Customer.objects.filter(pk=cards[0].pk).update(
        birth_month=8, birth_day=15, birth_is_lunar=True, first_seen_at=timezone.now(),
        birthday_noted_at=timezone.now(),
    )  # fmt: skip
    browser = as_(boss)
    sheet = Sheet(export(browser))
    assert sheet.cell(cards[0], "Birthday") == "农历8-15"
    sheet.put(cards[0], "Birthday", "农历8-16")
    seen, page = send(browser, sheet.content())
    assert figures(page) == (1, 0, 4, 0)
    go_ahead(browser, seen)
    card = Customer.objects.get(pk=cards[0].pk)
    assert (card.birth_day, card.birth_is_lunar, card.birth_year) == (16, True, None)
