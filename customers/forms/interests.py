"""One more thing a customer is interested in."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField


class InterestForm(forms.Form):
    """A brand, a style or words of one's own."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    text = PlainTextField(
        label=_("Product, style or brand"),
        longest=120,
        error_messages={"required": _("Name a product, a style or a brand.")},
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocomplete": "off", "list": "suggestions"}
        ),
    )
