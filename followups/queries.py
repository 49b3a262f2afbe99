"""Reads of the followups room: the day's work, a customer's calendar, who is behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Min,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)

from core.queries import business_calendar
from customers.models import Customer, OwnedProduct
from customers.queries import visible as visible_customers
from followups import rules
from followups.models import Obligation, Step, Task
from followups.rules import Kind
from followups.states import PRODUCT_ANCHORS, Anchor, State
from staff.models import Person
from staff.scope import Reach
from staff.states import Level

# The twin of `rules.kind_of_task` in SQL.
KIND = Case(
    When(is_timed=True, then=Value(int(Kind.TIMED))),
    When(has_hour_limit=True, then=Value(int(Kind.HOUR_LIMIT))),
    When(day__gt=F("today"), then=Value(int(Kind.LATER))),
    When(letter__isnull=False, then=Value(int(Kind.LETTER))),
    When(customer__grade="A", is_care=False, then=Value(int(Kind.ACTIVE))),
    default=Value(int(Kind.CARE)),
    output_field=IntegerField(),
)


def visible(reach: Reach) -> QuerySet[Task]:
    """The tasks within reach: one's own, those of people one assists, or of the stores one leads."""
    tasks = Task.objects.all()
    if reach.level == Level.ALL:
        return tasks
    mine = Q(assignee=reach.person_id)
    if reach.assists:
        mine |= Q(assignee__in=reach.assists)
    if reach.level == Level.STORE:
        return tasks.filter(mine | Q(customer__store__in=reach.store_ids))
    return tasks.filter(mine)


def worklist(tasks: QuerySet[Task], *, now: datetime, today: date) -> QuerySet[Task]:
    """Open tasks that stand on today's list, in the order of the day (decision 17).

    Within each kind the overdue come first, then by limit. Each row carries `kind`; its
    obligations with their steps are fetched with it.
    """
    return (
        tasks.filter(state=State.OPEN, shown_on__lte=today)
        .annotate(today=Value(today), kind=KIND)
        .annotate(
            is_overdue=Case(
                When(due_at__lt=now, then=Value(0)), default=Value(1), output_field=IntegerField()
            )
        )
        .select_related("customer", "assignee", "letter")
        .prefetch_related(
            Prefetch(
                "obligations",
                Obligation.objects.filter(state=State.OPEN)
                .select_related("step")
                .order_by("due_at", "step__position", "pk"),
                to_attr="reasons",
            )
        )
        .order_by("kind", "is_overdue", "due_at", "customer_id", "pk")
    )


def counts_of_day(tasks: QuerySet[Task], *, now: datetime, today: date) -> dict[str, int]:
    """True totals of the day: all on the list, and the overdue among them."""
    return tasks.filter(state=State.OPEN, shown_on__lte=today).aggregate(
        today=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=now))
    )


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


def _anchored(step: Step, product: OwnedProduct) -> rules.Anchored | None:
    """What `step` counts from on this product; None where it has not happened."""
    if step.anchor == Anchor.DELIVERY:
        on, at, noted_at = product.delivered_on, product.delivered_at, product.delivered_noted_at
    else:
        on, at, noted_at = product.purchased_on, None, product.purchased_noted_at
    if on is None or noted_at is None:
        return None
    return rules.Anchored(on=on, at=at, noted_on=product.store.today(noted_at))


def calendar_of(customer: Customer) -> list[PlannedDay]:
    """The whole calendar of care for what this customer owns, to month 60, by the pure rule.

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
            anchored = _anchored(step, product)
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


def standing_of_people(
    people: QuerySet[Person], *, now: datetime, today: date
) -> QuerySet[Person]:
    """Who is behind: each person with today's tasks, the overdue and the oldest, worst first."""
    shown = Q(tasks__state=State.OPEN, tasks__shown_on__lte=today)
    overdue = shown & Q(tasks__due_at__lt=now)
    week_ago = now - timedelta(days=7)
    return people.annotate(
        due_count=Count("tasks", filter=shown, distinct=True),
        overdue_count=Count("tasks", filter=overdue, distinct=True),
        oldest_due_at=Min("tasks__due_at", filter=overdue),
        done_week=Count(
            "tasks",
            filter=Q(tasks__state=State.DONE, tasks__closed_at__gte=week_ago),
            distinct=True,
        ),
    ).order_by("-overdue_count", "oldest_due_at", "name", "pk")


def unkept(reach: Reach, *, today: date) -> QuerySet[Task]:
    """Open tasks that nobody has: their customer has no keeper who works here."""
    return visible(reach).filter(state=State.OPEN, shown_on__lte=today, assignee=None)
