"""Goods handed over, and goods that come back."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.models import StoredFile
from customers.models import OwnedProduct
from followups.models import Case
from orders.models.credits import Credit
from orders.models.papers import Order, OrderLine
from orders.states import Checked, ReturnCause, ReturnKind, ReturnState
from staff.models import Person


class Delivery(models.Model):
    """Goods of one order handed over on one day, and by whom it was signed for.

    `delivered_at` is the hour where it is known. A wrong day is corrected, which moves what counts
    from it; a mistake is voided (decision 12). Of cars each line is a product of its own
    (`DeliveryLine.product`); of other trades the delivery as a whole is one.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="deliveries")
    delivered_on = models.DateField(_("delivered on"))
    delivered_at = models.DateTimeField(_("delivered at"), null=True)
    signed_by = models.CharField(_("signed for by"), max_length=64)
    checked = ArrayField(models.CharField(max_length=12, choices=Checked.choices), default=list)
    note = models.CharField(_("note"), max_length=400, blank=True)
    photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    product = models.ForeignKey(OwnedProduct, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(db_default=Now())
    noted_by = models.ForeignKey(Person, models.PROTECT, related_name="deliveries_noted")
    installed_on = models.DateField(_("installed on"), null=True)
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    void_reason = models.CharField(_("why"), max_length=200, blank=True)
    key = models.UUIDField(unique=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["order", "-delivered_on"], name="delivery_of_order"),
            models.Index(
                fields=["delivered_on"], condition=Q(voided_at=None), name="delivery_by_day"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="voided_delivery_says_who_and_why",
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.delivered_on}"


class DeliveryLine(models.Model):
    """So many pieces of one line in one delivery; `serial` is a car's VIN or a serial number."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="lines")
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="deliveries")
    qty = models.PositiveIntegerField(_("quantity"))
    serial = models.CharField(_("serial or VIN"), max_length=40, blank=True)
    product = models.ForeignKey(OwnedProduct, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "line"], name="line_once_a_delivery"),
            models.CheckConstraint(name="delivered_pieces", condition=Q(qty__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.line_id}"


class Return(models.Model):
    """A return or exchange of goods of one line (ORD-37), decided by a manager.

    `is_within` says whether the window of the policy held on `asked_on`; beyond it a manager's
    reason is needed (`beyond_reason`). `amount` is what the goods cost when it was asked for,
    and, once settled, what was made good. Settled, a return is a
    credit, and an exchange another line of the same order.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="returns")
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="returns")
    kind = models.CharField(max_length=10, choices=ReturnKind.choices)
    cause = models.CharField(_("why"), max_length=10, choices=ReturnCause.choices)
    qty = models.PositiveIntegerField(_("quantity"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    asked_on = models.DateField(_("asked for on"))
    is_within = models.BooleanField()
    note = models.CharField(_("note"), max_length=400, blank=True)
    state = models.CharField(max_length=10, choices=ReturnState.choices, default=ReturnState.ASKED)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(_("why"), max_length=200, blank=True)
    settled_on = models.DateField(null=True)
    credit = models.OneToOneField(Credit, models.PROTECT, null=True, related_name="goods_back")
    new_line = models.ForeignKey(OrderLine, models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="returns")
    key = models.UUIDField(unique=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["order", "-asked_on"], name="return_of_order"),
            models.Index(fields=["-asked_on", "-id"], name="return_newest"),
        ]
        constraints = [
            models.CheckConstraint(name="return_has_pieces", condition=Q(qty__gt=0, amount__gte=0)),
            models.CheckConstraint(
                name="decided_return_has_who",
                condition=Q(state=ReturnState.ASKED, decided_by=None, decided_at=None)
                | ~Q(state=ReturnState.ASKED)
                & Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="refused_or_late_return_says_why",
                condition=~Q(state=ReturnState.REFUSED) & Q(is_within=True)
                | Q(state=ReturnState.ASKED)
                | ~Q(decision_note=""),
                violation_error_message=_("Say why it is refused, or why it is taken so late."),
            ),
            models.CheckConstraint(
                name="nobody_decides_the_own_return",
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                violation_error_message=_("Somebody else decides a return that you asked for."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind} {self.qty}"
