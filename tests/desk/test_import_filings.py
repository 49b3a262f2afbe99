"""The sheet 报备 of a history: filings keep their times, start nothing that is over, go again."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command

from customers.models import Customer
from filings import services as filings
from filings.models import Filing, FilingEvent, Protection
from filings.queries import book_of, protecting
from filings.services import Lead
from filings.services.entering import stored_fields
from filings.states import Invalid, Lost, Withdrawn
from staff.models import Person
from tests.desk.import_sheets import xlsx
from tests.desk.old_ledgers import CONTACTS, NOW, bring, counts, dump, small_house

pytestmark = pytest.mark.django_db

FILINGS = ("电话", "报备时间", "获取时间", "渠道", "报备人", "项目/地址", "状态")
OLD = (
    ("13800138000", "2026-03-08 09:30", "2026-03-08 09:00", "门店", "lin", "", "有效"),
    ("13800138000", "2026-03-09 10:00", "", "门店", "旧人", "", ""),
    ("13800138001", "2025-11-03 15:30", "", "门店", "旧人", "", "已失效"),
    ("13800138002", "2026-03-10 11:00", "", "门店", "lin", "", "作废"),
)
TALK = ("13800138001", "2025-11-05 10:00", "电话", "接通", "聊了", "", "", "旧人")


@pytest.fixture
def house(monkeypatch):
    return small_house(monkeypatch)


def book(rows=OLD, contacts=()):
    more = {"跟进记录": [CONTACTS, *contacts]} if contacts else {}
    return xlsx(rows, headers=FILINGS, name="报备", more=more)


def of(number):
    return Filing.objects.filter(customer__name=f"客户{number}").order_by("submitted_at")


def test_what_would_still_be_protected_by_its_times_is(house, tmp_path):
    summary, _code = bring(tmp_path, book())
    assert counts(summary) == (4, 4, 0, 0, 0)
    first, second = of(0)
    assert (first.submitted_at, first.is_imported) == (NOW - timedelta(days=4, minutes=30), True)
    assert second.invalid == Invalid.LATER_FILER
    customer = Customer.objects.get(name="客户0")
    assert list(protecting(customer=customer, now=NOW)) == [first]
    assert not first.review_state
    assert of(2).get().withdrawn == Withdrawn.VOIDED


def test_what_has_run_out_starts_no_clock_and_is_told_to_nobody(house, tmp_path):
    bring(tmp_path, book(contacts=[TALK]))
    old = of(1).get()
    assert old.acted_at.day == 5  # the contact of the same workbook has kept it alive
    assert old.protected_until < NOW
    assert old.lapse_noted_at == NOW
    assert not Protection.objects.filter(filing=old, during__contains=NOW).exists()


def test_the_journal_tells_what_is_stored(house, tmp_path):
    bring(tmp_path, book(contacts=[TALK]))
    for customer in Customer.objects.all():
        for key, state in book_of(customer).filings.items():
            row = Filing.objects.get(pk=key)
            assert {name: getattr(row, name) for name in stored_fields(state)} == stored_fields(
                state
            )


def test_a_second_time_nothing_changes(house, tmp_path):
    bring(tmp_path, book())
    summary, _code = bring(tmp_path, book())
    assert counts(summary) == (4, 0, 0, 4, 0)
    assert Filing.objects.count() == 4


def test_a_live_lead_is_not_displaced(house, tmp_path):
    customer, lin = Customer.objects.get(name="客户0"), Person.objects.get(username="lin")
    lead = Lead(project=customer.projects.get(), acquired_at=NOW)
    live = filings.file_lead(customer=customer, lead=lead, filer=lin, by=lin, now=NOW)
    summary, _code = bring(tmp_path, book())
    assert {row["code"] for row in summary["refusals"]} == {"FILED_HERE_ALREADY"}
    assert list(of(0)) == [live]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("13800138000", "", "", "", "lin", "", ""), "EMPTY"),
        (("13800138000", "2026-04-01", "", "", "lin", "", ""), "FILING_IN_THE_FUTURE"),
        (("13800138000", "2026-03-01", "2026-03-02", "", "", "", ""), "ACQUIRED_AFTER_FILING"),
        (("13800138000", "2026-03-01", "", "网上", "", "", ""), "NOT_A_CHOICE"),
        (("13800138000", "2026-03-01", "", "", "nobody", "", ""), "OWNER_UNKNOWN"),
        (("13800138000", "2026-03-01", "", "", "he", "", ""), "FILER_SELLS_NOWHERE"),
        (("13900000009", "2026-03-01", "", "", "lin", "", ""), "CUSTOMER_UNKNOWN"),
    ],
)
def test_a_wrong_row_is_refused_with_its_reason(house, tmp_path, cells, code):
    summary, _code = bring(tmp_path, book([cells]))
    assert [row["code"] for row in summary["refusals"]] == [code]
    assert not Filing.objects.exists()


def test_taken_back_the_database_is_as_before(house, tmp_path):
    rows = [row for row in OLD if row[4] == "lin"]
    before = dump()
    summary, _code = bring(tmp_path, book(rows))
    assert FilingEvent.objects.exists()
    out = io.StringIO()
    call_command("import_history", "--revoke", str(summary["history_import"]), stdout=out)
    assert json.loads(out.getvalue())["filings"] == 2
    assert dump() == before


def test_what_somebody_went_on_with_stays(house, tmp_path):
    summary, _code = bring(tmp_path, book())
    held = of(0).first()
    filings.release(filing=held, by=held.holder, is_manager=False, now=NOW)
    out = io.StringIO()
    call_command("import_history", "--revoke", str(summary["history_import"]), stdout=out)
    told = json.loads(out.getvalue())
    assert (told["filings"], len(told["kept_filings"])) == (2, 2)
    held.refresh_from_db()
    assert held.ended == Lost.RELEASED_D
