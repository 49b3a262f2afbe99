"""A share is said the same way in every report."""

from decimal import Decimal

import pytest

from reports.rules.shares import NOTHING, percent_text


@pytest.mark.parametrize(
    ("share", "words"),
    [(13 / 16, "81.3 %"), (Decimal("0.8125"), "81.3 %"), (36 / 45, "80 %"), (35 / 45, "77.8 %"),
     (1 / 3, "33.3 %"), (1.0, "100 %"), (0.0, "0 %"), (5 / 11, "45.5 %"), (None, NOTHING),
     (1 / 2000, "0.1 %")],
)  # fmt: skip
def test_half_a_tenth_goes_up(share, words):
    assert percent_text(share) == words
