"""Giving a style a class of one's own."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import PlainTextField, QuickSelect
from core.offering import offer_choices
from staff.models import Store
from stock.services.overrides import ClassNotSet
from stock.states import StyleClass

CLASSES = [(each.value, each.label) for each in StyleClass if each != StyleClass.WATCHED]


class ClassForm(forms.Form):
    """A class for an office, or for everywhere, and why. Wants `offices`."""

    use_required_attribute = False
    office = forms.ChoiceField(
        label=_("Where"), required=False, widget=QuickSelect(attrs={"class": "form-select"})
    )
    style_class = forms.ChoiceField(
        label=_("Class"),
        choices=CLASSES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a class.")},
    )
    reason = PlainTextField(
        label=pgettext_lazy("a request", "Reason"),
        longest=200,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={"required": ClassNotSet.messages["reason_missing"]},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    stops = {"reason_missing": "reason", "watched": "style_class", "same_class": "style_class"}

    def __init__(self, *args: Any, offices: list[Store], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offices = {str(office.pk): office for office in offices}
        choices = [("", _("everywhere")), *((pk, each.name) for pk, each in self.offices.items())]
        offer_choices(self, "office", choices)

    def clean_office(self) -> Store | None:
        return self.offices.get(self.cleaned_data["office"])

    def seen_keys(self) -> dict[str, str]:
        """By place (the office's key, or "") the key of the class that the page showed there."""
        pairs = (each.split("=") for each in self.cleaned_data["seen"].split(",") if "=" in each)
        return dict(pairs)
