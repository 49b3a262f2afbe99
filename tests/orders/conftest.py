"""The company of the staff tests, who take deposits here."""

from tests.staff.conftest import as_, company  # noqa: F401
