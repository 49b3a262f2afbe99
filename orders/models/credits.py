"""Credits (挂帐): money of a customer that an order change left with us (ORD-17)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from orders.models.papers import Order
from orders.models.triggers import keeps_credits, keeps_orders
from orders.states import CreditKind, CreditUseKind, Method
from staff.models import Person


class Credit(models.Model):
    """What a change of an order left over: refundable from `refundable_from` on (28 days after it).

    `used` is what was offset or refunded, or is asked to be; the database keeps it
    (`triggers`), so that of two refunds at once one is refused.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="credits")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="credits")
    kind = models.CharField(_("change"), max_length=12, choices=CreditKind.choices)
    changed_on = models.DateField(_("changed on"))
    before = models.DecimalField(_("amount before"), max_digits=14, decimal_places=2)
    after = models.DecimalField(_("amount after"), max_digits=14, decimal_places=2)
    amount = models.DecimalField(_("credit"), max_digits=14, decimal_places=2)
    refundable_from = models.DateField(_("refundable from"))
    handler = models.ForeignKey(
        Person, models.PROTECT, related_name="credits_handled", verbose_name=_("handled by")
    )
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    contacted_at = models.DateTimeField(_("contacted"), null=True)
    contacted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    contact_note = models.CharField(_("what was said"), max_length=200, blank=True)
    used = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    key = models.UUIDField(unique=True, editable=False)

    class Meta:
        triggers = keeps_orders("order_id")
        indexes = [
            models.Index(fields=["customer", "-changed_on"], name="credit_of_customer"),
            models.Index(
                fields=["refundable_from", "id"],
                condition=Q(used__lt=F("amount")),
                name="credit_open_by_due",
            ),
            models.Index(fields=["-changed_on", "-id"], name="credit_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="credit_is_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("The credit is more than 0."),
            ),
            models.CheckConstraint(
                name="credit_is_used_once",
                condition=Q(used__gte=0, used__lte=F("amount")),
                violation_error_message=_("More than this credit is given back."),
            ),
            models.CheckConstraint(
                name="credit_contact_has_who_and_what",
                condition=Q(contacted_at=None, contacted_by=None, contact_note="")
                | Q(contacted_at__isnull=False, contacted_by__isnull=False) & ~Q(contact_note=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.amount}"


class CreditUse(models.Model):
    """One way in which a credit, or a part of it, went back: offset or refunded.

    An offset needs the customer's consent and is done at once. A refund is asked for by one person
    and done by another, of finance; until then `done_at` is null.
    """

    credit = models.ForeignKey(Credit, models.PROTECT, related_name="uses")
    kind = models.CharField(max_length=10, choices=CreditUseKind.choices)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="offsets")
    consent = models.CharField(_("how the customer agreed"), max_length=200, blank=True)
    method = models.CharField(_("refunded by"), max_length=10, choices=Method.choices, blank=True)
    voucher = models.CharField(_("voucher no."), max_length=40, blank=True)
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    refuse_reason = models.CharField(_("why"), max_length=200, blank=True)
    key = models.UUIDField(unique=True, editable=False)

    class Meta:
        triggers = [*keeps_orders("order_id"), *keeps_credits("credit_id")]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(kind=CreditUseKind.REFUND, done_at=None, refused_at=None),
                name="refund_asked",
            )
        ]
        constraints = [
            models.CheckConstraint(name="credit_use_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="offset_has_order_and_consent",
                condition=Q(kind=CreditUseKind.OFFSET, order__isnull=False, done_at__isnull=False)
                & ~Q(consent="")
                | Q(kind=CreditUseKind.REFUND, order=None),
                violation_error_message=_(
                    "An offset needs the other order and the customer's yes."
                ),
            ),
            models.CheckConstraint(
                name="done_credit_use_has_who",
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False, refused_at=None),
            ),
            models.CheckConstraint(
                name="done_refund_has_way_and_voucher",
                condition=~Q(kind=CreditUseKind.REFUND)
                | Q(done_at=None)
                | ~Q(method="") & ~Q(voucher=""),
            ),
            models.CheckConstraint(
                name="nobody_refunds_what_they_asked_for",
                condition=Q(kind=CreditUseKind.OFFSET)
                | Q(done_by=None)
                | ~Q(done_by=F("asked_by")),
                violation_error_message=_("Somebody else pays out a refund that you asked for."),
            ),
            models.CheckConstraint(
                name="refused_refund_says_who_and_why",
                condition=Q(refused_at=None, refused_by=None, refuse_reason="")
                | Q(refused_at__isnull=False, refused_by__isnull=False) & ~Q(refuse_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.credit_id} {self.kind} {self.amount}"
