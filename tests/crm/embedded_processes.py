"""Real processes that use embedded engines, for the tests of `crm.embedded` and `crm.run`."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from crm.embedded.processes import is_alive

CHECKOUT = Path(__file__).resolve().parents[2]
PROVIDED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PHONE_ENCRYPTION_KEY", "PHONE_INDEX_KEY")
HOLD = """
import os, sys, time
from pathlib import Path
from crm.embedded import provide
print("here", flush=True)
sys.stdin.readline()
with provide(Path(sys.argv[1]), durable=False, settings_file=None):
    print(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], flush=True)
    sys.stdin.read()
"""


class Holder:
    """Another process that uses the engines on `var` until it is told or made to end."""

    def __init__(self, var: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(var)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
            env=bare_environment(),
        )

    def wait(self) -> None:
        """Wait until it is about to begin."""
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "here\n"

    def begin(self) -> None:
        """Have it begin at this moment."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def urls(self) -> list[str]:
        """Wait until it holds them; return the URLs of database and broker."""
        assert self.process.stdout is not None
        urls = self.process.stdout.readline().split()
        assert len(urls) == 2
        return urls

    def leave(self, how: signal.Signals | None = None) -> int:
        """Have it leave by itself, or by this signal; return its exit code."""
        if how is None:
            assert self.process.stdin is not None
            self.process.stdin.close()
        else:
            self.process.send_signal(how)
        return self.process.wait(timeout=60)


@contextlib.contextmanager
def holding(var: Path, *, begin: bool = True) -> Iterator[Holder]:
    """A holder that is gone, however the test ends; it begins at once unless told not to."""
    holder = Holder(var)
    try:
        holder.wait()
        if begin:
            holder.begin()
        yield holder
    finally:
        if holder.process.poll() is None:
            holder.leave()
        for stream in (holder.process.stdin, holder.process.stdout):
            if stream:
                stream.close()


def bare_environment(**more: str) -> dict[str, str]:
    """Our environment without what the test run itself has been provided with."""
    left_out = {*PROVIDED, "DEBUG", "PORT", "HOST"}
    return {name: value for name, value in os.environ.items() if name not in left_out} | more


def engines_of(var: Path) -> dict[str, psutil.Process]:
    """The living servers on `var` by name; a PostgreSQL is its first process."""
    found = {}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            cwd = Path(process.cwd())
            if process.name() == "postgres" and cwd == (var / "postgres").resolve():
                parent = process.parent()
                if parent is None or parent.name() != "postgres":
                    found["postgres"] = process
            elif process.name() == "valkey-server" and cwd == var / "valkey":
                found["valkey"] = process
    return found


def inhabitants(folder: Path) -> list[psutil.Process]:
    """Every living process that works in the folder or below it."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()).is_relative_to(
                folder
            ):
                found.append(process)
    return found


def kill(process: psutil.Process) -> None:
    """`kill -9`, and wait until it has taken effect."""
    process.kill()
    assert eventually(lambda: not is_alive(process))


def eventually(condition: Callable[[], object], seconds: float = 30) -> bool:
    """Tell whether the condition comes true within the time."""
    give_up_at = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.05)
    return True
