"""Reads the kept sums of the ledger into arrays, whole styles at once.

Texts that only have to agree are numbers there: of few rows their rank among all, so that the rules
can sort them; of many a hash of 64 bits that the database makes.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.db import connection

from staff.models import Store
from stock.figures.arrays import COLUMNS, IN_ORDER, MONEY, Places, Rows, Table, picked
from stock.figures.copies import columns_of
from stock.models import DaySum, Style
from stock.states import Kind

FEW = 20_000
LOT = 100_000  # rows that the nearer caches hold
ENDLESS = date(9999, 12, 31)
EPOCH = date(2000, 1, 1)  # days are counted from here where they are packed
TEXTS = ("document", "reference", "size")
PLACE = ("style", "on", "office", "position")
# What many rows are copied as: SQL and bytes, small numbers two in one. A transfer is of a size,
# and what it refers to says nothing; other rows have no size.
HASH = "hashtextextended({text}, 0)"
KINDS = 16  # there are fewer
PACKED = {
    "place": ("(style_id << 32) + office_id", 8),
    "day": (f"(\"on\" - DATE '{EPOCH}') * {KINDS} + kind", 4),
    "moved": ("(position::int8 << 32) + quantity", 8),
    "document": (HASH.format(text="document"), 8),
    "other": (HASH.format(text=f"CASE WHEN kind IN ({int(Kind.TRANSFER_IN)}, "
                               f"{int(Kind.TRANSFER_OUT)}) THEN size ELSE reference END"), 8),
}  # fmt: skip
PACKED_MONEY = {
    "priced": ("priced", 4), "costed": ("costed", 4),
    "amount": ("(amount * 100)::int8", 8), "cost": ("(cost * 100)::int8", 8),
}  # fmt: skip


def places() -> Places:
    """All offices by code, and their regions."""
    return Places.of(Store.objects.values_list("code", "pk", "region_id"))


def read(
    styles: Sequence[int] | None = None, *, places: Places, until: date | None = None,
    money: bool = False,
) -> Rows:  # fmt: skip
    """The kept sums of these styles, or of all, in one."""
    import numpy as np

    lots = list(chunks(styles, places=places, until=until, money=money, size=0))
    if lots:
        return lots[0]
    nothing = {name: np.zeros(0, dtype=np.int64) for name in (*COLUMNS, *MONEY)}
    return Rows(nothing, places, is_ranked=True)


def chunks(
    styles: Sequence[int] | None = None, *, places: Places, until: date | None = None,
    money: bool = False, size: int = LOT,
) -> Iterator[Rows]:  # fmt: skip
    """The same in lots of whole styles, of about so many rows; 0 is all in one.

    Rows later than `until` are left out. `money` reads what was paid and what goods cost too.
    """
    is_few = _are_few(styles)
    for lot in _lots(styles, size):
        if is_few:
            columns = _ranked(lot, until or ENDLESS)
        else:
            columns = _copied(lot, until or ENDLESS, PACKED | PACKED_MONEY if money else PACKED)
        table = _in_order(columns | {"rank": places.ranks(columns["office"])})
        if not is_few:
            _take_turns(table, places)
        yield Rows(table, places, is_ranked=is_few)


def _are_few(styles: Sequence[int] | None) -> bool:
    sums = DaySum.objects.all() if styles is None else DaySum.objects.filter(style__in=styles)
    return sums.values("pk")[: FEW + 1].count() <= FEW


def _lots(styles: Sequence[int] | None, size: int) -> Iterator[Sequence[int]]:
    """Styles by the number, so many that they have about so many rows."""
    if styles is None:
        styles = list(Style.objects.order_by("pk").values_list("pk", flat=True))
    styles = sorted(styles)
    each = len(styles)
    if size:
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'stock_daysum'::regclass")
            about = cursor.fetchone()[0]
        rows = about if about > 0 else max(1, DaySum.objects.count())
        each = max(1, int(size * Style.objects.count() / rows))
    for at in range(0, len(styles), each or 1):
        yield styles[at : at + each]


def _in_order(columns: Table) -> Table:
    """The rows as they stand: a style day by day, its offices by code."""
    import numpy as np

    keys = [columns[name] for name in IN_ORDER]
    widths = [int(key.max(initial=0)).bit_length() for key in keys]
    if sum(widths) < 63:
        key = keys[0]
        for column, width in zip(keys[1:], widths[1:], strict=True):
            key = (key << width) | column
        order = np.argsort(key)
    else:
        order = np.lexsort(keys[::-1])
    return picked(columns, order) | {"turn": np.zeros(len(order), dtype=np.int64)}


def _copied(styles: Sequence[int], until: date, columns: Mapping[str, tuple[str, int]]) -> Table:
    """Many rows, as the database packs them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hashtextextended('', 0)")
        nothing = cursor.fetchone()[0]
    found = columns_of(
        "stock_daysum",
        columns,
        where='style_id BETWEEN %s AND %s AND style_id = ANY(%s) AND "on" <= %s',
        params=[styles[0], styles[-1], list(styles), until],
    )
    return _unpacked(found, nothing)


