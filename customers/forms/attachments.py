"""The forms of pictures: several sent at once, and what one shows."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from core.offering import offer_rows
from core.phones import mask_in_text
from customers.models import Customer, OwnedProduct
from customers.services.pictures import Picture, PictureRefused, read_picture
from customers.states import ATTACHED_KINDS

MOST_AT_ONCE = 6


class PictureField(forms.FileField):
    """One picture, written anew: nothing else of what was sent is kept."""

    def clean(self, data: Any, initial: Any = None) -> Picture | None:
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            return read_picture(file.read())
        except PictureRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Some pictures, at most `MOST_AT_ONCE`; what they are is seen when they are read."""

    def __init__(self, **options: Any) -> None:
        attrs = {"class": "form-control", "accept": "image/*"}
        super().__init__(widget=_SeveralFiles(attrs=attrs), allow_empty_file=True, **options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        sent = [file for file in files if file]
        if not sent and self.required:
            raise forms.ValidationError(_("Choose a picture, or take one."), code="required")
        if len(sent) > MOST_AT_ONCE:
            raise forms.ValidationError(
                _("Send at most %(most)s pictures at once."),
                code="too_many",
                params={"most": MOST_AT_ONCE},
            )
        return sent


class DescribeForm(forms.Form):
    """What a picture shows."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("It shows"),
        choices=[(kind.value, kind.label) for kind in ATTACHED_KINDS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the picture shows.")},
    )
    caption = PlainTextField(
        label=_("Caption"),
        longest=120,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


class OwnedProductField(forms.ModelChoiceField):
    """A product by its name, in which a number may have been typed."""

    def label_from_instance(self, obj: Any) -> str:
        return mask_in_text(str(obj))


class AttachForm(DescribeForm):
    """Pictures of one kind, under one caption."""

    field_order = ("pictures", "kind", "product", "caption")
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    pictures = PicturesField(
        label=_("Pictures"), help_text=_("JPEG, PNG or WebP, up to 12 MB each, 6 at once.")
    )
    product = OwnedProductField(
        label=_("Of which product"),
        queryset=OwnedProduct.objects.none(),
        required=False,
        empty_label="–",
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owned = OwnedProduct.objects.filter(customer=customer, gone_on=None).order_by("-pk")
        offer_rows(self, "product", owned)
        if not owned.exists():
            del self.fields["product"]
