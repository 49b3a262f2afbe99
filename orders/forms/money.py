"""What is typed about the money of an order."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from orders.services.payments import NewBill
from orders.states import BILL_METHODS

CONTROL = {"class": "form-control", "autocomplete": "off"}


class DayField(forms.DateField):
    """A day, chosen from the calendar."""

    default_error_messages = {"invalid": _("Choose a day.")}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})
        super().__init__(widget=widget, **kwargs)


def line_field(label: Any, longest: int, **more: Any) -> PlainTextField:
    """A line of text."""
    widget = forms.TextInput(attrs={**CONTROL, "maxlength": longest})
    return PlainTextField(label=label, longest=longest, widget=widget, **more)


class BillFields(forms.Form):
    """The paper by which is paid, beside a field `method`: needed for a cheque or an acceptance."""

    bill_number = line_field(_("Bill no."), 40, required=False)
    bill_bank = line_field(_("Bank"), 60, required=False)
    bill_due_on = DayField(label=_("Due on"), required=False)

    @property
    def bill_fields(self) -> list[forms.BoundField]:
        """These fields, for the page."""
        return [self[name] for name in BillFields.base_fields]

    def clean(self) -> dict[str, Any]:
        """A paper is named whole."""
        said = super().clean() or {}
        missing = {
            "bill_number": _("Write down the number of the bill."),
            "bill_bank": _("Write down the bank."),
            "bill_due_on": _("Choose the day on which it is due."),
        }
        if said.get("method") in BILL_METHODS:
            for name, sentence in missing.items():
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return said

    def bill(self) -> NewBill | None:
        """What the service takes; None where is paid without a paper."""
        said = self.cleaned_data
        if said["method"] not in BILL_METHODS:
            return None
        return NewBill(
            number=said["bill_number"], bank=said["bill_bank"], due_on=said["bill_due_on"]
        )
