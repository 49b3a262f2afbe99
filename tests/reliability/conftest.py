"""The reliability suite: each promise under a real fault, beside a control that must fail.

Short by default, as part of all tests; `make prove` runs the long form and prints what it saw.
"""

import os
import sys
import time
from collections.abc import Iterator

import pytest

from tests.reliability.site import Site, site_of_its_own

IS_LONG = os.environ.get("PROVE") == "long"


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
    """`report(promise, n=…, lost=…, doubled=…)`: one line a scenario, shown in the long form."""
    began = time.monotonic()

    def say(promise: str, **figures: object) -> None:
        told = ", ".join(f"{name} {value}" for name, value in figures.items())
        seconds = time.monotonic() - began
        if IS_LONG:
            with capsys.disabled():
                line = f"{request.node.name}: {promise} · {told} · {seconds:.0f} s"
                sys.stdout.write(f"\n{line}\n")

    return say
