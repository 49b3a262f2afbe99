"""Operations change a plan, a manager sees what was reported up and who is away."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from followups import services
from followups.models import Step
from followups.services.escalations import report_overdue
from staff.states import Role
from tests.factories.staff import PersonFactory
from tests.followups.build import customer, delivery, shop
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("SHOTS", "")


def shot(someone, name: str) -> None:
    if SHOTS:
        someone.page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


@pytest.mark.parametrize(("size", "wide"), [(PHONE, 390), (DESK, 1440)])
def test_operations_change_a_plan_and_see_what_moves(visit, size, wide):
    now = timezone.now()
    place = shop()
    ops = PersonFactory(role=Role.OPS_MANAGER, username=f"ops{wide}", name="周运营")
    for _number in range(3):
        who = customer(place, now=now, grade="B2")
        delivery(who, on=timezone.localdate(now), now=now)
    services.ask(now=now)
    plan = Step.objects.get(code="dealer_7d").plan
    with visit(size) as someone:
        someone.sign_in(ops.username)
        someone.go("/plans/")
        shot(someone, f"plans-{wide}")
        someone.go(f"/plans/{plan.pk}/")
        row = someone.page.locator("details:has(summary:has-text('7天回访'))")
        row.locator("summary").click()
        row.locator("input[name$=offset]").fill("5")
        row.locator("input[name$=offset]").blur()
        shot(someone, f"plan-{wide}")
        someone.page.locator("button[value=look]").click()
        someone.page.wait_for_url("**/plan-looks/**")
        shot(someone, f"plan-look-{wide}")
        someone.page.fill("[name=note]", "车主希望早点接到电话")
        someone.page.locator(".bar button.act").click()
        someone.page.wait_for_url("**/versions/")
        shot(someone, f"plan-versions-{wide}")
        someone.page.locator(".version a.link").nth(1).click()
        shot(someone, f"plan-version-{wide}")
        someone.go("/plans/new/")
        shot(someone, f"plan-new-{wide}")
    assert Step.objects.get(code="dealer_7d").offset == 5


@pytest.mark.parametrize(("size", "wide"), [(PHONE, 390), (DESK, 1440)])
def test_a_manager_sees_what_went_up_and_writes_leave_down(visit, size, wide):
    now = timezone.now()
    then = now - timedelta(days=12)
    place = shop()
    place.manager.name, place.seller.name = "王店长", "小林"
    place.manager.save()
    place.seller.save()
    PersonFactory(role=Role.OPS_MANAGER, name="周运营")
    chen = PersonFactory(role=Role.SALES_STORE, store=place.store, name="小陈", username="chen")
    for _number in range(3):
        who = customer(place, now=then, grade="B2")
        delivery(who, on=timezone.localdate(then), now=then)
    services.ask(now=now)
    report_overdue(now=now)
    with visit(size) as someone:
        someone.sign_in(place.manager.username)
        someone.go("/behind/")
        shot(someone, f"behind-{wide}")
        someone.go("/reported/")
        shot(someone, f"reported-{wide}")
        someone.page.locator("a[href$='/give/']").first.click()
        shot(someone, f"give-{wide}")
        someone.go("/absences/")
        page = someone.page
        page.select_option("[name=person]", label=f"小林 · {place.store.name}")
        page.select_option("[name=stand_in]", label=f"小陈 · {place.store.name}")
        page.fill("[name=ends_on]", (timezone.localdate() + timedelta(days=2)).isoformat())
        page.locator("form.form-page button.act").click()
        page.wait_for_selector(".away")
        shot(someone, f"absences-{wide}")
    with visit(size) as someone:
        someone.sign_in(chen.username)
        someone.go("/today/")
        shot(someone, f"today-stand-in-{wide}")
        assert "小林" in someone.page.locator(".task").first.inner_text()
