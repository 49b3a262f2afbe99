"""Leads from a spreadsheet: read, refused row by row, taken in like those of a webhook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.sentences import joined
from core.spreadsheets.faults import refuse
from core.spreadsheets.headers import Column, HeaderMatch, find_header
from core.spreadsheets.read import read_table
from core.spreadsheets.summary import ImportSummary, RowNote, errors_workbook
from core.spreadsheets.tables import Limits, Row, SheetRefused, Table
from customers.models import LeadSource
from customers.services.intake import LeadFacts, LeadRefused, open_stores, read_facts
from customers.services.leads import Received
from customers.states import LeadState, LeadWay
from desk.services.leads import take_in
from staff.models import Person

LIMITS = Limits(max_rows=5_000, max_columns=100)
COLUMNS = (
    Column("platform_id", ("线索编号", "platform_id", "线索ID", "编号", "lead id", "id"), True),
    Column("name", ("姓名", "name", "客户姓名", "称呼", "customer")),
    Column("phone", ("电话", "phone", "手机", "手机号", "手机号码", "联系电话", "电话号码")),
    Column("wechat", ("微信", "wechat", "微信号")),
    Column("need", ("需求", "need", "需求内容", "意向产品", "意向车型", "咨询内容")),
    Column("campaign", ("活动", "campaign", "活动名称", "推广计划")),
    Column("place", ("城市", "place", "区域", "city", "地区")),
    Column("address", ("地址", "address", "详细地址")),
    Column("store", ("门店", "store", "门店编码", "store code")),
    Column("asked_at", ("提交时间", "asked_at", "留资时间", "咨询时间", "创建时间", "submitted")),
)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet of leads, read."""

    table: Table
    facts: Sequence[tuple[int, LeadFacts]]
    summary: ImportSummary

    def errors(self) -> bytes:
        """The refused rows, to be mended and sent in again; nothing where none were."""
        return errors_workbook(self.table, self.summary.refusals) if self.summary.refusals else b""


def read_sheet(filename: str, content: bytes, *, now: datetime) -> Sheet:
    """All rows of the sheet, each read or refused. Raises SheetRefused."""
    table = read_table(filename, content, limits=LIMITS, columns=COLUMNS)
    match = find_header(table.lead_rows, COLUMNS)
    summary = ImportSummary()
    _check_columns(match, summary)
    if summary.refusals:
        return Sheet(table=table, facts=(), summary=summary)
    rows = [row for row in table.rows if not row.is_hidden]
    summary.read = len(rows)
    if table.hidden_rows:
        text = _("Hidden rows are not read: %(count)s.") % {"count": table.hidden_rows}
        summary.notes.append(RowNote(row=0, column="", code="HIDDEN_ROWS_SKIPPED", text=text))
    stores = open_stores()
    facts = []
    for row in rows:
        said = {key: row.cell(index) for key, index in match.columns.items()}
        if found := _read_row(row, said, match, summary, stores=stores, now=now):
            facts.append((row.number, found))
    return Sheet(table=table, facts=facts, summary=summary)


def _check_columns(match: HeaderMatch, summary: ImportSummary) -> None:
    """What is missing or there twice is a refusal of the sheet as a whole, row 0."""
    missing = list(match.missing)
    if not {"phone", "wechat"} & (set(match.columns) | set(match.duplicates)):
        missing.append(COLUMNS[2].names[0])
    if missing:
        text = _("These columns are missing: %(columns)s.") % {"columns": ", ".join(missing)}
        summary.refusals.append(RowNote(row=0, column="", code="COLUMNS_MISSING", text=text))
    if match.duplicates:
        twice = ", ".join(match.duplicate_headers)
        text = _("These columns stand there twice: %(columns)s.") % {"columns": twice}
        summary.refusals.append(RowNote(row=0, column="", code="COLUMNS_TWICE", text=text))
    for header in match.unknown:
        text = _("The column “%(header)s” is not read.") % {"header": header[:60]}
        summary.notes.append(RowNote(row=0, column=header, code="COLUMN_UNKNOWN", text=text))


def _read_row(
    row: Row, said: dict[str, Any], match: HeaderMatch, summary: ImportSummary, *, stores, now
) -> LeadFacts | None:
    if row.faults:
        summary.refuse(row=row.number, column="", refusal=refuse(row.faults[0]))
        return None
    try:
        return read_facts(said, stores=stores, now=now, from_sheet=True)
    except LeadRefused as refusal:
        for fault in refusal.faults:
            index = match.columns.get(fault.field)
            column = match.headers[index] if index is not None else fault.field
            summary.refusals.append(
                RowNote(row=row.number, column=column, code=fault.code, text=fault.text)
            )
        return None


def import_leads(
    filename: str,
    content: bytes,
    *,
    origin: LeadSource,
    by: Person,
    now: datetime,
    dry_run: bool = False,
) -> Sheet:
    """Take in a sheet: the same id again changes nothing. `dry_run` says what would happen.

    A file refused as a whole is a refusal of row 0.
    """
    try:
        sheet = read_sheet(filename, content, now=now)
    except SheetRefused as refusal:
        summary = ImportSummary()
        summary.refuse(row=0, column="", refusal=refusal)
        return Sheet(table=Table(0, [], []), facts=(), summary=summary)
    facts = [each for _number, each in sheet.facts]
    if dry_run:
        with transaction.atomic():
            received = take_in(facts, origin=origin, way=LeadWay.FILE, by=by, now=now)
            transaction.set_rollback(True)
    else:
        received = take_in(facts, origin=origin, way=LeadWay.FILE, by=by, now=now)
    _count(sheet, received)
    return sheet


def _count(sheet: Sheet, received: Sequence[Received]) -> None:
    summary = sheet.summary
    for (number, _facts), each in zip(sheet.facts, received, strict=True):
        summary.created += each.is_new
        summary.unchanged += not each.is_new
        if each.is_new and each.lead.state == LeadState.JOINED:
            text = _("The number belongs to a customer: the keeper is told to call.")
            summary.notes.append(RowNote(row=number, column="", code="KNOWN_CUSTOMER", text=text))
        elif each.is_new and each.lead.duplicate_of_id:
            text = _("The number has an open lead already: this one belongs to it.")
            summary.notes.append(RowNote(row=number, column="", code="SAME_INQUIRY", text=text))


def message_of(summary: ImportSummary) -> str:
    """What a job's page says beside the figures."""
    whole = [note.text for note in summary.refusals if note.row == 0]
    known = sum(note.code == "KNOWN_CUSTOMER" for note in summary.notes)
    if known:
        whole.append(
            ngettext(
                "%(count)s number belongs to a customer: the keeper is told to call.",
                "%(count)s numbers belong to customers: their keepers are told to call.",
                known,
            )
            % {"count": known}
        )
    return joined(whole)
