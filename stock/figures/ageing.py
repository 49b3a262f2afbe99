"""The ages of goods, of many styles at once: what `stock.rules.fifo.stock_of_style` says of each.

Few rows, whose texts are ranked, go through the rules themselves, so that nothing small waits for a
compiler; many through a compiled loop that is their twin.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING

from stock.figures.arrays import ON_THE_WAY, Ages, Found, Places, Rows
from stock.figures.looping import by_the_loop
from stock.figures.plain import by_the_rules
from stock.rules.terms import DEFAULTS

if TYPE_CHECKING:
    import numpy as np

COUNTS = ("stock", "owed", "transit", "lying", "aged_pairs", "pair_days")
AGE = ("aged_pairs", "pair_days", "buckets")


def lying(rows: Rows, *, as_of: date, limits: Sequence[int] = DEFAULTS.bucket_limits) -> Ages:
    """What lies at the close of `as_of`, and how old it is; later rows are not looked at.

    `limits` are the upper limits of the age buckets, in days.
    """
    find = by_the_rules if rows.is_ranked else by_the_loop
    return summed(find(rows, as_of=as_of), rows.places, as_of=as_of, limits=limits)


def lying_in_turn(
    lots: Iterable[Rows], *, as_of: date, limits: Sequence[int] = DEFAULTS.bucket_limits
) -> Iterator[tuple[Rows, Ages]]:
    """Each lot with its ages; the next one is read while one is reckoned."""
    with ThreadPoolExecutor(1) as worker:
        before: deque[tuple[Rows, Future[Ages]]] = deque()
        for rows in lots:
            before.append((rows, worker.submit(lying, rows, as_of=as_of, limits=limits)))
            if len(before) > 1:
                done, ages = before.popleft()
                yield done, ages.result()
        for done, ages in before:
            yield done, ages.result()


def summed(found: Found, places: Places, *, as_of: date, limits: Sequence[int]) -> Ages:
    """The ages of offices, of what is on the way, and of regions, from all layers."""
    import numpy as np

    layers = _layers(found.layers, places)
    parts = np.concatenate(
        [_of_layers(layers, as_of, limits), _of_offices(found.offices, places, len(limits) + 1)]
    )
    is_way = parts["office"] == ON_THE_WAY
    offices = _grouped(parts[~is_way], ("style", "office"))
    transit = _grouped(parts[is_way], ("style", "region"))
    parts["office"] = ON_THE_WAY
    regions = _grouped(parts, ("style", "region"))
    crossings = _crossings(found.crossings, places)
    return Ages(_aged(offices), _aged(transit), _aged(regions), layers, crossings)


def _named(columns: "dict[str, np.ndarray]") -> "np.ndarray":
    """Columns of whole numbers as one table."""
    import numpy as np

    length = len(next(iter(columns.values())))
    table = np.empty(length, dtype=[(name, np.int64) for name in columns])
    for name, column in columns.items():
        table[name] = column
    return table


def _offices(ranks: "np.ndarray", places: Places) -> "np.ndarray":
    import numpy as np

    offices = np.append(places.offices, ON_THE_WAY)  # which rank -1 takes
    return offices[ranks]


def _layers(found: "np.ndarray", places: Places) -> "np.ndarray":
    style, rank, region, on, quantity = found.T
    office = _offices(rank, places)
    columns = {"style": style, "region": region, "office": office, "on": on, "quantity": quantity}
    return _grouped(_named(columns), ("style", "region", "office", "on"))


def _crossings(found: "np.ndarray", places: Places) -> "np.ndarray":
    style, on, rank, origin, quantity = found.T
    columns = {
        "style": style, "on": on, "office": _offices(rank, places),
        "region": places.regions[rank], "origin": origin, "quantity": quantity,
    }  # fmt: skip
    return _grouped(_named(columns), ("style", "on", "office", "region", "origin"))


def _parts(length: int, buckets: int) -> "np.ndarray":
    import numpy as np

    columns: list[tuple] = [(name, "i8") for name in ("style", "region", "office", *COUNTS)]
    return np.zeros(length, dtype=[*columns, ("buckets", "i8", (buckets,)), ("flags", "i8")])


def _of_layers(layers: "np.ndarray", as_of: date, limits: Sequence[int]) -> "np.ndarray":
    """What each layer adds to its place."""
    import numpy as np

    parts = _parts(len(layers), len(limits) + 1)
    for name in ("style", "region", "office"):
        parts[name] = layers[name]
    days = as_of.toordinal() - layers["on"]
    for name in ("stock", "lying", "aged_pairs"):
        parts[name] = layers["quantity"]
    parts["transit"] = np.where(layers["office"] == ON_THE_WAY, layers["quantity"], 0)
    parts["pair_days"] = layers["quantity"] * days
    bucket = np.searchsorted(np.asarray(limits), days)
    parts["buckets"][np.arange(len(layers)), bucket] = layers["quantity"]
    return parts


def _of_offices(found: "np.ndarray", places: Places, buckets: int) -> "np.ndarray":
    """What each office adds beside its layers: the pairs it owes, and what was odd."""
    style, rank, owed, flags = found.T
    parts = _parts(len(found), buckets)
    parts["style"], parts["region"] = style, places.regions[rank]
    parts["office"] = places.offices[rank]
    parts["owed"], parts["stock"], parts["flags"] = owed, -owed, flags
    return parts


def _grouped(rows: "np.ndarray", keys: Sequence[str]) -> "np.ndarray":
    """Rows that agree in `keys` as one, sorted by them: numbers added up, flags put together.

    The columns before the last of `keys` are of the first row.
    """
    import numpy as np

    rows = rows[np.lexsort([rows[name] for name in reversed(keys)])]
    is_new = np.zeros(len(rows), dtype=bool)
    is_new[:1] = True
    for name in keys:
        is_new[1:] |= rows[name][1:] != rows[name][:-1]
    starts = np.flatnonzero(is_new)
    found = rows[starts]
    for name in {*COUNTS, "buckets", "quantity", "flags"} & set(rows.dtype.names or ()):
        put = np.bitwise_or if name == "flags" else np.add
        if len(starts):
            found[name] = put.reduceat(rows[name], starts, axis=0)
    return found


def _aged(table: "np.ndarray") -> "np.ndarray":
    """The same, with no age where the net is zero or less."""
    import numpy as np

    without = np.flatnonzero(table["stock"] <= 0)
    for name in AGE:
        table[name][without] = 0
    return table
