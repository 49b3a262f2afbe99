"""The audit trail: who did what, when, from where and why."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.triggers import NeverEmptied


@pgtrigger.register(
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
    NeverEmptied(name="audit_is_never_emptied"),
)
class AuditEntry(models.Model):
    """One act of one person on one thing. Rows are only ever added (a trigger says so).

    `detail` holds codes and ids, never names or phone numbers.
    """

    at = models.DateTimeField(db_default=Now(), db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField(null=True)
    store_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=400, blank=True)
    detail = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "-at"], name="audit_of_object"),
            models.Index(fields=["by", "-at"], name="audit_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_id}"