def _unpacked(found: Table, nothing: int) -> Table:
    """The columns of `PACKED` apart; `nothing` is the hash of no text."""
    place, day, moved, other = (found.pop(name) for name in ("place", "day", "moved", "other"))
    found["style"], found["office"] = place >> 32, place & (1 << 32) - 1
    found["on"], found["kind"] = day // KINDS + EPOCH.toordinal(), day % KINDS
    found["position"] = (moved + (1 << 31)) >> 32  # quantities below 0 borrow from it
    found["quantity"] = moved - (found["position"] << 32)
    found["document"][found["document"] == nothing] = 0
    other[other == nothing] = 0
    is_transfer = (found["kind"] == Kind.TRANSFER_IN) | (found["kind"] == Kind.TRANSFER_OUT)
    found["size"], found["reference"] = other * is_transfer, other * ~is_transfer
    return found


def _ranked(styles: Sequence[int], until: date) -> Table:
    """Few rows, with their texts numbered in the order of their code points."""
    import numpy as np

    named = ("style", "office", "kind", "position", "quantity", "priced", "costed")
    sums = DaySum.objects.filter(style__in=styles, on__lte=until)
    rows = list(sums.values(*named, "on", "amount", "cost", *TEXTS))
    texts = {"", *(row[name] for row in rows for name in TEXTS)}
    ranks = {text: at for at, text in enumerate(sorted(texts))}
    told: dict[str, list[int]] = {name: [row[name] for row in rows] for name in named}
    told["on"] = [row["on"].toordinal() for row in rows]
    told |= {name: [int(row[name] * 100) for row in rows] for name in ("amount", "cost")}
    told |= {name: [ranks[row[name]] for row in rows] for name in TEXTS}
    return {name: np.array(column, dtype=np.int64) for name, column in told.items()}


def _take_turns(table: Table, places: Places) -> None:
    """Number the returns that refer to a sale on days when two offices of a region take such back.

    They go by their documents' texts, which the hashes do not tell; such days are few.
    """
    import numpy as np

    at = np.flatnonzero((table["kind"] == Kind.SALE_RETURN) & (table["reference"] != 0))
    region = places.regions[table["rank"][at]]
    order = np.lexsort((at, region, table["on"][at], table["style"][at]))
    at, region = at[order], region[order]
    style, on, rank = (table[name][at] for name in ("style", "on", "rank"))
    is_same = (style[1:] == style[:-1]) & (on[1:] == on[:-1]) & (region[1:] == region[:-1])
    beside = np.flatnonzero(is_same & (rank[1:] != rank[:-1]))
    days = set(zip(style[beside].tolist(), on[beside].tolist(), strict=True))
    if not days:
        return
    texts = _documents(days)
    keys = zip(*(table[name][at].tolist() for name in PLACE), at.tolist(), strict=True)
    wanted = sorted((texts[key[:4]], key[4]) for key in keys if key[:2] in days)
    table["turn"][[one for _text, one in wanted]] = range(1, len(wanted) + 1)


def _documents(days: set[tuple[int, int]]) -> dict[tuple[int, ...], str]:
    """By style, day, office and position the documents of these styles' days."""
    styles, ons = zip(*days, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT style_id, "on", office_id, position, document FROM stock_daysum'
            ' JOIN unnest(%s::bigint[], %s::date[]) AS day (style_id, "on")'
            ' USING (style_id, "on") WHERE kind = %s AND reference <> %s',
            [list(styles), [date.fromordinal(on) for on in ons], int(Kind.SALE_RETURN), ""],
        )
        return {
            (style, on.toordinal(), office, position): document
            for style, on, office, position, document in cursor.fetchall()
        }
