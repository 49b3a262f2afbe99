"""Puts embedded servers and keys into the environment where it names no others."""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, TypeAlias

from crm.embedded.errors import EngineError

if TYPE_CHECKING:
    from crm.embedded.lease import Lease

CHECKOUT = Path(__file__).resolve().parents[2]
SERVERS = ("DATABASE_URL", "REDIS_URL")
KEYS = ("SECRET_KEY", "PHONE_ENCRYPTION_KEY", "PHONE_INDEX_KEY")
# libpq reads these too, and each would lead it away from our socket.
Handler: TypeAlias = "Callable[[int, FrameType | None], object] | int"
MISLEADING = ("PGHOSTADDR", "PGPORT", "PGSERVICE", "PGOPTIONS")


class Provision:
    """The embedded servers one process uses, for as long as it uses them."""

    def __init__(self, leases: "list[Lease]") -> None:
        self._leases = leases

    def embeds(self, variable: str) -> bool:
        """Tell whether the server of this variable is an embedded one."""
        return any(lease.engine.variable == variable for lease in self._leases)

    def revive(self) -> list[str]:
        """Start again, at the same address, each server that has died; return their names."""
        return [lease.engine.name for lease in self._leases if lease.revive()]


@contextlib.contextmanager
def provide(
    var: Path | None = None,
    *,
    durable: bool = True,
    make_keys: bool = False,
    settings_file: Path | None = CHECKOUT / ".env",
) -> Iterator[Provision]:
    """Give this process a database, a broker and keys: those of the environment, else our own.

    `var` holds all data, by default `var/` of the checkout. Servers that other processes use, or
    that outlived the one that started them, are attached to; whoever leaves last stops them. Keys
    are made beside an embedded database, and beside another one only when `make_keys` says so.
    Raises EngineError with a sentence for the person at the terminal.
    """
    before = dict(os.environ)
    _read_settings_file(settings_file)
    try:
        if _missing(SERVERS) or _missing(KEYS):
            with _embedded(var or CHECKOUT / "var", durable, make_keys) as provision:
                yield provision
        else:
            yield Provision([])
    finally:
        _restore(before)


@contextlib.contextmanager
def engines() -> Iterator[None]:
    """Provide for a command at the terminal: a refusal is printed as a sentence, exit 1."""
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(provide())
        except EngineError as refusal:
            sys.exit(str(refusal))
        yield


@contextlib.contextmanager
def _embedded(var: Path, durable: bool, make_keys: bool) -> Iterator[Provision]:
    embeds = bool(_missing(SERVERS))
    if not (embeds or make_keys or (var / "keys.env").exists()):
        # Real servers and no keys: the settings say by name which variable is missing.
        yield Provision([])
        return
    data_folder(var)
    var = var.resolve()
    with contextlib.ExitStack() as stack:
        if embeds:
            stack.enter_context(_ending_tidily())
        leases = _leases(var, durable=durable) if embeds else []
        os.environ.update(_keys(var))
        stack.callback(_give_back, leases)
        for lease in leases:
            os.environ[lease.engine.variable] = lease.take()
        if "DATABASE_URL" in {lease.engine.variable for lease in leases}:
            for name in MISLEADING:
                os.environ.pop(name, None)
        yield Provision(leases)


def _give_back(leases: "list[Lease]") -> None:
    """Leave the servers, the last started first; an impatient Ctrl-C does not cut this short."""
    with _deaf_to(signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        for lease in reversed(leases):
            lease.give_back()


def _leases(var: Path, *, durable: bool) -> "list[Lease]":
    """Return a lease for each server the environment does not name; not yet taken."""
    try:
        from crm.embedded.lease import Lease
        from crm.embedded.postgres import PostgresEngine
        from crm.embedded.valkey import ValkeyEngine
    except ModuleNotFoundError as error:
        raise EngineError(
            f"{' and '.join(_missing(SERVERS))} must be set: the embedded servers need the Python "
            f"packages of requirements-local.txt ({error.name} is not installed)."
        ) from error
    known = (PostgresEngine(var, durable=durable), ValkeyEngine(var, durable=durable))
    missing = _missing(SERVERS)
    return [Lease(engine, var / "run") for engine in known if engine.variable in missing]


def _keys(var: Path) -> Mapping[str, str]:
    """Return the keys the environment lacks."""
    missing = _missing(KEYS)
    if not missing:
        return {}
    import fcntl

    from crm.embedded.account import share_with_owner
    from crm.embedded.keys import kept_keys

    lock_file = var / "run" / "keys.lock"
    with lock_file.open("ab") as lock:
        share_with_owner(lock_file)
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = kept_keys(var / "keys.env", data_exists=(var / "postgres").exists())
    return {name: kept[name] for name in missing}


def data_folder(var: Path = CHECKOUT / "var") -> Path:
    """Return the folder of all data, made if it is not there.

    Everybody may pass through it, because PostgreSQL's own account must when we are root; what is
    in it is closed to others.
    """
    from crm.embedded.account import share_with_owner

    try:
        for folder in (var, var / "run", var / "log"):
            with contextlib.suppress(FileExistsError):
                folder.mkdir()
                folder.chmod(0o711)
                share_with_owner(folder)
        if not os.access(var / "run", os.W_OK | os.X_OK):
            raise PermissionError
    except PermissionError as error:
        raise EngineError(
            f"{var} cannot be written to. Run Genjin as the user who ran it first, or give the "
            "folder to the user who runs it now."
        ) from error
    return var


@contextlib.contextmanager
def handed_back(var: Path = CHECKOUT / "var") -> Iterator[None]:
    """Leave nothing that only root may touch, when root runs this in somebody's checkout."""
    from crm.embedded.account import hand_back

    try:
        yield
    finally:
        hand_back(var)


def _read_settings_file(file: Path | None) -> None:
    """Read `.env` as the settings will: what it names is not ours to provide."""
    if file and file.exists():
        from dotenv import load_dotenv

        load_dotenv(file)


def _missing(names: tuple[str, ...]) -> list[str]:
    return [name for name in names if not os.environ.get(name)]


def _restore(before: Mapping[str, str]) -> None:
    for name in set(os.environ) - set(before):
        del os.environ[name]
    os.environ.update(before)


@contextlib.contextmanager
def _ending_tidily() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end this process the way an error would, through every `finally`."""

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    ours = [s for s in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(s) is signal.SIG_DFL]
    with _handling(leave, *ours):
        yield


def _deaf_to(*numbers: signal.Signals) -> contextlib.AbstractContextManager[None]:
    return _handling(signal.SIG_IGN, *numbers)


@contextlib.contextmanager
def _handling(handler: Handler, *numbers: signal.Signals) -> Iterator[None]:
    """Handle the signals this way for a while, where they are ours to handle."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)
