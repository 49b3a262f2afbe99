"""Designers' commission: whom they introduced, and what they were paid for it (ORD-18)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, Designer
from orders.models.deliveries import Return
from orders.models.papers import Order
from orders.states import CommissionKind
from staff.models import Person


class Introduction(models.Model):
    """A designer brought a customer; the rates are those of the agreement on that day, in %."""

    designer = models.ForeignKey(Designer, models.PROTECT, related_name="introductions")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="introductions")
    introduced_on = models.DateField(_("introduced on"))
    furniture_rate = models.DecimalField(
        _("commission on furniture, %"), max_digits=5, decimal_places=2
    )
    accessories_rate = models.DecimalField(
        _("commission on accessories, %"), max_digits=5, decimal_places=2
    )
    noted_at = models.DateTimeField(db_default=Now())
    noted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["designer", "customer"], name="one_introduction_a_customer"
            ),
            models.CheckConstraint(
                name="introduction_rates_are_percentages",
                condition=Q(furniture_rate__range=(0, 100), accessories_rate__range=(0, 100)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.designer_id} {self.customer_id}"


class CommissionEntry(models.Model):
    """Commission of one order that was paid out, or clawed back after a return. Never edited."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="commissions")
    designer = models.ForeignKey(Designer, models.PROTECT, related_name="commissions")
    kind = models.CharField(max_length=12, choices=CommissionKind.choices)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    on = models.DateField(_("on"))
    voucher = models.CharField(_("voucher no."), max_length=40, blank=True)
    goods_back = models.OneToOneField(Return, models.PROTECT, null=True, related_name="claw_back")
    noted_at = models.DateTimeField(db_default=Now())
    noted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["designer", "-on"], name="commission_of_designer"),
            models.Index(fields=["order"], name="commission_of_order"),
        ]
        constraints = [
            models.CheckConstraint(name="commission_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="claw_back_names_its_return",
                condition=Q(kind=CommissionKind.CLAWED_BACK, goods_back__isnull=False)
                | Q(kind=CommissionKind.PAID, goods_back=None) & ~Q(voucher=""),
                violation_error_message=_("A payment of commission has a voucher."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind} {self.amount}"
