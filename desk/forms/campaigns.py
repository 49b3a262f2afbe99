"""Planning a campaign, its review, and what a guest says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import PlainTextField, QuickSelect
from core.offering import offer_choices
from core.phones import mask_in_text, put_back
from customers.forms.opportunities import AmountField
from customers.states import Channel
from desk.forms.cards import ReasonedForm
from followups.forms.fields import ChipDayField, DayField, MomentField
from followups.forms.greetings import text_field
from followups.forms.guarding import NOTED, ONLY_NOTE, TalkedForm
from followups.forms.rebasing import RebasedForm
from followups.models import Campaign
from followups.services.campaigns import (
    CampaignNotSaved,
    CampaignTerms,
    version_of,
    version_of_review,
)
from followups.states import Answer, CampaignKind
from staff.models import Store
from staff.scope import Reach, serving_stores

SALT = "invite"
TEXTS = ("name", "place", "text")
AN_HOUR = 3600
SPOKEN = (ONLY_NOTE, (Channel.CALL, _("Called")), (Channel.WECHAT, _("WeChat")))
TALKED = (Channel.CALL, Channel.WECHAT)


def _line(label, longest: int, **options: Any) -> PlainTextField:
    widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
    return PlainTextField(
        label=label, longest=longest, widget=widget, **{"required": False, **options}
    )


def _number(label) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"})
    return forms.IntegerField(
        label=label, min_value=0, max_value=100_000, required=False, widget=widget
    )


class CampaignForm(RebasedForm):
    """A campaign; `terms` gives it to the service. Wants `reach`."""

    use_required_attribute = False
    # As the page has them, so that its summary of what is wrong reads downwards.
    field_order = ("kind", "name", "text", "starts_at", "ends_at")

    kind = forms.ChoiceField(
        label=_("What it is"), choices=CampaignKind.choices, widget=forms.RadioSelect
    )
    name = _line(
        pgettext_lazy("campaign", "Name"), 80, required=True,
        error_messages={"required": CampaignNotSaved.messages["name_missing"]},
    )  # fmt: skip
    store = forms.ChoiceField(label=_("Store"), required=False, widget=QuickSelect)
    place = _line(_("Place"), 120)
    starts_at = MomentField(label=_("Starts"), zone=timezone.get_default_timezone())
    ends_at = MomentField(label=_("Ends"), zone=timezone.get_default_timezone())
    text = PlainTextField(
        label=_("Text of the invitation"),
        longest=2000,
        keep_lines=True,
        error_messages={"required": CampaignNotSaved.messages["text_missing"]},
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 5}),
        help_text=_(
            "Each guest gets their own: {name}, {product}, {store}, {occasion} and {day} are "
            "filled. Opening and signature are added."
        ),
    )
    target_invited = _number(_("Target: invited"))
    target_attended = _number(_("Target: came"))
    target_amount = AmountField(
        label=_("Target: amount"),
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"}),
    )
    deals_within_days = forms.IntegerField(
        label=_("Deals counted for days after it"),
        initial=30,
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stores = serving_stores(reach).order_by("code", "pk")
        self.stores = {str(store.pk): store for store in stores}
        several = [("", _("several stores"))] if reach.sees_all else []
        choices = [*several, *((pk, store.name) for pk, store in self.stores.items())]
        offer_choices(self, "store", choices)
        self.fields["store"].widget.attrs["class"] = "form-select"

    @classmethod
    def initial_of(cls, campaign: Campaign) -> dict[str, object]:
        names = (
            "kind", "name", "place", "text", "target_invited", "target_attended", "target_amount",
            "deals_within_days",
        )  # fmt: skip
        said = {name: getattr(campaign, name) for name in names}
        return {
            **said,
            **{name: mask_in_text(said[name]) for name in TEXTS},
            "store": str(campaign.store_id or ""),
            "starts_at": timezone.localtime(campaign.starts_at),
            "ends_at": timezone.localtime(campaign.ends_at),
            "seen": version_of(campaign),
        }

    def clean_store(self) -> Store | None:
        return self.stores.get(self.cleaned_data["store"])

    def terms(self, known: Campaign | None = None) -> CampaignTerms:
        """What was typed; numbers that a known campaign's form showed masked stand again."""
        said = {k: v for k, v in self.cleaned_data.items() if k not in ("key", "seen", "base")}
        if known is not None:
            said |= {name: put_back(said[name], kept=getattr(known, name)) for name in TEXTS}
        return CampaignTerms(**said)


