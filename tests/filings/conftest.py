"""The house of the filings room, and browsers in which its people have signed in."""

import pytest

from tests.filings.leads import House
from tests.staff.conftest import as_, company  # noqa: F401


@pytest.fixture
def house(db) -> House:
    return House()
