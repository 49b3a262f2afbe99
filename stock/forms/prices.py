"""The form of another price."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.fields import AmountField, PlainTextField, QuickSelect
from core.offering import offer_choices
from staff.models import Store
from stock.forms.terms import DayField
from stock.services.prices import NewPrice

ALL, REGION = "all", "region-"
TEXT = {"class": "form-control", "autocomplete": "off"}


def _price(label: Any, about: Any) -> AmountField:
    return AmountField(
        label=label, help_text=about, required=False,
        widget=forms.TextInput(attrs=TEXT | {"inputmode": "decimal"}),
    )  # fmt: skip


class PriceForm(forms.Form):
    """Where, from when on, and how much. Wants `offices`, those that sell the style."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    where = forms.ChoiceField(
        label=gettext_lazy("Where"),
        widget=QuickSelect(attrs={"class": "form-select"}),
        error_messages={"required": gettext_lazy("Choose where the price holds.")},
    )
    from_on = DayField(label=gettext_lazy("Holds from"))
    counter_price = _price(
        gettext_lazy("Counter price, ¥"), gettext_lazy("Empty: it stays as it is.")
    )
    current_price = _price(
        gettext_lazy("Current price, ¥"), gettext_lazy("Empty: it stays as it is.")
    )
    approval = PlainTextField(
        label=gettext_lazy("Number of the approved markdown"),
        longest=20,
        required=False,
        help_text=gettext_lazy("Only for a price under the break-even price."),
        widget=forms.TextInput(attrs=TEXT),
    )
    reason = PlainTextField(
        label=pgettext_lazy("a request", "Reason"),
        longest=200,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
    )
    stops = {
        "no_price": "current_price", "no_office": "where", "is_past": "from_on",
        "is_far": "from_on", "under_floor": "current_price", "lower_by_proposal": "current_price",
        "number_unknown": "approval", "number_higher": "approval",
        "number_elsewhere": "approval",
    }  # fmt: skip

    def __init__(self, *args: Any, offices: Sequence[Store], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offices = offices
        regions = {office.region_id: office.region.name for office in offices}
        choices = [
            ("", _("Choose …")),
            *([(ALL, _("everywhere"))] if len(offices) > 1 else []),
            *(
                (f"{REGION}{pk}", _("all of %(region)s") % {"region": name})
                for pk, name in regions.items()
                if len(regions) > 1
            ),
            *((str(office.pk), office.name) for office in offices),
        ]
        offer_choices(self, "where", choices)

    def chosen(self) -> list[Store]:
        """The offices in which the price shall hold."""
        where = self.cleaned_data["where"]
        return [
            office
            for office in self.offices
            if where in (ALL, f"{REGION}{office.region_id}", str(office.pk))
        ]

    def price(self) -> NewPrice:
        """What the service takes."""
        said = self.cleaned_data
        return NewPrice(
            from_on=said["from_on"],
            counter=said["counter_price"],
            current=said["current_price"],
            approval=said["approval"].strip().removeprefix("#"),
        )
