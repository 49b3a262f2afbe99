"""History brought in from old ledgers, revocable as a whole."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from staff.models import Person


class HistoryImport(models.Model):
    """One workbook of old contacts, opportunities and filings; what it made names it."""

    file_name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    contacts = models.PositiveIntegerField(default=0)
    opportunities_made = models.PositiveIntegerField(default=0)
    filings_made = models.PositiveIntegerField(default=0, db_default=0)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="revoked_import_has_who",
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.file_name
