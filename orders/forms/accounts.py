"""What is typed about a customer's account: terms, disputes, statements."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import PlainTextField
from core.standing import StandingForm
from followups.forms.fields import DayField
from orders.forms.money import MoneyField
from orders.services.accounts import NewTerms


def _reason_field(label: object, *, is_required: bool) -> PlainTextField:
    return PlainTextField(
        label=label,
        longest=200,
        required=is_required,
        error_messages={"required": _("Say why.")},
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )


class AccountForm(StandingForm):
    """On what terms a customer buys."""

    use_required_attribute = False
    stands = ("is_monthly", "credit_limit", "is_held", "reason")

    is_monthly = forms.BooleanField(label=_("Monthly terms: no slip is asked for"), required=False)
    credit_limit = MoneyField(label=_("Credit limit, ¥ (empty: none)"), required=False)
    is_held = forms.BooleanField(label=_("Hold all deliveries to this customer"), required=False)
    reason = _reason_field(_("Why"), is_required=False)

    def terms(self) -> NewTerms:
        """What the service takes."""
        said: dict[str, Any] = self.cleaned_data
        limit: Decimal | None = said["credit_limit"]
        return NewTerms(
            is_monthly=said["is_monthly"],
            credit_limit=limit,
            is_held=said["is_held"],
            reason=said["reason"],
        )


class DisputeForm(forms.Form):
    """What the customer disputes."""

    use_required_attribute = False

    reason = _reason_field(_("What is disputed, and why"), is_required=True)


class StatementForm(forms.Form):
    """The days that a statement covers."""

    use_required_attribute = False

    begins = DayField(label=pgettext_lazy("first day of a period", "From"))
    ends = DayField(label=_("Until"))
