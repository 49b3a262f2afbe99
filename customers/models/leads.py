"""Leads from outside: where they come from, to whom they are offered, what became of them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models.customers import Customer
from customers.models.kept import HasNumber
from customers.states import (
    OPEN_LEADS,
    DispatchMethod,
    LeadState,
    LeadWay,
    OfferState,
    Source,
)
from staff.models import Person, Region, Store


class LeadSource(models.Model):
    """A platform that sends us leads, signed with a secret that we and it know.

    The store, or else the region, says where its leads go when they do not say so themselves.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    secret = models.BinaryField(editable=False)  # sealed with the keys of the phone numbers
    source = models.CharField(
        _("source"), max_length=20, choices=Source.choices, default=Source.ONLINE
    )
    store = models.ForeignKey(
        Store, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("store")
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    is_active = models.BooleanField(_("in use"), default=True)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name


class DispatchRule(models.Model):
    """How one store hands out its leads; a store without one goes by its rota."""

    store = models.OneToOneField(Store, models.CASCADE, related_name="dispatch_rule")
    method = models.CharField(
        _("method"), max_length=10, choices=DispatchMethod.choices, default=DispatchMethod.ROTA
    )
    accept_minutes = models.PositiveSmallIntegerField(_("minutes to accept"), default=15)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.store_id} {self.method}"


class Lead(HasNumber):
    """One inquiry from outside, once for each id that its platform gave it.

    Until somebody accepts it there is no customer; a number that we know joins its customer. An
    inquiry that is open already is not opened twice: the later one is `duplicate_of` the first.
    """

    origin = models.ForeignKey(LeadSource, models.PROTECT, related_name="leads")
    platform_id = models.CharField(max_length=80)
    way = models.CharField(max_length=10, choices=LeadWay.choices)
    campaign = models.CharField(_("campaign"), max_length=80, blank=True)
    name = models.CharField(_("name"), max_length=64, blank=True)
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True)
    need = models.CharField(_("need"), max_length=400, blank=True)
    address = models.CharField(_("address"), max_length=120, blank=True)
    place = models.CharField(_("city or region"), max_length=60, blank=True)
    store = models.ForeignKey(Store, models.PROTECT, null=True, related_name="leads")
    asked_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=LeadState.choices, default=LeadState.WAITING)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="leads")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    close_note = models.CharField(max_length=200, blank=True)
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="duplicates"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "platform_id"], name="one_lead_a_platform_id"
            ),
            models.CheckConstraint(
                name="duplicate_lead_is_closed",
                condition=Q(duplicate_of=None) | ~Q(state__in=OPEN_LEADS),
            ),
            models.CheckConstraint(
                name="lead_can_be_reached",
                condition=Q(key__isnull=False) | ~Q(wechat=""),
            ),
            models.CheckConstraint(
                name="closed_lead_has_a_time",
                condition=Q(state__in=OPEN_LEADS, closed_at=None, customer=None)
                | ~Q(state__in=OPEN_LEADS) & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="taken_lead_has_a_customer",
                condition=Q(customer__isnull=False)
                | ~Q(state__in=[LeadState.ACCEPTED, LeadState.JOINED]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"], condition=Q(state__in=OPEN_LEADS), name="lead_open"
            ),
            models.Index(fields=["key"], condition=Q(key__isnull=False), name="lead_by_number"),
            models.Index(fields=["store", "-received_at"], name="lead_of_store"),
            models.Index(fields=["customer"], name="lead_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.origin_id} {self.platform_id}"


class LeadOffer(models.Model):
    """A lead was offered to somebody, who has until `lapses_at` to accept it."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="offers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="lead_offers")
    offered_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    offered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.OPEN)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(state=OfferState.OPEN), name="one_open_offer_a_lead"
            ),
            models.CheckConstraint(
                name="answered_offer_has_a_time",
                condition=Q(state=OfferState.OPEN, answered_at=None)
                | ~Q(state=OfferState.OPEN) & Q(answered_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["lapses_at"], condition=Q(state=OfferState.OPEN), name="offer_open"
            ),
            models.Index(fields=["person", "-offered_at"], name="offer_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} → {self.person_id}"


class Arrival(models.Model):
    """A customer whom we know came to us again, by another way perhaps (DAT-01)."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="arrivals")
    source = models.CharField(max_length=20, choices=Source.choices, blank=True)
    campaign = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["customer", "-at"], name="arrival_of_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.source}"
