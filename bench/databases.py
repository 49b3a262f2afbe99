"""Several databases on the bench's own server, one at a time behind Django's connection."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import connection, transaction


class Databases:
    """Copies of one world: each measured round begins on the same files."""

    def __init__(self) -> None:
        self._first = connection.settings_dict["NAME"]
        # Ten minutes are enough for the product; one statement of the floor does it all.
        connection.settings_dict["OPTIONS"]["options"] += " -c statement_timeout=0"
        connection.close()
        self.most_memory = 0

    def use(self, name: str) -> None:
        """Let Django speak to this database."""
        self._note_memory()
        connection.close()
        connection.settings_dict["NAME"] = name

    def run(self, statements: Iterable[str]) -> None:
        """Each statement by itself, outside a transaction."""
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def settle(self) -> None:
        """What autovacuum would have done by the next day, and nothing left to be written."""
        self.run(("VACUUM ANALYZE", "CHECKPOINT"))

    def keep_as(self, name: str) -> None:
        """The database at hand becomes the one of which copies are made."""
        self.use("postgres")
        self.run((f"ALTER DATABASE {self._first} RENAME TO {name}",))

    def copy(self, name: str, *, of: str) -> None:
        """A fresh copy under this name."""
        self.use("postgres")
        self.run(
            (
                f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
                f"CREATE DATABASE {name} TEMPLATE {of} STRATEGY FILE_COPY",
            )
        )
        self.use(name)

    @transaction.atomic
    def write(self, statements: Iterable[str], params: dict[str, Any]) -> int:
        """Statements in one transaction; returns how many rows the third wrote, after the first.

        That is the obligations, for the floor's statements.
        """
        counts = []
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, params)
                counts.append(cursor.rowcount)
        return counts[3]

    def answers(self, statements: Iterable[str]) -> list[tuple]:
        """The single row of each statement."""
        found = []
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                found.append(cursor.fetchone())
        return found

    def cpu(self) -> float:
        """Seconds of processor that we and our server process have used so far (Linux)."""
        own = sum(os.times()[:2])
        stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
        if not stat.exists():
            return own
        fields = stat.read_text().rsplit(")", 1)[1].split()
        return own + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _note_memory(self) -> None:
        """The peak of the server process that worked for us, shared buffers in it (Linux)."""
        if connection.connection is None or connection.connection.closed:
            return
        status = Path(f"/proc/{connection.connection.info.backend_pid}/status")
        if status.exists():
            peak = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
            self.most_memory = max(self.most_memory, int(peak.split()[1]))
