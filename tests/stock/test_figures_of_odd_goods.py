"""Figures where goods, sheets and questions are odd: through the import to the report as JSON."""

import io
import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from stock.models import DaySum, Figure, OfficePrice, Season
from stock.services.figure_making import make_now
from stock.states import FigureLevel
from stock.verification import day_sum_differences, size_stock_differences
from tests.stock.formula_rows import Book
from tests.stock.ledger_rows import brought_in

pytestmark = pytest.mark.django_db

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
IN, OUT, CAME = "采购", "调拨出", "调拨入"


def told(name, *params):
    out = io.StringIO()
    call_command("report", name, *(f"--param={each}" for each in params), stdout=out)
    return json.loads(out.getvalue())


def book_of(*offices, **style):
    """One style X1, and offices of a region each: `A@North`."""
    book = Book()
    book.styles.append({"brand": "HP", "style": "X1", "tag_price": 499, **style})
    for each in offices:
        code, _at, region = each.partition("@")
        book.stores.append({"code": code, "name": code, "region": region or "R", "kind": "门店"})
    return book


def test_lines_of_one_day_are_served_each_by_itself():
    book = book_of("A")
    line = {"office": "A", "style": "X1", "date": date(2026, 3, 20)}
    book.requests += [
        {**line, "requested": 20, "shipped": 26}, {**line, "requested": 30, "shipped": 18},
    ]  # fmt: skip
    brought_in(**vars(book))
    assert brought_in(requests=book.requests).sheets["requests"].unchanged == 2
    (row,) = told("replenishment_fill", "from=2026-03-19", "to=2026-04-01")["rows"]
    assert (row["requested"], row["shipped"], row["fill_rate"]) == (50, 44, 0.76)


def test_a_size_that_never_came_to_a_store_lacks_there():
    book = book_of("A", "W")
    for size in range(35, 41):
        book.move("X1", MARCH, IN, 5, office="W", size=size)
    for size in (35, 36, 38):
        book.move("X1", MARCH, IN, 5, office="A", size=size)
    brought_in(**vars(book))
    (row,) = told("size_gaps", "as_of=2026-04-01", "office=A")["rows"]
    assert (row["sizes_in_stock"], row["sizes_in_range"], row["missing_core"]) == (3, 6, ["37"])
    assert (row["days_on_sale"], row["flags"]) == (32, ["NO_LAUNCH"])


def test_a_region_sells_since_its_stores_do_not_since_the_warehouse_had_the_goods():
    book = book_of("A", "W")
    book.move("X1", date(2026, 1, 10), IN, 50, office="W")
    book.prices.append({"office": "A", "style": "X1", "launched_on": MARCH})
    brought_in(**vars(book))
    (row,) = told("merchandise", "as_of=2026-04-01", "by=style,region")["rows"]
    assert (row["days_on_sale"], row["stock_age_days"]) == (32, 81)
    assert "NO_LAUNCH" not in row["flags"]


def test_a_price_without_a_day_holds_since_the_launch_in_the_office():
    book = book_of("A", launched_on=date(2026, 2, 1))
    book.prices.append({"office": "A", "style": "X1", "current_price": 299})
    book.prices.append({"office": "A", "style": "X1", "launched_on": MARCH})
    brought_in(**vars(book))
    assert OfficePrice.objects.get().from_on == MARCH
    assert brought_in(prices=book.prices).sheets["prices"].unchanged == 2


def test_a_row_that_becomes_one_of_another_style_leaves_its_old_day():
    book = book_of("A")
    book.styles.append({**book.styles[0], "style": "X2"})
    row = {"office": "A", "style": "X1", "date": MARCH, "type": IN, "qty": 3, "document": "d1",
           "line": 1}  # fmt: skip
    back = {**row, "date": APRIL, "type": "采购退货", "qty": 1, "document": "d2", "reference": "d1"}
    book.movements += [row, back]
    brought_in(**vars(book))
    brought_in(movements=[{**row, "style": "X2"}])
    kept = DaySum.objects.order_by("style").values_list("style__number", "on", "document")
    assert list(kept) == [("X1", APRIL, "d2"), ("X2", MARCH, "")]
    assert not [*day_sum_differences(), *size_stock_differences()]


def test_who_meets_the_target_to_the_pair_is_not_behind():
    """Of an eight-week season 20 % are sold by the end of the first week."""
    book = book_of("A", season="春单", launched_on=MARCH)
    book.styles.append({**book.styles[0], "style": "X2"})
    for style, sold in (("X1", 20), ("X2", 19)):
        book.move(style, MARCH, IN, 100, office="A")
        book.move(style, MARCH, "销售", sold, office="A")
    brought_in(**vars(book))
    Season.objects.update(weeks=8, main_until_week=6)
    figures = make_now(as_of=MARCH + timedelta(days=6))
    rows = Figure.objects.filter(set=figures, level=FigureLevel.OFFICE)
    assert dict(rows.values_list("style__number", "weeks_behind")) == {"X1": 0, "X2": 1}


def test_where_there_is_nothing_reports_are_empty():
    for name in ("merchandise", "size_gaps", "replenishment_fill"):
        assert told(name)["rows"] == []
    brought_in(**vars(book_of("A", launched_on=date(2024, 2, 29))))
    report = told("merchandise", "as_of=2025-02-28")
    (row,) = report["rows"]
    assert report["as_of"] == "2025-02-28"
    assert (row["days_on_sale"], row["closing"], row["sell_through"]) == (366, 0, None)
    assert "NO_SUPPLY" in row["flags"]


def test_a_period_that_begins_after_its_last_day_is_refused():
    later = timezone.localdate() + timedelta(days=2)
    with pytest.raises(CommandError):
        told("replenishment_fill", f"from={later}")


def test_what_is_on_the_way_over_the_end_of_a_period_lies_in_its_region():
    book = book_of("A@N", "B@N", "C@S", launched_on=MARCH)
    book.move("X1", MARCH, IN, 50, office="A")
    for other, qty in (("B", 10), ("C", 7)):
        book.move("X1", date(2026, 3, 30), OUT, qty, office="A", document=other)
        book.move("X1", date(2026, 4, 3), CAME, qty, office=other, document=other)
    brought_in(**vars(book))

    def rows(*params, of="region"):
        found = told("merchandise", *params)["rows"]
        return {
            row[of]: (row["opening"], row["received"], row["closing"], row["stock_age_days"])
            for row in found
        }

    first, last = "as_of=2026-04-01", "as_of=2026-04-05"
    assert rows(first, of="office") == {"A": (0, 33, 33, 31)}
    assert rows(first, "by=region") == {"N": (0, 50, 50, 31)}
    april = (last, "from=2026-04-01", "by=region")
    assert rows(*april) == {"N": (50, -7, 43, 35), "S": (0, 7, 7, 2)}
    assert rows(*april[:2], "by=brand", of="brand") == {"HP": (50, 0, 50, (43 * 35 + 7 * 2) / 50)}


def test_an_opening_stock_behind_other_rows_is_taken_and_told():
    book = book_of("A")
    book.move("X1", MARCH, "期初", 5, office="A")
    book.move("X1", APRIL, "期初", 4, office="A")
    first = brought_in(**{**vars(book), "movements": book.movements[:1]}).sheets["movements"]
    again = brought_in(movements=book.movements).sheets["movements"]
    assert not first.warnings
    assert [(each.row, each.code) for each in again.warnings] == [(3, "opening_again")]
    assert not brought_in(movements=book.movements).sheets["movements"].warnings
