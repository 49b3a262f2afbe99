"""How many examples a property is tried with: few among all tests, many where one has time."""

import os

from hypothesis import HealthCheck, settings

# `make prove` takes each so many times as often.
TIMES = int(os.environ.get("GENJIN_EXAMPLES", "1"))


def examples(often: int, *, among_all: int = 0) -> settings:
    """Try so many examples, each of which may take its time in the database of one test.

    `among_all` are fewer, of a property that takes a second of a processor for each: other ones in
    every run.
    """
    return settings(
        max_examples=often * TIMES if TIMES > 1 else among_all or often,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
