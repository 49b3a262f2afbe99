"""What is typed to quote, to place an order, to sign, check and change one."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField, NameField, PlainTextField
from core.offering import offer_rows
from core.phones import put_back
from core.standing import StandingForm
from customers.models import Designer
from customers.states import ExpectedPurchase
from followups.forms.fields import DayField
from orders.forms.asking import AskingForm
from orders.models import Quote
from orders.services.comparing import Original
from orders.services.files import PaperNotKept, Scan, read_scan
from orders.services.lines import NewLine
from orders.services.ordering import NewOrder
from orders.services.quoting import NewQuote
from orders.services.signing import Signature
from orders.states import Checks, FileKind, OrderChannel, Terms
from staff.models import Person

PLAIN = {"autocomplete": "off"}
CONTROL = {"autocomplete": "off", "class": "form-control"}
ACCEPTED = {"class": "form-control", "accept": "image/jpeg,image/png,application/pdf"}


class ScanField(forms.FileField):
    """A scan or a photo of a paper: PDF, JPEG or PNG."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.FileInput(attrs=ACCEPTED), allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Scan | None:
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            return read_scan(file.read())
        except PaperNotKept as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


def note_field(label: Any, *, longest: int, rows: int = 2, **more: Any) -> PlainTextField:
    """Some words."""
    widget = forms.Textarea(attrs={**CONTROL, "rows": rows, "maxlength": longest})
    return PlainTextField(label=label, longest=longest, keep_lines=True, widget=widget, **more)


