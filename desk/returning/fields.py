"""What of an exported list may be edited and sent in again: a field a cell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.names import clean_name
from core.phones import mask_id, mask_in_text, put_back
from core.spreadsheets import cells
from core.spreadsheets.headers import Column
from core.spreadsheets.tables import Cell
from customers.models import Customer
from customers.states import Grade
from desk.imports import words
from desk.imports.birthdays import birthday
from desk.imports.rows import Reader, Unfit, expected_purchase, one_of
from desk.lists.customers.table import CustomerTable
from staff.scope import Reach

Values = Mapping[str, Any]

BORN = ("birth_year", "birth_month", "birth_day", "birth_is_lunar", "birth_is_leap_month")
NOT_BORN = dict(zip(BORN, (None, None, None, False, False), strict=True))


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing that a cell may say: where it stands, how it is shown, and how it is read.

    `code` stands in the check; `columns` are those of the customer's row that it fills. One with
    `show` is written only for editing, others are columns of the list.
    """

    key: str
    code: str
    columns: tuple[str, ...]
    read: Callable[[Cell, Customer, Reader], Values]
    label: object = ""
    show: Callable[[Customer, Reach], str] | None = None

    @property
    def heading(self) -> str:
        """The header in the reader's language, as the list writes it."""
        if self.show is None:
            return str(CustomerTable.base_columns[self.key].verbose_name)
        return str(self.label)

    def stands(self, customer: Customer) -> dict[str, Any]:
        """What the card says now."""
        return {name: getattr(customer, name) for name in self.columns}


def _text(key: str, longest: int, *, keep_lines: bool = False):
    """A reader of free text: masks that stay are the numbers they stand for."""

    def read(cell: Cell, customer: Customer, reader: Reader) -> Values:
        typed = cells.text(cell, longest + 40, keep_lines=keep_lines)
        text = put_back(typed, kept=getattr(customer, key))
        if len(text) > longest:
            raise Unfit("TEXT_TOO_LONG", {"limit": longest})
        return {key: text}

    return read


def _shown(key: str):
    return lambda customer, reach: mask_in_text(getattr(customer, key))


def _name(cell: Cell, customer: Customer, reader: Reader) -> Values:
    """The name, and behind a blank the title, as the list writes both."""
    text = cells.text(cell, 80, keep_lines=False)
    head, _blank, tail = text.rpartition(" ")
    title = words.TITLES.get(words.folded(tail)) if head and tail else None
    name = put_back(head if title else text, kept=customer.name)
    return {"name": clean_name(name), "title": str(title or "")}


def _grade(cell: Cell, customer: Customer, reader: Reader) -> Values:
    letter = words.grade_letter(cells.text(cell, 20))
    if letter not in Grade.values:
        raise Unfit("grade_exactly")
    return {"grade": letter}


def _source(cell: Cell, customer: Customer, reader: Reader) -> Values:
    return {"source": str(one_of("source", words.SOURCES)(cell) or "")}


def _expected(cell: Cell, customer: Customer, reader: Reader) -> Values:
    return expected_purchase(cell, reader) or {"expected_purchase": "", "expected_on": None}


def _keeper(cell: Cell, customer: Customer, reader: Reader) -> Values:
    found = reader.sheet.directory.person_called(cell)
    if found is None:
        raise Unfit("keeper_needed")
    return {"owner_id": found}


def _wechat(cell: Cell, customer: Customer, reader: Reader) -> Values:
    text = cells.text(cell, 60, keep_lines=False)
    if "****" in text:
        raise Unfit("wechat_masked")
    return {"wechat": text}


def _email(cell: Cell, customer: Customer, reader: Reader) -> Values:
    text = put_back(cells.text(cell, 254, keep_lines=False), kept=customer.email)
    try:
        if text:
            validate_email(text)
    except ValidationError:
        raise Unfit("email_unreadable") from None
    return {"email": text}


def _birthday(cell: Cell, customer: Customer, reader: Reader) -> Values:
    return NOT_BORN | dict(birthday(cell, today=reader.today) or {})


def _born(customer: Customer, reach: Reach) -> str:
    if not customer.birth_month:
        return ""
    year = f"{customer.birth_year}-" if customer.birth_year else ""
    leap = "闰" if customer.birth_is_leap_month else ""
    lunar = f"农历{year}{leap}" if customer.birth_is_lunar else year
    return f"{lunar}{customer.birth_month}-{customer.birth_day}"


def _phone(cell: Cell, customer: Customer, reader: Reader) -> Values:
    """A number typed whole; what is masked is no number."""
    if "*" in cells.text(cell, 200):
        raise Unfit("phone_masked")
    return {"phones": cells.phone_cells(cell)}


FIELDS = (
    Field(key="grade", code="g", columns=("grade",), read=_grade),
    Field(key="name", code="n", columns=("name", "title"), read=_name),
    Field(key="phone", code="p", columns=(), read=_phone),
    Field(key="need", code="d", columns=("need",), read=_text("need", 400, keep_lines=True)),
    Field(key="keeper", code="k", columns=("owner_id",), read=_keeper),
    Field(key="source", code="s", columns=("source",), read=_source),
    Field(key="address", code="a", columns=("address",), read=_text("address", 120)),
    Field(
        key="expected", code="e", columns=("expected_purchase", "expected_on"), read=_expected
    ),
    Field(key="budget", code="b", columns=("budget",), read=_text("budget", 40)),
    Field(key="company", code="c", columns=("company",), read=_text("company", 80)),
    Field(
        key="wechat", code="w", columns=("wechat",), read=_wechat, label=_("WeChat"),
        show=lambda customer, reach: mask_id(customer.wechat),
    ),
    Field(
        key="contact_time", code="t", columns=("contact_time",), read=_text("contact_time", 60),
        label=_("Suitable contact time"), show=_shown("contact_time"),
    ),
    Field(
        key="note", code="o", columns=("note",), read=_text("note", 1000, keep_lines=True),
        label=_("Note"), show=_shown("note"),
    ),
    Field(
        key="job", code="j", columns=("job",), read=_text("job", 60), label=_("Job"),
        show=_shown("job"),
    ),
    Field(
        key="hobbies", code="h", columns=("hobbies",), read=_text("hobbies", 200),
        label=_("Hobbies"), show=_shown("hobbies"),
    ),
    Field(
        key="email", code="m", columns=("email",), read=_email, label=_("E-mail"),
        show=_shown("email"),
    ),
    Field(
        key="birthday", code="y", columns=BORN, read=_birthday, label=_("Birthday"), show=_born
    ),
)  # fmt: skip
BY_KEY = {field.key: field for field in FIELDS}
LISTED = tuple(field.key for field in FIELDS if field.show is None)
MORE = tuple(field for field in FIELDS if field.show is not None)

ID, CHECK = _("Customer no."), _("Check")
ID_NAMES = ("客户编号", "customer no.", "customer id", "id")
CHECK_NAMES = ("校验", "check")


def columns() -> tuple[Column, ...]:
    """What the headers of such a sheet may be, in each language in which we write it."""
    names: dict[str, list[str]] = {field.key: [] for field in FIELDS}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for field in FIELDS:
                names[field.key].append(field.heading)
    found = [Column(key, tuple(dict.fromkeys(told))) for key, told in names.items()]
    with translation.override("zh-hans"):
        numbers, checks = (*ID_NAMES, str(ID)), (*CHECK_NAMES, str(CHECK))
    return (*found, Column("id", numbers, True), Column("check", checks, True))
