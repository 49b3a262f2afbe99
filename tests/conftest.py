"""What every test stands on: an undefined template variable is an error, not an empty space."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.template import Context, Engine, RequestContext, Template
from django.test import TransactionTestCase, override_settings
from django.utils import translation
from django.utils.safestring import SafeString

from tests import emptying, made_once, taking_turns
from tests.daytime import no_quiet_hours_unless_set

__all__ = ["no_quiet_hours_unless_set"]

TransactionTestCase._fixture_teardown = emptying.empty_all

# The same argon2, at the least it can be given: a hash at Django's own cost takes 0.15 s.
Argon2PasswordHasher.time_cost = 1
Argon2PasswordHasher.memory_cost = 8
Argon2PasswordHasher.parallelism = 1


class UndefinedVariable(AssertionError):
    """A template asked for a variable that nobody gave it."""


class Loud(str):
    """Django puts this in place of an undefined variable, formatting the name into it."""

    def __contains__(self, piece: object) -> bool:
        return piece == "%s" or super().__contains__(piece)

    def __mod__(self, name: object) -> str:
        raise UndefinedVariable(f"undefined template variable: {name}")


LOUD = Loud("%s")


def _in_place(engine: Engine) -> str:
    """What stands for the undefined variable that the caller, a part of Django's, is resolving.

    Found through the caller's frame: asked only where a variable is undefined, it costs the
    thousands that each page resolves nothing.
    """
    frame = sys._getframe(1)
    if frame.f_code.co_name in ("resolve", "_resolve_lookup"):
        origin = frame.f_locals["context"].template.origin.name
        if "/templates/" in origin and "site-packages" not in origin:
            return LOUD
    return engine.__dict__["string_if_invalid"]


@pytest.fixture(scope="session", autouse=True)
def _loud_templates() -> None:
    """Our own templates must define what they print; those of packages keep their habits."""
    Engine.string_if_invalid = property(
        _in_place, lambda engine, text: engine.__dict__.__setitem__("string_if_invalid", text)
    )


@pytest.fixture(scope="session", autouse=True)
def _pieces_of_fields_are_no_pages(django_test_environment: None) -> None:
    """The test client keeps a copy of each template's context; four templates in five are pieces of
    a form's fields, whose context nobody asks for.
    """
    instrumented = Template._render

    def render(self: Template, context: Context) -> SafeString:
        if (self.name or "").startswith("django/forms/widgets/"):
            return self.nodelist.render(context)
        return instrumented(self, context)

    Template._render = render


@pytest.fixture(autouse=True)
def _language_of_the_site() -> Iterator[None]:
    """A page leaves its reader's language behind: the next test begins in the site's own."""
    yield
    translation.deactivate()


class NameTaken(AssertionError):
    """A view gave its page a name by which the frame of every page means something else."""


@pytest.fixture(autouse=True)
def _names_of_the_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    """No view passes a name that a context processor gives: it would change what the frame says."""
    bind_template = RequestContext.bind_template

    @contextmanager
    def bind(self, template):
        with bind_template(self, template):
            origin = template.origin.name or ""
            if "/templates/" in origin and "site-packages" not in origin:
                of_frame = self.dicts[self._processors_index]
                for passed in self.dicts[self._processors_index + 1 :]:
                    if "request" in passed:
                        continue  # a whole page's context handed on to one of its cells
                    if taken := passed.keys() & of_frame.keys():
                        raise NameTaken(f"{origin}: {sorted(taken)}")
            yield

    monkeypatch.setattr(RequestContext, "bind_template", bind)


@pytest.fixture(scope="session", autouse=True)
def _static_files_as_they_lie() -> Iterator[None]:
    """Tests read static files where they are written; nothing is collected for them."""
    backend = "django.contrib.staticfiles.storage.StaticFilesStorage"
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
    with override_settings(STORAGES=storages):
        yield


# A file of tests keeps to one process; what kills servers or drives a browser keeps to one as well,
# because each of these takes the machine for itself.
MACHINE = "machine"
# The reliability suite has servers of its own and mostly waits: it runs beside the others.
# Folders whose tests share what was made once, or servers.
TOGETHER = ("reliability", "demo")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are no name of a test: a workbook holds the second in which each process made it.

    Nor are texts of a megabyte, which every process would tell every other.
    """
    return argname if isinstance(val, bytes) or len(str(val)) > 200 else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Say which tests must not run beside each other when there are several processes, and which
    of them begin.

    Said before xdist reads it, and seen by `test_conventions`.
    """
    for item in items:
        is_alone = item.get_closest_marker("processes") or "visit" in getattr(
            item, "fixturenames", ()
        )
        group = MACHINE if is_alone else str(item.path)
        if item.path.parent.name in TOGETHER:
            group = item.path.parent.name
        item.add_marker(pytest.mark.xdist_group(group))
    yield
    if "PYTEST_XDIST_WORKER" in os.environ:
        taking_turns.longest_first(items, first=MACHINE)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the garbage collector need not look through it each
    time, which took a twentieth of the run.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Among several processes each copies the database that has been made once."""
    connection.settings_dict["TEST"]["TEMPLATE"] = made_once.template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Keep a copy of what migrations ship beside the tables that tests empty; at the end send away
    whoever is still connected, whose process or thread a test has killed: the database goes.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        emptying.keep_shipped_rows(cursor)
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _is_flushed(request: pytest.FixtureRequest) -> bool:
    """The test commits for real, so that the one before it may have emptied the tables."""
    marker = request.node.get_closest_marker("django_db")
    is_marked = marker is not None and marker.kwargs.get("transaction", False)
    return is_marked or bool({"transactional_db", "live_server"} & set(request.fixturenames))


@pytest.fixture(autouse=True)
def _shipped_rows(request: pytest.FixtureRequest) -> None:
    """Tests that commit start from what migrations ship, and leave exactly that behind."""
    if _is_flushed(request):
        request.getfixturevalue("transactional_db")
