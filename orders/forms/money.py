"""What is typed about the money of an order."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from core.amounts import money_text
from core.days import date_text
from core.fields import AmountField, NameField, PlainTextField
from core.offering import offer_choices
from core.phones import mask_in_text
from core.standing import StandingForm
from customers.forms.attachments import PictureField
from followups.forms.fields import Chip, DayField
from orders.models import Due, Order, Payment
from orders.rules.terms import Instalment
from orders.services.payments import NewBill, NewPayment
from orders.states import BILL_METHODS, DueKind, Method, Terms

CONTROL = {"class": "form-control", "autocomplete": "off"}


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


class MoneyField(AmountField):
    """An amount, in a box of its own."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["class"] = "form-control"


def reason_field(label: Any, missing: Any, *, longest: int = 200) -> PlainTextField:
    """Why, in some words."""
    widget = forms.Textarea(attrs={**CONTROL, "rows": 2, "maxlength": longest})
    return PlainTextField(
        label=label, longest=longest, widget=widget, error_messages={"required": missing}
    )


def way_field(label: Any, *, choices: Any = None) -> forms.ChoiceField:
    """By which way money goes."""
    return forms.ChoiceField(
        label=label,
        choices=choices or Method.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it was paid.")},
    )


class PaymentForm(BillFields, forms.Form):
    """Money for a known order."""

    use_required_attribute = False
    stops = {
        "amount_missing": "amount",
        "more_than_open": "amount",
        "all_paid": "amount",
        "bill_missing": "bill_number",
        "bill_past": "bill_due_on",
    }

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    amount = MoneyField(label=_("Amount"))
    payer = NameField(label=_("Received from"), widget=forms.TextInput(attrs=CONTROL))
    method = way_field(_("Paid by"))
    note = line_field(_("Remark"), 200, required=False)

    def taken(self) -> NewPayment:
        """What the service takes."""
        said = self.cleaned_data
        names = ("amount", "payer", "method", "note")
        return NewPayment(bill=self.bill(), **{name: said[name] for name in names})


