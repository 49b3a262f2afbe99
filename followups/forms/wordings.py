"""A wording as its editor types it."""

from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from core.offering import offer_choices
from followups.forms.fields import KeyedForm
from followups.forms.rebasing import RebasedForm
from followups.models import Festival, Wording
from followups.services.wordings import WordingTerms
from followups.states import Whom, WordingUse
from staff.states import Trade

LONGEST = 2000


def _line(label) -> PlainTextField:
    widget = forms.TextInput(attrs={"class": "form-control", "maxlength": 80})
    return PlainTextField(label=label, longest=80, required=False, widget=widget)


def _text(label) -> PlainTextField:
    widget = forms.Textarea(attrs={"class": "form-control", "rows": 6})
    return PlainTextField(
        label=label, longest=LONGEST, keep_lines=True, required=False, widget=widget
    )


def _choice(label, choices) -> forms.ChoiceField:
    widget = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=widget)


def _ticks(label, choices) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class WordingForm(RebasedForm, KeyedForm):
    """A text in both languages, for what, whom and which trade; `terms` gives it to the service."""

    use_required_attribute = False
    FRESH = ("seen_at",)

    name_zh = _line(_("Name in Chinese"))
    name_en = _line(_("Name in English"))
    use = _choice(_("For"), WordingUse.choices)
    festival = _choice(_("Festival"), [])
    trades = _ticks(_("Trades"), Trade.choices)
    whom = _ticks(_("To whom"), Whom.choices)
    text_zh = _text(_("Text in Chinese"))
    text_en = _text(_("Text in English"))
    is_active = forms.BooleanField(
        label=_("In use"),
        required=False,
        initial=True,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    seen_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.festivals = {str(row.pk): row for row in Festival.objects.order_by("pk")}
        named = [(pk, row.name) for pk, row in self.festivals.items()]
        offer_choices(self, "festival", [("", "–"), *named])

    @classmethod
    def initial_of(cls, wording: Wording) -> dict[str, object]:
        names = ("name_zh", "name_en", "use", "trades", "whom", "text_zh", "text_en", "is_active")
        return {
            **{name: getattr(wording, name) for name in names},
            "festival": str(wording.festival_id or ""),
            "seen_at": wording.changed_at.isoformat(),
        }

    @property
    def terms(self) -> WordingTerms:
        unsaid = ("seen_at", "key", "base")
        said = {name: value for name, value in self.cleaned_data.items() if name not in unsaid}
        return WordingTerms(**{**said, "festival": self.festivals.get(said["festival"])})

    @property
    def seen(self):
        """When the wording was last changed as the editor saw it; None for nonsense."""
        try:
            return parse_datetime(self.cleaned_data["seen_at"])
        except ValueError:
            return None
