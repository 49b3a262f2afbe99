"""The forms of the acts on a customer's card."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from core.offering import offer_rows
from staff.models import Person
from staff.scope import SERVING_ROLES, Reach, visible_people


class ReasonedForm(forms.Form):
    """An act that asks why."""

    use_required_attribute = False

    reason = PlainTextField(
        label=_("Why"),
        longest=200,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={"required": _("Say why.")},
    )


class KeeperForm(ReasonedForm):
    """Another keeper, and why."""

    field_order = ("keeper", "reason")
    keeper = forms.ModelChoiceField(
        label=_("Keeper"),
        queryset=Person.objects.none(),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": _("Choose who takes the customer over.")},
    )

    def __init__(self, *args: Any, reader: Reach, **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = visible_people(reader).filter(role__in=SERVING_ROLES, is_active=True)
        offer_rows(self, "keeper", people.order_by("store__code", "name", "pk"))
