"""The movements of one style through the offices of its regions, in their right order
(MER-20, formulas 3.3).
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from stock.rules.figures import Flag
from stock.rules.shelf import Shelf, pairs_in
from stock.rules.stock_age import Layer, Lying
from stock.states import OUTFLOWS, Kind

ONE_REGION = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Movement:
    """One row of the ledger of one style: so many pairs moved in an office, named by its code.

    `quantity` is over 0; only an opening stock may be negative. `reference` is a document: of a
    customer's return the sale, of a supplier's return the receipt.
    """

    office: str
    on: date
    kind: Kind
    quantity: int
    document: str = ""
    line: str = ""
    size: str = ""
    reference: str = ""

    def __post_init__(self) -> None:
        if self.quantity <= 0 and self.kind != Kind.OPENING:
            raise ValueError("only an opening stock may be negative")


class Crossing(NamedTuple):
    """Pairs of transfers that came into an office from outside its region, on the day they came.

    `origin` is the region they left; None for pairs that left nowhere, from outside the company.
    """

    on: date
    office: str
    origin: str | None
    quantity: int


@dataclass(frozen=True, kw_only=True)
class StyleStock:
    """What lies of one style, by office and on the way inside each region, as of one day.

    `crossings` are the transfers across a region's border: what a region received and gave.
    """

    offices: Mapping[str, Lying]
    in_transit: Mapping[str, Lying]
    regions: Mapping[str, str]
    crossings: tuple[Crossing, ...] = ()

    def region(self, name: str = ONE_REGION) -> Lying:
        """A region: the union of its offices and of what is on the way between them."""
        inside = (
            lying
            for office, lying in self.offices.items()
            if self.regions.get(office, ONE_REGION) == name
        )
        return sum(inside, self.in_transit.get(name, Lying()))


def line_order(line: str) -> tuple[bool, int, str]:
    """Lines by their number (2 before 10), then those that are words."""
    is_number = line.isascii() and line.isdecimal()
    return (not is_number, int(line) if is_number else 0, line)


def phase(row: Movement) -> int:
    """Within a day the opening stock comes first, then receipts, then outflows."""
    if row.kind == Kind.OPENING:
        return 0
    return 2 if row.kind in OUTFLOWS else 1


def day_order(row: Movement) -> tuple[object, ...]:
    """The order of an office's movements within a day: by phase, then document and line.

    What follows only makes it the same whatever order rows come in.
    """
    line = line_order(row.line)
    return (phase(row), row.document, line, row.kind, row.size, row.reference, row.quantity)


def return_order(row: Movement) -> tuple[object, ...]:
    """The order of returns that wait for the day's end: first those that name their sale, by their
    own document, whose rows in one office stay together.
    """
    return (not row.reference, row.document, row.office, day_order(row))


def crossing_order(row: Crossing) -> tuple[object, ...]:
    """By day and office, then what left nowhere before what left a region."""
    return (row.on, row.office, row.origin is not None, row.origin or "")


@dataclass(eq=False)
class Load:
    """Pairs of one layer on the way under a document, from one region."""

    layer: Layer
    size: str
    region: str


@dataclass(eq=False)
class Claim:
    """Pairs that came in by a transfer whose pairs leave, by the ledger, only later."""

    row: Movement
    quantity: int


class Flow:
    """The shelves of one style and the roads between them, moved row by row.

    * A transfer out takes the oldest pairs with their days onto the road of its document; pairs
      that were not there go with the day they left, and are owed here.
    * A transfer in takes them off in the order they left, those of its own size first, so that a
      size read wrongly makes no new goods. What it has more than ever leaves is of its own day,
      UNMATCHED_TRANSFER. What leaves on a later day (EARLY_TRANSFER) comes in on that later day.
    * A document is told by its number alone, whichever office wrote it.
    * From another region pairs arrive as new: their day is the day they come in. Until then they
      are on the way inside the region they left.
    * On one day a transfer in waits for what leaves under its document, in whatever office; where
      offices wait for each other in a ring, the first by code goes on and is served later.
    * A customer's return finds the sale it refers to here, else in another office of the region;
      of what was sold on its own day, when the day's rows are through. An unknown document is none,
      UNKNOWN_REFERENCE. Returned beyond all that was sold here, RETURN_OVER_SOLD, pairs count as
      found.
    * A negative opening stock was sold before its receipt, NEG_OPENING.
    """

    def __init__(self, regions: Mapping[str, str]) -> None:
        self.regions = regions
        self.shelves: dict[str, Shelf] = defaultdict(Shelf)
        self.roads: dict[str, list[Load]] = defaultdict(list)
        self._claims: dict[str, deque[Claim]] = defaultdict(deque)
        self._to_leave: Counter[str] = Counter()
        self._leaving_today: Counter[str] = Counter()
        self._returns: list[tuple[Movement, int]] = []
        self._crossed: Counter[tuple[date, str, str | None]] = Counter()

    @property
    def crossings(self) -> tuple[Crossing, ...]:
        """What came over a border so far."""
        rows = [Crossing(*where, quantity) for where, quantity in self._crossed.items()]
        return tuple(sorted(rows, key=crossing_order))

    def run(self, rows: Iterable[Movement]) -> None:
        """Move all rows, given in any order."""
        ordered = sorted(rows, key=lambda row: (row.on, row.office, day_order(row)))
        for row in ordered:
            if row.kind == Kind.TRANSFER_OUT:
                self._to_leave[row.document] += row.quantity
        for _on, day in groupby(ordered, key=lambda row: row.on):
            self._run_day(list(day))

    def _run_day(self, rows: list[Movement]) -> None:
        """One day: always the first office, by code, whose next row need not wait."""
        self._leaving_today = Counter(row.document for row in rows if row.kind == Kind.TRANSFER_OUT)
        queues = [deque(own) for _office, own in groupby(rows, key=lambda row: row.office)]
        while queues:
            queue = next((each for each in queues if not self._waits(each[0])), queues[0])
            self._move(queue.popleft())
            queues = [each for each in queues if each]
        late = sorted(self._returns, key=lambda each: return_order(each[0]))
        self._returns = []
        for row, quantity in late:
            self._return_late(row, quantity)

    def _waits(self, row: Movement) -> bool:
        return row.kind == Kind.TRANSFER_IN and self._leaving_today[row.document] > 0

    def _move(self, row: Movement) -> None:
        shelf = self.shelves[row.office]
        match row.kind:
            case Kind.OPENING if row.quantity < 0:
                shelf.flags.add(Flag.NEG_OPENING)
                shelf.take(-row.quantity, document=row.document, is_sale=True)
            case Kind.OPENING | Kind.PURCHASE:
                shelf.receive(Layer(row.on, row.quantity, row.document))
            case Kind.GAIN:
                shelf.find(row.quantity, on=row.on, source=row.document)
            case Kind.PURCHASE_RETURN:
                shelf.send_back(row.quantity, reference=row.reference)
            case Kind.SALE_RETURN:
                self._return(row)
            case Kind.TRANSFER_OUT:
                self._leave(row)
            case Kind.TRANSFER_IN:
                self._come_in(row)
            case _:
                is_sale = row.kind == Kind.SALE
                shelf.take(row.quantity, document=row.document, is_sale=is_sale)

    def _region(self, office: str) -> str:
        return self.regions.get(office, ONE_REGION)

    def _leave(self, row: Movement) -> None:
        taken = self.shelves[row.office].take(row.quantity)
        region = self._region(row.office)
        goods = [*taken.parts]
        if taken.owed:
            goods.append(Layer(row.on, taken.owed, row.document))
        self.roads[row.document] += [Load(layer, row.size, region) for layer in goods]
        self._leaving_today[row.document] -= 1
        self._to_leave[row.document] -= row.quantity
        if not self._leaving_today[row.document]:
            self._serve_claims(row)

    def _serve_claims(self, row: Movement) -> None:
        """What left under a document today, `row` last, goes to those it came in for earlier."""
        claims = self._claims[row.document]
        while claims and self.roads[row.document]:
            claim = claims[0]
            claim.quantity -= self._unload(claim.row, claim.quantity)
            if claim.row.on < row.on:
                self.shelves[claim.row.office].flags.add(Flag.EARLY_TRANSFER)
            if not claim.quantity:
                claims.popleft()
        while claims and not self._to_leave[row.document]:
            claim = claims.popleft()
            self._receive_unmatched(claim.row, claim.quantity)

    def _come_in(self, row: Movement) -> None:
        rest = row.quantity - self._unload(row, row.quantity)
        claimed = sum(claim.quantity for claim in self._claims[row.document])
        awaited = max(0, min(rest, self._to_leave[row.document] - claimed))
        if awaited:
            self._claims[row.document].append(Claim(row, awaited))
        if rest > awaited:
            self._receive_unmatched(row, rest - awaited)

    def _receive_unmatched(self, row: Movement, quantity: int) -> None:
        shelf = self.shelves[row.office]
        shelf.flags.add(Flag.UNMATCHED_TRANSFER)
        self._crossed[row.on, row.office, None] += quantity
        shelf.receive(Layer(row.on, quantity, row.document))

    def _unload(self, row: Movement, quantity: int) -> int:
        """Take up to so many pairs off the road into the office of `row`; answers how many."""
        shelf, region, rest = self.shelves[row.office], self._region(row.office), quantity

        def strangeness(load: Load) -> tuple[bool, bool]:
            is_other_size = bool(row.size and load.size and row.size != load.size)
            return (load.region != region, is_other_size)

        for load in sorted(self.roads[row.document], key=strangeness):
            part = min(rest, load.layer.quantity)
            if part:
                is_home = load.region == region
                kept = load.layer if is_home else Layer(row.on, part, row.document)
                if not is_home:
                    self._crossed[row.on, row.office, load.region] += part
                shelf.receive(kept._replace(quantity=part))
                load.layer = load.layer._replace(quantity=load.layer.quantity - part)
                rest -= part
        self.roads[row.document] = [
            load for load in self.roads[row.document] if load.layer.quantity
        ]
        return quantity - rest

    def _return(self, row: Movement) -> None:
        rest = self._return_known(row, row.quantity)
        if rest:
            self._returns.append((row, rest))

    def _return_known(self, row: Movement, quantity: int) -> int:
        shelf = self.shelves[row.office]
        rest = shelf.take_back(quantity, reference=row.reference)
        if not (rest and row.reference):
            return rest
        for office in sorted(set(self.shelves) - {row.office}):
            if self._region(office) == self._region(row.office):
                given = self.shelves[office].give_up(rest, reference=row.reference)
                shelf.lay_back(given)
                rest -= pairs_in(given)
        return rest

    def _return_late(self, row: Movement, quantity: int) -> None:
        shelf = self.shelves[row.office]
        rest = self._return_known(row, quantity)
        if rest and row.reference:
            shelf.flags.add(Flag.UNKNOWN_REFERENCE)
            rest = shelf.take_back(rest)
        if rest:
            shelf.flags.add(Flag.RETURN_OVER_SOLD)
            shelf.find(rest, on=row.on, source=row.document)


def stock_of_style(
    movements: Iterable[Movement], *, as_of: date, regions: Mapping[str, str] | None = None
) -> StyleStock:
    """What lies of one style at the close of `as_of`, layer by layer (MER-20).

    Rows of all offices, also of other regions, from the first on, in any order and of any sizes
    (which net out inside a style); later ones are not looked at. `regions` names the region of each
    office; an office it lacks, or all without it, are of one region, whose name is "". See `Shelf`
    and `Flow` for what is decided where rows are odd.
    """
    flow = Flow(regions or {})
    flow.run(row for row in movements if row.on <= as_of)
    on_the_way: dict[str, list[Layer]] = defaultdict(list)
    for loads in flow.roads.values():
        for load in loads:
            on_the_way[load.region].append(load.layer)
    return StyleStock(
        offices={office: shelf.lying() for office, shelf in sorted(flow.shelves.items())},
        in_transit={region: Lying.of(layers) for region, layers in sorted(on_the_way.items())},
        regions=dict(regions or {}),
        crossings=flow.crossings,
    )
