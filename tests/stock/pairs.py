"""A slow oracle of stock age: one entry a pair, moved one at a time; shares no line with the rule.

A pair on a shelf has the day it first came; a pair that left before it came is `owed`, without a
day, at the office it left.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from stock.states import Kind

COMES = {Kind.PURCHASE, Kind.SALE_RETURN, Kind.TRANSFER_IN, Kind.GAIN}


@dataclass(eq=False)
class Pair:
    day: date | None
    source: str
    place: str  # shelf, sold, gone, road
    office: str = ""
    document: str = ""
    size: str = ""
    turn: int = 0


def rank(row):
    line = (0, int(row.line), "") if row.line.isdecimal() else (1, 0, row.line)
    when = 0 if row.kind == Kind.OPENING else 1 if row.kind in COMES else 2
    return when, row.document, line, int(row.kind), row.size, row.reference, row.quantity


class World:
    def __init__(self, regions):
        self.regions, self.pairs, self.turn = regions, [], 0
        self.newest, self.claims = {}, defaultdict(list)

    def now(self):
        self.turn += 1
        return self.turn

    def at(self, place, office):
        return [pair for pair in self.pairs if (pair.place, pair.office) == (place, office)]

    def owed(self, office):
        gone = self.at("sold", office) + self.at("gone", office)
        return sorted((pair for pair in gone if pair.day is None), key=lambda pair: pair.turn)

    def shelf(self, office):
        return sorted(self.at("shelf", office), key=lambda pair: (pair.day, pair.turn))

    def lay(self, office, day, source):
        if waiting := self.owed(office):
            waiting[0].day, waiting[0].source = day, source
        else:
            self.pairs.append(Pair(day, source, "shelf", office, turn=self.now()))

    def receive(self, office, day, source):
        self.newest[office] = max(self.newest.get(office, day), day)
        self.lay(office, day, source)

    def remove(self, pair, *, place, office, document=""):
        if pair is None:
            pair = Pair(None, "", place)
            self.pairs.append(pair)
        pair.place, pair.office, pair.document, pair.turn = place, office, document, self.now()

    def play(self, rows):
        left = sorted(rows, key=lambda row: (row.on, row.office, rank(row)))
        for day in sorted({row.on for row in left}):
            late = []
            while today := [row for row in left if row.on == day]:
                row = self.next_of(today)
                left.remove(row)
                for _pair in range(abs(row.quantity)):
                    if not self.step(row, left):
                        late.append(row)
                self.serve_claims(row.document, left, day)
            late.sort(key=lambda row: (not row.reference, row.document, row.office, rank(row)))
            for row in late:
                self.late(row)

    def next_of(self, today):
        leaving = {row.document for row in today if row.kind == Kind.TRANSFER_OUT}
        for office in sorted({row.office for row in today}):
            first = next(row for row in today if row.office == office)
            if first.kind != Kind.TRANSFER_IN or first.document not in leaving:
                return first
        return today[0]

    def step(self, row, left):
        oldest = next(iter(self.shelf(row.office)), None)
        if row.kind == Kind.TRANSFER_IN:
            self.come_in(row, left)
        elif row.kind == Kind.SALE_RETURN:
            return self.take_back(row)
        elif row.kind == Kind.GAIN:
            self.lay(row.office, self.newest.get(row.office, row.on), row.document)
        elif row.kind == Kind.TRANSFER_OUT:
            self.leave(row, oldest)
        elif row.kind == Kind.PURCHASE_RETURN:
            shelf = self.shelf(row.office)
            meant = [pair for pair in shelf if row.reference and pair.source == row.reference]
            self.remove((meant or shelf or [None])[-1], place="gone", office=row.office)
        elif row.quantity > 0 and row.kind in (Kind.OPENING, Kind.PURCHASE):
            self.receive(row.office, row.on, row.document)
        else:
            place = "sold" if row.kind in (Kind.SALE, Kind.OPENING) else "gone"
            self.remove(oldest, place=place, office=row.office, document=row.document)
        return True

    def leave(self, row, oldest):
        if oldest:
            self.pairs.remove(oldest)
            goods = Pair(oldest.day, oldest.source, "road")
        else:
            self.remove(None, place="gone", office=row.office)
            goods = Pair(row.on, row.document, "road")
        goods.office, goods.document, goods.size = row.office, row.document, row.size
        goods.turn = self.now()
        self.pairs.append(goods)

    def unload(self, row):
        def fit(pair):
            is_far = self.regions.get(pair.office) != self.regions.get(row.office)
            return is_far, bool(row.size and pair.size and row.size != pair.size), pair.turn

        coming = [
            pair for pair in self.pairs if pair.place == "road" and pair.document == row.document
        ]
        if not coming:
            return False
        pair = min(coming, key=fit)
        self.pairs.remove(pair)
        if fit(pair)[0]:
            pair.day, pair.source = row.on, row.document
        self.receive(row.office, pair.day, pair.source)
        return True

    def serve_claims(self, document, left, day):
        rows = [row for row in left if row.document == document and row.on == day]
        if any(row.kind == Kind.TRANSFER_OUT for row in rows):
            return
        while self.claims[document] and self.unload(self.claims[document][0]):
            del self.claims[document][0]
        if not any(row.document == document and row.kind == Kind.TRANSFER_OUT for row in left):
            for row in self.claims.pop(document, []):
                self.receive(row.office, row.on, row.document)

    def come_in(self, row, left):
        if self.unload(row):
            return
        to_leave = sum(
            other.quantity
            for other in left
            if other.kind == Kind.TRANSFER_OUT and other.document == row.document
        )
        if to_leave > len(self.claims[row.document]):
            self.claims[row.document].append(row)
        else:
            self.receive(row.office, row.on, row.document)

    def take_back(self, row, *, reference=None):
        reference = row.reference if reference is None else reference
        places = [row.office]
        if reference:
            home = self.regions.get(row.office)
            others = {pair.office for pair in self.pairs} - {row.office}
            places += [place for place in sorted(others) if self.regions.get(place) == home]
        for place in places:
            sold = [
                pair
                for pair in self.at("sold", place)
                if (not reference or pair.document == reference)
                and (place == row.office or pair.day is not None)
            ]
            if sold:
                pair = max(sold, key=lambda pair: pair.turn)
                self.pairs.remove(pair)
                if pair.day is not None:
                    self.lay(row.office, pair.day, pair.source)
                return True
        return False

    def late(self, row):
        if not self.take_back(row) and not (row.reference and self.take_back(row, reference="")):
            self.lay(row.office, self.newest.get(row.office, row.on), row.document)


def lying_pairs(rows, *, as_of, regions):
    """({office: (net pairs, [(day, pairs)])}, {region: the same of what is on the way})."""
    world = World(regions)
    rows = [row for row in rows if row.on <= as_of]
    world.play(rows)

    def told(pairs, owed=0):
        days = Counter(pair.day for pair in pairs)
        return len(pairs) - owed, tuple(sorted(days.items()))

    offices = {
        office: told(world.shelf(office), len(world.owed(office)))
        for office in {row.office for row in rows}
    }
    road = [pair for pair in world.pairs if pair.place == "road"]
    homes = {regions.get(pair.office, "") for pair in road}
    return offices, {
        home: told([pair for pair in road if regions.get(pair.office, "") == home])
        for home in homes
    }
