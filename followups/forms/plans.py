"""Plans as their editors type them: a row a step, and the days for which the sample is shown."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.forms.renderers import get_default_renderer
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from core.offering import offer_choices
from core.phones import put_back
from customers.states import Grade
from followups.forms.fields import DayField, KeyedForm, LineField
from followups.models import Escalation
from followups.rules.plans import PlanTerms, StepTerms, anchors_of_plan
from followups.states import (
    AHEAD_ANCHORS,
    BIRTHDAY_ANCHORS,
    Anchor,
    Assignee,
    Unit,
    Way,
)
from staff.states import Trade

LARGEST = 9999
LONGEST_SEEN = Escalation._meta.get_field("note").max_length or 0
# Of these there is one time each: they come again by themselves.
BY_THEMSELVES = (Anchor.CADENCE, *BIRTHDAY_ANCHORS)
GRADES_WITH_CADENCE = tuple(grade for grade in Grade if grade != Grade.D)
Choices = Iterable[tuple[Any, Any]]


def _number(label, *, least: int = 0, **options) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"})
    return forms.IntegerField(
        label=label, min_value=least, max_value=LARGEST, widget=widget, required=False, **options
    )


def _choice(label, choices: Choices, **options) -> forms.ChoiceField:
    widget = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(label=label, choices=choices, widget=widget, **options)


def _row_choice(label) -> forms.TypedChoiceField:
    """A row chosen by its number, or none; its choices are given for all steps together."""
    widget = forms.Select(attrs={"class": "form-select"})
    return forms.TypedChoiceField(
        label=label, coerce=int, empty_value=None, required=False, widget=widget
    )


def _name(label) -> LineField:
    widget = forms.TextInput(attrs={"class": "form-control", "maxlength": 80})
    return LineField(label=label, longest=80, widget=widget)


def _tick(label, **options) -> forms.BooleanField:
    widget = forms.CheckboxInput(attrs={"class": "form-check-input"})
    return forms.BooleanField(label=label, required=False, widget=widget, **options)


class StepForm(forms.Form):
    """One step of a plan; `terms` gives it to the service. A blank row adds nothing."""

    use_required_attribute = False

    step_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name_zh = _name(_("Name in Chinese"))
    name_en = _name(_("Name in English"))
    anchor = _choice(_("Counts from"), (), required=False)
    grade = _choice(_("Grade"), (), required=False)
    offset = _number(_("After"))
    unit = _choice(_("Unit"), Unit.choices, required=False)
    is_before = _tick(_("Before, not after"))
    every = _number(_("Then every"))
    times = _number(_("Times"))
    ahead_days = _number(_("Shown days before"))
    way = _choice(_("Way"), Way.choices)
    assignee = _choice(_("Done by"), Assignee.choices)
    survey_id = _row_choice(_("Survey"))
    script_id = _row_choice(_("Script"))
    escalates_after = _number(
        _("Reported up after hours overdue"), help_text=_("0: at once. Empty: never.")
    )
    is_active = _tick(_("In use"), initial=True)

    WORDS = ("name_zh", "name_en", "anchor", "grade")
    DATES = ("offset", "unit", "is_before", "every", "times", "ahead_days")
    DOING = ("way", "assignee", "survey_id", "script_id", "escalates_after", "is_active")

    def __init__(
        self, *args, surveys: Choices = (), scripts: Choices = (), plan_code: str = "", **more
    ) -> None:
        super().__init__(*args, **more)
        none = ("", _("none"))
        offer_choices(self, "survey_id", [none, *surveys])
        offer_choices(self, "script_id", [none, *scripts])
        self.anchors = anchors_of_plan(plan_code)
        offer_choices(self, "anchor", [(anchor.value, anchor.label) for anchor in self.anchors])
        offer_choices(
            self, "grade", [("", _("none")), *((g.value, g) for g in GRADES_WITH_CADENCE)]
        )
        self._drop()

    def _drop(self) -> None:
        """What this step can never say is not asked."""
        standing = self.initial.get("anchor") if self.initial.get("step_id") else None
        if standing:
            del self.fields["anchor"], self.fields["grade"]
        elif Anchor.CADENCE not in self.anchors:
            del self.fields["grade"]
        counted_down = {standing} if standing else set(self.anchors)
        if counted_down.isdisjoint(AHEAD_ANCHORS):
            del self.fields["is_before"]
        if standing in BY_THEMSELVES:
            del self.fields["every"], self.fields["times"]

    @staticmethod
    def initial_of(terms: StepTerms) -> dict[str, object]:
        """The row as it stands."""
        return {"step_id": terms.step_id, **terms.values()}

    @property
    def is_blank(self) -> bool:
        """A row for a new step in which nobody typed."""
        typed = ("name_zh", "name_en", "offset")
        return not self.cleaned_data.get("step_id") and not any(
            self.cleaned_data.get(name) for name in typed
        )

    @property
    def groups(self) -> list[list[forms.BoundField]]:
        """The fields in the order in which one thinks: what, when, how."""
        names = (self.WORDS, self.DATES, self.DOING)
        return [[self[name] for name in group if name in self.fields] for group in names]

    def terms(self, standing: Mapping[int | None, StepTerms]) -> StepTerms:
        """What is typed, over what stands: anchor and grade of a step never change."""
        said = dict(self.cleaned_data)
        step_id = said.pop("step_id")
        before = standing.get(step_id)
        for name in ("offset", "every", "ahead_days"):
            said[name] = said.get(name) or 0
        said["times"] = said.get("times") or 1
        said["unit"] = said["unit"] or Unit.DAYS
        said["anchor"] = before.anchor if before else said.get("anchor") or self.anchors[0]
        said["grade"] = before.grade if before else said.get("grade") or ""
        if said["anchor"] != Anchor.CADENCE:
            said["grade"] = ""
        return StepTerms(step_id=step_id, **said)


class HeadForm(forms.Form):
    """A plan's names and trades."""

    use_required_attribute = False

    name_zh = _name(_("Name in Chinese"))
    name_en = _name(_("Name in English"))
    trades = forms.MultipleChoiceField(
        label=_("Trades"),
        required=False,
        choices=Trade.choices,
        widget=forms.CheckboxSelectMultiple,
    )


