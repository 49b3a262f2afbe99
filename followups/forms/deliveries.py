"""What was sold and handed over, and what else is known of it."""

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.phones import mask_in_text, put_back
from core.spreadsheets import cells
from customers.models import Customer, OwnedProduct
from customers.services import ProductDetails, version_of_product
from followups.forms.fields import DayField, KeyedForm, LineField
from staff.models import Person

LONGEST_REASON = 200
MOST_KM = 2_000_000


def longest(name: str) -> int:
    """How much of a text the column holds."""
    return getattr(OwnedProduct._meta.get_field(name), "max_length", None) or 0


def _text(most: int, **attrs: object) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control", "maxlength": most, **attrs})


def _line(label: object, name: str, **attrs: object) -> LineField:
    return LineField(label=label, longest=longest(name), widget=_text(longest(name), **attrs))


class NumberField(forms.Field):
    """An amount or a whole number, with ¥, commas or full-width digits, as the imports read it."""

    def __init__(self, *, is_money: bool, **options: Any) -> None:
        self.is_money = is_money
        attrs = {"class": "form-control", "inputmode": "decimal" if is_money else "numeric"}
        super().__init__(
            required=False, widget=forms.TextInput(attrs=attrs | {"maxlength": 20}), **options
        )

    def to_python(self, value: object) -> Decimal | int | None:
        text = str(value or "").strip()[:40]
        if not text:
            return None
        try:
            if self.is_money:
                return cells.money(text, from_sheet=False)
            return cells.integer(text, minimum=0, maximum=MOST_KM, from_sheet=False)
        except cells.CellRefused as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal


class ProductForm(forms.Form):
    """One product, the quick part first; `cleaned_data` holds the arguments of its services."""

    use_required_attribute = False

    product = _line(_("Product"), "product", placeholder=_("Model or style"))
    serial = _line(_("Serial number or VIN"), "serial", autocapitalize="characters")
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
    colour = _line(_("Colour"), "colour")
    plate = _line(_("Plate"), "plate", autocapitalize="characters", placeholder="京A12345")
    engine_no = _line(_("Engine no."), "engine_no", autocapitalize="characters")
    price = NumberField(label=_("Price"), is_money=True)
    payment = _line(_("Payment"), "payment", placeholder=_("Cash, loan, in instalments …"))
    invoice_on = DayField(label=_("Invoice on"), required=False)
    first_service_on = DayField(label=_("First service by"), required=False)
    first_service_km = NumberField(label=_("First service at km"), is_money=False)
    warranty_until = DayField(label=_("Warranty until"), required=False)
    insurer = _line(_("Insurer"), "insurer")
    policy_no = _line(_("Policy no."), "policy_no")
    note = _line(_("Note"), "note")

    details = tuple(ProductDetails.__dataclass_fields__)
    texts = ("product", "serial", "colour", "plate", "engine_no", "payment", "insurer",
             "policy_no", "note")  # fmt: skip
    fields_of_codes = {
        "product_missing": "product",
        "no_date": "delivered_on",
        "delivered_in_future": "delivered_on",
        "purchased_in_future": "purchased_on",
        "delivered_before_purchase": "delivered_on",
        "serial_is_taken": "serial",
    }

    def __init__(self, *args: Any, customer: Customer, sellers: QuerySet, **options: Any) -> None:
        self.zone = customer.store.tzinfo
        super().__init__(*args, **options)
        field = cast(forms.ModelChoiceField, self.fields["sold_by"])
        field.queryset = sellers
        field.initial = customer.owner_id
        field.empty_label = str(_("the keeper"))

    @property
    def further(self) -> Iterable[forms.BoundField]:
        """What is folded away so that the quick act stays quick."""
        return [self[name] for name in self.details]

    @property
    def opens_further(self) -> bool:
        """Whether something in the folded part is to be seen at once."""
        return any(name in self.errors for name in self.details) if self.is_bound else False

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        at = said.pop("delivered_time", None)
        on = said.get("delivered_on")
        if at is not None and on is None and "delivered_on" not in self.errors:
            self.add_error("delivered_on", _("Give the day that belongs to this hour."))
        said["delivered_at"] = self._moment(on, at)
        if not self.errors:
            details = {name: said.pop(name) for name in self.details}
            said["details"] = ProductDetails(**details)
        return said

    def _moment(self, on: date | None, at: time | None) -> datetime | None:
        return datetime.combine(on, at, self.zone) if on and at else None


class DeliveryForm(ProductForm, KeyedForm):
    """A product newly sold or handed over."""


class ChangeProductForm(ProductForm):
    """What is written of a product, to be corrected; numbers within texts stay masked.

    The masks that stay are written back as the numbers they stand for.
    """

    seen = forms.CharField(widget=forms.HiddenInput)
    reason = LineField(
        label=_("Why the delivery is corrected"),
        longest=LONGEST_REASON,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    fields_of_codes = ProductForm.fields_of_codes | {
        "delivery_stands": "delivered_on",
        "of_an_order": "delivered_on",
        "redelivery_needs_a_reason": "reason",
    }

    def __init__(self, data: Any, *, product: OwnedProduct, sellers: QuerySet) -> None:
        self.owned = product
        current = Person.objects.filter(pk__in=[product.sold_by_id or 0])
        super().__init__(
            data,
            customer=product.customer,
            sellers=(sellers | current).distinct().order_by("name", "pk"),
            initial=self._as_it_stands(product),
        )
        field = cast(forms.ModelChoiceField, self.fields["sold_by"])
        field.empty_label = str(_("nobody"))
        at = product.delivered_at
        self.initial["delivered_time"] = f"{at.astimezone(self.zone):%H:%M}" if at else ""

    def _as_it_stands(self, product: OwnedProduct) -> dict[str, object]:
        names = ("purchased_on", "delivered_on", "insurance_until", *self.details)
        stands = {name: getattr(product, name) for name in names}
        texts = {name: mask_in_text(getattr(product, name)) for name in self.texts}
        seen = version_of_product(product)
        return {**stands, **texts, "sold_by": product.sold_by_id, "seen": seen}

    def clean(self) -> dict[str, object]:
        for name in self.texts:
            if name in self.cleaned_data:
                self._put_numbers_back(name)
        said = super().clean()
        at = self.owned.delivered_at
        if at and said.get("delivered_at") == at.replace(second=0, microsecond=0):
            said["delivered_at"] = at  # the page shows no seconds: what was not touched stays
        return said

    def _put_numbers_back(self, name: str) -> None:
        text = put_back(self.cleaned_data[name], kept=getattr(self.owned, name))
        self.cleaned_data[name] = text
        if len(text) > longest(name):
            self.add_error(name, _("At most %(longest)s characters.") % {"longest": longest(name)})

    def see_anew(self) -> None:
        """Take the product as it stands now for seen: the person has been told."""
        self.owned.refresh_from_db()
        data = cast(QueryDict, self.data).copy()
        data["seen"] = version_of_product(self.owned)
        self.data = data
