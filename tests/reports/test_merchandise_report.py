"""`report merchandise` and its kin: how rows are grouped, narrowed, seen and written."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.asking.parameters import ReportNotMade
from reports.registry import REPORTS, run
from staff.models import Store
from staff.scope import reach_of
from staff.states import Role
from stock.figures.question import Question
from stock.models import ClassOverride, Movement, Style
from stock.rules.terms import DEFAULTS
from stock.services import figure_reading
from stock.services.figure_making import make_now
from stock.services.recounting import recount_all
from stock.states import FigureLevel, StyleClass
from tests.factories.staff import PersonFactory
from tests.stock.formula_rows import Book
from tests.stock.ledger_rows import brought_in

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 1, 4, tzinfo=UTC)
REPORTED = ("merchandise", "size_gaps", "replenishment_fill")


def told(name="merchandise", reach=None, **asked):
    return run(name, asked, reach=reach, now=NOW)


def bring(*numbers: str) -> None:
    """Styles of two stores in one region: sixty pairs come, thirty go on, some are sold."""
    book = Book()
    for number in numbers:
        book.style(number, "A1", "A2", region="North", season="春单", launched_on=date(2026, 3, 1))
        book.move(number, date(2026, 3, 1), "采购", 60, office="A1", size="37")
        book.move(number, date(2026, 3, 5), "调拨出", 30, office="A1", size="37", document=number)
        book.move(number, date(2026, 3, 6), "调拨入", 30, office="A2", size="37", document=number)
        book.move(number, date(2026, 3, 25), "销售", 12, office="A2", size="37", unit_price=499)
    stores = {store["code"]: store for store in book.stores}
    brought_in(**vars(book) | {"stores": list(stores.values())})


def test_groups_are_made_of_offices_regions_or_the_company():
    bring("X1", "X2")
    offices = told(by="office")["rows"]
    assert [(row["office"], row["received"], row["sold"]) for row in offices] == [
        ("A1", 60, 0), ("A2", 60, 24),
    ]  # fmt: skip
    (region,) = told(by="region")["rows"]
    (brand,) = told(by="brand,season")["rows"]
    for row in (region, brand):
        assert (row["received"], row["sold"], row["closing"]) == (120, 24, 96)
        assert row["sell_through"] == 0.2
    assert (brand["brand"], brand["season"], brand["style"]) == ("HP", "春单", None)
    assert told(by="style", office="A2")["total"]["sell_through"] == pytest.approx(0.4)
    assert [row["style"] for row in told(by="style", style="x2")["rows"]] == ["X2"]


def test_a_person_reads_the_own_store_alone():
    bring("X1")
    manager = PersonFactory.create(role=Role.STORE_MANAGER, store=Store.objects.get(code="A2"))
    reach = reach_of(manager, today=NOW.date())
    assert [row["office"] for row in told(reach=reach)["rows"]] == ["A2"]
    assert told(reach=reach, by="brand")["total"]["received"] == 30
    for name in ("size_gaps", "replenishment_fill"):
        assert [row["office"] for row in told(name, reach=reach)["rows"]] == ["A2"]


def test_what_is_reckoned_from_cost_is_told_to_whom_it_concerns():
    bring("X1")
    Movement.objects.filter(unit_cost=None).update(unit_cost=180)
    recount_all()

    def gmroi(role, **more):
        reach = reach_of(PersonFactory.create(role=role, **more), today=NOW.date())
        found = told(reach=reach, by="style")
        return found["total"]["gmroi"], "gmroi" in " ".join(found["notes"])

    store = Store.objects.get(code="A2")
    for role in (Role.MERCHANDISER, Role.OPS_MANAGER, Role.FINANCE):
        value, is_withheld = gmroi(role)
        assert (value > 0, is_withheld) == (True, False)
    for role in (Role.STORE_MANAGER, Role.SALES_STORE):
        assert gmroi(role, store=store) == (None, True)
    assert gmroi(Role.MARKETING_MANAGER) == (None, True)


def test_a_past_day_is_told_with_the_classes_of_that_day():
    bring("X1")
    style, by = Style.objects.get(), PersonFactory.create()
    for since, until, held in (
        (datetime(2026, 3, 20, 4, tzinfo=UTC), datetime(2026, 3, 27, 4, tzinfo=UTC), "fast"),
        (datetime(2026, 3, 27, 5, tzinfo=UTC), None, "dead"),
    ):
        ClassOverride.objects.create(
            style=style, style_class=held, reason="x", set_by=by, set_at=since,
            lifted_at=until, lifted_by=until and by,
        )  # fmt: skip

    def given(day):
        found = told(by="style", as_of=day.isoformat())
        (row,) = found["rows"]
        return row["given_class"], any("today" in note for note in found["notes"])

    assert given(date(2026, 3, 19)) == (None, True)
    assert given(date(2026, 3, 26)) == ("畅", True)
    assert given(date(2026, 3, 27)) == ("绝滞", True)
    assert given(NOW.date()) == ("绝滞", False)


def test_a_style_that_never_lay_anywhere_has_a_row_that_says_so():
    bring("X1")
    Style.objects.create(number="X9", brand=Style.objects.get().brand, tag_price=1)
    row = told(style="X9")["rows"][0]
    assert (row["office"], row["sell_through"], row["stock_age_days"]) == (None, None, None)
    assert {"NO_SUPPLY", "NO_STOCK", "NO_LAUNCH"} <= set(row["flags"])


def test_a_given_class_stands_beside_the_computed_one():
    bring("X1")
    ClassOverride.objects.create(
        style=Style.objects.get(), style_class=StyleClass.FAST, reason="r",
        set_by=PersonFactory.create(),
    )  # fmt: skip
    row = told(office="A2")["rows"][0]
    assert (row["class"], row["given_class"]) == ("滞", "畅")
    row = told(office="A2", by="office")["rows"][0]
    assert (row["class"], row["given_class"], row["category"]) == (None, None, None)


def test_a_class_is_told_among_its_like_where_one_style_is_asked_for_too():
    book = Book()
    for number, pairs in (("X1", 8), ("X2", 2), ("X3", 2)):
        book.style(number, "A1", season="春单", launched_on=date(2026, 3, 1))
        book.move(number, date(2026, 3, 1), "采购", 60, office="A1")
        for week in range(4):
            on = date(2026, 3, 2) + timedelta(weeks=week)
            book.move(number, on, "销售", pairs, office="A1", unit_price=499)
    brought_in(**vars(book) | {"stores": book.stores[:1]})
    assert [row["class"] for row in told()["rows"]] == ["畅", "平", "平"]
    assert [row["class"] for row in told(style="X1")["rows"]] == ["畅"]


def test_requests_of_the_last_two_weeks_count():
    book = Book()
    book.style("X1", "A1")
    book.move("X1", date(2026, 3, 1), "采购", 60, office="A1")
    for day, requested, shipped in ((18, 100, 90), (19, 20, 26), (20, 30, 18)):
        book.requests.append(
            {"office": "A1", "style": "X1", "date": date(2026, 3, day), "requested": requested,
             "shipped": shipped}
        )  # fmt: skip
    brought_in(**vars(book))
    (row,) = told("replenishment_fill")["rows"]
    assert (row["days"], row["requested"], row["shipped"]) == (14, 50, 44)
    assert row["fill_rate"] == 0.76


@pytest.mark.parametrize("name", REPORTED)
def test_one_style_and_twelve_take_the_same_queries(name):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            told(name)
        return len(seen)

    bring("X0")
    few = queries()
    bring(*(f"X{at}" for at in range(1, 12)))
    assert len(told(name)["rows"]) == 24
    assert queries() == few


@pytest.mark.parametrize("name", REPORTED)
def test_as_csv_each_column_is_there(name):
    bring("X1")
    out = io.StringIO()
    call_command("report", name, "--format=csv", stdout=out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert len(rows) == 2
    assert list(rows[0]) == list(REPORTS[name].columns)


def test_what_was_asked_is_said_again_in_its_own_kind():
    asked = run("merchandise", {"cover": "730", "by": "style"}, reach=None, now=NOW)
    assert asked["params"] == {"cover": 730, "by": ["style"]}


@pytest.mark.parametrize("asked", [{"style": "nope"}, {"office": ""}, {"cover": "-1"},
    {"cover": "731"},
    {"from": "2026-04-02", "as_of": "2026-04-01"}, {"by": "colour"},
    {"count_gifts_as_sales": "perhaps"}])  # fmt: skip
def test_what_cannot_be_told_is_refused(asked):
    with pytest.raises(ReportNotMade):
        told(**asked)


def test_of_many_movements_a_set_says_the_same_until_the_ledger_changes(monkeypatch):
    bring("X1", "X2")
    live = told()["rows"]
    make_now(as_of=date(2026, 4, 1))
    monkeypatch.setattr(figure_reading, "WAITED_FOR", 0)
    assert told()["rows"] == live
    question = Question(as_of=date(2026, 4, 1), terms=DEFAULTS)
    assert figure_reading._kept(question, list(FigureLevel))
    assert figure_reading._kept(replace(question, cover=9), list(FigureLevel)) is None
    bring("X3")
    assert len(told()["rows"]) == 6
