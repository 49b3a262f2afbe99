"""The form of the limits of the figures: all of them, from when on, and why."""

import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from stock.rules.terms import LONGEST, Terms
from stock.rules.written_terms import FIELDS, READERS, values_of
from stock.wording.terms import (
    DAY_LIST,
    DAYS,
    GROUPS,
    SHARE,
    SHARE_LIST,
    TIMES,
    TRUTH,
    WEEK,
    WEEK_LIST,
    WEEKS,
    written,
)
from stock.wording.terms import FIELDS as SAID

_APART = re.compile(r"[\s,，、;；·]+")
PER_CENT = 100
LONGEST_WRITTEN = 20
SPANS = (DAYS, WEEKS, WEEK, DAY_LIST, WEEK_LIST)


class DayField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})


class LimitField(forms.CharField):
    """One limit, or a row of them, as somebody types it; per cents are kept as shares of 1."""

    default_error_messages = {
        "required": _("Say a figure."),
        "invalid": _("Say it in figures, for example %(example)s."),
        "too_large": _("At most %(most)s: look at the figure again."),
    }

    def __init__(self, *, name: str, standing: Any, **kwargs: Any) -> None:
        super().__init__(max_length=200, initial=written(name, standing), **kwargs)
        self.name, self.standing = name, standing

    def clean(self, value: Any) -> Any:
        text = super().clean(value).replace("%", " ").replace("％", " ").strip()
        if text == self.initial:
            return self.standing
        try:
            found = self._read(_APART.split(text) if self._is_list else [text])
        except (ValueError, TypeError, ZeroDivisionError) as error:
            example = {"example": self.initial}
            raise forms.ValidationError(
                self.error_messages["invalid"], code="invalid", params=example
            ) from error
        if SAID[self.name][2] in SPANS and max(found if self._is_list else [found]) > LONGEST:
            most = {"most": LONGEST}
            raise forms.ValidationError(
                self.error_messages["too_large"], code="too_large", params=most
            )
        return found

    @property
    def _is_list(self) -> bool:
        return SAID[self.name][2] in (WEEK_LIST, DAY_LIST, SHARE_LIST)

    def _read(self, texts: list[str]) -> Any:
        kind = SAID[self.name][2]
        found: list[Any]
        if any(len(text) > LONGEST_WRITTEN or "e" in text.lower() for text in texts):
            raise ValueError
        if kind in (SHARE, SHARE_LIST):
            found = [str(Fraction(text) / PER_CENT) for text in texts]
            if not isinstance(self.standing, Fraction | tuple):
                found = [str(float(Fraction(each))) for each in found]
        else:
            found = texts if kind == TIMES else [int(text) for text in texts]
        return READERS[self.name](found if self._is_list else found[0])


class TermsForm(forms.Form):
    """Every limit as it shall hold. Wants `standing`, and `seen`: the row that was read."""

    use_required_attribute = False
    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    from_on = DayField(label=_("They hold from"))
    reason = PlainTextField(
        label=_("Why"),
        longest=200,
        error_messages={"required": _("Say why the limits change.")},
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )
    stops = {name: name for name in FIELDS} | {
        "too_early": "from_on", "set_already": "from_on", "reason_missing": "reason",
    }  # fmt: skip

    def __init__(self, *args: Any, standing: Terms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standing = standing
        for name, value in asdict(standing).items():
            label, about, kind = SAID[name]
            if kind == TRUTH:
                self.fields[name] = forms.BooleanField(
                    label=label, required=False, initial=value, help_text=about
                )
            else:
                self.fields[name] = LimitField(
                    name=name, standing=value, label=label, help_text=about,
                    widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
                )  # fmt: skip

    def groups(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        """The limits by what they are about."""
        for title, names in GROUPS:
            yield title, [self[name] for name in names]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        said = {name: self.cleaned_data[name] for name in FIELDS}
        return values_of(replace(self.standing, **said))
