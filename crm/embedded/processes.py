"""Processes told apart by what they are and where they live, never by a pid alone.

A pid in a file may have been taken over by a stranger since. A server here is recognised by its
program's name and by its working directory, which is its data directory and nobody else's.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TypeAlias

import psutil

from crm.embedded.account import Account, share_with_owner

ServerProcess: TypeAlias = "psutil.Process | psutil.Popen"
PATIENCE = ((signal.SIGTERM, 30.0), (signal.SIGKILL, 10.0))


def start(
    command: Sequence[str | Path], *, directory: Path, log: Path, account: Account | None = None
) -> psutil.Popen:
    """Start a server in a session of its own, so that Ctrl-C at our terminal does not reach it."""
    with log.open("ab") as output:
        share_with_owner(log)
        return psutil.Popen(
            [str(part) for part in command],
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=clean_environment(),
            **(account.as_arguments() if account else {}),
        )


def clean_environment() -> dict[str, str]:
    """Return the environment without what is meant for another PostgreSQL or locale."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PG", "LC_", "LANG"))
    }
    return kept | {"LC_ALL": "C"}


def residents(names: Collection[str], directory: Path) -> list[psutil.Process]:
    """Return the living processes of these names whose working directory is this very folder."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if (
                process.name() in names
                and process.status() != psutil.STATUS_ZOMBIE
                and os.path.samefile(process.cwd(), directory)
            ):
                found.append(process)
    return found


def is_alive(process: ServerProcess) -> bool:
    """Tell whether this very process still runs; one that waits to be reaped does not."""
    if isinstance(process, psutil.Popen):
        return process.poll() is None
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end(
    process: ServerProcess, patience: Sequence[tuple[signal.Signals, float]] = PATIENCE
) -> None:
    """Ask the process to end, ever less politely, until it is gone.

    Not `psutil.wait`: it waits for a dead process to be reaped, and in a container nobody may do
    that for one we did not start ourselves.
    """
    for how, seconds in patience:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(how)
        give_up_at = time.monotonic() + seconds
        while is_alive(process):
            if time.monotonic() > give_up_at:
                break
            time.sleep(0.01)
        else:
            return


def last_lines(log: Path, count: int = 5) -> str:
    """Return the end of a log, for the sentence that says why a server did not start."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(f"  {line}" for line in lines[-count:])


def trim(log: Path, limit: int = 10_000_000) -> None:
    """Set a log aside once it has grown past the limit, keeping one older one."""
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > limit:
            log.replace(log.with_suffix(".log.1"))
