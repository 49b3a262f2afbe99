"""The embedded engines, with real servers: started, attached to, killed, copied, denied."""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis

from crm.embedded import EngineError, Provision, binaries, provide
from tests.crm.embedded_processes import (
    CHECKOUT,
    PROVIDED,
    bare_environment,
    engines_of,
    eventually,
    holding,
    inhabitants,
    kill,
)

pytestmark = pytest.mark.processes


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder with spaces and Chinese characters in its path, where nothing is left running."""
    base = Path(tempfile.mkdtemp(prefix="genjin-place-"))
    base.chmod(0o711)
    folder = base / "路径 有 空格"
    folder.mkdir()
    yield folder
    left = inhabitants(base)
    for process in left:
        kill(process)
    shutil.rmtree(base)
    assert not left


@pytest.fixture
def var(place: Path) -> Path:
    return place / "var"


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROVIDED:
        monkeypatch.delenv(name, raising=False)


@contextlib.contextmanager
def engines(var: Path, *, durable: bool = False) -> Iterator[Provision]:
    with provide(var, durable=durable, settings_file=None) as provision:
        yield provision


def query(sql: str, url: str | None = None) -> list[tuple]:
    url = url or os.environ["DATABASE_URL"]
    with contextlib.closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []


def broker() -> redis.Redis:
    return redis.Redis.from_url(os.environ["REDIS_URL"])


def test_engines_start_in_a_path_with_spaces_and_chinese_and_know_chinese_trigrams(var):
    with engines(var):
        assert os.environ["DATABASE_URL"].startswith("postgresql:///genjin?host=/")
        query("CREATE EXTENSION pg_trgm")
        query("CREATE EXTENSION btree_gist")
        assert len(query("SELECT unnest(show_trgm('张伟'))")) == 3
        with contextlib.closing(broker()) as client:
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}

    assert not engines_of(var)
    assert not set(PROVIDED) & set(os.environ)


def test_data_and_keys_survive_a_stop(var):
    with engines(var, durable=True):
        keys = {name: os.environ[name] for name in PROVIDED[2:]}
        query("CREATE TABLE kept AS SELECT 7 AS x")
        with contextlib.closing(broker()) as client:
            client.rpush("work", "a message")

    with engines(var, durable=True):
        assert {name: os.environ[name] for name in PROVIDED[2:]} == keys
        assert query("SELECT x FROM kept") == [(7,)]
        with contextlib.closing(broker()) as client:
            assert client.lrange("work", 0, -1) == [b"a message"]


def test_keys_and_password_are_readable_by_their_owner_only(var):
    with engines(var):
        for file in (var / "keys.env", var / "valkey" / "valkey.conf"):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_two_copies_run_beside_each_other(place):
    with engines(place / "one"):
        first = os.environ["DATABASE_URL"], os.environ["REDIS_URL"]
        query("CREATE TABLE only_here ()")
        with holding(place / "two") as other:
            assert not set(other.urls()) & set(first)
        assert query("SELECT count(*) FROM only_here") == [(0,)]


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_a_killed_server_comes_back_at_the_same_address_with_its_data(var, name):
    with engines(var, durable=True) as provision:
        before = os.environ["DATABASE_URL"], os.environ["REDIS_URL"]
        query("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS x")
        with contextlib.closing(broker()) as client:
            client.rpush("work", "a message")

        kill(engines_of(var)[name])

        assert eventually(provision.revive)
        assert (os.environ["DATABASE_URL"], os.environ["REDIS_URL"]) == before
        assert query("SELECT count(*) FROM kept") == [(1000,)]
        with contextlib.closing(broker()) as client:
            assert client.lrange("work", 0, -1) == [b"a message"]


def test_killed_servers_and_owner_leave_nothing_that_stops_the_next_start(var):
    with holding(var) as owner:
        owner.urls()
        owner.leave(signal.SIGKILL)
        for process in engines_of(var).values():
            kill(process)

    with engines(var):
        assert query("SELECT 1") == [(1,)]


def test_the_next_start_attaches_to_servers_whose_owner_was_killed(var):
    with holding(var) as owner:
        urls = owner.urls()
        owner.leave(signal.SIGKILL)
    before = engines_of(var)
    assert set(before) == {"postgres", "valkey"}

    with engines(var):
        assert [os.environ["DATABASE_URL"], os.environ["REDIS_URL"]] == urls
        assert engines_of(var) == before

    assert not engines_of(var)


def test_who_attaches_does_not_stop_what_another_uses(var):
    with holding(var) as owner:
        owner.urls()
        before = engines_of(var)

        with engines(var):
            assert query("SELECT 1") == [(1,)]

        assert engines_of(var) == before
    assert not engines_of(var)


def test_who_started_leaves_it_running_for_who_still_uses_it(var):
    with holding(var) as owner:
        owner.urls()
        with engines(var):
            owner.leave(signal.SIGTERM)
            assert query("SELECT 1") == [(1,)]
    assert not engines_of(var)


def test_processes_that_start_at_the_same_moment_share_one_server(var):
    with contextlib.ExitStack() as stack:
        holders = [stack.enter_context(holding(var, begin=False)) for _ in range(6)]
        for holder in holders:
            holder.begin()
        assert len({tuple(holder.urls()) for holder in holders}) == 1
    assert not engines_of(var)


def test_a_stale_pid_that_a_stranger_has_taken_over_harms_nobody(var):
    with engines(var):
        pass
    with subprocess.Popen(["sleep", "600"]) as stranger:
        note_pid(var, stranger.pid)

        with engines(var):
            assert query("SELECT 1") == [(1,)]

        assert stranger.poll() is None
        stranger.kill()


def test_a_stale_pid_of_another_postgres_harms_nobody(place):
    with holding(place / "other") as other:
        urls = other.urls()
        theirs = engines_of(place / "other")
        with engines(place / "var"):
            pass
        note_pid(place / "var", theirs["postgres"].pid)

        with engines(place / "var"):
            assert query("SELECT 1") == [(1,)]

        assert engines_of(place / "other") == theirs
        assert query("SELECT 1", urls[0]) == [(1,)]


def note_pid(var: Path, pid: int) -> None:
    """Write the pid file a killed server leaves, with the pid that somebody else has now."""
    file = var / "postgres" / "postmaster.pid"
    file.write_text(f"{pid}\n{var}/postgres\n1\n5432\n/tmp\n\n  1  1\nready   \n")
    shutil.chown(file, (var / "postgres").stat().st_uid)


def test_a_copy_of_a_running_installation_leaves_the_original_alone(place):
    with holding(place / "var") as original:
        urls = original.urls()
        theirs = engines_of(place / "var")
        shutil.copytree(
            place / "var", place / "copy", copy_function=copy_what_is_there, symlinks=True
        )
        shutil.chown(place / "copy" / "postgres", (place / "var" / "postgres").stat().st_uid)
        for folder in (place / "copy" / "postgres").rglob("*"):
            shutil.chown(folder, (place / "var" / "postgres").stat().st_uid)

        with engines(place / "copy"):
            assert os.environ["DATABASE_URL"] != urls[0]
            assert os.environ["REDIS_URL"] != urls[1]

        assert engines_of(place / "var") == theirs
        assert query("SELECT 1", urls[0]) == [(1,)]


def copy_what_is_there(source: str, target: str) -> None:
    with contextlib.suppress(OSError):  # files come and go under a running server
        shutil.copy2(source, target)


def test_missing_keys_beside_data_are_refused_and_never_remade(var):
    with engines(var):
        pass
    (var / "keys.env").rename(var / "away")

    with pytest.raises(EngineError, match=r"keys\.env is missing.*backup"), engines(var):
        pass

    assert not (var / "keys.env").exists()


def test_an_incomplete_keys_file_is_refused_by_the_name_it_lacks(var):
    with engines(var):
        pass
    kept = (var / "keys.env").read_text().splitlines()
    (var / "keys.env").write_text("\n".join(k for k in kept if "INDEX" not in k) + "\n")

    with pytest.raises(EngineError, match="lacks PHONE_INDEX_KEY"), engines(var):
        pass


def test_servers_and_keys_named_in_the_environment_are_left_as_they_are(var, monkeypatch):
    for name in PROVIDED:
        monkeypatch.setenv(name, "given")

    with engines(var):
        assert {os.environ[name] for name in PROVIDED} == {"given"}

    assert not var.exists()


def test_a_server_named_in_the_settings_file_is_used(var, place):
    (place / ".env").write_text("DATABASE_URL=postgresql://named/there\n")

    with provide(var, durable=False, settings_file=place / ".env"):
        assert os.environ["DATABASE_URL"] == "postgresql://named/there"
        assert set(engines_of(var)) == {"valkey"}


def test_production_imports_no_engine():
    given = dict.fromkeys(PROVIDED, "given")
    code = (
        "import sys\n"
        "from crm.embedded import provide\n"
        "with provide(settings_file=None): pass\n"
        "sys.exit([m for m in sys.modules if m.startswith('crm.embedded.')"
        " and m not in ('crm.embedded.errors', 'crm.embedded.provision')] != [])\n"
    )
    command = [sys.executable, "-c", code]
    subprocess.run(command, cwd=CHECKOUT, env=bare_environment(**given), check=True)


def test_libpq_variables_for_another_server_do_not_lead_away_from_ours(var, monkeypatch):
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGHOSTADDR", "127.0.0.1")
    with engines(var):
        assert query("SELECT 1") == [(1,)]
    assert os.environ["PGPORT"] == "1"


def test_data_of_another_major_version_is_refused_with_both_versions(var):
    with engines(var):
        pass
    (var / "postgres" / "PG_VERSION").write_text("14\n")

    with pytest.raises(EngineError, match=r"made by PostgreSQL 14, but .* is 1\d"), engines(var):
        pass


def test_where_no_server_is_found_the_refusal_says_what_to_install(monkeypatch):
    monkeypatch.setattr(binaries, "_package", lambda name: None)
    monkeypatch.setattr(binaries, "_major", lambda folder: 0)
    monkeypatch.setenv("PATH", "/nonexistent")

    with pytest.raises(EngineError, match="apt-get install postgresql"):
        binaries.find_postgres()
    with pytest.raises(EngineError, match="apt-get install redis-server"):
        binaries.find_valkey()


def test_a_postgres_of_the_system_serves_where_the_wheel_is_missing(var, monkeypatch):
    folders = [f for f in Path("/usr/lib/postgresql").glob("*/bin") if (f / "initdb").exists()]
    if not folders:
        pytest.skip("this machine has no PostgreSQL of its own")
    monkeypatch.setenv("PG_BINDIR", str(folders[0]))

    with engines(var):
        assert query("SHOW server_version_num")[0][0].startswith(folders[0].parent.name)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_root_in_a_closed_folder_opens_nothing_and_loses_nothing(place):
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    var = closed / "var"
    with engines(var, durable=True):
        query("CREATE TABLE kept AS SELECT 7 AS x")
    home = (var / "postgres").resolve()
    try:
        with engines(var, durable=True):
            assert query("SELECT x FROM kept") == [(7,)]
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        assert home.is_relative_to("/var/lib")
    finally:
        shutil.rmtree(home.parent)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_normal_user_runs_them_too_and_so_does_root_in_that_users_folder(place):
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    account: dict[str, Any] = {"user": 65534, "group": 65534, "extra_groups": []}
    packages = str(Path(psycopg2.__file__).parents[1])
    code = (
        "import os, sys; from pathlib import Path; from crm.embedded import provide\n"
        "with provide(Path(sys.argv[1]), settings_file=None): print(os.getuid())\n"
    )
    environment = bare_environment(PYTHONPATH=f"{CHECKOUT}:{packages}", HOME="/nonexistent")
    home = place / "home"
    home.mkdir()
    os.chown(home, 65534, 65534)

    def as_user() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(python), "-B", "-c", code, str(home / "var")],
            cwd="/",
            env=environment,
            capture_output=True,
            text=True,
            **account,
        )

    if (
        python is None
        or subprocess.run(
            [python, "-c", "import crm.embedded.postgres"], cwd="/", env=environment, **account
        ).returncode
    ):
        pytest.skip("no Python here that another user may run with our packages")
    for _ in range(2):
        with engines(home / "var"):
            assert query("SELECT 1") == [(1,)]
        answer = as_user()
        assert answer.stdout == "65534\n", answer.stderr
