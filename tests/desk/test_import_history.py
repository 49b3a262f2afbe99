"""`import_history`: old contacts and opportunities come in, twice changes nothing, and go again."""

import io
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEntry
from core.spreadsheets.read import read_workbook
from customers.models import Contact, Customer, HistoryImport, Opportunity, StageMove
from customers.services.opportunities import move_stage
from customers.states import Channel, Outcome
from desk.histories import services
from desk.histories.services import Request
from followups import services as followups
from followups.models import Obligation, Task
from followups.states import Anchor, State
from staff.states import Role
from tests.desk.import_sheets import xlsx
from tests.desk.old_ledgers import CONTACTS, NOW, SHANGHAI, bring, counts, dump, small_house
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db

SALES = ("电话", "阶段", "预计日期", "金额", "人员", "产品")


@pytest.fixture
def house(monkeypatch):
    return small_house(monkeypatch)


AS_A_CELL = datetime(2025, 11, 3, 15, 30)  # noqa: DTZ001
AHEAD = date(2026, 3, 20)
OLD = (
    ("138 0013 8000", AS_A_CELL, "电话", "接通", "聊了沙发", "寄样册", "2025-11-10", "lin"),
    ("13800138000", "2026/3/1 9:05", "微信", "", "发了报价", "邀约到店", AHEAD, "林小雨"),
    ("13800138001", "2026年2月3日", "到店", "", "看了床垫", "", "", "旧人"),
    ("13800138001", "20260204", "电话", "未接", "", "", "", ""),
)
SOLD = (
    ("13800138000", "方案报价", "2026-04-01", 38000, "lin", "沙发三件套"),
    ("13800138001", "Deposit", "2026-02-10", "12,000.00", "", "床垫"),
    ("13800138002", "流失", "", "", "", ""),
)


def book(contacts=OLD, sales=SOLD, **more) -> bytes:
    sheets = {"机会": [SALES, *sales], **more} if sales else more
    return xlsx(contacts, headers=CONTACTS, name="跟进记录", more=sheets)


def test_contacts_and_opportunities_come_in_with_their_times(house, tmp_path):
    summary, code = bring(tmp_path, book())

    assert (counts(summary), code) == ((7, 7, 0, 0, 0), 0)
    first, second, third, fourth = Contact.objects.order_by("pk")
    assert first.occurred_at == datetime(2025, 11, 3, 15, 30, tzinfo=SHANGHAI)
    assert (first.channel, first.outcome, first.by.username) == ("call", "connected", "lin")
    assert (first.is_imported, first.is_late_entry, first.logged_at) == (True, False, NOW)
    assert first.history_import_id == summary["history_import"]
    assert (second.outcome, second.next_on, second.next_text) == (
        Outcome.REPLIED, date(2026, 3, 20), "邀约到店",
    )  # fmt: skip
    assert (third.channel, third.outcome) == (Channel.STORE_VISIT, Outcome.MET)
    assert (third.by.name, third.is_effective) == ("旧人", True)
    assert (fourth.reached, fourth.is_effective) == (False, False)
    customer = Customer.objects.get(name="客户0")
    assert customer.last_contact_at == second.occurred_at

    quote, deal, lost = Opportunity.objects.order_by("pk")
    assert (quote.stage.code, quote.amount, quote.owner.username) == (
        "furniture_proposal", Decimal(38000), "lin",
    )  # fmt: skip
    assert (deal.state, deal.closed_at.date()) == ("won", date(2026, 2, 9))
    assert (lost.state, lost.lost_reason, lost.product) == ("lost", "other", "—")
    assert StageMove.objects.count() == 3


def test_only_the_last_next_step_that_lies_ahead_becomes_work(house, tmp_path):
    bring(tmp_path, book())
    steps = Obligation.objects.filter(step__anchor=Anchor.NEXT_STEP)
    assert [(step.due_on, step.text, step.assignee.username) for step in steps] == [
        (date(2026, 3, 20), "邀约到店", "lin")
    ]
    followups.ask(now=NOW)
    assert not Task.objects.filter(state=State.OPEN, due_at__lt=NOW).exists()


def test_no_clock_that_has_run_out_is_started(house, tmp_path):
    """Contacts months old leave the cadence where registering put it (FIL-30)."""
    followups.ask(now=NOW)
    before = set(Task.objects.filter(state=State.OPEN).values_list("customer", "day", "due_at"))
    old = [("13800138001", "2025-06-01 10:00", "电话", "接通", "旧事", "回访", "2025-06-08", "lin")]
    bring(tmp_path, book(old, ()))
    followups.ask(now=NOW)
    after = set(Task.objects.filter(state=State.OPEN).values_list("customer", "day", "due_at"))
    assert after == before


def test_a_second_time_nothing_changes(house, tmp_path):
    bring(tmp_path, book())
    followups.ask(now=NOW)
    before = dump()
    summary, code = bring(tmp_path, book())
    assert (counts(summary), code) == ((7, 0, 0, 7, 0), 0)
    assert summary["history_import"] is None
    assert dump() == before
    twice, _code = bring(tmp_path, book((*OLD[:1], *OLD[:1]), ()))
    assert counts(twice) == (2, 0, 0, 2, 0)


