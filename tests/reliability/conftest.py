"""The reliability suite: each promise under a real fault, beside a control that must fail.

`make prove` runs it and prints what it saw, in minutes; `PROVE=long make prove` takes what the
promise says. Among all tests only what needs no servers of its own runs.
"""

import os
import sys
import time
from collections.abc import Iterator

import pytest

from tests.reliability.site import Site, site_of_its_own

FORM = os.environ.get("PROVE", "")
IS_LONG = FORM == "long"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what kills servers of its own to `make prove`."""
    here = [item for item in items if item.path.parent.name == "reliability"]
    left = [item for item in here if not FORM and item.get_closest_marker("processes")]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]


@pytest.fixture(scope="session")
def _site() -> Iterator[Site]:
    with site_of_its_own() as site:
        yield site


@pytest.fixture
def site(_site: Site) -> Iterator[Site]:
    """An installation with an empty database, nothing running; all is ended afterwards."""
    _site.fresh()
    yield _site
    _site.stop()


@pytest.fixture
def size():
    """`size(short, long)`: how much of it this run takes."""
    return lambda short, long: long if IS_LONG else short


@pytest.fixture
def report(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]):
    """`report(promise, n=…, lost=…, doubled=…)`: one line a scenario."""
    began = time.monotonic()

    def say(promise: str, **figures: object) -> None:
        told = ", ".join(f"{name} {value}" for name, value in figures.items())
        seconds = time.monotonic() - began
        if FORM:
            with capsys.disabled():
                line = f"{request.node.name}: {promise} · {told} · {seconds:.0f} s"
                sys.stdout.write(f"\n{line}\n")

    return say
