"""What managers say when they decide, and what a filer gives as proof."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.days import day_text
from core.fields import PlainTextField
from customers.forms.attachments import PictureField
from customers.forms.opportunities import ExpectedField

OTHER = "other"
LONGEST_NOTE = 200


def note_field(label: object, *, required: bool = True, hint: object = "") -> PlainTextField:
    """A sentence in which somebody says why."""
    return PlainTextField(
        label=label,
        longest=LONGEST_NOTE,
        required=required,
        keep_lines=True,
        help_text=hint,
        widget=forms.Textarea(
            attrs={"class": "form-control", "rows": 3, "maxlength": LONGEST_NOTE}
        ),
        error_messages={"required": gettext_lazy("Say why.")},
    )


class DayField(ExpectedField):
    """A day, chosen from the calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})


class RefusalForm(forms.Form):
    """Why something is refused."""

    use_required_attribute = False
    note = note_field(gettext_lazy("Why"))


class DemandForm(forms.Form):
    """What the filer is to prove."""

    use_required_attribute = False
    note = note_field(
        gettext_lazy("What is to be proved"),
        hint=gettext_lazy("For example: a photo of the door, the floor plan, the chat."),
    )


class ProofForm(forms.Form):
    """The picture that proves a filing."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    picture = PictureField(
        label=gettext_lazy("Proof"),
        help_text=gettext_lazy("JPEG, PNG or WebP, up to 12 MB."),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": "image/*"}),
        error_messages={
            "required": gettext_lazy("Choose a picture, or take one."),
            "empty": gettext_lazy("This file is empty. Take the photo again."),
        },
    )
    caption = PlainTextField(
        label=gettext_lazy("What it shows"),
        longest=120,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


class GrantForm(forms.Form):
    """Until when a filer gets more time; `cleaned_data` holds `until` and `note`."""

    use_required_attribute = False
    until = forms.ChoiceField(
        label=gettext_lazy("Until"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the day until which it holds.")},
    )
    until_other = DayField(label=gettext_lazy("Another day"), required=False)
    note = note_field(gettext_lazy("Remark"), required=False)

    def __init__(
        self, *args: Any, wanted: date, last: date | None, today: date, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        field = cast(forms.ChoiceField, self.fields["until"])
        field.choices = [*_day_chips(wanted=wanted, last=last, today=today), (OTHER, _("Other"))]
        field.initial = wanted.isoformat() if wanted >= today else None
        self.fields["until_other"].widget.attrs["data-date-of"] = "until"

    def clean(self) -> dict[str, Any]:
        """The day, from its chip or from the calendar."""
        said = super().clean() or {}
        chosen, other = said.pop("until", None), said.pop("until_other", None)
        if chosen == OTHER:
            if other is None and "until_other" not in self.errors:
                self.add_error("until_other", _("Choose the day until which it holds."))
            said["until"] = other
        elif chosen:
            said["until"] = date.fromisoformat(chosen)
        return said


def _day_chips(*, wanted: date, last: date | None, today: date) -> Sequence[tuple[str, str]]:
    """As asked, a week less, and the last day that can be granted, each day once."""
    offered = {wanted: _("As asked: %(day)s")}
    week = wanted - timedelta(days=7)
    if week > today:
        offered[week] = _("A week less: %(day)s")
    if last is not None:
        offered.setdefault(last, _("The longest: %(day)s"))
    return [
        (day.isoformat(), words % {"day": day_text(day, today=today)})
        for day, words in sorted(offered.items())
        if day >= today
    ]