def test_a_dry_run_leaves_nothing(house, tmp_path):
    before = dump()
    summary, _code = bring(tmp_path, book(), "--dry-run")
    assert counts(summary)[:2] == (7, 7)
    assert dump() == before


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"电话": "13900000000"}, "CUSTOMER_UNKNOWN"),
        ({"电话": ""}, "HISTORY_WITHOUT_PHONE"),
        ({"时间": "2026-03-13 10:00"}, "CONTACT_IS_IN_THE_FUTURE"),
        ({"时间": "3/5/26"}, "DATE_AMBIGUOUS"),
        ({"时间": ""}, "EMPTY"),
        ({"方式": "飞鸽"}, "NOT_A_CHOICE"),
        ({"结果": "说不清"}, "NOT_A_CHOICE"),
        ({"人员": "nobody"}, "OWNER_UNKNOWN"),
    ],
)
def test_a_wrong_row_is_refused_with_its_reason(house, tmp_path, cells, code):
    row = dict(zip(CONTACTS, OLD[2], strict=True)) | cells
    summary, exit_code = bring(tmp_path, book([tuple(row.values()), OLD[3]], ()))
    assert [refusal["code"] for refusal in summary["refusals"]] == [code]
    assert (counts(summary), exit_code) == ((2, 1, 0, 0, 1), 1)
    assert "13900000000" not in json.dumps(summary)


def test_an_unknown_stage_names_those_of_the_store(house, tmp_path):
    summary, _code = bring(tmp_path, book((), [("13800138000", "试车", "", "", "", "沙发")]))
    (refusal,) = summary["refusals"]
    assert refusal["code"] == "STAGE_UNKNOWN"
    assert refusal["text"].startswith("机会: ")


def test_refused_rows_come_back_in_their_sheets_and_can_be_mended(house, tmp_path):
    wrong = [("13900000000", *OLD[0][1:])]
    summary, _code = bring(tmp_path, book(wrong, [("13900000000", *SOLD[0][1:])]))
    assert counts(summary) == (2, 0, 0, 0, 2)
    sheets = read_workbook("x.xlsx", Path(summary["errors_file"]).read_bytes())
    assert list(sheets) == ["跟进记录", "机会"]
    CustomerFactory(phone="13900000000", owner=Customer.objects.get(name="客户0").owner)
    mended, _code = bring(tmp_path, Path(summary["errors_file"]).read_bytes())
    assert counts(mended) == (2, 2, 0, 0, 0)


def test_headers_in_english_are_read_as_well(house, tmp_path):
    headers = ("phone", "at", "channel", "result", "content", "next_step", "next_on", "person")
    content = xlsx(OLD, headers=headers, name="contacts")
    summary, _code = bring(tmp_path, content)
    assert counts(summary)[:2] == (4, 4)


def test_a_manager_brings_in_for_the_own_store_and_two_thousand_rows(house, tmp_path):
    rows = [("13800138009", *OLD[0][1:])]
    summary, _code = bring(tmp_path, book(rows, ()), "--by", "zhou")
    assert [refusal["code"] for refusal in summary["refusals"]] == ["OUT_OF_REACH"]
    ours, _code = bring(tmp_path, book(rows, ()), "--store", "HZ01")
    assert [refusal["code"] for refusal in ours["refusals"]] == ["CUSTOMER_OF_ANOTHER_STORE"]


@pytest.mark.parametrize("engine_ran", [False, True])
def test_taken_back_the_database_is_as_before(house, tmp_path, engine_ran):
    followups.ask(now=NOW)
    before = dump()
    summary, _code = bring(tmp_path, book())
    assert dump() != before
    if engine_ran:
        followups.ask(now=NOW + timedelta(minutes=1))

    out = io.StringIO()
    call_command("import_history", "--revoke", str(summary["history_import"]), stdout=out)

    told = json.loads(out.getvalue())
    assert (told["contacts"], told["opportunities"]) == (4, 3)
    assert (told["kept_contacts"], told["kept_opportunities"]) == ([], [])
    assert dump() == before
    brought = HistoryImport.objects.get()
    assert brought.revoked_at == NOW
    assert AuditEntry.objects.filter(verb="take_back_history", object_id=brought.pk).exists()
    again, _code = bring(tmp_path, book())
    assert counts(again)[:2] == (7, 7)


def test_what_somebody_went_on_with_stays_and_is_told(house, tmp_path):
    bring(tmp_path, book())
    followups.ask(now=NOW)
    lin = Customer.objects.get(name="客户0").owner
    sale = Opportunity.objects.get(product="沙发三件套")
    to = sale.stage.stage_set.stages.get(code="furniture_negotiation")
    move_stage(opportunity=sale, seen=sale.stage, to=to, by=lin, now=NOW)
    agreed = Obligation.objects.get(step__anchor=Anchor.NEXT_STEP)
    followups.move_task(
        task=agreed.task, day=date(2026, 3, 22), reason="customer_asked", by=lin, now=NOW
    )

    brought = HistoryImport.objects.get()
    taken = services.take_back(
        brought=brought, reason="错了", by=PersonFactory(role=Role.OPS_MANAGER), now=NOW
    )

    assert list(taken.kept_opportunities) == [sale.pk]
    assert list(taken.kept_contacts) == [agreed.occurrence]
    assert Obligation.objects.filter(pk=agreed.pk, state=State.OPEN).exists()
    assert len(taken.contacts) == 3
    customer = Customer.objects.get(name="客户0")
    assert customer.last_contact_at == Contact.objects.get(pk=agreed.occurrence).occurred_at


def test_as_many_questions_for_a_few_rows_as_for_many(house):
    he = PersonFactory(role=Role.OPS_MANAGER)

    def asked(rows: int) -> int:
        first = datetime(2025, 1, 1)  # noqa: DTZ001
        made = [
            (f"1380013800{n % 3}", first + timedelta(hours=n), "电话", "接通", f"{rows}-{n}")
            for n in range(rows)
        ]
        request = Request(filename="x.xlsx", content=book(made, ()), by=he)
        with CaptureQueriesContext(connection) as queries:
            services.import_history(services.prepare(request, now=NOW))
        return len(queries)

    assert asked(3) == asked(36)
