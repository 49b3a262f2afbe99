"""Leave, and who stands in."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from staff.models.people import Person
from staff.states import AbsenceKind


class Absence(models.Model):
    """One person is away for some days, and another sees and does their work meanwhile (FUP-30).

    Days are inclusive. Nothing changes hands: the work stands on both lists.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="absences")
    stand_in = models.ForeignKey(
        Person, models.PROTECT, related_name="standing_in", verbose_name=_("stands in")
    )
    kind = models.CharField(_("why"), max_length=10, choices=AbsenceKind.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())
    called_off_at = models.DateTimeField(null=True)
    called_off_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("Leave ends on or after the day it starts."),
            ),
            models.CheckConstraint(
                name="nobody_stands_in_for_oneself",
                condition=~Q(person=F("stand_in")),
                violation_error_message=_("Choose somebody else to stand in."),
            ),
            models.CheckConstraint(
                name="absence_called_off_by_somebody",
                condition=Q(called_off_at=None, called_off_by=None)
                | Q(called_off_at__isnull=False, called_off_by__isnull=False),
            ),
            ExclusionConstraint(
                name="away_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            models.Value("[]"),
                            function="daterange",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(called_off_at=None),
                violation_error_message=_("This person is away on some of these days already."),
            ),
        ]
        indexes = [models.Index(fields=["stand_in", "ends_on"], name="absence_of_stand_in")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.starts_on}"
