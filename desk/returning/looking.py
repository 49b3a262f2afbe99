"""A sheet that came back, looked at: each row and cell as things stand now; nothing is touched."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from core.phones import Phone
from core.spreadsheets.headers import HeaderMatch, find_header
from core.spreadsheets.read import read_workbook
from core.spreadsheets.tables import Row, Table
from customers import queries
from customers import services as customers
from customers.models import Customer, CustomerPhone
from desk.imports.directory import directory
from desk.imports.facts import Remark
from desk.imports.rows import Reader, Sheet
from desk.imports.services import Request
from desk.imports.sheets import LIMITS
from desk.imports.standing import among, importer_reach, key_of
from desk.imports.wording import ImportRefused
from desk.returning import fields, marks
from desk.returning.sheets import as_exported
from desk.returning.weighing import Edit, EditedRow, Known, Weighed, edits_of
from staff.models import Person
from staff.scope import IMPORTING_ROLES, REASSIGNING_ROLES


@dataclass(frozen=True, kw_only=True)
class Came:
    """A sheet that came back, with its columns told apart."""

    table: Table
    match: HeaderMatch

    @property
    def rows(self) -> list[Row]:
        return self.table.rows


@dataclass(kw_only=True)
class _House:
    """What judging the rows needs to know of the house, asked once for all of them."""

    sheet: Sheet
    found: Mapping[int, Customer]
    texts: Mapping[str, Mapping[int, Mapping[str, Any]]]  # language → customer → code → cell
    may_reassign: bool


def came_back(filename: str, content: bytes, *, encoding: str = "") -> Came | None:
    """The sheet, where it is one that we exported; None for any other. Raises SheetRefused."""
    columns = fields.columns()
    tables = read_workbook(
        filename, content, limits=LIMITS, encoding=encoding or None, columns=columns
    )
    for table in tables.values():
        match = find_header(table.lead_rows, columns)
        if not match.missing and not {"id", "check"} & set(match.duplicates):
            return Came(table=table, match=match)
    return None


def refuse_unfit(came: Came, request: Request) -> None:
    """Raise ImportRefused for whoever may not, for too many rows, and for none."""
    by = request.by
    if not by.is_system and by.role not in IMPORTING_ROLES:
        raise ImportRefused.because("not_yours")
    if request.most_rows and len(came.rows) > request.most_rows:
        raise ImportRefused.because("too_many_rows", limit=request.most_rows, rows=len(came.rows))
    if not came.rows:
        raise ImportRefused.because("no_rows")


def weigh(came: Came, *, by: Person, now: datetime, looks_up: bool = False) -> Weighed:
    """What would become of each cell, as things stand now; nothing is touched.

    `looks_up` counts each number that somebody typed as asked about: whether it is taken tells.
    """
    weighed = Weighed()
    marked = _marked(came, weighed)
    house = _house(came, marked, by=by, now=now)
    rows: list[EditedRow] = []
    for row, pk, mark in marked:
        customer = house.found.get(pk)
        if customer is None:
            _refuse(weighed, row, "id", "unknown_number")
            continue
        reader = Reader(row, house.sheet)
        reader.zone = customer.store.tzinfo
        reader.today = now.astimezone(reader.zone).date()
        known = Known(customer=customer, texts=house.texts[mark.language][pk])
        edits = edits_of(row, came.match.columns, mark, known, reader)
        if not house.may_reassign and any(edit.field == "keeper" for edit in edits):
            reader.refuse("keeper", "keeper_is_not_yours_to_change")
        weighed.refusals += reader.refusals
        if reader.refusals:
            continue
        rows.append(EditedRow(number=row.number, pk=pk, name=customer.shown_name, edits=edits))
    _settle_numbers(rows, weighed, by=by, now=now, looks_up=looks_up)
    weighed.refusals.sort(key=lambda remark: remark.row)
    return weighed


def _marked(came: Came, weighed: Weighed) -> list[tuple[Row, int, marks.Mark]]:
    """The rows whose number and check fit each other, each customer once."""
    columns = came.match.columns
    found: dict[int, int] = {}
    marked = []
    for row in came.rows:
        number = _number(row.cell(columns["id"]))
        check = row.cell(columns["check"])
        mark = marks.read(number, check) if number and isinstance(check, str) else None
        if row.faults:
            _refuse(weighed, row, "", row.faults[0].code, **row.faults[0].params)
        elif number is None or mark is None:
            _refuse(weighed, row, "check", "check_broken")
        elif number in found:
            _refuse(weighed, row, "id", "same_number_twice", first=found[number])
        else:
            found[number] = row.number
            marked.append((row, number, mark))
    return marked


def _number(cell: object) -> int | None:
    text = str(cell if cell is not None else "").strip().removesuffix(".0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _refuse(weighed: Weighed, row: Row, column: str, code: str, **params: object) -> None:
    weighed.refusals.append(Remark(row=row.number, column=column, code=code, params=params))


def _house(
    came: Came, marked: Sequence[tuple[Row, int, marks.Mark]], *, by: Person, now: datetime
) -> _House:
    today = timezone.localdate(now)
    reach = importer_reach(by, today=today)
    ids = {pk for _row, pk, _mark in marked}
    found: dict[int, Customer] = {}
    if ids:
        cards = queries.for_list(queries.visible(reach)).filter(merged_into=None).defer(None)
        found = {card.pk: card for card in among(cards, "id", ids)}
    languages = {mark.language for _row, _pk, mark in marked}
    return _House(
        sheet=Sheet(
            columns=came.match.columns,
            directory=directory(reach),
            now=now,
            zone=ZoneInfo(settings.TIME_ZONE),
            since_1904=came.table.since_1904,
        ),
        found=found,
        texts={
            language: as_exported(
                list(found.values()), reader=reach, today=today, language=language
            )
            for language in languages
        },
        may_reassign=by.is_system or by.role in REASSIGNING_ROLES,
    )


def _settle_numbers(
    rows: list[EditedRow], weighed: Weighed, *, by: Person, now: datetime, looks_up: bool
) -> None:
    """Typed numbers are new to their card, and nobody else's; then rows are edited, or the same."""
    typed = {key_of(phone): phone for row in rows for phone in _typed(row)}
    owners: dict[bytes, int] = {}
    if typed:
        found = among(CustomerPhone.objects.all(), "key", set(typed))
        owners = {bytes(key): pk for key, pk in found.values_list("key", "customer_id")}
    too_many = _look_up(typed.values(), by=by, now=now) if looks_up else None
    taken: dict[bytes, int] = {}
    for row in rows:
        keys = [key_of(phone) for phone in _typed(row)]
        if keys and too_many is not None:
            weighed.refusals.append(too_many_of(row, too_many))
        elif any(owners.get(key, row.pk) != row.pk or key in taken for key in keys):
            weighed.refusals.append(Remark(row=row.number, column="phone", code="number_is_known"))
        else:
            taken |= dict.fromkeys(keys, row.number)
            fresh = _without_own(row, owners)
            if fresh.edits:
                weighed.edited.append(fresh)
            else:
                weighed.same += 1


