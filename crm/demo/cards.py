"""Cards: what people tell about themselves, drawn one after another."""

from datetime import date, datetime, time
from random import Random
from string import ascii_lowercase
from typing import Any

from crm.demo import talk
from crm.demo.company import ZONE, Company, Seller
from crm.demo.drafts import Draft
from crm.demo.goods import BUDGETS
from crm.demo.names import customer_name
from crm.demo.places import address
from customers.states import Decoration, ExpectedPurchase, Grade, IntentLevel, Quiet, Source
from staff.states import Trade

MOBILE_PREFIXES = (
    "138", "139", "136", "137", "135", "150", "151", "152", "158", "159", "186", "187", "188",
    "189", "133", "177", "130", "132",
)  # fmt: skip
SOURCES = (
    *[Source.WALK_IN] * 9, *[Source.ONLINE] * 4, *[Source.FRIEND] * 3, *[Source.ADVERT] * 2,
    *[Source.EVENT] * 2, *[Source.OWNER_REFERRAL] * 3, Source.DESIGNER, Source.PARTNER,
    Source.INTERCEPT, Source.OTHER,
)  # fmt: skip
INTENT: dict[str, IntentLevel] = {
    ExpectedPurchase.WEEK: IntentLevel.H,
    ExpectedPurchase.FORTNIGHT: IntentLevel.A,
    ExpectedPurchase.MONTH: IntentLevel.B,
    ExpectedPurchase.QUARTER: IntentLevel.C,
}
COMPANIES = (
    "恒信建设有限公司",
    "中原物流集团",
    "豫丰食品有限公司",
    "华韵设计事务所",
    "安泰保险代理",
    "蓝天幼儿园",
)
JOBS = ("教师", "医生", "工程师", "个体经营", "公务员", "会计", "设计师", "销售经理", "退休")
HOBBIES = ("钓鱼", "摄影", "羽毛球", "喝茶", "自驾游", "广场舞", "养花", "篮球")
EXPECTED = {
    Grade.A: (ExpectedPurchase.WEEK, ExpectedPurchase.FORTNIGHT, ExpectedPurchase.MONTH),
    Grade.B1: (ExpectedPurchase.FORTNIGHT, ExpectedPurchase.MONTH),
    Grade.C2: (ExpectedPurchase.QUARTER, ExpectedPurchase.LATER),
}


class Drafter:
    """Draws cards one after another; each has numbers that nobody else has."""

    def __init__(self, company: Company, rng: Random) -> None:
        self.company = company
        self.rng = rng
        # Prime to 10**8, so that counting in such steps comes back to no number.
        self._stride = rng.randrange(10**6, 10**7) * 10 + 7
        self._drawn = 0
        self._serials = 0

    def at(self, day: date, *, hour: int | None = None) -> datetime:
        """A moment of `day` in business hours."""
        rng = self.rng
        moment = time(rng.randint(9, 19) if hour is None else hour, rng.randint(0, 59))
        return datetime.combine(day, moment, ZONE)

    def number(self) -> str:
        """A mobile number that no other draft has."""
        self._drawn += 1
        return f"{self.rng.choice(MOBILE_PREFIXES)}{self._drawn * self._stride % 10**8:08d}"

    def serial(self) -> int:
        self._serials += 1
        return self._serials

    def card(self, seller: Seller, *, grade: Grade, registered_at: datetime) -> Draft:
        """A card with what people tell about themselves, without any history."""
        rng, trade = self.rng, seller.trade
        name, title = customer_name(rng)
        phones, wechat = self._numbers()
        source = Source.FIELD_INVITE if seller.is_field else rng.choice(SOURCES)
        is_referred = source in (Source.FRIEND, Source.OWNER_REFERRAL) and rng.random() < 0.6
        expected = rng.choice(EXPECTED.get(grade, ("",)))
        return Draft(
            name=name,
            title=title if rng.random() < 0.93 else "",
            store_id=seller.store_id,
            owner_id=seller.person_id,
            registered_by_id=seller.person_id,
            registered_at=registered_at,
            first_seen_at=registered_at,
            grade=grade,
            phones=phones,
            wechat=wechat,
            quiet=rng.choices((Quiet.NONE, Quiet.MARKETING, Quiet.VISITS), (97, 2, 1))[0],
            source=source,
            referrer_text=customer_name(rng)[0] if is_referred else "",
            need=talk.say(rng, talk.NEEDS[trade]) if rng.random() < 0.92 else "",
            expected_purchase=expected,
            intent=INTENT.get(expected, "") if trade == Trade.CARS else "",
            budget=rng.choice(BUDGETS[trade]) if rng.random() < 0.7 else "",
            address=address(rng, seller.city) if rng.random() < 0.8 else "",
            contact_time=rng.choice(talk.CONTACT_TIMES),
            note=rng.choice(talk.NOTES) if rng.random() < 0.4 else "",
            birth=self._birth() if rng.random() < 0.25 else None,
            company=rng.choice(COMPANIES) if rng.random() < 0.04 else "",
            job=rng.choice(JOBS) if rng.random() < 0.3 else "",
            hobbies=rng.choice(HOBBIES) if rng.random() < 0.25 else "",
            **self._home(trade),
        )

    def _home(self, trade: str) -> dict[str, Any]:
        """What a guide learns of a home that is being furnished."""
        rng = self.rng
        if trade not in (Trade.FURNITURE, Trade.MATTRESSES) or rng.random() < 0.4:
            return {}
        return {
            "home_area": rng.randint(58, 188),
            "home_layout": rng.choice(("两室一厅", "三室两厅", "三室一厅", "四室两厅", "一室一厅")),
            "home_style": rng.choice(("现代简约", "北欧", "新中式", "轻奢", "美式", "")),
            "decoration": rng.choice([*Decoration.values]),
        }

    def _numbers(self) -> tuple[list[str], str]:
        """Numbers and WeChat id: most have one number, some two, a few WeChat alone."""
        rng = self.rng
        # Never made of the number: it would show what the mask hides.
        wechat = f"{''.join(rng.choices(ascii_lowercase, k=4))}_{rng.randint(100, 9999)}"
        if rng.random() < 0.05:
            return [], wechat
        phones = [self.number()]
        if rng.random() < 0.08:
            phones.append(self.number())
        return phones, wechat if rng.random() < 0.3 else ""

    def _birth(self) -> tuple[int, int, int, bool]:
        rng = self.rng
        return rng.randint(1958, 2002), rng.randint(1, 12), rng.randint(1, 28), rng.random() < 0.3
