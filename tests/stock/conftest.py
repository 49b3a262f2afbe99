"""The company of the staff tests, who look at goods here."""

from tests.orders.conftest import in_english
from tests.staff.conftest import as_, company

__all__ = ["as_", "company", "in_english"]
