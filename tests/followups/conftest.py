"""The company in small, browsers, and a clock that stands at an ordinary Thursday morning."""

import pytest
import time_machine

from tests.followups.build import at
from tests.staff.conftest import as_, company

__all__ = ["as_", "company"]

MORNING = at("2026-03-12 09:50")


@pytest.fixture
def morning():
    """It is ten to ten on Thursday, 12 March 2026, and stays so."""
    with time_machine.travel(MORNING, tick=False):
        yield MORNING
