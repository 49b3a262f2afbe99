"""A slow oracle of the parts of figures: one place after another, by the pure rules alone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from stock.rules.classes import (
    Week,
    classify,
    is_promoted,
    is_promoted_by_sales,
    main_season_mean,
    relative_volume,
    weeks_on_sale,
)
from stock.rules.discount import average_discount
from stock.rules.fifo import Movement, stock_of_style
from stock.rules.figures import Flag
from stock.rules.fill import days_in_stock, weekly_stocked
from stock.rules.launch import category, days_on_sale, launch_day
from stock.rules.rates import Day, restocks
from stock.rules.sell_through import sell_through
from stock.rules.sizes import core_sizes, size_gaps
from stock.rules.stock_age import age_buckets
from stock.rules.supply import pace_window
from stock.rules.targets import target_curve, weeks_behind
from stock.rules.terms import DEFAULTS
from stock.rules.turnover import Turnover, season_view, turnover
from stock.states import OUTFLOWS, Kind

COMES = {Kind.OPENING, Kind.PURCHASE, Kind.TRANSFER_IN, Kind.GAIN}
TRANSFERS = {Kind.TRANSFER_IN, Kind.TRANSFER_OUT}
COMPANY = ("company", "")
CORE_RUNS = (("36", "40"), ("36", "37"))


@dataclass
class Priced:
    """A movement with what was paid or what it cost a pair; None where it does not say."""

    row: Movement
    paid: Decimal | None = None
    cost: Decimal | None = None


@dataclass
class Goods:
    """One style with all that is said of it; offices by code."""

    number: str
    tag: Decimal
    rows: list[Priced] = field(default_factory=list)
    launched: date | None = None
    ends: date | None = None
    launches: dict[str, date] = field(default_factory=dict)
    prices: dict[str, list[tuple[date, Decimal]]] = field(default_factory=dict)
    due: dict[str, int] = field(default_factory=dict)
    requests: list[tuple[str, date, int, int]] = field(default_factory=list)


@dataclass
class Asked:
    as_of: date
    from_on: date | None
    counts_gifts: bool
    cover: int


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


class Place:
    """One style in one place: its moves (day, kind, pairs), and what hangs on them."""

    def __init__(self, goods: Goods, asked: Asked, regions: dict[str, str]) -> None:
        self.goods, self.asked = goods, asked
        rows = [each.row for each in goods.rows]
        self.stock = stock_of_style(rows, as_of=asked.as_of, regions=regions)
        self.regions = regions

    def offices(self) -> list[str]:
        told = {each.row.office for each in self.goods.rows if each.row.on <= self.asked.as_of}
        told |= {office for office, on, *_ in self.goods.requests if on <= self.asked.as_of}
        told |= {*self.goods.launches, *self.goods.due}
        told |= {
            office
            for office, path in self.goods.prices.items()
            if any(on <= self.asked.as_of for on, _price in path)
        }
        return sorted(told)

    def launch(self, office: str) -> tuple[date | None, bool]:
        came = [
            each.row.on
            for each in self.goods.rows
            if each.row.office == office and each.row.kind in COMES and each.row.quantity > 0
            and each.row.on <= self.asked.as_of
        ]  # fmt: skip
        found, flags = launch_day(
            office=self.goods.launches.get(office),
            style=self.goods.launched,
            first_received=min(came, default=None),
        )
        return found, bool(flags)

    def moves(self, members: Iterable[str], level: str) -> list[tuple[date, Kind, int]]:
        """What moved in an office, or in the offices of a wider place and over its border."""
        told = [each.row for each in self.goods.rows if each.row.office in members]
        told = [row for row in told if row.on <= self.asked.as_of]
        if level == "office":
            return [(row.on, row.kind, row.quantity) for row in told]
        found = [(row.on, row.kind, row.quantity) for row in told if row.kind not in TRANSFERS]
        names = {self.regions[office] for office in members}
        for each in self.stock.crossings:
            is_here = self.regions[each.office] in names
            was_here = each.origin in names
            if is_here and not was_here:
                found.append((each.on, Kind.TRANSFER_IN, each.quantity))
            if was_here and not is_here:
                found.append((each.on, Kind.TRANSFER_OUT, each.quantity))
        return found

    def columns(self, level: str, name: str) -> dict[str, Any]:
        everywhere = self.offices()
        members = [
            office
            for office in everywhere
            if level == "company" or name in (office, self.regions[office])
        ]
        known = [self.launch(office) for office in members] or [
            (self.goods.launched, self.goods.launched is None)
        ]
        said = [on for on, unsaid in known if not unsaid]
        launched = min(said or [on for on, _unsaid in known if on], default=None)
        flags = set() if said else {Flag.NO_LAUNCH}
        moves = self.moves(members, level)
        found = self._period(moves, launched, members)
        found |= self._ages(level, name, flags)
        found |= self._weeks(moves, launched, members)
        found |= self._sizes(level, members, flags)
        found["flags"] = flags
        return found

    def _sold(self, kind: Kind, pairs: int) -> int:
        sign = {Kind.SALE: 1, Kind.SALE_RETURN: -1}
        if self.asked.counts_gifts:
            sign |= {Kind.GIFT: 1, Kind.BUSINESS_USE: 1}
        return sign.get(kind, 0) * pairs

    def daily(self, moves, first: date, last: date) -> list[tuple[int, int]]:
        """(stock at close, net pairs sold) of each day."""
        change, sold = defaultdict(int), defaultdict(int)
        for on, kind, pairs in moves:
            change[on] += -pairs if kind in OUTFLOWS else pairs
            sold[on] += self._sold(kind, pairs)
        stock = sum(pairs for on, pairs in change.items() if on < first)
        found = []
        for on in days_between(first, last):
            stock += change[on]
            found.append((stock, sold[on]))
        return found

    def _period(self, moves, launched, members) -> dict[str, Any]:
        asked, goods = self.asked, self.goods
        since = asked.from_on or launched or date.min
        told = turnover(moves, since=since, until=asked.as_of)
        told = told if asked.from_on else season_view(told)
        on_sale = days_on_sale(launched, as_of=asked.as_of).value
        is_early = launched is not None and launched > asked.as_of
        window = 0 if is_early else pace_window(on_sale)
        first = asked.as_of - timedelta(days=window - 1)
        year = date(asked.as_of.year, 1, 1)
        days = self.daily(moves, first, asked.as_of) if window else []
        sales = [
            each
            for each in goods.rows
            if each.row.office in members and each.row.kind in (Kind.SALE, Kind.SALE_RETURN)
            and since <= each.row.on <= asked.as_of
        ]  # fmt: skip
        paid, priced = self._paid(sales)
        here = [each for each in goods.requests if each[0] in members]
        here = [each for each in here if since <= each[1] <= asked.as_of]
        return {
            **{name: getattr(told, name) for name in Turnover.__dataclass_fields__},
            "closing": told.closing,
            "launched_on": launched,
            "days_on_sale": on_sale,
            "window_days": window,
            "window_sold": sum(sold for _stock, sold in days),
            "window_stocked": days_in_stock(days),
            "year_sold": sum(
                self._sold(kind, pairs) for on, kind, pairs in moves if on >= year
            ),
            "paid": paid,
            "tagged": priced * goods.tag,
            "has_unpriced": any(each.paid is None for each in sales),
            **self._cost(told, paid, priced),
            "in_transit": sum(goods.due.get(office, 0) for office in members),
            "requested": sum(each[2] for each in here),
            "served": sum(min(each[2], each[3]) for each in here),
            "category": category(
                launched_on=launched, season_ends_on=goods.ends, as_of=asked.as_of
            ) or "",
        }  # fmt: skip

    def _paid(self, sales: list[Priced]) -> tuple[Decimal, int]:
        paid, priced = Decimal(0), 0
        for each in sales:
            if each.paid is not None:
                pairs = self._net(each.row)
                paid += pairs * each.paid
                priced += pairs
        return paid, priced

    @staticmethod
    def _net(row: Movement) -> int:
        return row.quantity if row.kind == Kind.SALE else -row.quantity

    def _cost(self, told: Turnover, paid: Decimal, priced: int) -> dict[str, Any]:
        costed = [
            each
            for each in self.goods.rows
            if each.cost is not None and each.row.on <= self.asked.as_of
        ]
        pairs = sum(each.row.quantity for each in costed)
        if pairs <= 0:
            return dict.fromkeys(("margin", "opening_cost", "closing_cost"))
        one = Fraction(sum(Fraction(each.cost) * each.row.quantity for each in costed)) / pairs
        return {
            "margin": cents(Fraction(paid) - priced * one),
            "opening_cost": cents(told.opening * one),
            "closing_cost": cents(told.closing * one),
        }

    def _sizes(self, level: str, members: list[str], flags: set[Flag]) -> dict[str, Any]:
        """In a wider place each size lies that lies in an office; the range is the style's."""
        lying: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for each in self.goods.rows:
            row = each.row
            if row.size and row.on <= self.asked.as_of:
                sign = -1 if row.kind in OUTFLOWS else 1
                lying[row.office][row.size] += sign * row.quantity
        ranged = {size for own in lying.values() for size in own}
        core = core_sizes(ranged, CORE_RUNS)
        is_sized = any(lying[office] for office in members)
        here = dict.fromkeys(ranged, 0) if is_sized else {}
        for office in members:
            for size, pairs in lying[office].items():
                here[size] += pairs if level == "office" else max(0, pairs)
        found = size_gaps(here, core=core if here else ())
        flags |= {Flag.NEG_SIZE} & set(found.flags)
        return {
            "sizes_in_stock": found.sizes_in_stock,
            "sizes_in_range": found.sizes_in_range,
            "is_broken": found.is_broken,
            "missing_core": list(found.missing_core),
        }

    def _ages(self, level: str, name: str, flags: set[Flag]) -> dict[str, Any]:
        if level == "office":
            lying = [self.stock.offices[name]] if name in self.stock.offices else []
        elif level == "region":
            lying = [self.stock.region(name)]
        else:
            lying = [self.stock.region(region) for region in sorted(set(self.regions.values()))]
        for each in lying:
            flags |= set(each.flags)
        pyramids = [list(age_buckets(each, as_of=self.asked.as_of).values()) for each in lying]
        return {
            "aged_pairs": sum(each.pairs for each in lying),
            "pair_days": sum(each.pair_days(as_of=self.asked.as_of) for each in lying),
            "buckets": [sum(each) for each in zip(*pyramids, strict=True)] or [0] * 5,
        }

    def _weeks(self, moves, launched, members) -> dict[str, Any]:
        asked, goods = self.asked, self.goods
        count = weeks_on_sale(launched, as_of=asked.as_of, season_ends_on=goods.ends)
        weeks, shares, discounts = [], [], []
        if count:
            last = launched + timedelta(days=7 * count - 1)
            days = self.daily(moves, launched, last)
            stocked = weekly_stocked(days)
            for at in range(count):
                sold = sum(pairs for _stock, pairs in days[7 * at : 7 * at + 7])
                weeks.append(Week(sales=sold, had_stock=stocked[at]))
                until = launched + timedelta(days=7 * at + 6)
                so_far = season_view(turnover(moves, since=launched, until=until))
                shares.append(sell_through(so_far, counts_gifts=asked.counts_gifts))
                own = [
                    each
                    for each in goods.rows
                    if each.row.office in members and each.row.kind in (Kind.SALE, Kind.SALE_RETURN)
                    and until - timedelta(days=6) <= each.row.on <= until
                ]  # fmt: skip
                paid, priced = self._paid(own)
                discounts.append(average_discount(paid=paid, tag=priced * goods.tag))
        paths = [goods.prices[office] for office in members if office in goods.prices]
        paths = [
            [step for step in path if step[0] <= asked.as_of]
            for path in paths
            if any(on <= asked.as_of for on, _price in path)
        ]
        promoted = (
            any(is_promoted(path, tag=goods.tag, as_of=asked.as_of) for path in paths)
            if paths
            else is_promoted_by_sales(discounts)
        )
        restocked = self._restocked(moves, launched)
        mean = main_season_mean(weeks)
        main = [
            week
            for number, week in enumerate(weeks, 1)
            if week.had_stock and DEFAULTS.main_from_week <= number <= DEFAULTS.main_until_week
        ] or [week for week in weeks if week.had_stock]
        return {
            "told_weeks": weeks,
            "mean": mean,
            "weeks": sum(week.had_stock for week in weeks),
            "selling_weeks": sum(week.had_stock and week.sales > 0 for week in weeks),
            "main_sold": sum(week.sales for week in main),
            "main_weeks": len(main),
            "weeks_behind": weeks_behind(shares, target_curve(season_weeks=17)),
            "is_promoted": promoted,
            "restocked": sum(each.quantity for each in restocked),
            "restock_hits": sum(each.hits for each in restocked),
        }

    def _restocked(self, moves, launched):
        received = {Kind.PURCHASE: 1, Kind.PURCHASE_RETURN: -1, Kind.TRANSFER_IN: 1,
                    Kind.TRANSFER_OUT: -1}  # fmt: skip
        days: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0])
        for on, kind, pairs in moves:
            days[on][0] += received.get(kind, 0) * pairs
            days[on][1] += self._sold(kind, pairs)
            days[on][2] += -pairs if kind in OUTFLOWS else pairs
        rows = [
            Day(on=on, received=told[0], sold=told[1], change=told[2])
            for on, told in sorted(days.items())
        ]
        found = restocks(
            rows, opening=0, launched_on=launched, cover=self.asked.cover, as_of=self.asked.as_of
        )
        since = self.asked.from_on or launched or date.min
        return [each for each in found if each.on >= since]


def cents(amount: Fraction) -> Decimal:
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def reckoned(
    all_goods: list[Goods], asked: Asked, regions: dict[str, str]
) -> dict[tuple[str, str, str], dict[str, Any]]:
    """By (style, level, place) the columns of each row; all styles are of one season."""
    found = {}
    for goods in all_goods:
        place = Place(goods, asked, regions)
        offices = place.offices()
        spots = [("office", office) for office in offices]
        spots += [("region", name) for name in sorted({regions[office] for office in offices})]
        for level, name in [*spots, COMPANY]:
            found[goods.number, level, name] = place.columns(level, name)
    peers = defaultdict(list)
    for (_number, level, name), row in found.items():
        peers[level, name, row["category"]].append(row["mean"])
    for (_number, level, name), row in found.items():
        volume = relative_volume(row["mean"], peers=peers[level, name, row["category"]])
        told = classify(row.pop("told_weeks"), volume=volume, is_promoted=row["is_promoted"])
        row |= {"style_class": told.style_class.value, "volume": volume.value}
        row["flags"] |= set(told.flags)
        del row["mean"]
    return found
