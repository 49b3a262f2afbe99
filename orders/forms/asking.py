"""The part of every form that begins with a number: who, where, and the answer that was read."""

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.fields import PhoneField, PlainTextField
from core.phones import normalise, put_back
from customers.models import Customer
from filings.services import TRADES_OF_HOMES
from orders.services import Wanted
from staff.models import Person


def cleaned(field: forms.Field, text: str) -> str:
    """The text as the field reads it; nothing where it refuses it, which sending says."""
    try:
        return field.clean(text)
    except forms.ValidationError:
        return ""


class AskingForm(forms.Form):
    """A number and what its answer depends on. `seen` is the answer that stood on the page
    (decision 4).
    """

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    seen = forms.CharField(required=False, max_length=10)
    phone = PhoneField(label=_("Customer's phone"))
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

    def __init__(
        self,
        *args: Any,
        by: Person,
        customer: Customer | None = None,
        kept_address: str = "",
        **kwargs: Any,
    ) -> None:
        """`customer` is known already, to somebody who sees the card: no number is asked.

        `kept_address` is the known address, `customer`'s own unless told.
        """
        super().__init__(*args, **kwargs)
        self.customer = customer
        self.kept_address = kept_address or (customer.address if customer else "")
        if customer is not None:
            del self.fields["phone"]
        self.is_of_homes = by.store is not None and by.store.trade in TRADES_OF_HOMES
        if self.is_of_homes:
            del self.fields["is_new_purchase"]

    def text_of(self, name: str) -> str:
        """What was typed into a field, before the form is whole."""
        return str(self.data.get(name, "")).strip() if name in self.fields else ""

    def asked(self) -> Wanted:
        """What whoever asks before the button has typed by then. Raises PhoneRefused."""
        return Wanted(
            phone=normalise(self.text_of("phone")) if "phone" in self.fields else None,
            customer=self.customer,
            address=self._whole(cleaned(self.fields["address"], self.text_of("address"))),
            order_no=cleaned(self.fields["order_no"], self.text_of("order_no"))
            if "order_no" in self.fields
            else "",
            is_new_purchase=bool(self.text_of("is_new_purchase")),
        )

    def wanted(self) -> dict[str, Any]:
        """The same once the form is whole, as the services take it."""
        values = self.cleaned_data
        return {
            "phone": values.get("phone"),
            "customer": self.customer,
            "address": self._whole(values["address"]),
            "order_no": values.get("order_no", ""),
            "is_new_purchase": values.get("is_new_purchase", False),
        }

    def _whole(self, address: str) -> str:
        """The address with the numbers of the known one, of which the page shows the masks."""
        return put_back(address, kept=self.kept_address)

    def renew_key(self) -> None:
        """Give the form another key: the one it carries belongs to another form."""
        data = cast(QueryDict, self.data).copy()
        data["key"] = str(uuid4())
        self.data = data
