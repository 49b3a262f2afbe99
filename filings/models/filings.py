"""Filings (报备), the stretches in which they protect, and what happened to them."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.triggers import NeverEmptied
from customers.models import Attachment, Contact, Customer, HistoryImport, Project
from filings.models.policies import Policy
from filings.states import (
    Channel,
    CrossReason,
    CrossState,
    EventKind,
    FilingNote,
    Invalid,
    Lost,
    RequestKind,
    RequestReason,
    RequestState,
    ReviewState,
    Withdrawn,
)
from staff.models import Person, Region, Store


class Filing(models.Model):
    """One lead filed for one project of one customer, by `filer`, held by `holder`.

    A draft has no `submitted_at`: it protects nobody (FIL-09). `invalid` is why it was refused at
    entry, `ended` why it ended for good. What follows `acted_at` is worked out from the events by
    `filings.rules` and stored: deadlines are instants (24:00 of a day) and hold whether or not a
    sweep has run; `protected_until` in the past is a filing that has lapsed. `said` is what was
    typed of a customer whose card the filer could not see: they are shown that, and no more.
    """

    # Brought along by `filings.queries.deciders.with_rivals`.
    rivals_filed: list[int]
    rivals_held: list[int]

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="filings")
    project = models.ForeignKey(Project, models.PROTECT, related_name="filings")
    filer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    holder = models.ForeignKey(
        Person, models.PROTECT, related_name="filings", verbose_name=_("filed by")
    )
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    store = models.ForeignKey(
        Store, models.PROTECT, related_name="filings", verbose_name=_("store")
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+")
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="filings")
    acquired_at = models.DateTimeField(_("data obtained at"))
    noted_at = models.DateTimeField(db_default=Now())
    submitted_at = models.DateTimeField(_("filed at"), null=True)
    invalid = models.CharField(max_length=20, choices=Invalid.choices, blank=True)
    is_out_of_scope = models.BooleanField(default=False)
    is_new_project = models.BooleanField(default=False)
    project_reason = models.CharField(_("why a new project"), max_length=200, blank=True)
    is_from_pool = models.BooleanField(default=False)
    is_imported = models.BooleanField(default=False)
    history_import = models.ForeignKey(
        HistoryImport, models.PROTECT, null=True, related_name="filings"
    )
    notes = ArrayField(
        models.CharField(max_length=20, choices=FilingNote.choices), default=list, blank=True
    )
    cross_reason = models.CharField(
        _("reason to file across regions"), max_length=20, choices=CrossReason.choices, blank=True
    )
    cross_state = models.CharField(max_length=10, choices=CrossState.choices, blank=True)
    said = models.JSONField(
        default=dict, blank=True, db_default=models.Value({}, models.JSONField())
    )
    proof = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    withdrawn = models.CharField(max_length=10, choices=Withdrawn.choices, blank=True)
    ended = models.CharField(max_length=12, choices=Lost.choices, blank=True)
    ended_at = models.DateTimeField(null=True)
    acted_at = models.DateTimeField(_("last followed up"), null=True)
    update_due_at = models.DateTimeField(_("follow up by"), null=True)
    protected_until = models.DateTimeField(_("protected until"), null=True)
    limit_at = models.DateTimeField(_("measure by"), null=True)
    measured_at = models.DateTimeField(_("measured"), null=True)
    extended = models.PositiveSmallIntegerField(default=0)
    review_state = models.CharField(
        _("review"), max_length=10, choices=ReviewState.choices, blank=True
    )
    review_due_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    review_note = models.CharField(_("note of the review"), max_length=200, blank=True)
    escalated_at = models.DateTimeField(null=True)
    warned_of = models.DateTimeField(null=True)
    lapse_noted_at = models.DateTimeField(null=True)
    told_free_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "id"], name="filing_of_customer"),
            models.Index(fields=["project", "submitted_at"], name="filing_of_project"),
            models.Index(fields=["filer", "submitted_at"], name="filing_of_filer"),
            models.Index(
                fields=["holder", "protected_until", "id"],
                condition=Q(submitted_at__isnull=False, invalid="", withdrawn=""),
                name="filing_held",
            ),
            models.Index(
                fields=["store", "protected_until", "id"],
                condition=Q(submitted_at__isnull=False, invalid="", withdrawn=""),
                name="filing_of_store",
            ),
            models.Index(
                fields=["protected_until", "id"],
                condition=Q(invalid="", withdrawn="", ended="", lapse_noted_at=None),
                name="filing_to_sweep",
            ),
            models.Index(
                fields=["review_due_at", "id"],
                condition=Q(review_state__in=["pending", "proof"]),
                name="filing_to_review",
            ),
            models.Index(
                fields=["customer"],
                condition=Q(invalid=Invalid.LATER_FILER, told_free_at=None),
                name="filing_refused_untold",
            ),
            models.Index(
                fields=["noted_at", "id"],
                condition=Q(cross_state=CrossState.ASKED),
                name="filing_asked_across_regions",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="admitted_filing_has_its_limits",
                condition=Q(submitted_at=None)
                | ~Q(invalid="")
                | Q(acted_at__isnull=False, update_due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="filing_ended_has_when",
                condition=Q(ended="", ended_at=None) | ~Q(ended="") & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="filing_reviewed_has_who_and_when",
                condition=Q(reviewed_at=None, reviewed_by=None)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="nobody_reviews_the_own_filing",
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("filer")),
                violation_error_message=_("Nobody reviews the own filing."),
            ),
            models.CheckConstraint(
                name="data_were_had_before_they_were_filed",
                condition=Q(submitted_at=None) | Q(acquired_at__lte=F("submitted_at")),
                violation_error_message=_("You cannot have had the data later than now."),
            ),
            models.CheckConstraint(
                name="cross_region_filing_has_reason",
                condition=Q(cross_state="") | ~Q(cross_reason=""),
                violation_error_message=_("Choose the reason to file across regions."),
            ),
            models.UniqueConstraint(
                fields=["project", "filer"],
                condition=Q(submitted_at=None),
                name="one_draft_a_person_and_project",
            ),
        ]
        triggers = [
            # Whose and when is evidence; the holder may change, the filer never (decision 12).
            pgtrigger.ReadOnly(
                name="filing_claims_are_never_edited",
                fields=["filer", "channel", "by", "noted_at", "is_imported"],
            ),
            pgtrigger.Protect(
                name="filing_is_never_deleted",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__is_imported=False),
            ),
            NeverEmptied(name="filings_are_never_emptied"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number people quote: BB-2603-000187."""
        at = self.submitted_at or self.noted_at
        return f"BB-{at:%y%m}-{self.pk:06d}" if at else f"BB-{self.pk:06d}"


