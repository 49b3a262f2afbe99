"""The form of a leaver's hand-over."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from core.offering import offer_rows
from staff.models import Person


class Receivers(forms.ModelMultipleChoiceField):
    """People who take over, each with unit and how many customers they keep already."""

    def label_from_instance(self, obj: Any) -> str:
        unit = f" · {obj.store.name}" if obj.store else ""
        return _("%(name)s%(unit)s · keeps %(count)s") % {
            "name": obj.name, "unit": unit, "count": obj.kept,
        }  # fmt: skip


class HandOverForm(forms.Form):
    """Who takes over, and why; the go-ahead comes after the counts have been seen."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput)
    receivers = Receivers(
        label=_("Who takes over"),
        queryset=Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one person who takes over.")},
    )
    reason = PlainTextField(
        label=_("Why"),
        longest=200,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={"required": _("Say why.")},
    )

    def __init__(self, *args: Any, receivers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "receivers", receivers)
