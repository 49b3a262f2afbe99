"""One more number of a customer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import PhoneField


class NumberForm(forms.Form):
    """The number to be added."""

    use_required_attribute = False

    phone = PhoneField(label=_("Another phone"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        attrs = self.fields["phone"].widget.attrs
        attrs |= {"class": "form-control", "placeholder": "138 0000 0000"}
