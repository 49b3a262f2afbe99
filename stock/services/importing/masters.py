"""The sheet 款式: styles, and the brands, seasons, series and shoe types that they name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from core.spreadsheets.tables import Cell
from stock.models import Brand, Season, Series, ShoeType, Style
from stock.queries.prices import floors_of
from stock.queries.terms import terms_on
from stock.rules.floor import floor_lowering_blockers
from stock.services.importing import cells as read
from stock.services.importing.books import Part
from stock.services.importing.cells import Field
from stock.services.importing.facts import MOST_SHOWN, Remark, SheetOutcome, Shown
from stock.services.importing.names import Brands, folded
from stock.services.importing.run import EARLIEST, Run, in_words, reader_of
from stock.services.importing.staging import CHANGED, NEW, SAME
from stock.wording.importing import RowRefused

AHEAD = timedelta(days=1098)
MOST_ORDERED = 9_999_999
# The brand of styles whose sheet names none, in a house of several brands.
NO_BRAND = "未分品牌"
_WITH_CODE = re.compile(r"(?P<name>.*[^\W\d_].*?)\s+(?P<code>[0-9]{1,4})")
_YEAR = re.compile(r"([0-9]{4})(?:[.]0)?年?款?")

PLAIN = {
    "year": "year", "material": "material", "heel_type": "heel_type", "heel_height": "heel_height",
    "tag_price": "tag_price", "counter_price": "counter_price", "floor_price": "floor_price",
    "launched_on": "launched_on", "season_end": "season_ends_on", "first_order": "first_order",
    "second_order": "second_order", "third_order": "third_order",
}  # fmt: skip
NAMED = {"season": "season", "series": "series", "type": "shoe_type"}
WRITTEN = [*PLAIN.values(), *NAMED.values()]


def _year(cell: Cell) -> int | None:
    """2010, 2010年; None where the cell is blank."""
    text = read.text(10)(cell)
    match = _YEAR.fullmatch(text)
    if text and not match:
        raise RowRefused("NUMBER_TOO_SMALL", {"minimum": 1990})
    return read.whole(1990, 2100)(match[1]) if match else None


def fields(run: Run, part: Part) -> list[Field]:
    """The cells of a style."""
    day = read.day(EARLIEST, run.today + AHEAD, since_1904=part.since_1904)
    ordered = read.whole(0, MOST_ORDERED)
    return [
        Field(key="brand", read=read.text(60), empty=""),
        Field(key="style", read=read.style_number(40), needed=True, empty=""),
        Field(key="year", read=_year),
        Field(key="season", read=read.text(20), empty=""),
        Field(key="series", read=read.text(40), empty=""),
        Field(key="type", read=read.text(40), empty=""),
        Field(key="material", read=read.text(20), empty=""),
        Field(key="heel_type", read=read.text(20), empty=""),
        Field(key="heel_height", read=read.text(20), empty=""),
        Field(key="tag_price", read=read.price),
        Field(key="counter_price", read=read.price),
        Field(key="floor_price", read=read.price),
        Field(key="launched_on", read=day),
        Field(key="season_end", read=day),
        Field(key="first_order", read=ordered),
        Field(key="second_order", read=ordered),
        Field(key="third_order", read=ordered),
    ]


@dataclass(kw_only=True)
class _Masters:
    """The brands, seasons, series and types that stand; what is missing is made."""

    run: Run
    brands: Brands = field(default_factory=lambda: Brands(Brand.objects.order_by("pk")))
    seasons: dict[str, Season] = field(default_factory=dict)
    series: dict[tuple[int, str], Series] = field(default_factory=dict)
    types: dict[tuple[int, str], ShoeType] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.seasons = {folded(one.name): one for one in Season.objects.order_by("pk")}
        self.series = {
            (one.brand_id, folded(one.name)): one for one in Series.objects.order_by("pk")
        }
        self.types = {
            (one.season_id, folded(one.name)): one for one in ShoeType.objects.order_by("pk")
        }

    def _told(self, table: str, name: str) -> None:
        self.run.made.setdefault(table, []).append(name)

    def brand(self, text: str) -> tuple[Brand, bool]:
        """The brand of a cell, made where it is new; whether it was only assumed."""
        if not text and len(self.brands.all) == 1:
            return self.brands.all[0], True
        found = self.brands.called(text or NO_BRAND)
        if found is None:
            if text.isdecimal():
                raise RowRefused("brand_code_unknown", {"name": text})
            match = _WITH_CODE.fullmatch(text)
            known = match and self.brands.called(match["name"])
            code = match["code"] if match and not known else ""
            name = match["name"] if match and code not in self.brands.by_code else text
            found = known or Brand.objects.create(
                name=name or NO_BRAND, code="" if code in self.brands.by_code else code
            )
            if not known:
                self.brands.add(found)
                self._told("brand", str(found))
        return found, not text

    def season(self, name: str) -> Season:
        """The season of this name, made behind the others where it is new."""
        found = self.seasons.get(folded(name))
        if found is None:
            found = Season.objects.create(name=name, position=len(self.seasons) + 1)
            self.seasons[folded(name)] = found
            self._told("season", name)
        return found

    def series_of(self, brand: Brand, name: str) -> Series:
        found = self.series.get((brand.pk, folded(name)))
        if found is None:
            found = Series.objects.create(brand=brand, name=name)
            self.series[brand.pk, folded(name)] = found
            self._told("series", name)
        return found

    def shoe_type(self, season: Season, name: str) -> ShoeType:
        found = self.types.get((season.pk, folded(name)))
        if found is None:
            found = ShoeType.objects.create(season=season, name=name)
            self.types[season.pk, folded(name)] = found
            self._told("type", name)
        return found


@dataclass(frozen=True, kw_only=True)
class _Told:
    """One row of the sheet: the style it is of, and what it says of it."""

    number: int
    style: Style
    is_new: bool
    floor: Decimal | None
    changes: list[tuple[str, str, str]]


def bring_in(run: Run, part: Part) -> SheetOutcome:
    """Read the sheet and write its styles; a caller who only looks takes all of it back."""
    reader = reader_of(part, fields(run, part))
    outcome = SheetOutcome(refusals=reader.refusals)
    masters = _Masters(run=run)
    known = {(style.brand_id, folded(style.number)): style for style in _standing(run)}
    keys = [field.key for field in fields(run, part)]
    rows: Iterator[tuple[int, dict[str, Any]]] = (
        (number, dict(zip(keys, values, strict=True))) for number, values in reader.rows(part.rows)
    )
    told = list(_weighed(rows, masters, known, outcome))
    _hold_floors(run, told, outcome)
    Style.objects.bulk_create([one.style for one in told if one.is_new], batch_size=1000)
    Style.objects.bulk_update([one.style for one in told if one.changes], WRITTEN, batch_size=500)
    outcome.read = reader.read
    if not part.is_tracking:  # below our own sheet there always is one
        outcome.warnings += reader.sums
    outcome.created = sum(one.is_new for one in told)
    outcome.updated = sum(bool(one.changes) for one in told)
    outcome.unchanged = outcome.read - outcome.created - outcome.updated - outcome.refused
    _show(outcome, told)
    _remark(run, outcome)
    run.tell(1.5, part)
    return outcome


def _standing(run: Run) -> QuerySet[Style]:
    """All styles; held where they may change, so that nobody's edit is written over."""
    styles = Style.objects.select_related("brand", "season", "series", "shoe_type").order_by("pk")
    return styles.select_for_update(of=("self",)) if run.writes else styles


