"""The sheets that tell of styles in offices: launches and prices, what is on the way, requests."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from core.services.copying import copy_rows
from stock.models import OfficeLaunch, Style
from stock.services.importing import cells as read
from stock.services.importing.books import Part
from stock.services.importing.cells import Field, Reader
from stock.services.importing.facts import Remark, SheetOutcome, Shown
from stock.services.importing.run import (
    EARLIEST,
    Naming,
    Run,
    again_told,
    named,
    outcome_of,
    reader_of,
    shown_of,
)
from stock.services.importing.staging import CHANGED, NEW, REFUSED, SAME, Staging, Stored, Target

# Goods are due, and prices hold, some time ahead.
AHEAD = timedelta(days=1098)
MOST_PAIRS = 999_999
_PLACE = (
    Stored(name="office_id", type="bigint", key="office"),
    Stored(name="style_id", type="bigint", key="style"),
)
LAUNCHES = Target(
    table="stock_officelaunch",
    staged="staged_launches",
    columns=(*_PLACE, Stored(name="launched_on", type="date", key="launched_on")),
    keys=(("TRUE", ("office_id", "style_id")),),
)
PRICES = Target(
    table="stock_officeprice",
    staged="staged_prices",
    columns=(
        *_PLACE,
        Stored(name="from_on", type="date", key="from_on"),
        Stored(name="counter_price", type="numeric(12, 2)", key="counter_price"),
        Stored(name="current_price", type="numeric(12, 2)", key="current_price"),
    ),
    keys=(("TRUE", ("office_id", "style_id", "from_on")),),
)
IN_TRANSIT = Target(
    table="stock_intransit",
    staged="staged_in_transit",
    columns=(
        *_PLACE,
        Stored(name="size", type="text", key="size", empty="''", default="''"),
        Stored(name="due_on", type="date", key="due_on", is_nullable=True),
        Stored(name="quantity", type="integer", key="qty"),
    ),
    keys=(("TRUE", ("office_id", "style_id", "size", "due_on")),),
    summed=("quantity",),
)
REQUESTS = Target(
    table="stock_request",
    staged="staged_requests",
    columns=(
        *_PLACE,
        Stored(name="on", type="date", key="date"),
        Stored(name="requested", type="integer", key="requested"),
        # Nothing shipped is as good as nobody said so: a later sheet without it takes nothing away.
        Stored(name="shipped", type="integer", key="shipped", empty="0", default="0"),
        Stored(name="served", type="integer", empty="0", default="0"),
    ),
    keys=(("TRUE", ("office_id", "style_id", "on")),),
    summed=("requested", "shipped", "served"),
)
# What the sheet no longer names is no longer on its way, in the offices that it tells of.
_GONE = """
    DELETE FROM {table} known WHERE office_id IN (SELECT office_id FROM {staged})
       AND NOT EXISTS (SELECT 1 FROM {staged} one WHERE one.id = known.id)
"""
_COUNT_GONE = """
    SELECT count(*) FROM {table} known WHERE office_id IN (SELECT office_id FROM {staged})
       AND NOT EXISTS (SELECT 1 FROM {staged} one WHERE one.id = known.id)
"""
# A launch that an earlier row told already says nothing of its row.
_FATES = "SELECT at_row, CASE WHEN first IS NULL THEN fate ELSE 'same' END FROM {staged}"


def _named_rows(
    run: Run, reader: Reader, part: Part
) -> Iterator[tuple[int, tuple[int, int], list[Any]]]:
    """The rows of known offices and styles: number, both keys, and the values after them."""
    naming = Naming(run, reader.refusals)
    for number, values in reader.rows(part.rows):
        keys = naming.keys_of(number, values)
        if keys is not None:
            yield number, keys, values[3:]


def _day(run: Run, part: Part) -> read.Read:
    return read.day(EARLIEST, run.today + AHEAD, since_1904=part.since_1904)


def _staged(target: Target, rows: Sequence[Sequence[Any]]) -> Staging:
    staging = Staging(target)
    copy_rows(target.staged, ["at_row", *target.names], rows)
    staging.weigh()
    return staging


def bring_in_transit(run: Run, part: Part) -> SheetOutcome:
    """在途 is a state: what an office's rows no longer name has arrived, or does not come."""
    day = _day(run, part)
    fields = [
        *named(needs_office=run.store_id is None),
        Field(key="size", read=read.size(10), empty=""),
        Field(key="due_on", read=day),
        Field(key="qty", read=read.whole(1, MOST_PAIRS), needed=True),
    ]
    reader = reader_of(part, fields)
    rows = [(number, *place, *said) for number, place, said in _named_rows(run, reader, part)]
    staging = _staged(IN_TRANSIT, rows)
    warnings = again_told(staging, "", "put_together")[1]
    keys = {"size": "size", "due_on": "due_on", "quantity": "qty"}
    outcome = _outcome(run, reader, staging, warnings, keys)
    if not part.is_mended:
        ((gone,),) = staging.rows_of(_COUNT_GONE)
        outcome.removed = gone
        if gone:
            outcome.warnings.insert(0, Remark(0, "", "no_longer_on_the_way", {"count": gone}))
        if run.writes:
            staging.do(_GONE)
    if run.writes:
        staging.write()
    return outcome


