"""What if the quota were another: admission is decided anew, in a house with no other filings."""

import pytest

from tests.filings.replayed import flips, played

pytestmark = pytest.mark.django_db


def test_admission_is_decided_anew_over_all_filings_of_the_month():
    """The 21st filing of C15: one slot more, and it holds; one fewer, and nothing changes."""
    period = played("C15")
    assert flips(period) == {}
    assert set(flips(period, field_quota=21)) == {"C15"}
    assert flips(period, field_quota=19) == {}
