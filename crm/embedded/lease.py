"""One process's use of one embedded server, counted so that the last one out stops it.

Two lock files do it. `<name>.lock` is held for a moment by whoever starts, attaches or stops, so
these never overlap. `<name>.use` is held shared for as long as a process uses the server; whoever
leaves and can then hold it alone was the last. The kernel drops both when a process dies, so a
count can never be left wrong.
"""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from crm.embedded.account import share_with_owner


class Engine(Protocol):
    """An embedded server that a lease can hold."""

    name: str
    variable: str

    def attach(self) -> str | None:
        """Return the URL of the server already running on our data, once it is ready."""

    def start(self) -> str:
        """Start the server, at the address it had before if any; return its URL."""

    def is_alive(self) -> bool:
        """Tell whether the server attached to or started still runs."""

    def stop(self) -> None:
        """Stop the server and wait until it is gone."""


class Lease:
    """The use of an engine by this process, from `take` to `give_back`."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self._lock_path = folder / f"{engine.name.lower()}.lock"
        self._use_path = folder / f"{engine.name.lower()}.use"
        self._use: IO[bytes] | None = None

    def take(self) -> str:
        """Attach to the living server or start one; return its URL."""
        with self._deciding():
            use = self._use_path.open("ab")
            share_with_owner(self._use_path)
            fcntl.flock(use, fcntl.LOCK_SH)
            try:
                url = self.engine.attach() or self.engine.start()
            except BaseException:  # a Ctrl-C too must not leave a server that is half started
                self._leave(use)
                raise
            self._use = use
        return url

    def revive(self) -> bool:
        """Start the server again if it has died; tell whether that was needed."""
        if self.engine.is_alive():
            return False
        with self._deciding():
            if self.engine.attach() is None:
                self.engine.start()
        return True

    def give_back(self) -> None:
        """End this use, and stop the server if nobody else uses it."""
        if self._use is None:
            return
        use, self._use = self._use, None
        with self._deciding():
            self._leave(use)

    def _leave(self, use: IO[bytes]) -> None:
        with use, contextlib.suppress(BlockingIOError):
            fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.engine.stop()

    @contextlib.contextmanager
    def _deciding(self) -> Iterator[None]:
        with self._lock_path.open("ab") as lock:
            share_with_owner(self._lock_path)
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def is_used(folder: Path, name: str) -> bool:
    """Tell whether any living process uses the engine of this name whose locks are in `folder`."""
    try:
        with (folder / f"{name.lower()}.use").open("ab") as use:
            fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
