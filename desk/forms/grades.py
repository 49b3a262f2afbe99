"""Forms of grades: another one, the answer to a proposal, the intent level."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from core.offering import offer_choices
from customers.states import Grade, IntentLevel
from desk.forms.cards import ReasonedForm

OTHER = "other"
NO_LEVEL = "none"


class GradeForm(ReasonedForm):
    """Another grade, and why; nobody who has bought is offered D (decision 14)."""

    field_order = ("grade", "keeps_filing", "reason")
    grade = forms.ChoiceField(label=_("Grade"), widget=forms.RadioSelect)
    keeps_filing = forms.BooleanField(label=_("D, keep until it lapses"), required=False)

    def __init__(self, *args: Any, has_bought: bool, grade: str, **kwargs: Any):
        kwargs["initial"] = {"grade": grade}
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["grade"])
        field.choices = [
            (each.value, each.label)
            for each in Grade
            if each.value == grade or not (each == Grade.D and has_bought)
        ]
        field.error_messages["invalid_choice"] = str(
            _("This customer has bought: grade D is for those who never did. Choose B2 or C1.")
        )


class AnswerForm(forms.Form):
    """Why a proposal is confirmed or declined: a chip, and words where they are needed."""

    use_required_attribute = False

    why = forms.ChoiceField(
        label=_("Why"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why.")},
    )
    words = PlainTextField(
        label=_("In your words"),
        longest=160,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    reasons: Sequence[tuple[str, object]] = ()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offer_choices(self, "why", [*self.reasons, (OTHER, _("Other"))])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("why") == OTHER and not said.get("words"):
            self.add_error("words", _("Say why."))
        return said

    @property
    def reason(self) -> str:
        """The reason as one text."""
        said = self.cleaned_data
        label = "" if said["why"] == OTHER else str(dict(self.reasons)[said["why"]])
        return ": ".join(filter(None, [label, said["words"]]))


class ConfirmForm(AnswerForm):
    """Why the proposed grade is right."""

    keeps_filing = forms.BooleanField(label=_("D, keep until it lapses"), required=False)
    reasons = (
        ("so", _("The facts are right")),
        ("spoken", _("Spoke with the customer")),
        ("discussed", _("Discussed with the manager")),
    )


class DeclineForm(AnswerForm):
    """Why the grade stays."""

    reasons = (
        ("soon", _("Will decide soon")),
        ("waits", _("Waits for the home")),
        ("elsewhere", _("In touch by other ways")),
        ("wrong", _("The facts are incomplete")),
    )


class IntentForm(forms.Form):
    """How soon a car buyer means to buy."""

    use_required_attribute = False

    intent = forms.ChoiceField(
        label=_("Intent level"),
        choices=[*IntentLevel.choices, (NO_LEVEL, _("None"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a level.")},
    )

    def clean_intent(self) -> str:
        chosen = self.cleaned_data["intent"]
        return "" if chosen == NO_LEVEL else chosen
