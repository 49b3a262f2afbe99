"""Beat as production has it; `CLOCK` moves its clock by so many seconds after `MOVES_AFTER`."""

import os
import threading
import time

import django
import time_machine


def move_later(seconds: float, after: float) -> None:
    """Move the clock of this process while it runs, as a person or NTP would."""
    time.sleep(after)
    time_machine.travel(time.time() + seconds, tick=True).start()


def main() -> None:
    django.setup()
    from crm.celery import app

    if moved := float(os.environ.get("CLOCK", "0")):
        after = float(os.environ.get("MOVES_AFTER", "3"))
        threading.Thread(target=move_later, args=(moved, after), daemon=True).start()
    app.Beat(loglevel="INFO", pidfile=None).run()


if __name__ == "__main__":
    main()
