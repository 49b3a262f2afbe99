"""Asking for the figures of another day or period."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stock.models import FigureSet


class DayField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})


class FiguresForm(forms.Form):
    """As of which day; without a first day each style is looked at since its launch."""

    use_required_attribute = False
    as_of = DayField(label=_("As of the close of"))
    from_on = DayField(
        label=_("Counted from"),
        required=False,
        help_text=_("Left empty, each style counts from its launch."),
    )
    counts_gifts = forms.BooleanField(
        label=_("Gifts and business use count as sales"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    stops = {"day_to_come": "as_of", "begins_after_the_day": "from_on"}

    def __init__(self, *args: Any, standing: FigureSet | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if standing is not None:
            self.initial["as_of"] = standing.as_of
            self.initial["counts_gifts"] = standing.counts_gifts
