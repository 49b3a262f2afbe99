"""What a manager narrows a report to."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import QuickSelect, SearchField
from core.offering import offer_choices, offer_rows
from reports.forms.day_range import DayRangeForm
from staff.models import Store

SELECT = QuickSelect(attrs={"class": "form-select"})


class BehindFilter(forms.Form):
    """Whose standing is shown: part of a name, one store."""

    q = SearchField(
        label=_("Name"),
        required=False,
        max_length=40,
        widget=forms.TextInput(
            attrs={"class": "form-control", "type": "search", "placeholder": _("Name")}
        ),
    )
    store = forms.ModelChoiceField(
        label=_("Store"),
        required=False,
        queryset=Store.objects.none(),
        empty_label=_("all"),
        widget=SELECT,
    )

    def __init__(self, *args, stores, **options) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "store", stores)
        if len(stores) < 2:
            del self.fields["store"]


class GroupedForm(DayRangeForm):
    """Of which days and which store, and by what the figures are grouped."""

    field_order = ("by", "begins", "ends", "store")

    by = forms.ChoiceField(label=_("Grouped by"), required=False, widget=SELECT)
    store = forms.ModelChoiceField(
        label=_("Store"),
        required=False,
        queryset=Store.objects.none(),
        empty_label=_("all"),
        widget=SELECT,
    )

    def __init__(self, *args, stores, choices, **options) -> None:
        super().__init__(*args, **options)
        offer_choices(self, "by", choices)
        offer_rows(self, "store", stores)
        if len(stores) < 2:
            del self.fields["store"]
