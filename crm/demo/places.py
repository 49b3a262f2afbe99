"""Cities, roads and housing estates, and the addresses people give."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, kw_only=True)
class City:
    """A city with a store or more: its districts, and roads on which stores lie."""

    name: str
    code: str
    districts: tuple[str, ...]
    roads: tuple[str, ...]


CITIES = (
    City(
        name="郑州", code="ZZ",
        districts=("金水区", "二七区", "中原区", "管城区", "惠济区", "郑东新区"),
        roads=("花园路", "农业路", "中州大道", "航海路", "嵩山路", "商都路", "文化路", "建设路"),
    ),
    City(
        name="西安", code="XA",
        districts=("雁塔区", "碑林区", "未央区", "莲湖区", "灞桥区", "长安区"),
        roads=("太白路", "长安路", "凤城八路", "科技路", "骡马市", "北大街", "电子二路"),
    ),
    City(
        name="洛阳", code="LY",
        districts=("涧西区", "西工区", "洛龙区", "老城区"),
        roads=("王城大道", "中州路", "开元大道", "南昌路", "九都路"),
    ),
    City(
        name="开封", code="KF",
        districts=("龙亭区", "鼓楼区", "禹王台区"),
        roads=("金明大道", "大梁路", "汉兴路"),
    ),
    City(
        name="新乡", code="XX",
        districts=("红旗区", "卫滨区", "牧野区"),
        roads=("平原路", "金穗大道", "新中大道"),
    ),
    City(
        name="咸阳", code="XY",
        districts=("秦都区", "渭城区"),
        roads=("人民路", "世纪大道", "渭阳路"),
    ),
    City(
        name="南阳", code="NY",
        districts=("宛城区", "卧龙区"),
        roads=("中州路", "张衡路", "光武路"),
    ),
    City(
        name="许昌", code="XC",
        districts=("魏都区", "建安区"),
        roads=("许都路", "建安大道", "八一路"),
    ),
)  # fmt: skip
BY_NAME = {city.name: city for city in CITIES}

_FIRST_WORDS = (
    "阳光 锦绣 翠湖 金色 华庭 御景 紫荆 碧云 福晟 东方 滨河 盛世 天悦 和谐 银基 正商 普罗 "
    "龙湖 长安 曲江 未来 绿地 雅居 康桥 永威 建业 浩创 名门 亚新 汇泉 清华 水岸 凤凰 国贸 "
    "学府 桂花 梧桐 香榭 枫林 海棠"
)
_FIRST = _FIRST_WORDS.split()
_SECOND_WORDS = (
    "花园 家园 名城 国际 上院 华府 新城 公馆 苑 城邦 世家 小区 森林半岛 壹号院 雅苑 馨苑 天境 "
    "湾 里 郡"
)
_SECOND = _SECOND_WORDS.split()


def address(rng: Random, city: City) -> str:
    """An address to the door, written as people write it."""
    estate = rng.choice(_FIRST) + rng.choice(_SECOND)
    building, unit = rng.randint(1, 28), rng.randint(1, 3)
    room = rng.randint(1, 32) * 100 + rng.randint(1, 4)
    door = rng.choice(
        (
            f"{building}号楼{unit}单元{room}室",
            f"{building}号楼{unit}单元{room}",
            f"{building}幢{unit}单元{room}",
            f"{building}-{unit}-{room}",
        )
    )
    head = rng.choice(
        ("", "", "", rng.choice(city.districts), city.name + "市" + rng.choice(city.districts))
    )
    return f"{head}{estate}{door}"
