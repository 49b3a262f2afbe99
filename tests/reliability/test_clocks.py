"""T01, T04 … T07, T11: clocks that jump, days off, zones with summer time, corrected anchors."""

import os
import signal
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from core.calendars import add_months
from customers.models import Customer, OwnedProduct
from followups.models import Obligation
from followups.services import engine
from followups.states import State
from staff.models import Store
from tests.followups.build import at, customer, delivery, dues, shop
from tests.followups.oracle import months_later
from tests.reliability.site import Site, eventually

YEAR = 366 * 24 * 3600
ALIVE = "SELECT extract(epoch FROM max(at)) FROM core_heartbeat WHERE part = 'engine'"
TICKS = "SELECT count(*) FROM lines"
LINE = "tests.reliability.tasks.line"


def ticks_after_move(site: Site, seconds: int, **more: str) -> int:
    """Let beat tick, move its clock, and count what it sends in the five seconds after that."""
    site.start("worker")
    beat = site.start("beat", CLOCK=str(seconds), EXTRA=LINE, **more)
    assert eventually(lambda: site.number(TICKS) >= 3, 60)
    os.kill(beat.pid, signal.SIGUSR1)
    time.sleep(3)  # what was sent before has arrived
    before = site.number(TICKS)
    time.sleep(5)
    return site.number(TICKS) - before


@pytest.mark.processes
@pytest.mark.parametrize("seconds", [86_400, -86_400, YEAR, -5])
def test_t04_beat_goes_on_whatever_its_clock_says(site, report, seconds):
    ticks = ticks_after_move(site, seconds)
    report("beat with a moved clock", moved=f"{seconds} s", ticks=ticks)
    assert ticks >= 2


@pytest.mark.processes
def test_t04_control_celerys_own_scheduler_stops_when_the_clock_is_set_back(site, report):
    ticks = ticks_after_move(site, -86_400, SCHEDULER="celery.beat:Scheduler")
    report("control: Celery's scheduler", ticks=ticks)
    assert ticks == 0


@pytest.mark.processes
def test_t04_a_worker_a_year_ahead_for_a_while_doubles_and_loses_nothing(site, report):
    site.script("from tests.reliability.seed import seed; seed(30)")
    for seconds in (0, YEAR, -YEAR, 90, 0):
        worker = site.start("worker", CLOCK=str(seconds))
        site.valkey().delete("work")
        before = site.number(ALIVE)
        site.script("from crm.celery import app; app.send_task('followups.tasks.ask_what_is_due')")
        assert eventually(lambda before=before: site.number(ALIVE) != before, 60)
        site.kill(worker)
    once = "SELECT count(*) FROM (SELECT DISTINCT step_id, subject_id, occurrence, due_on FROM "
    rows = site.number("SELECT count(*) FROM followups_obligation")
    wrong = site.number(
        "SELECT count(*) FROM followups_obligation row JOIN followups_step step"
        "  ON step.id = row.step_id JOIN customers_ownedproduct car ON car.id = row.subject_id"
        " WHERE step.code = 'dealer_7d' AND row.due_on <> car.delivered_on + 7"
    )
    report("a worker's clock a year off", obligations=rows, wrong_days=wrong)
    assert rows == site.number(f"{once} followups_obligation) each")
    assert wrong == 0
    assert site.number("SELECT count(*) FROM followups_obligation WHERE state = 'cancelled'") == 0


def test_t05_every_anchor_day_of_eight_years_keeps_its_months():
    day, wrong = date(2024, 1, 1), 0
    while day <= date(2031, 12, 31):
        for months in (12, 24, 36, 48, 60):
            wrong += add_months(day, months) != months_later(day, months)
        day += timedelta(days=1)
    assert wrong == 0
    assert add_months(date(2024, 2, 29), 48) == date(2028, 2, 29)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)


