"""Beat as production has it, in a hurry: each entry every second, or every `EVERY` seconds.

`CLOCK` moves its clock by so many seconds after `MOVES_AFTER` seconds, as a person or NTP would.
"""

import os
import threading
import time

import time_machine


def move_later(seconds: float, after: float) -> None:
    """Move the clock of this process while it runs."""
    time.sleep(after)
    time_machine.travel(time.time() + seconds, tick=True).start()


def main() -> None:
    from crm.celery import app

    every = float(os.environ.get("EVERY", "1"))
    names = os.environ.get("ENTRIES", "ask-what-is-due,take-up-waiting-jobs").split(",")
    app.conf.beat_schedule = {
        name: {**entry, "schedule": every, "options": {}}
        for name, entry in app.conf.beat_schedule.items()
        if name in names
    }
    if extra := os.environ.get("EXTRA"):
        app.conf.beat_schedule = {
            **app.conf.beat_schedule, extra: {"task": extra, "schedule": every}
        }  # fmt: skip
    if moved := float(os.environ.get("CLOCK", "0")):
        after = float(os.environ.get("MOVES_AFTER", "3"))
        threading.Thread(target=move_later, args=(moved, after), daemon=True).start()
    scheduler = os.environ.get("SCHEDULER", app.conf.beat_scheduler)
    app.Beat(scheduler=scheduler, loglevel="INFO", pidfile=None, schedule="/dev/null").run()


if __name__ == "__main__":
    main()
