"""Background work that a person waits for, and the files it reads and writes."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.keyring import keyring
from core.refusals import Refused
from core.states import JobState


class FileGone(Refused):
    """The content was wanted after its time."""

    messages = {"file_is_gone": _("This file is no longer kept. Send it in again.")}


class StoredFile(models.Model):
    """One file brought in or made, kept in the database so that every worker and backup has it.

    The content is sealed with the keys of the phone numbers and emptied when its time is over
    (one without a time stays); the row stays, for jobs and the audit trail name it.
    """

    name = models.CharField(max_length=100)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()  # sealed: `opened` reads it
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    stored_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True, db_default=Now() + timedelta(days=7))
    emptied_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=models.Q(emptied_at=None),
                name="file_to_empty",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def opened(self) -> bytes:
        """The content as it was brought in. Raises FileGone."""
        if self.emptied_at is not None:
            raise FileGone.because("file_is_gone")
        return keyring().unseal(self.content)


class Job(models.Model):
    """One piece of background work for one person: waiting, running, done or failed.

    The row is the queue. A worker claims it by a conditional update; a claim whose heartbeat is
    old is taken up again.
    """

    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    params = models.JSONField(default=dict)
    source = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    output = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    failure = models.CharField(max_length=400, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="job_open",
            ),
            models.Index(fields=["asked_by", "-asked_at"], name="job_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                name="job_ended_has_time",
                condition=models.Q(state__in=["waiting", "running"], ended_at=None)
                | models.Q(state__in=["done", "failed"], ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Heartbeat(models.Model):
    """When a part of the machinery was last seen alive."""

    part = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.part
