"""What the stories of filed leads have in common: who files where, and what others do then."""

from datetime import datetime, timedelta

from crm.demo.filed import Card, Teller, quietly
from crm.demo.stage import DAY
from filings.services import requests as asking
from filings.services import reviews as reviewing
from filings.states import RequestKind, RequestReason

GUIDES = ("lina", "dengjie", "jiangxue", "tianyu", "qinlei", "duanmin")
HERE = ("lina", "dengjie", "jiangxue", "tianyu")
FIELD = ("liangkai", "tangqian")
CITY_OF = {"qinlei": "西安", "duanmin": "西安"}
REVIEWER = {
    "lina": "wangfang", "dengjie": "wangfang", "jiangxue": "penghui", "tianyu": "penghui",
    "qinlei": "yanhong", "duanmin": "yanhong", "liangkai": "handong", "tangqian": "handong",
}  # fmt: skip
OPS, FINANCE = "hewenjing", "shenjia"


def city(person: str) -> str:
    return CITY_OF.get(person, "郑州")


def approved(teller: Teller, card: Card, filer: str, ago: int) -> None:
    """The sales manager looked at it the next day."""

    def act(now: datetime) -> None:
        by = teller.person(REVIEWER[filer])
        quietly(lambda: reviewing.approve(filing=card.filing, by=by, now=now))

    teller.then(teller.at(max(ago - 1, 1), 9), act)


def asks(teller: Teller, card: Card, person: str, at: datetime, *, granted: bool | None) -> None:
    """The filer asks for ten days more; decided the same evening, or waiting."""

    def act(now: datetime) -> None:
        filing = card.filing
        until = asking.last_day(filing, RequestKind.LIMIT)
        request = asking.ask_extension(
            filing=filing, kind=RequestKind.LIMIT, reason=RequestReason.DECORATION,
            until=until - 3 * DAY if until else now.date(), by=teller.person(person),
            text="精装交付推迟，业主下旬才拿钥匙", now=now,
        )  # fmt: skip
        if granted is not None:
            asking.decide_extension(
                request=request, until=request.wanted_until if granted else None,
                by=teller.person("handong"), note="情况属实" if granted else "未见跟进，不同意",
                now=now + timedelta(hours=2),
            )  # fmt: skip

    teller.then(at, act)


def rival_of(person: str) -> str:
    """A colleague of the same region, of another unit where there is one."""
    return {
        "lina": "liangkai", "dengjie": "jiangxue", "jiangxue": "tangqian", "tianyu": "dengjie",
        "liangkai": "lina", "tangqian": "dengjie", "qinlei": "duanmin", "duanmin": "qinlei",
    }[person]  # fmt: skip
