"""断码 and 齐码率 of one style and colour in one store (formulas 3.7)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from stock.rules.figures import Figure, Flag, raised, ratio

# Women's and men's core sizes, while nobody says others (formulas 3.7).
USUAL_RUNS = (("36", "37", "38"), ("40", "41", "42"))


@dataclass(frozen=True, kw_only=True)
class SizeGaps:
    """Which sizes lie there: `complete_rate` is 齐码率, a share of the sizes of the range.

    Broken (断码) is what lacks a core size while some size remains; with none left it is out of
    stock (断货), flagged, and not broken.
    """

    sizes_in_stock: int
    sizes_in_range: int
    complete_rate: Figure
    is_broken: bool
    missing_core: tuple[str, ...]
    flags: tuple[Flag, ...]


def size_order(size: str) -> tuple[bool, float, str]:
    """Sizes in their order: numbers by value (37 before 37.5), then words by name."""
    is_number = size.replace(".", "", 1).isdecimal()
    return (not is_number, float(size) if is_number else 0.0, size)


def core_sizes(sizes: Collection[str], runs: Sequence[Collection[str]]) -> tuple[str, ...]:
    """The core sizes of a range: the first of `runs` that lies in it whole (women 36–38 before men
    40–42); none where none does.
    """
    fitting = (run for run in runs if run and set(run) <= set(sizes))
    return tuple(sorted(next(fitting, ()), key=size_order))


def size_gaps(stock: Mapping[str, int], *, core: Collection[str]) -> SizeGaps:
    """What of a range lies there; `stock` has each size of the range, at 0 too, in pairs.

    A negative size counts as 0 and is flagged NEG_SIZE. A core size outside the range is missed
    like any other. Without a range there is no rate, NO_SIZES; without core sizes nothing is
    broken, NO_CORE.
    """
    held = {size for size, pairs in stock.items() if pairs > 0}
    missing = tuple(sorted(set(core) - held, key=size_order))
    flags = raised(
        (Flag.NO_SIZES, not stock),
        (Flag.OUT_OF_STOCK, bool(stock) and not held),
        (Flag.NEG_SIZE, any(pairs < 0 for pairs in stock.values())),
        (Flag.NO_CORE, bool(stock) and not core),
    )
    return SizeGaps(
        sizes_in_stock=len(held),
        sizes_in_range=len(stock),
        complete_rate=ratio(len(held), len(stock), reason=Flag.NO_SIZES),
        is_broken=bool(held and missing),
        missing_core=missing,
        flags=flags,
    )
