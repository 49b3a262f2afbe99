"""Clearing a violation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from filings.forms.deciding import note_field


class ClearForm(forms.Form):
    """Why it was none."""

    use_required_attribute = False
    note = note_field(_("Why it counts no more"))
