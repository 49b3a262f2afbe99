"""The company in small, and browsers in which its people have signed in."""

from tests.staff.conftest import as_, company

__all__ = ["as_", "company"]
