"""The form of what holds for the orders of a trade."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from orders.forms.money import MoneyField
from orders.models import OrderTerms
from orders.services.parameters import Figures

# By name: what it is, what it does, and between which figures it lies (None: an amount).
FIELDS = {
    "check_days": (
        _("Paid in full, days before delivery"),
        _("From this day on an order that is not paid as agreed is red, and its customer is asked "
          "for the money."),
        (0, 60),
    ),
    "hold_after_days": (
        _("Deliveries held, days overdue"),
        _("When any amount of a customer is overdue so long, nothing more is delivered to them "
          "until it is paid or a manager lets it go."),
        (1, 365),
    ),
    "monthly_days": (
        _("Monthly terms: days to pay"),
        _("Counted from the end of the month of delivery."),
        (0, 180),
    ),
    "slip_band": (
        _("Tolerance of a remittance slip, ¥"),
        _("A slip may say so much less than the order and still passes. 0: not a cent."),
        None,
    ),
    "credit_days": (
        _("Credit refundable after days"),
        _("Counted from the change of the order. Before that the credit may be offset with the "
          "customer's consent."),
        (0, 180),
    ),
    "return_days": (
        _("Returns and exchanges, days after delivery"),
        _(
            "At the customer's wish goods come back until then; faulty or wrong ones later, too, "
            "if a manager says why."
        ),
        (0, 365),
    ),
    "claw_back_percent": (
        _("Commission taken back for returned goods, %"),
        _("Of the designer's commission on what the customer brings back."),
        (0, 100),
    ),
}  # fmt: skip


class ParametersForm(forms.Form):
    """The figures as they shall hold; `seen` is the state that was read, so that nobody writes over
    what somebody else has set meanwhile.
    """

    use_required_attribute = False

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, standing: OrderTerms, seen: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = seen
        for name, (label, about, limits) in FIELDS.items():
            field = _field(limits, label=label, help_text=about)
            field.initial = getattr(standing, name)
            self.fields[name] = field
        self.fields["reason"] = PlainTextField(
            label=_("Why"),
            longest=200,
            error_messages={"required": _("Say why.")},
            widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
        )

    def figures(self) -> Figures:
        """What the service takes."""
        return Figures(**{name: self.cleaned_data[name] for name in FIELDS})


def _field(limits: tuple[int, int] | None, **said: Any) -> forms.Field:
    if limits is None:
        return MoneyField(lowest=Decimal(0), **said)
    least, most = limits
    return forms.IntegerField(
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
        **said,
    )
