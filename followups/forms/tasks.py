"""Moving, skipping and answering a task."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from followups.forms.fields import DayField, LineField
from followups.states import MoveReason, SkipReason


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
