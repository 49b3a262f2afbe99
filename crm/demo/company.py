"""The company: regions, stores, people with duties, the rules of filing, brands and styles.

A fixed cast, in whose names one signs in, and beside it as many stores and salespeople as the
number of customers needs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from core.names import pinyin
from crm.demo.goods import BRANDS, FLOOR, MASTER
from crm.demo.names import person_name
from crm.demo.places import BY_NAME, CITIES, City
from filings.models import Policy
from staff.models import Duty, Person, Region, Store
from staff.states import SALES_ROLES, DutyKind, Role, StoreKind, Trade
from stock.models import Brand, Style

ZONE = ZoneInfo("Asia/Shanghai")
# Known to everybody who reads this: the demonstration is no place for real customers.
PASSWORD = "genjin-demo"  # noqa: S105
MAIN = "xiaolin"
ASSISTANT = "xuanqi"
CHIEF = "gaozhiyuan"
LEAVER = "caolei"
BOSS = "kongweimin"
CUSTOMERS_A_PERSON = 110
PEOPLE_A_STORE = 8
WORDS_OF_TRADE = {
    Trade.CARS: "汽车4S店",
    Trade.FURNITURE: "家具馆",
    Trade.MATTRESSES: "床垫体验馆",
    Trade.SHOES: "鞋店",
}

# code, name, city, kind, trade, closing hour
STORES = (
    ("ZZ01", "郑州花园路汽车4S店", "郑州", StoreKind.STORE, Trade.CARS, time(21, 30)),
    ("ZZ02", "郑州商都路家具馆", "郑州", StoreKind.STORE, Trade.FURNITURE, time(21, 30)),
    ("ZZ03", "郑州嵩山路床垫体验馆", "郑州", StoreKind.STORE, Trade.MATTRESSES, time(21, 0)),
    ("XA01", "西安太白路家具馆", "西安", StoreKind.STORE, Trade.FURNITURE, time(21, 30)),
    ("XA02", "西安骡马市鞋店", "西安", StoreKind.STORE, Trade.SHOES, time(22, 0)),
    ("LY01", "洛阳王城大道汽车4S店", "洛阳", StoreKind.STORE, Trade.CARS, time(20, 30)),
    ("ZZYW", "郑州业务部", "郑州", StoreKind.FIELD_TEAM, Trade.FURNITURE, time(19, 0)),
    ("ZZBG", "郑州总部办公室", "郑州", StoreKind.OFFICE, Trade.FURNITURE, time(18, 0)),
)
# user name, name, role, store, what the cards outside call it
CAST = (
    (MAIN, "林晓月", Role.SALES_STORE, "ZZ01", "销售顾问（小林）"),
    (ASSISTANT, "许安琪", Role.SALES_STORE, "ZZ01", "销售助理（协助小林）"),
    (CHIEF, "高志远", Role.SALES_STORE, "ZZ01", "销售经理"),
    ("zhouliqiang", "周立强", Role.STORE_MANAGER, "ZZ01", "店长"),
    ("sunpeng", "孙鹏", Role.SALES_STORE, "ZZ01", "销售顾问"),
    ("guojing", "郭静", Role.SALES_STORE, "ZZ01", "销售顾问"),
    ("wangfang", "王芳", Role.STORE_MANAGER, "ZZ02", "店长"),
    ("lina", "李娜", Role.SALES_STORE, "ZZ02", "导购"),
    ("dengjie", "邓洁", Role.SALES_STORE, "ZZ02", "导购"),
    (LEAVER, "曹磊", Role.SALES_STORE, "ZZ02", "导购（已离职）"),
    ("penghui", "彭慧", Role.STORE_MANAGER, "ZZ03", "店长"),
    ("jiangxue", "蒋雪", Role.SALES_STORE, "ZZ03", "导购"),
    ("tianyu", "田宇", Role.SALES_STORE, "ZZ03", "导购"),
    ("yanhong", "闫红", Role.STORE_MANAGER, "XA01", "店长"),
    ("qinlei", "秦雷", Role.SALES_STORE, "XA01", "导购"),
    ("duanmin", "段敏", Role.SALES_STORE, "XA01", "导购"),
    ("shiping", "史萍", Role.STORE_MANAGER, "XA02", "店长"),
    ("maoli", "毛丽", Role.SALES_STORE, "XA02", "导购"),
    ("yuhaitao", "于海涛", Role.STORE_MANAGER, "LY01", "店长"),
    ("songbo", "宋博", Role.SALES_STORE, "LY01", "销售顾问"),
    ("fengtao", "冯涛", Role.SALES_STORE, "LY01", "销售顾问"),
    ("handong", "韩冬", Role.FIELD_SUPERVISOR, "ZZYW", "业务主管"),
    ("liangkai", "梁凯", Role.SALES_FIELD, "ZZYW", "业务员"),
    ("tangqian", "唐倩", Role.SALES_FIELD, "ZZYW", "业务员"),
    ("masiyuan", "马思远", Role.MARKETING_MANAGER, "ZZBG", "市场部经理"),
    ("hewenjing", "何文静", Role.OPS_MANAGER, "ZZBG", "运营经理"),
    ("zhengyaqin", "郑雅琴", Role.MERCHANDISER, "ZZBG", "货品专员"),
    ("shenjia", "沈佳", Role.FINANCE, "ZZBG", "财务"),
    ("suming", "苏明", Role.ADMIN, "ZZBG", "系统管理员"),
    (BOSS, "孔维民", Role.OPS_MANAGER, "ZZBG", "总经理（受理申诉）"),
)


@dataclass(frozen=True, kw_only=True)
class Seller:
    """A salesperson as the drafts need to know one."""

    person_id: int
    store_id: int
    store_code: str
    manager_id: int
    trade: str
    city: City
    is_field: bool


@dataclass(kw_only=True)
class Company:
    """Who works where, when the company began with Genjin, and whose last day was when."""

    today: date
    went_live_at: datetime
    left_on: date
    sellers: list[Seller] = field(default_factory=list)
    main: Seller
    leaver: Seller

    @property
    def went_live_on(self) -> date:
        return self.went_live_at.date()


def build_company(*, customers: int, rng: Random, today: date) -> Company:
    """Write the company and return it; the leaver may still sign in, see `past_care.let_go`."""
    stores = _stores(extra=_extra_stores(customers), rng=rng)
    people = _people(stores, rng=rng, today=today)
    _duties(people, stores, today=today)
    _policies(today)
    _goods()
    sellers = {seller.person_id: seller for seller in _sellers(stores, people)}
    idle = {people[name].pk for name in (MAIN, LEAVER, ASSISTANT, CHIEF)}
    return Company(
        today=today,
        went_live_at=datetime.combine(today - timedelta(days=100), time(9, 30), ZONE),
        left_on=today - timedelta(days=9),
        sellers=[seller for pk, seller in sellers.items() if pk not in idle],
        main=sellers[people[MAIN].pk],
        leaver=sellers[people[LEAVER].pk],
    )


def _extra_stores(customers: int) -> int:
    """How many stores beside the fixed ones keep a salesperson's book at a human size."""
    people = max(0, customers - 2000) / CUSTOMERS_A_PERSON
    return -(-int(people) // PEOPLE_A_STORE)


def _stores(*, extra: int, rng: Random) -> dict[str, Store]:
    cities = CITIES if extra else CITIES[:3]
    regions = {
        region.name: region
        for region in Region.objects.bulk_create(
            [
                Region(name=city.name, places="、".join((f"{city.name}市", *city.districts)))
                for city in cities
            ]
        )
    }
    rows = [*STORES, *_more_stores(extra, rng)]
    stores = Store.objects.bulk_create(
        Store(
            code=code, name=name, region=regions[city], kind=kind, trade=trade, closes_at=closes_at
        )
        for code, name, city, kind, trade, closes_at in rows
    )
    return {store.code: store for store in stores}


def _more_stores(count: int, rng: Random) -> Iterator[tuple]:
    trades = (Trade.FURNITURE, Trade.CARS, Trade.MATTRESSES, Trade.FURNITURE, Trade.SHOES)
    for number in range(count):
        city = CITIES[number % len(CITIES)]
        trade = trades[(number // len(CITIES) + number) % len(trades)]
        name = f"{city.name}{rng.choice(city.roads)}{WORDS_OF_TRADE[trade]}"
        code = f"{city.code}{number // len(CITIES) + 11}"
        yield code, name, city.name, StoreKind.STORE, trade, time(21, 30)


def _people(stores: dict[str, Store], *, rng: Random, today: date) -> dict[str, Person]:
    joined = datetime.combine(today - timedelta(days=500), time(9), ZONE)
    # Hashed once: argon2 takes 0.15 s, which seven hundred people would feel.
    password = make_password(PASSWORD)
    rows = [(*who[:3], stores[who[3]]) for who in CAST]
    rows += _more_people(list(stores.values())[len(STORES) :], {who[0] for who in rows}, rng)
    people = Person.objects.bulk_create(
        Person(
            username=username,
            name=name,
            role=role,
            store=store,
            password=password,
            joined_at=joined + timedelta(days=rng.randint(0, 380)),
        )
        for username, name, role, store in rows
    )
    return {person.username: person for person in people}


def _more_people(stores: list[Store], taken: set[str], rng: Random) -> Iterator[tuple]:
    for store in stores:
        for place in range(PEOPLE_A_STORE + 1):
            name, _title = person_name(rng)
            username = _free_username(name, taken)
            role = Role.SALES_STORE if place else Role.STORE_MANAGER
            yield username, name, role, store


def _free_username(name: str, taken: set[str]) -> str:
    plain = pinyin(name).full[0]
    username, number = plain, 1
    while username in taken:
        number += 1
        username = f"{plain}{number}"
    taken.add(username)
    return username


def _duties(people: dict[str, Person], stores: dict[str, Store], *, today: date) -> None:
    since = today - timedelta(days=300)
    given_by = people["hewenjing"]
    Duty.objects.bulk_create(
        Duty(starts_on=since, given_by=given_by, **terms)
        for terms in (
            {"person": people[CHIEF], "kind": DutyKind.SALES_MANAGER, "store": stores["ZZ01"]},
            {"person": people[ASSISTANT], "kind": DutyKind.ASSISTANT, "assists": people[MAIN]},
            {
                "person": people["handong"],
                "kind": DutyKind.DEPARTMENT_MANAGER,
                "store": stores["ZZYW"],
            },
            {
                "person": people["shenjia"],
                "kind": DutyKind.ORDER_DESK,
                "region": stores["ZZ01"].region,
            },
            {
                "person": people["zhengyaqin"],
                "kind": DutyKind.ORDER_DESK,
                "region": stores["XA01"].region,
            },
            {
                "person": people["zhengyaqin"],
                "kind": DutyKind.VISUAL_DISPLAY,
                "region": stores["ZZ02"].region,
            },
            {"person": people["dengjie"], "kind": DutyKind.DELIVERY, "store": stores["ZZ02"]},
            {"person": people["tianyu"], "kind": DutyKind.DELIVERY, "store": stores["ZZ03"]},
            {"person": people["duanmin"], "kind": DutyKind.DELIVERY, "store": stores["XA01"]},
            {"person": people["guojing"], "kind": DutyKind.DELIVERY, "store": stores["ZZ01"]},
            {"person": people[BOSS], "kind": DutyKind.APPEAL},
        )
    )


def _policies(today: date) -> None:
    """Beside the parameters every installation begins with: cars were given longer (ADJ-07).

    Leads are filed since before the first customer of the demo, not since it was made today.
    """
    long_ago = datetime.combine(today - timedelta(days=3650), time(), ZONE)
    Policy.objects.update(set_at=long_ago)
    Policy.objects.get_or_create(
        trade=Trade.CARS,
        valid_from=today - timedelta(days=180),
        defaults={"protection_days": 15, "field_limit_days": 20},
    )
    # Since last month nobody takes more than five of the free customers a day (PUL-05).
    Policy.objects.get_or_create(
        trade=Trade.FURNITURE, valid_from=today - timedelta(days=45), defaults={"claims_a_day": 5}
    )


def _goods() -> None:
    for name, (code, numbers) in BRANDS.items():
        brand = Brand.objects.create(name=name, code=code)
        Style.objects.bulk_create(
            Style(
                brand=brand,
                number=number,
                tag_price=MASTER[number][1],
                floor_price=(MASTER[number][1] * FLOOR).quantize(Decimal(1)),
            )
            for number in numbers
        )


def _sellers(stores: dict[str, Store], people: dict[str, Person]) -> Iterator[Seller]:
    managers = {
        person.store_id: person.pk
        for person in people.values()
        if person.role in (Role.STORE_MANAGER, Role.FIELD_SUPERVISOR)
    }
    by_id = {store.pk: store for store in stores.values()}
    for person in people.values():
        if person.role not in SALES_ROLES or person.store_id is None:
            continue
        store = by_id[person.store_id]
        yield Seller(
            person_id=person.pk,
            store_id=store.pk,
            store_code=store.code,
            manager_id=managers[store.pk],
            trade=store.trade,
            city=BY_NAME[store.region.name],
            is_field=person.role == Role.SALES_FIELD,
        )
