"""Form-once tokens: the same form sent five times makes one row and gives one answer."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class FormToken(models.Model):
    """One filled-in form that has been acted on, and the id of what it made.

    `content_hash` is a keyed digest of what the form said, empty where nobody asks for it.
    """

    key = models.UUIDField(primary_key=True)
    purpose = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64, blank=True, default="", db_default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    used_at = models.DateTimeField(db_default=Now())
    result_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.key}"
