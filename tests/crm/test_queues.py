"""Which worker does what, asked of Celery's own router."""

import socket
import time

import pytest
from django.conf import settings
from kombu.exceptions import OperationalError

from crm import run
from crm.celery import app

QUEUES = {
    "desk.tasks.import_customers": "bulk",
    "desk.tasks.preview_customers": "bulk",
    "desk.tasks.export_customers": "bulk",
    "desk.tasks.import_orders": "bulk",
    "desk.tasks.preview_orders": "bulk",
    "desk.tasks.import_stock": "bulk",
    "desk.tasks.preview_stock": "bulk",
    "desk.tasks.act_on_many": "bulk",
    "desk.tasks.hand_over": "bulk",
    "desk.tasks.import_history": "bulk",
    "desk.tasks.preview_history": "bulk",
    "desk.tasks.write_return": "bulk",
    "desk.tasks.bring_late_rows": "work",
    "desk.tasks.complete_drafts": "work",
    "desk.tasks.give_leads_to_holders": "work",
    "customers.tasks.propose_grades_of_the_day": "work",
    "desk.tasks.import_leads": "bulk",
    "desk.tasks.take_dropped_leads": "bulk",
    "customers.tasks.hand_out_leads": "work",
    "customers.tasks.reckon_chances": "work",
    "core.tasks.take_up_waiting_jobs": "work",
    "core.tasks.remove_expired_files": "work",
    "followups.tasks.ask_what_is_due": "work",
    "followups.tasks.write_digests": "work",
    "followups.tasks.report_overdue": "work",
    "followups.tasks.report_late_cases": "work",
    "followups.tasks.rehearse_plan": "bulk",
    "followups.tasks.change_plan": "bulk",
    "desk.tasks.invite_guests": "bulk",
    "filings.tasks.report_late_reviews": "work",
    "filings.tasks.sweep_filings": "work",
    "filings.tasks.seal_rulings": "work",
    "filings.tasks.replay_what_if": "bulk",
    "orders.tasks.export_ledger": "bulk",
    "orders.tasks.owe_looks_at_own_orders": "work",
    "staff.tasks.send_reset_link": "work",
    "stock.tasks.export_board": "bulk",
    "stock.tasks.make_figures": "bulk",
    "stock.tasks.reckon_styles": "bulk",
    "stock.tasks.keep_figures": "work",
    "staff.tasks.send_outgoing": "outgoing",
}


@pytest.mark.parametrize(("task", "queue"), QUEUES.items())
def test_long_work_never_stands_before_a_nudge(task, queue):
    assert app.amqp.router.route({}, task)["queue"].name == queue


def test_every_task_of_the_house_has_a_queue_that_is_named_here():
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    assert ours <= QUEUES.keys()


def test_messages_are_taken_by_a_worker_that_is_not_the_engines(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "RUN", tmp_path)  # a running beat keeps its schedule
    commands = [child.command for child in run.children(socket.socket())]
    queues = [
        part.removeprefix("--queues=").split(",")
        for command in commands
        for part in command
        if part.startswith("--queues=")
    ]
    assert [taken for taken in queues if "outgoing" in taken] == [["bulk", "outgoing"]]
    assert set(QUEUES.values()) == {name for taken in queues for name in taken}


def test_beat_asks_for_messages_each_minute_and_lets_a_late_nudge_go():
    asked = {entry["task"]: entry for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    for task in ("followups.tasks.write_digests", "staff.tasks.send_outgoing"):
        assert (asked[task]["schedule"], asked[task]["options"]) == (60.0, {"expires": 55})


def test_a_nudge_without_a_broker_is_given_up_at_once():
    began = time.monotonic()
    nobody = app.connection_for_write("redis://127.0.0.1:1/0")
    with nobody, pytest.raises(OperationalError):
        app.send_task("core.tasks.nobody_does_this", connection=nobody, retry=False)
    assert time.monotonic() - began < 1.5
