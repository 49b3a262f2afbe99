"""The goods board (M20–M30, G16): its rows, order, sums, rights and sheet."""

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from staff.models import Person
from staff.scope import Reach, reach_of
from stock.figures.of_row import figures_of
from stock.figures.summing import parts_of, total
from stock.lists.board import BOARD
from stock.lists.open_board import Board, open_board
from stock.models import Brand, ClassOverride, Figure, FigureSet, Season, Style
from stock.rules.supply import red_list
from stock.rules.targets import is_behind
from stock.states import Category, FigureLevel, FigureSetState, StyleClass
from tests.factories.stock import FigureFactory, FigureSetFactory, StyleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
URL = "/stock/"
AS_OF = date(2026, 4, 19)


def somewhere(figures: FigureSet, place: dict, *, seed: int) -> Figure:
    """A style with drawn parts: negative stock, net returns, no launch day and all."""
    (row,) = written([drawn(figures, place, seed=seed, seasons=list(Season.objects.all()))])
    return row


def written(rows: list[Figure]) -> list[Figure]:
    """The rows, their styles and brands, with one statement each."""
    Brand.objects.bulk_create([row.style.brand for row in rows])
    Style.objects.bulk_create([row.style for row in rows])
    return Figure.objects.bulk_create(rows)


def drawn(figures: FigureSet, place: dict, *, seed: int, seasons: list[Season]) -> Figure:
    rng = random.Random(seed)
    days = rng.choice([None, 3, 10, 22, 43, 50, 120, 400])
    launched = AS_OF - timedelta(days=days - 1) if days else None
    sold, returned = rng.randrange(90), rng.randrange(25)
    brought, purchased = rng.randrange(-5, 40), rng.randrange(120)
    aged = rng.choice([0, rng.randrange(1, 80)])
    return FigureFactory.build(
        set=figures,
        **place,
        style=StyleFactory.build(season=rng.choice([None, *seasons])),
        launched_on=launched,
        days_on_sale=days,
        brought=brought,
        purchased=purchased,
        purchase_returned=rng.randrange(20),
        sold=sold,
        returned=returned,
        given=rng.randrange(3),
        closing=rng.randrange(-6, 90),
        in_transit=rng.choice([0, 20]),
        window_days=14 if days is None else min(days, 14),
        window_sold=rng.randrange(-3, 30),
        year_sold=sold - returned,
        aged_pairs=aged,
        pair_days=aged * rng.randrange(100),
        buckets=[aged, 0, 0, 0, 0],
        paid=Decimal(rng.randrange(40000)),
        tagged=Decimal(rng.randrange(-200, 50000)),
        style_class=rng.choice([*StyleClass.values, ""]),
        category=rng.choice(Category.values),
        weeks_behind=rng.randrange(4),
        is_broken=rng.random() < 0.3,
        missing_core=["37"],
    )


def whole() -> dict:
    return {"level": FigureLevel.COMPANY, "office": None, "region": None}


@pytest.fixture
def figures(db) -> FigureSet:
    Season.objects.create(name="春单", weeks=17)
    return FigureSetFactory.create(as_of=AS_OF, made_at=timezone.now())


@pytest.fixture
def rows(figures) -> list[Figure]:
    seasons = list(Season.objects.all())
    return written([drawn(figures, whole(), seed=seed, seasons=seasons) for seed in range(40)])


def reach(person: Person) -> Reach:
    return reach_of(person, today=timezone.localdate())


def opened(person: Person, **asked: str) -> Board:
    from django.http import QueryDict

    query = QueryDict(mutable=True)
    query.update(asked)
    found = open_board(query, reach=reach(person))
    assert found is not None
    return found


def ruled(board: Board, row: Figure, name: str):
    """What the rules say of a row under one of the board's sort keys."""
    told = figures_of(parts_of(row), board.question)
    return {
        "lasts": told["days_of_supply"].value,
        "through": told["sell_through"].value,
        "turn": told["stock_to_sales"].value,
        "age": told["stock_age"].value,
        "discount": told["average_discount"].value,
        "order_now": told["replenish"].value,
        "sold": told["net_sold"].value,
        "on_sale": told["days_on_sale"].value,
        "gap": board.table_of([row]).gap_of(row),
        "lately": row.window_sold,
        "stock": row.closing,
        "coming": row.in_transit,
    }[name]


SORTS = ("lasts", "through", "turn", "age", "discount", "order_now", "sold", "on_sale", "gap",
         "lately", "stock", "coming")  # fmt: skip


@pytest.mark.parametrize("counts_gifts", [False, True])
def test_what_sql_sorts_by_is_what_the_rules_say(figures, rows, company, counts_gifts):
    FigureSet.objects.update(counts_gifts=counts_gifts)
    board = opened(company.merchandiser)
    found = list(board.rows)
    assert len(found) == len(rows)
    for row in found:
        for name in SORTS:
            key = next(key for key in BOARD.sorts if key.name == name)
            value = ruled(board, row, name)
            kept = getattr(row, key.field)
            assert (kept is None) == (value is None), (name, kept, value)
            if value is not None:
                assert abs(Fraction(kept) - value) < Fraction(1, 10**11), name


