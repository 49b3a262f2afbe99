"""What the stores sell: brands and styles of their own invention, and products as written down."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from staff.states import Trade


@dataclass(frozen=True, kw_only=True)
class Good:
    """One product as it stands on an owner's card, and a usual price."""

    name: str
    price: int


GOODS: dict[str, tuple[Good, ...]] = {
    Trade.CARS: (
        Good(name="远山X5 2.0T 四驱尊享版", price=219_800),
        Good(name="远山X5 1.5T 两驱舒适版", price=168_800),
        Good(name="远山X3 1.5L 自动智联版", price=112_900),
        Good(name="远山E6 纯电 520长续航版", price=189_900),
        Good(name="星程S 1.5T 运动版", price=139_800),
        Good(name="星程M7 七座 2.0T 豪华版", price=246_800),
        Good(name="星程L 插混 旗舰版", price=268_000),
    ),
    Trade.FURNITURE: (
        Good(name="云憩真皮三人位沙发 深咖", price=15_800),
        Good(name="云憩布艺转角沙发 米灰", price=9_980),
        Good(name="木语白蜡木餐桌1.5m+6椅", price=11_600),
        Good(name="木语岩板餐桌1.6m+6椅", price=8_900),
        Good(name="木语北美黑胡桃实木床1.8m", price=13_900),
        Good(name="木语书柜组合 三门", price=6_480),
        Good(name="全屋定制衣柜 18平", price=26_800),
        Good(name="云憩电视柜+茶几套装", price=5_680),
    ),
    Trade.MATTRESSES: (
        Good(name="静梦乳胶独袋弹簧床垫 1.8×2.0", price=8_980),
        Good(name="静梦护脊硬棕床垫 1.5×2.0", price=4_280),
        Good(name="静梦记忆棉床垫 1.8×2.0 偏软", price=6_680),
        Good(name="静梦儿童环保棕垫 1.2×1.9", price=2_880),
        Good(name="静梦智能电动床架+床垫", price=18_800),
    ),
    Trade.SHOES: (
        Good(name="谷行女单鞋 B3021 37码", price=459),
        Good(name="谷行男商务鞋 M6608 42码", price=599),
        Good(name="谷行女短靴 B8816 38码", price=799),
        Good(name="谷行儿童运动鞋 K1205 30码", price=329),
        Good(name="谷行女凉鞋 B2207 36码", price=369),
    ),
}
BRANDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "远山汽车": ("YS", ("X5-20T", "X5-15T", "X3-15L", "E6-520")),
    "云憩": ("YQ", ("SF-3301", "SF-2207", "TV-108")),
    "木语": ("MY", ("CZ-150", "CZ-160Y", "CH-180H", "SG-3M")),
    "静梦": ("JM", ("RJ-18", "ZD-15", "JY-18")),
    "谷行": ("GX", ("B3021", "M6608", "B8816", "K1205")),
}
# The style master: what a number is, and its price on the tag.
MASTER: dict[str, tuple[str, int]] = {
    "X5-20T": ("远山X5 2.0T 四驱尊享版", 219_800),
    "X5-15T": ("远山X5 1.5T 两驱舒适版", 168_800),
    "X3-15L": ("远山X3 1.5L 自动智联版", 112_900),
    "E6-520": ("远山E6 纯电 520长续航版", 189_900),
    "SF-3301": ("云憩真皮三人位沙发", 15_800),
    "SF-2207": ("云憩布艺转角沙发", 9_980),
    "TV-108": ("云憩电视柜+茶几套装", 5_680),
    "CZ-150": ("木语白蜡木餐桌1.5m+6椅", 11_600),
    "CZ-160Y": ("木语岩板餐桌1.6m+6椅", 8_900),
    "CH-180H": ("木语北美黑胡桃实木床1.8m", 13_900),
    "SG-3M": ("木语书柜组合 三门", 6_480),
    "RJ-18": ("静梦乳胶独袋弹簧床垫 1.8×2.0", 8_980),
    "ZD-15": ("静梦护脊硬棕床垫 1.5×2.0", 4_280),
    "JY-18": ("静梦记忆棉床垫 1.8×2.0 偏软", 6_680),
    "B3021": ("谷行女单鞋", 459),
    "M6608": ("谷行男商务鞋", 599),
    "B8816": ("谷行女短靴", 799),
    "K1205": ("谷行儿童运动鞋", 329),
}
# Under this share of the tag nobody sells without an approved special price.
FLOOR = Decimal("0.85")
BUDGETS: dict[str, tuple[str, ...]] = {
    Trade.CARS: ("10-15万", "15-20万", "20-25万", "25万以上", "落地18万以内", "月供3000左右"),
    Trade.FURNITURE: ("1-2万", "2-3万", "3-5万", "5-8万", "全屋10万左右", "看效果，预算可加"),
    Trade.MATTRESSES: ("3000-5000", "5000-8000", "8000-12000", "一万五以内两张"),
    Trade.SHOES: ("300-500", "500-800", "不限"),
}
_VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def vin(rng: Random, number: int) -> str:
    """A vehicle number of 17 characters; `number` keeps it from being twice."""
    letters = "".join(rng.choices(_VIN_LETTERS, k=3))
    return f"L{letters}{rng.randint(1, 9)}{rng.choice(_VIN_LETTERS)}{number:011d}"
