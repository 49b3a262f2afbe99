"""Asking for a special price: some products with their prices, why, and until when."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.fields import PlainTextField
from customers.forms.opportunities import AmountField
from filings.forms.deciding import DayField
from filings.services.prices import Line
from stock.models import Style

MOST_LINES = 5
USUAL_DAYS = 14


def _amount(label: Any, *, required: bool = True) -> AmountField:
    return AmountField(
        label=label,
        required=required,
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(
            attrs={"class": "form-control", "inputmode": "decimal", "autocomplete": "off"}
        ),
    )


class LineForm(forms.Form):
    """One product; the list price of a style in the master is its tag price unless typed, its floor
    the master's where that is known.
    """

    use_required_attribute = False
    product = PlainTextField(
        label=gettext_lazy("Product or style no."),
        longest=120,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Name the product.")},
    )
    list_price = _amount(gettext_lazy("List price"), required=False)
    floor_price = _amount(gettext_lazy("Floor price"), required=False)
    wished_price = _amount(gettext_lazy("Price asked for"), required=False)

    @property
    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in self.fields)

    def clean(self) -> dict[str, Any]:
        """A line that says anything says product and prices."""
        said = super().clean() or {}
        if self.errors or not any(said.get(name) for name in self.fields):
            return said
        style = _style_of(said["product"])
        if said["list_price"] is None and style is not None:
            said["list_price"] = style.tag_price
        missing = {
            "product": _("Name the product."),
            "list_price": _("Say the list price."),
            "wished_price": _("Say the price asked for."),
        }
        for name, sentence in missing.items():
            if not said.get(name):
                self.add_error(name, sentence)
        if not self.errors:
            self.line = Line(
                product=said["product"], list_price=said["list_price"],
                wished_price=said["wished_price"], floor_price=said["floor_price"], style=style,
            )  # fmt: skip
        return said


def _style_of(text: str) -> Style | None:
    """The style of this number, perhaps with its brand before it; a name that is none is free
    text. Raises ValidationError where two brands have the number.
    """
    words = text.split()
    if not words:
        return None
    styles: QuerySet[Style] = Style.objects.filter(number__iexact=words[-1]).order_by("pk")
    if len(words) > 1:
        styles = styles.filter(brand__name__iexact=" ".join(words[:-1]))
    found = list(styles[:2])
    if len(found) > 1:
        raise ValidationError(_("Several brands have this style no. Write the brand before it."))
    return found[0] if found else None


class PriceForm(forms.Form):
    """An application; `lines` are forms of their own, of which the blank ones count for nothing."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    reason = PlainTextField(
        label=pgettext_lazy("a request", "Reason"),
        longest=400,
        keep_lines=True,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3, "maxlength": 400}),
        error_messages={"required": gettext_lazy("Say why the price is asked for.")},
    )
    valid_until = DayField(
        label=gettext_lazy("Valid until"),
        error_messages={"required": gettext_lazy("Choose until when the price is good.")},
    )

    fields_of_codes = {
        "reason_missing": "reason",
        "valid_until_is_past": "valid_until",
        "valid_until_is_far": "valid_until",
    }

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"valid_until": today + timedelta(days=USUAL_DAYS)})
        self.lines = [LineForm(data, prefix=f"line{index}") for index in range(MOST_LINES)]

    def is_valid(self) -> bool:
        """All parts are looked at, so that everything wrong is shown at once."""
        checked = [line.is_valid() for line in self.lines]
        return super().is_valid() and all(checked)

    @property
    def said_lines(self) -> Sequence[Line]:
        return [line.line for line in self.lines if not line.is_blank]


class DecidePriceForm(forms.Form):
    """A word with the decision; a refusal needs one."""

    use_required_attribute = False
    note = PlainTextField(
        label=gettext_lazy("Remark, or why it is refused"),
        longest=200,
        required=False,
        widget=forms.TextInput(
            attrs={"class": "form-control", "maxlength": 200, "autocomplete": "off"}
        ),
    )
