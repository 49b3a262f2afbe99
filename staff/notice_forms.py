"""What reaches a person, and the group robots: what is typed, as clean values."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from core.offering import offer_rows
from staff.forms import KeyedForm
from staff.models import Store
from staff.states import NoticeKind, RobotKind


class HourField(forms.TimeField):
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "form-control"})


class DrawnByHand(forms.Form):
    """A form whose fields carry their own classes: its page draws them one by one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Select):
                field.widget.attrs["class"] = "form-select"
            elif not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "form-control"


class NoticesForm(forms.Form):
    """What a person is told, by kind, and the one mail a day."""

    told = forms.MultipleChoiceField(
        label=_("Tell me in the app"),
        choices=NoticeKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    by_mail = forms.BooleanField(
        label=_("Send me one mail a day"),
        required=False,
        help_text=_("Counts, hours and addresses of pages; no customer's name and no number."),
    )
    digest_at = HourField(label=_("At"))

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_by_mail(self) -> bool:
        wanted = bool(self.cleaned_data["by_mail"])
        if wanted and not self.email:
            raise forms.ValidationError(_("Enter your e-mail under My details first."))
        return wanted


class RobotForm(DrawnByHand):
    """A group robot; `stores` are what may be chosen."""

    name = PlainTextField(
        label=_("Robot's name"),
        longest=60,
        help_text=_("As the group knows it, such as the shop floor."),
    )
    store = forms.ModelChoiceField(
        Store.objects.none(), label=_("Digest of"), required=False, empty_label=_("all stores")
    )
    digest_at = HourField(label=_("At"), initial="08:30")
    address = forms.CharField(
        label=_("Robot's address"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    secret = forms.CharField(
        label=_("Secret"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("DingTalk and Feishu: where the robot signs. WeCom has none."),
    )

    def __init__(self, *args: Any, stores: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "store", stores)


class NewRobotForm(RobotForm, KeyedForm):
    kind = forms.ChoiceField(label=_("Service"), choices=RobotKind.choices)

    field_order = ["kind", "name", "store", "digest_at", "address", "secret", "key"]


class StandingRobotForm(RobotForm):
    no_secret = forms.BooleanField(label=_("It signs no more: forget the secret"), required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].required = False
        self.fields["address"].help_text = _("Empty: as it stands.")