class QuoteForm(AskingForm):
    """One quote, from a number; with address and expected purchase it files (FIL-35, FIL-36)."""

    fields_of_codes = {
        "valid_until_is_past": "valid_until",
        "valid_until_is_far": "valid_until",
        "special_ends_before": "valid_until",
        "name_missing": "name",
    }

    name = NameField(label=_("Name"), widget=forms.TextInput(attrs=PLAIN))
    expected = forms.ChoiceField(
        label=_("Buys"),
        choices=ExpectedPurchase.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    valid_until = DayField(
        label=_("Valid until"),
        error_messages={"required": _("Choose until when the prices are good.")},
    )
    remark = note_field(_("Remark"), longest=400, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["order_no"]
        if self.customer is not None:
            del self.fields["name"]
            if self.customer.expected_purchase or self.customer.expected_on:
                del self.fields["expected"]

    def quote(self, lines: list[NewLine]) -> NewQuote:
        """What the service takes."""
        values = self.cleaned_data
        return NewQuote(
            name=self.customer.name if self.customer else values["name"],
            lines=lines,
            valid_until=values["valid_until"],
            expected=values.get("expected", ""),
            remark=values["remark"],
            **self.wanted(),
        )


class OriginalForm(forms.Form):
    """What the customer's own order comes to, and why ours comes to something else (ORD-27)."""

    use_required_attribute = False
    fields_of_codes = {"difference_unexplained": "difference_reason"}

    original_amount = AmountField(
        label=_("Amount on the customer's original"), required=False,
        widget=forms.TextInput(attrs={**CONTROL, "inputmode": "decimal"}),
    )  # fmt: skip
    difference_reason = PlainTextField(
        label=_("Why ours differs"), longest=200, required=False,
        widget=forms.TextInput(attrs={**CONTROL, "maxlength": 200}),
    )  # fmt: skip

    def original(self) -> Original | None:
        """What was typed; None where the customer sent nothing."""
        amount = self.cleaned_data["original_amount"]
        if amount is None:
            return None
        return Original(amount=amount, reason=self.cleaned_data["difference_reason"])


class KeptOriginalForm(StandingForm, OriginalForm):
    """The same where something is kept of it already."""

    stands = ("original_amount", "difference_reason")


class WrittenForm(KeptOriginalForm):
    """The same beside further lines of an order: the form acts once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class OrderForm(AskingForm, OriginalForm):
    """One order, from a number or from a quote, which brings customer and lines."""

    fields_of_codes = {
        **OriginalForm.fields_of_codes,
        "which_home": "address",
        "address_missing": "address",
        "other_region": "address",
        "number_taken": "order_no",
        "promised_is_past": "promised_on",
        "wished_is_past": "wished_on",
        "in_future": "signed_on",
        "before_order": "signed_on",
        "name_missing": "name",
    }

    name = NameField(label=_("Name"), widget=forms.TextInput(attrs=PLAIN))
    channel = forms.ChoiceField(
        label=_("Came"), choices=OrderChannel.choices, widget=forms.RadioSelect,
        initial=OrderChannel.IN_STORE,
    )  # fmt: skip
    terms = forms.ChoiceField(
        label=_("Terms"),
        choices=[(each.value, each.label) for each in (Terms.PREPAID, Terms.ON_DELIVERY)],
        widget=forms.RadioSelect,
        initial=Terms.PREPAID,
    )
    promised_on = DayField(label=_("Promised for"), required=False)
    wished_on = DayField(label=_("Wished by the customer"), required=False)
    designer = forms.ModelChoiceField(
        label=_("Designer"),
        queryset=Designer.objects.none(),
        required=False,
        empty_label="–",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    remark = note_field(_("Remark"), longest=400, required=False)
    is_signed = forms.BooleanField(label=_("Signed by the customer"), required=False)
    scan = ScanField(label=_("Scan of the signed order"), required=False)

    def __init__(
        self, *args: Any, designers: Any, today: date, quote: Quote | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.quote, self.today = quote, today
        offer_rows(self, "designer", designers)
        if quote is not None:
            del self.fields["phone"]
        if quote is not None or self.customer is not None:
            del self.fields["name"]

    def order(self, lines: list[NewLine]) -> NewOrder:
        """What the service takes."""
        values = self.cleaned_data
        names = ("channel", "terms", "promised_on", "wished_on", "designer", "remark")
        told = {name: values[name] for name in names}
        if self.quote is not None:
            told["remark"] = put_back(values["remark"], kept=self.quote.remark)
        signature = Signature(on=self.today, scan=values["scan"]) if values["is_signed"] else None
        return NewOrder(
            name=self.customer.name if self.customer else values.get("name", ""),
            quote=self.quote,
            lines=lines,
            original=self.original(),
            signature=signature,
            **told,
            **self.wanted(),
        )


class DeclineForm(forms.Form):
    """Why a customer does not take a quote."""

    use_required_attribute = False
    reason = note_field(
        _("Why"), longest=200, error_messages={"required": _("Say why the customer declined.")}
    )


class SignForm(forms.Form):
    """When the customer signed, and the scan."""

    use_required_attribute = False
    fields_of_codes = {"in_future": "signed_on", "before_order": "signed_on"}

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    seen = forms.CharField(required=False, max_length=10)
    signed_on = DayField(
        label=_("Signed on"), error_messages={"required": _("Choose the day of the signature.")}
    )
    scan = ScanField(
        label=_("Scan of the signed order"),
        required=False,
        help_text=_("PDF, JPEG or PNG, up to 12 MB."),
    )


class CheckForm(forms.Form):
    """What was looked at (ORD-32)."""

    use_required_attribute = False
    fields_of_codes = {"unchecked": "looked_at"}

    looked_at = forms.MultipleChoiceField(
        label=_("Looked at"),
        choices=Checks.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    remark = note_field(_("Remark"), longest=400, required=False)


class DetailsForm(StandingForm):
    """Details of an order beside lines, days and money."""

    use_required_attribute = False
    stands = ("address", "channel", "clerk", "remark")
    fields_of_codes = {"address_missing": "address"}

    address = PlainTextField(
        label=_("Delivered to"), longest=120, required=False,
        widget=forms.TextInput(attrs={**CONTROL, "maxlength": 120}),
    )  # fmt: skip
    channel = forms.ChoiceField(
        label=_("Came"), choices=OrderChannel.choices, widget=forms.RadioSelect
    )
    clerk = forms.ModelChoiceField(
        label=_("Order clerk"),
        queryset=Person.objects.none(),
        required=False,
        empty_label="–",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    remark = note_field(_("Remark"), longest=400, required=False)

    def __init__(self, *args: Any, clerks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "clerk", clerks)


class PaperForm(forms.Form):
    """A paper to keep with an order."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    scan = ScanField(
        label=_("Paper"),
        help_text=_("PDF, JPEG or PNG, up to 12 MB."),
        error_messages={"required": _("Choose a paper, or take a picture of it.")},
    )
    kind = forms.ChoiceField(
        label=_("It is"),
        choices=FileKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is.")},
    )
    caption = PlainTextField(
        label=_("Caption"), longest=120, required=False,
        widget=forms.TextInput(attrs={**CONTROL, "maxlength": 120}),
    )  # fmt: skip
