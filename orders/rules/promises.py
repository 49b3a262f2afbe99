"""Whether a promised day of delivery was kept (ORD-13); days are calendar days."""

from datetime import date


def days_late(*, promised_on: date, delivered_on: date | None, today: date) -> int | None:
    """By how many days all of an order was delivered too late, so far where it is not yet; 0 kept.

    None: it is not delivered, and its day is not over.
    """
    if delivered_on is None and today <= promised_on:
        return None
    return max(((delivered_on or today) - promised_on).days, 0)
