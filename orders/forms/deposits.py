"""What is typed to take a deposit, and to give one back."""

from decimal import Decimal
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField, NameField, PhoneField, PlainTextField
from core.phones import normalise
from filings.services import TRADES_OF_HOMES
from orders.forms.money import BillFields
from orders.models import Payment
from orders.services import NewDeposit
from orders.states import Method
from staff.models import Person

LONGEST_REASON = Payment._meta.get_field("return_reason").max_length or 0


class DepositForm(BillFields, forms.Form):
    """One deposit, from a number. `seen` is the answer that stood on the page (decision 4)."""

    use_required_attribute = False
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

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    seen = forms.CharField(required=False, max_length=10)
    phone = PhoneField(label=_("Customer's phone"))
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
    address = PlainTextField(
        label=_("Delivered to"),
        longest=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    is_new_purchase = forms.BooleanField(
        label=_("A further purchase of a known customer"), required=False
    )
    order_no = PlainTextField(
        label=_("Order no."),
        longest=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"}),
    )

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_of_homes = by.store is not None and by.store.trade in TRADES_OF_HOMES
        if self.is_of_homes:
            del self.fields["is_new_purchase"]

    def text_of(self, name: str) -> str:
        """What was typed into a field, before the form is whole."""
        return str(self.data.get(name, "")).strip() if name in self.fields else ""

    def asked(self) -> NewDeposit:
        """What whoever asks before the button has typed by then. Raises PhoneRefused."""
        return NewDeposit(
            phone=normalise(self.text_of("phone")),
            payer="",
            amount=Decimal(0),
            method="",
            address=_cleaned(self.fields["address"], self.text_of("address")),
            order_no=_cleaned(self.fields["order_no"], self.text_of("order_no")),
            is_new_purchase=bool(self.text_of("is_new_purchase")),
        )

    def taken(self) -> NewDeposit:
        """What the service takes."""
        values = self.cleaned_data
        return NewDeposit(
            phone=values["phone"],
            payer=values["payer"],
            amount=values["amount"],
            method=values["method"],
            bill=self.bill(),
            address=values["address"],
            order_no=values["order_no"],
            is_new_purchase=values.get("is_new_purchase", False),
        )

    def renew_key(self) -> None:
        """Give the form another key: the one it carries belongs to another form."""
        data = cast(QueryDict, self.data).copy()
        data["key"] = str(uuid4())
        self.data = data


def _cleaned(field: forms.Field, text: str) -> str:
    """The text as the field reads it; nothing where it refuses it, which sending says."""
    try:
        return field.clean(text)
    except forms.ValidationError:
        return ""


class ReturnForm(forms.Form):
    """Why a deposit goes back."""

    use_required_attribute = False

    reason = PlainTextField(
        label=_("Why it goes back"),
        longest=LONGEST_REASON,
        error_messages={"required": _("Say why the deposit goes back.")},
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )
