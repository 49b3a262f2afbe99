"""The forms of one person once: merging two cards, taking them apart, telling them apart."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from customers.models import Customer
from desk.forms.cards import ReasonedForm
from desk.pairs import Compared
from desk.services.card_fields import KEPT, MERGED
from staff.models import Person

NOBODY = "none"


class MergeForm(ReasonedForm):
    """Which word stands in each field that differs, who keeps the customer, which number is the
    main one, and why.
    """

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None,
        *,
        kept: Customer,
        merged: Customer,
        rows: Sequence[Compared],
        numbers: tuple[str, str],
        seen: str,
    ):
        super().__init__(data, initial={"seen": seen})
        self.kept, self.merged = kept, merged
        self.open_rows = [row for row in rows if row.choices]
        for row in self.open_rows:
            self.fields[f"say_{row.name}"] = _choice(row.label, row.choices, row.usual)
        if kept.owner_id != merged.owner_id:
            self.fields["keeper"] = self._keeper()
        if all(numbers):
            choices = ((KEPT, numbers[0]), (MERGED, numbers[1]))
            self.fields["main_number"] = _choice(_("Main phone"), choices, KEPT)

    def _keeper(self) -> forms.ChoiceField:
        people = [card.owner for card in (self.kept, self.merged) if card.owner is not None]
        choices = [(str(person.pk), f"{person.name}") for person in people]
        return _choice(_("Keeper"), choices, choices[0][0])

    @property
    def asked(self) -> list[tuple[Compared, forms.BoundField]]:
        """The fields that differ, each with its choice."""
        return [(row, self[f"say_{row.name}"]) for row in self.open_rows]

    def choices(self) -> dict[str, str]:
        return {row.name: self.cleaned_data[f"say_{row.name}"] for row in self.open_rows}

    def chosen_keeper(self) -> Person | None:
        people = {card.owner_id: card.owner for card in (self.kept, self.merged)}
        chosen = self.cleaned_data.get("keeper")
        return people[int(chosen)] if chosen else self.kept.owner

    def main_number(self) -> str:
        return self.cleaned_data.get("main_number") or KEPT

    def see_anew(self, seen: str) -> None:
        """Take the cards as they stand now for seen: the person has been told."""
        data = cast(QueryDict, self.data).copy()
        data["seen"] = seen
        self.data = data


def _choice(label: object, choices: Sequence[tuple[str, str]], usual: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,  # type: ignore[arg-type]  # a lazy text is one
        choices=choices,
        initial=usual,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two."), "invalid_choice": _("Choose.")},
    )


class UndoForm(ReasonedForm):
    """Why two cards are taken apart again."""


class DifferentForm(ReasonedForm):
    """Why two cards are not one customer's."""


class FindForm(forms.Form):
    """The other card: a name, a whole number or its last four digits."""

    q = PlainTextField(label=_("The other card"), longest=60, required=False)

    def text(self) -> Any:
        return self.cleaned_data["q"] if self.is_valid() else ""
