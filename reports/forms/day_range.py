"""The two days that a report is asked for."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from reports.rules.days import FIRST_DAY, LAST_DAY


def _day_field(label: object) -> forms.DateField:
    far = _("Choose a day from 2000 to 2099.")
    limits = {"min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
    return forms.DateField(
        label=label,  # type: ignore[arg-type]  # lazy text
        required=False,
        validators=[MinValueValidator(FIRST_DAY, far), MaxValueValidator(LAST_DAY, far)],
        widget=forms.DateInput(
            format="%Y-%m-%d", attrs={"type": "date", "class": "form-control", **limits}
        ),
    )


class DayRangeForm(forms.Form):
    """Since when and until when, both days counted; either may be left out."""

    begins = _day_field(_("Since"))
    ends = _day_field(_("Until"))

    def wrong_for(self, *, is_part: bool) -> list[str]:
        """What is wrong, for a page of which only the rows are drawn anew, not this form."""
        return [str(each) for found in self.errors.values() for each in found] if is_part else []

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        begins, ends = said.get("begins"), said.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", _("The last day lies before the first."))
        return said
