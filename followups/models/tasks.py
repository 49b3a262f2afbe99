"""What falls due: courses, obligations and the tasks a person sees."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from customers.models import Contact, Customer, OwnedProduct
from followups.models.plans import Plan, Step
from followups.states import WAITING, Cause, MoveReason, SkipReason, State, Way
from staff.models import Person


class Course(models.Model):
    """One plan running for one customer: for a product they own, or the everyday plan (no product).

    `next_due_on` is the earliest day on which something may fall due that was not made yet, null
    when nothing is left: the engine finds what is due by this index alone. `ends_on` is the day
    of a product plan's last occurrence; until then it replaces the grade's cadence (decision 9).
    """

    # Its unique constraint begins with the customer: no index beside it.
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="courses", db_index=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="courses")
    product = models.ForeignKey(OwnedProduct, models.PROTECT, null=True, related_name="courses")
    next_due_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "plan", "product"],
                nulls_distinct=False,
                name="one_course_a_plan",
            )
        ]
        indexes = [
            models.Index(
                fields=["next_due_on", "id"],
                condition=Q(next_due_on__isnull=False),
                name="course_by_next_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} for {self.customer_id}"


class Task(models.Model):
    """What one person does for one customer on one day: all obligations due then, together.

    `day` is the day on which it is to be done (moved by a person, or the due day); `due_at` is
    the earliest limit among its obligations; from `shown_on` it stands on the list. A letter or
    a greeting stays apart: `letter` is its step, null for a contact (decision 19).
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="tasks")
    assignee = models.ForeignKey(Person, models.PROTECT, null=True, related_name="tasks")
    letter = models.ForeignKey(Step, models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    shown_on = models.DateField()
    due_at = models.DateTimeField()
    is_timed = models.BooleanField(default=False)
    has_hour_limit = models.BooleanField(default=False)
    is_care = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    moved_reason = models.CharField(max_length=20, choices=MoveReason.choices, blank=True)
    skip_reason = models.CharField(max_length=20, choices=SkipReason.choices, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="closed_tasks")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "assignee", "day", "letter"],
                condition=Q(state=State.OPEN),
                nulls_distinct=False,
                name="one_open_task_a_day",
            ),
            models.CheckConstraint(
                name="closed_task_has_a_time",
                condition=Q(state__in=WAITING, closed_at=None)
                | ~Q(state__in=WAITING) & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="skipped_task_has_a_reason",
                condition=~Q(state=State.SKIPPED) | ~Q(skip_reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["assignee", "shown_on"],
                condition=Q(state=State.OPEN),
                name="task_open_of_person",
            ),
            models.Index(
                fields=["customer", "day"],
                condition=Q(state=State.OPEN),
                name="task_open_of_customer",
            ),
            models.Index(fields=["due_at"], condition=Q(state=State.OPEN), name="task_open_by_due"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day}"


class Obligation(models.Model):
    """One occurrence of one step for one subject: it is made once, whatever happens.

    One that a manager gave to somebody (`is_given`) stays with that person, whoever leads.
    `subject_id` is the row the step's anchor speaks of: an owned product for delivery and
    purchase, the customer otherwise. `occurrence` counts from 1 for a plan and a cadence; for a
    next step it is the contact that agreed on it, or minus the day of one that was imported; for
    an insurance and a birthday the year. `planned_on` is the day to which somebody has put it.
    """

    # Found by its unique constraint, too.
    step = models.ForeignKey(Step, models.PROTECT, related_name="obligations", db_index=False)
    subject_id = models.BigIntegerField()
    occurrence = models.BigIntegerField()
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="obligations")
    assignee = models.ForeignKey(Person, models.PROTECT, null=True, related_name="obligations")
    is_given = models.BooleanField(default=False, db_default=False)
    due_on = models.DateField()
    due_at = models.DateTimeField()
    shown_on = models.DateField()
    planned_on = models.DateField(null=True)
    is_timed = models.BooleanField(default=False)
    way = models.CharField(max_length=20, choices=Way.choices, blank=True)
    text = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    cause = models.CharField(max_length=10, choices=Cause.choices, blank=True)
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, related_name="obligations", db_index=False
    )
    made_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["step", "subject_id", "occurrence"], name="one_obligation_an_occurrence"
            ),
            models.CheckConstraint(
                name="cancelled_obligation_says_why",
                condition=Q(state=State.CANCELLED) & ~Q(cause="")
                | ~Q(state=State.CANCELLED) & Q(cause=""),
            ),
            models.CheckConstraint(
                name="closed_obligation_has_a_time",
                condition=Q(state__in=WAITING, closed_at=None)
                | ~Q(state__in=WAITING) & Q(closed_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer"],
                condition=Q(state=State.OPEN),
                name="obligation_open_of_customer",
            ),
            models.Index(
                fields=["id"],
                condition=Q(state=State.OPEN, task=None),
                name="obligation_without_task",
            ),
            models.Index(
                fields=["step", "due_at"],
                condition=Q(state=State.OPEN),
                name="obligation_open_by_step",
            ),
            models.Index(fields=["due_on"], name="obligation_by_due"),
            models.Index(fields=["task"], name="obligation_of_task"),
        ]

    def __str__(self) -> str:
        return f"{self.step_id}:{self.subject_id}:{self.occurrence}"
