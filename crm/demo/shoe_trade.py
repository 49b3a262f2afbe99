"""What the house of shoes bought, allotted, sold and took back in the last months.

Week by week: what is due from the supplier comes in, stores ask for the sizes they lack and get
what their warehouse has, customers buy the sizes that are there. So some styles sell out of the
middle sizes, some lie, and the days of supply of one store are another's reserve.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import exp
from random import Random

from crm.demo.shoe_house import WEEKS, House, Place
from crm.demo.shoe_ledger import Ledger
from crm.demo.shoe_styles import DAY, WEEK, Shoe
from stock.states import Kind

DAYS = 150
WEEKDAYS = (1.0, 1.0, 1.0, 1.0, 1.3, 2.0, 2.0)
# What is paid of the current price, and how often.
PAID = ((100, 70), (95, 20), (88, 10))
# Days after the launch on which the second and the third order come in.
ORDERED_AGAIN = (timedelta(weeks=5), timedelta(weeks=9))
ASKED_FOR = timedelta(weeks=8)
TO_STORES = 0.5


def first_monday(today: date) -> date:
    """The day with which the ledger begins."""
    day = today - timedelta(days=DAYS)
    return day - timedelta(days=day.weekday())


def season_pace(week: int) -> float:
    """How much is sold in a week on sale, against the main season."""
    if week < 1:
        return 0
    if week <= 2:
        return 0.7
    return 1 if week <= 10 else 0.65 if week <= 14 else 0.4 if week <= WEEKS else 0.15


def shared(total: int, sizes: Mapping[str, int]) -> dict[str, int]:
    """So many pairs in the proportion of the sizes; the largest parts get what rounding leaves."""
    whole = sum(sizes.values())
    found = {size: total * weight // whole for size, weight in sizes.items()}
    by_need = sorted(sizes, key=lambda size: -(total * sizes[size] % whole))
    for size in by_need[: total - sum(found.values())]:
        found[size] += 1
    return found


def drawn(rng: Random, mean: float) -> int:
    """A number of chance events of which there are `mean` as a rule."""
    left, count, least = rng.random(), 0, exp(-mean)
    while left > least:
        left *= rng.random()
        count += 1
    return count


@dataclass(kw_only=True)
class Tale:
    """What happens to one style; `told_apart` are places whose story is told elsewhere."""

    house: House
    ledger: Ledger
    rng: Random
    shoe: Shoe
    told_apart: frozenset[str] = frozenset()
    stock: dict[int, Counter[str]] = field(default_factory=dict)
    back: dict[int, list[tuple[date, str]]] = field(default_factory=dict)

    def tell(self) -> None:
        """From the first Monday, or the first order, until yesterday."""
        begin, today = first_monday(self.house.today), self.house.today
        for place in self.house.places:
            self.stock[place.pk] = Counter()
        came_on = min(self.shoe.launched.values()) - 5 * DAY
        if came_on < begin:
            self._open(begin)
            monday = begin
        else:
            self._buy(came_on, self.shoe.orders[0])
            self._allot(came_on + 2 * DAY)
            monday = came_on - timedelta(days=came_on.weekday()) + WEEK
        while monday < today:
            self._come_in(monday, begin=begin)
            self._pass(monday)
            monday += WEEK

    @property
    def stores(self) -> Iterator[Place]:
        return (place for place in self.house.selling if place.code not in self.told_apart)

    def _document(self, kind: str, on: date, place: Place | None = None) -> str:
        where = place.code if place else ""
        return f"{kind}{on:%y%m%d}{where}-{self.shoe.number}"

    def _open(self, on: date) -> None:
        """What lay there when the ledger began."""
        worn = min(self._week(on), 20)
        for place in self.house.places:
            pairs = round(place.sells * max(3, 14 - worn * 0.6)) if place.sells else 24
            sizes = shared(pairs, self.shoe.sizes)
            self._put(Kind.OPENING, place, on, sizes, document=f"QC{place.code}-{self.shoe.number}")

    def _put(
        self, kind: Kind, place: Place, on: date, pairs: Mapping[str, int], *, document: str
    ) -> None:
        cost = None if kind == Kind.TRANSFER_IN else self.shoe.cost
        self.ledger.move(kind, place, self.shoe, on, pairs, document=document, cost=cost)
        self.stock[place.pk].update(pairs)

    def _week(self, on: date) -> int:
        return (on - min(self.shoe.launched.values())).days // 7 + 1

    def _buy(self, on: date, pairs: int) -> None:
        """Each warehouse gets its share of an order."""
        whole = sum(place.sells for place in self.house.selling)
        for city in sorted({place.city for place in self.house.selling}):
            depot = self.house.warehouse(city)
            part = sum(place.sells for place in self.house.selling if place.city == city)
            sizes = shared(round(pairs * part / whole), self.shoe.sizes)
            self._put(Kind.PURCHASE, depot, on, sizes, document=self._document("CG", on, depot))

    def _allot(self, on: date) -> None:
        """The first goods of the stores, half of the first order."""
        whole = sum(place.sells for place in self.house.selling)
        for place in self.stores:
            pairs = round(self.shoe.orders[0] * TO_STORES * place.sells / whole)
            self._send(place, on, shared(pairs, self.shoe.sizes))

    def _send(self, place: Place, on: date, wanted: Mapping[str, int]) -> int:
        """What the warehouse has of it goes to the store, and is there the next day or the third;
        answers with how many pairs.
        """
        depot = self.house.warehouse(place.city)
        have = self.stock[depot.pk]
        sent = {size: min(count, have[size]) for size, count in wanted.items() if have[size] > 0}
        if not sum(sent.values()):
            return 0
        document = self._document("DB", on, place)
        self.ledger.move(Kind.TRANSFER_OUT, depot, self.shoe, on, sent, document=document)
        have.subtract(sent)
        arrives = on + (DAY if depot.city == place.city else 3 * DAY)
        if arrives < self.house.today:
            self._put(Kind.TRANSFER_IN, place, arrives, sent, document=document)
        return sum(sent.values())

    def _come_in(self, monday: date, *, begin: date) -> None:
        """Later orders, goods that go back to the supplier, and what is due still."""
        first = min(self.shoe.launched.values())
        for pairs, after in zip(self.shoe.orders[1:], ORDERED_AGAIN, strict=True):
            on = first + after
            if pairs and monday <= on < monday + WEEK and begin <= on < self.house.today:
                self._buy(on, pairs)
            if pairs and monday + WEEK >= self.house.today and on >= self.house.today:
                depot = self.house.warehouse("郑州")
                self.ledger.expect(depot, self.shoe, on, shared(pairs, self.shoe.sizes))
        if self.shoe.temper == "dead" and self._week(monday) == 12:
            self._return(monday + DAY)

    def _return(self, on: date) -> None:
        """Half of what lies in the warehouses goes back to the supplier."""
        if on >= self.house.today:
            return
        for depot in (place for place in self.house.places if not place.sells):
            have = self.stock[depot.pk]
            pairs = {size: count // 2 for size, count in have.items() if count > 1}
            self.ledger.move(Kind.PURCHASE_RETURN, depot, self.shoe, on, pairs,
                             document=self._document("CT", on, depot))  # fmt: skip
            have.subtract(pairs)

    def _pass(self, monday: date) -> None:
        """One week: stores sell what is there, and on Sunday ask for what they lack."""
        for place in self.stores:
            self._take_back(place, monday)
            self._sell(place, monday)
            self._lose(place, monday)
            self._ask(place, monday + 6 * DAY)

    def _sell(self, place: Place, monday: date) -> None:
        shoe, rng = self.shoe, self.rng
        launched = shoe.launched[place.city]
        week = (monday - launched).days // 7 + 1
        mean = shoe.rate * place.sells * season_pace(max(week, 1))
        have, sizes, weights = self.stock[place.pk], list(shoe.sizes), list(shoe.sizes.values())
        for weekday in sorted(rng.choices(range(7), WEEKDAYS, k=drawn(rng, mean))):
            on = monday + weekday * DAY
            size = rng.choices(sizes, weights)[0]
            if not launched <= on < self.house.today:
                continue
            if have[size] <= 0:
                others = [each for each in sizes if have[each] > 0]
                if not others or rng.random() < 0.6:
                    continue
                size = rng.choice(others)
            have[size] -= 1
            self._sold(place, on, size)

    def _sold(self, place: Place, on: date, size: str) -> None:
        rng, shoe = self.rng, self.shoe
        percent = rng.choices([each for each, _often in PAID], [often for _p, often in PAID])[0]
        price = (shoe.price_on(place.city, on) * percent / 100).quantize(shoe.tag)
        document = f"XS{on:%y%m%d}{place.code}"
        self.ledger.move(Kind.SALE, place, shoe, on, {size: 1}, document=document, price=price)
        if rng.random() < 0.03:
            back_on = on + rng.randint(2, 9) * DAY
            if back_on < self.house.today:
                self.ledger.move(
                    Kind.SALE_RETURN, place, shoe, back_on, {size: 1}, price=price,
                    document=f"TH{back_on:%y%m%d}{place.code}",
                    reference=document if rng.random() < 0.5 else "",
                )  # fmt: skip
                self.back.setdefault(place.pk, []).append((back_on, size))

    def _take_back(self, place: Place, monday: date) -> None:
        """What customers brought back is on the shelf again the week after."""
        waiting = self.back.get(place.pk, [])
        self.stock[place.pk].update(size for on, size in waiting if on < monday)
        self.back[place.pk] = [each for each in waiting if each[0] >= monday]

    def _lose(self, place: Place, monday: date) -> None:
        """Now and then a pair is given away, used up, missing or found."""
        on, chance = monday + 6 * DAY, self.rng.random()
        left = [size for size in self.shoe.sizes if self.stock[place.pk][size] > 0]
        if chance >= 0.012 or not left or on >= self.house.today:
            return
        size = left[0]
        kind = (Kind.GIFT, Kind.BUSINESS_USE, Kind.LOSS, Kind.GAIN)[int(chance * 1000) % 4]
        self.ledger.move(kind, place, self.shoe, on, {size: 1},
                         document=f"QT{on:%y%m%d}{place.code}")  # fmt: skip
        self.stock[place.pk][size] += 1 if kind == Kind.GAIN else -1

    def _ask(self, place: Place, on: date) -> None:
        """A store asks on Sunday for the sizes of which less than half of its share is left."""
        week = (on - self.shoe.launched[place.city]).days // 7 + 1
        if self.shoe.temper == "dead" or not 1 <= week <= WEEKS or on >= self.house.today:
            return
        share = shared(round(place.sells * max(8, 3.5 * self.shoe.rate)), self.shoe.sizes)
        have = self.stock[place.pk]
        wanted = {size: count - max(have[size], 0) for size, count in share.items()
                  if have[size] * 2 < count}  # fmt: skip
        if sum(wanted.values()) < 3 or self.rng.random() < 0.25:
            return
        sent = self._send(place, on, wanted)
        if self.house.today - on < ASKED_FOR:
            self.ledger.ask(place, self.shoe, on, requested=sum(wanted.values()), shipped=sent)
