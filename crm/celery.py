"""Celery, configured once: a queue, safe-to-repeat tasks, and beat that only asks.

PostgreSQL holds what is due; a message is a nudge. Losing every message loses nothing,
because beat asks the rows again each minute.
"""

import os

from celery import Celery, Task

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")


class SafeTask(Task):
    """Every task of the house: acknowledged late, taken up again when its worker dies."""

    acks_late = True
    reject_on_worker_lost = True
    ignore_result = True


app = Celery("genjin", task_cls=SafeTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