@pytest.mark.parametrize("name", SORTS)
def test_pages_follow_one_another_in_the_order_of_the_rules(figures, rows, company, name):
    for sign in ("", "-"):
        seen, after = [], {}
        while True:
            board = opened(company.merchandiser, sort=sign + name, page_size="7", **after)
            seen += board.list.page.rows
            if not board.list.next_url:
                break
            after = {"after": board.list.next_url.split("after=")[1].split("&")[0]}
        assert len(seen) == len({row.pk for row in seen}) == len(rows)
        values = [ruled(board, row, name) for row in seen]
        known = [value for value in values if value is not None]
        assert known == sorted(known, reverse=bool(sign))


def test_the_sum_is_the_sum_of_the_rows_and_no_mean(figures, rows, company):
    board = opened(company.merchandiser)
    terms = board.question.terms
    expected = total((parts_of(row) for row in rows), as_of=AS_OF, terms=terms)
    told = figures_of(expected, board.question)
    for name in ("sell_through", "stock_to_sales", "stock_age", "average_discount",
                 "days_of_supply", "replenish", "net_sold", "in_to_sales"):  # fmt: skip
        assert board.total_figures[name].value == told[name].value, name
    assert board.total.buckets == expected.buckets


def test_red_lists_are_those_of_the_rules_by_the_class_that_holds(figures, rows, company):
    on_the_border = (  # sold, lying: 14 days and less, none, 90 days and more
        (StyleClass.FAST, 12, 12), (StyleClass.FAST, 13, 12), (StyleClass.FAST, 0, 0),
        (StyleClass.DEAD, 14, 90), (StyleClass.DEAD, 14, 91), (StyleClass.DEAD, 0, 5),
    )  # fmt: skip
    for at, (held, sold, lying) in enumerate(on_the_border):
        facts = {"style_class": held, "window_sold": sold, "closing": lying, "window_days": 14}
        Figure.objects.filter(pk=rows[at].pk).update(launched_on=None, days_on_sale=None, **facts)
    by = company.ops_manager
    slow = next(row for row in rows[len(on_the_border) :] if row.style_class == StyleClass.SLOW)
    ClassOverride.objects.create(
        style=slow.style, style_class=StyleClass.FAST, reason="补货到了", set_by=by
    )
    board = opened(company.merchandiser)
    table = board.table_of(list(board.rows))
    expected: dict[str, set[int]] = {"reorder": set(), "mark_down": set()}
    for row in board.rows:
        held = StyleClass(row.held_class) if row.held_class else None
        red = red_list(table.told(row)["days_of_supply"], style_class=held)
        if red:
            expected[red].add(row.pk)
    ends = {name: {row.pk for row in rows[:6]} & found for name, found in expected.items()}
    assert ends == {
        "reorder": {rows[1].pk, rows[2].pk}, "mark_down": {rows[4].pk, rows[5].pk},
    }  # fmt: skip
    for name, found in expected.items():
        assert {row.pk for row in opened(company.merchandiser, look=name).rows} == found
    behind = {row.pk for row in board.rows if is_behind(row.weeks_behind)}
    assert {row.pk for row in opened(company.merchandiser, look="behind").rows} == behind != set()
    assert next(row for row in board.rows if row.pk == slow.pk).held_class == StyleClass.FAST


@pytest.mark.parametrize("role", ["merchandiser", "ops_manager", "finance", "sales_field"])
def test_who_reads_all_stock_opens_the_company(figures, rows, company, as_, role):
    page = as_(getattr(company, role)).get(URL)
    assert page.status_code == 200
    assert f"Sum of {len(rows)} styles" in page.content.decode()
    assert len(page.content) < 60_000


def test_strangers_administrators_and_other_methods(figures, client, company, as_):
    assert client.get(URL).status_code == 302
    assert as_(company.admin).get(URL).status_code == 403
    assert as_(company.merchandiser).post(URL).status_code == 405
    assert as_(company.merchandiser).get(URL + "?owner=1").status_code == 400
    assert as_(company.merchandiser).get(URL + "?set=999999").status_code == 404
    assert as_(company.merchandiser).get(URL + "?office=999999").status_code == 404
    assert as_(company.merchandiser).get("/stock/f/999999/").status_code == 404


def test_figures_that_are_not_whole_are_not_seen(company, as_):
    making = FigureSetFactory.create(state=FigureSetState.MAKING, is_standing=False)
    row = FigureFactory.create(set=making)
    browser = as_(company.merchandiser)
    assert browser.get(f"{URL}?set={making.pk}").status_code == 404
    assert browser.get(f"/stock/f/{row.pk}/").status_code == 404
    assert browser.get(f"/stock/figures/{making.pk}/").status_code == 200
    assert as_(company.store_manager).get(f"/stock/figures/{making.pk}/").status_code == 403


def test_before_any_figures_the_page_says_what_to_do(company, as_):
    page = as_(company.merchandiser).get(URL).content.decode()
    assert "No figures yet" in page
    assert "Import the stock ledger" in page
    assert "Import the stock ledger" not in as_(company.finance).get(URL).content.decode()


@pytest.mark.parametrize("count", [1, 12])
def test_a_page_asks_no_more_for_twelve_rows_than_for_one(figures, company, as_, count):
    for seed in range(count):
        somewhere(figures, whole(), seed=seed)
    browser = as_(company.merchandiser)
    browser.get(URL)
    with CaptureQueriesContext(connection) as asked:
        browser.get(URL)
    assert len(asked) == ASKED, "\n".join(q["sql"][:150] for q in asked)


ASKED = 20
