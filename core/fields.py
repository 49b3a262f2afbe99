"""Form fields over the product's own readers of text, names and phone numbers."""

import re
import unicodedata
from decimal import Decimal
from html import escape
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from core.input_refused import InputRefused
from core.names import clean_name
from core.phones import Phone, normalise
from core.plain_text import clean_text
from core.searching import sought

# 12,000 or 1 234 567.50: separators only where thousands end, so that 1,5 is refused as it is.
THOUSANDS = re.compile(r"[0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]*)?")


def _read(reader, *args: Any, **kwargs: Any):
    """What `reader` makes of the input; its refusal becomes the field's sentence."""
    try:
        return reader(*args, **kwargs)
    except InputRefused as refusal:
        raise forms.ValidationError(str(refusal), code=refusal.code) from refusal


class RawTextField(forms.CharField):
    """Text as it came: our readers strip, count and refuse, in sentences of their own."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        # Django's own check answers NUL with a sentence that says nothing to a salesperson.
        self.validators = []


class PlainTextField(RawTextField):
    """Text without what nobody sees; empty or at most `longest` characters."""

    def __init__(self, *, longest: int, keep_lines: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest, self.keep_lines = longest, keep_lines

    def clean(self, value: Any) -> str:
        text = _read(clean_text, value or "", max_length=self.longest, keep_lines=self.keep_lines)
        return super().clean(text)


class NameField(RawTextField):
    """The name of a person or a company."""

    def __init__(self, *, longest: int = 64, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest

    def clean(self, value: Any) -> str:
        return _read(clean_name, value or "", max_length=self.longest)


class QuickSelect(forms.Select):
    """A select whose options are joined, not rendered one template each: for long plain lists."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        chosen = "" if value is None else str(value)
        options = "".join(
            f'<option value="{escape(str(key))}"{" selected" if str(key) == chosen else ""}>'
            f"{escape(str(label))}</option>"
            for key, label in self.choices
        )
        flat = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return mark_safe(f"<select{flat}>{options}</select>")


class AmountField(forms.DecimalField):
    """Money as people write it: 12,000 and １２０００ are twelve thousand; to the cent, above 0.

    `lowest` lets 0 in, where something may be given away.
    """

    default_error_messages = {
        "required": _("Enter the amount."),
        "invalid": _("Enter the amount as a number."),
        "min_value": _("The amount is more than 0."),
        "max_decimal_places": _("Enter the amount to the cent: two digits after the point."),
        "max_digits": _("This amount is too large. Check it."),
        "max_whole_digits": _("This amount is too large. Check it."),
    }

    def __init__(self, *, lowest: Decimal = Decimal("0.01"), **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        )
        if lowest <= 0:
            said = {"min_value": _("The amount is 0 or more.")}
            kwargs["error_messages"] = said | kwargs.get("error_messages", {})
        super().__init__(min_value=lowest, max_digits=12, decimal_places=2, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).strip().strip("¥元").strip()
            if THOUSANDS.fullmatch(value):
                value = value.replace(",", "").replace(" ", "")
        return super().to_python(value)


class SearchField(forms.CharField):
    """What is looked for, as it is kept: wide letters and digits are the plain ones."""

    def to_python(self, value: Any) -> Any:
        return sought(super().to_python(value) or "")


class PhoneField(RawTextField):
    """One phone number, as a `Phone`; None where it may be empty and is."""

    default_error_messages = {"required": _("Enter a phone number.")}
    widget = forms.TextInput(
        attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off", "data-phone": True}
    )

    def clean(self, value: Any) -> Phone | None:
        text = (value or "").strip()
        if text:
            return _read(normalise, text)
        super().clean("")
        return None
