"""The business calendar: statutory days, overrides, and the table that SQL counts with."""

from django.conf import settings
from django.db import models


class DayOverride(models.Model):
    """One day on which the company works or rests against the statutory calendar."""

    day = models.DateField(unique=True)
    is_working = models.BooleanField()
    name = models.CharField(max_length=60)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    set_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class BusinessDay(models.Model):
    """One calendar day, with the count of working days up to and including it.

    Derived from the statutory calendar and the overrides; the n-th working day after D is the
    working day whose `ordinal` is that of D plus n. `lunar_*` is the same
    day in the lunar calendar.
    """

    day = models.DateField(primary_key=True)
    is_working = models.BooleanField()
    ordinal = models.IntegerField()
    name = models.CharField(max_length=60, blank=True)
    lunar_year = models.SmallIntegerField(null=True)
    lunar_month = models.SmallIntegerField(null=True)
    lunar_day = models.SmallIntegerField(null=True)
    lunar_is_leap = models.BooleanField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["lunar_month", "lunar_day", "day"], name="day_by_lunar_day"),
            models.Index(
                fields=["ordinal"],
                condition=models.Q(is_working=True),
                include=["day"],
                name="working_day_by_ordinal",
            ),
        ]

    def __str__(self) -> str:
        return str(self.day)
