"""What a change of a plan moves, step by step: how much, and whose, as far as one may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from core.days import day_text
from customers.models import Customer
from customers.queries import visible
from followups import queries
from followups.plan_words import movement_words, name_of
from followups.rules.plans import PlanTerms
from followups.services.rehearsal import Moving, Rehearsed, StepMovement
from staff.models import Person
from staff.scope import Reach


@dataclass(frozen=True, kw_only=True)
class _Known:
    """Whoever is named in what moves: customers within reach, all people."""

    customers: Mapping[int, Customer]
    people: Mapping[int, str]
    today: date


def steps_that_move(
    wanted: PlanTerms, promised: Rehearsed, *, reach: Reach, today: date
) -> list[dict[str, object]]:
    """Each step of which something moves: {name, words, rows, more}."""
    moving = [step for step in promised.steps if not step.is_still]
    named = [each for step in moving for each in step.named]
    whose = {pk for each in named for pk in (each.was_whose, each.is_whose) if pk is not None}
    seen = visible(reach)
    known = _Known(
        customers=seen.in_bulk({each.customer for each in named}),
        people=dict(Person.objects.filter(pk__in=whose).values_list("pk", "name")),
        today=today,
    )
    return [_step(wanted, step, known) for step in moving]


def _step(wanted: PlanTerms, step: StepMovement, known: _Known) -> dict[str, object]:
    rows = [_row(each, known) for each in step.named if each.customer in known.customers]
    many = step.moved_or_given + step.cancelled + step.made
    return {
        "name": _name_at(wanted, step.at, step.step_id),
        "words": movement_words(step),
        "rows": rows,
        "is_cut": len(rows) < len(step.named) or many > len(step.named),
    }


def _row(each: Moving, known: _Known) -> dict[str, object]:
    """One task: whose customer, from which day to which, with whom."""
    customer = known.customers[each.customer]
    days = [_day(each.was_on, known), _day(each.is_on, known)]
    people = [_who(each.was_whose, known), _who(each.is_whose, known)]
    if not each.was_on:
        text, who = _("new: %(day)s") % {"day": days[1]}, people[1]
    elif not each.is_on:
        text, who = _("falls away: %(day)s") % {"day": days[0]}, people[0]
    else:
        text = " → ".join(dict.fromkeys(days))
        who = " → ".join(dict.fromkeys(people))
    return {
        "name": customer.shown_name,
        "url": reverse("desk:customer", args=[customer.pk]),
        "text": text,
        "who": who,
    }


def _day(day: str, known: _Known) -> str:
    return day_text(date.fromisoformat(day), today=known.today) if day else ""


def _who(pk: int | None, known: _Known) -> str:
    return known.people.get(pk, "") if pk is not None else _("nobody")


def _name_at(terms: PlanTerms, at: int | None, step_id: int | None) -> str:
    """The step's name; one of another plan is named with its plan."""
    if at is not None:
        return name_of(terms.steps[at])
    return queries.name_of_step(step_id)
