"""Around the board: figures that explain themselves, styles, movements, the sheet, and rights."""

import io
import json
import re
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEntry
from core.spreadsheets.read import read_workbook
from staff.models import Person
from stock.models import DaySum, FigureSet, Season, WeekFigure
from stock.services.recounting import recount_all
from stock.states import Category, FigureLevel, Kind, StyleClass
from stock.tasks import make_figures
from stock.wording.formulas import anchor
from tests.factories.staff import StoreFactory
from tests.factories.stock import (
    FigureFactory,
    FigureSetFactory,
    MovementFactory,
    SizeStockFactory,
    StyleFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
AS_OF = date(2026, 4, 1)
SHOE = {
    "launched_on": date(2026, 3, 1), "days_on_sale": 32, "purchased": 60, "sold": 30, "closing": 30,
    "window_days": 14, "window_sold": 15, "year_sold": 30, "aged_pairs": 30, "pair_days": 930,
    "buckets": [0, 30, 0, 0, 0], "paid": Decimal(12735), "tagged": Decimal(14970),
    "style_class": StyleClass.FAST, "category": Category.CONTINUED, "weeks": 4, "selling_weeks": 4,
    "is_broken": True, "missing_core": ["37"], "sizes_in_stock": 5, "sizes_in_range": 6,
}  # fmt: skip
WHOLE = {"level": FigureLevel.COMPANY, "office": None, "region": None}


@pytest.fixture
def shop(company) -> SimpleNamespace:
    """The worked shoe in two stores: 30 of 60 sold, 15 in two weeks, as of the first of April."""
    season = Season.objects.create(name="春单", weeks=17)
    style = StyleFactory.create(number="HP26C1215", season=season, launched_on=date(2026, 3, 1))
    figures = FigureSetFactory.create(as_of=AS_OF)
    rows = {"whole": FigureFactory.create(set=figures, style=style, **WHOLE, **SHOE)}
    region = {"level": FigureLevel.REGION, "office": None, "region": company.region}
    rows["region"] = FigureFactory.create(set=figures, style=style, **region, **SHOE)
    for name, office, sold in (("here", company.store, 7), ("there", company.other, 577)):
        own = SHOE | {"sold": sold, "closing": sold + 36, "window_sold": sold}
        rows[name] = FigureFactory.create(set=figures, style=style, office=office, **own)
        SizeStockFactory.create(style=style, office=office, size="36", quantity=900 + sold)
        SizeStockFactory.create(style=style, office=office, size="37", quantity=0)
        MovementFactory.create(
            style=style, office=office, on=date(2026, 3, 20), kind=Kind.SALE, quantity=sold,
            document=f"sale-{name}",
        )  # fmt: skip
    return SimpleNamespace(style=style, figures=figures, rows=SimpleNamespace(**rows))


def text_of(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_the_worked_shoe_reads_as_the_rulebook_works_it(shop, company, as_):
    browser = as_(company.merchandiser)
    page = browser.get("/stock/?cover=90").content.decode()
    for key, text in (
        ("days_on_sale", "32"), ("sell_through", "50.0"), ("days_of_supply", "28"),
        ("stock_age", "31.0"), ("average_discount", "8.5/10 light"), ("replenish", "67"),
        ("stock_to_sales", "0.50"), ("complete_rate", "2 offices"), ("target", "+21.2"),
    ):  # fmt: skip
        link = rf'href="(f/{shop.rows.whole.pk}/[?]cover=90)#{anchor(key)}">{re.escape(text)}<'
        found = re.search(link, page)
        assert found, key
    assert "sell-through 50.0 %" in page
    figure = browser.get(f"/stock/{found[1]}")
    (order,) = (each.text for each in figure.context["figures"] if each.key == "replenish")
    assert order == "67"


def test_a_store_that_runs_out_is_red_where_the_company_is_not(shop, company, as_):
    assert shop.rows.whole.style_class == StyleClass.FAST
    FigureSet.objects.filter(pk=shop.figures.pk).update(
        values=shop.figures.values | {"red_under_days": 13}
    )
    here = type(shop.rows.here).objects.filter(pk=shop.rows.here.pk)
    here.update(closing=9, window_sold=10)
    browser = as_(company.merchandiser)
    (red, *_rest) = browser.get("/stock/").context["red_lists"]
    assert [(row.number, row.why) for row in red["rows"]] == [
        ("HP26C1215", f"{company.store.name}, 12 d left, stock 9")
    ]
    text = text_of(browser.get("/stock/"))
    assert "Running out in stores: fast, under 13 days all 1" in text
    assert "Running out as a whole 0" in text
    assert f"office={company.store.pk}" in red["rows"][0].act_url
    here.update(closing=10, window_sold=10)
    assert browser.get("/stock/").context["red_lists"][0]["rows"] == []


def test_a_figure_shows_its_formula_and_inputs_and_opens_the_rows_it_counts(shop, company, as_):
    browser = as_(company.merchandiser)
    page = browser.get(f"/stock/f/{shop.rows.whole.pk}/")
    worked = dict(re.findall(r'data-figure="(\w+)" class="worked">(.*?)</dd></div>',
                             page.content.decode(), re.S))  # fmt: skip
    for key, inputs in (
        ("days_of_supply", ("30", "15", "14", "28.0")),
        ("stock_to_sales", ("0.50", "30")),
        ("stock_age", ("930", "30", "31.0")),
        ("average_discount", ("¥12,735", "¥14,970")),
        ("sell_through", ("50.0 %", "60", "30")),
        ("replenish", ("35", "8")),
    ):
        for text in inputs:
            assert f">{text}<" in worked[key], (key, text)
    sold = re.search(
        r'href="(/stock/movements/\?[^"]*kind=sales[^"]*)">30<', worked["sell_through"]
    )
    rows = browser.get(sold[1].replace("&amp;", "&"))
    assert rows.status_code == 200
    assert [row.quantity for row in rows.context["list"].page.rows] == [577, 7]


def test_opening_stock_inside_the_period_opens_its_own_rows(shop, company, as_):
    row = shop.rows.here
    type(row).objects.filter(pk=row.pk).update(brought=20, purchased=40)
    MovementFactory.create(
        style=shop.style, office=company.store, on=date(2026, 3, 1), kind=Kind.OPENING, quantity=12
    )
    recount_all()
    page = as_(company.merchandiser).get(f"/stock/f/{row.pk}/")
    told = next(each for each in page.context["figures"] if each.key == "sell_through")
    inputs = [(each.text, each.url.partition("?")[2]) for each in told.inputs[2:4]]
    place = f"style={shop.style.pk}&office={company.store.pk}"
    assert inputs == [
        ("8", f"{place}&until=2026-02-28"),
        ("12", f"{place}&kind=1&since=2026-03-01&until=2026-04-01"),
    ]


def test_stock_of_all_offices_tells_apart_what_lies_in_none(shop, company, as_):
    shop.figures.figures.filter(office=company.other).update(closing=-21)
    page = as_(company.merchandiser).get(f"/stock/f/{shop.rows.whole.pk}/")
    told = next(each for each in page.context["figures"] if each.key == "days_of_supply")
    inputs = [(each.text, bool(each.url)) for each in told.inputs[:3]]
    assert inputs == [("30", False), ("22", True), ("8", False)]


def test_transfers_of_a_region_are_told_as_those_over_its_border(shop, company, as_):
    shop.figures.figures.update(transferred_in=5)
    browser = as_(company.merchandiser)
    for row, name in (
        (shop.rows.here, "Transfer in"), (shop.rows.region, "Transfer in across the border"),
    ):  # fmt: skip
        page = browser.get(f"/stock/f/{row.pk}/")
        told = next(each for each in page.context["figures"] if each.key == "closing")
        assert (name, "5") in [(each.name, each.text) for each in told.inputs]


def test_where_gifts_are_sales_their_rows_are_among_those_that_open(shop, company, as_):
    FigureSet.objects.update(counts_gifts=True)
    MovementFactory.create(style=shop.style, office=company.store, on=AS_OF, kind=Kind.GIFT)
    browser = as_(company.merchandiser)
    page = browser.get(f"/stock/f/{shop.rows.here.pk}/")
    told = next(each for each in page.context["figures"] if each.key == "sell_through")
    rows = browser.get(told.inputs[0].url).context["list"].page.rows
    assert {row.kind for row in rows} == {Kind.SALE, Kind.GIFT}


def test_a_period_has_no_target_of_the_season(shop, company, as_):
    FigureSet.objects.update(from_on=date(2026, 3, 25))
    browser = as_(company.merchandiser)
    board = browser.get("/stock/")
    assert "+21.2" not in board.content.decode()
    assert not board.context["list"].page.rows[0].target
    charts = browser.get("/stock/?part=charts").content.decode()
    assert 'data-chart="target"' not in charts
    for address in (f"/stock/f/{shop.rows.whole.pk}/", f"/stock/styles/{shop.style.pk}/"):
        assert browser.get(address).status_code == 200


def test_the_sum_explains_itself_too(shop, company, as_):
    other = SHOE | {"sold": 0, "closing": 60, "window_sold": 0, "days_on_sale": 40}
    FigureFactory.create(set=shop.figures, style=StyleFactory.create(), **WHOLE, **other)
    shop.figures.figures.update(transferred_in=5)
    browser = as_(company.merchandiser)
    page = text_of(browser.get("/stock/f/sum/"))
    assert "Sum of 2 styles: Σ ÷ Σ" in page
    assert "Sell-through 23.1 %" in page
    region = text_of(browser.get(f"/stock/f/sum/?region={company.region.pk}"))
    assert "Transfer in across the border 5" in region
    office = text_of(browser.get(f"/stock/f/sum/?office={company.store.pk}"))
    assert "Transfer in 5" in office


@pytest.mark.parametrize("role", ["sales_store", "store_manager"])
def test_a_store_reads_its_own_stock_and_no_number_of_another(shop, company, as_, role):
    browser = as_(getattr(company, role))
    board = browser.get("/stock/")
    assert [row.pk for row in board.context["list"].page.rows] == [shop.rows.here.pk]
    pages = ["/stock/", "/stock/?part=charts", "/stock/ranking/", "/stock/f/sum/",
             f"/stock/f/{shop.rows.here.pk}/", f"/stock/styles/{shop.style.pk}/",
             f"/stock/movements/?style={shop.style.pk}"]  # fmt: skip
    for address in pages:
        page = browser.get(address)
        assert page.status_code == 200, address
        text = text_of(page)
        assert company.other.name not in text, address
        assert not re.search(r"\b(577|613|1,?477)\b", text), address
    closed = ["whole", "region", "there"]
    for name in closed:
        assert browser.get(f"/stock/f/{getattr(shop.rows, name).pk}/").status_code == 404
    assert browser.get(f"/stock/?office={company.other.pk}").status_code == 404
    moves = browser.get(f"/stock/movements/?style={shop.style.pk}&office={company.other.pk}")
    assert not moves.context["list"].page.rows
    assert browser.get("/stock/sheet/").status_code == 403


def test_a_store_without_the_goods_sees_no_empty_chart_and_no_unit_of_nothing(shop, company, as_):
    recount_all()
    here = as_(company.sales_store).get(f"/stock/styles/{shop.style.pk}/")
    assert len(here.context_data["charts"]) == 1
    Person.objects.filter(pk=company.stranger.pk).update(store=StoreFactory.create())
    browser = as_(company.stranger)
    assert browser.get(f"/stock/styles/{shop.style.pk}/").context_data["charts"] == []
    told = {each["label"]: each for each in browser.get("/stock/").context_data["stats"]}
    assert told["Sell-through"]["unit"] == ""
    assert (told["Stock"]["value"], told["Stock"]["unit"]) == ("0", "pairs")


def test_an_empty_place_says_what_brings_goods_and_a_filter_what_to_widen(shop, company, as_):
    Person.objects.filter(pk=company.stranger.pk).update(store=StoreFactory.create())
    store, merchandiser = as_(company.stranger), as_(company.merchandiser)
    said = "No goods of this place are in the ledger"
    assert said in text_of(store.get("/stock/"))
    assert said in text_of(merchandiser.get(f"/stock/?office={company.team.pk}"))
    narrowed = text_of(merchandiser.get("/stock/?q=ZZZ"))
    assert "Widen the filter, or choose another place." in narrowed
    assert said not in narrowed
    here = text_of(as_(company.store_manager).get("/stock/?q=ZZZ"))
    assert "Widen the filter." in here
    assert "another place" not in here


def test_what_wants_an_act_stands_before_the_rows(shop, company, as_):
    page = as_(company.merchandiser).get("/stock/").content.decode()
    assert 0 < page.index("is-reorder") < page.index("<tbody>")


def test_every_act_of_a_red_list_opens_for_whoever_is_offered_it(shop, company, as_):
    """A store does not see who could send pairs: what lacks there it asks for anew."""
    shop.figures.figures.update(closing=4, window_sold=0, style_class=StyleClass.SLOW)
    for person in (company.store_manager, company.merchandiser):
        browser = as_(person)
        for row in (shop.rows.here, shop.rows.whole):
            type(row).objects.filter(pk=row.pk).update(is_broken=True)
        reds = browser.get("/stock/").context["red_lists"]
        acts = [row.act_url for red in reds for row in red["rows"] if row.act_url]
        assert len(acts) == 2
        assert [browser.get(url).status_code for url in acts] == [200, 200], acts


def test_what_a_link_narrows_by_unfolds_no_filter(shop, company, as_):
    browser = as_(company.merchandiser)
    for more, is_open in (("", False), ("&until=2026-04-01", True)):
        page = browser.get(f"/stock/movements/?style={shop.style.pk}{more}").content.decode()
        assert ('id="filters-open" checked' in page) == is_open


def test_a_region_and_an_office_have_their_own_rows(shop, company, as_):
    browser = as_(company.merchandiser)
    for asked, row in (
        (f"region={company.region.pk}", shop.rows.region),
        (f"office={company.other.pk}", shop.rows.there),
    ):
        page = browser.get(f"/stock/?{asked}")
        assert [each.pk for each in page.context["list"].page.rows] == [row.pk]


def test_a_region_offers_its_own_offices_and_lets_go_of_another(shop, company, as_):
    browser, away = as_(company.merchandiser), StoreFactory.create(name="外区店")
    page = browser.get(f"/stock/?region={company.region.pk}&office={away.pk}")
    assert [each.pk for each in page.context["list"].page.rows] == [shop.rows.region.pk]
    offered = dict(page.context["list"].filter_form.fields["office"].choices)
    assert str(company.store.pk) in offered
    assert str(away.pk) not in offered
    here = browser.get(f"/stock/?region={company.region.pk}&office={company.store.pk}")
    assert [each.pk for each in here.context["list"].page.rows] == [shop.rows.here.pk]


def test_what_stands_over_the_filters_is_renewed_with_them(shop, company, as_):
    """The sheet and the columns go by the filters: their addresses come anew with the rows."""
    page = as_(company.merchandiser).get("/stock/").content.decode()
    (renewed,) = re.findall(r'hx-select-oob="([^"]+)"', page)
    assert renewed.split(",") == ["#id_office", "#list-head"]
    (head,) = re.findall(r'<header class="masthead" id="list-head">.*?</header>', page, re.S)
    assert "/stock/sheet/" in head
    assert 'name="cols"' in head
    assert 'id="id_office"' in page


def test_a_style_under_four_weeks_is_ranked_with_nobody(shop, company, as_):
    young = SHOE | {"style_class": StyleClass.WATCHED, "days_on_sale": 20, "sold": 59}
    new = FigureFactory.create(set=shop.figures, style=StyleFactory.create(), **WHOLE, **young)
    old = SHOE | {"days_on_sale": 300, "sold": 55}
    past = FigureFactory.create(set=shop.figures, style=StyleFactory.create(), **WHOLE, **old)
    page = as_(company.merchandiser).get("/stock/ranking/?days=29-56").content.decode()
    assert shop.style.number in page
    assert new.style.number not in page
    assert past.style.number not in page


def test_of_fewer_than_twenty_the_better_half_is_the_best_and_the_rest_the_worst(
    shop, company, as_,
):  # fmt: skip
    for sold in (50, 40, 20, 10):
        one = SHOE | {"sold": sold, "closing": 60 - sold}
        FigureFactory.create(set=shop.figures, style=StyleFactory.create(), **WHOLE, **one)
    page = as_(company.merchandiser).get("/stock/ranking/?days=29-56").content.decode()
    best, worst = (part.partition("</table>")[0] for part in page.split("<tbody>")[1:])
    share = rf'#{anchor("sell_through")}">([0-9.]+)<'
    shares = [re.findall(share, half) for half in (best, worst)]
    assert shares == [["83.3", "66.7", "50.0"], ["16.7", "33.3"]]


def test_the_sheet_says_what_the_screen_says_and_locks_what_is_computed(shop, company, as_):
    browser = as_(company.merchandiser)
    assert "Days on sale" in text_of(browser.get("/stock/sheet/"))
    asked = {"reason": "周一例会", "kind": "xlsx"}
    sheet = browser.post("/stock/sheet/?cover=90", asked)
    (table,) = read_workbook("a.xlsx", sheet.content).values()
    heads, (row, total) = table.headers, [row.cells for row in table.rows]
    said = dict(zip(heads, row, strict=False))
    assert (said["Style no."], said["Days on sale"], said["To reorder"]) == ("HP26C1215", 32, 67)
    assert (said["Sell-through %"], said["Days of supply"]) == (Decimal("0.5"), 28)
    summed = dict(zip(heads, total, strict=False))
    assert (summed["Style no."], summed["To reorder"]) == ("Sum (Σ ÷ Σ)", 67)
    assert summed["Sell-through %"] == Decimal("0.5")
    with zipfile.ZipFile(io.BytesIO(sheet.content)) as book:
        assert b"<sheetProtection" in book.read("xl/worksheets/sheet1.xml")
    told = AuditEntry.objects.get(verb="export").detail
    assert (told["list"], told["rows"]) == ("goods", 1)


def test_the_page_of_a_style_asks_no_more_for_more_places_and_sizes(shop, company, as_):
    browser = as_(company.merchandiser)
    address = f"/stock/styles/{shop.style.pk}/"
    for week in range(6):
        DaySum.objects.create(
            style=shop.style, office=company.store, on=AS_OF - timedelta(days=7 * week),
            kind=Kind.SALE, quantity=week,
        )  # fmt: skip
    page = browser.get(address)
    assert "Sizes by office" in text_of(page)
    assert page.content.decode().count("is-lacking") == 2
    places = [(each["name"], each["url"]) for each in page.context["places"]]
    assert places[1:3] == [
        (company.region.name, f"/stock/?region={company.region.pk}"),
        (company.store.name, f"/stock/?office={company.store.pk}"),
    ]
    assert all(browser.get(url).status_code == 200 for _name, url in places)
    asked = []
    for more in (False, True):
        if more:
            SizeStockFactory.create(style=shop.style, office=company.team, size="40")
            FigureFactory.create(set=shop.figures, style=shop.style, office=company.team, **SHOE)
        with CaptureQueriesContext(connection) as counted:
            browser.get(address)
        asked.append(len(counted))
    assert asked[0] == asked[1]


def test_the_charts_come_after_the_rows_with_their_tables(shop, company, as_):
    browser = as_(company.merchandiser)
    page = browser.get("/stock/")
    assert "data-chart" not in page.content.decode()
    part = browser.get("/stock/?part=charts", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    kinds = re.findall(r'data-chart="(\w+)"', part)
    assert kinds == ["target", "pyramid", "weeks", "classes"]
    assert part.count("<table") == 4
    assert 'data-v="50.0"' in part
    WeekFigure.objects.create(set=shop.figures, office=company.store, brand=shop.style.brand,
                              monday=date(2026, 3, 23), sold=4, closing=9)  # fmt: skip
    WeekFigure.objects.create(set=shop.figures, office=company.store, brand=shop.style.brand,
                              monday=date(2026, 3, 30), sold=1, closing=8)  # fmt: skip
    weeks = browser.get("/stock/?part=charts").context["below"][0]
    assert [row[0] for row in weeks.rows] == [("", "23 Mar"), ("part", "30 Mar, so far")]
    whole = browser.get("/stock/?part=charts").content.decode()
    assert "<html" in whole
    assert whole.count("data-chart") == 4


def test_another_day_is_asked_for_waited_for_and_looked_at(shop, company, as_):
    recount_all()
    browser = as_(company.merchandiser)
    form = browser.get("/stock/figures/").content.decode()
    assert 'value="2026-04-01"' in form
    later = browser.post("/stock/figures/", {"as_of": "2999-01-01"})
    assert "Choose today or a day before it." in later.content.decode()
    asked = browser.post("/stock/figures/", {"as_of": "2026-03-20", "from_on": "2026-03-10"})
    wait = browser.get(asked.url)
    assert "Figures are being reckoned" in wait.content.decode()
    made = FigureSet.objects.get(as_of=date(2026, 3, 20))
    assert (made.from_on, made.is_standing) == (date(2026, 3, 10), False)
    make_figures(made.job_id)
    ready = browser.get(asked.url)
    assert ready.url == f"/stock/?set={made.pk}"
    page = browser.get(ready.url)
    assert "as of 20 Mar (Fri), back to today" in text_of(page)
    told = {row.style_id: page.context["list"].table.told(row)
            for row in page.context["list"].page.rows}  # fmt: skip
    assert told[shop.style.pk]["net_sold"].value == 584
    assert browser.get(asked.url, headers={"HX-Request": "true"}).headers["HX-Redirect"] == (
        f"/stock/?set={made.pk}"
    )
    assert as_(company.finance).get("/stock/figures/").status_code == 403


def test_screen_sheet_and_report_say_the_same(shop, company, as_):
    """G16: the board's row, the sheet's cells and the report's JSON of one set."""
    MovementFactory.create(style=shop.style, office=company.store, quantity=800, unit_cost=180)
    recount_all()
    browser = as_(company.merchandiser)
    asked = browser.post("/stock/figures/", {"as_of": "2026-04-01"})
    made = FigureSet.objects.get(is_standing=False)
    make_figures(made.job_id)
    page = browser.get(browser.get(asked.url).url)
    (row,) = page.context["list"].page.rows
    told = page.context["list"].table.told(row)
    out = io.StringIO()
    call_command(
        "report", "merchandise", "--param", "as_of=2026-04-01", "--param", "by=style",
        "--format", "json", stdout=out,
    )  # fmt: skip
    (said,) = json.loads(out.getvalue())["rows"]
    sheet = browser.post(f"/stock/sheet/?set={made.pk}", {"reason": "核对", "kind": "xlsx"})
    (table,) = read_workbook("a.xlsx", sheet.content).values()
    cells = dict(zip(table.headers, table.rows[0].cells, strict=False))
    for report, figure, column in (
        ("days_on_sale", "days_on_sale", "Days on sale"),
        ("sell_through", "sell_through", "Sell-through %"),
        ("stock_age_days", "stock_age", "Stock age"),
        ("stock_to_sales", "stock_to_sales", "Stock to sales"),
        ("days_of_supply", "days_of_supply", "Days of supply"),
        ("average_discount", "average_discount", "Average discount"),
        ("replenish_qty", "replenish", "To reorder"),
        ("in_to_sales", "in_to_sales", "Sold of allotted %"),
        ("stock_rate", "stock_rate", "Stock rate %"),
    ):
        value = told[figure].value
        assert (said[report] is None) == (value is None) == (cells[column] is None), report
        if value is not None:
            assert float(said[report]) == pytest.approx(float(value), abs=1e-9), report
            assert float(cells[column]) == pytest.approx(float(value), abs=1e-9), report
    assert said["closing"] == row.closing == cells["Stock"] == 216
