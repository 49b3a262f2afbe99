"""Moving, skipping and giving a task, and taking back a contact."""

from datetime import date, timedelta

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.offering import offer_rows
from followups.forms.fields import DayField, LineField
from followups.states import MoveReason, SkipReason
from staff.models import Person


class MoveForm(forms.Form):
    """To which day a task is moved, and why."""

    day = DayField(label=_("Move to"), required=True, error_messages={
        "required": _("Choose the day to which the task is moved."),
    })  # fmt: skip
    reason = forms.ChoiceField(
        label=_("Why"), required=False, choices=MoveReason.choices, widget=forms.RadioSelect
    )

    fields_of_codes = {
        "move_reason_missing": "reason",
        "move_to_past": "day",
        "move_too_far": "day",
    }

    def __init__(self, *args, today: date, **options) -> None:
        super().__init__(*args, **options)
        self.fields["day"].initial = today + timedelta(days=1)
        self.fields["day"].widget.attrs["min"] = today.isoformat()


class SkipForm(forms.Form):
    """Why a task is left undone."""

    reason = forms.ChoiceField(
        label=_("Why"), required=False, choices=SkipReason.choices, widget=forms.RadioSelect
    )
    note = LineField(
        label=_("Note"),
        longest=200,
        widget=forms.TextInput(attrs={"class": "form-control", "maxlength": 200}),
    )

    fields_of_codes = {"skip_reason_missing": "reason"}


class GiveForm(forms.Form):
    """To whom a manager gives a task, and why."""

    use_required_attribute = False

    to = forms.ModelChoiceField(
        label=_("Give the task to"),
        queryset=Person.objects.none(),
        widget=forms.Select(attrs={"class": "form-select"}),
        empty_label=_("choose …"),
        error_messages={"required": _("Choose who does the task.")},
    )
    reason = LineField(
        label=_("Why"),
        longest=200,
        widget=forms.TextInput(attrs={"class": "form-control", "maxlength": 200}),
    )

    fields_of_codes = {
        "give_reason_missing": "reason",
        "has_it_already": "to",
        "cannot_do_it": "to",
        "sees_it_not": "to",
    }

    def __init__(self, *args, people: QuerySet[Person], **options) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "to", people)


class VoidForm(forms.Form):
    """Why a contact is taken back."""

    reason = LineField(
        label=_("Why it is taken back"),
        longest=200,
        widget=forms.TextInput(attrs={"class": "form-control", "maxlength": 200}),
    )
