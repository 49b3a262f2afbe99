"""Which worker does what, asked of Celery's own router."""

import pytest

from crm.celery import app

QUEUES = {
    "desk.tasks.import_customers": "bulk",
    "desk.tasks.preview_customers": "bulk",
    "desk.tasks.export_customers": "bulk",
    "desk.tasks.act_on_many": "bulk",
    "desk.tasks.hand_over": "bulk",
    "desk.tasks.import_history": "bulk",
    "desk.tasks.preview_history": "bulk",
    "desk.tasks.write_return": "bulk",
    "desk.tasks.bring_late_rows": "work",
    "customers.tasks.propose_grades_of_the_day": "work",
    "desk.tasks.import_leads": "bulk",
    "desk.tasks.take_dropped_leads": "bulk",
    "customers.tasks.hand_out_leads": "work",
    "customers.tasks.reckon_chances": "work",
    "core.tasks.take_up_waiting_jobs": "work",
    "core.tasks.remove_expired_files": "work",
    "followups.tasks.ask_what_is_due": "work",
    "staff.tasks.send_reset_link": "work",
}


@pytest.mark.parametrize(("task", "queue"), QUEUES.items())
def test_long_work_never_stands_before_a_nudge(task, queue):
    assert app.amqp.router.route({}, task)["queue"].name == queue


def test_every_task_of_the_house_has_a_queue_that_is_named_here():
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    assert ours <= QUEUES.keys()
