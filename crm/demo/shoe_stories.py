"""The house of shoes as a whole, and the few styles of which something is to be seen."""

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random

from django.db import connection

from crm.demo.shoe_house import STORES, House, Place, build_house
from crm.demo.shoe_ledger import Ledger
from crm.demo.shoe_styles import DAY, HERO, MISWRITTEN, STYLES, Shoe, make_styles
from crm.demo.shoe_trade import Tale, shared
from stock.services.figure_making import make_now
from stock.services.figure_sets import ask_standing
from stock.services.recounting import recount_all
from stock.states import Kind

# One store sells a pair a day and has nine left, another of the region has forty.
SHORT, LONG = "ZZ04", "ZZ06"
LEFT, RESERVE, SOLD_OF_RESERVE = 9, 40, 5
ON_THE_WAY = 12
MOST_AT_ONCE = 1000
# Here somebody sold two pairs that never came in.
MISTAKEN = "DSB"
_WRITTEN = ("stock_movement", "stock_style", "stock_officeprice")


def open_shoe_house(
    *, rng: Random, today: date, now: datetime, styles: int = STYLES, stores: int = STORES
) -> None:
    """So many styles in so many stores beside the one there is, five months of their ledger, and
    the figures of today; those of very many are left to the workers.
    """
    house = build_house(rng=rng, today=today, stores=stores)
    shoes = make_styles(house, rng=rng, count=styles)
    ledger = Ledger()
    for number, shoe in enumerate(shoes):
        apart = {HERO: {SHORT, LONG}, MISWRITTEN: {MISTAKEN}}.get(number, set())
        Tale(house=house, ledger=ledger, rng=rng, shoe=shoe, told_apart=frozenset(apart)).tell()
    by_code = {place.code: place for place in house.places}
    if len(shoes) > MISWRITTEN and {SHORT, LONG} <= set(by_code):
        _run_short(house, ledger, shoes[HERO], short=by_code[SHORT], long=by_code[LONG])
        _sell_what_is_not_there(house, ledger, shoes[MISWRITTEN], by_code[MISTAKEN])
    _send_yesterday(house, ledger, shoes[: len(house.runs)])
    ledger.write()
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(_WRITTEN)}")
    recount_all()
    if styles > MOST_AT_ONCE:
        ask_standing(now=now)
    else:
        make_now(as_of=today, now=now)


def _run_short(house: House, ledger: Ledger, shoe: Shoe, *, short: Place, long: Place) -> None:
    """A fast style that lasts nine days in one store while another has forty pairs of it."""
    first = shoe.launched[short.city]
    days = [first + number * DAY for number in range((house.today - first).days)]
    sold = _spread(shared(len(days), shoe.sizes))
    half = len(sold) // 2 + LEFT
    left = shared(LEFT, shoe.sizes)
    for place, pairs, on in (
        (short, Counter(sold[:half]), first - DAY),
        (short, Counter(sold[half:]) + Counter(left), first + timedelta(days=half // 2)),
        (long, Counter(shared(RESERVE + SOLD_OF_RESERVE, shoe.sizes)), first - DAY),
    ):
        _deliver(house, ledger, shoe, place, pairs, on)
    for on, size in zip(days, sold, strict=True):
        _sell(ledger, shoe, short, on, size)
    for number, size in enumerate(_spread(shared(SOLD_OF_RESERVE, shoe.sizes))):
        _sell(ledger, shoe, long, first + (3 + 8 * number) * DAY, size)


def _send_yesterday(house: House, ledger: Ledger, shoes: list[Shoe]) -> None:
    """New styles left one warehouse for that of another region and have not arrived."""
    depot, on = house.warehouse("郑州"), house.today - DAY
    for shoe in shoes:
        ledger.move(Kind.TRANSFER_OUT, depot, shoe, on, shared(ON_THE_WAY, shoe.sizes),
                    document=f"DB{on:%y%m%d}XACK-{shoe.number}")  # fmt: skip


def _spread(sizes: dict[str, int]) -> list[str]:
    """The same pairs one after the other, each size as evenly as it goes."""
    places = [
        ((number + 0.5) / count, size) for size, count in sizes.items() for number in range(count)
    ]
    return [size for _place, size in sorted(places)]


def _deliver(
    house: House, ledger: Ledger, shoe: Shoe, place: Place, pairs: Counter[str], on: date
) -> None:
    depot, bought_on = house.warehouse(place.city), on - 3 * DAY
    ledger.move(Kind.PURCHASE, depot, shoe, bought_on, pairs, cost=shoe.cost,
                document=f"CG{bought_on:%y%m%d}{place.code}-{shoe.number}")  # fmt: skip
    document = f"DB{on:%y%m%d}{place.code}-{shoe.number}-1"
    ledger.move(Kind.TRANSFER_OUT, depot, shoe, on, pairs, document=document)
    ledger.move(Kind.TRANSFER_IN, place, shoe, on, pairs, document=document)


def _sell(ledger: Ledger, shoe: Shoe, place: Place, on: date, size: str) -> None:
    price = shoe.price_on(place.city, on)
    ledger.move(Kind.SALE, place, shoe, on, {size: 1}, price=price,
                document=f"XS{on:%y%m%d}{place.code}")  # fmt: skip


def _sell_what_is_not_there(house: House, ledger: Ledger, shoe: Shoe, place: Place) -> None:
    """Two pairs written under the wrong number: the stock is negative until somebody mends it."""
    for ago in (6, 3):
        _sell(ledger, shoe, place, house.today - ago * DAY, next(iter(shoe.sizes)))
