"""The forms of the acts on a customer's card."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from customers.states import Quiet
from staff.models import Person
from staff.scope import SERVING_ROLES, Reach, visible_people

# A chip has a value; the wish for nothing in particular is kept as an empty text.
ANYTHING = "none"


class ReasonedForm(forms.Form):
    """An act that asks why."""

    use_required_attribute = False

    reason = PlainTextField(
        label=_("Why"),
        longest=200,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={"required": _("Say why.")},
    )


class QuietForm(ReasonedForm):
    """What the customer does not wish, and what they said."""

    field_order = ("quiet", "reason")
    quiet = forms.ChoiceField(
        label=_("Wish"),
        choices=[(quiet or ANYTHING, label) for quiet, label in Quiet.choices],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the customer wishes.")},
    )

    def clean_quiet(self) -> Quiet:
        chosen = self.cleaned_data["quiet"]
        return Quiet.NONE if chosen == ANYTHING else Quiet(chosen)


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
        keeper = cast(forms.ModelChoiceField, self.fields["keeper"])
        keeper.queryset = people.order_by("store__code", "name", "pk")
