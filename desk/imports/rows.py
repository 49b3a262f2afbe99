"""Reads one row of a customer sheet into typed facts, or into the reasons why it is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from core.input_refused import InputRefused
from core.names import clean_name
from core.phones import Phone, PhoneRefused, mask_in_text, normalise, split
from core.spreadsheets import cells
from core.spreadsheets.tables import Cell, CellFault, Row
from customers.rules import normal_plate, normal_serial
from desk.imports import words
from desk.imports.birthdays import birthday
from desk.imports.directory import Directory
from desk.imports.facts import Columns, CustomerRow, ProductRow, Remark
from desk.imports.hours import contact_hours

Value = TypeVar("Value")
# What a row of one kind of sheet is read into.
Facts = TypeVar("Facts")
Card = dict[str, Columns]

EARLIEST = date(2000, 1, 1)
AHEAD = timedelta(days=3653)
OLDEST_NEXT_CONTACT = timedelta(days=7)
FURTHEST_NEXT_CONTACT = timedelta(days=366)

# Plain texts of the card: column, how long, whether line breaks mean anything.
TEXTS = (
    ("wechat", 60, False),
    ("address", 120, False),
    ("need", 400, True),
    ("budget", 40, False),
    ("contact_time", 60, False),
    ("note", 1000, True),
)
SHOWN_CHOICES = {
    "title": "先生, 女士",
    "source": (
        "自然到店, 广告, 网络, 活动/会议营销, 朋友介绍, 老客户转介绍, 设计师, 异业, 拦截, "
        "业务员邀约, 其他"
    ),
}


class Unfit(InputRefused):
    """A cell that reads well and still will not do; `code` is worded in `wording`."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What reading a row needs to know of its sheet and of the house."""

    columns: Mapping[str, int]  # key → index of the cell
    directory: Directory
    now: datetime
    zone: ZoneInfo  # of rows that name no store
    since_1904: bool = False
    # What a word of a closed list means, once it has been looked up: (key, text) → value.
    looked_up: dict[tuple[str, str], Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ReadRow(Generic[Facts]):
    """One row as read: the facts, or why not; and what should be looked at."""

    row: Facts | None
    refusals: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()


class Reader:
    """Reads the cells of one row and remembers what was wrong with which."""

    def __init__(self, row: Row, sheet: Sheet) -> None:
        self.row, self.sheet, self.columns = row, sheet, sheet.columns
        self.refusals: list[Remark] = []
        self.warnings: list[Remark] = []
        self.zone = sheet.zone
        self.today = sheet.now.astimezone(sheet.zone).date()

    def take(self, key: str, reader: Callable[[Cell], Value], default: Value) -> Value:
        """What `reader` makes of the cell; a refusal is noted and `default` goes on."""
        index = self.columns.get(key)
        cell = self.row.cell(index) if index is not None else None
        if cell is None or cell == "":
            return default
        try:
            return reader(cell)
        except InputRefused as refusal:
            self.refuse(key, refusal.code, **refusal.params)
            return default

    def look_up(self, key: str, reader: Callable[[Cell], Value], default: Value) -> Value:
        """As `take`, for columns whose few values stand in thousands of rows."""
        cell = self.row.cell(self.columns.get(key))
        if not isinstance(cell, str):
            return self.take(key, reader, default)
        known = (key, cell)
        if known not in self.sheet.looked_up:
            before = len(self.refusals)
            value = self.take(key, reader, default)
            if len(self.refusals) > before:
                return default
            self.sheet.looked_up[known] = value
        return self.sheet.looked_up[known]

    def refuse(self, column: str, code: str, **params: object) -> None:
        self.refusals.append(Remark(row=self.row.number, column=column, code=code, params=params))

    def warn(self, column: str, code: str, **params: object) -> None:
        self.warnings.append(Remark(row=self.row.number, column=column, code=code, params=params))

    def told(self, facts: Facts) -> ReadRow[Facts]:
        """The row as read into `facts`, or the reasons why it is refused."""
        return ReadRow(
            row=None if self.refusals else facts,
            refusals=tuple(self.refusals),
            warnings=() if self.refusals else tuple(self.warnings),
        )

    def day(self, key: str, *, latest: date | None = None) -> date | None:
        def read(cell: Cell) -> date | None:
            return cells.day(
                cell,
                earliest=EARLIEST,
                latest=latest or self.today + AHEAD,
                since_1904=self.sheet.since_1904,
                zone=self.zone,
            )

        return self.take(key, read, None)


def read_row(row: Row, sheet: Sheet) -> ReadRow[CustomerRow]:
    """Read all cells of `row`, so that all that is wrong with it is told at once."""
    reader = Reader(row, sheet)
    for fault in row.faults:
        reader.refuse("", fault.code, **fault.params)
    if row.faults:
        return ReadRow(row=None, refusals=tuple(reader.refusals))
    card = _people_and_places(reader)
    card |= _card(reader)
    phones = _numbers(reader)
    if not phones and "wechat" not in card and not _complains(reader, "phone", "phone2", "wechat"):
        reader.refuse("phone", "no_way_to_reach")
    next_on, next_step = _next(reader)
    nobody: Phone | str = ""
    facts = CustomerRow(
        number=row.number,
        phones=phones,
        card=card,
        grade=reader.look_up("grade", _grade, ""),
        referrer=reader.take("referrer", _referrer, nobody),
        product=_product(reader),
        next_on=next_on,
        next_step=next_step,
    )
    return reader.told(facts)


def _complains(reader: Reader, *columns: str) -> bool:
    return any(remark.column in columns for remark in reader.refusals)


def _people_and_places(reader: Reader) -> Card:
    """Store first: in its zone all times of the row are read."""
    directory = reader.sheet.directory
    card: Card = {}
    store_id = reader.look_up("store", directory.store_called, None)
    if store_id is not None:
        card["store"] = {"store_id": store_id}
        reader.zone = directory.zones[store_id]
        reader.today = reader.sheet.now.astimezone(reader.zone).date()
    owner_id = reader.look_up("owner", directory.person_called, None)
    if owner_id is not None:
        card["owner"] = {"owner_id": owner_id}
    return card


def _card(reader: Reader) -> Card:
    """The columns that stand on the card as they are."""
    card: Card = {}
    name = reader.take("name", _name, "")
    if name:
        card["name"] = {"name": name}
    elif not _complains(reader, "name"):
        reader.refuse("name", "NAME_EMPTY")
    for key, length, keep_lines in TEXTS:
        text = reader.take(key, lambda cell: cells.text(cell, length, keep_lines=keep_lines), "")  # noqa: B023
        if text:
            card[key] = {key: text}
    for key, table in (("title", words.TITLES), ("source", words.SOURCES)):
        value = reader.look_up(key, one_of(key, table), None)
        if value:
            card[key] = {key: str(value)}
    expected = reader.take("expected_purchase", lambda cell: expected_purchase(cell, reader), None)
    if expected:
        card["expected_purchase"] = expected
    if born := reader.take("birthday", lambda cell: birthday(cell, today=reader.today), None):
        card["birthday"] = born
    if hours := reader.take("contact_hours", contact_hours, None):
        card["contact_hours"] = hours
    return card


def _name(cell: Cell) -> str:
    text = cells.text(cell, 64, keep_lines=False)
    return clean_name(text) if text else ""


def one_of(key: str, table: Mapping[str, object]) -> Callable[[Cell], object]:
    """A reader of a closed list."""

    def read(cell: Cell) -> object:
        text = cells.text(cell, 60)
        if not text:
            return None
        found = table.get(words.folded(text))
        if found is None:
            raise Unfit("not_a_choice", {"text": text[:30], "allowed": SHOWN_CHOICES[key]})
        return found

    return read


def _grade(cell: Cell) -> str:
    text = cells.text(cell, 20)
    letter = words.grade_letter(text)
    if text and not letter:
        raise Unfit("grade_unknown")
    return letter


def expected_purchase(cell: Cell, reader: Reader) -> Columns | None:
    """A word of the list, or a date."""
    if isinstance(cell, str):
        if not cell.strip():
            return None
        if word := words.EXPECTED.get(words.folded(cell)):
            return {"expected_purchase": str(word), "expected_on": None}
    if isinstance(cell, CellFault):
        cells.text(cell, 1)
    try:
        day = cells.day(
            cell,
            earliest=EARLIEST,
            latest=reader.today + AHEAD,
            since_1904=reader.sheet.since_1904,
            zone=reader.zone,
        )
    except cells.CellRefused as refusal:
        if refusal.code == "DATE_INVALID":
            raise Unfit("expected_unreadable") from None
        raise
    return {"expected_purchase": "", "expected_on": day}


def _numbers(reader: Reader) -> tuple[Phone, ...]:
    """The numbers of both columns, several in a cell split; “none” is no number (FIL-31)."""
    found: dict[str, Phone] = {}
    nothing: tuple[Phone, ...] = ()
    for key in ("phone", "phone2"):
        for phone in reader.take(key, numbers_in, nothing):
            found.setdefault(phone.e164, phone)
    if any(phone.is_nobodys for phone in found.values()):
        reader.warn("phone", "placeholder_number")
    return tuple(found.values())


def numbers_in(cell: Cell) -> tuple[Phone, ...]:
    found: list[Phone] = []
    parts = split(cell) if isinstance(cell, str) and cell.strip() else [cell]
    for part in parts:
        try:
            found += cells.phone_cells(part)
        except cells.CellRefused as refusal:
            if refusal.code != "PHONE_NONE_GIVEN":
                raise
    return tuple(found)


def _referrer(cell: Cell) -> Phone | str:
    """A number where it reads as one, else a name; numbers inside a name are masked."""
    text = cells.text(cell, 60, keep_lines=False)
    try:
        return normalise(text, from_sheet=True)
    except PhoneRefused as refusal:
        if any(char.isalpha() for char in text) or refusal.code in ("PHONE_EMPTY",):
            return mask_in_text(text)
        if refusal.code == "PHONE_NONE_GIVEN":
            return ""
        raise


def _product(reader: Reader) -> ProductRow | None:
    """What the row says of a product; None where it says nothing."""
    name = reader.take("product", lambda cell: cells.text(cell, 120, keep_lines=False), "")
    serial = reader.take("serial", lambda cell: cells.text(cell, 40, keep_lines=False), "")
    purchased_on = reader.day("purchased_on")
    delivered = reader.take("delivered_at", lambda cell: _delivered(cell, reader), None)
    product = ProductRow(
        name=name,
        serial=normal_serial(serial),
        purchased_on=purchased_on,
        delivered_on=delivered.day if delivered else None,
        delivered_at=delivered.at if delivered else None,
        insurance_until=reader.day("insurance_until"),
        plate=normal_plate(_line(reader, "plate", 20)),
        colour=_line(reader, "colour", 40),
        insurer=_line(reader, "insurer", 60),
        warranty_until=reader.day("warranty_until"),
        price=reader.take("price", _price, None),
    )
    if not (product.name or product.is_owned):
        return None
    _check_order_of_days(reader, product)
    if not product.name:
        reader.warn("product", "product_unnamed")
    return product


def _line(reader: Reader, key: str, longest: int) -> str:
    return reader.take(key, lambda cell: cells.text(cell, longest, keep_lines=False), "")


def _price(cell: Cell) -> Decimal | None:
    """What was paid; a nought in a sheet says that nobody wrote it down."""
    return cells.money(cell, allow_zero=True) or None


def _delivered(cell: Cell, reader: Reader) -> cells.Moment | None:
    return cells.moment(
        cell,
        reader.zone,
        earliest=EARLIEST,
        latest=reader.today + AHEAD,
        since_1904=reader.sheet.since_1904,
    )


def _check_order_of_days(reader: Reader, product: ProductRow) -> None:
    """What the card would refuse for a single product."""
    if product.delivered_on and product.delivered_on > reader.today:
        reader.refuse("delivered_at", "delivered_in_future")
    if product.purchased_on and product.purchased_on > reader.today:
        reader.refuse("purchased_on", "purchased_in_future")
    if (
        product.purchased_on
        and product.delivered_on
        and product.delivered_on < product.purchased_on
    ):
        reader.refuse("delivered_at", "delivered_before_purchase")


def _next(reader: Reader) -> tuple[date | None, str]:
    """The day of the next contact and what is to be done then."""
    step = reader.take("next_step", lambda cell: cells.text(cell, 200, keep_lines=False), "")
    on = reader.day("next_contact_on")
    if on is None:
        if step and not _complains(reader, "next_contact_on"):
            reader.warn("next_step", "next_step_without_day")
        return None, ""
    if on > reader.today + FURTHEST_NEXT_CONTACT:
        reader.refuse("next_contact_on", "next_day_is_too_far")
    if on < reader.today - OLDEST_NEXT_CONTACT:
        reader.warn("next_contact_on", "next_contact_is_past")
        return None, ""
    return on, step
