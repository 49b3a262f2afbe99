"""Plans as their editors type them: a row a step, and the day for which the sample is shown."""

from datetime import date
from typing import Any

from django import forms
from django.forms.renderers import get_default_renderer
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from followups.forms.fields import DayField, LineField
from followups.models import Plan, Step
from followups.services.plans import StepTerms
from followups.states import PRODUCT_ANCHORS, Anchor, Assignee, Unit, Way

LARGEST = 9999


def _number(label, *, least: int = 0, **options) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"})
    return forms.IntegerField(
        label=label, min_value=least, max_value=LARGEST, widget=widget, **options
    )


def _choice(label, choices, **options) -> forms.ChoiceField:
    widget = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(label=label, choices=choices, widget=widget, **options)


def _name(label) -> LineField:
    widget = forms.TextInput(attrs={"class": "form-control", "maxlength": 80})
    return LineField(label=label, longest=80, widget=widget)


class StepForm(forms.Form):
    """One step of a plan; `terms` gives it to the service. A blank row adds nothing."""

    step_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name_zh = _name(_("Name in Chinese"))
    name_en = _name(_("Name in English"))
    anchor = _choice(
        _("Counts from"), [(anchor.value, anchor.label) for anchor in PRODUCT_ANCHORS],
        required=False,
    )  # fmt: skip
    offset = _number(_("After"), required=False)
    unit = _choice(_("Unit"), Unit.choices, required=False)
    every = _number(_("Then every"), required=False)
    times = _number(_("Times"), required=False)
    ahead_days = _number(_("Shown days before"), required=False)
    way = _choice(_("Way"), Way.choices)
    assignee = _choice(_("Done by"), Assignee.choices)
    is_active = forms.BooleanField(
        label=_("In use"),
        required=False,
        initial=True,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    @classmethod
    def initial_of(cls, step: Step) -> dict[str, object]:
        """The row as it stands."""
        names = [name for name in cls.base_fields if name != "step_id"]
        return {"step_id": step.pk, **{name: getattr(step, name) for name in names}}

    @property
    def is_blank(self) -> bool:
        """A row for a new step in which nobody typed."""
        typed = ("name_zh", "name_en", "offset")
        return not self.cleaned_data.get("step_id") and not any(
            self.cleaned_data.get(name) for name in typed
        )

    @classmethod
    def terms_of(cls, step: Step) -> StepTerms:
        """A step's terms as they stand."""
        row: dict[str, Any] = cls.initial_of(step)
        return StepTerms(**row, grade=step.grade)

    def terms(self, steps: dict[int, Step]) -> StepTerms:
        """What is typed, over what stands: anchor and grade of a step never change."""
        said = dict(self.cleaned_data)
        step = steps.get(said.pop("step_id") or 0)
        for name in ("offset", "every", "ahead_days"):
            said[name] = said[name] or 0
        said["times"] = said["times"] or 1
        said["unit"] = said["unit"] or Unit.DAYS
        said["anchor"] = step.anchor if step else said["anchor"] or Anchor.DELIVERY
        said["grade"] = step.grade if step else ""
        return StepTerms(step_id=step.pk if step else None, **said)


class PlanForm(forms.Form):
    """The plan's head, and the version that its editor has seen."""

    name_zh = _name(_("Name in Chinese"))
    name_en = _name(_("Name in English"))
    is_active = forms.BooleanField(
        label=_("In use"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    seen_at = forms.CharField(required=False, widget=forms.HiddenInput)

    @classmethod
    def initial_of(cls, plan: Plan) -> dict[str, object]:
        return {
            "name_zh": plan.name_zh,
            "name_en": plan.name_en,
            "is_active": plan.is_active,
            "seen_at": plan.changed_at.isoformat(),
        }

    def clean_seen_at(self):
        """The moment of the version seen; a nonsensical one is no version at all."""
        try:
            return parse_datetime(self.cleaned_data["seen_at"])
        except ValueError:
            return None


class SampleForm(forms.Form):
    """The customer for whom the resulting calendar is shown."""

    delivered_on = DayField(label=_("Delivered on"), required=False, initial=timezone.localdate)
    purchased_on = DayField(label=_("Bought on"), required=False, initial=timezone.localdate)

    def days(self) -> dict[str, date]:
        """The anchors of the sample: the days typed, else today."""
        said = self.cleaned_data if self.is_bound and self.is_valid() else {}
        delivered_on = said.get("delivered_on") or timezone.localdate()
        return {
            "delivered_on": delivered_on,
            "purchased_on": said.get("purchased_on") or delivered_on,
        }


class StepFormSet(forms.BaseFormSet):
    """The steps of one plan, and a blank row for a new one."""

    form = StepForm
    renderer = get_default_renderer()
    extra, min_num, max_num, absolute_max = 1, 0, 60, 60
    can_order = can_delete = can_delete_extra = False
    validate_max = validate_min = False
