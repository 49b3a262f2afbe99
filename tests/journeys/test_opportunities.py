"""A board of a car store: cards moved by mouse, by finger, by key and by the menu."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from customers.models import KeyPerson, Opportunity, Stage
from staff.states import Trade
from tests.factories.opportunities import lost, moved, opportunity, stage, won
from tests.followups.build import customer, shop
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STEPS = (
    "dealer_prospecting", "dealer_reception", "dealer_consultation", "dealer_presentation",
    "dealer_test_drive", "dealer_negotiation", "dealer_closing", "dealer_delivery",
    "dealer_follow_up",
)  # fmt: skip
NAMES = ("周雅琴", "许文博", "Li Wei", "赵国强", "欧阳明月", "孙丽", "陈建华", "何静", "马晓东")
CARS = ("A6L 45 TFSI", "Q5L 尊享", "A4L 动感", "Q3 时尚", "A8L 商务舱")
AXE = Path(__file__).parents[1] / "vendor" / "axe-core-4.14.1" / "axe.min.js"


@pytest.fixture
def board():
    """A car store with a customer in each stage, and one lead at the very beginning."""
    place, now = shop(Trade.CARS), timezone.now()
    today = timezone.localdate()
    for number, code in enumerate(STEPS[:-1]):
        for more in range(1 + (3 * number) % 4):
            who = customer(place, now=now, grade=("A", "B1", "C2")[more % 3])
            type(who).objects.filter(pk=who.pk).update(name=NAMES[(number + more) % len(NAMES)])
            row = opportunity(
                customer=who, at=code, product=CARS[(number + more) % 5], now=now,
                amount=Decimal(180_000 + 37_500 * number + 9_800 * more),
                expected_on=today + timedelta(days=5 * number - 12 + 9 * more),
            )  # fmt: skip
            Opportunity.objects.filter(pk=row.pk).update(
                staged_at=now - timedelta(days=2 * number + 3 * more)
            )
    lead = opportunity(
        customer=customer(place, now=now), at=STEPS[0], product="Q7 55 TFSI",
        amount=Decimal(699_800), expected_on=today + timedelta(days=40), now=now,
    )  # fmt: skip
    KeyPerson.objects.create(
        customer=lead.customer, name="李总", position="总经理", role="economic_buyer",
        added_by=place.seller,
    )  # fmt: skip
    return place, lead


def touch(session, kind, x=0, y=0):
    """A finger at a place, as the browser itself reports one."""
    points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def findings(page):
    """What axe finds serious or worse."""
    page.evaluate(AXE.read_text())
    report = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (each["id"], each["nodes"][0]["html"][:120])
        for each in report["violations"]
        if each["impact"] in ("serious", "critical")
    ]


def where(row):
    return Opportunity.objects.select_related("stage").get(pk=row.pk).stage.code


def drag(page, row, to):
    """By mouse: press, move, let go."""
    card = page.locator(f"#opp-{row.pk}")
    card.scroll_into_view_if_needed()
    goal = page.locator(f"[data-stage='{Stage.objects.get(code=to).pk}']")
    begin, end = card.bounding_box(), goal.bounding_box()
    page.mouse.move(begin["x"] + 40, begin["y"] + 40)
    page.mouse.down()
    page.mouse.move(begin["x"] + 60, begin["y"] + 50, steps=3)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 120, steps=8)
    shoot(page, "drag-1440")
    page.mouse.up()
    arrived(page, row, to)


def arrived(page, row, to):
    """The answer has come: the card lies in the column, and no longer waits."""
    pk = Stage.objects.get(code=to).pk
    page.locator(f"[data-stage='{pk}'] #opp-{row.pk}:not([data-busy])").wait_for()
    assert where(row) == to


def test_a_car_lead_goes_through_all_stages_by_drag_and_by_key(visit, board):
    place, lead = board
    with visit(DESK) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        someone.go("/opportunities/")
        shoot(page, "board-1440")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

        for to in STEPS[1:4]:
            drag(page, lead, to)
        for to in STEPS[4:8]:
            page.locator(f"#opp-{lead.pk} a").first.focus()
            page.keyboard.press("]")
            arrived(page, lead, to)
            assert page.evaluate("document.activeElement.closest('[data-card]').id") == (
                f"opp-{lead.pk}"
            )
        assert stage(STEPS[7]).name_zh in page.locator("[data-said]").inner_text()
        shoot(page, "board-moved-1440")
        drag(page, lead, STEPS[8])
        assert Opportunity.objects.get(pk=lead.pk).state == "won"
        assert page.locator(f"[data-stage='{stage(STEPS[8]).pk}'] .col-head b").inner_text() == "1"


def test_who_comes_second_is_told_and_the_card_lies_where_it_is(visit, board):
    place, lead = board
    with visit(DESK) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        someone.go("/opportunities/")
        moved(lead, STEPS[5])
        page.locator(f"#opp-{lead.pk} a").first.focus()
        page.keyboard.press("]")
        page.locator("[data-said].is-wrong").wait_for()
        arrived(page, lead, STEPS[5])
        someone.complaints.clear()  # the browser writes down each 409


def test_without_a_connection_the_card_goes_back_with_words(visit, board):
    place, lead = board
    with visit(DESK) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        someone.go("/opportunities/")
        page.context.set_offline(True)
        page.locator(f"#opp-{lead.pk} a").first.focus()
        page.keyboard.press("]")
        page.locator("[data-said].is-wrong").wait_for()
        assert page.locator(f"[data-stage='{stage(STEPS[0]).pk}'] #opp-{lead.pk}").count() == 1
        someone.complaints.clear()
    assert where(lead) == STEPS[0]


def test_a_loss_by_drag_asks_for_its_reason(visit, board):
    place, lead = board
    with visit(DESK) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        someone.go("/opportunities/")
        page.locator(f"#opp-{lead.pk} a").first.focus()
        page.keyboard.press("m")
        page.locator(f"#move-to [data-to='{stage('dealer_lost').pk}']").click()
        page.locator("label:has(input[value=competitor])").click()
        shoot(page, "lost-1440")
        page.click("button.act[type=submit]")
        page.wait_for_url(f"**/opportunities/{lead.pk}/")
        shoot(page, "lost-page-1440")
    assert Opportunity.objects.get(pk=lead.pk).lost_reason == "competitor"


def test_by_thumb_the_menu_moves_it_and_the_page_stays_upright(visit, board):
    place, lead = board
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        someone.go("/opportunities/")
        shoot(page, "board-390")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.locator(f"#opp-{lead.pk} [data-move-to]").tap()
        shoot(page, "menu-390")
        page.locator(f"#move-to [data-to='{stage(STEPS[4]).pk}']").tap()
        arrived(page, lead, STEPS[4])
        shoot(page, "board-moved-390")


def test_a_finger_that_rests_lifts_a_card_and_one_that_slides_scrolls(visit, board):
    place, lead = board
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        someone.go("/opportunities/")
        box = page.locator(f"#opp-{lead.pk}").bounding_box()
        x, y = box["x"] + 60, box["y"] + 40
        finger = page.context.new_cdp_session(page)
        touch(finger, "touchStart", x, y)
        for step in range(1, 6):
            touch(finger, "touchMove", x - 50 * step, y)
        touch(finger, "touchEnd")
        assert page.locator(".is-ghost").count() == 0
        assert where(lead) == STEPS[0]
        someone.go("/opportunities/")

        touch(finger, "touchStart", x, y)
        page.locator(".is-ghost").wait_for()
        for step in range(1, 6):
            touch(finger, "touchMove", x + (370 - x) * step / 5, y)
        shoot(page, "finger-390")
        touch(finger, "touchEnd")
        page.locator(f"#opp-{lead.pk}:not([data-busy])").wait_for()
        page.locator("[data-said]:not(:empty)").wait_for()
        assert where(lead) != STEPS[0]


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_axe_finds_nothing_serious(visit, board, size):
    place, lead = board
    with visit(size) as someone:
        someone.sign_in(place.seller.username)
        for path in (
            "/opportunities/",
            "/opportunities/list/",
            f"/opportunities/{lead.pk}/",
            f"/opportunities/{lead.pk}/move/?to={stage('dealer_lost').pk}",
            f"/customers/{lead.customer_id}/opportunities/new/",
            f"/customers/{lead.customer_id}/?tab=opportunities",
        ):
            someone.go(path)
            assert findings(someone.page) == [], path


def test_without_scripts_a_page_moves_it(visit, board):
    place, lead = board
    with visit(PHONE, java_script_enabled=False) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        someone.go("/opportunities/")
        page.locator(f"#opp-{lead.pk} [data-move-to]").click()
        page.check(f"[name=to][value='{stage(STEPS[2]).pk}']", force=True)
        shoot(page, "move-390")
        page.click("button.act[type=submit]")
        page.wait_for_url(f"**/opportunities/{lead.pk}/")
    assert where(lead) == STEPS[2]


@pytest.mark.parametrize(("size", "wide"), [(DESK, "1440"), (PHONE, "390")])
def test_the_page_of_one_is_ticked_and_moved_on(visit, board, size, wide):
    place, lead = board
    now = timezone.now()
    won(opportunity(customer=lead.customer, at=STEPS[0], product="A3", now=now), now=now)
    lost(opportunity(customer=lead.customer, at=STEPS[0], product="A5", now=now), now=now)
    with visit(size) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        for name, path in (
            ("list", "/opportunities/list/"),
            ("new", f"/customers/{lead.customer_id}/opportunities/new/"),
            ("tab", f"/customers/{lead.customer_id}/?tab=opportunities"),
        ):
            someone.go(path)
            shoot(page, f"{name}-{wide}")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        someone.go(f"/opportunities/{lead.pk}/")
        shoot(page, f"page-{wide}")
        page.locator("[name=has_budget]").check()
        page.wait_for_load_state()
        page.locator(".stop").wait_for(state="detached")
        assert Opportunity.objects.get(pk=lead.pk).has_budget
        page.locator(".bar button.act").click()
        page.wait_for_load_state()
        shoot(page, f"page-on-{wide}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert where(lead) == STEPS[1]