class Protection(models.Model):
    """One stretch of time in which a filing protects a project (rulebook, decision 2).

    The exclusion constraint is the promise: at any instant at most one filing protects a project.
    """

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="protections")
    project = models.ForeignKey(Project, models.PROTECT, related_name="protections")
    during = DateTimeRangeField()
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_protection_a_project",
                expressions=[
                    ("project", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn=False),
                violation_error_message=_("Somebody has filed this customer already."),
            ),
        ]
        indexes = [models.Index(fields=["filing", "id"], name="protection_of_filing")]

    def __str__(self) -> str:
        return f"{self.filing_id} {self.during}"


class ExtensionRequest(models.Model):
    """A filer asks for more time (延期申请, FIL-19, FIL-20); it holds until `held_until`."""

    # Brought along by `filings.queries.deciders.with_rivals`.
    rivals_filed: list[int]
    rivals_held: list[int]

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=10, choices=RequestKind.choices)
    reason = models.CharField(_("reason"), max_length=20, choices=RequestReason.choices)
    text = models.CharField(_("more about the reason"), max_length=200, blank=True)
    wanted_until = models.DateField(_("wanted until"))
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    held_until = models.DateTimeField()
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_until = models.DateField(null=True)
    note = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["filing"], condition=Q(state=RequestState.OPEN),
                name="one_open_request_a_filing",
                violation_error_message=_("An extension is asked for already."),
            ),
            models.CheckConstraint(
                name="request_decided_has_who_and_when",
                condition=Q(state=RequestState.OPEN, decided_at=None, decided_by=None)
                | ~Q(state=RequestState.OPEN)
                & Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="nobody_decides_the_own_request",
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                violation_error_message=_("Nobody decides the own request."),
            ),
            models.CheckConstraint(
                name="request_granted_says_until_when",
                condition=Q(state=RequestState.GRANTED, decided_until__isnull=False)
                | ~Q(state=RequestState.GRANTED) & Q(decided_until=None),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(state=RequestState.OPEN), name="request_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.filing_id} {self.wanted_until}"


class FilingEvent(models.Model):
    """Something that happened to a lead, in the order in which the system learnt of it (`id`).

    The journal from which every state of a filing can be worked out anew. A row is never changed;
    merging two cards moves it to the kept customer. `person` is whose act it is (filer, who
    reached the customer, new holder, closer), `by` who wrote it down.
    """

    at = models.DateTimeField()
    kind = models.CharField(max_length=15, choices=EventKind.choices)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="filing_events")
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="+")
    filing = models.ForeignKey(Filing, models.PROTECT, null=True, related_name="events")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    request = models.ForeignKey(ExtensionRequest, models.PROTECT, null=True, related_name="+")
    deal = models.ForeignKey("filings.Deal", models.PROTECT, null=True, related_name="+")
    occurred_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    code = models.CharField(max_length=20, blank=True)
    is_imported = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "id"], name="filing_event_of_customer"),
            models.Index(
                fields=["contact"], condition=Q(contact__isnull=False), name="filing_event_contact"
            ),
            models.Index(fields=["at"], name="filing_event_by_time"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="filing_event_is_never_edited",
                fields=["at", "kind", "filing", "person", "by", "contact", "request", "deal",
                        "occurred_at", "until", "code", "is_imported"],
            ),
            pgtrigger.Protect(
                name="filing_event_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__is_imported=False),
            ),
            NeverEmptied(name="filing_events_are_never_emptied"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.kind}"
