"""Which orders there were in three quarters of a year, and how far each of them went."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import cycle

from crm.demo import order_turns as turns
from crm.demo.baskets import (
    AT_THE_DOOR,
    BED,
    BY_ACCEPTANCE,
    BY_BANK,
    BY_CHEQUE,
    CHAIRS,
    CORNER,
    CURTAIN,
    CUSHIONS,
    ELECTRIC,
    FOAM,
    IN_FULL,
    LATEX,
    LITTLE,
    MATS,
    PALM,
    SAMPLE,
    SEDAN,
    SHELF,
    SOFA,
    SUV,
    TABLE,
)
from crm.demo.traded import Tale, Trader
from orders.services.comparing import Original
from orders.states import LineState, Method, OrderChannel, OrderState, Terms

# Each once; the first are those of the smallest demonstration.
# fmt: off
REMARKABLE = (
    Tale(by="lina", goods=(SOFA, CUSHIONS), ago=1, wait=30, until=OrderState.RECEIVED,
         pays=LITTLE, channel=OrderChannel.PHONE),
    Tale(by="qinlei", goods=(BED, TABLE), ago=18, wait=24, until=LineState.READY,
         and_then=turns.planned(2)),
    Tale(by="dengjie", goods=(CORNER, CHAIRS), ago=66, wait=20, until=OrderState.DELIVERED,
         terms=Terms.ON_DELIVERY, pays=LITTLE),
    Tale(by="jiangxue", goods=(LATEX, PALM), ago=24, wait=12, until=OrderState.DELIVERED,
         pays=IN_FULL, and_then=turns.returned("settled")),
    Tale(by="sunpeng", goods=(SUV, MATS), ago=21, wait=40, until=LineState.IN_PRODUCTION),
    Tale(by="duanmin", goods=(TABLE, CHAIRS), ago=27, wait=45, until=LineState.SUBMITTED,
         pays=IN_FULL, and_then=turns.fewer(24)),
    Tale(by="tianyu", goods=(FOAM,), ago=2, wait=14, until=OrderState.CHECKED, pays=LITTLE),
    Tale(by="lina", goods=(SOFA, TABLE, CUSHIONS), ago=48, wait=22,
         and_then=turns.designed(pays=True)),
    Tale(by="dengjie", goods=(BED, SAMPLE), ago=12, wait=30, until=LineState.SUBMITTED,
         facts={"original": Original(amount=Decimal(18000), reason="原单漏算展品折扣")},
         channel=OrderChannel.FAX),
    Tale(by="guojing", goods=(SEDAN, MATS), ago=14, wait=15, until=LineState.READY,
         pays=BY_CHEQUE, and_then=turns.planned(1)),
    Tale(by="liangkai", goods=(SOFA, BED, TABLE), ago=75, wait=30, pays=(),
         until=OrderState.DELIVERED, terms=Terms.MONTHLY, and_then=turns.monthly),
    Tale(by="qinlei", goods=(SHELF, CHAIRS), ago=44, wait=40, until=LineState.ALLOCATED,
         pays=IN_FULL, and_then=turns.fewer(33)),
    Tale(by="tianyu", goods=(LATEX,), ago=70, wait=20, until=OrderState.ARCHIVED,
         pays=IN_FULL, and_then=turns.refunded),
    Tale(by="jiangxue", goods=(PALM,), ago=14, wait=30, until=LineState.ALLOCATED,
         and_then=turns.cancelled),
    Tale(by="songbo", goods=(SEDAN,), ago=95, wait=20, until=OrderState.DELIVERED,
         terms=Terms.ON_DELIVERY, pays=LITTLE, and_then=turns.disputed),
    Tale(by="duanmin", goods=(SOFA, CURTAIN), ago=33, wait=22, until=OrderState.DELIVERED,
         and_then=turns.designed(pays=False, returns=True)),
    Tale(by="dengjie", goods=(TABLE, CHAIRS), ago=40, wait=20, until=OrderState.DELIVERED,
         parts=2, and_then=turns.damaged),
    Tale(by="qinlei", goods=(CORNER, BED), ago=26, wait=20, until=LineState.SUBMITTED,
         and_then=turns.late),
    Tale(by="tangqian", goods=(SHELF, CURTAIN), ago=30, wait=35, until=LineState.SUBMITTED,
         terms=Terms.INSTALMENTS, pays=LITTLE, and_then=turns.instalments),
    Tale(by="lina", goods=(CORNER,), ago=20, wait=25, until=LineState.IN_PRODUCTION,
         pays=LITTLE, and_then=turns.short_slip(settles=False)),
    Tale(by="jiangxue", goods=(FOAM, LATEX), ago=34, wait=21, until=OrderState.DELIVERED,
         pays=BY_ACCEPTANCE),
    Tale(by="duanmin", goods=(SHELF,), ago=150, wait=28, until=OrderState.DELIVERED,
         terms=Terms.ON_DELIVERY, pays=LITTLE),
    Tale(by="fengtao", goods=(SEDAN, MATS), ago=232, wait=20, until=OrderState.DELIVERED,
         terms=Terms.ON_DELIVERY, pays=LITTLE),
    Tale(by="lina", goods=(TABLE,), ago=28, wait=20, until=OrderState.DELIVERED,
         terms=Terms.ON_DELIVERY, pays=AT_THE_DOOR,
         and_then=turns.returned("asked")),
    Tale(by="tianyu", goods=(PALM, PALM), ago=20, wait=15, until=OrderState.DELIVERED,
         pays=IN_FULL, and_then=turns.returned("agreed")),
    Tale(by="dengjie", goods=(SHELF,), ago=31, wait=20, until=OrderState.SETTLED,
         and_then=turns.returned("refused")),
    Tale(by="qinlei", goods=(TABLE,), ago=22, wait=15, until=OrderState.DELIVERED,
         pays=IN_FULL, and_then=turns.exchanged),
    Tale(by="lina", goods=(BED,), ago=10, wait=28, until=OrderState.CONFIRMED, pays=(),
         and_then=turns.signed),
    Tale(by="dengjie", goods=(SOFA,), ago=5, wait=21, until=LineState.ALLOCATED,
         and_then=turns.designed(pays=False)),
    Tale(by="guojing", goods=(ELECTRIC,), ago=30, wait=26, until=LineState.READY,
         pays=LITTLE, and_then=turns.planned(1)),
    Tale(by="jiangxue", goods=(LATEX, FOAM), ago=29, wait=16, until=OrderState.DELIVERED,
         pays=LITTLE, and_then=turns.released),
    Tale(by="duanmin", goods=(CORNER, CUSHIONS), ago=61, wait=20, pays=BY_BANK,
         until=OrderState.SETTLED),
    Tale(by="lina", goods=(CHAIRS, TABLE), ago=50, wait=45, until=LineState.SUBMITTED,
         pays=IN_FULL, and_then=turns.offset),
    Tale(by="liangkai", goods=(CORNER, CHAIRS), ago=57, wait=20, until=OrderState.DELIVERED,
         parts=2, and_then=turns.short_slip(settles=True)),
    Tale(by="tangqian", goods=(SOFA,), ago=16, wait=12, until=LineState.SHIPPED,
         channel=OrderChannel.WECHAT, pays=IN_FULL),
)
# fmt: on


def tell_of_orders(trader: Trader, *, most: int) -> None:
    """Collect the first `most` orders: those that show something, then the everyday ones."""
    for tale, _number in zip(_programme(), range(most), strict=False):
        trader.tell(tale)


def _programme() -> Iterator[Tale]:
    yield from REMARKABLE
    sellers = cycle(("lina", "jiangxue", "sunpeng", "qinlei", "dengjie", "tianyu", "songbo",
                     "duanmin", "liangkai", "guojing"))  # fmt: skip
    baskets = {"jiangxue": (LATEX,), "tianyu": (FOAM, PALM), "sunpeng": (SEDAN, MATS),
               "songbo": (SEDAN,), "guojing": (SUV, MATS)}  # fmt: skip
    homes = cycle(((SOFA, CUSHIONS), (TABLE, CHAIRS), (BED,), (CORNER, CURTAIN), (SHELF,)))
    ways = cycle((BY_BANK, IN_FULL, ((0, 30, Method.CASH), (12, 70, Method.CARD))))
    for number in range(200):
        by = next(sellers)
        yield Tale(by=by, goods=baskets.get(by) or next(homes), ago=262 - (number * 9) % 225,
                   wait=18 + number % 14, pays=next(ways))  # fmt: skip
