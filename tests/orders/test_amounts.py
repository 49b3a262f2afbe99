"""Amounts as people write them at the till."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from core.fields import AmountField


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12,000", 12000), ("１２，０００", 12000), ("１２０００．５", Decimal("12000.5")),
        ("¥1,234,567.50", Decimal("1234567.50")), ("￥ 500", 500), ("3 000 元", 3000),
        ("12000", 12000),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_it_is_written(typed, amount):
    assert AmountField().clean(typed) == amount


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"), ("viel", "invalid"), ("1,5", "invalid"), ("12,00", "invalid"),
        ("1,2345", "invalid"), ("0", "min_value"), ("-5", "min_value"), ("NaN", "invalid"),
        ("1.234", "max_decimal_places"), ("99999999999", "max_whole_digits"),
        ("9999999999999", "max_digits"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_in_our_words(typed, code):
    field = AmountField()
    with pytest.raises(ValidationError) as refusal:
        field.clean(typed)
    said = [str(each.message) for each in refusal.value.error_list]
    assert str(field.error_messages[code]) in said
