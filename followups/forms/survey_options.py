"""The answers to choose of one question, as their editor writes them: small fields for each."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from followups.forms.fields import LineField
from followups.rules.surveys import LONGEST_CODE, OptionTerms, code_of
from followups.states import Branch

LONGEST_TEXT = 200
MOST_OPTIONS = 8
OPENS: dict[str, str | Promise] = {
    Branch.NONE.value: pgettext_lazy("what an answer opens", "opens nothing"),
    Branch.COMPLAINT.value: pgettext_lazy("what an answer opens", "opens a complaint"),
    Branch.HELP.value: pgettext_lazy("what an answer opens", "opens a need"),
}

_CODE = re.compile(rf"[a-z0-9_]{{1,{LONGEST_CODE}}}")


def line_of_any_length(**attrs: object) -> forms.TextInput:
    """One line that the browser does not cut: what is too long is told, not lost."""
    return forms.TextInput(attrs={"class": "form-control", **attrs})


def place() -> forms.IntegerField:
    """Where a question or an option stands among the others."""
    widget = forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"})
    return forms.IntegerField(
        label=pgettext_lazy("of a question", "Place"),
        required=False,
        min_value=1,
        max_value=99,
        widget=widget,
    )


def order_of(form: forms.BaseForm, at: int) -> tuple[int, int, int]:
    """Where a row goes: one that was moved passes the one whose place it takes."""
    typed, stood = form.cleaned_data["position"] or 99, form.initial.get("position") or 99
    return typed, (typed > stood) - (typed < stood), at


class OptionForm(forms.Form):
    """One answer to choose; its code stays, so that answers compare through the versions."""

    use_required_attribute = False

    code = forms.CharField(required=False, widget=forms.HiddenInput)
    text_zh = LineField(
        label=_("in Chinese"),
        longest=LONGEST_TEXT,
        widget=line_of_any_length(placeholder=_("in Chinese")),
    )
    text_en = LineField(
        label=_("in English"),
        longest=LONGEST_TEXT,
        widget=line_of_any_length(placeholder=_("in English")),
    )
    opens = forms.ChoiceField(
        label=_("What it opens"),
        choices=list(OPENS.items()),
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    position = place()

    @staticmethod
    def initial_of(terms: OptionTerms, position: int) -> dict[str, Any]:
        """An option as it stands."""
        return {
            "code": terms.code,
            "text_zh": terms.text_zh,
            "text_en": terms.text_en,
            "opens": str(terms.opens),
            "position": position,
        }

    @property
    def is_blank(self) -> bool:
        """Nothing is typed in either language: it is no option, or no longer one."""
        if self.is_bound:
            return not any((self[name].value() or "").strip() for name in ("text_zh", "text_en"))
        return not self.initial

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.is_blank:
            for name in ("text_zh", "text_en"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, _("Write the option in both languages."))
        return said


def option_forms(data: Any, rows: Sequence[dict[str, Any]], *, prefix: str) -> list[OptionForm]:
    """A row for each option that stands, and room for the rest of them."""
    return [
        OptionForm(data, initial=rows[at] if at < len(rows) else {}, prefix=f"{prefix}-{at}")
        for at in range(MOST_OPTIONS)
    ]


def options_of(rows: Sequence[OptionForm]) -> tuple[OptionTerms, ...]:
    """What was written, in its order; a new option gets a code of its own."""
    written = sorted(
        (order_of(form, at), form.cleaned_data) for at, form in enumerate(rows) if not form.is_blank
    )
    kept = {said["code"] for _order, said in written}
    taken, found = set(kept), []
    for _order, said in written:
        code = said["code"]
        if code in kept and _CODE.fullmatch(code):
            kept.remove(code)
        else:
            code = code_of(said["text_en"], taken=taken)
            taken.add(code)
        found.append(
            OptionTerms(
                code=code,
                text_en=said["text_en"],
                text_zh=said["text_zh"],
                opens=Branch(said["opens"]),
            )
        )
    return tuple(found)
