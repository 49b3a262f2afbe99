"""What is typed on the page of leave."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import PlainTextField
from core.offering import offer_rows
from staff.forms import DayField, KeyedForm
from staff.models import Person
from staff.states import AbsenceKind

SELECT = {"class": "form-select"}
CONTROL = {"class": "form-control"}


class PersonChoice(forms.ModelChoiceField):
    """A person with the store they work in; `away` are the words for who is away then and then."""

    away: Mapping[int, str] = {}

    def label_from_instance(self, person: Any) -> str:
        label = f"{person.name} · {person.store.name}" if person.store else person.name
        if person.pk not in self.away:
            return label
        return _("%(person)s (away %(days)s)") % {"person": label, "days": self.away[person.pk]}


def _day(label) -> DayField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **CONTROL})
    return DayField(label=label, initial=timezone.localdate, widget=widget)


class AbsenceForm(KeyedForm):
    """Who is away from when until when, and who stands in."""

    use_required_attribute = False

    person = PersonChoice(
        Person.objects.none(), label=_("Who is away"), empty_label=None,
        widget=forms.Select(attrs=SELECT),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("Why"), choices=AbsenceKind.choices, widget=forms.RadioSelect,
        initial=AbsenceKind.LEAVE,
    )  # fmt: skip
    starts_on = _day(pgettext_lazy("day", "From"))
    ends_on = _day(pgettext_lazy("day", "Until"))
    stand_in = PersonChoice(
        Person.objects.none(), label=_("Who stands in"), empty_label=_("choose …"),
        widget=forms.Select(attrs=SELECT),
        error_messages={"required": _("Choose who stands in.")},
    )  # fmt: skip
    note = PlainTextField(
        label=_("Note"), longest=200, required=False, widget=forms.TextInput(attrs=CONTROL)
    )

    fields_of_codes = {
        "sees_more_than_you": "person",
        "nobody_for_oneself": "stand_in",
        "stand_in_elsewhere": "stand_in",
        "stand_in_is_away": "stand_in",
        "ends_before_it_starts": "ends_on",
        "is_over": "ends_on",
        "too_long": "ends_on",
    }

    def __init__(self, *args, people, stand_ins, away: Mapping[int, str], **options) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        offer_rows(self, "person", people.select_related("store"))
        offer_rows(self, "stand_in", stand_ins.select_related("store"))
        fields["stand_in"].away = away
