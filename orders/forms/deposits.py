"""What is typed to take a deposit, and to give one back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField, NameField, PlainTextField
from orders.forms.asking import AskingForm
from orders.forms.money import BillFields
from orders.models import Payment
from orders.services import NewDeposit
from orders.states import Method

LONGEST_REASON = Payment._meta.get_field("return_reason").max_length or 0


class DepositForm(BillFields, AskingForm):
    """One deposit, from a number."""

    # Codes of refusals that belong to one field.
    fields_of_codes = {
        "amount_missing": "amount",
        "which_home": "address",
        "address_missing": "address",
        "number_taken": "order_no",
        "other_region": "address",
        "more_than_open": "amount",
        "all_paid": "amount",
        "bill_missing": "bill_number",
        "bill_past": "bill_due_on",
    }

    payer = NameField(
        label=_("Received from"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    amount = AmountField(label=_("Amount"))
    method = forms.ChoiceField(
        label=_("Paid by"),
        choices=Method.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it was paid.")},
    )

    def taken(self) -> NewDeposit:
        """What the service takes."""
        values = self.cleaned_data
        return NewDeposit(
            payer=values["payer"],
            amount=values["amount"],
            method=values["method"],
            bill=self.bill(),
            **self.wanted(),
        )


class ReturnForm(forms.Form):
    """Why a deposit goes back."""

    use_required_attribute = False

    reason = PlainTextField(
        label=_("Why it goes back"),
        longest=LONGEST_REASON,
        error_messages={"required": _("Say why the deposit goes back.")},
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )
