"""What is asked before a list leaves the house."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from core.listing.export import FileKind


class ExportForm(forms.Form):
    """Why, and as what kind of file."""

    use_required_attribute = False

    reason = PlainTextField(
        label=_("What is it for?"),
        longest=60,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={"required": _("Say what the file is for. It stands on each row.")},
    )
    kind = forms.ChoiceField(
        label=_("File"), choices=FileKind.choices, widget=forms.RadioSelect, initial=FileKind.XLSX
    )
