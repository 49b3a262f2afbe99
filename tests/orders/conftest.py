"""The company of the staff tests, who take deposits here."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.staff.conftest import as_, company

__all__ = ["as_", "company"]


@pytest.fixture
def in_english(monkeypatch) -> Iterator[None]:
    """Pages and words are held against the English of the source."""
    monkeypatch.setattr("staff.middleware.LANGUAGES", ("en", "zh-hans"))
    with translation.override("en"):
        yield
