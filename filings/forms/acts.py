"""Forms of what one does with a filing: take it back, ask for more time."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from core.days import date_text
from core.fields import PlainTextField
from core.offering import offer_choices
from filings.states import RequestKind, RequestReason

OTHER = "other"
# So many days more are offered as chips.
OFFERED = (3, 7)


class Chip(str):
    """The words of a choice, with a second line under them."""

    hint: object

    def __new__(cls, words: object, hint: object = "") -> "Chip":
        chip = super().__new__(cls, str(words))
        chip.hint = hint
        return chip


class VoidForm(forms.Form):
    """Why a filing is taken back."""

    use_required_attribute = False

    reason = PlainTextField(
        label=pgettext_lazy("of a filing", "Why it is taken back"),
        longest=200,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say why.")},
    )


class ReleaseForm(VoidForm):
    """Why a manager releases somebody's filing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = gettext_lazy("Why it is released")


def _chips(limit: date, *, days: int, today: date) -> list[tuple[str, object]]:
    """Days after the present limit, the last one that can be asked for among them."""
    chips: list[tuple[str, object]] = []
    for count in [*(each for each in OFFERED if each < days), days]:
        day = limit + timedelta(days=count)
        label = ngettext("%(count)s day more", "%(count)s days more", count) % {"count": count}
        chips.append((day.isoformat(), Chip(label, date_text(day, today=today))))
    return [*chips, (OTHER, gettext_lazy("Other day"))]


class ExtensionForm(forms.Form):
    """More time, and why (FIL-19, FIL-20). `limits`: the last day of each limit that may move."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=gettext_lazy("What for"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what you ask for.")},
    )
    until_limit = forms.ChoiceField(
        label=gettext_lazy("Measure by"), required=False, widget=forms.RadioSelect
    )
    until_silence = forms.ChoiceField(
        label=gettext_lazy("Protected until"), required=False, widget=forms.RadioSelect
    )
    other_day = forms.DateField(
        label=gettext_lazy("On"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=RequestReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose why.")},
    )
    text = PlainTextField(
        label=gettext_lazy("In your words"),
        longest=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    fields_of_codes = {
        "text_missing": "text",
        "day_is_past": "other_day",
        "day_is_too_far": "other_day",
        "only_field": "kind",
        "measured_already": "kind",
    }

    def __init__(
        self, *args: Any, limits: dict[RequestKind, date], days: int, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "kind", [(kind.value, kind.label) for kind in limits])
        self.fields["kind"].initial = next(iter(limits), "")
        for kind in RequestKind:
            name = f"until_{kind.value}"
            if kind not in limits:
                del self.fields[name]
                continue
            chips = _chips(limits[kind], days=days, today=today)
            offer_choices(self, name, chips)
            self.fields[name].initial = chips[-2][0]

    @property
    def untils(self) -> list[forms.BoundField]:
        """The days of each kind, as the page draws them."""
        return [self[name] for name in ("until_limit", "until_silence") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """The arguments of `ask_extension`."""
        said: dict[str, Any] = super().clean() or {}
        chosen = said.get(f"until_{said.get('kind', '')}") or ""
        is_chip = chosen and chosen != OTHER
        until = date.fromisoformat(chosen) if is_chip else said.get("other_day")
        if until is None and not self.errors:
            raise ValidationError(_("Choose until when."), code="until_missing")
        kept: dict[str, Any] = {
            name: said[name] for name in ("kind", "reason", "text", "key") if name in said
        }
        return {**kept, "until": until}
