"""The rows of the formulas' tables as a shop's ledger: one workbook for all of them.

Each row is a style, an office and a region of its own name, so that none has to do with another.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

APRIL, LAST, BEFORE = date(2026, 4, 1), date(2026, 4, 30), date(2026, 3, 31)
MAY = date(2026, 5, 1)
IN, SOLD, BACK, RETURNED = "采购", "销售", "销售退货", "采购退货"


@dataclass
class Book:
    """Rows of a workbook; a row of a formula is told by its own moves."""

    stores: list[dict] = field(default_factory=list)
    styles: list[dict] = field(default_factory=list)
    movements: list[dict] = field(default_factory=list)
    prices: list[dict] = field(default_factory=list)
    in_transit: list[dict] = field(default_factory=list)
    requests: list[dict] = field(default_factory=list)

    def style(self, number: str, *offices: str, region: str = "", **told: object) -> None:
        """A style; its offices and region bear its number unless said otherwise."""
        self.styles.append({"brand": "HP", "style": number, "tag_price": 499, **told})
        for office in offices or (number,):
            self.stores.append(
                {"code": office, "name": office, "region": region or number, "kind": "门店"}
            )

    def move(self, style: str, on: date, kind: str, qty: int, **told: object) -> None:
        """A movement; of nothing there is no row."""
        if qty:
            document = f"{style}-{len(self.movements)}"
            self.movements.append(
                {"office": style, "style": style, "date": on, "type": kind, "qty": qty,
                 "document": document, **told}
            )  # fmt: skip


def sell_through(book: Book) -> None:
    rows = {
        "ST1": (100, 200, 0, 150, 0), "ST2": (80, 120, 20, 95, 5), "ST3": (60, 40, 0, 0, 0),
        "ST4": (40, 0, 0, 2, 5), "ST5": (0, 120, 0, 54, 0), "ST6": (0, 0, 0, 0, 0),
        "ST7": (-5, 50, 0, 20, 0), "ST8": (-10, 5, 0, 3, 0), "ST9": (30, 50, 0, 45, 3),
        "ST10": (10, 0, 0, 12, 0), "ST11": (50, 30, 80, 0, 0), "ST12": (100, 100, 0, 90, 0),
    }  # fmt: skip
    for name, (opening, receipts, sent_back, sold, returned) in rows.items():
        book.style(name)
        book.move(name, BEFORE, "期初", opening)
        book.move(name, APRIL, IN, receipts)
        book.move(name, date(2026, 4, 3), RETURNED, sent_back)
        book.move(name, date(2026, 4, 10), SOLD, sold)
        book.move(name, date(2026, 4, 20), BACK, returned)
    book.style("ST9X", region="ST9")
    for at, (kind, other, qty) in enumerate((("调拨入", "调拨出", 12), ("调拨出", "调拨入", 20))):
        told = {"document": f"ST9-T{at}"}
        book.move("ST9", date(2026, 4, 5), kind, qty, **told)
        book.move("ST9", date(2026, 4, 5), other, qty, office="ST9X", **told)
    book.move("ST12", date(2026, 4, 11), "赠送", 10)


def in_to_sales(book: Book) -> None:
    for name, came, sold in (("JX1", 50, 36), ("JX2", 20, 0), ("JX3", 42, 45)):
        book.style(name)
        book.move(name, date(2025, 12, 1), IN, came)
        book.move(name, date(2026, 2, 1), SOLD, sold)
    book.style("JX4")
    book.move("JX4", date(2026, 1, 5), IN, 5)
    book.move("JX4", date(2026, 1, 6), RETURNED, 5)


def stock_age(book: Book) -> None:
    march, april, fourth = date(2026, 3, 1), APRIL, date(2026, 4, 10)
    moves = {
        "AG1": [(march, IN, 100), (april, IN, 50), (fourth, SOLD, 70)],
        "AG2": [(march, IN, 100), (april, IN, 50), (fourth, SOLD, 120),
                (date(2026, 4, 20), BACK, 10)],
        "AG3": [(march, IN, 100), (april, IN, 50), (fourth, SOLD, 130),
                (date(2026, 4, 20), BACK, 40)],
        "AG5": [(march, "期初", -30), (date(2026, 4, 2), IN, 100), (fourth, SOLD, 10)],
        "AG6": [(date(2026, 4, 2), IN, 20), (fourth, SOLD, 35)],
        "AG8": [(march, IN, 100), (april, IN, 50), (fourth, RETURNED, 60)],
        "AG9": [(MAY, IN, 40)],
        "AG10": [],
    }  # fmt: skip
    for name, rows in moves.items():
        book.style(name)
        for row in rows:
            book.move(name, *row)
    book.style("AG7")
    book.move("AG7", march, IN, 100, document="AG7-a")
    book.move("AG7", april, IN, 50, document="AG7-b")
    book.move("AG7", fourth, RETURNED, 30, reference="AG7-b")
    book.style("AG4", "AG4-warehouse", "AG4-store")
    here, there = {"office": "AG4-warehouse"}, {"office": "AG4-store"}
    book.move("AG4", date(2026, 1, 10), IN, 60, **here)
    book.move("AG4", april, IN, 40, **here)
    book.move("AG4", date(2026, 4, 20), "调拨出", 80, document="AG4-t", **here)
    book.move("AG4", date(2026, 4, 20), "调拨入", 80, document="AG4-t", **there)
    for letter in "abcd":
        book.style(f"AG11{letter}", "AG11", region="AG11")
    of = {"office": "AG11"}
    book.move("AG11a", date(2026, 3, 10), IN, 25, **of)
    book.move("AG11a", date(2026, 3, 22), IN, 55, **of)
    book.move("AG11b", date(2026, 4, 15), IN, 20, **of)
    book.move("AG11c", march, IN, 5, **of)
    book.move("AG11c", april, SOLD, 5, **of)
    book.move("AG11d", april, SOLD, 15, **of)


def stock_to_sales(book: Book) -> None:
    rows = {
        "IS1": (100, 200, 150, 0), "IS2": (60, 40, 0, 0), "IS3": (40, 0, 0, 3),
        "IS4": (0, 120, 54, 0), "IS5": (-5, 50, 20, 0), "IS6": (30, 0, 30, 0),
        "IS7": (-20, 40, 16, 0),
    }  # fmt: skip
    for name, (opening, receipts, sold, returned) in rows.items():
        book.style(name)
        book.move(name, BEFORE, "期初", opening)
        book.move(name, APRIL, IN, receipts)
        book.move(name, date(2026, 4, 10), SOLD, sold)
        book.move(name, date(2026, 4, 20), BACK, returned)


def supply(book: Book) -> None:
    """As of 2026-04-01: pairs that came, sold before the last two weeks and in them."""
    launches = {
        "DS1": (32, 60, 15, 15), "DS2": (60, 60, 6, 6), "DS3": (40, 25, 0, 0),
        "DS4": (40, 30, 7, -2), "DS5": (40, 9, 0, 9), "DS6": (40, 6, 0, 9), "DS7": (5, 50, 0, 10),
        "DS8": (90, 80, 0, 70), "DS9": (1, 21, 0, 1),
    }  # fmt: skip
    orders = {
        "RP1": (32, 60, 15, 15), "RP4": (32, 60, 15, 15), "RP5": (32, 11, 0, 14),
        "RP6": (32, 10, 0, 0), "RP7": (32, 29, 0, 9), "ST13": (32, 60, 15, 15),
    }  # fmt: skip
    for name, (days, came, early, late) in (launches | orders).items():
        launched = APRIL - timedelta(days=days - 1)
        book.style(name, launched_on=launched, season_end=date(2026, 6, 30))
        book.move(name, launched, IN, came)
        book.move(name, launched, SOLD, early)
        book.move(name, APRIL, SOLD if late > 0 else BACK, abs(late))
    book.in_transit.append({"office": "RP4", "style": "RP4", "qty": 20})


def fill(book: Book) -> None:
    lines = {
        "RF1": [(20, 20), (30, 18), (10, 0)], "RF2": [(20, 26), (30, 18)], "RF3": [],
        "RF4": [], "RF5": [],
    }  # fmt: skip
    for name, requests in lines.items():
        book.style(name)
        for at, (requested, shipped) in enumerate(requests):
            book.requests.append(
                {"office": name, "style": name, "date": date(2026, 3, 20 + at),
                 "requested": requested, "shipped": shipped}
            )  # fmt: skip
    book.move("RF3", date(2026, 3, 1), IN, 3)
    book.move("RF4", date(2026, 3, 1), IN, 12)
    book.move("RF4", date(2026, 3, 20), SOLD, 11)
    book.move("RF4", date(2026, 3, 27), SOLD, 1)
    book.move("RF5", date(2026, 3, 1), IN, 5)
    book.move("RF5", date(2026, 3, 2), SOLD, 5)


def discount(book: Book) -> None:
    rows = {
        "AD1": [(SOLD, 3, "499"), (SOLD, 2, "399"), (SOLD, 1, "249.5")],
        "AD2": [(SOLD, 5, "399"), (BACK, 1, "499")],
        "AD3": [(SOLD, 1, "399"), (BACK, 2, "399")],
        "AD4": [],
    }  # fmt: skip
    for name, sales in rows.items():
        book.style(name)
        book.move(name, APRIL, IN, 20)
        for kind, qty, paid in sales:
            book.move(name, date(2026, 4, 10), kind, qty, unit_price=paid)
    for name, tag, qty, paid in (("AD5a", 799, 10, 560), ("AD5b", 599, 4, 299)):
        book.style(name, "AD5", region="AD5", tag_price=tag)
        book.move(name, APRIL, IN, 20, office="AD5")
        book.move(name, date(2026, 4, 10), SOLD, qty, office="AD5", unit_price=paid)


def gross_margin(book: Book) -> None:
    """Goods that cost 100 a pair: opening, bought, sold and at what price."""
    rows = {"GM1": (400, 800, 600, 200), "GM2": (250, 100, 100, 50), "GM4": (600, 360, 360, 200)}
    for name, (opening, bought, sold, paid) in rows.items():
        book.style(name)
        book.move(name, BEFORE, "期初", opening, unit_cost=100)
        book.move(name, APRIL, IN, bought, unit_cost=100)
        book.move(name, date(2026, 4, 10), SOLD, sold, unit_price=paid)
    book.style("GM3")
    book.move("GM3", APRIL, IN, 5, unit_cost=100)
    book.move("GM3", date(2026, 4, 2), RETURNED, 5)


WEEKS = {
    "CL1": [6, 8, 9, 7, 10, 8, 6, 5], "CL2": [2, 1, 3, 2, 0, 2, 1, 2],
    "CL3": [1, 0, 0, 2, 0, 1, 0, 0], "CL4": [1, *[0] * 11], "CL5": [5, 6, 4],
    "CL6": [0, 0, 0, 0, 0, 1], "CL7": [0, 0, 0, 0, 0, 1], "CL8": [3, 0, 3, 3],
    "CL9": [0, -1, 2, 0, 0, 3, 0, 0],
}  # fmt: skip
# What the two other styles of an office sell each week: half, so that the first sells much.
PEERS = {"CL1": 3, "CL8": 2}
PROMOTED = ("CL4", "CL7")


def classes(book: Book) -> None:
    """Weeks that end with April; the season is the office's own."""
    for name, weeks in WEEKS.items():
        launched = LAST - timedelta(days=7 * len(weeks) - 1)
        own = [(name, weeks)]
        if name in PEERS:
            own += [(f"{name}-{at}", [PEERS[name]] * len(weeks)) for at in (1, 2)]
        for style, sales in own:
            book.style(style, name, region=name, season=name, launched_on=launched)
            book.move(style, launched, IN, 200, office=name)
            for week, qty in enumerate(sales):
                on = launched + timedelta(days=7 * week + 2)
                kind = SOLD if qty > 0 else BACK
                book.move(style, on, kind, abs(qty), office=name, unit_price=499)
    for name in PROMOTED:
        book.prices.append(
            {"office": name, "style": name, "current_price": 299, "from_on": date(2026, 4, 10)}
        )


def sizes(book: Book) -> None:
    lying = {
        "BS1": (2, 4, 0, 5, 3, 0), "BS2": (0, 0, 0, 0, 0, 0), "BS3": (0, 1, 2, 1, 3, 1),
    }  # fmt: skip
    for name, pairs in lying.items():
        book.style(name)
        for size, qty in enumerate(pairs, start=35):
            book.move(name, APRIL, IN, qty + 1, size=size)
            book.move(name, date(2026, 4, 2), SOLD, 1, size=size)


def book_of_all() -> Book:
    """All rows of formulas 3.1 to 3.8."""
    book = Book()
    tables = (
        sell_through, in_to_sales, stock_age, stock_to_sales, supply, fill, discount,
        gross_margin, classes, sizes,
    )  # fmt: skip
    for table in tables:
        table(book)
    return book


def without_twice(rows: list[dict]) -> Iterator[dict]:
    """Each store once."""
    seen = set()
    for row in rows:
        if row["code"] not in seen:
            seen.add(row["code"])
            yield row