def _weighed(
    rows: Iterator[tuple[int, dict[str, Any]]],
    masters: _Masters,
    known: dict[tuple[int, str], Style],
    outcome: SheetOutcome,
) -> Iterator[_Told]:
    """The rows that are of a style each, with what they say that is new."""
    seen: dict[tuple[int, str], tuple[int, dict[str, Any]]] = {}
    for number, said in rows:
        try:
            brand, is_assumed = masters.brand(said["brand"])
        except RowRefused as refusal:
            outcome.refusals.append(Remark(number, "brand", refusal.code, refusal.params))
            continue
        key = (brand.pk, folded(said["style"]))
        if key in seen:
            _tell_again(number, said, *seen[key], outcome)
            continue
        seen[key] = (number, said)
        style, is_new = known.get(key), key not in known
        if style is None:
            if said["tag_price"] is None:
                outcome.refusals.append(Remark(number, "tag_price", "EMPTY"))
                continue
            style = known[key] = Style(brand=brand, number=said["style"])
        if is_new and is_assumed:
            outcome.warnings.append(Remark(number, "brand", "brand_assumed", {"brand": brand}))
        floor = style.floor_price
        changes = list(_changes(number, style, said, masters, outcome))
        yield _Told(
            number=number, style=style, is_new=is_new, floor=floor,
            changes=[] if is_new else changes,
        )  # fmt: skip


