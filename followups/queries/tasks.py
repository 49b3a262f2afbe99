"""The day's work: whose tasks somebody sees, in which order, how many there are."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.db.models import (
    Case,
    Count,
    DateField,
    DateTimeField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from customers.models import Appointment, Customer, CustomerPhone
from customers.queries import IsAmong, are_visible
from customers.states import Grade
from filings.models import Filing
from followups.models import AnchorDay, Invitation, Obligation, Step, Task
from followups.models import Case as Complaint
from followups.rules import Kind
from followups.states import CASE_ANCHORS, ORDER_ANCHORS, Anchor, State
from staff.models import Person
from staff.scope import Reach
from staff.states import Level

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Worded(TypedDict):
        appointment_kind: str
        starts_at: datetime | None
        campaign_state: str | None
        goods: int | None
        filing_days: int | None
        order_text: str | None
        order_path: str | None

    Reason = WithAnnotations[Obligation, _Worded]

    class _OfDay(TypedDict):
        kind: int
        is_overdue: int
        has_phone: bool
        reasons: list[Reason]

    TaskOfDay = WithAnnotations[Task, _OfDay]
else:
    Reason = Obligation
    TaskOfDay = Task

# What an obligation was booked as; "" where it is no appointment.
APPOINTMENT_KIND = Case(
    When(
        step__anchor=Anchor.APPOINTMENT,
        then=Subquery(Appointment.objects.filter(pk=OuterRef("subject_id")).values("kind")),
    ),
    default=Value(""),
)


def _of_campaign(column: str, *, anchor: Anchor = Anchor.CAMPAIGN_NEWS) -> Case:
    """Of the campaign that changed for a guest, or that one is invited to; null elsewhere."""
    guests = Invitation.objects.filter(pk=OuterRef("subject_id"))
    return Case(When(step__anchor=anchor, then=Subquery(guests.values(column))))


# Within how many days the filing that an obligation is about is followed up, by its policy.
FILING_DAYS = Case(
    When(
        step__anchor=Anchor.FILING,
        then=Subquery(
            Filing.objects.filter(pk=OuterRef("subject_id")).values("policy__update_days")
        ),
    )
)


def of_order(column: str) -> Case:
    """Of the day of an order that an obligation is for; null where it is for something else."""
    days = AnchorDay.objects.filter(
        anchor=OuterRef("step__anchor"), subject_id=OuterRef("subject_id")
    )
    return Case(When(step__anchor__in=ORDER_ANCHORS, then=Subquery(days.values(column))))


# Asked of the few rows that are shown: for `EXISTS` PostgreSQL reads all numbers at once.
HAS_PHONE = Coalesce(
    Subquery(
        CustomerPhone.objects.filter(customer=OuterRef("customer"), retired_at=None).values(
            found=Value(True)
        )[:1]
    ),
    Value(False),
)

# Later than any limit with an hour.
NO_LIMIT = datetime(9000, 1, 1, tzinfo=UTC)
# The hour of today at which a customer may be called from, by the clock of the store.
_DAY = Func(
    F("store__zone"),
    OuterRef("now"),
    template="(timezone(%(expressions)s))::date",
    output_field=DateField(),
)
OPENS_AT = Func(
    F("store__zone"),
    CombinedExpression(_DAY, "+", F("contact_from"), output_field=DateTimeField()),
    function="timezone",
    output_field=DateTimeField(),
)
# The twin of `rules.opens_later` in SQL; few cards name an hour, and those are found by it.
OPENS_LATER = Exists(
    Customer.objects.filter(pk=OuterRef("customer"), contact_from__isnull=False)
    .annotate(opens_at=OPENS_AT)
    .filter(opens_at__gt=OuterRef("now"), opens_at__lt=OuterRef("limit_at"))
)

# The twin of `rules.kind_of_task` in SQL.
KIND = Case(
    When(is_timed=True, then=Value(int(Kind.TIMED))),
    When(OPENS_LATER, letter=None, day__lte=F("today"), then=Value(int(Kind.WAITING))),
    When(has_hour_limit=True, then=Value(int(Kind.HOUR_LIMIT))),
    When(day__gt=F("today"), then=Value(int(Kind.LATER))),
    When(letter__isnull=False, then=Value(int(Kind.LETTER))),
    # Asked so, PostgreSQL joins no customer: for many tasks it reads the index of grades once.
    When(
        Exists(Customer.objects.filter(pk=OuterRef("customer"), grade=Grade.A)),
        is_care=False,
        then=Value(int(Kind.ACTIVE)),
    ),
    default=Value(int(Kind.CARE)),
    output_field=IntegerField(),
)
# The order of the day (decision 17): by kind, in each the overdue first, then by limit.
ORDER = ("kind", "is_overdue", "due_at", "customer_id", "pk")


def visible(reach: Reach) -> QuerySet[Task]:
    """The tasks within reach: one's own, of people one assists, of the stores one leads.

    Whoever sees a task sees its customer: a task without leads to a page that is not there.
    """
    if reach.level == Level.ALL:
        return Task.objects.all()
    tasks = Task.objects.filter(are_visible(reach, path="customer"))
    if reach.level == Level.STORE:
        return tasks.filter(of_mine(reach) | Q(customer__store__in=reach.store_ids))
    return tasks.filter(of_mine(reach))


def of_mine(reach: Reach) -> Q:
    """One's own tasks, and those of the people one assists, but for complaints about oneself."""
    own = Q(assignee=reach.person_id)
    if not reach.assists:
        return own
    return own | Q(assignee__in=reach.assists) & ~_is_about(reach.person_id)


