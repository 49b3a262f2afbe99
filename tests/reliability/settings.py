"""Production's settings in a hurry: few entries of beat, sent every `EVERY` seconds.

`VISIBILITY` is how many seconds a task may take before the broker hands it to another; `EXTRA`
names one more task that beat sends; `SCHEDULER` another scheduler than ours.
"""

import os

from crm.settings import *  # noqa: F403
from crm.settings import (
    CELERY_BEAT_SCHEDULE,
    CELERY_BEAT_SCHEDULER,
    CELERY_BROKER_TRANSPORT_OPTIONS,
)

CELERY_IMPORTS = ["tests.reliability.tasks"]
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **CELERY_BROKER_TRANSPORT_OPTIONS,
    "visibility_timeout": int(os.environ.get("VISIBILITY", "1800")),
}
_EVERY = float(os.environ.get("EVERY", "1"))
CELERY_BEAT_SCHEDULE = {
    name: {"task": CELERY_BEAT_SCHEDULE[name]["task"], "schedule": _EVERY}
    for name in ("ask-what-is-due", "take-up-waiting-jobs")
}
if "EXTRA" in os.environ:
    CELERY_BEAT_SCHEDULE["extra"] = {"task": os.environ["EXTRA"], "schedule": _EVERY}
CELERY_BEAT_SCHEDULER = os.environ.get("SCHEDULER", CELERY_BEAT_SCHEDULER)
