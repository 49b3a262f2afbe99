"""Columns that several tables share: a number kept sealed, and a birthday."""

from django.db import models
from django.db.models import Q


class HasNumber(models.Model):
    """Somebody whose phone number may be kept: sealed, hashed by a key, shown masked.

    `core.phones` normalises it, `customers.services.numbers.sealed` fills these columns.
    """

    cipher = models.BinaryField(null=True, editable=False)
    key = models.BinaryField(max_length=32, null=True, editable=False)
    masked = models.CharField(max_length=40, blank=True, editable=False)
    last4 = models.CharField(max_length=4, blank=True, editable=False)

    class Meta:
        abstract = True


class HasBirthday(models.Model):
    """Somebody who has a birthday, by the solar or the lunar calendar, the year known or not.

    `birthday_noted_at` is when we learnt of it as it stands (decision 9).
    """

    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_month = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_day = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_is_lunar = models.BooleanField(default=False)
    birth_is_leap_month = models.BooleanField(default=False)
    birthday_noted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


def birthday_has_month_and_day(name: str) -> models.CheckConstraint:
    """A birthday is a month with a day, or nothing."""
    return models.CheckConstraint(
        name=name,
        condition=Q(birth_month=None, birth_day=None)
        | Q(birth_month__range=(1, 12), birth_day__range=(1, 31)),
    )


def birthday_is_noted(name: str) -> models.CheckConstraint:
    """Of a birthday it is known since when we know it."""
    return models.CheckConstraint(
        name=name, condition=Q(birth_month=None) | Q(birthday_noted_at__isnull=False)
    )
