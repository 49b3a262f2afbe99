"""Gives the test run a throw-away PostgreSQL and Valkey before pytest-django reads the settings.

Loaded early (`-p tests.engines_plugin`): a conftest.py would come too late. Where DATABASE_URL and
REDIS_URL are set, those servers are used instead. Workers of pytest-xdist share the servers, and
have a database of their own on each.
"""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from crm.embedded import provide
from crm.embedded.lease import is_used
from crm.embedded.postgres import PostgresEngine
from crm.embedded.valkey import ValkeyEngine
from tests.made_once import being_made

PREFIX = "genjin-tests-"
# Fixed, so that what a test encrypts or hashes is the same in every run.
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "crm.settings",
    "DEBUG": "false",
    "SECRET_KEY": "only-for-tests-" + "0123456789" * 4,
    "PHONE_ENCRYPTION_KEY": "b25seS1mb3ItdGVzdHMtMDEyMzQ1Njc4OTAxMjM0NTY=",
    "PHONE_INDEX_KEY": "0123456789abcdef" * 4,
}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Start the engines, and have them stopped after everything else has let go of them."""
    stack = contextlib.ExitStack()
    folder = stack.enter_context(throw_away_engines())
    if folder is not None and getattr(early_config.known_args_namespace, "numprocesses", None):
        stack.enter_context(being_made(folder / "made-once"))
    early_config.add_cleanup(stack.close)
    return (yield)


@contextlib.contextmanager
def throw_away_engines() -> Iterator[Path | None]:
    """Provide settings for tests and engines that are gone, with all data, at the end.

    Yields the folder that goes with them; None where somebody else provides the engines.
    """
    before = dict(os.environ)
    os.environ.update(SETTINGS)
    keep_what_was_compiled()
    try:
        if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
            keep_to_own_database_of_broker()
            yield None
            return
        sweep_abandoned()
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        folder.chmod(0o711)  # PostgreSQL's own account passes through when we are root
        try:
            with provide(folder / "var", durable=False, settings_file=None):
                yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.environ.clear()
        os.environ.update(before)


def keep_what_was_compiled() -> None:
    """Images of containers often switch Python's cache off; then each of the hundred processes that
    a run starts would compile the whole product anew, seconds of a processor each.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def keep_to_own_database_of_broker() -> None:
    """Workers gw0, gw1 … use the broker's databases 1, 2 …; pytest-django parts the rest."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        url = os.environ["REDIS_URL"].rsplit("/", 1)[0]
        os.environ["REDIS_URL"] = f"{url}/{int(worker.removeprefix('gw')) + 1}"


def sweep_abandoned() -> None:
    """Stop and remove the engines of test runs that were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/var/run"):
        var = folder.parent
        if folder.stat().st_uid != os.geteuid():
            continue
        if any(is_used(folder, engine.name) for engine in (PostgresEngine, ValkeyEngine)):
            continue
        for engine in (PostgresEngine(var), ValkeyEngine(var)):
            with contextlib.suppress(OSError):
                engine.attach()
                engine.stop()
        shutil.rmtree(var.parent, ignore_errors=True)
