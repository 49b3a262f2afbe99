"""The bench's forms: the decision, proof, evidence, contesting, the appeal."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from core.offering import offer_choices, offer_rows
from customers.forms.attachments import PicturesField
from filings.rules.parties import Judgment
from filings.states import FINDINGS_OF, DisputeKind, EvidenceRank, Finding
from filings.wording import CLAUSE_TEXTS, clause_title
from staff.models import Person

SPLIT = "split"
LONGEST_REASON = 2000
# Records are the system's own.
BROUGHT = [rank for rank in EvidenceRank if rank != EvidenceRank.RECORD]


def lines(rows: int = 4, **attrs: object) -> forms.Textarea:
    return forms.Textarea(attrs={"class": "form-control", "rows": rows, **attrs})


class ReasonForm(forms.Form):
    """Somebody's words: why they contest, appeal, take back."""

    reason = PlainTextField(
        label=_("What, and why"),
        longest=400,
        widget=lines(maxlength=400),
        error_messages={"required": _("Say what you contest, and why.")},
    )


class ProofForm(forms.Form):
    """Of whom proof is asked, and what is to be proved."""

    of = forms.ModelChoiceField(
        label=_("Of whom"), queryset=Person.objects.none(), empty_label=None,
        widget=forms.RadioSelect, error_messages={"required": _("Choose one of the parties.")},
    )  # fmt: skip
    note = PlainTextField(
        label=_("What is to be proved"), longest=200, widget=lines(3, maxlength=200),
        error_messages={"required": _("Say what is to be proved.")},
    )  # fmt: skip

    def __init__(self, *args: Any, parties: Iterable[int], **options: Any) -> None:
        super().__init__(*args, **options)
        people = Person.objects.filter(pk__in=list(parties)).order_by("pk")
        offer_rows(self, "of", people)


class EvidenceForm(forms.Form):
    """Pictures or words, and what they are worth (ADJ-05)."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    rank = forms.ChoiceField(
        label=_("What it is"),
        choices=[(rank.value, rank.label) for rank in BROUGHT],
        initial=EvidenceRank.DATED,
        widget=forms.RadioSelect,
    )
    pictures = PicturesField(
        label=_("Pictures"), required=False,
        help_text=_("JPEG, PNG or WebP, up to 12 MB each, 6 at once."),
    )  # fmt: skip
    dated_at = forms.DateTimeField(
        label=_("Time that the picture shows"), required=False,
        widget=forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "class": "form-control"}
        ),
    )  # fmt: skip
    text = PlainTextField(
        label=_("What it shows"), required=False, longest=1000, widget=lines(3, maxlength=1000)
    )


class WordsForm(forms.Form):
    """What every ruling has: the cited clauses, the reason, and for an appeal its outcome."""

    clauses = forms.MultipleChoiceField(
        label=_("Cited clauses"), required=False, widget=forms.CheckboxSelectMultiple
    )
    text = PlainTextField(
        label=_("Reason of the ruling"), required=False, longest=LONGEST_REASON, keep_lines=True,
        widget=lines(6, maxlength=LONGEST_REASON),
    )  # fmt: skip


class DecisionForm(WordsForm):
    """Whose it is, or who shares, what was found, by which clauses and why."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # What the page showed, so that whatever has come in since can be said.
    seen_evidence = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen_deal = forms.IntegerField(widget=forms.HiddenInput, required=False)
    is_against = forms.BooleanField(
        label=_("I decide otherwise than the rules; the reason says why."), required=False
    )
    owner = forms.ChoiceField(label=_("Credit"), required=False, widget=forms.RadioSelect)
    finding = forms.ChoiceField(label=_("What you found"), required=False, widget=forms.RadioSelect)

    def __init__(
        self,
        *args: Any,
        kind: str,
        candidates: Iterable[Person],
        preset: Iterable[str],
        may_split: bool,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.candidates = list(candidates)
        self.may_split = may_split
        owners: list[tuple[str, object]] = [
            (str(person.pk), person.name) for person in self.candidates
        ]
        offer_choices(
            self, "owner", [*owners, (SPLIT, _("Share the credit"))] if may_split else owners
        )
        findings: tuple[Finding, ...] = FINDINGS_OF.get(DisputeKind(kind), ())
        offer_choices(self, "finding", [(each.value, each.label) for each in findings])
        if not findings:
            del self.fields["finding"]
        self.preset = list(preset)
        offer_choices(self, "clauses", [(each, each) for each in CLAUSE_TEXTS])
        self.fields["clauses"].initial = self.preset
        for person in self.candidates if may_split else ():
            self.fields[f"share_{person.pk}"] = forms.IntegerField(
                label=person.name, required=False, min_value=0, max_value=100,
                widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
            )  # fmt: skip

    @property
    def shares(self) -> list[forms.BoundField]:
        """The boxes of the percentages."""
        return [self[name] for name in self.fields if name.startswith("share_")]

    @property
    def chosen_clauses(self) -> set[str]:
        """What is ticked now."""
        return set(self["clauses"].value() or ())

    @property
    def clause_chips(self) -> list[dict[str, object]]:
        """The clauses on top: those proposed, and what else was ticked."""
        chosen = self.chosen_clauses
        shown = list(dict.fromkeys([*self.preset, *sorted(chosen)]))
        return [_chip(clause, chosen) for clause in shown]

    @property
    def more_clauses(self) -> list[dict[str, object]]:
        """All other clauses of ownership."""
        shown = {chip["clause"] for chip in self.clause_chips}
        return [_chip(clause, set()) for clause in CLAUSE_TEXTS if clause not in shown]

    def judgment(self, *, is_apart: bool = False) -> Judgment:
        """What the decider wants to write; the service judges whether it is whole.

        Where each filing counts for its own (`is_apart`) nobody is named.
        """
        values: Mapping[str, Any] = self.cleaned_data
        owner = "" if is_apart else values.get("owner") or ""
        shares = {
            person.pk: values[f"share_{person.pk}"]
            for person in self.candidates
            if owner == SPLIT and values.get(f"share_{person.pk}")
        }
        if owner == SPLIT and not shares:
            shares = dict.fromkeys([person.pk for person in self.candidates[:1]], 0)
        return Judgment(
            owner=int(owner) if owner.isdecimal() else None,
            shares=shares,
            finding=values.get("finding") or "",
            clauses=tuple(values.get("clauses") or ()),
            text=values.get("text") or "",
        )


def _chip(clause: str, chosen: set[str]) -> dict[str, object]:
    return {"clause": clause, "title": clause_title(clause), "is_chosen": clause in chosen}


class AppealForm(DecisionForm):
    """The last word: the ruling stands, or this takes its place."""

    outcome = forms.ChoiceField(
        label=_("The ruling"),
        choices=[("upheld", _("stands")), ("changed", _("is changed"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the ruling stands.")},
    )
