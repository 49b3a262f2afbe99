"""The form before the list of customers leaves the house."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.listing.forms import ExportForm


class ExportCustomersForm(ExportForm):
    """Why, as what kind of file, and whether with all that can be sent in again."""

    whole = forms.BooleanField(
        label=_("With all that a sheet may edit: WeChat, note, birthday …"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input rounded-1"}),
    )
