"""Of which days a report can be asked."""

from datetime import date

# No company kept books before the one, and plans reach no further than the other.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
