"""Tasks that stand for what we do *not* do: work that is only a message, or only happens once.

They write a line each time they run, and the scenarios count the lines.
"""

import time

from celery import shared_task
from django.db import connection


def note(what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS lines (what text, at timestamptz)")
        cursor.execute("INSERT INTO lines VALUES (%s, clock_timestamp())", [what])


@shared_task(name="tests.reliability.tasks.line")
def line(what: str = "tick", seconds: float = 0.0) -> None:
    """Wait, then write a line: done twice, it stands twice."""
    time.sleep(seconds)
    note(what)


@shared_task(name="tests.reliability.tasks.slow_job")
def slow_job(job_id: int) -> None:
    """A job as the house has them, slower than the broker's patience."""
    from core.services.jobs import working

    with working(job_id) as work:
        if work is None:
            return
        for part in range(8):
            work.advance(part, 8)
            time.sleep(1)
        note("job")