class ReasonForm(forms.Form):
    """Why something is done; `label` and `missing` say of what."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, label: Any, missing: Any) -> None:
        super().__init__(data)
        self.fields["reason"] = reason_field(label, missing)


class InstalmentForm(forms.Form):
    """So much on a day; a row without either counts for nothing."""

    use_required_attribute = False
    amount = MoneyField(label=_("Amount"), required=False)
    on = DayField(label=_("Due on"), required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("amount") and not said.get("on") and "on" not in self.errors:
            self.add_error("on", _("Choose its day."))
        if said.get("on") and not said.get("amount") and "amount" not in self.errors:
            self.add_error("amount", _("Enter the amount."))
        return said


class TermsForm(StandingForm):
    """When an order is paid (FIN-01)."""

    use_required_attribute = False
    stands = ("terms", "deposit")
    rows_offered = 12
    rows_open = 4
    stops = {
        "not_monthly": "terms",
        "manager_sets": "terms",
        "deposit_elsewhere": "deposit",
        "deposit_too_large": "deposit",
    }

    terms = forms.ChoiceField(label=_("Terms"), choices=Terms.choices, widget=forms.RadioSelect)
    deposit = MoneyField(label=_("Deposit with the order"), required=False)

    def __init__(self, data: Any = None, *, terms: str, dues: Sequence[Due]) -> None:
        dated = [due for due in dues if due.kind == DueKind.ON_DAY]
        first = next((due for due in dues if due.kind == DueKind.ORDERED), None)
        super().__init__(data, initial={"terms": terms, "deposit": first and first.amount})
        told = [{"amount": due.amount, "on": due.due_on} for due in dated]
        told += [{}] * (self.rows_offered - len(told))
        self.rows = [
            InstalmentForm(data, prefix=f"row{index}", initial=each)
            for index, each in enumerate(told[: self.rows_offered])
        ]
        self.parts = self.rows

    @property
    def is_split(self) -> bool:
        return self.cleaned_data.get("terms") == Terms.INSTALMENTS

    def is_valid(self) -> bool:
        """Rows are looked at where they are asked for, all at once."""
        if not super().is_valid():
            return False
        checked = [row.is_valid() for row in self.rows if self.is_split]
        return all(checked)

    def said(self) -> dict[str, Any]:
        """What the service takes."""
        rows = self.rows if self.is_split else []
        deposit = None if self.is_split else self.cleaned_data["deposit"]
        return {
            "terms": Terms(self.cleaned_data["terms"]),
            "deposit": deposit or Decimal(0),
            "instalments": [
                Instalment(amount=row.cleaned_data["amount"], on=row.cleaned_data["on"])
                for row in rows
                if row.cleaned_data.get("amount")
            ],
        }


class TransferField(forms.ChoiceField):
    """A transfer of the order; one that has its slip meanwhile the service refuses: of a form sent
    twice the first sending has noted it.
    """

    def valid_value(self, value: str) -> bool:
        return len(value) < 18


class SlipForm(forms.Form):
    """A remittance slip as the customer sent it (ORD-30)."""

    use_required_attribute = False
    stops = {"amount_missing": "amount", "paid_later": "paid_on", "has_slip": "payment"}
    ahead = "ahead"

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    payment = TransferField(
        label=_("Which transfer it proves"), widget=forms.RadioSelect, required=False
    )
    amount = MoneyField(label=_("Amount on the slip"))
    payer = NameField(label=_("Payer"), widget=forms.TextInput(attrs=CONTROL))
    bank = line_field(
        _("Bank"), 60, error_messages={"required": _("Write down the bank of the slip.")}
    )
    paid_on = DayField(
        label=_("Paid on"), error_messages={"required": _("Choose the day on the slip.")}
    )
    image = PictureField(
        label=_("Picture of the slip"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"class": "form-control", "accept": "image/*"}),
    )

    def __init__(
        self, *args: Any, order: Order, waiting: Sequence[Payment], today: date, **kwargs: Any
    ) -> None:
        """`waiting` are the transfers of the order without a slip: the first is proposed."""
        super().__init__(*args, **kwargs)
        self.order = order
        if not waiting:
            if "payment" not in self.data:
                del self.fields["payment"]
            return
        first = waiting[0]
        payer = first.payer if first.payer == mask_in_text(first.payer) else ""
        known = {"payment": first.pk, "amount": f"{first.amount:.2f}", "payer": payer}
        self.initial = {**known, **self.initial}
        choices = [(str(each.pk), _transfer_chip(each, today=today)) for each in waiting]
        choices.append((self.ahead, Chip(_("none of these"), _("it is not recorded yet"))))
        offer_choices(self, "payment", choices)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        chosen = said.get("payment", "")
        of_order = Payment.objects.filter(order=self.order)
        found = of_order.filter(pk=chosen).first() if chosen.isdecimal() else None
        return said | {"payment": found, "is_ahead": chosen == self.ahead}


def _transfer_chip(transfer: Payment, *, today: date) -> Chip:
    day = date_text(transfer.taken_at.astimezone(transfer.order.store.tzinfo).date(), today=today)
    return Chip(money_text(transfer.amount), f"{day} · {mask_in_text(transfer.payer)}")


class BillMoveForm(forms.Form):
    """Where a bill is now."""

    use_required_attribute = False
    stops = {"reason_missing": "reason"}

    to = forms.ChoiceField(label=_("The bill is now"), widget=forms.RadioSelect)
    reason = line_field(_("Why it bounced"), 200, required=False)

    def __init__(self, data: Any = None, *, ways: Sequence[tuple[str, Any]]) -> None:
        super().__init__(data)
        offer_choices(self, "to", list(ways))


class DayEndForm(forms.Form):
    """A word with the signature of the day."""

    use_required_attribute = False
    note = PlainTextField(
        label=_("Remark"),
        longest=400,
        required=False,
        keep_lines=True,
        widget=forms.Textarea(attrs={**CONTROL, "rows": 2, "maxlength": 400}),
    )
