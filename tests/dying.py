"""A process of its own that works on the test's database and dies on its way (`kill -9`).

Each is forked off one that has read the product and done nothing else: reading it takes two or
three seconds of a processor.
"""

import functools
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from django.db import connection

SECONDS = 60
FORKING = [sys.executable, "-m", "tests.dying"]


def die(script: str) -> None:
    """Run the script in a process that knows nothing of ours, and see that it died by its hand."""
    assert ended(script) == -signal.SIGKILL


def ended(script: str) -> int:
    """How a process ended that ran the script: its exit code, or less than 0 for a signal's."""
    forking = _forking()
    assert forking.stdin is not None
    assert forking.stdout is not None
    order = {"database": connection.settings_dict["NAME"], "script": script}
    forking.stdin.write(json.dumps(order) + "\n")
    forking.stdin.flush()
    return int(forking.stdout.readline())


@functools.cache
def _forking() -> subprocess.Popen[str]:
    """The process to fork off; it ends when this one does and its orders with it."""
    return subprocess.Popen(
        FORKING,
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def fork_as_told() -> None:
    """Read the product; then for each line that comes fork a process, and say how it ended."""
    import gc

    import django
    from django.urls import get_resolver

    gc.disable()
    django.setup()
    assert get_resolver().url_patterns
    gc.freeze()
    told = os.dup(1)
    os.dup2(2, 1)  # what a script prints is no answer
    for line in sys.stdin:
        order = json.loads(line)
        if (child := os.fork()) == 0:
            _run(**order)
        _, status = os.waitpid(child, 0)
        os.write(told, f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _run(*, database: str, script: str) -> None:
    """Run the script on the database as if the process had begun with it, then end."""
    import traceback

    code = 1
    try:
        signal.alarm(SECONDS)
        connection.settings_dict["NAME"] = database
        exec(script, {"__name__": "__main__"})  # noqa: S102  ours, from the tests
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    fork_as_told()
