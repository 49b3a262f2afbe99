"""From when what is left undone is reported up (AFT-02).

`reported_from` has a twin in SQL (`followups.services.escalations`); a test holds the two together.
"""

from datetime import datetime, timedelta

# Whoever hears of something when its limit has passed has so long, at the least, to do it.
HEARD_TOO_LATE = timedelta(hours=24)


def reported_from(*, due_at: datetime, known_at: datetime | None, escalates_after: int) -> datetime:
    """The moment after which work that is still open is reported up (AFT-02).

    `escalates_after`: hours from its limit. `known_at` is when we learnt of the day it counts from,
    None where that was always known: what nobody could have done in time has the same hours from
    then, and a day at the least. What was known in time keeps its limit, however late that was.
    """
    patience = timedelta(hours=escalates_after)
    if known_at is None or known_at <= due_at:
        return due_at + patience
    return known_at + max(patience, HEARD_TOO_LATE)
