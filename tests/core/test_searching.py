"""What is looked for is found, whatever mode the keyboard is in."""

import django_filters
import pytest

from core.fields import SearchField
from core.listing import words
from core.models import AuditEntry
from core.searching import sought


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("１３８００１３８００１", "13800138001"),
        ("Ｘ５　四驱", "X5 四驱"),
        ("＃１２", "#12"),
        ("＋８６－２１", "+86-21"),
        ("　王芳 ", "王芳"),
        ("王芳（大）：，", "王芳（大）：，"),
        ("1380013800²", "1380013800²"),
        ("①", "①"),
    ],
)
def test_wide_letters_and_digits_are_the_plain_ones(typed, kept):
    assert sought(typed) == kept


def test_every_box_of_a_list_reads_them_and_says_what_it_finds():
    class Filters(django_filters.FilterSet):
        q = words("Name")
        other = words("Name", hint="Name or number")

    boxes = Filters({"q": "Ｘ５"}, queryset=AuditEntry.objects.none()).form
    assert boxes.is_valid()
    assert boxes.cleaned_data["q"] == "X5"
    shown = [boxes.fields[name].widget.attrs["placeholder"] for name in ("q", "other")]
    assert shown == ["Name", "Name or number"]
    assert SearchField(required=False).clean(None) == ""