def bring_requests(run: Run, part: Part) -> SheetOutcome:
    """要货: what an office asked for on a day, and what was shipped to it."""
    fields = [
        *named(needs_office=run.store_id is None),
        Field(key="date", read=_day(run, part), needed=True),
        Field(key="requested", read=read.whole(0, MOST_PAIRS), needed=True),
        Field(key="shipped", read=read.whole(0, MOST_PAIRS), empty=0),
    ]
    reader = reader_of(part, fields)
    rows = []
    for number, place, said in _named_rows(run, reader, part):
        _on, requested, shipped = said
        if requested or shipped:
            rows.append((number, *place, *said, min(requested, shipped)))
        else:
            reader.refusals.append(Remark(number, "requested", "request_says_nothing"))
    staging = _staged(REQUESTS, rows)
    warnings = again_told(staging, "", "put_together")[1]
    keys = {"on": "date", "requested": "requested", "shipped": "shipped"}
    outcome = _outcome(run, reader, staging, warnings, keys)
    if run.writes:
        staging.write()
    return outcome


def _outcome(
    run: Run, reader: Reader, staging: Staging, warnings: list[Remark], keys: dict[str, str]
) -> SheetOutcome:
    outcome = outcome_of(reader, staging.counts(), reader.refusals, warnings)
    outcome.shown = shown_of(run, staging, keys)
    return outcome


def bring_prices(run: Run, part: Part) -> SheetOutcome:
    """上市与价格: since when an office has a style on sale, and what it costs from a day on."""
    day = _day(run, part)
    fields = [
        *named(needs_office=run.store_id is None),
        Field(key="launched_on", read=day),
        Field(key="counter_price", read=read.price),
        Field(key="current_price", read=read.price),
        Field(key="from_on", read=day),
    ]
    reader = reader_of(part, fields)
    launches, prices = _launches_and_prices(run, reader, part)
    both = [_staged(LAUNCHES, launches), _staged(PRICES, prices)]
    warnings: list[Remark] = []
    wrong = {row for staging in both for row, _first, fate in staging.again() if fate == REFUSED}
    for staging in both:
        refusals, twice = again_told(staging, "price_contradicts", "same_as_row")
        reader.refusals += refusals
        warnings += [remark for remark in twice if staging is both[1] and remark.row not in wrong]
        staging.do("DELETE FROM {staged} WHERE at_row = ANY(%s)", [sorted(wrong)])
    outcome = outcome_of(reader, {}, reader.refusals, warnings)
    _tell_together(run, outcome, both)
    if run.writes:
        for staging in both:
            staging.write()
    return outcome


def _launches_and_prices(run: Run, reader: Reader, part: Part) -> tuple[list, list]:
    """What the rows say of each; a price without a day holds since the launch there."""
    launched = dict(Style.objects.exclude(launched_on=None).values_list("pk", "launched_on"))
    here = {
        (office, style): on
        for office, style, on in OfficeLaunch.objects.values_list("office", "style", "launched_on")
    }
    rows = list(_named_rows(run, reader, part))
    here |= {keys: said[0] for _number, keys, said in rows if said[0] is not None}
    launches, prices = [], []
    for number, keys, (launched_on, counter, current, from_on) in rows:
        has_price = counter is not None or current is not None
        since = from_on or here.get(keys) or launched.get(keys[1])
        if not has_price and launched_on is None:
            reader.refusals.append(Remark(number, "", "price_says_nothing"))
            continue
        if has_price and since is None:
            reader.refusals.append(Remark(number, "from_on", "price_without_day"))
            continue
        if launched_on is not None:
            launches.append((number, *keys, launched_on))
        if has_price:
            prices.append((number, *keys, since, counter, current))
    return launches, prices


def _tell_together(run: Run, outcome: SheetOutcome, both: Sequence[Staging]) -> None:
    """The fates of rows each of which may tell of two things."""
    launch, price = (dict(staging.rows_of(_FATES)) for staging in both)
    whole = {
        number: _whole(launch.get(number), price.get(number)) for number in {**launch, **price}
    }
    counted = list(whole.values())
    outcome.created, outcome.updated, outcome.unchanged = (
        counted.count(fate) for fate in (NEW, CHANGED, SAME)
    )
    keys = ({"launched_on": "launched_on"}, {"from_on": "from_on", "counter_price": "counter_price",
            "current_price": "current_price"})  # fmt: skip
    shown: dict[int, Shown] = {}
    for staging, of_target in zip(both, keys, strict=True):
        for rows in shown_of(run, staging, of_target).values():
            for row in rows:
                shown[row.row] = _joined(shown.get(row.row), row)
    for fate in (NEW, CHANGED, SAME):
        outcome.shown[fate] = [
            shown[number] for number in sorted(shown) if whole.get(number) == fate
        ]


def _whole(launch: str | None, price: str | None) -> str:
    """A row is what its price is; one that stands, or none, is what its launch is."""
    if price in (NEW, CHANGED):
        return price
    if price is None:
        return launch or SAME
    return CHANGED if launch in (NEW, CHANGED) else SAME


def _joined(before: Shown | None, row: Shown) -> Shown:
    if before is None:
        return row
    return Shown(
        row=row.row,
        name=row.name,
        said=[*before.said, *row.said],
        changes=[*before.changes, *row.changes],
    )
