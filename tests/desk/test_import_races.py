"""Imports that meet: two of one file, a hand at the same moment, a worker that is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connection, connections
from django.utils import timezone

from core.models import AuditEntry
from core.phones import normalise
from customers.models import Customer, CustomerPhone, OwnedProduct, Project
from customers.services import register_customer
from desk.imports import services, turns
from desk.imports.services import Request, import_customers, prepare
from followups.models import Obligation
from staff.services.system import system_account
from tests.desk.import_sheets import simple
from tests.factories.staff import PersonFactory, StoreFactory

pytestmark = pytest.mark.django_db(transaction=True)

WRITTEN = (Customer, CustomerPhone, Project, OwnedProduct, Obligation, AuditEntry)
PEOPLE = [(f"客户{n}", f"1380013{n:04}") for n in range(60)]


@pytest.fixture
def store():
    return StoreFactory(code="HZ01")


def bring(content: bytes):
    prepared = prepare(
        Request(filename="a.xlsx", content=content, by=system_account()), now=timezone.now()
    )
    return import_customers(prepared, source=None)


def at_once(*contents: bytes) -> list:
    """Import these files at the same moment, each on a connection of its own."""
    start, found = threading.Barrier(len(contents)), []

    def one(content: bytes) -> None:
        try:
            start.wait()
            found.append(bring(content))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=[content]) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_one_file_committed_three_times_at_once_makes_each_customer_once(store):
    system_account()
    outcomes = at_once(*[simple(*PEOPLE)] * 3)
    assert sorted(outcome.created for outcome in outcomes) == [0, 0, 60]
    assert sorted(outcome.unchanged for outcome in outcomes) == [0, 60, 60]
    assert Customer.objects.count() == CustomerPhone.objects.count() == 60


def test_overlapping_files_make_no_customer_twice(store):
    system_account()
    outcomes = at_once(simple(*PEOPLE[:40]), simple(*PEOPLE[20:]))
    assert sum(outcome.created for outcome in outcomes) == 60
    assert Customer.objects.count() == 60


def test_without_the_lock_two_imports_collide(store, monkeypatch):
    """The control: what the lock is for. The unique key still holds; the work is lost."""
    system_account()
    monkeypatch.setattr(services, "take_the_lock", lambda _beat: None)
    monkeypatch.setattr(turns, "MOST_TRIES", 1)
    slow = services.weigh

    def weigh_slowly(prepared):
        found = slow(prepared)
        time.sleep(0.5)
        return found

    monkeypatch.setattr(services, "weigh", weigh_slowly)
    monkeypatch.setattr(threading, "excepthook", lambda _args: None)
    outcomes = at_once(*[simple(*PEOPLE)] * 2)
    assert len(outcomes) == 1
    assert Customer.objects.count() == 60


def test_a_number_registered_by_hand_in_between_is_found_at_the_second_look(store, monkeypatch):
    weigh, times = services.weigh, []

    def weigh_while_somebody_registers(prepared):
        found = weigh(prepared)
        if not times:
            times.append(1)
            thread = threading.Thread(target=register)
            thread.start()
            thread.join()
        return found

    by = PersonFactory(store=store)

    def register() -> None:
        try:
            register_customer(
                name="王建国",
                phones=[normalise("13800138001")],
                store=store,
                owner=by,
                grade="A",
                by=by,
                now=timezone.now(),
            )
        finally:
            connections.close_all()

    monkeypatch.setattr(services, "weigh", weigh_while_somebody_registers)
    outcome = bring(simple(("王建国", "13800138001"), ("李芳", "13800138002")))

    assert (outcome.created, outcome.unchanged) == (1, 1)
    assert Customer.objects.get(name="王建国").owner == by


@pytest.mark.parametrize("step", ["add_customers", "change_customers", "_tell_the_engine"])
def test_an_error_half_way_leaves_nothing(store, monkeypatch, step):
    system_account()
    before = [model.objects.count() for model in WRITTEN]
    done = getattr(services, step)

    def break_after(*args, **kwargs):
        done(*args, **kwargs)
        raise RuntimeError("the machine burns")

    monkeypatch.setattr(services, step, break_after)
    with pytest.raises(RuntimeError):
        bring(simple(*PEOPLE, 产品="X", 交车日期="2026-01-01"))

    assert [model.objects.count() for model in WRITTEN] == before


KILLED = """
import django, os, sys, time
django.setup()
from desk.imports import services
from desk.management.commands.import_customers import Command
told = services._tell_the_engine
def stop(*args, **kwargs):
    told(*args, **kwargs)
    print("written", flush=True)
    time.sleep(60)
services._tell_the_engine = stop
from django.core.management import call_command
call_command("import_customers", sys.argv[1])
"""


def test_a_killed_import_leaves_nothing_and_the_next_one_finishes(store, tmp_path):
    """`kill -9` between the last write and the commit (F12)."""
    file = tmp_path / "客户.xlsx"
    file.write_bytes(simple(*PEOPLE))
    database = connection.settings_dict["NAME"]
    address = os.environ["DATABASE_URL"]
    environment = {**os.environ, "DATABASE_URL": _with_database(address, database)}
    worker = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(file)],
        stdout=subprocess.PIPE,
        env=environment,
        cwd=Path(__file__).parents[2],
        text=True,
    )
    assert worker.stdout is not None
    assert worker.stdout.readline().strip() == "written"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()

    assert not Customer.objects.exists()
    assert not CustomerPhone.objects.exists()
    assert bring(simple(*PEOPLE)).created == 60


def _with_database(address: str, name: str) -> str:
    """The same server, the database of the tests."""
    head, mark, options = address.partition("?")
    return f"{head.rpartition('/')[0]}/{name}{mark}{options}"
