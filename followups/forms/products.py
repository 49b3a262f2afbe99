"""What happens to an owned product, and how it leaves."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import PhoneField
from core.offering import offer_choices
from customers.models import ProductEvent
from customers.rules import RECORDABLE
from customers.services import Happening
from customers.states import GoneReason, ProductEventKind
from followups.forms.deliveries import LONGEST_REASON, NumberField
from followups.forms.fields import DayField, KeyedForm, LineField

LONGEST_TEXT = ProductEvent._meta.get_field("text").max_length or 0


def _line(label: object, most: int) -> LineField:
    return LineField(
        label=label,
        longest=most,
        widget=forms.TextInput(attrs={"class": "form-control", "maxlength": most}),
    )


class ProductEventForm(KeyedForm):
    """One service, repair, complaint or renewal; `told` is what was filled in."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("What"),
        choices=[(kind.value, kind.label) for kind in RECORDABLE],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happened.")},
    )
    on = DayField(label=_("On"), error_messages={"required": _("Give the day.")})
    mileage = NumberField(label=_("Mileage, km"), is_money=False)
    insured_until = DayField(label=_("Insured until"), required=False)
    insurer = _line(_("Insurer"), 60)
    policy_no = _line(_("Policy no."), 60)
    amount = NumberField(label=_("Amount"), is_money=True)
    text = _line(_("Remark"), LONGEST_TEXT)

    fields_of_codes = {
        "event_in_future": "on",
        "event_before_delivery": "on",
        "first_service_is_done": "kind",
        "complaint_has_no_words": "text",
        "renewal_needs_its_end": "insured_until",
        "renewal_is_over": "insured_until",
        "renewal_is_too_long": "insured_until",
        "renewal_is_not_later": "insured_until",
    }

    def told(self) -> Happening:
        """What was filled in, as the service takes it."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        kind = ProductEventKind(said.pop("kind"))
        return Happening(kind=kind, **cast(dict[str, Any], said))


class EndProductForm(forms.Form):
    """How the product left; the new owner is named by their number."""

    use_required_attribute = False

    because = forms.ChoiceField(
        label=_("What became of it"),
        choices=GoneReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what became of it.")},
    )
    gone_on = DayField(label=_("On"), required=False)
    to_phone = PhoneField(
        label=_("Number of the new owner"),
        required=False,
        help_text=_(
            "If the new owner is a customer of yours, the product stands on their card from now on."
        ),
    )
    note = _line(_("Why, or how"), LONGEST_REASON)

    fields_of_codes = {
        "gone_in_future": "gone_on",
        "gone_before_delivery": "gone_on",
        "given_to_the_same": "to_phone",
        "reason_missing": "note",
    }

    def __init__(self, data: Any, *, reasons: list[GoneReason], today: date) -> None:
        super().__init__(data, initial={"gone_on": today})
        self.fields["to_phone"].widget.attrs["class"] = "form-control"
        offer_choices(self, "because", [(reason.value, reason.label) for reason in reasons])
        if len(reasons) == 1:
            self.initial["because"] = reasons[0].value
        self.today = today

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said["gone_on"] = said.get("gone_on") or self.today
        return said


class WhyForm(forms.Form):
    """Why something is taken back."""

    use_required_attribute = False

    reason = _line(_("Why it is taken back"), LONGEST_REASON)
