"""The questions of a survey as their editor writes them: a row each, a new one at the end."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.languages import in_readers_language
from followups.forms.fields import LineField, rows_said
from followups.forms.survey_options import (
    LONGEST_TEXT,
    OptionForm,
    line_of_any_length,
    option_forms,
    options_of,
    order_of,
    place,
)
from followups.models import Question, Survey
from followups.rules.surveys import LONGEST_CODE, QuestionTerms, code_of
from followups.states import Branch, QuestionKind
from staff.states import Trade

MOST_ROWS = 30
SELECT = forms.Select(attrs={"class": "form-select"})


class QuestionForm(forms.Form):
    """One question; what it is asked for stays, so that answers compare through the versions."""

    use_required_attribute = False

    code = forms.CharField(required=False, max_length=LONGEST_CODE, widget=forms.HiddenInput)
    position = place()
    text_zh = LineField(label=_("in Chinese"), longest=LONGEST_TEXT, widget=line_of_any_length())
    text_en = LineField(label=_("in English"), longest=LONGEST_TEXT, widget=line_of_any_length())
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
    is_required = forms.BooleanField(label=_("must be answered"), required=False)
    counts = forms.BooleanField(label=_("counts towards satisfaction"), required=False)
    is_retired = forms.BooleanField(label=_("Ask it no more"), required=False)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        data = self.data if self.is_bound else None
        rows = self.initial.get("options", [])
        self.options = option_forms(data, rows, prefix=f"{self.prefix}-options")

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
            "options": [
                OptionForm.initial_of(option, at) for at, option in enumerate(terms.options, 1)
            ],
            "is_required": terms.is_required,
            "counts": terms.counts,
        }

    @property
    def is_new(self) -> bool:
        return not self.initial.get("code")

    @property
    def asked(self) -> str:
        """The question as it stands, in the reader's language."""
        said = self.initial
        return in_readers_language(zh=said["text_zh"], en=said["text_en"])

    @property
    def is_choice(self) -> bool:
        """It has options; of a new question nobody knows yet."""
        return self.is_new or self.initial.get("kind") == QuestionKind.CHOICE

    @property
    def is_blank(self) -> bool:
        """The row for a new question was left empty."""
        said = self.cleaned_data
        return self.is_new and not (said.get("text_zh") or said.get("text_en") or self.written)

    @property
    def written(self) -> list[OptionForm]:
        """The rows of options that hold something."""
        return [row for row in self.options if not row.is_blank]

    @property
    def spare(self) -> list[OptionForm]:
        """The rows of options that are free."""
        return [row for row in self.options if row.is_blank]

    @property
    def wrong(self) -> list[forms.BoundField]:
        """The fields of the question and its options with something wrong in them."""
        fields = [*self, *(field for row in self.options for field in row)]
        return [field for field in fields if field.errors]

    def has_changed(self) -> bool:
        return super().has_changed() or any(row.has_changed() for row in self.options)

    def is_valid(self) -> bool:
        return super().is_valid() and not any(row.errors for row in self.options)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors or self.is_blank:
            return said
        for name in ("text_zh", "text_en"):
            if not said[name]:
                self.add_error(name, _("Write the question in both languages."))
        if self.is_new and self.written and said["kind"] != QuestionKind.CHOICE:
            words = _("Only “One of several” has options. Choose it, or empty the options.")
            self.add_error("kind", words)
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
            options=options_of(self.options) if kind == QuestionKind.CHOICE else (),
        )


def rows_sent(data: QueryDict, known: Mapping[str, QuestionTerms]) -> list[dict[str, Any]]:
    """What stood of each question that a form sends, found by its code wherever it stands now."""
    total = rows_said(data, "questions", most=MOST_ROWS)
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

    @property
    def is_wrong(self) -> bool:
        """Something is wrong in one of them."""
        return any(form.wrong for form in cast(BaseFormSet, self).forms)

    def questions(self, survey: Survey) -> list[QuestionTerms]:
        """What is asked from now on, in its order; a new question gets a code nobody has had."""
        taken = set(Question.objects.filter(version__survey=survey).values_list("code", flat=True))
        rows = []
        for at, form in enumerate(cast(BaseFormSet, self).forms):
            said = form.cleaned_data
            if form.is_blank or said["is_retired"]:
                continue
            code = form.initial.get("code") or code_of(said["text_en"], taken=taken)
            taken.add(code)
            rows.append((order_of(form, at), form.terms(code=code)))
        return [terms for _order, terms in sorted(rows, key=lambda row: row[0])]


class PublishForm(forms.Form):
    """Which version was read, and why it changes: asked where the changes are looked at."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput)
    note = LineField(
        label=_("Why the survey is changed"), longest=LONGEST_TEXT, widget=line_of_any_length()
    )

    @property
    def is_read(self) -> bool:
        """It says which version was read; what is wrong with the reason is told beside it."""
        return not set(self.errors) - {"note"}

    def ask_why(self) -> bool:
        """Whoever reads the versions later wants to know; False where that is not said well."""
        if not self.errors and not self.cleaned_data.get("note"):
            self.add_error("note", _("Say in a few words why the survey is changed."))
        return not self.errors


def kept_of(data: QueryDict) -> list[tuple[str, str]]:
    """All that an editor's form has sent of the questions, to be sent again from the next page."""
    return [
        (name, value)
        for name, values in data.lists()
        if name == "seen" or name.startswith("questions-")
        for value in values
    ]
