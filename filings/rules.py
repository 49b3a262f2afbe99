"""The limits of a filing: pure day arithmetic over a policy's parameters."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Days on whose 24:00 a limit ends (FIL-27); calendar days, the first not counted."""

    update_by: date
    protected_until: date
    measure_by: date | None


def limits(
    *,
    acted_on: date,
    filed_on: date,
    update_days: int,
    protection_days: int,
    field_limit_days: int | None,
) -> Limits:
    """Until when a filing is to be updated, is protected, and asks for measuring or a deposit.

    Counted from the last effective act (FIL-13, FIL-14) and from the filing itself (FIL-16);
    `field_limit_days` None is a store filing, which has no such limit (FIL-18).
    """
    return Limits(
        update_by=acted_on + timedelta(days=update_days),
        protected_until=acted_on + timedelta(days=protection_days),
        measure_by=None
        if field_limit_days is None
        else filed_on + timedelta(days=field_limit_days),
    )
