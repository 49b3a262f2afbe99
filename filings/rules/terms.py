"""The terms of lead filing: the parameters and readings of a policy, as plain values (ADJ-07)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from filings.states import (
    CrossRegionSale,
    LapseBy,
    LapseTest,
    LateTestedAt,
    NeededToFile,
    RefillMonth,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What one policy says; the defaults are what ships for furniture.

    A field's name is that of the policy's column. Days are calendar days (FIL-27); `*_warn_days`
    say how long before a limit the holder is warned (PUL-02).
    """

    is_on: bool = True
    file_within_hours: int = 24
    update_days: int = 3
    protection_days: int = 10
    field_limit_days: int = 15
    field_quota: int = 20
    extension_days: int = 15
    extensions: int = 1
    request_working_days: int = 2
    review_working_days: int = 1
    update_warn_days: int = 1
    protection_warn_days: int = 2
    limit_warn_days: int = 2
    claim_days: int = 3
    release_wait_hours: int = 24
    refile_wait_days: int = 7
    claims_a_day: int = 0
    most_held: int = 0
    min_deposit: Decimal = Decimal(0)
    report_after_lapse_days: int = 0
    roll_over_holidays: bool = False
    quote_before_review: bool = True
    lapse_test: LapseTest | str = LapseTest.SILENCE
    lapse_by: LapseBy | str = LapseBy.FILING
    store_needs: NeededToFile | str = NeededToFile.ALL
    field_needs: NeededToFile | str = NeededToFile.ALL
    late_tested_at: LateTestedAt | str = LateTestedAt.COMPLETION
    cross_region_sale: CrossRegionSale | str = CrossRegionSale.RECORD
    refill_month: RefillMonth | str = RefillMonth.DEAL


FURNITURE = Terms()
# What ships, by trade: shoe shops do not file unless switched on (decision 6).
SHIPPED = {
    "furniture": FURNITURE,
    "mattresses": FURNITURE,
    "home": FURNITURE,
    "cars": FURNITURE,
    "shoes": replace(FURNITURE, is_on=False),
}
# Which parameters choose a reading of the scheme, and between which (decision 13).
READINGS: Mapping[str, type[Enum]] = {
    "lapse_test": LapseTest,
    "lapse_by": LapseBy,
    "store_needs": NeededToFile,
    "field_needs": NeededToFile,
    "late_tested_at": LateTestedAt,
    "cross_region_sale": CrossRegionSale,
    "refill_month": RefillMonth,
}
# Days and hours that cannot be none.
AT_LEAST_ONE = frozenset(
    {"file_within_hours", "update_days", "protection_days", "field_limit_days"}
)
