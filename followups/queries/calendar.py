"""What falls due for one customer, and what has been made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from core.queries import business_calendar
from customers.models import Customer, OwnedProduct
from customers.queries import visible as visible_customers
from followups import rules
from followups.models import Obligation, Step, Task
from followups.states import PRODUCT_ANCHORS, Anchor, State
from staff.models import Person
from staff.scope import Reach


@dataclass(frozen=True, kw_only=True)
class PlannedDay:
    """One line of a customer's calendar."""

    step: Step
    product: OwnedProduct
    due: rules.Due
    state: str
    assignee: Person | None


def _spec(step: Step) -> rules.StepSpec:
    return rules.StepSpec(
        code=step.code,
        anchor=step.anchor,
        offset=step.offset,
        unit=step.unit,
        every=step.every,
        times=step.times,
        ahead_days=step.ahead_days,
    )


def anchored_on(anchor: str, product: OwnedProduct) -> rules.Anchored | None:
    """What a step with this anchor counts from on this product; None where it has not happened."""
    if anchor == Anchor.DELIVERY:
        on, at, noted_at = product.delivered_on, product.delivered_at, product.delivered_noted_at
    else:
        on, at, noted_at = product.purchased_on, None, product.purchased_noted_at
    if on is None or noted_at is None:
        return None
    return rules.Anchored(on=on, at=at, noted_on=product.store.today(noted_at))


def calendar_of(customer: Customer) -> list[PlannedDay]:
    """The whole calendar of care for what this customer owns, to month 60, by the pure rule.

    Of a product that is gone, what was done stays.

    What has been made already shows its state; what lies beyond the horizon is `planned`, and
    what was long past when it was registered is left out. Four queries, however long.
    """
    products = list(
        customer.products.select_related("store").prefetch_related("courses").order_by("pk")
    )
    plans = {course.plan_id for product in products for course in product.courses.all()}
    steps = list(
        Step.objects.filter(
            plan__in=plans, plan__is_active=True, is_active=True, anchor__in=PRODUCT_ANCHORS
        ).order_by("plan_id", "position")
    )
    made = {
        (row.step_id, row.subject_id, row.occurrence): row
        for row in Obligation.objects.filter(
            customer=customer, step__anchor__in=PRODUCT_ANCHORS
        ).select_related("assignee")
    }
    add_working_days = business_calendar().add_working_days
    days = []
    for product in products:
        plans_of_product = {course.plan_id for course in product.courses.all()}
        for step in (step for step in steps if step.plan_id in plans_of_product):
            anchored = anchored_on(step.anchor, product)
            if anchored is None:
                continue
            for due in rules.occurrences(
                step=_spec(step),
                anchored=anchored,
                zone=product.store.tzinfo,
                add_working_days=add_working_days,
            ):
                row = made.get((step.pk, product.pk, due.occurrence))
                if row is None and due.on < anchored.noted_on - rules.LOOK_BACK:
                    continue
                if product.gone_on and (row is None or row.state == State.CANCELLED):
                    continue
                days.append(
                    PlannedDay(
                        step=step,
                        product=product,
                        due=due,
                        state=row.state if row else "planned",
                        assignee=row.assignee if row else None,
                    )
                )
    return sorted(days, key=lambda day: (day.due.at, day.step.position, day.due.occurrence))


def obligations(
    reach: Reach | None,
    *,
    from_day: date | None = None,
    to_day: date | None = None,
    customers: Sequence[int] | None = None,
    state: str = "",
) -> QuerySet[Obligation]:
    """Obligations by business day, customer and state; `reach` None is the system itself."""
    rows = Obligation.objects.select_related("step__plan", "customer", "assignee")
    if reach is not None:
        rows = rows.filter(customer__in=visible_customers(reach))
    if from_day:
        rows = rows.filter(due_on__gte=from_day)
    if to_day:
        rows = rows.filter(due_on__lte=to_day)
    if customers is not None:
        rows = rows.filter(customer__in=customers)
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("due_at", "pk")


@dataclass(frozen=True, kw_only=True)
class SampleDay:
    """One occurrence of a step for a customer made up to show what a plan does."""

    spec: rules.StepSpec
    due: rules.Due


def sample_calendar(
    specs: Sequence[rules.StepSpec], *, delivered_on: date, purchased_on: date
) -> list[SampleDay]:
    """What these steps make of a purchase and a delivery on these days, by the pure rule."""
    zone = timezone.get_default_timezone()
    add_working_days = business_calendar().add_working_days
    days = []
    for spec in specs:
        on = purchased_on if spec.anchor == Anchor.PURCHASE else delivered_on
        for due in rules.occurrences(
            step=spec,
            anchored=rules.Anchored(on=on, noted_on=on),
            zone=zone,
            add_working_days=add_working_days,
        ):
            days.append(SampleDay(spec=spec, due=due))
    return sorted(days, key=lambda day: (day.due.at, day.spec.code, day.due.occurrence))


def product_of_letter(task: Task) -> OwnedProduct | None:
    """What a letter gives thanks for: the product its step speaks of."""
    row = Obligation.objects.filter(task=task, step=task.letter_id).order_by("pk").first()
    return OwnedProduct.objects.filter(pk=row.subject_id).first() if row else None
