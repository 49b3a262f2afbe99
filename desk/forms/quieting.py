"""The form of a wish to be left in peace."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from customers.states import Quiet, QuietReason

# A chip has a value; the wish for nothing in particular is kept as an empty text.
ANYTHING = "none"
REASONS = [
    (reason.value, reason.label) for reason in QuietReason if reason != QuietReason.WISHES_AGAIN
]


class QuietForm(forms.Form):
    """What the customer does not wish, why, and what they said."""

    use_required_attribute = False

    quiet = forms.ChoiceField(
        label=_("Wish"),
        choices=[(quiet or ANYTHING, label) for quiet, label in Quiet.choices],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the customer wishes.")},
    )
    reason = forms.ChoiceField(
        label=_("Why"), choices=REASONS, widget=forms.RadioSelect, required=False
    )
    note = PlainTextField(
        label=_("Their words"),
        longest=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )

    def clean_quiet(self) -> Quiet:
        chosen = self.cleaned_data["quiet"]
        return Quiet.NONE if chosen == ANYTHING else Quiet(chosen)

    def clean(self) -> dict[str, Any]:
        """Who may be contacted again wishes so: nothing more is asked."""
        values = super().clean() or {}
        if values.get("quiet") == Quiet.NONE:
            values["reason"] = QuietReason.WISHES_AGAIN
        return values
