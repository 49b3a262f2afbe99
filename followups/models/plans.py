"""Plans and steps: care as data that a manager can edit, every version kept."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.models import Named
from customers.states import Grade
from followups.models.knowledge import Article
from followups.models.surveys import Survey
from followups.states import AHEAD_ANCHORS, APART_WAYS, Anchor, Assignee, Unit, Way
from staff.models import Person
from staff.states import Trade


class Plan(Named):
    """One plan of care, for the trades it names; the everyday plan names none."""

    code = models.CharField(max_length=40, unique=True)
    trades = ArrayField(
        models.CharField(max_length=20, choices=Trade.choices), default=list, blank=True
    )
    is_active = models.BooleanField(_("in use"), default=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name_en


class StepTerms(Named):
    """What a step says: so long after (or before) its anchor, perhaps repeated, by whom and how.

    The k-th occurrence (k = 1 … `times`) falls due `offset` + (k - 1) * `every` units after the
    anchor, each counted from the anchor itself; with `is_before`, `offset` units before it.
    `ahead_days` is how early the work shows on a list; overdue by `escalates_after` hours, it is
    reported up once (null: never). `survey` is asked and `script` stands beside the form.
    """

    anchor = models.CharField(_("counts from"), max_length=20, choices=Anchor.choices)
    grade = models.CharField(_("grade"), max_length=2, choices=Grade.choices, blank=True)
    offset = models.PositiveSmallIntegerField(_("after"), default=0)
    is_before = models.BooleanField(_("before, not after"), default=False, db_default=False)
    unit = models.CharField(_("unit"), max_length=20, choices=Unit.choices, default=Unit.DAYS)
    every = models.PositiveSmallIntegerField(_("then every"), default=0)
    times = models.PositiveSmallIntegerField(_("times"), default=1)
    ahead_days = models.PositiveSmallIntegerField(_("shown days before"), default=0)
    way = models.CharField(_("way"), max_length=20, choices=Way.choices)
    assignee = models.CharField(
        _("done by"), max_length=20, choices=Assignee.choices, default=Assignee.KEEPER
    )
    survey = models.ForeignKey(
        Survey, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("survey")
    )
    script = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("script")
    )
    escalates_after = models.PositiveSmallIntegerField(
        _("reported up when overdue by hours"), null=True, blank=True
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        abstract = True


class Step(StepTerms):
    """One step of a plan, as it is now; of what would have fallen due long before `asks_from`
    nothing is made (null: it was always there).
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="steps")
    code = models.CharField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    asks_from = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cadence_step_names_a_grade",
                condition=Q(anchor=Anchor.CADENCE) & ~Q(grade="")
                | ~Q(anchor=Anchor.CADENCE) & Q(grade=""),
                violation_error_message=_("A step by grade names its grade; no other step does."),
            ),
            models.UniqueConstraint(
                fields=["grade"],
                condition=Q(anchor=Anchor.CADENCE, is_active=True),
                name="one_cadence_a_grade",
            ),
            models.CheckConstraint(
                name="repeated_step_says_how_often",
                condition=Q(times=1) | Q(times__gt=1, every__gt=0),
                violation_error_message=_("Say after how long the step is repeated."),
            ),
            models.CheckConstraint(
                name="product_step_has_an_offset",
                condition=~Q(anchor__in=[Anchor.DELIVERY, Anchor.PURCHASE]) | Q(offset__gt=0),
                violation_error_message=_("Say how long after the anchor the step falls due."),
            ),
            models.CheckConstraint(
                name="only_a_day_ahead_is_counted_down_to",
                condition=Q(is_before=False) | Q(anchor__in=AHEAD_ANCHORS, times=1),
                violation_error_message=_(
                    "Only a day that is known beforehand is counted down to: the end of an "
                    "insurance or a warranty, a first service, a day of an order. Such a step "
                    "happens once."
                ),
            ),
            models.CheckConstraint(
                name="what_stays_apart_asks_nothing",
                condition=~Q(way__in=APART_WAYS) | Q(survey=None),
                violation_error_message=_("A letter or a greeting asks no survey."),
            ),
        ]

    def __str__(self) -> str:
        return self.name_en


class PlanVersion(Named):
    """A plan as it stood from a moment on: kept whenever it is changed.

    `moved` is how many open obligations moved, fell away or were made by it, as was promised.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    trades = ArrayField(
        models.CharField(max_length=20, choices=Trade.choices), default=list, blank=True
    )
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    is_plan_active = models.BooleanField(default=True)
    note = models.CharField(_("why"), max_length=200, blank=True)
    moved = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} v{self.number}"


class StepVersion(StepTerms):
    """One step as one version of its plan had it."""

    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="steps")
    step = models.ForeignKey(Step, models.PROTECT, related_name="versions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "step"], name="one_step_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.name_en}"