def _is_about(person_id: int) -> Q:
    """Tasks on which nothing stands but cases about this person."""
    work = Obligation.objects.filter(task=OuterRef("pk"), state=State.OPEN)
    about = Exists(Complaint.objects.filter(pk=OuterRef("subject_id"), about=person_id))
    ours = Q(about, step__anchor__in=CASE_ANCHORS)
    return Q(Exists(work.filter(ours))) & ~Q(Exists(work.exclude(ours)))


def of_nobody() -> Q:
    """Tasks that nobody has: without an assignee, or with one who works here no more."""
    gone = Person.objects.filter(is_active=False)
    return Q(assignee=None) | Q(IsAmong("assignee", gone.values("pk")))


def get_task_for(reach: Reach, pk: int) -> TaskOfDay:
    """The task `pk` with its customer and store; one out of reach does not exist (404)."""
    tasks = visible(reach).select_related("customer__store", "assignee", "letter", "closed_by")
    return cast(TaskOfDay, get_object_or_404(tasks.prefetch_related(_reasons()), pk=pk))


def task_of_appointment(row: Appointment) -> int | None:
    """The open task on which this appointment stands."""
    rows = Obligation.objects.filter(
        step__anchor=Anchor.APPOINTMENT, subject_id=row.pk, state=State.OPEN
    )
    return rows.values_list("task_id", flat=True).first()


def _reasons() -> Prefetch:
    """What a task is for, as `reasons`: its open obligations with their steps."""
    return Prefetch(
        "obligations",
        Obligation.objects.filter(state=State.OPEN)
        .select_related("step__survey")
        .annotate(
            appointment_kind=APPOINTMENT_KIND,
            starts_at=_of_campaign("campaign__starts_at"),
            campaign_state=_of_campaign("campaign__state"),
            goods=_of_campaign("campaign__style", anchor=Anchor.CAMPAIGN),
            filing_days=FILING_DAYS,
            order_text=of_order("text"),
            order_path=of_order("path"),
        )
        .order_by("due_at", "step__position", "pk"),
        to_attr="reasons",
    )


def with_reasons(tasks: QuerySet[Task]) -> QuerySet[TaskOfDay]:
    """These tasks with what a form beside them reads: their reasons, and whether one can call."""
    rows = tasks.annotate(has_phone=HAS_PHONE).select_related("customer__store")
    return cast("QuerySet[TaskOfDay]", rows.prefetch_related(_reasons()))


def _of_day(tasks: QuerySet[Task], *, now: datetime, today: date) -> QuerySet[Any]:
    """Open tasks that stand on today's list, each with its `kind`."""
    return tasks.filter(state=State.OPEN, shown_on__lte=today).annotate(
        today=Value(today),
        now=Value(now),
        limit_at=Case(When(has_hour_limit=True, then=F("due_at")), default=Value(NO_LIMIT)),
        kind=KIND,
        is_overdue=Case(
            When(due_at__lt=now, then=Value(0)), default=Value(1), output_field=IntegerField()
        ),
    )


