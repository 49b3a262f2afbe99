"""Beat as production has it; told by SIGUSR1, its clock moves by `CLOCK` seconds."""

import os
import signal
import time

import django
import time_machine


def move_clock(*_signal: object) -> None:
    """Move the clock of this process while it runs, as a person or NTP would."""
    time_machine.travel(time.time() + float(os.environ["CLOCK"]), tick=True).start()


def main() -> None:
    django.setup()
    from crm.celery import app

    signal.signal(signal.SIGUSR1, move_clock)
    app.Beat(loglevel="INFO", pidfile=None).run()


if __name__ == "__main__":
    main()
