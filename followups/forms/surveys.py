"""A survey as one talks through it: reached, willing, thanks, the questions, the next step."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import PhoneField
from core.offering import offer_choices
from core.phones import mask_in_text
from customers.models import Customer, OwnedProduct
from customers.rules import NextStep
from customers.states import (
    Channel,
    NextKind,
    NoStepReason,
    Outcome,
    Quiet,
    QuietReason,
    Replacement,
)
from followups.forms.appointments import line
from followups.forms.branches import insured_next_until, unmasked_insurer
from followups.forms.chips import day_chips
from followups.forms.contacts import RESULTS, UNREACHED, ContactForm, Result
from followups.forms.deliveries import NumberField
from followups.forms.fields import Chip, DayField, LineField, NoteField
from followups.models import Question, SurveyAnswer, SurveyVersion
from followups.queries.surveys import as_rules_see
from followups.rules.surveys import LOW, OPENS_CASE, Given, code_opening_a_case
from followups.services.branches import NewLead, QuietWish
from followups.services.renewals import RenewalSaid
from followups.services.surveys import REASON
from followups.states import Branch, QuestionKind, Renewal, Way

LONGEST_TEXT = SurveyAnswer._meta.get_field("text").max_length or 0
LATER, QUIET = "later", "quiet"
YES, NO = "yes", "no"
POINTS = (
    ("1", Chip("1", cast(str, _("very bad")))), ("2", "2"), ("3", "3"), ("4", "4"),
    ("5", Chip("5", cast(str, _("very good")))),
)  # fmt: skip
LIKELY = [(str(number), str(number)) for number in range(11)]
# Picked up, but not now: tried again when it suits them.
NOT_NOW = Result(RESULTS["declined"].channel, Outcome.DECLINED, pgettext_lazy("result", "Later"))
# The first answers that are offered; a visit has its own.
CALLED = ("connected", "unanswered", "switched_off")
SCOPES = (Quiet.ALL, Quiet.VISITS, Quiet.MARKETING)
REASONS = tuple(why for why in QuietReason if why != QuietReason.WISHES_AGAIN)


@dataclass
class AskedField:
    """One question on the page: its field, the words that some answers ask for, what it opens."""

    question: Question
    field: forms.BoundField
    columns: int = 2
    text: forms.BoundField | None = None
    text_when: str = ""
    more: Sequence[forms.BoundField] = dataclasses.field(default_factory=list)
    more_when: str = ""

    @property
    def is_text(self) -> bool:
        return self.question.kind == QuestionKind.TEXT

    @property
    def is_number(self) -> bool:
        return self.question.kind == QuestionKind.NUMBER


def _line(label: object, most: int = LONGEST_TEXT) -> LineField:
    return LineField(label=label, longest=most, widget=line(most))


def _pick(label: str, choices: Sequence[tuple[str, object]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=forms.RadioSelect)


class SurveyForm(ContactForm):
    """One survey; `cleaned_data` holds the arguments of `log_contact` without a reason of its own,
    `answers`, `wish_for_peace` and the rest what `log_survey` takes beside them.
    """

    own_reason = REASON

    willing = forms.ChoiceField(
        label=_("Would they like to talk?"),
        required=False,
        choices=[(YES, _("Yes, gladly")), (NO, _("Rather not"))],
        widget=forms.RadioSelect,
    )
    quiet_scope = forms.ChoiceField(
        label=_("Do not"),
        required=False,
        initial=Quiet.ALL,
        choices=[(scope.value, scope.label) for scope in SCOPES],
        widget=forms.RadioSelect,
    )
    quiet_reason = forms.ChoiceField(
        label=_("Because"),
        required=False,
        initial=QuietReason.ASKED,
        choices=[(why.value, why.label) for why in REASONS],
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        *args,
        customer: Customer,
        way: Way,
        version: SurveyVersion,
        product: OwnedProduct | None,
        today: date,
        **options,
    ) -> None:
        super().__init__(*args, customer=customer, way=way, today=today, **options)
        self.customer, self.product = customer, product
        self.is_call = self.offered[0] == "connected"
        if self.is_call:
            self.offered = CALLED
            chips = [(name, RESULTS[name].label) for name in CALLED]
            offer_choices(self, "result", [*chips, (LATER, NOT_NOW.label)])
        self._preset(result=self.offered[0])
        offer_choices(self, "retry_on", day_chips(today, (1, 3, 7, 30)))
        self.fields["retry_on"].label = _("New day")
        trade = customer.store.trade
        questions = version.asked
        self.questions = [
            each
            for each in questions
            if (not each.trades or trade in each.trades)
            and not (each.branch in (Branch.RENEWAL, Branch.REPLACEMENT) and product is None)
        ]
        for question in self.questions:
            self._ask(question)

    def _ask(self, question: Question) -> None:
        """The fields of one question, and of what its answers open."""
        name, label = f"q_{question.code}", question.text
        self.fields[name] = {
            QuestionKind.SCALE: lambda: _pick(label, POINTS),
            QuestionKind.YES_NO: lambda: _pick(label, [(YES, _("Yes")), (NO, _("No"))]),
            QuestionKind.CHOICE: lambda: _pick(label, self._options(question)),
            QuestionKind.LIKELIHOOD: lambda: _pick(label, LIKELY),
            QuestionKind.NUMBER: lambda: NumberField(label=label, is_money=False),
            QuestionKind.TEXT: lambda: NoteField(
                label=label,
                longest=LONGEST_TEXT,
                widget=forms.Textarea(
                    attrs={"rows": 1, "placeholder": _("A few words, may be left empty")}
                ),
            ),
        }[QuestionKind(question.kind)]()
        if self._text_when(question):
            low = question.kind == QuestionKind.SCALE
            self.fields[f"{name}_text"] = _line(_("Why?") if low else _("In a few words"))
        if question.branch == Branch.RENEWAL:
            self.fields[f"{name}_until"] = DayField(
                label=_("Insured until"),
                required=False,
                initial=insured_next_until(self.product, today=self.today),
            )
            self.fields[f"{name}_insurer"] = _line(_("Insurer"), 60)
            insurer = self.product.insurer if self.product else ""
            self.fields[f"{name}_insurer"].initial = mask_in_text(insurer)
        if question.branch == Branch.REFERRAL:
            self.fields[f"{name}_name"] = _line(_("Their name"), 64)
            phone = PhoneField(label=_("Their number"), required=False)
            phone.widget.attrs["class"] = "form-control"
            self.fields[f"{name}_phone"] = phone

    @staticmethod
    def _options(question: Question) -> list[tuple[str, object]]:
        return [(option.code, option.text) for option in question.options.all()]

    def _text_when(self, question: Question) -> str:
        """Under which answers words are asked for: 1 and 2 points, a yes, an option that opens."""
        name = f"q_{question.code}"
        if question.kind == QuestionKind.SCALE:
            return f"{name}:" + "|".join(str(points) for points in range(1, LOW + 1))
        if question.kind == QuestionKind.YES_NO and question.branch:
            return f"{name}:{YES}"
        if question.kind == QuestionKind.CHOICE:
            opening = [option.code for option in question.options.all() if option.opens]
            return f"{name}:{'|'.join(opening)}" if opening else ""
        return ""

    def asks(self) -> Iterator[AskedField]:
        """The questions in the order in which one talks, as the page draws them."""
        for question in self.questions:
            name = f"q_{question.code}"
            more = [f"{name}_{part}" for part in ("until", "insurer", "name", "phone")]
            columns = {QuestionKind.SCALE: 5, QuestionKind.YES_NO: 2, QuestionKind.LIKELIHOOD: 6}
            many = max((len(str(text)) for _code, text in self._options(question)), default=0)
            yield AskedField(
                question=question,
                field=self[name],
                columns=columns.get(QuestionKind(question.kind), 1 if many > 14 else 3),
                text=self[f"{name}_text"] if f"{name}_text" in self.fields else None,
                text_when=self._text_when(question),
                more=[self[part] for part in more if part in self.fields],
                more_when=f"{name}:{Renewal.RENEWED}" if question.branch == Branch.RENEWAL else "",
            )

    @property
    def unreached(self) -> str:
        """The offered results that reached nobody, and the customer who would rather be called
        later.
        """
        return "|".join(filter(None, [super().unreached, LATER if self.is_call else ""]))

    @property
    def missed(self) -> dict[str, Channel]:
        later = {LATER: NOT_NOW.channel} if self.is_call else {}
        return super().missed | later

    @property
    def parts_asked(self) -> list[str]:
        """The branches that the questions ask for themselves."""
        parts = {Branch.RENEWAL: "to_renewal", Branch.REPLACEMENT: "to_replacement"}
        return [parts[Branch(each.branch)] for each in self.questions if each.branch in parts]

    def field_of_question(self, code: str, refusal: str) -> str:
        """Where the reader finds what is wrong with an answer, or with what follows from it."""
        if refusal == "not_well":
            return "none_reason"
        name = f"q_{code}"
        is_words = refusal in ("low_points_need_a_reason", "complaint_has_no_words")
        return f"{name}_text" if is_words and f"{name}_text" in self.fields else name

    def clean(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        if said.get("result") == LATER:
            self.cleaned_data["result"] = "declined"
        act = super().clean()
        if self.errors:
            return act
        act["is_willing"] = True
        act["answers"] = {}
        act["wish_for_peace"] = None
        if said["result"] in UNREACHED or said["result"] == LATER:
            return act
        if said["willing"] not in (YES, NO):
            self.add_error("willing", _("Ask first whether they would like to talk."))
            return act
        act |= {"reason": self.own_reason, "grade": ""}
        if said["willing"] == YES:
            act["answers"] = {each.code: self._given(each, said) for each in self.questions}
            self._check_referrals(said)
            return act
        return act | self._unwilling(said)

    def opens_a_case(self, said: dict) -> bool:
        """An answer opens a service case."""
        given = {each.code: self._given(each, said) for each in self.questions}
        asked = as_rules_see(self.questions)
        return bool(code_opening_a_case(asked, given))

    def _unwilling(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """Not now is an attempt with a new day; left in peace has no next step (decision 15)."""
        instead = self.data.get("instead", "")
        if instead == LATER:
            retry_on = said["retry_on"]
            return {
                "is_willing": False,
                "outcome": Outcome.DECLINED,
                "next_step": None,
                "retry_on": retry_on if isinstance(retry_on, date) else None,
            }
        if instead != QUIET:
            self.add_error("willing", _("Choose another day, or to leave them in peace."))
            return {}
        wish = QuietWish(
            scope=Quiet(said["quiet_scope"] or Quiet.ALL),
            reason=QuietReason(said["quiet_reason"] or QuietReason.ASKED),
        )
        none = NextStep(kind=NextKind.NONE, none_reason=NoStepReason.UNWILLING)
        return {"is_willing": False, "wish_for_peace": wish, "next_step": none}

    def _given(self, question: Question, said: Mapping[str, Any]) -> Given:
        """One answer; words under an answer that asks for none are left out."""
        name = f"q_{question.code}"
        value = said.get(name)
        text = said.get(f"{name}_text", "") if self._is_text_asked(question, value) else ""
        kind = question.kind
        if kind == QuestionKind.TEXT:
            text = self._with_name(question, str(value or ""), said)
        return Given(
            code=question.code,
            points=int(value) if kind == QuestionKind.SCALE and value else None,
            number=self._number(kind, value),
            is_yes=value == YES if kind == QuestionKind.YES_NO and value else None,
            option=str(value or "") if kind == QuestionKind.CHOICE else "",
            text=text,
        )

    @staticmethod
    def _number(kind: str, value: Any) -> int | None:
        if kind not in (QuestionKind.NUMBER, QuestionKind.LIKELIHOOD) or value in (None, ""):
            return None
        return int(value)

    def _is_text_asked(self, question: Question, value: Any) -> bool:
        _name, _sign, values = self._text_when(question).partition(":")
        return str(value) in values.split("|")

    def _with_name(self, question: Question, text: str, said: Mapping[str, Any]) -> str:
        """A referral's name is part of what was said; the number goes on their card alone."""
        name = said.get(f"q_{question.code}_name", "")
        return " ".join(part for part in (name, text) if part)[:LONGEST_TEXT]

    @property
    def opens_when(self) -> str:
        """Under which answers a case opens, as the page's conditions want them."""
        asked = [
            self._text_when(each)
            for each in self.questions
            if each.kind != QuestionKind.YES_NO or each.branch in OPENS_CASE
        ]
        return ";".join(filter(None, asked))

    @property
    def well_when(self) -> str:
        """While all is still said to be well, as the page's conditions want it."""
        return f"next_kind:{NextKind.NONE},none_reason:{NoStepReason.CARED_FOR}"

    @property
    def first_day(self) -> str:
        """The soonest day that is offered: what opens a case does not wait for the plan's."""
        return self._offered("next_on")[0]

    def _referrals(self) -> list[Question]:
        return [each for each in self.questions if each.branch == Branch.REFERRAL]

    def _check_referrals(self, said: Mapping[str, Any]) -> None:
        for question in self._referrals():
            name = f"q_{question.code}"
            if said.get(f"{name}_phone") and not said.get(f"{name}_name"):
                self.add_error(f"{name}_name", _("Write the name that goes with the number."))

    def leads(self) -> list[NewLead]:
        """Whom the customer sends us, where a number was given."""
        found = []
        for question in self._referrals():
            name = f"q_{question.code}"
            phone = self.raw.get(f"{name}_phone")
            if phone is not None and self.cleaned_data["answers"]:
                found.append(
                    NewLead(
                        name=self.raw[f"{name}_name"],
                        phone=phone,
                        need=str(self.raw.get(name) or "")[:200],
                        field=f"{name}_phone",
                    )
                )
        return found

    def renewal(self) -> RenewalSaid | None:
        """What they say of the insurance, where it was asked."""
        for question in self._of_branch(Branch.RENEWAL):
            name, product = f"q_{question.code}", cast(OwnedProduct, self.product)
            return RenewalSaid(
                product=product,
                answer=Renewal(self.raw[name]),
                until=self.raw.get(f"{name}_until"),
                insurer=unmasked_insurer(self.raw.get(f"{name}_insurer", ""), product),
            )
        return None

    def replacement(self) -> tuple[OwnedProduct, Replacement] | None:
        """When they mean to replace the product, where it was asked."""
        for question in self._of_branch(Branch.REPLACEMENT):
            wanted = Replacement(self.raw[f"q_{question.code}"])
            return cast(OwnedProduct, self.product), wanted
        return None

    def _of_branch(self, branch: Branch) -> list[Question]:
        """The questions of a branch that were answered by a willing customer."""
        if not self.cleaned_data["answers"]:
            return []
        asked = [each for each in self.questions if each.branch == branch]
        return [each for each in asked if self.raw.get(f"q_{each.code}")]

    def _clean_form(self) -> None:
        self.raw: dict[str, Any] = dict(self.cleaned_data)
        super()._clean_form()  # type: ignore[misc]  # django-stubs leaves it out
