"""The house of shoes: its offices, warehouses and stores, and the masters of its goods."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from random import Random

from django.contrib.auth.hashers import make_password

from crm.demo.company import PASSWORD, ZONE
from crm.demo.names import person_name
from crm.demo.places import BY_NAME
from staff.models import Person, Region, Store
from staff.states import Role, StoreKind, Trade
from stock.models import Brand, CoreSizes, Season, SeasonTarget, Series, ShoeType
from stock.rules.targets import target_curve

STORES = 6
WEEKS = 17
CLOSES = time(22, 0)
# code, name, city, kind, how well it sells (0: nothing is sold there)
PLACES = (
    ("ZZB", "郑办", "郑州", StoreKind.OFFICE, 0.4),
    ("XAB", "西安办", "西安", StoreKind.OFFICE, 0.3),
    ("DSB", "地市", "洛阳", StoreKind.OFFICE, 0.3),
    ("ZZCK", "郑州鞋仓", "郑州", StoreKind.WAREHOUSE, 0.0),
    ("XACK", "西安鞋仓", "西安", StoreKind.WAREHOUSE, 0.0),
    ("DSCK", "地市鞋仓", "洛阳", StoreKind.WAREHOUSE, 0.0),
)
SHOPS = (
    ("ZZ04", "郑州二七路鞋店", "郑州", 1.6),
    ("ZZ05", "郑州花园路鞋店", "郑州", 1.2),
    ("ZZ06", "郑州航海路鞋店", "郑州", 0.8),
    ("XA03", "西安长安路鞋店", "西安", 1.1),
    ("LY02", "洛阳中州路鞋店", "洛阳", 0.9),
    ("LY03", "洛阳开元大道鞋店", "洛阳", 0.6),
)
STANDING = (("XA02", 1.3),)
BRANDS = {
    "HP": ("04", ("通勤", "优雅", "轻运动")),
    "YLS": ("02", ("经典", "都市")),
    "KC": ("", ("街头", "学院")),
    "金布谷": ("", ("舒适", "手工")),
}
# name, first day, types
SEASONS = (
    ("春单", (2, 1), ("浅口", "深口", "满帮")),
    ("夏凉", (4, 20), ("凉鞋", "凉拖", "鱼嘴")),
    ("秋单", (8, 1), ("浅口", "深口", "踝靴")),
    ("冬靴", (10, 1), ("短靴", "8寸", "10寸以上")),
)
CORE_SIZES = (("女鞋", ("36", "37", "38")), ("男鞋", ("40", "41", "42")))


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place with goods; `sells` is how well, against a usual store."""

    pk: int
    code: str
    city: str
    kind: str
    sells: float


@dataclass(frozen=True, kw_only=True)
class Run:
    """One season of one year."""

    season: Season
    types: tuple[ShoeType, ...]
    year: int
    starts_on: date

    @property
    def ends_on(self) -> date:
        return self.starts_on + timedelta(weeks=WEEKS, days=-1)


@dataclass(frozen=True, kw_only=True)
class House:
    """Everything that goods hang on; runs of seasons, the latest begun first."""

    today: date
    places: list[Place]
    brands: list[tuple[Brand, list[Series]]]
    runs: list[Run]

    @property
    def selling(self) -> list[Place]:
        return [place for place in self.places if place.sells]

    def warehouse(self, city: str) -> Place:
        """Where the stores of a city get their goods from."""
        depots = [place for place in self.places if place.kind == StoreKind.WAREHOUSE]
        return next((place for place in depots if place.city == city), depots[0])


def build_house(*, rng: Random, today: date, stores: int = STORES) -> House:
    """Open the house with so many stores beside the one there is, and write its masters."""
    return House(
        today=today,
        places=list(_places(rng, stores=stores, today=today)),
        brands=list(_brands()),
        runs=_runs(today),
    )


def _places(rng: Random, *, stores: int, today: date) -> Iterator[Place]:
    regions = {region.name: region for region in Region.objects.all()}
    shops = (*SHOPS[:stores], *_more_shops(rng, stores - len(SHOPS), list(regions)))
    rows = [*PLACES, *((*shop[:3], StoreKind.STORE, shop[3]) for shop in shops)]
    made = Store.objects.bulk_create(
        Store(code=code, name=name, region=regions[city], kind=kind, trade=Trade.SHOES,
              closes_at=CLOSES)
        for code, name, city, kind, _sells in rows
    )  # fmt: skip
    _managers(rng, [store for store in made if store.kind == StoreKind.STORE], today=today)
    sells = {row[0]: row[4] for row in rows} | dict(STANDING)
    standing = Store.objects.filter(code__in=[code for code, _sells in STANDING])
    for store in (*made, *standing.select_related("region").order_by("pk")):
        yield Place(pk=store.pk, code=store.code, city=store.region.name, kind=store.kind,
                    sells=sells[store.code])  # fmt: skip


def _more_shops(rng: Random, count: int, cities: list[str]) -> Iterator[tuple]:
    for number in range(max(0, count)):
        city = cities[number % len(cities)]
        road = rng.choice(BY_NAME[city].roads)
        yield f"S{number + 1:03}", f"{city}{road}鞋店{number + 1}", city, rng.uniform(0.5, 1.6)


def _managers(rng: Random, stores: list[Store], *, today: date) -> None:
    joined = datetime.combine(today - timedelta(days=400), time(9), ZONE)
    password = make_password(PASSWORD)
    Person.objects.bulk_create(
        Person(username=f"dz.{store.code.lower()}", name=person_name(rng)[0], store=store,
               role=Role.STORE_MANAGER, password=password, joined_at=joined)
        for store in stores
    )  # fmt: skip


def _brands() -> Iterator[tuple[Brand, list[Series]]]:
    for name, (code, series) in BRANDS.items():
        brand = Brand.objects.create(name=name, code=code)
        rows = [Series(brand=brand, name=each) for each in series]
        yield brand, Series.objects.bulk_create(rows)


def _runs(today: date) -> list[Run]:
    """The four seasons as they ran last."""
    runs = []
    for position, (name, first_day, types) in enumerate(SEASONS, start=1):
        season = Season.objects.create(name=name, position=position, weeks=WEEKS)
        kinds = ShoeType.objects.bulk_create(ShoeType(season=season, name=each) for each in types)
        starts_on = date(today.year, *first_day)
        if starts_on > today:
            starts_on = date(today.year - 1, *first_day)
        runs.append(
            Run(season=season, types=tuple(kinds), year=starts_on.year, starts_on=starts_on)
        )
    _targets(runs[-1].season)
    CoreSizes.objects.bulk_create(
        CoreSizes(name=name, position=position, sizes=list(sizes))
        for position, (name, sizes) in enumerate(CORE_SIZES, start=1)
    )
    return sorted(runs, key=lambda run: run.starts_on, reverse=True)


def _targets(season: Season) -> None:
    """Boots sell later than the usual curve says."""
    later = [share * Fraction(9, 10) for share in target_curve(season_weeks=WEEKS)]
    SeasonTarget.objects.bulk_create(
        SeasonTarget(season=season, week=week, share=round(float(share), 4))
        for week, share in enumerate(later, start=1)
    )
