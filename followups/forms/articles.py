"""Pages of knowledge as people type them, in both languages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from followups.forms.fields import KeyedForm, LineField, NoteField
from followups.forms.rebasing import RebasedForm
from followups.models import Article
from followups.rules import LONGEST_BODY, LONGEST_TITLE, ArticleTerms
from followups.states import ArticleKind, Situation

LONGEST_NOTE = 200
ROWS = 18


def _title(label) -> LineField:
    widget = forms.TextInput(attrs={"class": "form-control", "maxlength": LONGEST_TITLE})
    return LineField(label=label, longest=LONGEST_TITLE, widget=widget)


def _body(label) -> NoteField:
    widget = forms.Textarea(attrs={"class": "form-control", "rows": ROWS})
    return NoteField(label=label, longest=LONGEST_BODY, widget=widget)


class WordsForm(RebasedForm, KeyedForm):
    """Titles and texts; `seen` is the version that its writer looked at."""

    use_required_attribute = False

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput, initial=0)
    title_zh = _title(_("Title in Chinese"))
    body_zh = _body(_("Text in Chinese"))
    title_en = _title(_("Title in English"))
    body_en = _body(_("Text in English"))
    note = LineField(
        label=_("Why"),
        longest=LONGEST_NOTE,
        widget=forms.TextInput(attrs={"class": "form-control", "maxlength": LONGEST_NOTE}),
    )

    WORDS = ("title_zh", "body_zh", "title_en", "body_en")

    @classmethod
    def initial_of(cls, article: Article) -> dict[str, object]:
        """The page as it stands."""
        words = {name: getattr(article, name) for name in cls.WORDS}
        return {**words, "seen": article.number}

    def terms(self, standing: Article) -> ArticleTerms:
        """What is typed, over what stands."""
        said = self.cleaned_data
        return ArticleTerms(
            kind=standing.kind,
            situation=standing.situation,
            clauses=tuple(standing.clauses),
            **{name: said[name] for name in self.WORDS},
        )


class ArticleForm(WordsForm):
    """A whole page: what it is and when it stands beside the form, too."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=ArticleKind.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    situation = forms.ChoiceField(
        label=_("Situation"),
        choices=Situation.choices,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    clauses = LineField(
        label=_("Clauses of the rulebook"),
        longest=200,
        widget=forms.TextInput(attrs={"class": "form-control", "maxlength": 200}),
    )

    @classmethod
    def initial_of(cls, article: Article) -> dict[str, object]:
        """The page as it stands."""
        return {
            **super().initial_of(article),
            "kind": article.kind,
            "situation": article.situation,
            "clauses": ", ".join(article.clauses),
        }

    def clean_clauses(self) -> tuple[str, ...]:
        """Clauses as people list them, with full-width commas, too."""
        typed = self.cleaned_data["clauses"].upper().replace("，", ",").replace("、", ",")
        return tuple(dict.fromkeys(part.strip() for part in typed.split(",") if part.strip()))

    def terms(self, standing: Article | None = None) -> ArticleTerms:
        """What is typed."""
        said = self.cleaned_data
        return ArticleTerms(
            kind=said["kind"],
            situation=said["situation"],
            clauses=said["clauses"],
            **{name: said[name] for name in self.WORDS},
        )


class DecisionForm(forms.Form):
    """What becomes of a proposal, and with which version it was compared."""

    seen = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    act = forms.ChoiceField(choices=[("take", ""), ("decline", "")])


class InUseForm(forms.Form):
    """Whether a page is to be in use."""

    is_active = forms.TypedChoiceField(
        choices=[("yes", ""), ("no", "")], coerce=lambda value: value == "yes"
    )
