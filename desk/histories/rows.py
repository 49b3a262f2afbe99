"""Reads the rows of a history into typed facts, or into the reasons why they are refused."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from core.phones import Phone
from core.spreadsheets import cells
from core.spreadsheets.tables import Cell, Row
from customers.services.histories import OldContact, OldSale
from customers.states import Channel, LostReason, StageKind
from desk.histories import words
from desk.histories.books import Part
from desk.histories.facts import KnownCustomer, ReadContact, ReadFiling, ReadSale
from desk.histories.filings import filing_of
from desk.histories.reading import House, complained, moment, one_of, somebody
from desk.imports.facts import UNNAMED, Remark
from desk.imports.rows import FURTHEST_NEXT_CONTACT, Reader, Sheet, Unfit
from desk.imports.standing import key_of
from desk.imports.words import folded

FURTHEST_SALE = timedelta(days=3653)
OUTCOMES_SHOWN = "接通, 未接, 关机, 拒接, 已回复, 未回复, 见面, 未见面, 已发送"
CHANNELS_SHOWN = "电话, 微信, 短信, 到店, 上门, 量尺, 邮件, 信函"
LOST_SHOWN = "价格, 竞品, 产品不合适, 暂缓, 预算, 无效, 失联, 其他"


@dataclass(frozen=True, kw_only=True)
class Read:
    """The rows of one sheet as read, and what is to be said of them."""

    contacts: list[ReadContact]
    sales: list[ReadSale]
    filings: list[ReadFiling]
    refusals: list[Remark]
    warnings: list[Remark]


def phones_of(part: Part) -> Iterator[Phone]:
    """The numbers that a sheet speaks of, as far as they can be read."""
    index = part.match.columns.get("phone")
    for row in part.rows:
        try:
            yield from cells.phone_cells(row.cell(index))
        except cells.CellRefused:
            continue


def read_part(part: Part, house: House, *, tick: Callable[[], None]) -> Read:
    """Read all rows of a sheet; what is wrong with a row is told all at once."""
    sheet = Sheet(
        columns=part.match.columns,
        directory=house.directory,
        now=house.now,
        zone=ZoneInfo(settings.TIME_ZONE),  # until the row has told whose store it is
        since_1904=part.table.since_1904,
    )
    read = Read(contacts=[], sales=[], filings=[], refusals=[], warnings=[])
    for row in part.rows:
        reader = _reader(row, sheet)
        customer = _customer(reader, house) if not row.faults else None
        if customer is not None:
            _take(part.kind, reader, customer, house, read)
        name = part.table.sheet
        read.refusals.extend(_of_sheet(remark, name) for remark in reader.refusals)
        if not reader.refusals:
            read.warnings.extend(_of_sheet(remark, name) for remark in reader.warnings)
        tick()
    return read


def _of_sheet(remark: Remark, sheet: str) -> Remark:
    return Remark(
        row=remark.row, column=remark.column, code=remark.code, params=remark.params, sheet=sheet
    )


def _reader(row: Row, sheet: Sheet) -> Reader:
    reader = Reader(row, sheet)
    for fault in row.faults:
        reader.refuse("", fault.code, **fault.params)
    return reader


def _customer(reader: Reader, house: House) -> KnownCustomer | None:
    """Whom the row speaks of; in the zone of their store its times are read."""
    nothing: tuple[Phone, ...] = ()
    phones = reader.take("phone", lambda cell: cells.phone_cells(cell), nothing)
    if not phones:
        if not reader.refusals:
            reader.refuse("phone", "history_without_phone")
        return None
    standing = house.standing
    ids = {standing.by_key[key] for phone in phones if (key := key_of(phone)) in standing.by_key}
    if len(ids) > 1:
        reader.refuse("phone", "numbers_of_two_customers")
        return None
    if not ids:
        reader.refuse("phone", "customer_unknown", phone=phones[0].masked)
        return None
    customer = standing.customers[ids.pop()]
    if not customer.is_in_reach:
        reader.refuse("phone", "out_of_reach")
    elif house.store_id and customer.store_id != house.store_id:
        reader.refuse("phone", "customer_of_another_store", store=customer.store_code)
    reader.zone = customer.zone
    reader.today = house.now.astimezone(customer.zone).date()
    return customer


def _take(kind: str, reader: Reader, customer: KnownCustomer, house: House, read: Read) -> None:
    if kind == "contacts":
        contact = _contact(reader, customer, house)
        if not reader.refusals and contact is not None:
            read.contacts.append(ReadContact(row=reader.row.number, facts=contact))
    elif kind == "filings":
        filing = filing_of(reader, customer, house)
        if not reader.refusals and filing is not None:
            read.filings.append(ReadFiling(row=reader.row.number, facts=filing))
    else:
        sale = _sale(reader, customer, house)
        if not reader.refusals and sale is not None:
            read.sales.append(sale)


def _contact(reader: Reader, customer: KnownCustomer, house: House) -> OldContact | None:
    at = reader.take("at", lambda cell: moment(cell, reader), None)
    if at is None and not complained(reader, "at"):
        reader.refuse("at", "EMPTY")
    elif at is not None and at > house.now:
        reader.refuse("at", "contact_is_in_the_future")
    channel = reader.take("channel", one_of(words.CHANNELS, CHANNELS_SHOWN), "")
    if not channel and not complained(reader, "channel"):
        reader.refuse("channel", "EMPTY")
    note = reader.take("content", lambda cell: cells.text(cell, 20_000), "")
    outcome = reader.take("result", one_of(words.OUTCOMES, OUTCOMES_SHOWN), "")
    if channel and not outcome and not complained(reader, "result"):
        outcome = words.outcome_untold(Channel(channel), has_content=bool(note))
    next_on, next_text = _next(reader)
    by_id = reader.take("person", lambda cell: somebody(cell, house), None)
    if reader.refusals or at is None:
        return None
    return OldContact(
        customer_id=customer.id,
        by_id=by_id or house.by.pk,
        channel=channel,
        outcome=str(outcome),
        note=note,
        occurred_at=at,
        grade=customer.grade,
        next_on=next_on,
        next_text=next_text,
    )


def _next(reader: Reader) -> tuple[date | None, str]:
    """What was agreed next, for whatever day: only a day that lies ahead opens work."""
    text = reader.take("next_step", lambda cell: cells.text(cell, 200, keep_lines=False), "")
    on = reader.day("next_on")
    if on is not None and on > reader.today + FURTHEST_NEXT_CONTACT:
        reader.refuse("next_on", "next_day_is_too_far")
    return on, text


def _sale(reader: Reader, customer: KnownCustomer, house: House) -> ReadSale | None:
    stages = house.standing.stages.get(customer.trade, {})
    stage = reader.take("stage", lambda cell: _stage(cell, stages), None)
    if stage is None and not complained(reader, "stage"):
        reader.refuse("stage", "EMPTY")
    amount = reader.take("amount", lambda cell: cells.money(cell), None)
    expected_on = reader.day("expected_on", latest=reader.today + FURTHEST_SALE)
    product = reader.take("product", lambda cell: cells.text(cell, 120, keep_lines=False), "")
    lost = reader.take("lost_reason", one_of(words.LOST_REASONS, LOST_SHOWN), "")
    owner_id = reader.take("person", lambda cell: somebody(cell, house), None)
    if reader.refusals or stage is None:
        return None
    is_lost = stage.kind == StageKind.LOST
    facts = OldSale(
        customer_id=customer.id,
        store_id=customer.store_id,
        owner_id=owner_id or customer.owner_id,
        stage_id=stage.id,
        kind=stage.kind,
        product=product or UNNAMED,
        amount=amount,
        expected_on=expected_on,
        lost_reason=(lost or LostReason.OTHER) if is_lost else "",
        closed_at=_closed_at(expected_on, reader, house) if stage.kind != StageKind.OPEN else None,
    )
    return ReadSale(row=reader.row.number, stage_set_id=stage.stage_set_id, facts=facts)


def _closed_at(day: date | None, reader: Reader, house: House) -> datetime:
    """When a sale that is over ended: on its day where that has passed, else now."""
    if day is None or day >= reader.today:
        return house.now
    return datetime.combine(day, time(), reader.zone)


def _stage(cell: Cell, stages: Mapping[str, Any]) -> Any:
    text = cells.text(cell, 60, keep_lines=False)
    if not text:
        return None
    found = stages.get(folded(text))
    if found is None:
        names = list(dict.fromkeys(stage.name for stage in stages.values()))
        raise Unfit("stage_unknown", {"text": text[:30], "allowed": ", ".join(reversed(names))})
    return found
