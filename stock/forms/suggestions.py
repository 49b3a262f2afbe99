"""By what the suggestions of the red lists are narrowed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.fields import QuickSelect
from core.offering import offer_choices
from staff.lists import chosen_number
from staff.models import Store
from stock.models import Brand, Figure, Season, Style

SELECT = {"class": "form-select"}
COLUMNS = {"office": "office", "brand": "style__brand", "season": "style__season"}


class SuggestionFilters(forms.Form):
    """Office, brand and season; all of it stands in the address. Wants `offices`."""

    list = forms.CharField(widget=forms.HiddenInput, required=False)
    office = forms.ChoiceField(label=_("Office"), required=False, widget=QuickSelect(attrs=SELECT))
    brand = forms.ChoiceField(label=_("Brand"), required=False, widget=QuickSelect(attrs=SELECT))
    season = forms.ChoiceField(label=_("Season"), required=False, widget=QuickSelect(attrs=SELECT))

    def __init__(self, data: Mapping[str, str], *, offices: QuerySet[Store]) -> None:
        super().__init__(data)
        self.asked = data
        offered: dict[str, Any] = {
            "office": offices,
            "brand": Brand.objects.order_by("name", "pk"),
            "season": Season.objects.order_by("position", "pk"),
        }
        for name, rows in offered.items():
            choices = [
                ("", _("all")),
                *((pk, label) for pk, label in rows.values_list("pk", "name")),
            ]
            offer_choices(self, name, choices)

    @property
    def is_narrowed(self) -> bool:
        """Whether the address narrows the rows."""
        return any(self.chosen(name) for name in COLUMNS)

    def chosen(self, name: str) -> int | None:
        """The key that the address names for this filter."""
        return chosen_number(self.asked, name)

    def styles(self) -> QuerySet[Style] | None:
        """The styles of the brand and season asked for; None for all."""
        asked = {name: key for name in ("brand", "season") if (key := self.chosen(name))}
        return Style.objects.filter(**asked) if asked else None

    def narrow(self, rows: QuerySet[Figure]) -> QuerySet[Figure]:
        """These rows as far as they are asked for."""
        for name, column in COLUMNS.items():
            if key := self.chosen(name):
                rows = rows.filter(**{column: key})
        return rows
