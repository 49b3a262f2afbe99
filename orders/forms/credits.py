"""What is typed about credits, and about changes of an order that make them (ORD-17)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import PlainTextField
from core.offering import offer_rows
from orders.forms.money import CONTROL, MoneyField, line_field, reason_field, way_field
from orders.models import Order, OrderLine
from orders.rules.changes import CHANGES
from orders.services.changing import Change, LineChange
from orders.services.lines import NewLine
from orders.states import CreditKind, Supply
from stock.models import Style

NOTHING = Decimal(0)


class ContactForm(forms.Form):
    """What the customer said about their money."""

    use_required_attribute = False
    text = reason_field(_("What the customer said"), _("Write down what was said."))


class OffsetForm(forms.Form):
    """Into which other order how much goes, and how the customer agreed."""

    use_required_attribute = False
    stops = {
        "same_order": "order",
        "other_customer": "order",
        "order_without_amount": "order",
        "more_than_open": "amount",
        "more_than_left": "amount",
        "amount_missing": "amount",
        "consent_missing": "consent",
    }

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    order = forms.ModelChoiceField(
        label=_("Order of this customer"),
        queryset=Order.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    amount = MoneyField(label=_("Amount"))
    consent = reason_field(
        _("How the customer agreed"), _("Write down how the customer agreed to it.")
    )

    def __init__(self, data: Any = None, *, orders: Any, most: Decimal) -> None:
        super().__init__(data, initial={"amount": most})
        offer_rows(self, "order", orders)


class RefundForm(forms.Form):
    """How much of a credit is to be paid out."""

    use_required_attribute = False
    stops = {"amount_missing": "amount", "more_than_left": "amount", "nothing_left": "amount"}

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    amount = MoneyField(label=_("Amount"))


class PayRefundForm(forms.Form):
    """By which way a refund was paid out, and its voucher."""

    use_required_attribute = False
    stops = {"voucher_missing": "voucher"}

    method = way_field(_("Paid out by"))
    voucher = line_field(
        _("Voucher no."), 40, error_messages={"required": _("Write down the voucher number.")}
    )


class ChangeForm(forms.Form):
    """What becomes of one line; for an exchange, what comes instead."""

    use_required_attribute = False
    stops = {
        "not_a_change": "kind",
        "price_alone": "qty",
        "delivered": "qty",
        "qty_wrong": "qty",
        "under_floor": "special_no",
        "exchange_missing": "product",
        "product_missing": "product",
        "reason_missing": "reason",
    }

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    kind = forms.ChoiceField(
        label=pgettext_lazy("order", "What changes"),
        choices=[(kind.value, kind.label) for kind in CHANGES],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what changes.")},
    )
    qty = forms.IntegerField(
        label=_("Pieces that stay (0: none)"),
        min_value=0,
        required=False,
        widget=forms.TextInput(attrs={**CONTROL, "inputmode": "numeric"}),
    )
    price = MoneyField(label=_("New price a piece"), required=False, lowest=NOTHING)
    special_no = line_field(_("Special price no."), 20, required=False)
    product = line_field(_("Product or style no."), 120, required=False)
    new_qty = forms.IntegerField(
        label=_("Quantity"),
        min_value=1,
        required=False,
        widget=forms.TextInput(attrs={**CONTROL, "inputmode": "numeric"}),
    )
    new_price = MoneyField(label=_("Agreed price"), required=False, lowest=NOTHING)
    reason = reason_field(_("Why"), _("Say why the order is changed."))

    # Which fields a kind of change asks for.
    asks = {
        CreditKind.FEWER: ("qty",),
        CreditKind.CHEAPER: ("price",),
        CreditKind.DIFFERENCE: ("price",),
        CreditKind.EXCHANGED: ("qty", "product", "new_price"),
    }

    def __init__(self, data: Any = None, *, line: OrderLine) -> None:
        super().__init__(data, initial={"kind": CreditKind.FEWER, "qty": 0, "new_qty": 1})
        self.line = line
        self.style: Style | None = None

    @property
    def of_price(self) -> list[forms.BoundField]:
        return [self["price"], self["special_no"]]

    @property
    def of_exchange(self) -> list[forms.BoundField]:
        return [self["product"], self["new_qty"], self["new_price"]]

    def clean(self) -> dict[str, Any]:
        """What the change asks for is there."""
        said = super().clean() or {}
        kind = said.get("kind")
        missing = {
            "qty": _("Say how many pieces stay."),
            "price": _("Say the new price."),
            "product": _("Name what comes instead."),
            "new_price": _("Say its price."),
        }
        for name in self.asks.get(CreditKind(kind), ()) if kind else ():
            if said.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, missing[name])
        if kind == CreditKind.EXCHANGED and said.get("product"):
            self.style = _style_of(said["product"])
        return said

    def change(self) -> Change:
        """What the service takes."""
        said = self.cleaned_data
        kind = CreditKind(said["kind"])
        is_of_price = "price" in self.asks[kind]
        line = LineChange(
            line_id=self.line.pk,
            qty=self.line.qty if is_of_price else said["qty"],
            price=said["price"] if is_of_price else self.line.agreed_price,
            special_no=said["special_no"] if is_of_price else "",
        )
        added: Sequence[NewLine] = [self._added()] if kind == CreditKind.EXCHANGED else ()
        return Change(kind=kind, lines=[line], reason=said["reason"], added=added)

    def _added(self) -> NewLine:
        said, style = self.cleaned_data, self.style
        return NewLine(
            product=said["product"],
            qty=said["new_qty"] or 1,
            agreed_price=said["new_price"],
            list_price=style.tag_price if style else said["new_price"],
            style=style,
            supply=Supply.PURCHASE,
            special_no=said["special_no"],
        )


def _style_of(text: str) -> Style | None:
    """The style of this number, where there is one alone."""
    found = list(Style.objects.filter(number__iexact=text.split()[-1]).order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


class CancelForm(forms.Form):
    """Why an order is called off."""

    use_required_attribute = False
    reason = PlainTextField(
        label=_("Why"),
        longest=200,
        widget=forms.Textarea(attrs={**CONTROL, "rows": 2, "maxlength": 200}),
        error_messages={"required": _("Say why the order is called off.")},
    )
