"""A long form that was refused, on a phone: the page stands at what is wrong, and leads there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from staff.states import Trade
from tests.followups.surveying import delivered, shop, task_asking, url
from tests.journeys.conftest import PHONE
from tests.journeys.shots import shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
IN_SIGHT = """name => { const at = document.querySelector(name).getBoundingClientRect();
    const bar = document.querySelector(".bar").getBoundingClientRect();
    return at.top >= 0 && at.top < bar.top; }"""


def focused(page, name: str) -> bool:
    return page.evaluate("name => document.activeElement.matches(name)", name)


@pytest.mark.parametrize("plain", ["", "&plain=1"])
def test_a_refused_form_stands_at_what_is_wrong_and_leads_to_the_field(visit, plain):
    place, now = shop(Trade.CARS), timezone.now()
    who, _car = delivered(place, on=timezone.localdate() - timedelta(days=1), now=now)
    task = task_asking(who, "dealer_24h", now=now)
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.manager.username)
        address = f"/customers/{who.pk}/log/?task={task.pk}{plain}" if plain else url(who, task)
        someone.go(address)
        page = someone.page
        if plain:
            page.locator("label:has(input[name=result][value=connected])").click()
        else:
            page.locator("label:has(input[name=willing][value=yes])").click()
            page.locator("label:has(input[name=q_feeling][value='1'])").click()
        page.locator(".bar button:visible").click()
        page.locator(".error-summary").wait_for()
        shoot(page, f"refused{len(plain)}")
        assert focused(page, ".error-summary")
        assert page.evaluate(IN_SIGHT, ".error-summary")
        wrong = "reason" if plain else "q_feeling_text"
        page.locator(f".error-summary a[href='#id_{wrong}_error']").click()
        shoot(page, f"refused{len(plain)}-led")
        assert focused(page, f"[name={wrong}]")
        assert page.evaluate(IN_SIGHT, f"#id_{wrong}_error")