class NewPlanForm(KeyedForm, HeadForm):
    """A plan that is not there yet: empty, or with the steps of another."""

    copy_of = _row_choice(_("With the steps of"))

    def __init__(self, *args, plans: Choices, **options) -> None:
        super().__init__(*args, **options)
        offer_choices(self, "copy_of", [("", _("none, an empty plan")), *plans])


class PlanForm(HeadForm):
    """The plan's head, and the version that its editor has seen."""

    is_active = _tick(_("In use"))
    seen_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, is_of_house: bool = False, **options) -> None:
        super().__init__(*args, **options)
        if is_of_house:
            del self.fields["trades"], self.fields["is_active"]

    def clean_seen_at(self):
        """The moment of the version seen; a nonsensical one is no version at all."""
        try:
            return parse_datetime(self.cleaned_data["seen_at"])
        except ValueError:
            return None

    def terms(self, steps: Sequence[StepTerms]) -> PlanTerms:
        """The plan as typed."""
        said = self.cleaned_data
        return PlanTerms(
            name_en=said["name_en"],
            name_zh=said["name_zh"],
            trades=tuple(said.get("trades", ())),
            is_active=said.get("is_active", True),
            steps=tuple(steps),
        )


class SampleForm(forms.Form):
    """The customer for whom the resulting calendar is shown: one day for each anchor in use."""

    LABELS = {
        Anchor.DELIVERY: _("Delivered on"),
        Anchor.PURCHASE: _("Bought on"),
        Anchor.INSURANCE: _("Insured until"),
        Anchor.FIRST_SERVICE: _("First service on"),
        Anchor.WARRANTY: _("Warranty until"),
        Anchor.BIRTHDAY: _("Birthday"),
        Anchor.CADENCE: _("Last contact on"),
        Anchor.ORDER_DELIVERY: _("To be delivered on"),
        Anchor.RECEIVABLE: _("Falls due on"),
        Anchor.CREDIT: _("To be refunded on"),
        Anchor.ORDER_NEWS: _("Known on"),
    }
    # What is proposed for a delivery of today.
    AFTER_DAYS = {
        Anchor.INSURANCE: 365,
        Anchor.FIRST_SERVICE: 90,
        Anchor.WARRANTY: 1095,
        Anchor.ORDER_DELIVERY: 30,
        Anchor.RECEIVABLE: 30,
        Anchor.CREDIT: 28,
    }

    def __init__(self, *args, anchors: Iterable[str], **options) -> None:
        super().__init__(*args, **options)
        used = {Anchor.BIRTHDAY if a in BIRTHDAY_ANCHORS else Anchor(a) for a in anchors}
        self.used = [anchor for anchor in self.LABELS if anchor in used]
        for anchor in self.used:
            self.fields[anchor.value] = DayField(
                label=self.LABELS[anchor], required=False, initial=_proposed(anchor)
            )

    def days(self) -> dict[str, date]:
        """The anchors of the sample: the days typed, else those proposed."""
        said = self.cleaned_data if self.is_bound and self.is_valid() else {}
        found = {anchor: said.get(anchor) or _proposed(anchor) for anchor in self.used}
        return {str(anchor.value): day for anchor, day in found.items()}


def _proposed(anchor: Anchor) -> date:
    days = SampleForm.AFTER_DAYS.get(anchor, 0)
    return timezone.localdate() + timedelta(days=days)


class StepFormSet(forms.BaseFormSet):
    """The steps of one plan, and a blank row for a new one."""

    form = StepForm
    renderer = get_default_renderer()
    extra, min_num, max_num, absolute_max = 1, 0, 60, 60
    can_order = can_delete = can_delete_extra = False
    validate_max = validate_min = False


class LookForm(KeyedForm):
    """The tap that has a plan written, and why."""

    use_required_attribute = False

    note = LineField(
        label=_("Why the plan is changed"),
        longest=200,
        # Not cut by the browser: what is too long is told.
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def clean_note(self) -> str:
        """Whoever reads the versions later wants to know."""
        if not self.cleaned_data["note"]:
            raise forms.ValidationError(_("Say in a few words why the plan is changed."))
        return self.cleaned_data["note"]


class SeenForm(forms.Form):
    """What was done about something that was reported up; the numbers of what is `kept` were shown
    masked, and stand again.
    """

    note = LineField(label=_("What was done"), longest=LONGEST_SEEN)

    def __init__(self, *args: Any, kept: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.kept = kept

    def clean_note(self) -> str:
        """Whole again, a number typed with spaces is longer than its mask."""
        field = cast(LineField, self.fields["note"])
        return field.to_python(put_back(self.cleaned_data["note"], kept=self.kept))
