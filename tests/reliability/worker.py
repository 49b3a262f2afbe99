"""A worker as production has it, in small batches, so that a kill falls between two of them.

`CLOCK` moves its clock by so many seconds; `VISIBILITY` is how long a task may take before the
broker hands it to another.
"""

import os
import sys

import time_machine


def main() -> None:
    if moved := float(os.environ.get("CLOCK", "0")):
        import time

        time_machine.travel(time.time() + moved, tick=True).start()
    from crm.celery import app
    from followups.services import engine

    engine.BATCH = int(os.environ.get("BATCH", "2000"))
    if seconds := os.environ.get("VISIBILITY"):
        app.conf.broker_transport_options = {
            **app.conf.broker_transport_options,
            "visibility_timeout": int(seconds),
        }
    app.conf.include = ["tests.reliability.tasks"]
    app.worker_main(
        [
            "--quiet", "worker", "--loglevel=INFO", "--without-mingle", "--without-gossip",
            "--concurrency=2", f"--hostname=w{os.getpid()}@%h", "--queues=work,bulk,outgoing",
            *sys.argv[1:],
        ]
    )  # fmt: skip


if __name__ == "__main__":
    main()
