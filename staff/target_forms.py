"""The table of targets: amounts for the store and each of its people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from core.fields import AmountField
from staff.models import Person, Target
from staff.services.targets import Whose
from staff.states import TargetKind

STORE = "store"


@dataclass(frozen=True, kw_only=True)
class TargetRow:
    """One row of the table: whose, and a field for each kind."""

    name: str
    fields: list[forms.BoundField]


def _name_of(whose: Whose) -> str:
    person, kind = whose
    return f"{STORE if person is None else person}-{kind.value}"


class TargetsForm(forms.Form):
    """Amounts in yuan; an empty one is no target. Wants the `people` and the targets that stand."""

    use_required_attribute = False

    def __init__(
        self, *args: Any, people: Sequence[Person], standing: Sequence[Target], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        amounts = {(row.person_id, TargetKind(row.kind)): row.amount for row in standing}
        for whose in self._all():
            field = AmountField(required=False, label=whose[1].label)
            field.widget.attrs["class"] = "form-control num"
            field.initial = _plain(amounts.get(whose))
            self.fields[_name_of(whose)] = field

    def _all(self) -> list[Whose]:
        ids = [None, *(person.pk for person in self.people)]
        return [(pk, kind) for pk in ids for kind in TargetKind]

    def rows(self, store_name: str) -> list[TargetRow]:
        """The store first, then its people."""
        names: dict[int | None, str] = {None: store_name}
        names |= {person.pk: person.name for person in self.people}
        return [
            TargetRow(name=name, fields=[self[_name_of((pk, kind))] for kind in TargetKind])
            for pk, name in names.items()
        ]

    @property
    def amounts(self) -> Mapping[Whose, Decimal | None]:
        """What was said, for the service."""
        return {whose: self.cleaned_data[_name_of(whose)] for whose in self._all()}


def _plain(amount: Decimal | None) -> str:
    """As people type it: cents only where there are any."""
    if amount is None:
        return ""
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}"
