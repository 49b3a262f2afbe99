"""Stores out of a sheet: of their own file, or the sheet 门店 of any other workbook."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from uuid import uuid4
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.input_refused import InputRefused
from core.refusals import Refused
from core.spreadsheets import cells
from core.spreadsheets.faults import refuse
from core.spreadsheets.headers import Column, HeaderMatch, match_table
from core.spreadsheets.summary import ImportSummary, RowNote
from core.spreadsheets.tables import Cell, Row, Table
from staff.models import Person, Region, Store
from staff.services.places import PlaceNotSaved, create_region, create_store, update_store
from staff.states import StoreKind, Trade

SHEET = "门店"
NO_REGION = "未分区"

COLUMNS = (
    Column("code", ("门店编码", "code", "编码", "店号", "门店代码", "store code"), needed=True),
    Column("name", ("名称", "name", "门店名称", "门店", "店名", "store name"), needed=True),
    Column("region", ("区域", "region", "大区", "所属区域")),
    Column("kind", ("类型", "kind", "门店类型")),
    Column("trade", ("业态", "trade", "行业", "经营品类")),
    Column("closes_at", ("结业时间", "closes_at", "闭店时间", "打烊时间", "closing time")),
    Column("zone", ("时区", "zone", "time zone")),
)
_LABELS = {column.key: column.names[0] for column in COLUMNS}

KINDS = {
    "门店": StoreKind.STORE,
    "办事处": StoreKind.OFFICE,
    "仓库": StoreKind.WAREHOUSE,
    "业务部": StoreKind.FIELD_TEAM,
} | {kind.value: kind for kind in StoreKind}
TRADES = {
    "汽车": Trade.CARS,
    "家具": Trade.FURNITURE,
    "床垫": Trade.MATTRESSES,
    "家居": Trade.HOME,
    "鞋": Trade.SHOES,
} | {trade.value: trade for trade in Trade}
ZONES = {"北京时间": "Asia/Shanghai", "中国标准时间": "Asia/Shanghai"}

_TIME = re.compile(r"([0-9]{1,2}) ?[:点时] ?(?:([0-9]{1,2})分?)?(?::[0-9]{2})?")


class StoreRefused(InputRefused):
    """A row of a sheet of stores, or the sheet as a whole, cannot be taken."""

    messages = {
        "COLUMN_MISSING": _("The column %(column)s is missing."),
        "COLUMN_TWICE": _("The column %(column)s stands there twice. Take one out."),
        "COLUMN_UNKNOWN": _("The column %(column)s is not known and was left aside."),
        "CODE_TWICE": _("Row %(row)s has this code already, with other values."),
        "ZONE_UNKNOWN": _("There is no such time zone. Write it like Asia/Shanghai."),
        "TIME_INVALID": _("There is no such time. Write it like 21:30."),
        "REGION_ASSUMED": _("No region is told: taken as %(region)s."),
        "TRADE_ASSUMED": _("No trade is told: taken as %(trade)s."),
    }


class _RowRefused(Exception):
    """One row is refused; what stopped it is on its way into the summary."""

    def __init__(self, column: str, refusal: InputRefused) -> None:
        self.column, self.refusal = column, refusal


@dataclass(kw_only=True)
class _Import:
    """One run over a sheet: the stores as they stand, and what has become of each row."""

    by: Person
    now: datetime
    match: HeaderMatch
    summary: ImportSummary = field(default_factory=ImportSummary)
    stores: dict[str, Store] = field(default_factory=dict)
    regions: dict[str, Region] = field(default_factory=dict)
    seen: dict[str, tuple[int, Mapping[str, object]]] = field(default_factory=dict)


@transaction.atomic
def import_stores(table: Table, *, by: Person, now: datetime, dry_run: bool) -> ImportSummary:
    """Create and change stores as the sheet says; empty cells leave things as they are.

    Regions that are not there are made. A refused row stops no other. With `dry_run` all is done
    and taken back, so that the summary is the one that the import would give.
    """
    table, match = match_table(table, COLUMNS)
    run = _Import(by=by, now=now, match=match)
    run.stores = {_folded(s.code): s for s in Store.objects.select_related("region")}
    run.regions = _regions()
    _note_columns(run)
    if not run.summary.refusals:
        run.summary.read = len(table.rows)
        for row in table.rows:
            _import_row(run, row)
    if dry_run:
        transaction.set_rollback(True)
    return run.summary


def _regions() -> dict[str, Region]:
    return {_folded(region.name): region for region in Region.objects.all()}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _note_columns(run: _Import) -> None:
    """Refuse a sheet without a needed column, by its name; list what nobody knows."""
    twice = [_LABELS[key] for key in run.match.duplicates]
    for code, columns in (("COLUMN_MISSING", run.match.missing), ("COLUMN_TWICE", twice)):
        for column in columns:
            refusal = StoreRefused(code, {"column": column})
            run.summary.refuse(row=run.match.number, column=column, refusal=refusal)
    for column in run.match.unknown:
        _note(run, run.match.number, column, "COLUMN_UNKNOWN", column=column)


def _note(run: _Import, row: int, column: str, code: str, /, **params: object) -> None:
    run.summary.notes.append(RowNote.of(StoreRefused(code, params), row=row, column=column))


def _import_row(run: _Import, row: Row) -> None:
    noted = len(run.summary.notes)
    try:
        with transaction.atomic():
            fate = _save(run, row)
    except _RowRefused as stopped:
        run.regions = _regions()  # one made for this row went with it
        del run.summary.notes[noted:]
        run.summary.refuse(
            row=row.number,
            column=_LABELS.get(stopped.column, ""),
            refusal=stopped.refusal,
        )
    else:
        setattr(run.summary, fate, getattr(run.summary, fate) + 1)


def _save(run: _Import, row: Row) -> str:
    """Create or change the store of one row; answers with what became of it."""
    told = _read(run, row)
    key = _folded(str(told["code"]))
    if key in run.seen and run.seen[key][1] != told:
        raise _RowRefused("code", StoreRefused("CODE_TWICE", {"row": run.seen[key][0]}))
    run.seen.setdefault(key, (row.number, told))
    store = run.stores.get(key)
    try:
        return _change(run, store, told) if store else _create(run, row, key, told)
    except PlaceNotSaved as refusal:
        raise _RowRefused("code", _as_input(refusal)) from refusal


def _as_input(refusal: Refused) -> InputRefused:
    """A refusal of the service as one of a row, in the same words."""
    blocker = refusal.blockers[0]
    worded = InputRefused(blocker.code, blocker.params)
    worded.messages = refusal.messages
    return worded


def _read(run: _Import, row: Row) -> dict[str, object]:
    """What the row tells; cells that are blank or absent are not in it."""
    if row.faults:
        raise _RowRefused("", refuse(row.faults[0]))
    readers: dict[str, Callable[[Cell], object]] = {
        "code": lambda cell: cells.text(cell, 20, needed=True, keep_lines=False),
        "name": lambda cell: cells.text(cell, 60, needed=True, keep_lines=False),
        "region": lambda cell: cells.text(cell, 60, keep_lines=False),
        "kind": lambda cell: cells.choice(cell, KINDS),
        "trade": lambda cell: cells.choice(cell, TRADES),
        "closes_at": _clock,
        "zone": _zone,
    }
    told: dict[str, object] = {}
    for key, read in readers.items():
        try:
            value = read(row.cell(run.match.columns.get(key)))
        except InputRefused as refusal:
            raise _RowRefused(key, refusal) from refusal
        if value not in ("", None):
            told[key] = value
    return told


def _clock(cell: Cell) -> time | None:
    """The hour at which a store closes; None where the cell is blank."""
    if isinstance(cell, datetime):
        return cell.time().replace(second=0, microsecond=0)
    written = unicodedata.normalize("NFKC", cells.text(cell, 40, keep_lines=False))
    if not written:
        return None
    match = _TIME.fullmatch(written)
    hour, minute = (int(part or 0) for part in match.groups()) if match else (24, 0)
    if hour > 23 or minute > 59:
        raise StoreRefused("TIME_INVALID")
    return time(hour, minute)


def _zone(cell: Cell) -> str:
    written = cells.text(cell, 40, keep_lines=False)
    zone = ZONES.get(written, written)
    if zone and zone not in available_timezones():
        raise StoreRefused("ZONE_UNKNOWN")
    return zone


def _region(run: _Import, name: str) -> Region:
    """The region of that name, made where there is none."""
    key = _folded(name)
    if key not in run.regions:
        run.regions[key] = create_region(name=name, by=run.by, now=run.now, key=uuid4())
    return run.regions[key]


def _create(run: _Import, row: Row, key: str, told: dict[str, object]) -> str:
    store = create_store(
        code=str(told["code"]),
        name=str(told["name"]),
        region=_region(run, str(told.get("region") or _likely_region(run, row))),
        kind=str(told.get("kind", StoreKind.STORE)),
        trade=str(told.get("trade") or _likely_trade(run, row)),
        closes_at=told.get("closes_at", time(21, 30)),  # type: ignore[arg-type]
        zone=str(told.get("zone", "Asia/Shanghai")),
        by=run.by,
        now=run.now,
        key=uuid4(),
    )
    run.stores[key] = store
    return "created"


def _likely_region(run: _Import, row: Row) -> str:
    """The company's only region, else one that says that nobody has chosen yet."""
    names = [region.name for region in run.regions.values()]
    name = names[0] if len(names) == 1 else NO_REGION
    _note(run, row.number, _LABELS["region"], "REGION_ASSUMED", region=name)
    return name


def _likely_trade(run: _Import, row: Row) -> str:
    """The trade of all stores, where they share one, else furniture."""
    trades = {store.trade for store in run.stores.values()}
    trade = Trade(trades.pop()) if len(trades) == 1 else Trade.FURNITURE
    _note(run, row.number, _LABELS["trade"], "TRADE_ASSUMED", trade=str(trade.label))
    return trade


def _change(run: _Import, store: Store, told: dict[str, object]) -> str:
    """Change what the row tells otherwise; the code keeps the spelling it was given first."""
    now = {
        "name": store.name,
        "region": store.region.name,
        "kind": store.kind,
        "trade": store.trade,
        "closes_at": store.closes_at,
        "zone": store.zone,
    }
    wanted = now | {key: value for key, value in told.items() if key in now}
    if _folded(str(wanted["region"])) == _folded(store.region.name):
        wanted["region"] = store.region.name
    if wanted == now:
        return "unchanged"
    region = _region(run, str(wanted["region"]))
    run.stores[_folded(store.code)] = update_store(
        store=store,
        **(wanted | {"region": region}),  # type: ignore[arg-type]
        is_active=store.is_active,
        by=run.by,
        now=run.now,
    )
    return "updated"
