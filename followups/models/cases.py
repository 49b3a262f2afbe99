"""Service cases (工单): a problem, need or complaint, followed until the customer is satisfied."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models import Contact, Customer, OwnedProduct
from followups.models.surveys import SurveyAnswer
from followups.states import (
    RUNNING_CASES,
    CaseAct,
    CaseChannel,
    CaseKind,
    CaseState,
    PauseReason,
)
from staff.models import Person, Store


class Case(models.Model):
    """One service case (AFT-21, AFT-22; forms 2.15, 2.16).

    `due_at` ends the working day by which it is to be solved; while it is paused the clock
    rests, and `due_at` moves by the working days of the pause when it runs again.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="cases")
    product = models.ForeignKey(OwnedProduct, models.PROTECT, null=True, related_name="cases")
    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=15, choices=CaseKind.choices)
    channel = models.CharField(_("channel"), max_length=15, choices=CaseChannel.choices)
    text = models.CharField(_("what it is about"), max_length=1000)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="cases")
    answer = models.ForeignKey(SurveyAnswer, models.PROTECT, null=True, related_name="cases")
    about = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("about")
    )
    assignee = models.ForeignKey(Person, models.PROTECT, null=True, related_name="cases")
    state = models.CharField(max_length=10, choices=CaseState.choices, default=CaseState.OPEN)
    opened_at = models.DateTimeField(db_default=Now())
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=10, choices=PauseReason.choices, blank=True)
    escalated_at = models.DateTimeField(null=True)
    escalated_to = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    solved_at = models.DateTimeField(null=True)
    solved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    solution = models.CharField(_("solution"), max_length=1000, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("satisfied, 1 to 5"), null=True)
    times_reopened = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["store", "due_at", "id"],
                condition=Q(state__in=RUNNING_CASES),
                name="case_running_of_store",
            ),
            models.Index(
                fields=["assignee", "due_at"],
                condition=Q(state__in=RUNNING_CASES),
                name="case_running_of_person",
            ),
            models.Index(fields=["customer", "-opened_at"], name="case_of_customer"),
            models.Index(fields=["store", "-opened_at", "id"], name="case_of_store"),
        ]
        constraints = [
            models.CheckConstraint(
                name="paused_case_says_since_when_and_why",
                condition=Q(state=CaseState.PAUSED, paused_at__isnull=False) & ~Q(pause_reason="")
                | ~Q(state=CaseState.PAUSED) & Q(paused_at=None, pause_reason=""),
            ),
            models.CheckConstraint(
                name="solved_case_says_how",
                condition=Q(state__in=[CaseState.SOLVED, CaseState.CLOSED], solved_at__isnull=False)
                & ~Q(solution="")
                | ~Q(state__in=[CaseState.SOLVED, CaseState.CLOSED]),
                violation_error_message=_("Write how the case was solved."),
            ),
            models.CheckConstraint(
                name="case_satisfaction_is_one_to_five",
                condition=Q(satisfaction=None) | Q(satisfaction__range=(1, 5)),
            ),
            models.CheckConstraint(
                name="case_answer_has_who_and_when",
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class CaseEvent(models.Model):
    """One thing that happened to a case, by whom and when: its trail.

    `to` is who was given it or told of it, `reason` why its clock rests, `points` how satisfied the
    customer said they are, `contact` the talk that was its first answer, or in which they said so.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    act = models.CharField(max_length=10, choices=CaseAct.choices)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    to = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(
        max_length=10, choices=PauseReason.choices, blank=True, default="", db_default=""
    )
    points = models.PositiveSmallIntegerField(null=True)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=1000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"], name="event_of_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.act}"
