"""What holds for orders of a trade or of a customer, and what is signed at the end of a day."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from staff.models import Person, Store
from staff.states import Trade


class OrderTerms(models.Model):
    """The parameters of orders in one trade; changed by operations, each change on the trail.

    Yuan and days: `slip_band` how much less than the order a slip may say (ORD-31), `check_days`
    before the delivery all must be paid (ORD-20), `credit_days` after a change a credit is
    refundable (ORD-17), `return_days` after a delivery goods may come back (ORD-37),
    `hold_after_days` overdue shipments are held (formulas 3.10), `monthly_days` after the end of
    the month of delivery monthly terms are due; `claw_back_percent` of the commission is taken
    back when the customer returns goods (formulas 3.13).
    """

    trade = models.CharField(max_length=20, choices=Trade.choices, unique=True)
    slip_band = models.DecimalField(
        _("tolerance of a slip, ¥"), max_digits=10, decimal_places=2, default=0
    )
    check_days = models.PositiveSmallIntegerField(_("paid days before delivery"), default=7)
    credit_days = models.PositiveSmallIntegerField(_("credit refundable after days"), default=28)
    return_days = models.PositiveSmallIntegerField(_("returns within days"), default=7)
    hold_after_days = models.PositiveSmallIntegerField(
        _("shipments held when overdue by days"), default=31
    )
    monthly_days = models.PositiveSmallIntegerField(_("monthly terms: days"), default=30)
    claw_back_percent = models.PositiveSmallIntegerField(_("commission taken back, %"), default=90)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.trade


class Account(models.Model):
    """On what terms one customer buys: monthly terms, a limit, a hold (FIN-05, FIN-06)."""

    customer = models.OneToOneField(Customer, models.PROTECT, related_name="account")
    is_monthly = models.BooleanField(_("monthly terms"), default=False)
    credit_limit = models.DecimalField(
        _("credit limit, ¥"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    is_held = models.BooleanField(_("deliveries held"), default=False)
    reason = models.CharField(_("why"), max_length=200, blank=True)
    set_at = models.DateTimeField(db_default=Now())
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="held_account_says_why", condition=Q(is_held=False) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="credit_limit_is_not_negative",
                condition=Q(credit_limit=None) | Q(credit_limit__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return str(self.customer_id)


class Statement(models.Model):
    """A statement (对账单) sent to a customer, and whether they agreed with it (FIN-07)."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="statements")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    balance = models.DecimalField(_("balance"), max_digits=14, decimal_places=2)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed by the customer"), null=True)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["customer", "-made_at"], name="statement_of_customer")]
        constraints = [
            models.CheckConstraint(
                name="statement_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.ends_on}"


class DayEnd(models.Model):
    """The day-end reconciliation of one store, signed by finance (ORD-29): what it counted then."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="day_ends")
    day = models.DateField()
    orders = models.PositiveIntegerField()
    ordered = models.DecimalField(max_digits=16, decimal_places=2)
    payments = models.PositiveIntegerField()
    received = models.DecimalField(max_digits=16, decimal_places=2)
    note = models.CharField(_("note"), max_length=400, blank=True)
    closed_at = models.DateTimeField(db_default=Now())
    closed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "day"], name="one_day_end_a_day")]

    def __str__(self) -> str:
        return f"{self.store_id} {self.day}"
