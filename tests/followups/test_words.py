"""Points and appointments, as they are read."""

from decimal import Decimal

import pytest
from django.utils import translation

from customers.states import AppointmentKind
from followups.plan_words import when_of
from followups.rows import appointment_words
from followups.rules.plans import StepTerms
from followups.states import Anchor, Assignee, Unit, Way
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


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"offset": 1, "every": 1, "times": 3}, "+ 1 month, then every 1 month, 3 times in all"),
        ({"offset": 2, "every": 2, "times": 3}, "+ 2 months, then every 2 months, 3 times in all"),
    ],
)
def test_one_of_a_unit_is_said_as_one(step, words):
    terms = StepTerms(name_en="", name_zh="", anchor=Anchor.DELIVERY, unit=Unit.MONTHS,
                      way=Way.CALL, assignee=Assignee.KEEPER, **step)  # fmt: skip
    with translation.override("en"):
        assert when_of(terms).endswith(words)
