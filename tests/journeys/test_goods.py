"""A merchandiser's Monday in a real browser: the board, its charts under the CSP, a formula."""

from datetime import date
from decimal import Decimal

import pytest

from staff.states import Role
from stock.models import Season
from stock.states import Category, FigureLevel, StyleClass
from tests.factories.staff import PersonFactory
from tests.factories.stock import FigureFactory, FigureSetFactory, StyleFactory
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_board_draws_its_charts_and_a_figure_says_how_it_is_worked_out(visit):
    season = Season.objects.create(name="春单", weeks=17)
    FigureFactory.create(
        set=FigureSetFactory.create(), style=StyleFactory.create(season=season),
        level=FigureLevel.COMPANY, office=None, region=None, launched_on=date(2026, 3, 1),
        days_on_sale=32, purchased=60, sold=30, closing=30, window_days=14, window_sold=15,
        aged_pairs=30, pair_days=930, buckets=[0, 30, 0, 0, 0], paid=Decimal(12735),
        tagged=Decimal(14970), style_class=StyleClass.FAST, category=Category.CONTINUED,
    )  # fmt: skip
    merchandiser = PersonFactory.create(role=Role.MERCHANDISER)
    with visit(DESK) as desk:
        desk.sign_in(merchandiser.username)
        page = desk.page
        assert page.url.endswith("/stock/")
        page.wait_for_selector("[data-chart=classes] .chart-drawn svg")
        drawn = page.locator(".chart-drawn svg")
        assert drawn.count() == 3  # no week of anything is kept here
        assert page.locator("[data-chart=target] [aria-label]").count() == 1
        shoot(page, "goods-board-1440")
        page.locator("td a[href*='#']", has_text="28").click()
        dialog = page.locator("dialog[open]")
        dialog.locator(".is-asked", has_text="28.0").wait_for()
        page.keyboard.press("Escape")
        assert dialog.count() == 0
    with visit(PHONE, java_script_enabled=False) as phone:
        phone.sign_in(merchandiser.username)
        phone.go("/stock/?part=charts")
        tables = phone.page.locator("[data-chart] table")
        assert tables.count() == 4
        phone.page.locator("[data-chart=target] summary").click()
        assert "50.0 %" in phone.page.locator("[data-chart=target] table").inner_text()
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
