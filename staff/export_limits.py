"""How many rows a person may take out of the house in a day, by all lists together."""

from staff.scope import Reach
from staff.states import Role

ROWS_A_DAY = {
    Role.STORE_MANAGER: 500,
    Role.FIELD_SUPERVISOR: 500,
    Role.MARKETING_MANAGER: 2000,
    Role.OPS_MANAGER: 2000,
    Role.FINANCE: 2000,
    # Goods alone: no person stands in any of their rows.
    Role.MERCHANDISER: 50_000,
}


def rows_a_day(reach: Reach) -> int:
    """The day's limit of this role; none for those who may not export."""
    return ROWS_A_DAY.get(reach.role, 0)
