"""What was left overdue and reported up, once."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from followups.models.tasks import Obligation
from staff.models import Person


class Escalation(models.Model):
    """An overdue obligation was reported up to somebody: once, whatever happens (AFT-02)."""

    obligation = models.OneToOneField(Obligation, models.PROTECT, related_name="escalation")
    to = models.ForeignKey(Person, models.PROTECT, null=True, related_name="escalations")
    at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["to", "-at"], condition=Q(seen_at=None), name="escalation_unseen")
        ]
        constraints = [
            models.CheckConstraint(
                name="escalation_seen_by_somebody",
                condition=Q(seen_at=None, seen_by=None)
                | Q(seen_at__isnull=False, seen_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} → {self.to_id}"
