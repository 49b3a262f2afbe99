"""Keeps a few programs running side by side, their output on one screen.

A program that dies is started again, after a pause that grows while it keeps dying; one that dies
again and again ends them all, because it will not mend by itself. Each runs in a session of its
own, so that Ctrl-C reaches only us and the stop is orderly.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

import psutil

from crm.embedded.processes import is_alive

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
# A program that lived this long has shown that it can.
STEADY_SECONDS = 60.0
FAILURES_ALLOWED = 6
# Time for a worker to finish the task in hand; what is cut off is a row and is taken up again.
STOP_SECONDS = 20.0
ORPHAN_SECONDS = 5.0
TICK = 0.2


@dataclass(kw_only=True)
class Child:
    """A program to keep running, and how it has fared."""

    name: str
    command: Sequence[str]
    files: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    start_at: float = field(default=0.0)


class Supervisor:
    """Runs children until it is told to stop or one of them cannot be kept running."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        environment: Mapping[str, str],
        each_second: Callable[[], None] = lambda: None,
    ) -> None:
        self.children = list(children)
        self.environment = dict(environment)
        self.each_second = each_second
        self._width = max((len(child.name) for child in children), default=0)
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._hurry = False
        self._failed = False

    def run(self) -> int:
        """Keep the children running; return 0 once told to stop, 1 when one cannot be kept."""
        handled = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._on_signal) for number in handled}
        try:
            next_look = 0.0
            while not self._stopping.is_set():
                self._tend()
                if time.monotonic() >= next_look:
                    self.each_second()
                    next_look = time.monotonic() + 1.0
                time.sleep(TICK)
        finally:
            self._end_all()
            for number, handler in before.items():
                signal.signal(number, handler)
        return 1 if self._failed else 0

    def stop(self, *, failed: bool = False) -> None:
        """Have `run` stop all children and return."""
        self._failed = self._failed or failed
        self._stopping.set()

    def say(self, line: str, name: str = "genjin") -> None:
        """Write one line to the screen, under the name of whoever says it."""
        with self._lock, contextlib.suppress(OSError, ValueError):
            sys.stdout.write(f"{name:<{self._width}} | {line}\n")
            sys.stdout.flush()

    def _on_signal(self, number: int, _frame: object) -> None:
        # No output here: the lock of `say` may be held by the very code we interrupt.
        self._hurry = self._stopping.is_set()
        self._stopping.set()

    def _tend(self) -> None:
        """Start what is due to start and note what has died."""
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._note_death(child)
            if child.process is None and time.monotonic() >= child.start_at:
                self._start(child)

    def _start(self, child: Child) -> None:
        child.started_at = time.monotonic()
        child.process = subprocess.Popen(
            child.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=child.files,
            env=self.environment,
        )
        threading.Thread(
            target=self._relay, args=(child.name, child.process.stdout), daemon=True
        ).start()

    def _note_death(self, child: Child) -> None:
        process, child.process = child.process, None
        assert process is not None  # noqa: S101  only called for a child that has run
        _end_group(process.pid)
        lived = time.monotonic() - child.started_at
        child.failures = 1 if lived > STEADY_SECONDS else child.failures + 1
        if child.failures >= FAILURES_ALLOWED:
            self.say(
                f"{child.name} {_ending(process.returncode)} and has now failed {child.failures} "
                "times in a row; everything is stopped. Its last lines above say why."
            )
            self.stop(failed=True)
            child.start_at = float("inf")
            return
        pause = min(FIRST_PAUSE * 2 ** (child.failures - 1), LONGEST_PAUSE)
        child.start_at = time.monotonic() + pause
        self.say(f"{child.name} {_ending(process.returncode)}; starting it again in {pause:.0f} s")

    def _relay(self, name: str, output: IO[bytes]) -> None:
        """Pass on a child's lines; keep reading whatever happens, or the child would block."""
        for line in output:
            self.say(line.decode("utf-8", "replace").rstrip(), name)
        output.close()

    def _end_all(self) -> None:
        """Ask all children to end, wait for what they have in hand, then make sure of it."""
        running = [child.process for child in self.children if child.process is not None]
        if running:
            self.say("stopping; press Ctrl-C again not to wait for what is in hand")
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        give_up_at = time.monotonic() + STOP_SECONDS
        while any(process.poll() is None for process in running):
            if self._hurry or time.monotonic() > give_up_at:
                break
            time.sleep(0.05)
        for process in running:
            process.kill()
            _end_group(process.pid)
            process.wait()
        for child in self.children:
            child.process = None


def end_marked(name: str, value: str) -> int:
    """End every process that carries this variable in its environment; return how many.

    This is how the children of a launcher that was killed are found: pids are taken over by
    strangers, an environment is not.
    """
    orphans = [process for process in psutil.process_iter() if _carries(process, name, value)]
    for how in (signal.SIGTERM, signal.SIGKILL):
        for process in orphans:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(how)
        give_up_at = time.monotonic() + ORPHAN_SECONDS
        while any(is_alive(process) for process in orphans) and time.monotonic() < give_up_at:
            time.sleep(0.05)
    return len(orphans)


def _carries(process: psutil.Process, name: str, value: str) -> bool:
    try:
        return process.pid != os.getpid() and process.environ().get(name) == value
    except (psutil.Error, OSError):
        return False


def _end_group(leader: int) -> None:
    """End what a dead leader has left of its session, such as the pool of a killed worker."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _ending(code: int) -> str:
    return f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
