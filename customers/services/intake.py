"""Reading what a platform or a sheet says of one lead: field by field, refused in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.input_refused import InputRefused
from core.names import clean_name
from core.phones import Phone, normalise
from core.refusals import Refused
from core.rules import Blocker
from core.spreadsheets import cells
from core.spreadsheets.tables import Cell
from staff.models import Store

EARLIEST = date(2000, 1, 1)
LONGEST = {
    "platform_id": 80, "name": 64, "wechat": 60, "need": 400, "campaign": 80, "place": 60,
    "address": 120,
}  # fmt: skip
# What a platform may send as a bare figure; everything else is text.
FIGURES = ("platform_id", "phone")


class FieldRefused(InputRefused):
    """One field of a lead cannot be read."""

    messages = {
        "NOT_TEXT": _("This has to be text."),
        "ID_MISSING": _("Give the id that the platform gave this lead."),
        "NO_WAY_TO_REACH": _("Give a phone number or a WeChat id."),
        "STORE_UNKNOWN": _("There is no open store with this code."),
    }


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong with one field."""

    field: str
    code: str
    text: str


class LeadRefused(Refused):
    """A lead was refused as a whole: each field that ails with its sentence."""

    messages = {"fields_refused": _("Mend these fields and send the lead again.")}

    def __init__(self, *blockers, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(*blockers)
        self.faults = faults


@dataclass(frozen=True, kw_only=True)
class LeadFacts:
    """What is known of an inquiry."""

    platform_id: str
    name: str = ""
    phone: Phone | None = None
    wechat: str = ""
    need: str = ""
    campaign: str = ""
    place: str = ""
    address: str = ""
    store_id: int | None = None
    asked_at: datetime | None = None


def open_stores() -> dict[str, int]:
    """The stores that a lead may name, by code in small letters."""
    found = Store.objects.filter(is_active=True).values_list("code", "pk")
    return {code.casefold(): pk for code, pk in found}


def read_facts(
    said: Mapping[str, Cell], *, stores: Mapping[str, int], now: datetime, from_sheet: bool = False
) -> LeadFacts:
    """The facts that `said` names; what it names beside them is not read.

    Raises LeadRefused with one fault for each field that cannot be read.
    """
    faults: list[Fault] = []
    values: dict[str, object] = {}
    for name, read in _readers(stores, now, from_sheet).items():
        try:
            values[name] = read(said.get(name))
        except InputRefused as refusal:
            faults.append(Fault(field=name, code=refusal.code, text=str(refusal)))
    if not faults and values["phone"] is None and not values["wechat"]:
        missing = FieldRefused("NO_WAY_TO_REACH")
        faults.append(Fault(field="phone", code=missing.code, text=str(missing)))
    if faults:
        raise LeadRefused(Blocker("fields_refused"), faults=tuple(faults))
    values["store_id"] = values.pop("store")
    return LeadFacts(**values)  # type: ignore[arg-type]  # the readers make each its own kind


def _readers(stores: Mapping[str, int], now: datetime, from_sheet: bool):
    texts = ("wechat", "campaign", "place", "address")
    return {
        "platform_id": partial(_platform_id, from_sheet=from_sheet),
        "name": partial(_name, from_sheet=from_sheet),
        "phone": partial(_phone, from_sheet=from_sheet),
        **{name: partial(_text, name, from_sheet=from_sheet) for name in texts},
        "need": partial(_text, "need", from_sheet=from_sheet, keep_lines=True),
        "store": partial(_store, stores=stores, from_sheet=from_sheet),
        "asked_at": partial(_moment, now=now, from_sheet=from_sheet),
    }


def _as_cell(name: str, value: Cell, *, from_sheet: bool) -> Cell:
    """A sheet's cell as it is; of JSON only text, and figures where platforms send them."""
    if from_sheet or value is None or isinstance(value, str):
        return value
    if name in FIGURES and type(value) is int:
        return str(value)
    raise FieldRefused("NOT_TEXT")


def _text(name: str, value: Cell, *, from_sheet: bool, keep_lines: bool = False) -> str:
    cell = _as_cell(name, value, from_sheet=from_sheet)
    return cells.text(cell, LONGEST[name], keep_lines=keep_lines)


def _platform_id(value: Cell, *, from_sheet: bool) -> str:
    text = _text("platform_id", value, from_sheet=from_sheet)
    if not text:
        raise FieldRefused("ID_MISSING")
    return text


def _name(value: Cell, *, from_sheet: bool) -> str:
    text = _text("name", value, from_sheet=from_sheet)
    return clean_name(text, max_length=LONGEST["name"]) if text else ""


def _phone(value: Cell, *, from_sheet: bool) -> Phone | None:
    cell = _as_cell("phone", value, from_sheet=from_sheet)
    text = cells.text(cell, 64, keep_lines=False)
    return normalise(text, from_sheet=from_sheet) if text else None


def _store(value: Cell, *, stores: Mapping[str, int], from_sheet: bool) -> int | None:
    code = cells.text(_as_cell("store", value, from_sheet=from_sheet), 60, keep_lines=False)
    if not code:
        return None
    if code.casefold() not in stores:
        raise FieldRefused("STORE_UNKNOWN")
    return stores[code.casefold()]


def _moment(value: Cell, *, now: datetime, from_sheet: bool) -> datetime | None:
    """When the customer asked; a day without an hour is its midnight, a later one is refused."""
    zone = timezone.get_default_timezone()
    cell = _as_cell("asked_at", value, from_sheet=from_sheet)
    latest = timezone.localdate(now) + timedelta(days=1)
    found = cells.moment(cell, zone, earliest=EARLIEST, latest=latest, from_sheet=from_sheet)
    if found is None:
        return None
    return found.at or datetime.combine(found.day, datetime.min.time(), zone)
