"""Points and appointments, as they are read."""

from decimal import Decimal

import pytest
from django.utils import translation

from customers.states import AppointmentKind
from followups.rows import appointment_words
from followups.survey_words import score_words


@pytest.mark.parametrize(
    ("score", "words"),
    [("1.00", "1 of 5"), ("4.33", "4.33 of 5"), ("3.50", "3.5 of 5"), (None, "")],
)
def test_whole_points_have_no_decimals(score, words):
    with translation.override("en"):
        assert score_words(None if score is None else Decimal(score)) == words


def test_a_place_that_begins_with_the_kind_says_it_once():
    with translation.override("en"):
        kind = AppointmentKind.values[0]
        label = str(AppointmentKind(kind).label)
        assert appointment_words(kind, "X5") == f"{label}: X5"
        assert appointment_words(kind, f"{label} at the gate") == f"{label} at the gate"
        assert appointment_words(kind, "") == label
