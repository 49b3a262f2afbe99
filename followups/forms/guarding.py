"""The questions of the guard on a form that logs a contact: who began it, and why all the same."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.offering import offer_choices
from followups.forms.fields import LineField
from followups.states import Override

# Why a contact that the guard advises against is logged.
OVERRIDES = (Override.CUSTOMER_ASKED, Override.NEEDED, Override.NEWS, Override.LOGGED_LATE)
LONGEST_OVERRIDE = 160
# The objections of the guard, each of which a reason answers.
GUARD_CODES = (
    "contacted_lately",
    "reason_worn",
    "quiet_hours",
    "outside_hours",
    "wishes_no_contact",
    "wishes_no_visits",
    "wishes_no_marketing",
)


# An answer that is only noted is no contact.
NOTED = "noted"
ONLY_NOTE = (NOTED, _("Only note it"))


def _chips(*reasons: Override) -> list[tuple[str, object]]:
    return [(why.value, why.label) for why in reasons]


class GuardedForm(forms.Form):
    """A form that logs a contact which the guard may object to; `override_of` is the reason."""

    is_inbound = forms.BooleanField(label=_("They came to us"), required=False)
    override = forms.ChoiceField(
        label=_("Why all the same"),
        required=False,
        choices=_chips(*OVERRIDES),
        widget=forms.RadioSelect,
    )
    override_text = LineField(
        label=_("More words"),
        longest=LONGEST_OVERRIDE,
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "maxlength": LONGEST_OVERRIDE,
                "placeholder": _("Or in your own words"),
            }
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.data.get("override") == Override.CUT_OFF:
            self._offer_cut_off()

    def answer_guard(self, override: str) -> None:
        """Why this was begun all the same was said before the call."""
        code, _colon, typed = override.partition(": ")
        if code not in Override.values:
            code, typed = "", override
        if code == Override.CUT_OFF:
            self._offer_cut_off()
        self.fields["override"].initial = code
        self.fields["override_text"].initial = typed

    def offer_need_alone(self) -> None:
        """Only what a contract or case needs passes, so that no other chip is offered."""
        offer_choices(self, "override", _chips(Override.NEEDED))

    def _offer_cut_off(self) -> None:
        """A reason for a second call alone: on the chips where it was given for that call."""
        offer_choices(self, "override", _chips(*OVERRIDES, Override.CUT_OFF))

    @staticmethod
    def override_of(said: Mapping[str, Any]) -> str:
        """The chip and what was typed beside it."""
        return ": ".join(filter(None, [said.get("override"), said.get("override_text")]))


class TalkedForm(GuardedForm):
    """What a customer answered, by a `channel` or only noted. `OF_TALK` names what a talk has."""

    OF_TALK: tuple[str, ...] = ("channel", "is_inbound", "override", "override_text")

    def only_note(self) -> None:
        """Whoever serves nobody notes the answer, and logs no talk."""
        for name in self.OF_TALK:
            self.fields.pop(name, None)

    def clean_channel(self) -> str:
        """The way in which they were asked; empty where the answer is only noted."""
        said = self.cleaned_data["channel"]
        return "" if said == NOTED else said
