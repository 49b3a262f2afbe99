"""`make run`, with a real checkout, a real launcher and real kills."""

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest

from crm import prepare
from crm.embedded import provide
from crm.run import MARK, CannotRun, listening_socket
from crm.supervisor import Child, Supervisor, end_marked
from tests.crm.embedded_processes import (
    CHECKOUT,
    PROVIDED,
    bare_environment,
    engines_of,
    eventually,
    inhabitants,
    kill,
)

pytestmark = pytest.mark.processes
NOT_COPIED = (".git", ".venv", "var", "node_modules", "*.pyc.*", ".*_cache", ".hypothesis")
# The demonstration is looked at elsewhere; here it need not be large.
FEW = "20"
PROGRAMS = {"web": "gunicorn", "worker": "worker@", "jobs": "jobs@", "beat": "beat"}


class Launcher:
    """One `python -m crm.run`, and what it has said so far."""

    def __init__(self, checkout: Path, **environment: str) -> None:
        self.checkout = checkout
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "crm.run"],
            cwd=checkout,
            env=bare_environment(**environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    @property
    def text(self) -> str:
        return "".join(self.said)

    @property
    def url(self) -> str:
        found = re.search(r"is ready: (http://\S+)", self.text)
        assert found, self.text
        return found[1]

    def is_ready(self) -> bool:
        return "is ready: " in self.text or self.process.poll() is not None

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        code = self.process.wait(timeout=60)
        self._reader.join(timeout=10)
        return code

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            self.said.extend(output)


@contextlib.contextmanager
def running(checkout: Path, **environment: str) -> Iterator[Launcher]:
    """A launcher whose web answers, stopped at the end however the test ends."""
    launcher = Launcher(checkout, **{"DEMO_CUSTOMERS": FEW} | environment)
    try:
        assert eventually(launcher.is_ready, 400), launcher.text
        assert launcher.process.poll() is None, launcher.text
        yield launcher
    finally:
        if launcher.process.poll() is None:
            launcher.stop()


@pytest.fixture(scope="module")
def checkout() -> Iterator[Path]:
    """A copy of this checkout in a path with spaces and Chinese characters."""
    base = Path(tempfile.mkdtemp(prefix="genjin-run-"))
    base.chmod(0o711)
    folder = base / "路径 有 空格" / "genjin"
    shutil.copytree(CHECKOUT, folder, ignore=shutil.ignore_patterns(*NOT_COPIED, ".env"))
    yield folder
    left = inhabitants(base)
    for process in left:
        kill(process)
    shutil.rmtree(base)
    assert not left


def answers(url: str) -> bool:
    host, port = url.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=5)
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    return False


def programs_of(checkout: Path) -> dict[str, psutil.Process]:
    """The main process of each program by its name."""
    found = {}
    for process in inhabitants(checkout):
        with contextlib.suppress(psutil.Error):
            words = " ".join(process.cmdline())
            above = words_of_parent(process)
            for name, sign in PROGRAMS.items():
                if sign in words and sign not in above:
                    found[name] = process
    return found


def words_of_parent(process: psutil.Process) -> str:
    """The parent's command line; empty where it has none, or has just been killed."""
    with contextlib.suppress(psutil.Error):
        parent = process.parent()
        return " ".join(parent.cmdline()) if parent else ""
    return ""


@pytest.fixture(scope="module")
def first(checkout) -> Iterator[Launcher]:
    """The first start, which prepares everything."""
    with running(checkout, PORT=str(free_port())) as launcher:
        yield launcher


def test_run_serves_alone(checkout, first, monkeypatch):
    assert answers(first.url)
    assert eventually(lambda: set(programs_of(checkout)) == set(PROGRAMS)), first.text
    assert write_and_read(checkout, monkeypatch, "SELECT 1") == [(1,)]
    assert engines_of(checkout / "var").keys() == {"postgres", "valkey"}

    second = Launcher(checkout)
    assert second.process.wait(timeout=60) == 1
    assert eventually(lambda: "Genjin cannot start: it already runs" in second.text)
    assert first.url in second.text


def test_whatever_is_killed_comes_back_or_a_second_run_recovers(checkout, first, monkeypatch):
    """At last Ctrl-C leaves no process."""
    port = first.url.rpartition(":")[2]
    write_and_read(checkout, monkeypatch, "CREATE TABLE kept AS SELECT 7 AS x")
    kill_each_and_wait(checkout, first)
    orphans = programs_of(checkout)
    kill(psutil.Process(first.process.pid))
    assert eventually(lambda: orphans.keys() == programs_of(checkout).keys())

    with running(checkout, PORT=port) as second:
        assert "that a killed Genjin had left running" in second.text
        assert not set(orphans.values()) & set(programs_of(checkout).values())
        for process in inhabitants(checkout):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    started = time.monotonic()
    with running(checkout, PORT=port) as third:
        assert time.monotonic() - started < 60
        assert answers(third.url)
        assert eventually(lambda: logins_in(third.text) == logins_in(first.text) != [])
        assert write_and_read(checkout, monkeypatch, "SELECT x FROM kept") == [(7,)]
        assert third.stop() == 0
    assert not inhabitants(checkout)


