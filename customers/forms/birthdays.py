"""A birthday: month and day, the year where it is known, by the sun or by the moon."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.lunar import LunarRefused, solar_on

# Any leap year: whether a day can be at all.
LEAP_YEAR = 2024
OUTSIDE = ("invalid", "min_value", "max_value")


def _number(least: int, most: int) -> forms.NumberInput:
    return forms.NumberInput(attrs={"class": "form-control", "min": least, "max": most})


class BirthdayForm(forms.Form):
    """The fields of a birthday, as the tables keep them."""

    birth_month = forms.IntegerField(
        label=_("Birthday, month"),
        min_value=1,
        max_value=12,
        required=False,
        widget=_number(1, 12),
        error_messages=dict.fromkeys(OUTSIDE, _("A month is 1 to 12.")),
    )
    birth_day = forms.IntegerField(
        label=_("Birthday, day"),
        min_value=1,
        max_value=31,
        required=False,
        widget=_number(1, 31),
        error_messages=dict.fromkeys(OUTSIDE, _("A day is 1 to 31.")),
    )
    birth_year = forms.IntegerField(
        label=_("Birth year"),
        min_value=1900,
        max_value=2100,
        required=False,
        widget=_number(1900, 2100),
        error_messages=dict.fromkeys(OUTSIDE, _("A year has four digits, such as 1986.")),
    )
    birth_is_lunar = forms.BooleanField(label=_("Lunar calendar"), required=False)
    birth_is_leap_month = forms.BooleanField(label=_("Leap month"), required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if {"birth_month", "birth_day", "birth_year"} & set(self.errors):
            return values
        month, day = values.get("birth_month"), values.get("birth_day")
        if (month is None) != (day is None):
            self.add_error("birth_day", _("A birthday has a month and a day."))
        elif month and day and not _can_be(month, day, is_lunar=values["birth_is_lunar"]):
            self.add_error("birth_day", _("There is no such day. Check month and day."))
        if values.get("birth_is_leap_month") and not values.get("birth_is_lunar"):
            self.add_error("birth_is_leap_month", _("Only the lunar calendar has leap months."))
        return values


def _can_be(month: int, day: int, *, is_lunar: bool) -> bool:
    """Some year has this day."""
    try:
        if is_lunar:
            solar_on(LEAP_YEAR, month, day)
        else:
            date(LEAP_YEAR, month, day)
    except (LunarRefused, ValueError):
        return False
    return True
