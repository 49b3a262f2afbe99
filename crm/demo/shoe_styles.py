"""The styles of the house of shoes: what each is, how it sells, and what it costs from when on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from core.services.copying import copy_rows
from crm.demo.shoe_house import House, Place, Run
from stock.models import Brand, OfficeLaunch, OfficePrice, Series, Style
from stock.rules.floor import check_price, floor_price
from stock.rules.terms import DEFAULTS

STYLES = 66
# How a style sells: share of all styles, pairs a week in a usual store.
TEMPERS = {"fast": (0.14, 4.4), "steady": (0.44, 1.7), "slow": (0.28, 0.42), "dead": (0.14, 0.02)}
# Of ten styles so many are of the season that began last, of the one before it, and so on.
BY_RUN = (4, 3, 2, 1)
LETTERS = {"春单": "C", "夏凉": "X", "秋单": "Q", "冬靴": "D"}
TAGS = {"春单": (399, 699), "夏凉": (329, 599), "秋单": (429, 759), "冬靴": (699, 1299)}
WOMEN = {"34": 3, "35": 8, "36": 18, "37": 26, "38": 24, "39": 15, "40": 6}
MEN = {"38": 5, "39": 12, "40": 20, "41": 25, "42": 20, "43": 12, "44": 6}
MATERIALS, HEELS, HEIGHTS = ("皮料", "面料"), ("成型底", "片底"), ("低跟", "中跟", "高跟")
# The first styles are new; the two after them are told of apart (`shoe_stories`), and of the next
# two too little was bought: they sell fast and are nearly gone everywhere.
NEW_ONES = 6
HERO, MISWRITTEN, TOLD_DAYS = NEW_ONES, NEW_ONES + 1, 49
SCARCE, SCARCE_DAYS = (MISWRITTEN + 1, MISWRITTEN + 2), 63
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(kw_only=True)
class Shoe:
    """A style as the ledger tells of it: `paths` are prices by city, from which day which price."""

    pk: int
    number: str
    run: Run
    temper: str
    sizes: dict[str, int]
    tag: Decimal
    cost: Decimal
    launched: dict[str, date]
    paths: dict[str, list[tuple[date, Decimal]]]
    orders: tuple[int, int, int]

    @property
    def rate(self) -> float:
        """Pairs a week in a usual store in the main season."""
        return TEMPERS[self.temper][1]

    def price_on(self, city: str, day: date) -> Decimal:
        """What it costs there on a day."""
        return next(price for from_on, price in reversed(self.paths[city]) if from_on <= day)


@dataclass(frozen=True, kw_only=True)
class _Draft:
    brand: Brand
    series: Series
    run: Run
    launched_on: date
    temper: str
    is_womens: bool
    tag: Decimal
    cost: Decimal
    is_scarce: bool


def make_styles(house: House, *, rng: Random, count: int = STYLES) -> list[Shoe]:
    """Write so many styles with their prices and launches."""
    drafts = list(_drafts(house, rng, count))
    orders = [_orders(house, draft, rng) for draft in drafts]
    rows = Style.objects.bulk_create(
        [
            _row(draft, orders[place], number=place + 1, rng=rng)
            for place, draft in enumerate(drafts)
        ],
        batch_size=1000,
    )
    shoes = [_shoe(house, draft, row, rng=rng) for draft, row in zip(drafts, rows, strict=True)]
    _write_prices(house, shoes)
    return shoes


def _drafts(house: House, rng: Random, count: int) -> Iterator[_Draft]:
    tempers, shares = list(TEMPERS), [share for share, _rate in TEMPERS.values()]
    for place in range(count):
        brand, series = house.brands[place % len(house.brands)]
        run = rng.choices(house.runs, BY_RUN)[0] if place > SCARCE[-1] else house.runs[0]
        launched_on = run.starts_on + rng.randint(0, 5) * WEEK + rng.randint(0, 6) * DAY
        if place <= MISWRITTEN:
            ago = 4 + 4 * place if place < NEW_ONES else TOLD_DAYS
            launched_on = house.today - timedelta(days=ago)
        elif place in SCARCE:
            launched_on = house.today - timedelta(days=SCARCE_DAYS)
        low, high = TAGS[run.season.name]
        tag = Decimal(rng.randrange(low, high, 10))
        yield _Draft(
            brand=brand,
            series=rng.choice(series),
            run=run,
            launched_on=min(launched_on, house.today - 3 * DAY),
            temper="fast" if place in (HERO, *SCARCE) else rng.choices(tempers, shares)[0],
            is_womens=place == HERO or rng.random() < 0.7,
            tag=tag,
            cost=(tag * Decimal(rng.randint(30, 37)) / 100).quantize(Decimal(1)),
            is_scarce=place in SCARCE,
        )


def _orders(house: House, draft: _Draft, rng: Random) -> tuple[int, int, int]:
    """What was ordered in three rounds: what sells is ordered again."""
    pairs = round(sum(place.sells for place in house.selling) * rng.randint(22, 28))
    usual = {"fast": (1.6, 1.2, 0.8), "steady": (1.2, 0.5, 0), "slow": (1.1, 0, 0)}
    first, second, third = usual.get(draft.temper, (1.0, 0, 0))
    if draft.is_scarce:
        first, second, third = 1.3, 0, 0
    return round(pairs * first), round(pairs * second), round(pairs * third)


def _row(draft: _Draft, orders: tuple[int, int, int], *, number: int, rng: Random) -> Style:
    floor = floor_price(cost=draft.cost, freight=DEFAULTS.freight, commission=DEFAULTS.commission,
                        expense=DEFAULTS.expense)  # fmt: skip
    run = draft.run
    initial = draft.brand.name[0] if draft.brand.name.isascii() else "J"
    return Style(
        brand=draft.brand,
        number=f"{initial}{run.year % 100}{LETTERS[run.season.name]}{number:03}",
        year=run.year,
        season=run.season,
        series=draft.series,
        shoe_type=rng.choice(run.types),
        material=rng.choice(MATERIALS),
        heel_type=rng.choice(HEELS),
        heel_height=rng.choice(HEIGHTS) if draft.is_womens else HEIGHTS[0],
        tag_price=draft.tag,
        counter_price=draft.tag,
        floor_price=floor if number % 5 else None,
        launched_on=draft.launched_on,
        season_ends_on=run.ends_on,
        first_order=orders[0],
        second_order=orders[1] or None,
        third_order=orders[2] or None,
    )


def _shoe(house: House, draft: _Draft, row: Style, *, rng: Random) -> Shoe:
    late = rng.randint(0, 1)
    launched = {
        city: min(draft.launched_on + days * late * DAY, house.today - 2 * DAY)
        for city, days in (("郑州", 0), ("西安", 3), ("洛阳", 9))
    }
    cities = {place.city for place in house.places}
    launched |= dict.fromkeys(sorted(cities - set(launched)), draft.launched_on)
    return Shoe(
        pk=row.pk,
        number=row.number,
        run=draft.run,
        temper=draft.temper,
        sizes=WOMEN if draft.is_womens else MEN,
        tag=draft.tag,
        cost=draft.cost,
        launched=launched,
        paths={city: list(_path(draft, city, on, today=house.today))
               for city, on in launched.items()},
        orders=(row.first_order or 0, row.second_order or 0, row.third_order or 0),
    )  # fmt: skip


def _path(
    draft: _Draft, city: str, launched_on: date, *, today: date
) -> Iterator[tuple[date, Decimal]]:
    """Full price at first, in the smaller cities a little under it; what lies is marked down twice,
    never under the floor unless it is dead.
    """
    share = Decimal("0.95") if city == "洛阳" else Decimal(1)
    floor = check_price(
        floor_price(
            cost=draft.cost,
            freight=DEFAULTS.freight,
            commission=DEFAULTS.commission,
            expense=DEFAULTS.expense,
        )
    )
    first = _rounded(draft.tag * share)
    yield launched_on, first
    cuts = {"slow": (0.78, 0.66), "dead": (0.72, 0.45), "steady": (0.86,)}.get(draft.temper, ())
    weeks = (7, 10) if city == "郑州" else (8, 11)
    for cut, week in zip(cuts, weeks, strict=False):
        from_on = launched_on + (week + (4 if draft.temper == "steady" else 0)) * WEEK
        price = _rounded(draft.tag * Decimal(str(cut)))
        if from_on < today:
            yield from_on, price if draft.temper == "dead" and week >= 10 else max(price, floor)


def _rounded(price: Decimal) -> Decimal:
    """A price that ends in 9, as it stands on the shelf."""
    return price // 10 * 10 + 9 if price % 10 else price


def _write_prices(house: House, shoes: list[Shoe]) -> None:
    shown = [place for place in house.places if place.sells]
    copy_rows(
        OfficePrice._meta.db_table,
        ("office_id", "style_id", "from_on", "counter_price", "current_price"),
        (
            (place.pk, shoe.pk, from_on, shoe.tag if not step else None, price)
            for shoe in shoes
            for place in shown
            for step, (from_on, price) in enumerate(shoe.paths[place.city])
        ),
    )
    copy_rows(
        OfficeLaunch._meta.db_table,
        ("office_id", "style_id", "launched_on"),
        _launches(shown, shoes),
    )


def _launches(shown: list[Place], shoes: list[Shoe]) -> Iterator[tuple[int, int, date]]:
    for shoe in shoes:
        usual = shoe.launched["郑州"]
        for place in shown:
            if shoe.launched[place.city] != usual:
                yield place.pk, shoe.pk, shoe.launched[place.city]
