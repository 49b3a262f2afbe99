"""A whole installation to be ill-treated: real PostgreSQL, Valkey, worker and beat of its own.

Each program leads a session of its own, so that a kill takes all of it.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import rmtree

import psutil
import psycopg2
import redis

from crm.embedded import Provision, provide
from tests.crm.embedded_processes import CHECKOUT, PROVIDED, bare_environment
from tests.engines_plugin import SETTINGS

TEMPLATE = "genjin_shipped"


class Site:
    """One installation; `fresh()` gives it an empty database with what migrations ship."""

    def __init__(self, var: Path, provision: Provision, urls: dict[str, str]) -> None:
        self.var = var
        self.provision = provision
        self.home = urls["DATABASE_URL"]
        self.broker = urls["REDIS_URL"]
        self.database = ""
        self.running: list[subprocess.Popen[bytes]] = []
        self._count = 0

    def url_of(self, database: str) -> str:
        before, _, query = self.home.partition("?")
        return before.rsplit("/", 1)[0] + f"/{database}" + (f"?{query}" if query else "")

    def environment(self, **more: str) -> dict[str, str]:
        database = self.url_of(self.database or TEMPLATE)
        ours = {
            "DJANGO_SETTINGS_MODULE": "tests.reliability.settings",
            "DATABASE_URL": database,
            "REDIS_URL": self.broker,
            "PYTHONUNBUFFERED": "1",
        }
        return bare_environment(**SETTINGS | ours | more)

    def prepare(self) -> None:
        """Migrate once; every scenario begins with a copy."""
        self._command(f"CREATE DATABASE {TEMPLATE}")
        words = ["manage.py", "migrate", "--verbosity=0", "--skip-checks"]
        self.python(words, PGOPTIONS="-c synchronous_commit=off")

    def fresh(self) -> None:
        """Begin anew: an empty database, an empty broker, nothing running."""
        self.stop()
        self._count += 1
        self.database = f"scenario_{self._count}"
        self._command(f"CREATE DATABASE {self.database} TEMPLATE {TEMPLATE}")
        self.valkey().flushall()

    def script(self, code: str, **more: str) -> str:
        """Run Python beside Django on this database; returns what it printed."""
        return self.python(["-c", f"import django; django.setup()\n{code}"], **more)

    def python(self, words: list[str], **more: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=CHECKOUT,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def start(self, program: str, *words: str, **more: str) -> subprocess.Popen[bytes]:
        """Start `tests.reliability.<program>` in a session of its own."""
        log = (self.var.parent / f"{program}-{len(self.running)}.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", f"tests.reliability.{program}", *words],
            cwd=CHECKOUT,
            env=self.environment(**more),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """`kill -9` the program and all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)

    def stop(self) -> None:
        for process in self.running:
            self.kill(process)
        self.running.clear()

    def check(self) -> None:
        """Say at once why a program that should run does not."""
        for process in self.running:
            if process.poll() is not None and process.returncode != -signal.SIGKILL:
                logs = sorted(self.var.parent.glob("*.log"))
                raise AssertionError("\n".join(log.read_text()[-2000:] for log in logs))

    def rows(self, sql: str) -> list[tuple]:
        self.check()
        with contextlib.closing(psycopg2.connect(self.url_of(self.database))) as line:
            line.autocommit = True
            with line.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall() if cursor.description else []

    def number(self, sql: str) -> int:
        return self.rows(sql)[0][0]

    def valkey(self) -> redis.Redis:
        return redis.Redis.from_url(self.broker)

    def kill_valkey(self) -> None:
        """`kill -9` the broker; `revive_valkey` brings it back where it was."""
        self._valkey_process().kill()

    def revive_valkey(self) -> None:
        assert eventually(self.provision.revive, 30)

    def _valkey_process(self) -> psutil.Process:
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.name() == "valkey-server" and Path(process.cwd()) == self.var / "valkey":
                    return process
        raise LookupError("no Valkey runs here")

    def _command(self, sql: str) -> None:
        with contextlib.closing(psycopg2.connect(self.home)) as line:
            line.autocommit = True
            with line.cursor() as cursor:
                cursor.execute(sql)


@contextlib.contextmanager
def site_of_its_own() -> Iterator[Site]:
    """Servers in a folder of their own, durable as in production, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="genjin-reliability-"))
    folder.chmod(0o711)
    before = {name: os.environ.pop(name) for name in PROVIDED if name in os.environ}
    try:
        with provide(folder / "var", settings_file=None) as provision:
            urls = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
            site = Site((folder / "var").resolve(), provision, urls)
            try:
                site.prepare()
                yield site
            finally:
                site.stop()
    finally:
        os.environ.update(before)
        if "KEEP_LOGS" not in os.environ:
            rmtree(folder, ignore_errors=True)


def eventually(condition: Callable[[], object], seconds: float = 60) -> bool:
    """Tell whether the condition comes true in time; where it fails meanwhile it is asked again."""
    give_up_at = time.monotonic() + seconds
    while True:
        with contextlib.suppress(psycopg2.Error, redis.RedisError, LookupError):
            if condition():
                return True
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.1)
