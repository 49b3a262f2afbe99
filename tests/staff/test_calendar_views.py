"""The calendar page: an ops manager sets days, everybody reads."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import BusinessDay, DayOverride
from core.services.calendar import rebuild_business_days
from staff.queries import named_days


@pytest.fixture(autouse=True)
def _table(db):
    """The table of days, in case a test that flushes all tables ran before."""
    if not BusinessDay.objects.exists():
        rebuild_business_days()


def test_everybody_reads_and_only_an_ops_manager_is_offered_the_form(company, as_):
    for person, may in ((company.sales_store, False), (company.ops_manager, True)):
        page = as_(person).get("/calendar/2026/")
        assert page.context["may_edit"] is may
        assert ("/calendar/set/" in page.content.decode()) is may
        assert "调休" in page.content.decode()


def test_a_provisional_year_warns(company, as_):
    browser = as_(company.finance)
    assert not browser.get("/calendar/2025/").context["is_provisional"]
    page = browser.get("/calendar/2059/")
    assert page.context["is_provisional"]
    assert "is-warning" in page.content.decode()


def test_an_ops_manager_sets_a_day_and_takes_it_back(company, as_):
    browser = as_(company.ops_manager)
    day = timezone.localdate() + timedelta(days=30)
    sent = {"day": day.isoformat(), "is_working": "no", "name": "盘点"}
    answer = browser.post("/calendar/set/", sent, follow=True)
    assert "盘点" in answer.content.decode()
    assert DayOverride.objects.get().set_by == company.ops_manager
    browser.post("/calendar/clear/", {"day": day.isoformat()})
    assert not DayOverride.objects.exists()
    again = browser.post("/calendar/clear/", {"day": day.isoformat()}, follow=True)
    assert [message.level_tag for message in again.context["messages"]][-1] == "error"


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"day": "2020-01-01", "is_working": "no", "name": "x"}, "day"),
        ({"day": "2026-02-30", "is_working": "no", "name": "x"}, "day"),
        ({"day": "9999-12-31", "is_working": "no", "name": "x"}, "day"),
        ({"day": "", "is_working": "no", "name": "x"}, "day"),
        ({"day": "2030-01-01", "is_working": "maybe", "name": "x"}, "is_working"),
        ({"day": "2030-01-01", "is_working": "no", "name": ""}, "name"),
        ({"day": "2030-01-01", "is_working": "no", "name": "x" * 61}, "name"),
        ({"day": "2030-01-01\x00", "is_working": "no", "name": "a\x00"}, "name"),
        ({}, "day"),
    ],
)
def test_what_cannot_be_set_gets_a_sentence(company, as_, sent, wrong):
    answer = as_(company.ops_manager).post("/calendar/set/", sent)
    assert answer.status_code == 200
    assert answer.context["form"].errors[wrong]
    assert not DayOverride.objects.exists()


def test_a_clearing_without_a_day_is_404(company, as_):
    for sent in ({}, {"day": "x"}, {"day": "99999-01-01"}):
        assert as_(company.ops_manager).post("/calendar/clear/", sent).status_code == 404


def test_named_days_are_holidays_make_up_days_and_our_own(company):
    DayOverride.objects.create(day="2026-06-02", is_working=False, name="盘点")
    rebuild_business_days()
    days = {day.day.isoformat(): day for day in named_days(2026)}
    assert (days["2026-06-02"].is_own, days["2026-06-02"].is_working) == (True, False)
    assert not days["2026-10-01"].is_own
    assert any(day.is_working and day.day.weekday() >= 5 for day in days.values())
    assert "2026-06-03" not in days