@pytest.mark.django_db
def test_t05_the_database_counts_the_same_months():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d::date, m, (d + make_interval(months => m))::date"
            "  FROM generate_series('2024-01-01'::timestamp, '2031-12-31', '1 day') d"
            "  CROSS JOIN unnest(ARRAY[12, 24, 36, 48, 60]) m"
        )
        rows = cursor.fetchall()
    assert len(rows) == 2922 * 5
    assert [row for row in rows if months_later(row[0], row[1]) != row[2]] == []


def owner(zone: str = "Asia/Shanghai", *, now: datetime, **said) -> Customer:
    """A car owner of a store in `zone`."""
    place = shop()
    Store.objects.filter(pk=place.store.pk).update(zone=zone)
    place.store.refresh_from_db()
    who = customer(place, now=now, grade="B2")
    delivery(who, now=now, **said)
    return who


@pytest.mark.django_db
def test_t06_a_corrected_delivery_moves_what_is_open_and_doubles_nothing():
    now = at("2026-05-18 20:00")
    who = owner(now=now, on=date(2026, 5, 18))
    engine.ask(now=now)
    Obligation.objects.filter(customer=who, step__code="dealer_24h").update(
        state=State.DONE, closed_at=now
    )
    done = dues(who, states=[State.DONE])
    for day in (date(2026, 5, 16), date(2026, 5, 20), date(2026, 5, 16)):
        OwnedProduct.objects.filter(customer=who).update(delivered_on=day)
        engine.touch_and_ask(customers=[who.pk], now=now)
        engine.ask(now=now)
        assert dues(who, states=[State.DONE]) == done
        assert dict(dues(who))["dealer_7d"] == day + timedelta(days=7)
    keys = Obligation.objects.values_list("step", "subject_id", "occurrence")
    assert len(keys) == len(set(keys))


@pytest.mark.django_db
@pytest.mark.parametrize("days", [3, 10, 40])
def test_t07_after_days_off_each_missed_task_stands_once_on_its_own_day(days):
    delivered = date(2026, 5, 1)
    who = owner(now=at("2026-05-01 10:00"), on=delivered)
    on_time = owner(now=at("2026-05-01 10:00"), on=delivered)
    for day in range(days + 1):  # the twin is asked every day
        engine.ask(now=at("2026-05-01 12:00") + timedelta(days=day),
                   customers=[on_time.pk])  # fmt: skip
    late = at("2026-05-01 12:00") + timedelta(days=days)
    engine.ask(now=late)
    engine.ask(now=late)
    assert dues(who) == dues(on_time)
    missed = [due for _code, due in dues(who) if due < late.date()]
    assert len(missed) >= (2 if days < 7 else 3)
    assert late.date() not in [due for code, due in dues(who) if code == "dealer_7d" and days != 7]


ZONES = ["Europe/Berlin", "America/New_York", "Pacific/Pago_Pago", "Pacific/Kiritimati"]


NIGHTS = [
    date(2026, 3, 8), date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 1), date(2026, 12, 31),
    date(2027, 3, 14), date(2027, 3, 28), date(2027, 10, 31), date(2027, 11, 7),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("night", NIGHTS, ids=str)
@pytest.mark.parametrize("zone", ZONES)
def test_t01_t11_the_night_of_the_change_makes_each_limit_once_and_exact(zone, night):
    """Delivered in the night before or of a change: 24 hours exact, 7 days end at 24:00 there."""
    place = ZoneInfo(zone)
    handed = datetime(night.year, night.month, night.day, 1, 30, tzinfo=place)
    who = owner(zone, now=handed, on=night, at=handed)
    for hour in (0, 1, 23, 24, 25):
        engine.ask(now=handed + timedelta(hours=hour), customers=[who.pk])
    rows = {row.step.code: row for row in Obligation.objects.filter(customer=who)}
    assert Obligation.objects.filter(customer=who).count() == len(rows)
    assert rows["dealer_24h"].due_at - handed.astimezone(UTC) == timedelta(hours=24)
    end = night + timedelta(days=8)
    assert rows["dealer_7d"].due_at == datetime(end.year, end.month, end.day, tzinfo=place)
    assert rows["dealer_7d"].due_on == night + timedelta(days=7)