def _tell_again(number: int, said: dict, first: int, told: dict, outcome: SheetOutcome) -> None:
    """A style that stands in the sheet twice: the same once more, or something else."""
    if {**said, "brand": ""} == {**told, "brand": ""}:
        outcome.warnings.append(Remark(number, "", "same_as_row", {"row": first}))
    else:
        outcome.refusals.append(Remark(number, "", "style_contradicts", {"row": first}))


def _changes(
    number: int, style: Style, said: dict[str, Any], masters: _Masters, outcome: SheetOutcome
) -> Iterator[tuple[str, str, str]]:
    """Set on the style what its row says otherwise; empty cells leave it as it is."""
    for key, name in PLAIN.items():
        before, after = getattr(style, name), said[key]
        if after not in (None, "") and before != after:
            setattr(style, name, after)
            yield key, in_words(name, before), in_words(name, after)
    named: dict[str, Any] = {}
    if said["season"]:
        named["season"] = masters.season(said["season"])
    if said["series"]:
        named["series"] = masters.series_of(style.brand, said["series"])
    season = named.get("season") or style.season
    if said["type"] and season is None:
        outcome.warnings.append(Remark(number, "type", "type_without_season"))
    elif said["type"] and season is not None:
        named["type"] = masters.shoe_type(season, said["type"])
    for key, made in named.items():
        before = getattr(style, NAMED[key])
        if before is None or before.pk != made.pk:
            setattr(style, NAMED[key], made)
            yield key, str(before or ""), str(made)


def _hold_floors(run: Run, told: list[_Told], outcome: SheetOutcome) -> None:
    """No sheet lowers a floor (MER-10): it stays, and the row says so, as it does where its counter
    price lies under it. What the shop asks for the goods is taken all the same: it is asked there.
    """
    wanted = {one.number: one.style.floor_price for one in told}
    touched = [one for one in told if _is_priced_anew(one)]
    for one in touched:
        one.style.floor_price = one.floor
    stood = floors_of([one.style for one in touched], terms_on(run.today), on=run.today)
    for one in touched:
        one.style.floor_price = wanted[one.number]
        floor = stood[one.style.pk].value
        if floor_lowering_blockers(
            before=floor, after=wanted[one.number] or floor, may_lower=False
        ):
            one.style.floor_price = one.floor
            one.changes[:] = [each for each in one.changes if each[0] != "floor_price"]
            outcome.warnings.append(Remark(one.number, "floor_price", "floor_kept"))
    reckoned = {one.number: stood[one.style.pk].value for one in touched}
    for one in told:
        floor = one.style.floor_price or reckoned.get(one.number)
        if one.style.counter_price and floor and one.style.counter_price < floor:
            outcome.warnings.append(Remark(one.number, "counter_price", "under_floor"))


def _is_priced_anew(one: _Told) -> bool:
    return any(key in ("counter_price", "floor_price") for key, *_values in one.changes)


def _show(outcome: SheetOutcome, told: list[_Told]) -> None:
    """The first rows of each fate."""
    fates: dict[str, list[_Told]] = {NEW: [], CHANGED: [], SAME: []}
    for one in told:
        fates[NEW if one.is_new else CHANGED if one.changes else SAME].append(one)
    for fate, rows in fates.items():
        outcome.shown[fate] = [
            Shown(
                row=one.number,
                name=f"{one.style.brand} {one.style.number}",
                said=_facts(one.style) if fate == NEW else (),
                changes=one.changes,
            )
            for one in rows[:MOST_SHOWN]
        ]


def _facts(style: Style) -> list[str]:
    named = (style.year, style.season, style.series, style.shoe_type, style.tag_price)
    return [in_words("", one) for one in named if one]


def _remark(run: Run, outcome: SheetOutcome) -> None:
    """What was set up on the way, said once for the sheet."""
    for column, names in run.made.items():
        outcome.warnings.insert(0, Remark(0, column, "made", {"names": ", ".join(names)}))
