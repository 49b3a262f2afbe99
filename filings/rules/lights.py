"""How a filing stands at a moment, and what is due of it next (FIL-13, FIL-14, FIL-16)."""

from datetime import datetime, timedelta

from filings.states import Lost
from filings.states.lights import Light

# From when on a filing is about to lapse (screen 3: 3天内失效).
SOON = timedelta(days=3)


def light_of(
    *,
    is_draft: bool,
    is_void: bool,
    is_over: bool,
    has_deal: bool,
    protected_until: datetime | None,
    now: datetime,
) -> Light:
    """The light of a filing; `is_void` from the entry on, `is_over` ended for good since."""
    if is_draft:
        return Light.DRAFT
    if is_void:
        return Light.REFUSED
    if has_deal:
        return Light.DEAL
    if is_over or protected_until is None or protected_until <= now:
        return Light.LAPSED
    return Light.SOON if protected_until - now <= SOON else Light.VALID


def lost_by(
    *, ended: str, limit_at: datetime | None, measured_at: datetime | None, now: datetime
) -> Lost:
    """Why a filing that protects no longer does not: as it ended, else by what has passed."""
    if ended:
        return Lost(ended)
    is_unmeasured = limit_at is not None and measured_at is None and limit_at <= now
    return Lost.VOID_15D if is_unmeasured else Lost.LAPSED_10D


def next_limit(
    *,
    update_due_at: datetime | None,
    protected_until: datetime | None,
    limit_at: datetime | None,
    measured_at: datetime | None,
    has_deal: bool,
) -> datetime | None:
    """The first of what is owed: following up, keeping the protection, measuring; a deal rests
    them all (decision 2).
    """
    if has_deal:
        return None
    measure_by = None if measured_at is not None else limit_at
    owed = [at for at in (update_due_at, protected_until, measure_by) if at is not None]
    return min(owed, default=None)
