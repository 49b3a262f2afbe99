"""The fifteen-second form: chips become the arguments of `log_contact`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.offering import offer_choices
from customers.models import Appointment, Contact, Customer
from customers.rules import NextStep, is_reached
from customers.states import (
    GOES_ON,
    AppointmentKind,
    Channel,
    Grade,
    NextKind,
    NoStepReason,
    Outcome,
    Quiet,
    Reason,
    Touch,
)
from followups.forms.chips import day_chips, step_chips
from followups.forms.fields import (
    OTHER,
    Chip,
    ChipDayField,
    DayField,
    KeyedForm,
    LineField,
    MomentField,
    NoteField,
)
from followups.forms.guarding import GUARD_CODES, GuardedForm
from followups.models import Question
from followups.states import Way
from staff.states import Trade

Chips = Sequence[tuple[str, object]]
LONGEST_NOTE = Contact._meta.get_field("note").max_length or 0
LONGEST_STEP = Contact._meta.get_field("next_text").max_length or 0


@dataclass(frozen=True)
class Result:
    """What a result chip says: the way in which people spoke, and what came of it."""

    channel: Channel
    outcome: Outcome
    label: object


RESULTS: Mapping[str, Result] = {
    "connected": Result(Channel.CALL, Outcome.CONNECTED, pgettext_lazy("result", "Reached")),
    "unanswered": Result(Channel.CALL, Outcome.UNANSWERED, pgettext_lazy("result", "No answer")),
    "switched_off": Result(
        Channel.CALL, Outcome.SWITCHED_OFF, pgettext_lazy("result", "Switched off")
    ),
    "declined": Result(Channel.CALL, Outcome.DECLINED, pgettext_lazy("result", "Declined")),
    "replied": Result(Channel.WECHAT, Outcome.REPLIED, pgettext_lazy("result", "WeChat reply")),
    "no_reply": Result(Channel.WECHAT, Outcome.NO_REPLY, pgettext_lazy("result", "No reply")),
    "came": Result(Channel.STORE_VISIT, Outcome.MET, pgettext_lazy("result", "Came")),
    "not_come": Result(Channel.STORE_VISIT, Outcome.NOT_MET, pgettext_lazy("result", "Not come")),
    "visited": Result(Channel.HOME_VISIT, Outcome.MET, pgettext_lazy("result", "Visited")),
    "not_home": Result(Channel.HOME_VISIT, Outcome.NOT_MET, pgettext_lazy("result", "Not home")),
    "measured": Result(Channel.MEASURING, Outcome.MET, pgettext_lazy("result", "Measured")),
    "not_measured": Result(
        Channel.MEASURING, Outcome.NOT_MET, pgettext_lazy("result", "Not measured")
    ),
}
# Which chips are offered for a way; the first row is what mostly comes of it.
OFFERED: Mapping[Way, Sequence[str]] = {
    Way.CALL: (
        "connected", "unanswered", "switched_off", "declined", "replied", "came", "visited",
    ),
    Way.WECHAT: ("replied", "no_reply", "connected", "came"),
    Way.STORE_VISIT: ("came", "not_come", "connected", "replied"),
    Way.HOME_VISIT: ("visited", "not_home", "connected", "came"),
    Way.TEST_DRIVE: ("came", "not_come", "connected", "replied"),
    Way.MEASURING: ("measured", "not_measured", "connected", "visited"),
}  # fmt: skip
UNREACHED = tuple(name for name, result in RESULTS.items() if not is_reached(result.outcome))

# Whoever sells what is fitted to a flat measures it; the others visit.
MEASURING_TRADES = (Trade.FURNITURE, Trade.MATTRESSES, Trade.HOME)

# How a next step says what is booked.
STEP_OF_KIND = {
    AppointmentKind.HOME_VISIT: NextKind.HOME_VISIT,
    AppointmentKind.MEASURING: NextKind.MEASURING,
    AppointmentKind.DELIVERY: NextKind.HOME_VISIT,
}

NOT_NOW = "not_now"
# Unwilling has two outcomes: not now, or do not contact, with its scope (decision 15).
WISHES = [
    (NOT_NOW, _("Not now")),
    (Quiet.MARKETING.value, Quiet.MARKETING.label),
    (Quiet.VISITS.value, Quiet.VISITS.label),
    (Quiet.ALL.value, Quiet.ALL.label),
]

# At which field a refusal of the service stands.
FIELDS_OF_CODES = {
    "note_is_one_character": "note",
    "contact_is_in_the_future": "occurred_at",
    "reason_missing": "reason",
    "next_step_missing": "next_kind",
    "given_up_has_no_step": "next_kind",
    "wishes_no_step": "next_kind",
    "buyer_is_not_given_up": "grade",
    "none_reason_missing": "none_reason",
    "next_hour_is_past": "next_at",
    **dict.fromkeys(GUARD_CODES, "override"),
}
DAY_CODES = ("next_day_missing", "next_day_is_past", "next_day_is_too_far")


def _grades(customer: Customer, *, has_bought: bool) -> list[str]:
    """The grades that can be true of this customer, the present one always among them."""
    bought = (Grade.A, Grade.B1, Grade.B2, Grade.C1)
    offered = bought if has_bought else (Grade.A, Grade.B1, Grade.C2, Grade.D)
    return [grade for grade in Grade if grade in offered or grade == customer.grade]


def _none_reasons(*, has_bought: bool) -> list[NoStepReason]:
    """Why there is no next step; whoever bought nothing has no care plan that goes on."""
    ends = [why for why in NoStepReason if why not in GOES_ON]
    return [*ends, NoStepReason.CARED_FOR] if has_bought else ends


def _next_kinds(trade: str) -> list[NextKind]:
    visit = NextKind.MEASURING if trade in MEASURING_TRADES else NextKind.HOME_VISIT
    return [NextKind.CALL, NextKind.WECHAT, NextKind.STORE_VISIT, visit, NextKind.NONE]


class ContactForm(GuardedForm, KeyedForm):
    """One contact; `cleaned_data` holds the arguments of `log_contact`.

    `own_reason`: the one for which whoever has this form always talks; "" where it is chosen.
    """

    own_reason: Reason | str = ""

    result = forms.ChoiceField(
        label=_("Result"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )
    reason = forms.ChoiceField(
        label=_("Reason"), required=False, choices=Reason.choices, widget=forms.RadioSelect
    )
    grade = forms.ChoiceField(label=_("Grade"), required=False, widget=forms.RadioSelect)
    next_kind = forms.ChoiceField(label=_("Next step"), required=False, widget=forms.RadioSelect)
    next_on = ChipDayField(label=_("Day"), required=False)
    next_on_other = DayField(label=_("On"), required=False)
    next_at = forms.TimeField(
        label=_("Hour of the next step"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "form-control"}),
    )
    next_text = LineField(
        label=_("What was agreed"),
        longest=LONGEST_STEP,
        widget=forms.TextInput(attrs={"class": "form-control", "maxlength": LONGEST_STEP}),
    )
    none_reason = forms.ChoiceField(label=_("Why none"), required=False, widget=forms.RadioSelect)
    retry_on = ChipDayField(label=_("Try again"), required=False)
    touches = forms.MultipleChoiceField(
        label=_("Brought up"),
        required=False,
        choices=Touch.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    keeps_filing = forms.BooleanField(label=_("D, keep until it lapses"), required=False)
    opens_case = forms.BooleanField(label=_("Open a service case"), required=False)
    wish = forms.ChoiceField(
        label=_("Their wish"), required=False, choices=WISHES, widget=forms.RadioSelect
    )
    note = NoteField(
        label=_("Note"),
        longest=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 1, "placeholder": _("Note, may be left empty")}),
    )

    def __init__(
        self,
        *args,
        customer: Customer,
        way: Way,
        has_bought: bool,
        is_care: bool,
        cadence_days: Callable[[], int],
        today: date,
        **options,
    ) -> None:
        """`cadence_days`: asked where the form is drawn; what is sent may name any day."""
        self.today, self.cadence_days = today, cadence_days
        self.zone = customer.store.tzinfo
        self.to_tell: dict[str, str] = {}
        super().__init__(*args, **options)
        self.fields["occurred_at"] = MomentField(
            label=_("It happened at"), required=False, zone=self.zone
        )
        self.fields["next_on_other"].widget.attrs["data-date-of"] = "next_on"
        self.offered = OFFERED.get(way, OFFERED[Way.CALL])
        offer_choices(self, "result", [(name, RESULTS[name].label) for name in self.offered])
        grades = _grades(customer, has_bought=has_bought)
        offer_choices(self, "grade", [(grade, str(grade)) for grade in grades])
        reasons = [(why.value, why.label) for why in _none_reasons(has_bought=has_bought)]
        offer_choices(self, "none_reason", reasons)
        kinds = _next_kinds(customer.store.trade)
        offer_choices(self, "next_kind", [(kind.value, kind.label) for kind in kinds])
        offer_choices(self, "next_on", lambda: self.step_chips)
        offer_choices(self, "retry_on", day_chips(today, (0, 1, 3, 7)))
        self._preset(
            grade=customer.grade,
            next_kind=NextKind.NONE if is_care else NextKind.CALL,
            next_on=lambda: self.step_chips[2][0],
            none_reason=NoStepReason.CARED_FOR if is_care else "",
            retry_on=(today + timedelta(days=1)).isoformat(),
            wish=NOT_NOW,
        )
        if customer.quiet == Quiet.ALL and not is_care:
            self._preset(next_kind=NextKind.NONE, none_reason=NoStepReason.UNWILLING)

    @cached_property
    def step_chips(self) -> Chips:
        """The days that are offered for a next step."""
        return step_chips(self.today, gap=self.cadence_days())

    def _preset(self, **values: str | Callable[[], str]) -> None:
        for name, value in values.items():
            self.fields[name].initial = value

    def ask_told(self, questions: Sequence[Question]) -> None:
        """Ask to tick what has to be told in this call, whatever else is said (AFT-05)."""
        self.to_tell = {f"q_{each.code}": each.code for each in questions}
        for each in questions:
            self.fields[f"q_{each.code}"] = forms.ChoiceField(
                label=each.text,
                choices=[(option.code, option.text) for option in each.options.all()],
                required=False,
                widget=forms.RadioSelect,
            )

    @property
    def tells(self) -> list[forms.BoundField]:
        """The ticks of what has to be told, as the page draws them."""
        return [self[name] for name in self.to_tell]

    @property
    def told(self) -> list[str]:
        """The codes of what was ticked as told."""
        return [code for name, code in self.to_tell.items() if self.data.get(name)]

    def agree_on(self, booked: Appointment) -> None:
        """What is booked next is the next step, unless another is chosen."""
        begins = booked.starts_at.astimezone(self.zone)
        kinds = self._offered("next_kind")
        kind = STEP_OF_KIND.get(AppointmentKind(booked.kind), NextKind.STORE_VISIT)
        days = self._offered("next_on")
        day = begins.date().isoformat()
        self._preset(
            next_kind=kind if kind in kinds else NextKind.STORE_VISIT,
            next_on=day if day in days else OTHER,
            none_reason="",
        )
        self.fields["next_on_other"].initial = begins.date()
        self.fields["next_at"].initial = begins.time()

    def _offered(self, name: str) -> list[str]:
        choices = cast(Chips, cast(forms.ChoiceField, self.fields[name]).choices)
        return [str(value) for value, _label in choices]

    def mark_worn(self, reason: str) -> None:
        """A reason of the last two contacts says so on its chip, before it is chosen (FUP-13)."""
        chips = [
            (why.value, Chip(why.label, _("twice already")) if why == reason else why.label)
            for why in Reason
        ]
        offer_choices(self, "reason", chips)

    def expect(self, result: str) -> None:
        """What the page before knows of the result."""
        if result in self.offered:
            self._preset(result=result)

    @property
    def unreached(self) -> str:
        """The offered results that reached nobody, as the page's conditions want them."""
        return "|".join(name for name in self.offered if name in UNREACHED)

    @property
    def ways(self) -> dict[str, Channel]:
        """The offered results that reach somebody, each with the way in which people speak."""
        return {name: RESULTS[name].channel for name in self.offered if name not in UNREACHED}

    @property
    def missed(self) -> dict[str, Channel]:
        """The offered results that reach nobody, each with the way in which it was tried."""
        return {name: RESULTS[name].channel for name in self.offered if name in UNREACHED}

    @property
    def is_reached(self) -> bool:
        """The form says that somebody was spoken with."""
        return is_reached(str(self.cleaned_data.get("outcome", "")))

    def field_of(self, code: str) -> str | None:
        """Where the reader finds what a refusal's code speaks of."""
        if code in DAY_CODES:
            return self._day_field()
        return FIELDS_OF_CODES.get(code)

    def _day_field(self) -> str:
        if self.data.get("result") in UNREACHED:
            return "retry_on"
        return "next_on_other" if self.data.get("next_on") == OTHER else "next_on"

    def clean(self) -> dict[str, object]:
        """The arguments of `log_contact`: what the chips not taken would have said is left out."""
        said = super().clean() or {}
        result = RESULTS.get(said.get("result", ""))
        if result is None or self.errors:
            return said
        act = {
            "key": said["key"],
            "channel": result.channel,
            "outcome": result.outcome,
            "note": said["note"],
            "occurred_at": said["occurred_at"],
            "opens_case": False,
            "wish": "",
        }
        if not is_reached(result.outcome):
            retry_on = said["retry_on"]
            return {
                **act,
                "retry_on": retry_on if isinstance(retry_on, date) else None,
                "override": self.override_of(said),
            }
        step, wish = self._next_step(said), self._wish(said)
        return {
            **act,
            "reason": said["reason"],
            "grade": said["grade"],
            "keeps_filing": said["keeps_filing"],
            "next_step": step,
            "is_inbound": said["is_inbound"],
            "touches": said["touches"],
            "opens_case": self.opens_a_case(said),
            "override": self.override_of(said),
            "wish": wish,
        }

    def opens_a_case(self, said: dict) -> bool:
        """What is said opens a service case, which is reason enough to come back to them."""
        return bool(said["opens_case"]) and Touch.PROBLEM in said["touches"]

    def _wish(self, said: dict) -> str:
        """Silence is wished where that is why there is no next step."""
        is_unwilling = said["none_reason"] == NoStepReason.UNWILLING
        has_step = said["next_kind"] not in ("", NextKind.NONE) and said["grade"] != Grade.D
        return said["wish"] if is_unwilling and not has_step and said["wish"] != NOT_NOW else ""

    def _next_step(self, said: dict) -> NextStep | None:
        # Giving up has no next step, so that the page does not ask for one (GRD-08).
        kind = said["next_kind"] or (NextKind.NONE if said["grade"] == Grade.D else "")
        if not kind:
            return None
        kind = NextKind(kind)
        if kind == NextKind.NONE:
            return NextStep(kind=kind, none_reason=said["none_reason"])
        on = said["next_on_other"] if said["next_on"] in (OTHER, None) else said["next_on"]
        return NextStep(
            kind=kind, on=on, at=self._hour(on, said["next_at"]), text=said["next_text"]
        )

    def _hour(self, on: date | None, at: time | None) -> datetime | None:
        if on is None or at is None:
            return None
        return datetime.combine(on, at, self.zone)
