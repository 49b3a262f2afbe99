"""Valkey with its data under `var/valkey`, on a free port of 127.0.0.1 behind a random password."""

import os
import secrets
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from crm.embedded import processes
from crm.embedded.account import owner_of, share_with_owner
from crm.embedded.binaries import find_valkey
from crm.embedded.errors import EngineError

PROGRAMS = ("valkey-server", "redis-server")
START_SECONDS = 120.0
ATTEMPTS = 5


@dataclass(frozen=True)
class Address:
    """Where a Valkey listens and what it wants to hear first."""

    port: int
    password: str

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"


class ValkeyEngine:
    """One embedded Valkey. It appends every write to a file, so that a restart loses no message."""

    name = "Valkey"
    variable = "REDIS_URL"

    def __init__(self, var: Path, *, durable: bool = True) -> None:
        self.account = owner_of(var)
        self.data = var / "valkey"
        self.durable = durable
        self._configuration = self.data / "valkey.conf"
        self._log = var / "log" / "valkey.log"
        self._process: processes.ServerProcess | None = None
        self._address: Address | None = None

    def attach(self) -> str | None:
        """Return the URL of the server that already runs on our data, once it answers."""
        address = self._noted_address()
        living = processes.residents(PROGRAMS, self.data) if self.data.is_dir() else []
        if not living or address is None:
            return None
        self._process, self._address = living[0], address
        return self._when_ready()

    def start(self) -> str:
        """Start the server and return its URL."""
        program = find_valkey()
        self.data.mkdir(mode=0o700, exist_ok=True)
        share_with_owner(self.data)
        if not os.access(self.data, os.W_OK | os.X_OK):
            raise EngineError(
                f"{self.data} belongs to another user. Run Genjin as the user who ran it first."
            )
        for process in processes.residents(PROGRAMS, self.data):
            processes.end(process)
        processes.trim(self._log)
        for address in self._addresses():
            self._write_configuration(address)
            self._address = address
            self._process = processes.start(
                [program, self._configuration.name],
                directory=self.data,
                log=self._log,
                account=self.account,
            )
            if url := self._when_ready():
                return url
        raise EngineError(
            f"Valkey did not start. The end of {self._log} says why:\n"
            + processes.last_lines(self._log)
        )

    def is_alive(self) -> bool:
        return self._process is not None and processes.is_alive(self._process)

    def stop(self) -> None:
        """Stop the server, which writes out what it holds."""
        if self._process is not None:
            processes.end(self._process)
        self._process = None

    def _addresses(self) -> list[Address]:
        """Return the addresses to try: the one our clients already know, else fresh ones.

        Between finding a free port and listening on it somebody else may take it, hence several.
        """
        if self._address is not None:
            return [self._address] * ATTEMPTS
        return [Address(_free_port(), secrets.token_urlsafe(24)) for _ in range(ATTEMPTS)]

    def _write_configuration(self, address: Address) -> None:
        """Write the server's configuration; a password on the command line would show in `ps`."""
        lines = [
            "bind 127.0.0.1",
            f"port {address.port}",
            f"requirepass {address.password}",
            "daemonize no",
            'save ""',
            f"appendonly {'yes' if self.durable else 'no'}",
            "appendfsync everysec",
            "maxmemory-policy noeviction",
        ]
        descriptor = os.open(self._configuration, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write("\n".join(lines) + "\n")
        share_with_owner(self._configuration)

    def _noted_address(self) -> Address | None:
        """Return the address in the configuration last written; None where there is none."""
        try:
            lines = self._configuration.read_text().splitlines()
            noted = dict(line.split(" ", 1) for line in lines if " " in line)
            return Address(int(noted["port"]), noted["requirepass"])
        except (OSError, ValueError, KeyError):
            return None

    def _when_ready(self) -> str | None:
        """Wait until the server answers our password; None when it has ended instead."""
        give_up_at = time.monotonic() + START_SECONDS
        while self.is_alive() and self._address is not None:
            if _answers(self._address):
                return self._address.url
            if time.monotonic() > give_up_at:
                raise EngineError(
                    f"Valkey has not answered in {START_SECONDS:.0f} seconds; {self._log} may say "
                    "why."
                )
            time.sleep(0.02)
        return None


def _answers(address: Address) -> bool:
    """Tell whether a server at the address takes the password and has read its data."""
    try:
        with socket.create_connection(("127.0.0.1", address.port), timeout=2) as connection:
            connection.sendall(f"AUTH {address.password}\r\nPING\r\n".encode())
            heard = b""
            while heard.count(b"\r\n") < 2 and (piece := connection.recv(256)):
                heard += piece
    except OSError:
        return False
    return heard == b"+OK\r\n+PONG\r\n"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
