"""The questions of a survey as their editor writes them: a row each, a new one at the end."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from followups.forms.appointments import line
from followups.forms.fields import LineField
from followups.models import Question, Survey
from followups.services.survey_versions import OptionTerms, QuestionTerms
from followups.states import Branch, QuestionKind
from staff.states import Trade

LONGEST_TEXT = 200
LONGEST_CODE = 30
MOST_OPTIONS = 8
MOST_ROWS = 30
OPENS = (Branch.NONE, Branch.COMPLAINT, Branch.HELP)
SELECT = forms.Select(attrs={"class": "form-select"})


def option_line(option: OptionTerms) -> str:
    """needs_help | Needs our help | 要我们帮忙 | help."""
    return " | ".join(filter(None, [option.code, option.text_en, option.text_zh, option.opens]))


def code_of(text: str, *, taken: Iterable[str]) -> str:
    """A code for a new question or option, made of its English words; none is used twice."""
    words = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[: LONGEST_CODE - 3] or "question"
    known, code, number = set(taken), words, 2
    while code in known:
        code, number = f"{words}_{number}", number + 1
    return code


def read_options(text: str) -> tuple[OptionTerms, ...]:
    """Options, one on each line: code | English | Chinese | what it opens, if anything.

    Raises ValidationError.
    """
    found: list[OptionTerms] = []
    for row in filter(None, (row.strip() for row in text.splitlines())):
        parts = [part.strip() for part in row.split("|")]
        if len(parts) == 2:
            parts = [code_of(parts[0], taken=[each.code for each in found]), *parts]
        code, english, chinese, opens = (*parts, "", "", "")[:4]
        if not (english and chinese) or not re.fullmatch(r"[a-z0-9_]{1,30}", code):
            raise ValidationError(
                _("“%(row)s”: write it as: English | 中文, or code | English | 中文 | opens."),
                params={"row": row[:60]},
            )
        if opens not in OPENS or any(each.code == code for each in found):
            raise ValidationError(
                _("“%(row)s”: an option opens complaint, help or nothing, and has its own code."),
                params={"row": row[:60]},
            )
        found.append(
            OptionTerms(
                code=code,
                text_en=english[:LONGEST_TEXT],
                text_zh=chinese[:LONGEST_TEXT],
                opens=Branch(opens),
            )
        )
    if len(found) > MOST_OPTIONS:
        raise ValidationError(_("%(most)s options at most."), params={"most": MOST_OPTIONS})
    return tuple(found)


class QuestionForm(forms.Form):
    """One question; what it is asked for stays, so that answers compare through the versions."""

    use_required_attribute = False

    code = forms.CharField(required=False, max_length=LONGEST_CODE, widget=forms.HiddenInput)
    position = forms.IntegerField(
        label=pgettext_lazy("of a question", "Place"),
        required=False,
        min_value=1,
        max_value=99,
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
    )
    text_zh = LineField(label=_("in Chinese"), longest=LONGEST_TEXT, widget=line(LONGEST_TEXT))
    text_en = LineField(label=_("in English"), longest=LONGEST_TEXT, widget=line(LONGEST_TEXT))
    kind = forms.ChoiceField(
        label=_("answer"), choices=QuestionKind.choices, required=False, widget=SELECT
    )
    branch = forms.ChoiceField(
        label=_("leads to"), choices=Branch.choices, required=False, widget=SELECT
    )
    trades = forms.MultipleChoiceField(
        label=_("Only these trades"),
        choices=Trade.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    options = forms.CharField(
        label=_("Options, one on each line: code | English | 中文 | opens"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )
    is_required = forms.BooleanField(label=_("must be answered"), required=False)
    counts = forms.BooleanField(label=_("counts towards satisfaction"), required=False)
    is_retired = forms.BooleanField(label=_("Ask it no more"), required=False)

    @staticmethod
    def initial_of(terms: QuestionTerms, position: int) -> dict[str, Any]:
        """A question as it stands."""
        return {
            "code": terms.code,
            "position": position,
            "text_zh": terms.text_zh,
            "text_en": terms.text_en,
            "kind": terms.kind,
            "branch": terms.branch,
            "trades": list(terms.trades),
            "options": "\n".join(option_line(option) for option in terms.options),
            "is_required": terms.is_required,
            "counts": terms.counts,
        }

    @property
    def is_new(self) -> bool:
        return not self.initial.get("code")

    @property
    def asked(self) -> str:
        """The question as it stands, in the reader's language."""
        is_chinese = (get_language() or "").startswith("zh")
        return str(self.initial["text_zh" if is_chinese else "text_en"])

    @property
    def is_choice(self) -> bool:
        """It has options; of a new question nobody knows yet."""
        return self.is_new or self.initial.get("kind") == QuestionKind.CHOICE

    @property
    def is_blank(self) -> bool:
        """The row for a new question was left empty."""
        said = self.cleaned_data
        return self.is_new and not (said.get("text_zh") or said.get("text_en"))

    def clean_options(self) -> tuple[OptionTerms, ...]:
        return read_options(self.cleaned_data["options"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors or self.is_blank:
            return said
        for name in ("text_zh", "text_en"):
            if not said[name]:
                self.add_error(name, _("Write the question in both languages."))
        return said

    def terms(self, *, code: str) -> QuestionTerms:
        """What was written, as the service takes it; a known question keeps its kind of answer."""
        said = self.cleaned_data
        kind = self.initial.get("kind") or said["kind"] or QuestionKind.TEXT
        return QuestionTerms(
            code=code,
            kind=str(kind),
            text_en=said["text_en"],
            text_zh=said["text_zh"],
            branch=Branch(said["branch"]),
            trades=tuple(said["trades"]),
            is_required=said["is_required"],
            counts=said["counts"],
            options=said["options"] if kind == QuestionKind.CHOICE else (),
        )


def rows_sent(data: QueryDict, known: Mapping[str, QuestionTerms]) -> list[dict[str, Any]]:
    """What stood of each question that a form sends, found by its code wherever it stands now."""
    sent = data.get("questions-TOTAL_FORMS", "")
    total = min(int(sent), MOST_ROWS) if sent.isascii() and sent.isdecimal() else 0
    codes = [data.get(f"questions-{at}-code", "") for at in range(total)]
    rows = [
        QuestionForm.initial_of(known[code], at) if code in known else {}
        for at, code in enumerate(codes, 1)
    ]
    while rows and not rows[-1]:
        rows.pop()
    return rows


class QuestionFormSet(formset_factory(QuestionForm, extra=1, max_num=MOST_ROWS)):  # type: ignore[misc]
    """All questions of a survey, and room for a new one."""

    def questions(self, survey: Survey) -> list[QuestionTerms]:
        """What is asked from now on, in its order; a new question gets a code nobody has had."""
        taken = set(Question.objects.filter(version__survey=survey).values_list("code", flat=True))
        rows = []
        for place, form in enumerate(cast(BaseFormSet, self).forms, 1):
            said = form.cleaned_data
            if form.is_blank or said["is_retired"]:
                continue
            code = form.initial.get("code") or code_of(said["text_en"], taken=taken)
            taken.add(code)
            rows.append((said["position"] or 99, place, form.terms(code=code)))
        return [terms for _position, _place, terms in sorted(rows, key=lambda row: row[:2])]


class PublishForm(forms.Form):
    """Which version was read, and why it changes."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    note = LineField(label=_("why"), longest=LONGEST_TEXT, widget=line(LONGEST_TEXT))
