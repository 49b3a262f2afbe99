"""Why a call is made although the guard advises against it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from core.offering import offer_choices
from followups.states import Override

OFFERED = (Override.CUSTOMER_ASKED, Override.NEEDED, Override.NEWS, Override.CUT_OFF)
LONGEST = 160
NEEDED_ALONE = _("They wish no contact: choose this only where a contract or case needs the call.")


class OverrideForm(forms.Form):
    """One chip, or words of one's own."""

    use_required_attribute = False

    override = forms.ChoiceField(
        label=_("Why all the same"),
        required=False,
        choices=[(why.value, why.label) for why in OFFERED],
        widget=forms.RadioSelect,
    )
    override_text = PlainTextField(
        label=_("Or in your own words"),
        longest=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )

    def ask_for_need(self) -> None:
        """Only what a contract or case needs passes: no other chip is offered, and a reason that
        was given in vain is answered (decision 15).
        """
        was_given = any(self.cleaned_data.values()) if self.is_valid() else bool(self.errors)
        offer_choices(self, "override", [(Override.NEEDED.value, Override.NEEDED.label)])
        if was_given:
            self.add_error("override", NEEDED_ALONE)

    def said(self) -> str:
        """The chip and what was typed beside it; "" where nothing was said that can be read."""
        if not self.is_valid():
            return ""
        values = self.cleaned_data
        return ": ".join(filter(None, [values["override"], values["override_text"]]))
