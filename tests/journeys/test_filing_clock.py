"""The duty of a filing on Today, and what a contact does to it said before the tap."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from filings.models import Filing
from followups.services import touch_and_ask
from tests.filings.filed import filed, people
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_duty_is_done_and_the_protection_moves(visit):
    who = people()
    today = who["store"].store.today(timezone.now())
    noon = datetime.combine(today - timedelta(days=3), time(12), who["store"].store.tzinfo)
    held = filed(who["store"], now=noon)
    touch_and_ask(customers=[held.customer_id], now=timezone.now())
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(who["store"].username)
        page = someone.page
        someone.go("/today/")
        shoot(page, "today-390")
        someone.go(
            f"/customers/{held.customer_id}/log/?task={held.customer.tasks.get(has_hour_limit=True).pk}"
        )
        page.locator("label:has(input[name=result][value=unanswered])").click()
        assert page.locator("p.filed:visible").count() == 1
        shoot(page, "log-missed-390")
        page.locator("label:has(input[name=result][value=connected])").click()
        assert page.locator("p.filed:visible b").count() == 2
        shoot(page, "log-reached-390")
        page.locator("label:has(input[name=reason][value=design])").click()
        page.locator("button.act[type=submit]").click()
        page.wait_for_url(lambda url: "/log/" not in url)
    held.refresh_from_db()
    assert Filing.objects.get(pk=held.pk).acted_at > noon
    with visit(DESK) as someone:
        someone.sign_in(who["store"].username)
        someone.go(f"/customers/{held.customer_id}/log/")
        shoot(someone.page, "log-1440")
        someone.go(f"/customers/{held.customer_id}/measuring/new/")
        shoot(someone.page, "measuring-1440")
        someone.go("/notices/")
