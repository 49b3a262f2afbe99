"""A plan in its editor: what is typed, the calendar it makes, and what it is looked at with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from core.days import day_text
from core.models import Job
from followups import queries, rules
from followups.forms import PlanForm, SampleForm, StepForm, StepFormSet
from followups.forms.fields import rows_said
from followups.forms.rebasing import Conflict, Row, conflict
from followups.models import Plan
from followups.plan_words import Names, difference_words, name_of, when_of
from followups.queries.plans import terms_of, terms_of_version, version_at
from followups.queries.samples import sample_calendar
from followups.rules.laying_over import changed_by_the_other, plan_on_top
from followups.rules.plans import ANCHORS_OF_HOUSE, PlanTerms, StepTerms
from followups.services.plan_changes import terms_of_look
from followups.states import Assignee, Way
from staff.requests import Request

ADD = "add"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A plan as it stands in its editor's form."""

    head: PlanForm
    steps: StepFormSet
    sample: SampleForm
    terms: PlanTerms
    is_valid: bool

    @property
    def rows(self) -> list[dict[str, object]]:
        """Each step's form, with how the step is said now and whether it stands open."""
        rows = []
        for form in self.steps:
            is_new = not form.initial.get("step_id")
            rows.append(
                {
                    "form": form,
                    "is_new": is_new,
                    "name": "" if is_new else name_of(_typed(form)),
                    "when": "" if is_new else when_of(_typed(form)),
                    "who": "" if is_new else str(Assignee(_typed(form).assignee).label),
                    "is_off": not is_new and not _typed(form).is_active,
                    "is_open": bool(form.errors) or (is_new and form.is_bound),
                }
            )
        return rows


def _typed(form: StepForm) -> StepTerms:
    """The step as it is typed, as it stands while what is typed is no step."""
    initial = {name: value for name, value in form.initial.items() if name != "step_id"}
    standing = StepTerms(step_id=form.initial["step_id"], **initial)
    if not form.is_bound or not form.is_valid():
        return standing
    return form.terms({standing.step_id: standing})


def draft_of(request: Request, plan: Plan, look: Job | None = None) -> Draft:
    """What is typed, else what was looked at, else the plan as it stands."""
    data = request.POST if request.method == "POST" else None
    if data is not None and data.get("act") == ADD:
        data = _with_one_more(data)
    now = terms_of(plan)
    shown = now
    if look is not None:
        shown, _since = laid_over(plan, terms_of_look(look), seen_at_of(look))
    is_of_house = plan.code in ANCHORS_OF_HOUSE
    head = PlanForm(data, initial=_head_of(shown, plan), is_of_house=is_of_house)
    rows = [StepForm.initial_of(row) for row in shown.steps]
    if data is not None:
        rows = _rows_sent(data, shown)
    options = {**choices(), "plan_code": plan.code}
    steps = StepFormSet(data, initial=rows, prefix="steps", form_kwargs=options)
    is_valid = data is not None and head.is_valid() and steps.is_valid()
    standing: Mapping[int | None, StepTerms] = {row.step_id: row for row in now.steps}
    terms = shown
    if is_valid:
        typed = [form.terms(standing) for form in steps if not form.is_blank]
        terms = head.terms(typed)
    anchors = {row.anchor for row in terms.steps if row.is_active}
    sample = SampleForm(data, prefix="sample", anchors=anchors)
    return Draft(head=head, steps=steps, sample=sample, terms=terms, is_valid=is_valid)


def _rows_sent(data: QueryDict, shown: PlanTerms) -> list[dict[str, object]]:
    """What stands of each step that a form sends, found by its id: somebody else may have added
    one since, where this form has a new one.
    """
    standing = {str(row.step_id): row for row in shown.steps if row.step_id is not None}
    total = rows_said(data, "steps", most=StepFormSet.absolute_max)
    sent = [data.get(f"steps-{at}-step_id", "") for at in range(total)]
    return [StepForm.initial_of(standing[pk]) if pk in standing else {} for pk in sent]


def _head_of(terms: PlanTerms, plan: Plan) -> dict[str, object]:
    return {**terms.head(), "seen_at": plan.changed_at.isoformat()}


def seen_at_of(look: Job) -> datetime | None:
    """The version that stood when somebody looked."""
    return parse_datetime(look.params["seen_at"])


def laid_over(
    plan: Plan, terms: PlanTerms, seen_at: datetime | None
) -> tuple[PlanTerms, datetime | None]:
    """These terms on top of the plan as it stands, and since when somebody else has changed it."""
    if seen_at is None or seen_at == plan.changed_at:
        return terms, None
    version = version_at(plan, seen_at)
    if version is None:
        return terms, None
    base = terms_of_version(version)
    return plan_on_top(base=base, mine=terms, theirs=terms_of(plan)), seen_at


def conflict_of(plan: Plan, mine: PlanTerms, since: datetime) -> Conflict | None:
    """What somebody else changed since then, in words."""
    version = version_at(plan, since)
    if version is None:
        return None
    base, called = terms_of_version(version), names()
    found = changed_by_the_other(base=base, mine=mine, theirs=terms_of(plan))
    return conflict(
        by=plan.changed_by,
        at=plan.changed_at,
        rows=[Row(label=difference_words(row, called), is_both=is_both) for row, is_both in found],
        newest_url=reverse("followups:plan", args=[plan.pk]),
    )


def _with_one_more(data):
    """The same form with one more blank row."""
    data = data.copy()
    if total := rows_said(data, "steps", most=StepFormSet.max_num):
        at = min(total, StepFormSet.max_num - 1)
        data["steps-TOTAL_FORMS"] = str(at + 1)
        for name, value in BLANK.items():
            data[f"steps-{at}-{name}"] = value
    return data


BLANK = {
    "unit": "days",
    "way": Way.CALL.value,
    "assignee": Assignee.KEEPER.value,
    "is_active": "on",
}


def choices() -> dict[str, list[tuple[int, str]]]:
    """What a step may ask and show beside the form."""
    return {"surveys": queries.survey_choices(), "scripts": queries.script_choices()}


def names() -> Names:
    """What surveys and scripts are called."""
    return Names(
        surveys=dict(queries.survey_choices(only_active=False)),
        scripts=dict(queries.script_choices(only_active=False)),
    )


def sample_days(draft: Draft) -> list[dict[str, object]]:
    """A sample customer's calendar: a line a day, person and letter, as tasks are (decision 9)."""
    today = timezone.localdate()
    lines: dict[tuple, dict[str, Any]] = {}
    steps = draft.terms.steps
    for day in sample_calendar(steps, days=draft.sample.days(), today=today):
        row = steps[day.at]
        apart = day.at if row.way in (Way.LETTER, Way.GREETING) else None
        line = lines.setdefault(
            (day.due.on, row.assignee, apart),
            {
                "when": day_text(day.due.on, today=today),
                "what": [],
                "who": str(Assignee(row.assignee).label),
                "ways": [],
            },
        )
        line["what"].append(name_of(row))
        line["ways"].append(row.way)
    return [
        {
            **line,
            # Translators: stands between the reasons of one task.
            "what": _(", ").join(line["what"]),
            "way": _way_of(line["ways"]),
        }
        for line in lines.values()
    ]


def _way_of(ways: list[str]) -> str:
    if ways == [Way.GREETING]:
        return str(Way.GREETING.label)
    return str(Way(rules.leading_way(ways)).label)
