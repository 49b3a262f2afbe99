"""The house of the filings room, and browsers in which its people have signed in."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.filings.leads import House
from tests.staff.conftest import as_, company

__all__ = ["as_", "company"]


@pytest.fixture
def house(db) -> House:
    return House()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """What people are told is held against the English of the source."""
    with translation.override("en"):
        yield
