"""Every row of formulas 3.1 to 3.8, from a workbook through the import to the report as JSON."""

import io
import json

import pytest
from django.core.management import call_command

from tests.stock.formula_rows import book_of_all, without_twice
from tests.stock.ledger_rows import brought_in
from tests.worlds import kept

pytestmark = pytest.mark.django_db

APRIL = ("as_of=2026-04-30", "from=2026-04-01")
FIRST = ("as_of=2026-04-01",)
MAY = ("as_of=2026-05-01",)


@pytest.fixture(scope="module")
def ledger(django_db_setup, django_db_blocker):
    def make():
        book = book_of_all()
        brought_in(**vars(book) | {"stores": list(without_twice(book.stores))})

    with kept(make, blocker=django_db_blocker):
        yield


@pytest.fixture(scope="module")
def told(ledger):
    """What a report says, asked once for each question."""
    answers = {}

    def ask(name, *params):
        if (name, params) not in answers:
            out = io.StringIO()
            call_command("report", name, *(f"--param={each}" for each in params), stdout=out)
            answers[name, params] = json.loads(out.getvalue())
        return answers[name, params]

    return ask


def row_of(report, style, *, by="style"):
    found = [row for row in report["rows"] if row[by] == style]
    return found[0] if len(found) == 1 else pytest.fail(f"{style}: {len(found)} rows")


def check(row, key, value, flags=()):
    expected = value if value is None else pytest.approx(value, abs=5e-7)
    assert row[key] == expected, row
    assert set(flags) <= set(row["flags"]), row


SHARES = {
    "ST1": (0.5,), "ST2": (0.5,), "ST3": (0.0,), "ST4": (-0.075, "NET_RETURN"), "ST5": (0.45,),
    "ST6": (None, "NO_SUPPLY"), "ST7": (0.444444, "NEG_OPENING"), "ST8": (None, "NO_SUPPLY"),
    "ST10": (1.2, "OVER_100"), "ST11": (None, "NO_SUPPLY"), "ST12": (0.45,),
}  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), SHARES.items())
def test_sell_through(told, name, expected):
    check(row_of(told("merchandise", *APRIL), name), "sell_through", expected[0], expected[1:])


def test_transfers_count_for_a_store_and_net_to_nothing_in_its_region(told):
    stores = told("merchandise", *APRIL, "by=style,office", "region=ST9")
    check(row_of(stores, "ST9", by="office"), "sell_through", 42 / 72)
    region = told("merchandise", *APRIL, "by=style,region", "region=ST9")
    check(row_of(region, "ST9"), "sell_through", 42 / 80)


def test_gifts_are_sales_where_the_report_is_told_so(told):
    asked = (*APRIL, "style=ST12", "count_gifts_as_sales=yes")
    check(told("merchandise", *asked)["rows"][0], "sell_through", 0.5)


def test_a_total_is_the_ratio_of_sums(told):
    report = told("merchandise", *APRIL, "style=ST1,ST3")
    check(report["total"], "sell_through", 0.375)
    assert [row["style"] for row in report["rows"]] == ["ST1", "ST3"]


YEAR = {"JX1": (0.72,), "JX2": (0.0,), "JX3": (1.071429, "NEG_STOCK"), "JX4": (None, "NO_SUPPLY")}


@pytest.mark.parametrize(("name", "expected"), YEAR.items())
def test_in_to_sales(told, name, expected):
    check(row_of(told("merchandise", *APRIL), name), "in_to_sales", expected[0], expected[1:])


AGES = {
    "AG1": (41.625, [50, 0, 30, 0, 0]), "AG2": (30.0, [40, 0, 0, 0, 0]),
    "AG3": (2110 / 60, [50, 0, 10, 0, 0]), "AG5": (29.0, [60, 0, 0, 0, 0]),
    "AG6": (None, [0, 0, 0, 0, 0]), "AG7": (6700 / 120, [20, 0, 100, 0, 0]),
    "AG8": (61.0, [0, 0, 90, 0, 0]), "AG9": (0.0, [40, 0, 0, 0, 0]),
    "AG10": (None, [0, 0, 0, 0, 0]),
}  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), AGES.items())
def test_stock_age(told, name, expected):
    row = row_of(told("merchandise", *MAY), name)
    check(row, "stock_age_days", expected[0])
    assert row["age_buckets"] == dict(
        zip(("0-30", "31-60", "61-90", "91-180", ">180"), expected[1], strict=True)
    )
    why = {"AG6": {"NEG_STOCK"}, "AG10": {"NO_STOCK"}}.get(name, set())
    assert why <= set(row["flags"])


def test_a_transfer_carries_its_days(told):
    offices = told("merchandise", *MAY, "style=AG4")
    check(row_of(offices, "AG4-warehouse", by="office"), "stock_age_days", 30)
    check(row_of(offices, "AG4-store", by="office"), "stock_age_days", 90.75)
    region = told("merchandise", *MAY, "region=AG4", "by=region")["rows"][0]
    check(region, "stock_age_days", 78.6)
    assert list(region["age_buckets"].values()) == [40, 0, 0, 60, 0]


