"""A complaint becomes a satisfied customer; the measures of a month (M52, M54)."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from followups.models import Case
from followups.services import engine, escalate_late_cases, pause_case, record_delivery
from followups.states import CaseKind, CaseState, PauseReason
from staff.states import Trade
from tests.factories.cases import opened
from tests.factories.followups import reached
from tests.factories.staff import PersonFactory
from tests.followups.build import at, customer, shop
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot

COUNT = re.compile(r"^\s*[1-9]\d*\s*$")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FRIDAY = at("2026-07-03 15:00")


def fits(page) -> bool:
    """Nothing hangs over the edge of the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def press(page) -> None:
    page.click(".bar button.act")


def test_from_a_complaint_to_a_satisfied_customer(visit):
    place = shop(Trade.FURNITURE)
    with time_machine.travel(FRIDAY, tick=True):
        who = customer(place, now=FRIDAY - timedelta(days=2), grade="A")
        engine.ask(now=timezone.now())
        with visit(PHONE, has_touch=True) as someone:
            someone.sign_in(place.seller.username)
            page = someone.page
            someone.go(f"/customers/{who.pk}/cases/new/")
            page.locator("label:has(input[name=kind][value=complaint])").click()
            page.fill("[name=text]", "床垫塌陷，三周没人回电话，电话 138 0013 8000")
            shoot(page, "case-open-390")
            assert fits(page)
            press(page)
            page.wait_for_url("**/cases/*/")
            assert "7月8日" in page.inner_text("body")
            assert "138 0013 8000" not in page.inner_text("body")
            shoot(page, "case-390")
            assert fits(page)
            case = Case.objects.get()
            someone.go("/today/")
            assert page.locator(f"a[href='/cases/{case.pk}/']").count()
            shoot(page, "today-390")
            someone.go(f"/cases/{case.pk}/answer/")
            page.fill("[name=text]", "已致歉，约周一师傅上门")
            press(page)
            page.wait_for_url(f"**/cases/{case.pk}/")
            someone.go(f"/cases/{case.pk}/pause/")
            page.locator("label:has(input[name=reason][value=parts])").click()
            shoot(page, "case-pause-390")
            press(page)
            page.wait_for_url(f"**/cases/{case.pk}/")
            shoot(page, "case-paused-390")
            page.click(".bar a.act")
            press(page)
            page.wait_for_url(f"**/cases/{case.pk}/")
    with time_machine.travel(at("2026-07-09 09:00"), tick=True):
        assert escalate_late_cases(now=timezone.now()) == 1
        with visit(DESK) as someone:
            someone.sign_in(place.manager.username)
            page = someone.page
            someone.go("/cases/")
            shoot(page, "cases-late-1440")
            page.click(f"a[href='/cases/{case.pk}/']")
            page.wait_for_url(f"**/cases/{case.pk}/")
            shoot(page, "case-late-1440")
            page.click(".bar a.act")
            page.fill("[name=solution]", "换了新床垫，旧的已拉回")
            shoot(page, "case-solve-1440")
            press(page)
            page.wait_for_url(f"**/cases/{case.pk}/")
            someone.go(f"/cases/{case.pk}/rate/")
            shoot(page, "case-rate-1440")
            assert fits(page)
    with (
        time_machine.travel(at("2026-07-10 10:00"), tick=True),
        visit(PHONE, has_touch=True) as someone,
    ):
        someone.sign_in(place.seller.username)
        page = someone.page
        someone.go("/today/")
        shoot(page, "today-asks-390")
        someone.go(page.locator("a[href$='/rate/']").first.get_attribute("href"))
        shoot(page, "case-rate-390")
        assert fits(page)
        page.locator("label:has(input[name=points][value='5'])").click()
        press(page)
        page.wait_for_url(f"**/cases/{case.pk}/")
        shoot(page, "case-closed-390")
    case.refresh_from_db()
    assert (case.state, case.satisfaction) == (CaseState.CLOSED, 5)


def a_month(place):
    """Three salespeople, some deliveries, cases of every kind."""
    sellers = [place.seller, *(PersonFactory(store=place.store, name=name) for name in "李王")]
    for number, seller in enumerate(sellers * 3):
        who = customer(place, now=at("2026-06-01 10:00"), owner=seller)
        record_delivery(
            customer=who, product="床垫", delivered_on=date(2026, 6, 2), by=seller,
            now=at("2026-06-02 11:00"), key=uuid4(),
        )  # fmt: skip
        engine.ask(now=at("2026-06-03 11:00"))
        if number % 3 < 2 or number < 3:
            reached(who, now=at("2026-06-05 10:00"))
        kind = list(CaseKind)[number % 5]
        case = opened(who, kind=kind, now=at("2026-07-01 10:00"), text="柜门关不上，客户很着急")
        if number == 4:
            pause_case(case=case, reason=PauseReason.PARTS, by=seller, now=at("2026-07-02 10:00"))


def test_the_measures_of_a_month_and_the_rows_behind_them(visit):
    place = shop(Trade.FURNITURE)
    a_month(place)
    with time_machine.travel(FRIDAY, tick=True):
        for size, name in ((PHONE, "390"), (DESK, "1440")):
            with visit(size) as someone:
                someone.sign_in(place.manager.username)
                page = someone.page
                someone.go("/reports/measures/?month=2026-06")
                shoot(page, f"measures-{name}")
                assert fits(page)
                figure = page.locator("table .fig:visible", has_text=COUNT).first
                count = int(figure.inner_text())
                figure.click()
                page.wait_for_url("**#behind")
                assert page.locator(".behind .ev").count() == count
                shoot(page, f"measures-behind-{name}")
                someone.go("/cases/")
                shoot(page, f"cases-{name}")
                assert fits(page)
                case = Case.objects.first()
                someone.go(f"/customers/{case.customer_id}/?tab=cases")
                shoot(page, f"card-cases-{name}")
                assert fits(page)
