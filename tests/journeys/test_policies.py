"""The rules of filing: read, set from a day on, and a period replayed under others."""

import json
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from core.models import Job
from core.states import JobState
from filings.models import Deal
from filings.queries.what_if import Period
from filings.rules import Terms
from filings.services.policies import set_policy
from filings.services.what_if import ask_what_if, do_what_if
from staff.states import Role, Trade
from tests.factories.staff import PersonFactory
from tests.filings.casting import CASES, Cast, Play
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PLAYED = ("C01", "C07", "C24")


def spring():
    """Three cases of one spring, replayed under eight days of protection."""
    cast = Cast(CASES["cast"])
    for case in CASES["cases"]:
        if case["id"] in PLAYED:
            text = json.dumps(case).replace('"O1"', f'"{case["id"]}-O1"')
            Play(json.loads(text), cast).run()
    boss = PersonFactory(username="zongjian", role=Role.OPS_MANAGER)
    trade = Deal.objects.first().store.trade
    period = Period(trade=trade, first=date(2026, 3, 1), last=date(2026, 4, 30))
    terms = replace(Terms(), protection_days=8)
    job = ask_what_if(period=period, terms=terms, changed=["protection_days"], by=boss)
    do_what_if(SimpleNamespace(job=job, advance=lambda done, total: None))
    Job.objects.filter(pk=job.pk).update(
        state=JobState.DONE, result=json.loads(json.dumps(job.result)), ended_at=timezone.now()
    )
    set_policy(
        trade=Trade.MATTRESSES, valid_from=timezone.localdate() + timedelta(days=9), by=boss,
        terms=replace(Terms(), protection_days=7, lapse_by="deposit"), note="旺季试行",
        now=timezone.now(),
    )  # fmt: skip
    return boss, job


@pytest.mark.parametrize(("size", "name"), [(PHONE, "390"), (DESK, "1440")])
def test_rules_are_read_changed_and_tried(visit, size, name):
    boss, job = spring()
    with visit(size) as someone:
        someone.sign_in(boss.username)
        page = someone.page
        someone.go("/policies/?trade=furniture")
        page.locator("#trade-furniture").wait_for()
        shoot(page, f"policies-{name}")
        someone.go("/policies/new/furniture/")
        page.fill("[name=protection_days]", "7")
        page.fill("[name=note]", "旺季")
        page.locator(".policy-form > .act").click()
        page.locator(".policy-look").wait_for()
        shoot(page, f"policy-new-{name}")
        page.locator(".policy-look .act").click()
        page.wait_for_url("**/policies/?trade=furniture")
        someone.go("/policies/what-if/")
        shoot(page, f"what-if-{name}")
        someone.go(f"/policies/what-if/{job.pk}/")
        page.locator(".flip summary").first.click()
        shoot(page, f"what-if-result-{name}")