def test_the_age_of_a_region_is_that_of_its_pairs(told):
    report = told("merchandise", *MAY, "by=region", "region=AG11")
    check(report["rows"][0], "stock_age_days", 38.2)
    styles = told("merchandise", *MAY, "by=style,region", "region=AG11")
    check(row_of(styles, "AG11a"), "stock_age_days", 43.75)


RATIOS = {
    "IS1": (0.833333,), "IS2": (None, "NO_SALES"), "IS3": (None, "NET_RETURN"),
    "IS4": (0.611111,), "IS5": (0.5, "NEG_OPENING"), "IS6": (0.5,), "IS7": (None, "NEG_AVERAGE"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), RATIOS.items())
def test_stock_to_sales(told, name, expected):
    check(row_of(told("merchandise", *APRIL), name), "stock_to_sales", expected[0], expected[1:])


DAYS = {
    "DS1": (28,), "DS2": (112,), "DS3": (None, "NO_SALES"), "DS4": (None, "NO_SALES"), "DS5": (0,),
    "DS6": (0, "NEG_STOCK"), "DS7": (20, "SHORT_ON_SALE"), "DS8": (2, "RUNNING_OUT"),
    "DS9": (20, "SHORT_ON_SALE"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), DAYS.items())
def test_days_of_supply(told, name, expected):
    check(row_of(told("merchandise", *FIRST), name), "days_of_supply", expected[0], expected[1:])


ORDERS = [
    ("RP1", 90, 67), ("RP1", 28, 0), ("RP1", 35, 8), ("RP1", 49, 23), ("RP1", 86, 63),
    ("RP1", 81, 57), ("RP4", 28, 0), ("RP5", 21, 24), ("RP6", 30, 0), ("RP7", 42, 7),
]  # fmt: skip


@pytest.mark.parametrize(("name", "cover", "pairs"), ORDERS)
def test_what_to_reorder(told, name, cover, pairs):
    report = told("merchandise", *FIRST, f"cover={cover}", "style=RP1,RP4,RP5,RP6,RP7")
    assert row_of(report, name)["replenish_qty"] == pairs


def test_the_shoe_of_the_seed_to_the_pair(told):
    row = row_of(told("merchandise", *FIRST, "style=ST13", "cover=90"), "ST13")
    expected = {
        "days_on_sale": 32, "opening": 0, "received": 60, "sold": 30, "closing": 30,
        "sold_14d": 15, "sell_through": 0.5, "days_of_supply": 28.0,
        "supply_ends_on": "2026-04-29", "replenish_qty": 67, "category": "延续",
        "stock_rate": 0.5, "in_to_sales": 0.5,
    }  # fmt: skip
    assert {key: row[key] for key in expected} == expected


FILLS = {
    "RF1": ("fill_rate", 38 / 60), "RF2": ("fill_rate", 0.76), "RF3": ("fill_rate", None),
    "RF4": ("adjusted_daily_sales", 12 / 9), "RF5": ("adjusted_daily_sales", None),
}  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), FILLS.items())
def test_replenishment_fill(told, name, expected):
    row = row_of(told("replenishment_fill", "from=2026-03-19", "to=2026-04-01"), name)
    check(row, *expected)
    if name == "RF4":
        check(row, "lost_sales", 12 / 9 * 14 - 12)
    assert list(row).index("adjusted_daily_sales") < list(row).index("fill_rate")


DISCOUNTS = {"AD1": 0.849866, "AD2": 0.749499, "AD3": None, "AD4": None}


@pytest.mark.parametrize(("name", "expected"), DISCOUNTS.items())
def test_average_discount(told, name, expected):
    check(row_of(told("merchandise", *APRIL), name), "average_discount", expected)


def test_a_discount_of_several_styles_is_that_of_their_sums(told):
    row = told("merchandise", *APRIL, "by=office", "office=AD5")["rows"][0]
    check(row, "average_discount", 0.654342)


MARGINS = {"GM1": 1.2, "GM2": -0.2, "GM3": None, "GM4": 0.6}


@pytest.mark.parametrize(("name", "expected"), MARGINS.items())
def test_gmroi(told, name, expected):
    check(row_of(told("merchandise", *APRIL), name), "gmroi", expected)


CLASSES = {
    "CL1": "畅", "CL2": "平", "CL3": "滞", "CL4": "绝滞", "CL5": "新品观察", "CL6": "滞",
    "CL7": "绝滞", "CL8": "畅", "CL9": "滞",
}  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), CLASSES.items())
def test_class(told, name, expected):
    row = row_of(told("merchandise", "as_of=2026-04-30"), name)
    assert row["class"] == expected, row


GAPS = {
    "BS1": (4, 6, True, ["37"]), "BS2": (0, 6, False, ["36", "37", "38"]),
    "BS3": (5, 6, False, []),
}  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), GAPS.items())
def test_size_gaps(told, name, expected):
    row = row_of(told("size_gaps", "as_of=2026-04-30", f"office={name}"), name)
    keys = ("sizes_in_stock", "sizes_in_range", "broken", "missing_core")
    assert tuple(row[key] for key in keys) == expected
    check(row, "complete_rate", expected[0] / 6)
    assert ("OUT_OF_STOCK" in row["flags"]) == (name == "BS2")
