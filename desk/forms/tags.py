"""The form for the tags of one customer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from core.offering import offer_rows
from customers.models import Tag
from customers.queries import all_tags
from customers.services.tags import LONGEST_TAG


class TagsForm(forms.Form):
    """The tags that a customer has, and perhaps a new one."""

    use_required_attribute = False

    tags = forms.ModelMultipleChoiceField(
        label=_("Tags"),
        queryset=Tag.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    new = PlainTextField(
        label=_("Another tag"),
        longest=LONGEST_TAG,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "tags", all_tags())
