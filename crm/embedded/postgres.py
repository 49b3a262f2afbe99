"""PostgreSQL with its data under `var/postgres`, heard on a Unix socket and nowhere else."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crm.embedded import processes
from crm.embedded.account import (
    Account,
    account_for,
    hand_over,
    reachable_programs,
    settle_home,
)
from crm.embedded.binaries import Postgres, find_postgres
from crm.embedded.errors import EngineError
from crm.embedded.memory import shared_buffers

ROLE = "genjin"
PROGRAM = ("postgres",)
# Fast shutdown, then immediate (the next start replays the log), then the axe.
PATIENCE = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 15.0), (signal.SIGKILL, 10.0))
# A crash with much to replay takes its time; as long as the server lives we wait this long.
START_SECONDS = 600.0
Command = list[str | Path]
CHARACTER_TYPES = ("C.UTF-8", "en_US.UTF-8", "UTF-8")
# For tests alone: nothing outlives a crash, and two hundred people may come at once.
THROWN_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "300",
}


@dataclass(frozen=True)
class PidFile:
    """What a server has written into its `postmaster.pid`."""

    pid: int
    socket_folder: Path
    status: str


class PostgresEngine:
    """One embedded PostgreSQL; `durable=False` trades safety for speed, for tests only."""

    name = "PostgreSQL"
    variable = "DATABASE_URL"

    def __init__(self, var: Path, *, durable: bool = True) -> None:
        self.account: Account | None = account_for(var)
        self._place = var / "postgres"
        self.durable = durable
        self._log = var / "log" / "postgres.log"
        self._process: processes.ServerProcess | None = None
        self._socket_folder: Path | None = None

    @property
    def data(self) -> Path:
        return self._place.resolve()

    @property
    def holds_data(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def attach(self) -> str | None:
        """Return the URL of the server that already runs on our data, once it is ready."""
        noted = self._read_pid_file()
        living = {process.pid: process for process in self._residents()}
        if noted is None or noted.pid not in living:
            return None
        self._process = living[noted.pid]
        return self._when_ready()

    def start(self) -> str:
        """Start the server, first making its data if there is none; return its URL."""
        programs = reachable_programs(find_postgres(), self.account)
        settle_home(self._place, self.account)
        self._prepare_data(programs)
        self._clear_the_way()
        folder = self._socket_folder = self._usable_socket_folder()
        processes.trim(self._log)
        command: Command = [programs.postgres, "-D", self.data, "-k", folder, *self._options()]
        self._process = processes.start(
            command, directory=self.data, log=self._log, account=self.account
        )
        url = self._when_ready()
        if url is None:
            raise EngineError(
                f"PostgreSQL did not start. The end of {self._log} says why:\n"
                + processes.last_lines(self._log)
            )
        return url

    def is_alive(self) -> bool:
        return self._process is not None and processes.is_alive(self._process)

    def stop(self) -> None:
        """Stop the server, waiting for its checkpoint, and remove its socket's folder."""
        if self._process is not None:
            processes.end(self._process, PATIENCE)
        if self._socket_folder is not None:
            shutil.rmtree(self._socket_folder, ignore_errors=True)
        self._process = self._socket_folder = None

    def _options(self) -> list[str]:
        options = {"listen_addresses": "", "port": "5432", "unix_socket_permissions": "0700"}
        if self.durable:
            options["shared_buffers"] = shared_buffers()
        else:
            options |= THROWN_AWAY
        return [part for item in options.items() for part in ("-c", "=".join(item))]

    def _when_ready(self) -> str | None:
        """Wait until the server says it is ready; None when it has ended instead."""
        give_up_at = time.monotonic() + START_SECONDS
        while (process := self._process) and self.is_alive():
            noted = self._read_pid_file()
            if noted and noted.status == "ready" and noted.pid == process.pid:
                self._socket_folder = noted.socket_folder
                return f"postgresql:///{ROLE}?host={noted.socket_folder}&user={ROLE}"
            if time.monotonic() > give_up_at:
                raise EngineError(
                    f"PostgreSQL has not become ready in {START_SECONDS:.0f} seconds. "
                    f"{self._log} says what it is doing; it is left running."
                )
            time.sleep(0.02)
        return None

    def _prepare_data(self, programs: Postgres) -> None:
        """Make the data directory if there is none; refuse one we cannot use."""
        if not self.holds_data:
            _make_data(self.data, programs, self.account, durable=self.durable)
        made_by = int((self.data / "PG_VERSION").read_text())
        if made_by != programs.major:
            raise EngineError(
                f"The data in {self.data} was made by PostgreSQL {made_by}, but the one found in "
                f"{programs.bin} is {programs.major}. Set PG_BINDIR to PostgreSQL {made_by}, or "
                "dump the data with the old one and restore it (docs/operations.md, Upgrading)."
            )
        owner = self.data.stat().st_uid
        user = self.account.uid if self.account else os.geteuid()
        if owner != user:
            raise EngineError(
                f"The data in {self.data} belongs to the user with uid {owner}, not {user}. "
                "Run Genjin as the user who ran it first."
            )

    def _clear_the_way(self) -> None:
        """Let go of what a dead server left: its pid file, its socket, its last children.

        PostgreSQL refuses to start while the pid in the file is alive, though it may be anybody's
        by now. No server of ours lives here (`attach` has looked), so the file may go; but then
        nobody but us looks for children that outlived their parent, so they are ended first.
        """
        for orphan in self._residents():
            processes.end(orphan, ((signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)))
        noted = self._read_pid_file()
        left_over = noted and noted.socket_folder != self._socket_folder
        if noted and left_over and self._is_our_socket(noted.socket_folder):
            shutil.rmtree(noted.socket_folder, ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):
            (self.data / "postmaster.pid").unlink()

    def _is_our_socket(self, folder: Path) -> bool:
        """Tell whether the lock beside a socket names our data, not that of a copied pid file."""
        try:
            lines = (folder / ".s.PGSQL.5432.lock").read_text().splitlines()
        except OSError:
            return False
        return folder.name.startswith("genjin-") and lines[1:2] == [str(self.data)]

    def _usable_socket_folder(self) -> Path:
        """Return a short private folder: the one used before if it is still there, else a new one.

        A socket's path may have 104 bytes at most, so it cannot live under `var/`.
        """
        if self._socket_folder is not None and self._socket_folder.is_dir():
            return self._socket_folder
        short = Path("/tmp")  # noqa: S108  mkdtemp makes a private folder in it
        base = short if os.access(short, os.W_OK | os.X_OK) else None
        folder = Path(tempfile.mkdtemp(prefix="genjin-", dir=base))
        hand_over(folder, self.account)
        return folder

    def _residents(self) -> list[processes.psutil.Process]:
        return processes.residents(PROGRAM, self.data) if self.data.is_dir() else []

    def _read_pid_file(self) -> PidFile | None:
        """Return what the pid file says; None where it is missing or half-written."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            status = lines[7].strip() if len(lines) > 7 else ""
            return PidFile(int(lines[0]), Path(lines[4]), status)
        except (OSError, ValueError, IndexError):
            return None


def _make_data(data: Path, programs: Postgres, account: Account | None, *, durable: bool) -> None:
    """Make a data directory with role and database, beside its place and then moved there whole."""
    draft = data.with_name(f"{data.name}.new")
    complaint = ""
    for options in _locale_options(programs.major):
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        hand_over(draft, account)
        complaint = _run_initdb(draft, programs, account, options, durable=durable)
        if "invalid locale" not in complaint:
            break
    if complaint:
        raise EngineError(f"PostgreSQL could not make its data directory {data}:\n{complaint}")
    _create_database(draft, programs, account)
    draft.rename(data)


def _locale_options(major: int) -> Iterator[list[str]]:
    """Yield locale options for initdb, best first.

    Trigrams of Chinese text need a UTF-8 LC_CTYPE whatever the encoding: under plain C there are
    none, and search by name finds nothing. The caller's own locale is never asked.
    """
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else []
    for character_type in CHARACTER_TYPES:
        yield [*builtin, "--locale=C", f"--lc-ctype={character_type}"]


def _run_initdb(
    draft: Path, programs: Postgres, account: Account | None, options: list[str], *, durable: bool
) -> str:
    """Run initdb and return its complaint, empty when it succeeded."""
    command: Command = [
        programs.initdb,
        "-D",
        draft,
        "-U",
        ROLE,
        "-A",
        "trust",
        "-E",
        "UTF8",
        *options,
    ]
    if not durable:
        command.append("--no-sync")
    return _complaint(command, draft, account)


def _create_database(draft: Path, programs: Postgres, account: Account | None) -> None:
    """Create the database with PostgreSQL's single-user mode, which needs no client program."""
    command: Command = [programs.postgres, "--single", "-D", draft, "template1"]
    complaint = _complaint(command, draft, account, say=f"CREATE DATABASE {ROLE};\n")
    if complaint:
        raise EngineError(f"PostgreSQL could not create its database:\n{complaint}")


def _complaint(command: Command, directory: Path, account: Account | None, say: str = "") -> str:
    answer = subprocess.run(
        command,
        input=say,
        capture_output=True,
        text=True,
        errors="replace",
        cwd=directory,
        env=processes.clean_environment(),
        **(account.as_arguments() if account else {}),
    )
    failed = answer.returncode != 0 or "ERROR:" in answer.stderr or "FATAL:" in answer.stderr
    return (answer.stderr or answer.stdout or f"exit {answer.returncode}") if failed else ""
