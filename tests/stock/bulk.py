"""Ledgers of many styles as the arrays that bulk reckoning reads."""

from dataclasses import replace
from hashlib import blake2b
from itertools import groupby

import numpy as np

from stock.figures.arrays import COLUMNS, IN_ORDER, Places, Rows, bits_of, picked
from stock.rules.fifo import day_order, return_order
from stock.rules.stock_age import age_buckets
from stock.rules.terms import Terms
from stock.rules.threads import condensed
from tests.stock.ledgers import REGIONS

TEXTS = ("document", "reference", "size")
REGION_KEYS = {"north": 70, "south": 30}
OFFICE_KEYS = {"a": 500, "b": 100, "c": 900}
PLACES = Places.of(
    (code, OFFICE_KEYS[code], REGION_KEYS[region]) for code, region in REGIONS.items()
)
OFFICES = {key: code for code, key in OFFICE_KEYS.items()}
NAMES = {key: name for name, key in REGION_KEYS.items()}
# Days of drawn ledgers are few: limits that part them.
LIMITS = (1, 3, 4)


def hashed(text):
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def numbered(movements):
    """The rows that are kept of these, which know their place in the day but not their lines."""
    days = groupby(condensed(movements), key=lambda row: (row.on, row.office))
    return [replace(row, line=str(at)) for _day, rows in days for at, row in enumerate(rows)]


def arrays(ledgers, *, is_ranked):
    """Rows of (style, its movements): ranked texts, or numbers that say nothing of their order."""
    ledgers = [(style, list(movements)) for style, movements in ledgers]
    texts = {getattr(row, name) for _style, rows in ledgers for row in rows for name in TEXTS}
    ordered = sorted(texts | {""})
    numbers = {
        text: at if is_ranked or not text else hashed(text) for at, text in enumerate(ordered)
    }
    turns = sorted({return_order(row) for _style, rows in ledgers for row in rows})
    turn_of = {} if is_ranked else {order: at for at, order in enumerate(turns)}
    told = []
    for style, rows in ledgers:
        rows.sort(key=lambda row: (row.on, row.office, day_order(row)))
        for _day, day in groupby(rows, key=lambda row: (row.on, row.office)):
            for position, row in enumerate(day):
                told.append(_row(style, position, row, numbers, turn_of.get(return_order(row), 0)))
    columns = np.array(told, dtype=np.int64).reshape(-1, len(COLUMNS)).T
    table = dict(zip(COLUMNS, map(np.ascontiguousarray, columns), strict=True))
    order = np.lexsort([table[name] for name in reversed(IN_ORDER)])
    return Rows(picked(table, order), PLACES, is_ranked)


def _row(style, position, row, numbers, turn):
    rank = sorted(REGIONS).index(row.office)
    values = {
        "style": style, "office": OFFICE_KEYS[row.office], "rank": rank,
        "on": row.on.toordinal(), "kind": int(row.kind), "position": position,
        "quantity": row.quantity, "turn": turn,
        **{name: numbers[getattr(row, name)] for name in TEXTS},
    }  # fmt: skip
    return tuple(values[name] for name in COLUMNS)


def told(ages, *, offices=OFFICES, regions=NAMES):
    """By style the same as `said`, out of the arrays."""
    found = {}

    def of(style):
        empty = {"offices": {}, "transit": {}, "regions": {}, "crossings": []}
        return found.setdefault(int(style), empty)

    layers = {
        key: [(int(row["on"]), int(row["quantity"])) for row in rows]
        for key, rows in groupby(
            ages.layers, key=lambda row: (int(row["style"]), int(row["region"]), int(row["office"]))
        )
    }
    for row in ages.offices:
        key = tuple(int(row[name]) for name in ("style", "region", "office"))
        of(row["style"])["offices"][offices[key[2]]] = (*numbers(row), layers.get(key, []))
    for row in ages.transit:
        key = (int(row["style"]), int(row["region"]), 0)
        of(row["style"])["transit"][regions[key[1]]] = (*numbers(row), layers[key])
    for row in ages.regions:
        of(row["style"])["regions"][regions[int(row["region"])]] = numbers(row)
    for style, on, office, region, origin, quantity in ages.crossings.tolist():
        assert regions[region] == REGIONS[offices[office]]
        of(style)["crossings"].append((on, offices[office], regions.get(origin), quantity))
    for each in found.values():
        each["crossings"].sort(key=str)
    return found


def numbers(row):
    names = ("stock", "aged_pairs", "pair_days", "flags")
    return (*(int(row[name]) for name in names), row["buckets"].tolist())


def said(stock, *, as_of):
    """What the rules say of one style."""

    def of(lying):
        buckets = age_buckets(lying, as_of=as_of, terms=Terms(bucket_limits=LIMITS))
        days = lying.pair_days(as_of=as_of)
        return lying.stock, lying.pairs, days, bits_of(lying.flags), list(buckets.values())

    def layers(lying):
        return [(on.toordinal(), quantity) for on, quantity in lying.layers]

    names = {REGIONS[office] for office in stock.offices} | set(stock.in_transit)
    return {
        "offices": {key: (*of(each), layers(each)) for key, each in stock.offices.items()},
        "transit": {key: (*of(each), layers(each)) for key, each in stock.in_transit.items()},
        "regions": {name: of(stock.region(name)) for name in names},
        "crossings": sorted(((row.on.toordinal(), *row[1:]) for row in stock.crossings), key=str),
    }
