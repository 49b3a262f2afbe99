"""Money of an order: what is due when, what was paid, and the papers that prove it."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.models import StoredFile
from core.rules import TAKE_BACK_WITHIN
from orders.models.papers import Order
from orders.models.triggers import keeps_orders
from orders.states import BillState, DueKind, Method, PaymentKind, SlipResult
from staff.models import Person


class Due(models.Model):
    """One amount that an order's terms ask for (FIN-01), and the day on which it is due.

    The day of a relative kind follows the delivery; null until there is one. While it is disputed
    its dunning rests, its ageing does not (formulas 3.10).
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="dues")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("due"), max_length=16, choices=DueKind.choices)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    disputed_at = models.DateTimeField(null=True)
    disputed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    dispute_reason = models.CharField(_("what is disputed"), max_length=200, blank=True)

    class Meta:
        triggers = keeps_orders("order_id")
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="one_due_a_position"),
            models.CheckConstraint(name="due_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="due_on_a_day_has_it",
                condition=~Q(kind=DueKind.ON_DAY) | Q(due_on__isnull=False),
            ),
            models.CheckConstraint(
                name="disputed_due_says_who_and_why",
                condition=Q(disputed_at=None, disputed_by=None, dispute_reason="")
                | Q(disputed_at__isnull=False, disputed_by__isnull=False) & ~Q(dispute_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(due_on__isnull=False), name="due_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.amount}"


class Payment(models.Model):
    """Money that was taken for an order, at the server's time; given back whole or not at all.

    A deposit (定金) is taken before the goods. `payer` is who paid, as whoever took it was told:
    the receipt says no more than they know. Somebody else than the taker confirms it; one that
    finance cannot confirm is given back, with what it caused (decision 5); its taker takes back a
    mistake within ten minutes (decision 12). What the shop's own system told is imported: it was
    counted there, and the system's account confirms it.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    kind = models.CharField(
        max_length=10,
        choices=PaymentKind.choices,
        default=PaymentKind.DEPOSIT,
        db_default="deposit",
    )
    payer = models.CharField(_("received from"), max_length=64)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    method = models.CharField(_("paid by"), max_length=10, choices=Method.choices)
    taken_at = models.DateTimeField(_("taken at"))
    taken_by = models.ForeignKey(
        Person, models.PROTECT, related_name="payments_taken", verbose_name=_("taken by")
    )
    key = models.UUIDField(unique=True, editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True, db_default="")
    is_imported = models.BooleanField(default=False, db_default=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(_("returned"), null=True)
    returned_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    return_reason = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        triggers = keeps_orders("order_id")
        indexes = [
            models.Index(fields=["-taken_at", "-id"], name="payment_newest"),
            models.Index(fields=["taken_by", "-taken_at"], name="payment_of_person"),
            models.Index(
                fields=["taken_at"],
                condition=Q(confirmed_at=None, returned_at=None),
                name="payment_to_confirm",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="payment_is_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("The amount is more than 0."),
            ),
            models.CheckConstraint(
                name="payment_confirmed_has_who",
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="nobody_confirms_the_own_payment",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("taken_by")),
                violation_error_message=_("Somebody else confirms a payment that you recorded."),
            ),
            models.CheckConstraint(
                name="payment_returned_has_who_and_why",
                condition=Q(returned_at=None, returned_by=None, return_reason="")
                | Q(returned_at__isnull=False, returned_by__isnull=False) & ~Q(return_reason=""),
            ),
            models.CheckConstraint(
                name="nobody_returns_the_own_payment",
                condition=Q(returned_by=None)
                | ~Q(returned_by=F("taken_by"))
                | Q(confirmed_at=None, returned_at__lte=F("taken_at") + TAKE_BACK_WITHIN),
                violation_error_message=_("Somebody else returns a payment that you took."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.amount}"


class Slip(models.Model):
    """A remittance slip (银行汇款水单), compared with its order (ORD-30, ORD-31).

    `compared_with` is what was still to be paid then; `band` the tolerance that held.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="slips")
    payer = models.CharField(_("payer"), max_length=64)
    bank = models.CharField(_("bank"), max_length=60)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    paid_on = models.DateField(_("paid on"))
    image = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    compared_with = models.DecimalField(max_digits=14, decimal_places=2)
    band = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    result = models.CharField(max_length=12, choices=SlipResult.choices)
    noted_at = models.DateTimeField(db_default=Now())
    noted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="slip")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    settled_note = models.CharField(_("how the difference was settled"), max_length=200, blank=True)
    key = models.UUIDField(unique=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["order", "-noted_at"], name="slip_of_order")]
        constraints = [
            models.CheckConstraint(name="slip_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="slip_settled_has_who",
                condition=Q(settled_at=None, settled_by=None, settled_note="")
                | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.amount}"


class Bill(models.Model):
    """The cheque or acceptance by which a payment was made, and where it is (FIN-04)."""

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="bill")
    number = models.CharField(_("bill no."), max_length=40)
    bank = models.CharField(_("bank"), max_length=60)
    due_on = models.DateField(_("due on"))
    state = models.CharField(max_length=10, choices=BillState.choices, default=BillState.HELD)
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["due_on"], condition=Q(state=BillState.HELD), name="bill_in_hand")
        ]

    def __str__(self) -> str:
        return self.number
