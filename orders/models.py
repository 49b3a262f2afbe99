"""Orders, for now as far as everything else must know of them: who bought, where, when."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, Project
from orders.states import Method
from staff.models import Person, Store


class Order(models.Model):
    """One order of one customer for one project."""

    number = models.CharField(_("order no."), max_length=40, unique=True)
    ordered_on = models.DateField(_("ordered on"))
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="orders")
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="orders")
    store = models.ForeignKey(Store, models.PROTECT, related_name="orders")
    seller = models.ForeignKey(Person, models.PROTECT, related_name="orders")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["store", "-ordered_on"], name="order_of_store")]

    def __str__(self) -> str:
        return self.number


class Deposit(models.Model):
    """Money that was taken before the goods (定金), at the server's time; returned whole or not.

    `payer` is who paid, as whoever took it was told: the receipt says no more than they know.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="deposits")
    payer = models.CharField(_("received from"), max_length=64)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    method = models.CharField(_("paid by"), max_length=10, choices=Method.choices)
    taken_at = models.DateTimeField(_("taken at"))
    taken_by = models.ForeignKey(
        Person, models.PROTECT, related_name="deposits_taken", verbose_name=_("taken by")
    )
    key = models.UUIDField(unique=True, editable=False)
    returned_at = models.DateTimeField(_("returned"), null=True)
    returned_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    return_reason = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-taken_at", "-id"], name="deposit_newest"),
            models.Index(fields=["taken_by", "-taken_at"], name="deposit_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                name="deposit_is_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("The amount is more than 0."),
            ),
            models.CheckConstraint(
                name="deposit_returned_has_who_and_why",
                condition=Q(returned_at=None, returned_by=None, return_reason="")
                | Q(returned_at__isnull=False, returned_by__isnull=False) & ~Q(return_reason=""),
            ),
            models.CheckConstraint(
                name="nobody_returns_the_own_deposit",
                condition=Q(returned_by=None) | ~Q(returned_by=F("taken_by")),
                violation_error_message=_("Somebody else returns a deposit that you took."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.amount}"
