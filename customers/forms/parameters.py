"""The form of the figures."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Parameters

# Each figure in words, in the order of the page.
FIGURES = (
    ("b2_months", _("Months after delivery until B2 becomes C1")),
    ("silent_contacts", _("Contacts running without a next step before D is proposed")),
    ("unreached_attempts", _("Attempts that reach nobody before D is proposed")),
    ("unreached_days", _("Within how many days these attempts lie")),
    ("accept_minutes", _("Minutes to accept an inquiry")),
    ("response_minutes", _("Minutes to the first answer to an inquiry")),
    ("thanks_days", _("Days to thank for a referral")),
    ("history_needed", _("Closed opportunities before our own history counts")),
    ("designer_days", _("Days between calls to a designer")),
)
MOST = {"b2_months": 120, "accept_minutes": 1440, "response_minutes": 1440, "history_needed": 1000}
LEAST = {"silent_contacts": 2}


class ParametersForm(forms.Form):
    """The figures as they shall hold, and from when."""

    use_required_attribute = False

    begins = forms.ChoiceField(
        label=_("They hold from"),
        choices=[("today", _("today")), ("tomorrow", _("tomorrow"))],
        initial="tomorrow",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, standing: Parameters, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, label in FIGURES:
            self.fields[name] = forms.IntegerField(
                label=label,
                min_value=LEAST.get(name, 1),
                max_value=MOST.get(name, 366),
                initial=getattr(standing, name),
                widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
            )
        self.order_fields([name for name, _label in FIGURES])

    def figures(self) -> dict[str, int]:
        """The figures by name, as the service takes them."""
        return {name: self.cleaned_data[name] for name, _label in FIGURES}
