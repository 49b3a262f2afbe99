"""From when until when a customer may be called."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def _hour(label: "StrOrPromise", **options) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "form-control"})
    return forms.TimeField(label=label, required=False, widget=widget, **options)


class ContactHoursForm(forms.Form):
    """Both hours or neither, the earlier first."""

    contact_from = _hour(_("May be called from"))
    contact_until = _hour(
        _("May be called until"),
        help_text=_("With both hours, Today offers the call at that time only."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if {"contact_from", "contact_until"} & self.errors.keys():
            return values
        start, end = values.get("contact_from"), values.get("contact_until")
        if (start is None) != (end is None):
            field = "contact_from" if start is None else "contact_until"
            self.add_error(field, _("Give both hours, or neither."))
        elif start is not None and start >= end:
            self.add_error("contact_until", _("Say from when until when, the earlier hour first."))
        return values
