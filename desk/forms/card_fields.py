"""The fields of a customer's card, a section each; limits in words where a person meets them."""

from decimal import Decimal

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.fields import NameField, PhoneField, PlainTextField
from customers.forms.birthdays import BirthdayForm
from customers.states import (
    Decoration,
    ExpectedPurchase,
    IdKind,
    ServiceWanted,
    Source,
    Title,
)
from desk.forms.hours import ContactHoursForm

LARGEST_HOME = Decimal(99_999)


def _choices(states: type[TextChoices], empty: object = "–") -> list[tuple[str, object]]:
    return [("", empty), *states.choices]


def _line(label: object, longest: int, **options) -> PlainTextField:
    return PlainTextField(label=label, longest=longest, required=False, **options)


class IdNumberField(PlainTextField):
    """The number of a paper: letters and digits, without the blanks people put between."""

    def clean(self, value: object) -> str:
        number = "".join(super().clean(value).split()).upper()
        if number and not (number.isascii() and number.replace("-", "").isalnum()):
            raise forms.ValidationError(
                _("The number of a paper has only letters, digits and dashes."), code="characters"
            )
        return number


class WhoFields(BirthdayForm):
    """Who they are."""

    name = NameField(label=_("Name"))
    title = forms.ChoiceField(label=_("Title"), choices=_choices(Title), required=False)
    company = _line(_("Company"), 80)
    job = _line(_("Job"), 60)
    id_kind = forms.ChoiceField(
        label=_("Paper"),
        choices=_choices(IdKind),
        required=False,
        help_text=_("Only where a sale needs it. “–” deletes the number that is kept."),
    )
    id_number = IdNumberField(
        label=_("Number of the paper"),
        longest=40,
        required=False,
        help_text=_("Leave it empty to keep the number."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ReachFields(ContactHoursForm):
    """How to reach them."""

    phone = PhoneField(
        label=_("Main phone"),
        required=False,
        help_text=_("Leave it empty to keep the number. A new one becomes the main number."),
    )
    phone2 = PhoneField(label=_("Another phone"), required=False)
    wechat = _line(_("WeChat id"), 60)
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=120,
        required=False,
        error_messages={
            "invalid": _("This is no e-mail address. Check it, like name@example.com."),
            "max_length": _("This is too long for an e-mail address."),
        },
    )
    address = _line(_("Address"), 120)
    contact_time = _line(
        _("Suitable contact time"), 60, help_text=_("In words: at weekends, after work.")
    )


class WantFields(forms.Form):
    """What they want."""

    need = _line(_("Need"), 400, keep_lines=True, widget=forms.Textarea(attrs={"rows": 2}))
    expected_purchase = forms.ChoiceField(
        label=_("Means to buy"), choices=_choices(ExpectedPurchase), required=False
    )
    expected_on = forms.DateField(
        label=_("Means to buy on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    budget = _line(_("Budget"), 40)
    competitor = _line(_("Competitor"), 60)
    services_wanted = forms.MultipleChoiceField(
        label=_("Service wanted"),
        choices=ServiceWanted.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class HomeFields(forms.Form):
    """Their home."""

    home_area = forms.DecimalField(
        label=_("Area, m²"),
        min_value=Decimal(1),
        max_value=LARGEST_HOME,
        max_digits=7,
        decimal_places=2,
        required=False,
        error_messages={
            "invalid": _("Write the area as a number, like 118 or 118.5."),
            "min_value": _("An area is at least 1 m²."),
            "max_value": _("An area is at most 99,999 m²."),
            "max_digits": _("An area is at most 99,999 m²."),
            "max_whole_digits": _("An area is at most 99,999 m²."),
            "max_decimal_places": _("Two digits after the point are enough."),
        },
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    home_layout = _line(_("Layout"), 60, help_text=_("3 bedrooms, 2 living rooms."))
    home_style = _line(_("Style"), 60)
    decoration = forms.ChoiceField(
        label=_("Decoration"), choices=_choices(Decoration), required=False
    )


class AroundFields(forms.Form):
    """How they came, what they like, and whatever else there is to say."""

    source = forms.ChoiceField(label=_("Source"), choices=_choices(Source), required=False)
    referrer = _line(
        _("Referred by"), 60, help_text=_("A name, or the phone number of a customer.")
    )
    campaign = _line(_("Campaign"), 80)
    hobbies = _line(_("Hobbies"), 200)
    note = _line(_("Note"), 1000, keep_lines=True, widget=forms.Textarea(attrs={"rows": 3}))
