"""The go-ahead of a call list about goods."""

from uuid import uuid4

from django import forms


class CallForm(forms.Form):
    """The go-ahead: exactly those that the page showed, once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_shown(self) -> list[int]:
        asked = self.cleaned_data["shown"].split(",")
        return [int(pk) for pk in asked if pk.isascii() and pk.isdecimal() and len(pk) < 19]
