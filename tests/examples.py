"""How many examples a property is tried with: few among all tests, many where one has time."""

import os

from hypothesis import HealthCheck, settings

# `make prove` takes each so many times as often.
TIMES = int(os.environ.get("GENJIN_EXAMPLES", "1"))


def examples(often: int) -> settings:
    """Try so many examples, each of which may take its time in the database of one test."""
    return settings(
        max_examples=often * TIMES,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
