"""Measuring done, by thumb: a picture, where, what was measured, and what is next."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from core.offering import offer_choices
from core.phones import mask_in_text
from customers.forms.attachments import PictureField
from customers.models import Customer, Project
from customers.rules import NextStep
from customers.states import NextKind
from filings.models import Measuring
from followups.forms.chips import day_chips
from followups.forms.fields import (
    OTHER,
    ChipDayField,
    DayField,
    KeyedForm,
    KnownLineField,
    NoteField,
)

LONGEST_PLACE = Measuring._meta.get_field("place").max_length or 0
LONGEST_NOTE = Measuring._meta.get_field("note").max_length or 0
NEXT_KINDS = (NextKind.CALL, NextKind.WECHAT, NextKind.STORE_VISIT, NextKind.HOME_VISIT)


class ProjectField(forms.ModelChoiceField):
    """One of a customer's projects, by its address; `at_home` is that of the card."""

    at_home = ""

    def label_from_instance(self, project: Project) -> str:
        said = project.name or project.address or self.at_home
        return mask_in_text(said) or str(_("This purchase"))


class MeasuringForm(KeyedForm):
    """One measuring; `cleaned_data` holds the arguments of `record_measuring`."""

    project = ProjectField(
        label=_("Which home was measured"),
        queryset=Project.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose the home that was measured.")},
    )
    picture = PictureField(
        label=_("Photo or sketch"),
        widget=forms.FileInput(
            attrs={"class": "form-control", "accept": "image/*", "capture": "environment"}
        ),
        error_messages={
            "required": _("Take a photo of the room or of your sketch."),
            "empty": _("This file is empty. Take the photo again."),
        },
    )
    place = KnownLineField(
        label=_("Place"),
        longest=LONGEST_PLACE,
        widget=forms.TextInput(attrs={"class": "form-control", "maxlength": LONGEST_PLACE}),
    )
    note = NoteField(
        label=_("Measurements"),
        longest=LONGEST_NOTE,
        widget=forms.Textarea(
            attrs={
                "class": "form-control",
                "rows": 3,
                "maxlength": LONGEST_NOTE,
                "placeholder": _("Living room 4.2 × 3.6 m, door 0.9 m …"),
            }
        ),
    )
    next_kind = forms.ChoiceField(
        label=_("Next step"),
        choices=[(kind.value, kind.label) for kind in NEXT_KINDS],
        initial=NextKind.CALL,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the next step.")},
    )
    next_on = ChipDayField(label=_("Day"), required=False)
    next_on_other = DayField(label=_("On"), required=False)

    fields_of_codes = {
        "note_is_one_character": "note",
        "next_day_is_past": "next_on",
        "next_day_is_too_far": "next_on",
        "given_up_has_no_step": "next_kind",
        "which_project": "project",
        "other_project": "project",
    }

    def __init__(
        self,
        *args,
        customer: Customer,
        place: str,
        today: date,
        projects: Sequence[Project] = (),
        **options,
    ) -> None:
        super().__init__(*args, **options)
        if len(projects) > 1:
            field = cast(ProjectField, self.fields["project"])
            field.at_home = customer.address
            field.queryset = Project.objects.filter(pk__in=[each.pk for each in projects]).order_by(
                "pk"
            )
        else:
            del self.fields["project"]
        chips: Sequence[tuple[str, object]] = [
            *day_chips(today, (1, 3, 7)), (OTHER, _("Other day")),
        ]  # fmt: skip
        offer_choices(self, "next_on", list(chips))
        self.fields["next_on"].initial = (today + timedelta(days=3)).isoformat()
        self.fields["next_on_other"].widget.attrs["data-date-of"] = "next_on"
        known = place or customer.address[:LONGEST_PLACE]
        cast(KnownLineField, self.fields["place"]).know(known)

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        chosen = said.pop("next_on", None)
        other = said.pop("next_on_other", None)
        on = other if chosen in (OTHER, None, "") else chosen
        kind = said.pop("next_kind", None)
        if not isinstance(on, date):
            if not {"next_on", "next_on_other"} & set(self.errors):
                self.add_error("next_on", _("Choose the day of the next contact."))
        elif kind:
            said["next_step"] = NextStep(kind=NextKind(kind), on=on)
        return said
