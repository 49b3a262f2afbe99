"""Plans and steps: care as data that a manager can edit."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Named
from customers.states import Grade
from followups.states import PRODUCT_ANCHORS, Anchor, Assignee, Unit, Way
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


class Step(Named):
    """One step of a plan: so long after its anchor, perhaps repeated, by whom and how.

    The k-th occurrence (k = 1 … `times`) falls due `offset` + (k - 1) * `every` units after the
    anchor, each counted from the anchor itself. `ahead_days` is how early the work shows on a
    list.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="steps")
    code = models.CharField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    anchor = models.CharField(_("counts from"), max_length=20, choices=Anchor.choices)
    grade = models.CharField(_("grade"), max_length=2, choices=Grade.choices, blank=True)
    offset = models.PositiveSmallIntegerField(_("after"), default=0)
    unit = models.CharField(_("unit"), max_length=20, choices=Unit.choices, default=Unit.DAYS)
    every = models.PositiveSmallIntegerField(_("then every"), default=0)
    times = models.PositiveSmallIntegerField(_("times"), default=1)
    ahead_days = models.PositiveSmallIntegerField(_("shown days before"), default=0)
    way = models.CharField(_("way"), max_length=20, choices=Way.choices)
    assignee = models.CharField(
        _("done by"), max_length=20, choices=Assignee.choices, default=Assignee.KEEPER
    )
    is_active = models.BooleanField(_("in use"), default=True)

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
                condition=~Q(anchor__in=PRODUCT_ANCHORS) | Q(offset__gt=0),
                violation_error_message=_("Say how long after the anchor the step falls due."),
            ),
        ]

    def __str__(self) -> str:
        return self.name_en