class ReviewForm(forms.Form):
    """How it went; `seen` is what stood there when the page was opened."""

    review = PlainTextField(
        label=_("How it went, what to do again and what not"),
        longest=4000,
        keep_lines=True,
        required=False,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 4}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, campaign: Campaign) -> "ReviewForm":
        """The review as it stands, its numbers masked."""
        shown = {"review": mask_in_text(campaign.review), "seen": version_of_review(campaign)}
        return cls(initial=shown)


class CallOffForm(ReasonedForm):
    """Why a campaign is called off: those who tell its guests read it."""


class SendForm(forms.Form):
    """The text of one invitation, as it went out."""

    use_required_attribute = False
    text = text_field()


class AnswerForm(TalkedForm):
    """What one guest says, and whether the talk counts as a contact.

    `then` are the days for a guest with whom nothing goes on, unless `answers` end otherwise: when
    they are called next.
    """

    use_required_attribute = False
    OF_TALK = (*TalkedForm.OF_TALK, "note", "then_on", "then_on_other")

    answer = forms.ChoiceField(
        label=pgettext_lazy("guest", "Answer"),
        choices=[choice for choice in Answer.choices if choice[0]],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    channel = forms.ChoiceField(
        label=_("Spoken"), choices=SPOKEN, required=False, widget=forms.RadioSelect, initial=NOTED
    )
    note = _line(_("Note"), 400)
    then_on = ChipDayField(label=_("Call again"), required=False)
    then_on_other = DayField(label=_("On"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(
        self,
        *args: Any,
        then: Sequence[tuple[str, object]] = (),
        answers: Sequence[Answer] = (Answer.NOT_COMING,),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.ends = answers
        self.then_when = f"answer:{'|'.join(answers)},channel:{'|'.join(TALKED)}"
        self.fields["then_on_other"].widget.attrs["data-date-of"] = "then_on"
        if then:
            offer_choices(self, "then_on", then)
            self.fields["then_on"].initial = then[-2][0]
        else:
            del self.fields["then_on"], self.fields["then_on_other"]

    def talk(self) -> dict[str, Any]:
        """The talk in which the guest answered, as `answer_invitation` wants it."""
        said = self.cleaned_data
        return {
            "channel": said.get("channel", ""),
            "note": said.get("note", ""),
            "is_inbound": said.get("is_inbound", False),
            "override": self.override_of(said),
            "then_on": self._then_on(said),
        }

    def _then_on(self, said: dict[str, Any]) -> date | None:
        if said["answer"] not in self.ends:
            return None
        chosen = said.get("then_on")
        return chosen if isinstance(chosen, date) else said.get("then_on_other")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the page showed; without a filter it wants a word that everybody is meant."""

    ids: list[int]
    needs_a_word: bool


class GoAheadForm(forms.Form):
    """What was foreseen, signed: exactly these are invited; where no filter narrowed them, only
    once `everybody` is said.
    """

    shown = forms.CharField(widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    everybody = forms.BooleanField(
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input rounded-1", "required": True}),
    )

    def shown_to(self, *, by: int, campaign: int) -> Shown | None:
        """The customers that were shown; None where the page is too old or another's."""
        try:
            told = signing.loads(self.cleaned_data["shown"], salt=SALT, max_age=AN_HOUR)
        except signing.BadSignature:
            return None
        if (told["by"], told["campaign"]) != (by, campaign):
            return None
        needs = told.get("everybody", False) and not self.cleaned_data["everybody"]
        return Shown(ids=told["ids"], needs_a_word=needs)


def signed(*, by: int, campaign: int, ids: list[int], everybody: bool) -> str:
    """What the page shows, so that the button does exactly this; `everybody`: nothing narrowed
    them.
    """
    told = {"by": by, "campaign": campaign, "ids": ids, "everybody": everybody}
    return signing.dumps(told, salt=SALT, compress=True)
