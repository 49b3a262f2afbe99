"""What to order, to move between stores and to mark down, by size, in whole pairs (MER-13).

A place's sizes are pairs by size. `sold` is net over `window` days; a size of net returns sold
none. All that is shared out sums exactly and comes out the same whatever order places are named in.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from stock.rules.floor import check_price, floor_blockers
from stock.rules.sizes import size_order
from stock.rules.supply import replenish_quantity
from stock.rules.terms import DEFAULTS, Terms
from stock.states import StyleClass

YUAN = Decimal(1)
Sizes = Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Place:
    """One style in one office: what lies there, what is coming, what sold in the window."""

    office: int
    stock: Sizes
    coming: Sizes = field(default_factory=dict)
    sold: Sizes = field(default_factory=dict)
    window: int = DEFAULTS.window_days

    @property
    def pairs_sold(self) -> int:
        return sum(self.sold.values())

    @property
    def sizes(self) -> list[str]:
        """Its range: every size that lay, comes or sold there."""
        return sorted({*self.stock, *self.coming, *self.sold}, key=size_order)

    def demand(self, size: str, *, cover: int) -> Fraction:
        """The pairs of a size that sell in `cover` days at the pace of the window."""
        if self.window <= 0:
            return Fraction(0)
        return Fraction(max(0, self.sold.get(size, 0)) * cover, self.window)


@dataclass(frozen=True, kw_only=True)
class Move:
    """Pairs by size from one office to another."""

    giver: int
    taker: int
    sizes: Sizes

    @property
    def pairs(self) -> int:
        return sum(self.sizes.values())


def shared(total: int, *, weights: Mapping[str, Fraction | int]) -> dict[str, int]:
    """`total` pairs over sizes by weight, whole, summing to it: the largest remainders round up.

    Without any weight all sizes weigh the same. Sizes that get none are left out.
    """
    sizes = sorted(weights, key=size_order)
    if not sizes or total <= 0:
        return {}
    whole = sum(weights.values())
    parts = [Fraction(weights[size] if whole else 1) / (whole or len(sizes)) for size in sizes]
    exact = {size: total * part for size, part in zip(sizes, parts, strict=True)}
    given = {size: int(pairs) for size, pairs in exact.items()}
    by_rest = sorted(sizes, key=lambda size: (given[size] - exact[size], size_order(size)))
    for size in by_rest[: total - sum(given.values())]:
        given[size] += 1
    return {size: pairs for size, pairs in given.items() if pairs}


def pairs_lacking(place: Place, *, cover: int) -> int:
    """The pairs with which it lasts `cover` days (`stock.rules.supply.replenish_quantity`)."""
    found = replenish_quantity(
        stock=sum(place.stock.values()),
        in_transit=sum(place.coming.values()),
        sold=place.pairs_sold,
        window=place.window,
        cover=cover,
    )
    return int(found.value or 0)


def order_sizes(
    place: Place, *, pairs: int, cover: int, core: Collection[str] = ()
) -> dict[str, int]:
    """How an order of `pairs` is split over the sizes, so that all of them last alike.

    A core size of which nothing lies there or comes gets one pair first, the best-selling first;
    the rest goes by what each lacks for `cover` days, or where none lacks any, by what each sold.
    """
    held = {s: place.stock.get(s, 0) + place.coming.get(s, 0) for s in place.sizes or [""]}
    missing = [size for size in core if held.get(size, 0) <= 0 and size in held]
    missing.sort(key=lambda size: (-place.sold.get(size, 0), size_order(size)))
    first = dict.fromkeys(missing[: max(0, pairs)], 1)
    lacks = {
        size: max(Fraction(0), place.demand(size, cover=cover) - lying - first.get(size, 0))
        for size, lying in held.items()
    }
    weights: Mapping[str, Fraction | int] = lacks
    if not any(lacks.values()):
        weights = {size: max(0, place.sold.get(size, 0)) for size in held}
    rest = shared(pairs - sum(first.values()), weights=weights)
    sizes = sorted({*first, *rest}, key=size_order)
    return {size: first.get(size, 0) + rest.get(size, 0) for size in sizes}


def spare_sizes(place: Place, *, cover: int) -> dict[str, int]:
    """What a place can give and still lasts `cover` days, as a whole and in each size it sells.

    What is not on sale there yet (a window of no days) is not given away.
    """
    if place.window <= 0:
        return {}
    free = {}
    for size, lying in place.stock.items():
        kept = -(-place.demand(size, cover=cover) // 1)
        if lying > kept:
            free[size] = int(lying - kept)
    kept_in_all = -(-max(0, place.pairs_sold) * cover // place.window)
    whole = sum(place.stock.values()) - kept_in_all
    return free if whole >= sum(free.values()) else shared(int(whole), weights=free)


def move_sizes(
    *, giver: Place, taker: Place, cover: int, core: Collection[str] = ()
) -> dict[str, int]:
    """What one place can send another: of each size what the one spares and the other lacks."""
    lacking = pairs_lacking(taker, cover=cover)
    return _sent(
        spare_sizes(giver, cover=cover),
        order_sizes(taker, pairs=lacking, cover=cover, core=core),
    )


def _sent(spare: Sizes, wanted: Sizes) -> dict[str, int]:
    both = {size: min(pairs, spare.get(size, 0)) for size, pairs in wanted.items()}
    sent = {size: pairs for size, pairs in both.items() if pairs}
    return dict(sorted(sent.items(), key=lambda each: size_order(each[0])))


def moves_between(
    givers: Iterable[Place],
    takers: Sequence[Place],
    *,
    cover: int,
    core: Collection[str] = (),
) -> list[Move]:
    """Who sends what to whom: `takers` in the order given, each from who spares most for it.

    What one takes another does not get. A giver keeps its own `cover` days.
    """
    spare = {place.office: spare_sizes(place, cover=cover) for place in givers}
    moves: list[Move] = []
    for taker in takers:
        lacking = pairs_lacking(taker, cover=cover)
        wanted = order_sizes(taker, pairs=lacking, cover=cover, core=core)
        offers = sorted(spare, key=lambda office: (-sum(spare[office].values()), office))
        for giver in offers:
            if giver == taker.office:
                continue
            sizes = _sent(spare[giver], wanted)
            if not sizes:
                continue
            moves.append(Move(giver=giver, taker=taker.office, sizes=sizes))
            for size, pairs in sizes.items():
                spare[giver][size] -= pairs
                wanted[size] -= pairs
    return moves


def lower_price(
    *,
    current: Decimal,
    floor: Decimal | None,
    style_class: StyleClass | None,
    was_marked_down: bool,
    terms: Terms = DEFAULTS,
) -> Decimal | None:
    """The next price down, whole yuan: what counts as a cut of today's price (`terms.cut_under`).

    Never under the floor (`stock.rules.floor.floor_blockers`), on which it stops; None where there
    is no room left, or the price does not go down.
    """
    step = Decimal(terms.cut_under.numerator) / terms.cut_under.denominator
    wished = (current * step).quantize(YUAN, ROUND_FLOOR)
    if floor_blockers(
        price=wished, floor=floor, style_class=style_class, was_marked_down=was_marked_down
    ):
        wished = check_price(floor) if floor is not None else wished
    return wished if 0 < wished < current else None
