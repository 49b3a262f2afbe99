"""Which parameters hold on a day."""

from datetime import date

import pytest

from filings import queries
from filings.models import Policy

pytestmark = pytest.mark.django_db


def test_the_newest_parameters_that_have_begun_hold():
    Policy.objects.create(trade="cars", valid_from=date(2026, 4, 1), protection_days=7)
    assert queries.policy_of("cars", day=date(2026, 3, 31)).protection_days == 10
    assert queries.policy_of("cars", day=date(2026, 4, 1)).protection_days == 7


def test_filing_ships_switched_off_for_shoes_only():
    rows = queries.policies_in_force(day=date(2026, 3, 1))
    assert {row.trade for row in rows if not row.is_on} == {"shoes"}
    assert len(rows) == 5
