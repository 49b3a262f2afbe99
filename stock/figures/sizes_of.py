"""Which sizes lie where, by style, office and colour (`stock.rules.sizes`)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from stock.models import CoreSizes, Movement, SizeStock
from stock.queries.counted import size_stocks
from stock.rules.sizes import USUAL_RUNS, SizeGaps, core_sizes, size_gaps

# Of an office, style and colour: a size and the pairs of it.
SizeRow = tuple[int, int, str, str, int]


@dataclass(frozen=True, kw_only=True)
class Gaps:
    """The sizes of one style and colour in one office; by primary keys."""

    style: int
    office: int
    colour: str
    found: SizeGaps


def size_rows(styles: Sequence[int], *, as_of: date) -> list[SizeRow]:
    """(office, style, colour, size, pairs) as of the close of a day, sizes at 0 too.

    From the kept stock of sizes where nothing moved later, else from the movements up to the day.
    """
    if Movement.objects.filter(style__in=styles, on__gt=as_of).exists():
        told = size_stocks(rows='style_id = ANY(%(styles)s) AND "on" <= %(as_of)s')
        with connection.cursor() as cursor:
            cursor.execute(told, {"styles": list(styles), "as_of": as_of})
            return cursor.fetchall()
    kept = SizeStock.objects.filter(style__in=styles)
    return list(kept.values_list("office", "style", "colour", "size", "quantity"))


def core_runs() -> Sequence[Sequence[str]]:
    """The runs of core sizes, the first that fits first; the usual ones while nobody says others.
    One query.
    """
    said = CoreSizes.objects.order_by("position", "pk").values_list("sizes", flat=True)
    return list(said) or USUAL_RUNS


def gaps_of(rows: Iterable[SizeRow], *, runs: Sequence[Sequence[str]]) -> Iterator[Gaps]:
    """Row by row of style, office and colour, in this order of keys.

    The range is that of the style and colour, in whatever office its sizes moved: one that never
    came to an office lacks there. What never had a size there says nothing of it.
    """
    stock: dict[tuple[int, int, str], dict[str, int]] = {}
    ranges: dict[tuple[int, str], set[str]] = {}
    for office, style, colour, size, pairs in rows:
        own = stock.setdefault((style, office, colour), {})
        if size:
            own[size] = pairs
            ranges.setdefault((style, colour), set()).add(size)
    core = {key: core_sizes(sizes, runs) for key, sizes in ranges.items()}
    for (style, office, colour), own in sorted(stock.items()):
        whole = dict.fromkeys(ranges[style, colour], 0) | own if own else {}
        found = size_gaps(whole, core=core[style, colour] if own else ())
        yield Gaps(style=style, office=office, colour=colour, found=found)
