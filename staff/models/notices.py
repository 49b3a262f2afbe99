"""What people are told, and how it leaves the building: rows first, sent afterwards."""

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from staff.models.people import Person
from staff.models.places import Store
from staff.states import NoticeKind, OutgoingState, RobotKind


class Notice(models.Model):
    """One thing one person is told in the app: once for each `key`, worded when it is read.

    `params` fill the sentence of its kind; they hold ids, days and counts, never a number or a
    customer's text. `path` opens what it is about.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=20, choices=NoticeKind.choices)
    key = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    path = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="told_once_of_a_thing")
        ]
        indexes = [
            models.Index(fields=["person", "-made_at", "-id"], name="notice_of_person"),
            models.Index(
                fields=["person"], condition=Q(read_at=None), name="notice_unread_of_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


class NoticeSettings(models.Model):
    """What reaches one person, and how; without a row, everything in the app and nothing outside.

    `muted` are the kinds that are not told at all; `digest_at` is the hour of the day's one mail,
    `digested_on` the last day on which it was asked what it would say.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="notice_settings")
    by_mail = models.BooleanField(_("one mail a day"), default=False)
    digest_at = models.TimeField(_("at"), default=time(8, 30))
    muted = ArrayField(
        models.CharField(max_length=20, choices=NoticeKind.choices), default=list, blank=True
    )
    digested_on = models.DateField(null=True)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.person_id)


class FeedKey(models.Model):
    """The secret of one person's private calendar feed; only its hash is kept."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="feed_key")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(db_default=Now())
    last_read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.person_id)


class Robot(models.Model):
    """A group robot of WeCom, DingTalk or Feishu that posts a store's digest, or that of all.

    Its address and secret are sealed; `address_index` is equal exactly where two rows are one
    robot, whose limit they share.
    """

    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=RobotKind.choices)
    store = models.ForeignKey(
        Store, models.PROTECT, null=True, blank=True, related_name="robots", verbose_name=_("store")
    )
    address_cipher = models.BinaryField()
    address_shown = models.CharField(max_length=80)
    address_index = models.BinaryField(max_length=32, db_default=b"")
    secret_cipher = models.BinaryField(null=True)
    digest_at = models.TimeField(_("at"), default=time(8, 30))
    digested_on = models.DateField(null=True)
    is_active = models.BooleanField(_("in use"), default=True)
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class Outgoing(models.Model):
    """One message that leaves the building: to one person by mail, or by one robot; sent once.

    `key` makes it once a person or robot and day. A sender takes it with a lease under an
    `attempt` of its own; a lease that runs out means that nobody knows whether it went out, and
    the next attempt says so (`may_be_twice`). `tried_at` is when it was last taken to be sent.
    """

    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    robot = models.ForeignKey(Robot, models.PROTECT, null=True, related_name="messages")
    key = models.CharField(max_length=80, unique=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(max_length=20_000)
    state = models.CharField(
        max_length=10, choices=OutgoingState.choices, default=OutgoingState.WAITING
    )
    made_at = models.DateTimeField(db_default=Now())
    next_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    attempt = models.UUIDField(null=True)
    tried_at = models.DateTimeField(null=True)
    lease_ends_at = models.DateTimeField(null=True)
    may_be_twice = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="outgoing_is_to_somebody",
                condition=Q(person=None, robot__isnull=False) | Q(person__isnull=False, robot=None),
            ),
            models.CheckConstraint(
                name="sent_outgoing_has_a_time",
                condition=Q(state=OutgoingState.SENT, sent_at__isnull=False)
                | ~Q(state=OutgoingState.SENT) & Q(sent_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                condition=Q(state__in=[OutgoingState.WAITING, OutgoingState.SENDING]),
                name="outgoing_to_send",
            ),
            models.Index(
                fields=["tried_at"], condition=Q(robot__isnull=False), name="outgoing_tried_lately"
            ),
            models.Index(fields=["-made_at", "-id"], name="outgoing_newest"),
        ]

    def __str__(self) -> str:
        return self.key
