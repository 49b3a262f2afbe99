"""Disputes that a person decides: who is party, on what evidence, appealed or not."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models import Attachment, Customer, Project, Suspicion
from filings.models.filings import Filing
from filings.models.rulings import Deal, Ruling
from filings.states import AppealState, DisputeKind, DisputeState, EvidenceRank
from staff.models import Person


class Dispute(models.Model):
    """A question about a lead that the rules alone may not answer (§1.2, step 7; ADJ-01).

    `version` is what a decider has seen: of two who decide at once, the second is told.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="disputes")
    project = models.ForeignKey(Project, models.PROTECT, related_name="disputes")
    kind = models.CharField(max_length=15, choices=DisputeKind.choices)
    state = models.CharField(max_length=10, choices=DisputeState.choices, default=DisputeState.OPEN)
    deal = models.ForeignKey(Deal, models.PROTECT, null=True, related_name="disputes")
    suspicion = models.ForeignKey(Suspicion, models.SET_NULL, null=True, related_name="+")
    question = models.CharField(_("what is disputed"), max_length=400, blank=True)
    opened_at = models.DateTimeField(db_default=Now())
    opened_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    proof_of = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    proof_note = models.CharField(_("what is to be proved"), max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    close_note = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["opened_at", "id"],
                condition=Q(state__in=["open", "proof"]),
                name="dispute_waiting",
            ),
            models.Index(fields=["-closed_at", "-id"], name="dispute_closed"),
            models.Index(fields=["project"], name="dispute_of_project"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind"],
                condition=Q(state__in=["open", "proof"]),
                name="one_open_dispute_of_a_kind",
                violation_error_message=_("This question is before the operations manager."),
            ),
            models.CheckConstraint(
                name="dispute_closed_has_who_and_when",
                condition=Q(state__in=["open", "proof"], closed_at=None)
                | Q(state__in=["decided", "withdrawn"], closed_at__isnull=False)
                & Q(closed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_about_deal(self) -> bool:
        """Whether a deal that stands is in question; a deposit that went back is nobody's, and
        then it is about the lead alone (FIL-22).
        """
        return self.deal is not None and self.deal.undone_at is None


class Party(models.Model):
    """A person on one side of a dispute, with the filing it is about; never its decider."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="parties")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    filing = models.ForeignKey(Filing, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispute", "person"], name="a_party_once_a_dispute")
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.person_id}"


class Evidence(models.Model):
    """What somebody lays before the decider: a file or a statement, ranked (ADJ-05)."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="evidence")
    rank = models.CharField(max_length=15, choices=EvidenceRank.choices)
    text = models.CharField(_("what it shows"), max_length=1000, blank=True)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    dated_at = models.DateTimeField(_("its own time"), null=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["dispute", "rank", "at"], name="evidence_of_dispute")]
        constraints = [
            models.CheckConstraint(
                name="evidence_shows_something",
                condition=~Q(text="") | Q(attachment__isnull=False),
                violation_error_message=_("Attach a file, or say what happened."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.rank}"


class Appeal(models.Model):
    """The one appeal against what was decided in a dispute (ADJ-01)."""

    dispute = models.OneToOneField(Dispute, models.PROTECT, related_name="appeal")
    ruling = models.ForeignKey(Ruling, models.PROTECT, related_name="appeals")
    reason = models.CharField(_("why"), max_length=1000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=AppealState.choices, default=AppealState.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="appeal_decided_has_who_and_when",
                condition=Q(state=AppealState.OPEN, decided_at=None, decided_by=None)
                | ~Q(state=AppealState.OPEN)
                & Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="nobody_decides_the_own_appeal",
                condition=Q(decided_by=None) | ~Q(decided_by=F("by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id}"
