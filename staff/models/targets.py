"""Targets (任务): how much a store or a person is to reach in a month."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from staff.models.people import Person
from staff.models.places import Store
from staff.states import TargetKind


class Target(models.Model):
    """The target of one store, or of one person in it, for one month, in yuan (ORD-16, ORD-19).

    `first_day` is that of the month.
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="targets")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="targets")
    first_day = models.DateField(_("month"))
    kind = models.CharField(_("counts"), max_length=12, choices=TargetKind.choices)
    amount = models.DecimalField(_("target, ¥"), max_digits=14, decimal_places=2)
    set_at = models.DateTimeField(db_default=Now())
    set_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "person", "first_day", "kind"],
                nulls_distinct=False,
                name="one_target_a_month",
            ),
            models.CheckConstraint(name="target_is_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(name="target_month_is_a_first", condition=Q(first_day__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.store_id} {self.first_day}"