def logins_in(text: str) -> list[str]:
    """What the launcher said after the address: who can sign in."""
    lines = [line.removeprefix("genjin | ") for line in text.splitlines() if "genjin | " in line]
    start = next(i for i, line in enumerate(lines) if "is ready: " in line)
    return [line for line in lines[start + 1 :] if "genjin-demo" in line]


def kill_each_and_wait(checkout: Path, launcher: Launcher) -> None:
    """`kill -9` every program and server; wait until each has been replaced and the web answers."""

    def everything() -> dict[str, psutil.Process]:
        return {**programs_of(checkout), **engines_of(checkout / "var")}

    assert eventually(lambda: len(everything()) == len(PROGRAMS) + 2), launcher.text
    before = everything()
    for process in before.values():
        kill(process)

    def is_replaced() -> bool:
        now = everything()
        return now.keys() == before.keys() and not set(now.values()) & set(before.values())

    assert eventually(is_replaced), launcher.text
    assert eventually(lambda: answers(launcher.url)), launcher.text
    assert "web was ended by signal 9; starting it again" in launcher.text
    assert "PostgreSQL had ended; it was started again" in launcher.text


def write_and_read(checkout: Path, monkeypatch: pytest.MonkeyPatch, sql: str) -> list[tuple]:
    """Attach to the checkout's running engines, as any `manage.py` command does, and run SQL."""
    with monkeypatch.context() as patch:
        for name in PROVIDED:
            patch.delenv(name, raising=False)
        with contextlib.ExitStack() as stack:
            stack.enter_context(provide(checkout / "var", settings_file=None))
            connection = psycopg2.connect(os.environ["DATABASE_URL"])
            stack.enter_context(contextlib.closing(connection))
            connection.autocommit = True
            cursor = stack.enter_context(connection.cursor())
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_second_copy_beside_finds_another_port(monkeypatch):
    monkeypatch.delenv("PORT", raising=False)
    with listening_socket() as one, listening_socket() as other:
        ports = [listener.getsockname()[1] for listener in (one, other)]
        assert 8000 <= ports[0] < ports[1]


def test_a_port_that_is_taken_is_refused_with_a_sentence(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(CannotRun, match=f"port {port} on 127.0.0.1 cannot be used"):
            listening_socket().__enter__()


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("PORT", "eighty", "PORT is 'eighty'; set it to a number from 1 to 65535"),
        ("PORT", "70000", "PORT is '70000'"),
        ("HOST", "no.such.host.invalid", "is no address of this machine"),
    ],
)
def test_a_nonsensical_address_is_refused_by_its_name(monkeypatch, variable, value, sentence):
    monkeypatch.setenv(variable, value)
    with pytest.raises(CannotRun, match=sentence):
        listening_socket().__enter__()


def test_sigterm_while_the_database_is_prepared_leaves_nothing(checkout):
    launcher = Launcher(checkout)
    assert eventually(lambda: engines_of(checkout / "var").keys() == {"postgres", "valkey"})
    assert launcher.stop(signal.SIGTERM) != 0
    assert eventually(lambda: not inhabitants(checkout))


def supervise(command: str, *, seconds: float = 20) -> tuple[Supervisor, int]:
    """Run one shell command under a supervisor of its own, for a while at most."""
    child = Child(name="child", command=["sh", "-c", command])
    supervisor = Supervisor([child], environment=dict(os.environ))
    timer = threading.Timer(seconds, supervisor.stop)
    timer.start()
    code = supervisor.run()
    timer.cancel()
    return supervisor, code


def test_a_child_that_keeps_dying_ends_them_all_with_a_sentence(monkeypatch, capfd):
    monkeypatch.setattr("crm.supervisor.FIRST_PAUSE", 0.01)

    _, code = supervise("echo its reason; exit 3")

    heard = capfd.readouterr().out
    assert code == 1
    assert heard.count("its reason") == 6
    assert "ended with exit code 3 and has now failed 6 times in a row" in heard


def test_a_child_that_will_not_end_is_ended_and_so_is_what_it_started(monkeypatch, tmp_path):
    monkeypatch.setattr("crm.supervisor.STOP_SECONDS", 0.3)
    pids = tmp_path / "pids"

    _, code = supervise(
        f"trap '' TERM; sleep 600 & echo $! > {pids}; echo $$ >> {pids}; while :; do sleep 1; done",
        seconds=1,
    )

    assert code == 0
    left = [int(pid) for pid in pids.read_text().split()]
    assert len(left) == 2
    assert eventually(lambda: not [pid for pid in left if is_running(pid)])


def is_running(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def test_only_processes_with_our_mark_are_ended():
    with (
        subprocess.Popen(["sleep", "600"], env={MARK: "/here"}) as ours,
        subprocess.Popen(["sleep", "600"], env={MARK: "/elsewhere"}) as theirs,
    ):
        assert end_marked(MARK, "/here") == 1
        assert ours.wait(timeout=5) == -signal.SIGTERM
        assert theirs.poll() is None
        theirs.kill()


def test_static_files_are_collected_again_only_when_one_has_changed(settings, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a{}")
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]

    assert prepare.collect_static()
    assert not prepare.collect_static()
    (source / "a.css").write_text("a{color:red}")
    assert prepare.collect_static()
