"""What somebody says when a text has gone out: the text as it went, and in what."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from followups.models import Greeting
from followups.states import SentBy

LONGEST = Greeting._meta.get_field("text").max_length or 2000


def text_field() -> PlainTextField:
    """A text to a customer, put right by its sender before it goes out."""
    return PlainTextField(
        label=_("Text"),
        longest=LONGEST,
        keep_lines=True,
        required=False,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 6, "data-no-draft": ""}),
    )


class GreetingForm(forms.Form):
    """One greeting, sent."""

    use_required_attribute = False

    text = text_field()
    way = forms.ChoiceField(
        label=_("Sent by"),
        choices=SentBy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how it went out.")},
    )
