"""Proposing to reorder, move or mark down; deciding about it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.days import day_text
from core.fields import AmountField, PlainTextField, QuickSelect
from core.offering import offer_choices
from staff.models import Store
from stock.rules.proposals import MOST_DAYS, MOST_PAIRS
from stock.states import ProposalKind

SIZE = "size_"
TEXT = {"class": "form-control", "autocomplete": "off"}


def _days(label: Any) -> forms.IntegerField:
    box = forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_DAYS, widget=box)


def _office(label: Any, *, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=required, widget=QuickSelect(attrs={"class": "form-select"})
    )


class ProposeForm(forms.Form):
    """What all proposals have. Wants `offices`, `as_of` (of the figures that are shown)."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    as_of = forms.DateField(widget=forms.HiddenInput)
    office = _office(gettext_lazy("Office"))
    office.error_messages["required"] = gettext_lazy("Choose an office.")
    reason = PlainTextField(
        label=pgettext_lazy("a request", "Reason"),
        longest=400,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
    )
    everywhere: Any = gettext_lazy("all offices")
    stops: Mapping[str, str] = {"two_offices": "office", "same_office": "office"}

    def __init__(
        self, data: Any = None, *, offices: Sequence[Store], takes_all: bool, as_of: date, **kw: Any
    ) -> None:
        self.known_as_of = as_of
        self.offices = {str(office.pk): office for office in offices}
        super().__init__(data, **kw)
        self._offer("office", self.everywhere if takes_all else None)
        self.fields["office"].required = not takes_all

    def _offer(self, name: str, blank: Any) -> None:
        choices = [(pk, office.name) for pk, office in self.offices.items()]
        offer_choices(self, name, choices if blank is None else [("", blank), *choices])

    def clean_office(self) -> Store | None:
        return self.offices.get(self.cleaned_data["office"])

    def clean_as_of(self) -> date:
        """Figures made anew while somebody looked are looked at once more."""
        seen = self.cleaned_data["as_of"]
        if seen != self.known_as_of:
            said = cast(QueryDict, self.data).copy()
            said["as_of"] = self.known_as_of.isoformat()
            self.data = said
            raise ValidationError(
                _(
                    "The figures were made anew meanwhile, as of %(day)s. Check them, then send "
                    "again."
                )
                % {"day": day_text(self.known_as_of, today=seen)}
            )
        return seen


class PairsForm(ProposeForm):
    """Pairs by size. Wants `sizes`: each with what is proposed of it."""

    def __init__(self, *args: Any, sizes: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for size, proposed in sizes.items():
            box = forms.NumberInput(
                attrs={
                    "class": "form-control",
                    "inputmode": "numeric",
                    "aria-label": size or _("Pairs"),
                }
            )
            self.fields[SIZE + size] = forms.IntegerField(
                label=size or _("Pairs"),
                min_value=0,
                max_value=MOST_PAIRS,
                required=False,
                initial=proposed or None,
                widget=box,
            )

    @property
    def pairs(self) -> dict[str, int]:
        """What was typed, size by size."""
        return {
            name.removeprefix(SIZE): value
            for name, value in self.cleaned_data.items()
            if name.startswith(SIZE) and value
        }


class ReorderForm(PairsForm):
    """An order: how many pairs, for how many days, and how long it takes."""

    cover_days = _days(gettext_lazy("Days to cover"))
    lead_days = _days(gettext_lazy("Lead time, days"))
    stops = {**ProposeForm.stops, "cover_under_lead": "cover_days"}


class TransferForm(PairsForm):
    """Pairs from one office to another."""

    from_office = _office(pgettext_lazy("an office", "From"))
    everywhere = gettext_lazy("choose an office")
    stops = {**ProposeForm.stops, "two_offices": "from_office"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("from_office", gettext_lazy("choose an office"))

    def clean_from_office(self) -> Store | None:
        return self.offices.get(self.cleaned_data["from_office"])


class MarkDownForm(ProposeForm):
    """A lower price from a day on; under the floor only where it is asked for."""

    new_price = AmountField(
        label=gettext_lazy("New price"),
        widget=forms.TextInput(attrs={**TEXT, "inputmode": "decimal"}),
    )
    from_on = forms.DateField(
        label=pgettext_lazy("a day", "From"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
        error_messages={"required": gettext_lazy("Choose from which day.")},
    )
    asks_under_floor = forms.BooleanField(
        label=gettext_lazy("Ask for a price under the break-even price"), required=False
    )
    stops = {
        **ProposeForm.stops,
        "lies_nowhere": "office",
        "not_lower": "new_price",
        "under_floor": "new_price",
        "is_past": "from_on",
        "is_far": "from_on",
        "reason_missing": "reason",
    }


FORMS: Mapping[ProposalKind, type[ProposeForm]] = {
    ProposalKind.REORDER: ReorderForm,
    ProposalKind.TRANSFER: TransferForm,
    ProposalKind.MARK_DOWN: MarkDownForm,
}


class DecideForm(forms.Form):
    """A word with the decision; declining needs one."""

    use_required_attribute = False
    note = PlainTextField(
        label=gettext_lazy("Remark, or why it is declined"),
        longest=200,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
    )
    stops = {"note_missing": "note"}