def worklist(
    tasks: QuerySet[Task], *, now: datetime, today: date, only_overdue: bool = False
) -> QuerySet[TaskOfDay]:
    """Open tasks that stand on today's list, in the order of the day (decision 17).

    Each row carries `kind`, `has_phone` and, as `reasons`, its open obligations.
    """
    rows = _of_day(tasks, now=now, today=today)
    if only_overdue:
        rows = rows.filter(due_at__lt=now)
    return (
        rows.annotate(has_phone=HAS_PHONE)
        .select_related("customer__store", "assignee", "letter")
        .prefetch_related(_reasons())
        .order_by(*ORDER)
    )


def part_of_worklist(
    tasks: QuerySet[Task],
    part: slice,
    *,
    now: datetime,
    today: date,
    only_overdue: bool = False,
    order: tuple[str, ...] = ORDER,
) -> QuerySet[TaskOfDay]:
    """These rows of the worklist: put in order by little, all that is shown read of them alone."""
    rows = _of_day(tasks, now=now, today=today)
    if only_overdue:
        rows = rows.filter(due_at__lt=now)
    shown = Task.objects.filter(pk__in=rows.order_by(*order).values("pk")[part])
    return worklist(shown, now=now, today=today).order_by(*order)


@dataclass(frozen=True, kw_only=True)
class DayCounts:
    """True totals of a list: all, the overdue, and both by kind."""

    today: int
    overdue: int
    by_kind: MappingProxyType[Kind, int]
    overdue_by_kind: MappingProxyType[Kind, int]


def counts_by_kind(tasks: QuerySet[Task], *, now: datetime, today: date) -> DayCounts:
    """True totals of the day in one query, however the list is paged."""
    rows = list(
        _of_day(tasks, now=now, today=today)
        .order_by()
        .values("kind")
        .annotate(many=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)))
        .values_list("kind", "many", "late")
    )
    return DayCounts(
        today=sum(many for _kind, many, _late in rows),
        overdue=sum(late for _kind, _many, late in rows),
        by_kind=MappingProxyType({Kind(kind): many for kind, many, _late in rows}),
        overdue_by_kind=MappingProxyType({Kind(kind): late for kind, _many, late in rows}),
    )


@dataclass(frozen=True, kw_only=True)
class PlaceInDay:
    """Where a task stands in the day's list, and who is up after it."""

    position: int
    total: int
    next_task_id: int | None
    next_customer_id: int | None
    next_name: str


def place_in_day(
    tasks: QuerySet[Task], task_id: int, *, now: datetime, today: date, only_overdue: bool = False
) -> PlaceInDay | None:
    """The place of one task in the order of the day; None where it is not on the list.

    After the last comes the first that was left out, so that a list is walked to its end.
    """
    rows = _of_day(tasks, now=now, today=today).order_by(*ORDER)
    if only_overdue:
        rows = rows.filter(due_at__lt=now)
    order = list(rows.values_list("pk", "customer_id", "customer__name", "kind"))
    at = next((at for at, row in enumerate(order) if row[0] == task_id), None)
    if at is None:
        return None
    # Several tasks of one customer are not "the next person", nor is who may be called later.
    others = [
        row
        for row in order[at + 1 :] + order[:at]
        if row[1] != order[at][1] and row[3] != Kind.WAITING
    ]
    following = others[0] if others else (None, None, "", None)
    return PlaceInDay(
        position=at + 1,
        total=len(order),
        next_task_id=following[0],
        next_customer_id=following[1],
        next_name=following[2],
    )


def unkept(reach: Reach, *, today: date) -> QuerySet[Task]:
    """Open tasks on today's list that nobody has."""
    return visible(reach).filter(of_nobody(), state=State.OPEN, shown_on__lte=today)


def cadence_days() -> dict[str, int]:
    """Days of the cadence by grade, as the everyday plan has them now."""
    steps = Step.objects.filter(anchor=Anchor.CADENCE, is_active=True)
    return dict(steps.values_list("grade", "offset"))
