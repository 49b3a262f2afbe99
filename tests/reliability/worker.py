"""A worker as production has it, in batches of `BATCH`, so that a kill falls between two of them.

`CLOCK` moves its clock by so many seconds.
"""

import os
import time

import django
import time_machine


def main() -> None:
    if moved := float(os.environ.get("CLOCK", "0")):
        time_machine.travel(time.time() + moved, tick=True).start()
    django.setup()
    from crm.celery import app
    from followups.services import engine

    engine.BATCH = int(os.environ.get("BATCH", "2000"))
    app.worker_main(
        [
            "--quiet", "worker", "--loglevel=INFO", "--without-mingle", "--without-gossip",
            "--concurrency=2", f"--hostname=w{os.getpid()}@%h", "--queues=work,bulk,outgoing",
        ]
    )  # fmt: skip


if __name__ == "__main__":
    main()
