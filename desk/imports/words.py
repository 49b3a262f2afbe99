"""The words of closed lists, as people write them in sheets. Each word is folded before."""

import re
import unicodedata
from collections.abc import Mapping

from customers.states import ExpectedPurchase, Source, Title

_NOISE = re.compile(r"[\s/、,，;；.。·()（）\-—_]+")


def folded(text: str) -> str:
    """A word as it is compared: half-width, lower case, without blanks and signs."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())


def _table(words: Mapping[object, str]) -> dict[str, object]:
    """Folded word → value, with the value's own code among the words."""
    return {
        folded(word): value
        for value, names in words.items()
        for word in (str(value), *names.split(", "))
    }


TITLES = _table(
    {
        Title.MR: "先生, 男, 男士, male, m, mr.",
        Title.MS: "女士, 女, 小姐, 太太, 夫人, female, f, mrs, miss, ms.",
    }
)

SOURCES = _table(
    {
        Source.WALK_IN: "自然到店, 到店, 自然进店, 进店, 路过, 自来, walked in, walk-in",
        Source.ADVERT: "广告, 户外广告, 传单, 报纸, 电视, advertisement, ad",
        Source.ONLINE: (
            "网络, 网上, 互联网, 抖音, 小红书, 汽车之家, 懂车帝, 官网, 微信, 公众号, internet, web"
        ),
        Source.EVENT: "活动/会议营销, 活动, 会议营销, 会销, 展会, 车展, 团购会",
        Source.FRIEND: "朋友介绍, 朋友, 亲友介绍, 熟人介绍, referred by a friend",
        Source.OWNER_REFERRAL: (
            "老客户转介绍, 转介绍, 老客户介绍, 老客户, 客户转介绍, 老带新, "
            "referred by a customer, referral"
        ),
        Source.REPURCHASE: "增购, 家庭增购, 再购, further purchase",
        Source.DESIGNER: "设计师, 设计师介绍, 设计师推荐",
        Source.PARTNER: "异业, 异业合作, 异业联盟, partner trade",
        Source.INTERCEPT: "拦截, approached outside",
        Source.FIELD_INVITE: "业务员邀约, 业务邀约, 邀约, 小区推广, invited by field sales",
        Source.OTHER: "其他, 其它",
    }
)

EXPECTED = _table(
    {
        ExpectedPurchase.WEEK: (
            "7天内, 7天, 七天内, 一周内, 1周内, 一周, 本周, within 7 days, 7 days"
        ),
        ExpectedPurchase.FORTNIGHT: (
            "15天, 15天内, 半个月, 半月内, 半个月内, 两周内, 2周内, within 15 days, 15 days"
        ),
        ExpectedPurchase.MONTH: (
            "1月, 1月内, 1个月, 1个月内, 一个月, 一个月内, 一月内, 30天, 30天内, 本月, "
            "within a month, 1 month"
        ),
        ExpectedPurchase.QUARTER: (
            "3月, 3月内, 3个月, 3个月内, 三个月, 三个月内, 90天内, within 3 months, 3 months"
        ),
        ExpectedPurchase.LATER: (
            "更久, 以后, 半年, 半年内, 6个月内, 一年内, 1年内, 不确定, 待定, 暂无计划"
        ),
    }
)

GRADES = frozenset({"A", "B", "B1", "B2", "C", "C1", "C2", "D"})
_GRADE = re.compile(r"^([ABCD][12]?)(?:级|类|grade)?$", re.I)


def grade_letter(text: str) -> str:
    """`A级`, ` b1 `, `Ｃ` as A, B1, C; empty where it is none."""
    match = _GRADE.match(folded(text))
    letter = match[1].upper() if match else ""
    return letter if letter in GRADES else ""
