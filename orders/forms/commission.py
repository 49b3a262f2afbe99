"""What is typed of designers: whom they introduced, whose an order is, what was paid."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.fields import PhoneField, PlainTextField
from core.offering import offer_rows
from core.standing import StandingForm
from customers.models import Customer, Designer
from followups.forms.fields import DayField
from orders.forms.money import MoneyField
from orders.models import CommissionEntry

LONGEST_VOUCHER = CommissionEntry._meta.get_field("voucher").max_length or 0


class IntroduceForm(forms.Form):
    """Whom a designer brought and on which day; the number where no card has been chosen."""

    use_required_attribute = False
    fields_of_codes = {
        "introduced_in_future": "on",
        "before_agreement": "on",
        "after_agreement": "on",
    }

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    phone = PhoneField(label=_("Number of the customer"))
    on = DayField(label=_("Introduced on"), error_messages={"required": _("Say on which day.")})

    def __init__(self, data: Any, *, customer: Customer | None, today: date) -> None:
        registered = customer.store.today(customer.registered_at) if customer else today
        super().__init__(data, initial={"on": registered})
        self.fields["phone"].widget.attrs["class"] = "form-control"
        if customer is not None:
            del self.fields["phone"]


class PayForm(forms.Form):
    """What was paid to a designer, when, and by which voucher."""

    use_required_attribute = False
    fields_of_codes = {
        "amount_missing": "amount",
        "more_than_payable": "amount",
        "nothing_payable": "amount",
        "paid_in_future": "on",
        "paid_before_order": "on",
        "voucher_missing": "voucher",
    }

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    amount = MoneyField(label=_("Amount"))
    on = DayField(label=_("Paid on"), error_messages={"required": _("Say on which day.")})
    voucher = PlainTextField(
        label=_("Voucher no."),
        longest=LONGEST_VOUCHER,
        error_messages={"required": _("Say the number of the voucher.")},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].widget.attrs["class"] = "form-control"


class NameDesignerForm(StandingForm):
    """To which designer the commission of an order is owed."""

    use_required_attribute = False
    stands = ("designer",)

    designer = forms.ModelChoiceField(
        label=_("Designer"),
        queryset=Designer.objects.none(),
        required=False,
        empty_label=_("nobody"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, designers: QuerySet[Designer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "designer", designers)
