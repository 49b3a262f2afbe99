"""Plans for their editor: the list, and what a change would move."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import Count, Prefetch, Q, QuerySet

from core.queries import business_calendar
from customers.models import OwnedProduct
from followups import rules
from followups.models import Obligation, Plan, Step
from followups.queries.calendar import anchored_on
from followups.states import ACT_ANCHORS, PRODUCT_ANCHORS, Anchor, State

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Listed(TypedDict):
        own_steps: list[Step]
        courses_count: int

    ListedPlan = WithAnnotations[Plan, _Listed]
else:
    ListedPlan = Plan

UNFINISHED = (State.OPEN, State.SUSPENDED)


def cadence_days() -> dict[str, int]:
    """After how many days a customer of each grade is met again, where by grade at all."""
    steps = Step.objects.filter(anchor=Anchor.CADENCE, is_active=True)
    return dict(steps.values_list("grade", "offset"))


def plans_for_list() -> QuerySet[ListedPlan]:
    """All plans with their steps; steps that people's acts open are none of a plan's own."""
    steps = Step.objects.exclude(anchor__in=ACT_ANCHORS).order_by("position", "pk")
    plans = (
        Plan.objects.prefetch_related(Prefetch("steps", steps, to_attr="own_steps"))
        .annotate(courses_count=Count("courses", filter=Q(courses__next_due_on__isnull=False)))
        .order_by("-is_active", "pk")
    )
    return cast("QuerySet[ListedPlan]", plans)


@dataclass(frozen=True, kw_only=True)
class Movement:
    """What a change of steps means for what exists: open ones move or fall away, done ones stay."""

    moving: int = 0
    falling_away: int = 0
    done: int = 0


def movement_of(wanted: Mapping[int, rules.StepSpec | None]) -> Movement:
    """What changes when each step (by id) gets these terms; None switches it off.

    Worked out by the pure rule for each open obligation, so that what is said is what then moves.
    """
    if not wanted:
        return Movement()
    rows = Obligation.objects.filter(step__in=list(wanted))
    done = rows.filter(state=State.DONE).count()
    unfinished = list(
        rows.filter(state__in=UNFINISHED).values_list(
            "step_id", "subject_id", "occurrence", "due_on", "step__anchor"
        )
    )
    moving = falling_away = 0
    plain = [row for row in unfinished if row[4] in PRODUCT_ANCHORS]
    for row, after in _days_after(plain, wanted):
        falling_away += after is None
        moving += after is not None and after != row[3]
    for step_id, _subject, _number, _day, anchor in unfinished:
        if anchor == Anchor.CADENCE:
            falling_away += wanted[step_id] is None
            moving += wanted[step_id] is not None
    return Movement(moving=moving, falling_away=falling_away, done=done)


def _days_after(rows, wanted):
    """Each obligation of a product with the day it gets, None where it falls away."""
    products = OwnedProduct.objects.select_related("store").in_bulk({row[1] for row in rows})
    add_working_days = business_calendar().add_working_days
    for row in rows:
        step, product = wanted[row[0]], products[row[1]]
        anchored = anchored_on(step.anchor, product) if step else None
        if step is None or anchored is None or row[2] > step.times:
            yield row, None
            continue
        due = rules.due_after(
            step=step,
            anchored=anchored,
            occurrence=row[2],
            zone=product.store.tzinfo,
            add_working_days=add_working_days,
        )
        yield row, due.on
