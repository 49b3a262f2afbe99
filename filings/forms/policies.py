"""New rules of filing: every parameter of a policy, by what it is about; and the what-if."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.forms.models import fields_for_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.fields import PlainTextField
from filings.models import Policy
from filings.queries.policies import TERMS
from filings.rules import Terms
from filings.rules.replaying import REPLAYED
from filings.rules.terms import AT_LEAST_ONE
from filings.wording.terms import GROUPS
from staff.states import Trade

MOST_DAYS = 400


class DayField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})


def _dressed(name: str, field: forms.Field) -> forms.Field:
    """A field of the model as the house shows it."""
    if isinstance(field, forms.BooleanField):
        field.widget.attrs["class"] = "form-check-input"
        return field
    is_choice = isinstance(field, forms.ChoiceField)
    field.widget.attrs["class"] = "form-select" if is_choice else "form-control"
    if name in AT_LEAST_ONE:
        field.validators.append(MinValueValidator(1))
        field.widget.attrs["min"] = 1
    return field


class TermsForm(forms.Form):
    """The parameters of a policy; `terms` are its cleaned values."""

    use_required_attribute = False
    asked: Collection[str] = TERMS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        made = fields_for_model(Policy, fields=self.asked)
        self.fields |= {name: _dressed(name, made[name]) for name in self.asked}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        update, protection = said.get("update_days"), said.get("protection_days")
        if update and protection and update > protection:
            self.add_error("update_days", _("The duty to follow up is not longer than protection."))
        return said

    def terms(self, base: Terms) -> Terms:
        """The terms asked for; what the form does not ask is as in `base`."""
        return replace(base, **{name: self.cleaned_data[name] for name in self.asked})

    def groups(self) -> Iterator[tuple[str, str, list[forms.BoundField]]]:
        """The fields by what they are about: key, title, fields."""
        for key, title, names in GROUPS:
            if found := [self[name] for name in names if name in self.asked]:
                yield key, str(title), found


class PolicyForm(TermsForm):
    """New rules for a trade from a day on."""

    valid_from = DayField(label=gettext_lazy("They hold from"))
    note = PlainTextField(
        label=gettext_lazy("Why the rules change"), longest=200,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say why the rules change.")},
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def fingerprint(self) -> str:
        """What was asked for, so that what is set is what was shown."""
        said = self.cleaned_data
        return "|".join(str(said[name]) for name in ("valid_from", "note", *TERMS))


class WhatIfForm(TermsForm):
    """Which period is replayed, of which trade, under which terms."""

    asked = REPLAYED
    trade = forms.ChoiceField(
        label=gettext_lazy("Trade"), choices=Trade.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    first = DayField(label=pgettext_lazy("first day of a period", "From"))
    last = DayField(label=gettext_lazy("Until, that day included"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        first, last = said.get("first"), said.get("last")
        if first and last:
            if last < first:
                self.add_error("last", _("The period ends before it begins."))
            elif last - first > timedelta(days=MOST_DAYS):
                raise ValidationError(_("Choose at most %(n)s days.") % {"n": MOST_DAYS})
        if first and first > self.today:
            self.add_error("first", _("Nothing has happened yet from that day on."))
        return said