def too_many_of(row: EditedRow, refusal: customers.NumberNotLookedUp) -> Remark:
    """The row whose number was not looked up: too many were, within the hour."""
    params = refusal.blockers[0].params
    return Remark(row=row.number, column="phone", code="too_many_look_ups", params=params)


def _look_up(
    phones: Iterable[Phone], *, by: Person, now: datetime
) -> customers.NumberNotLookedUp | None:
    """Count each number as asked about, as the card's own page does; what refused, if anything."""
    if by.is_system:
        return None
    for phone in phones:
        try:
            customers.look_up_number(phone=phone, by=by, now=now)
        except customers.NumberNotLookedUp as refusal:
            return refusal
    return None


def _typed(row: EditedRow) -> list[Phone]:
    return [phone for edit in row.edits for phone in edit.values.get("phones", ())]


def _without_own(row: EditedRow, owners: Mapping[bytes, int]) -> EditedRow:
    """The row without the numbers that its card has already."""
    edits: list[Edit] = []
    for edit in row.edits:
        if "phones" in edit.values:
            new = [phone for phone in edit.values["phones"] if key_of(phone) not in owners]
            if new:
                edits.append(replace(edit, values={"phones": tuple(new)}))
        else:
            edits.append(edit)
    return replace(row, edits=edits)
