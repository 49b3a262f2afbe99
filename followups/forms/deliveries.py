"""What was sold and handed over."""

from datetime import date, datetime, time
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, OwnedProduct
from followups.forms.fields import DayField, KeyedForm, LineField
from staff.models import Person

LONGEST_PRODUCT = OwnedProduct._meta.get_field("product").max_length or 0
LONGEST_SERIAL = OwnedProduct._meta.get_field("serial").max_length or 0


def _text(longest: int, **attrs: object) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control", "maxlength": longest, **attrs})


class DeliveryForm(KeyedForm):
    """One product; `cleaned_data` holds the arguments of `record_delivery`."""

    product = LineField(
        label=_("Product"),
        longest=LONGEST_PRODUCT,
        widget=_text(LONGEST_PRODUCT, placeholder=_("Model or style")),
    )
    serial = LineField(
        label=_("Serial number or VIN"),
        longest=LONGEST_SERIAL,
        widget=_text(LONGEST_SERIAL, autocapitalize="characters"),
    )
    purchased_on = DayField(label=_("Bought on"), required=False)
    delivered_on = DayField(label=_("Delivered on"), required=False)
    delivered_time = forms.TimeField(
        label=_("at"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "form-control"}),
        help_text=_("Without the hour, what is due within 24 hours is due by the next midnight."),
    )
    sold_by = forms.ModelChoiceField(
        label=_("Sold by"),
        required=False,
        queryset=Person.objects.none(),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    insurance_until = DayField(label=_("Insured until"), required=False)

    fields_of_codes = {
        "product_missing": "product",
        "no_date": "delivered_on",
        "delivered_in_future": "delivered_on",
        "purchased_in_future": "purchased_on",
        "delivered_before_purchase": "delivered_on",
        "serial_is_taken": "serial",
    }

    def __init__(self, *args, customer: Customer, sellers, **options) -> None:
        self.zone = customer.store.tzinfo
        super().__init__(*args, **options)
        field = cast(forms.ModelChoiceField, self.fields["sold_by"])
        field.queryset = sellers
        field.initial = customer.owner_id
        field.empty_label = str(_("the keeper"))

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        at = said.pop("delivered_time", None)
        on = said.get("delivered_on")
        if at is not None and on is None and "delivered_on" not in self.errors:
            self.add_error("delivered_on", _("Give the day that belongs to this hour."))
        said["delivered_at"] = self._moment(on, at)
        return said

    def _moment(self, on: date | None, at: time | None) -> datetime | None:
        return datetime.combine(on, at, self.zone) if on and at else None
