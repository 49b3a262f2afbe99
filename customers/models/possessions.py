"""What a customer means to buy (projects) and what they own."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models.customers import Customer
from customers.states import GoneReason, ProductEventKind, Replacement
from staff.models import Person, Store


class Project(models.Model):
    """One thing to be bought: a delivery address, a vehicle, a purchase (decision 1).

    `joined_to` is the project of the same home that another card had, when two cards were merged:
    this one keeps its history and is chosen no more.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="projects")
    name = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=120, blank=True)
    address_key = models.CharField(max_length=120, blank=True)
    opened_at = models.DateTimeField(db_default=Now())
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    joined_to = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name or self.address or str(self.pk)


class OwnedProduct(models.Model):
    """One product that a customer has bought; its dates are the anchors of care after the sale.

    `delivered_at` is the exact time where it is known; `delivered_on` is the day in the store's
    zone. `delivered_noted_at` and `purchased_noted_at` say when we learnt of it (decision 9),
    `terms_noted_at` when the days ahead (insurance, warranty, first service) last changed.
    `order_no` is the order whose delivery this is: its day is corrected there.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="products")
    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    product = models.CharField(_("product"), max_length=120)
    serial = models.CharField(_("serial or VIN"), max_length=40, blank=True)
    sold_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sold by")
    )
    purchased_on = models.DateField(_("purchased on"), null=True, blank=True)
    purchased_noted_at = models.DateTimeField(null=True)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    delivered_noted_at = models.DateTimeField(null=True)
    order_no = models.CharField(max_length=40, blank=True, db_default="", editable=False)
    insurance_until = models.DateField(_("insured until"), null=True, blank=True)
    colour = models.CharField(_("colour"), max_length=40, blank=True, db_default="")
    engine_no = models.CharField(_("engine no."), max_length=40, blank=True, db_default="")
    plate = models.CharField(_("plate"), max_length=20, blank=True, db_default="")
    invoice_on = models.DateField(_("invoice on"), null=True, blank=True)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2, null=True, blank=True)
    payment = models.CharField(_("payment"), max_length=40, blank=True, db_default="")
    first_service_on = models.DateField(_("first service on"), null=True, blank=True)
    first_service_km = models.PositiveIntegerField(_("first service at km"), null=True, blank=True)
    warranty_until = models.DateField(_("warranty until"), null=True, blank=True)
    insurer = models.CharField(_("insurer"), max_length=60, blank=True, db_default="")
    policy_no = models.CharField(_("policy no."), max_length=60, blank=True, db_default="")
    replacement = models.CharField(
        _("replacement"), max_length=10, choices=Replacement.choices, blank=True, db_default=""
    )
    note = models.CharField(_("note"), max_length=400, blank=True, db_default="")
    terms_noted_at = models.DateTimeField(null=True, editable=False)
    gone_on = models.DateField(_("gone on"), null=True, blank=True)
    gone_reason = models.CharField(
        _("gone because"), max_length=10, choices=GoneReason.choices, blank=True, db_default=""
    )
    gone_note = models.CharField(max_length=200, blank=True, db_default="")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["plate"], condition=~Q(plate=""), name="product_by_plate"),
        ]
        constraints = [
            # What is gone may come again: sold on to another customer, recorded on a wrong card.
            models.UniqueConstraint(
                fields=["serial"],
                condition=~Q(serial="") & Q(gone_on=None),
                name="one_owner_a_serial",
                violation_error_message=_("This serial number belongs to another product."),
            ),
            models.CheckConstraint(
                name="delivery_is_noted",
                condition=Q(delivered_on=None, delivered_at=None, delivered_noted_at=None)
                | Q(delivered_on__isnull=False, delivered_noted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="price_is_positive", condition=Q(price=None) | Q(price__gt=0)
            ),
            models.CheckConstraint(
                name="gone_product_says_why",
                condition=Q(gone_on=None, gone_reason="", gone_note="")
                | Q(gone_on__isnull=False) & ~Q(gone_reason=""),
            ),
            models.CheckConstraint(
                name="terms_are_noted",
                condition=Q(insurance_until=None, first_service_on=None, warranty_until=None)
                | Q(terms_noted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="purchase_is_noted",
                condition=Q(purchased_on=None, purchased_noted_at=None)
                | Q(purchased_on__isnull=False, purchased_noted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.product


class ProductEvent(models.Model):
    """Something that happened to an owned product: a service, a renewal, a complaint (forms 2.5).

    A mistake is voided, never edited. A renewal keeps what was insured before it (`*_before`), so
    that voiding gives it back.
    """

    product = models.ForeignKey(OwnedProduct, models.PROTECT, related_name="events")
    kind = models.CharField(_("what"), max_length=15, choices=ProductEventKind.choices)
    on = models.DateField(_("on"))
    mileage = models.PositiveIntegerField(_("mileage, km"), null=True, blank=True)
    amount = models.DecimalField(
        _("amount"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    insurer = models.CharField(_("insurer"), max_length=60, blank=True)
    insured_until = models.DateField(_("insured until"), null=True, blank=True)
    policy_no = models.CharField(_("policy no."), max_length=60, blank=True, db_default="")
    insurer_before = models.CharField(max_length=60, blank=True, db_default="")
    insured_before_until = models.DateField(null=True)
    policy_before = models.CharField(max_length=60, blank=True, db_default="")
    text = models.CharField(_("remark"), max_length=400, blank=True)
    noted_at = models.DateTimeField(db_default=Now())
    noted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    void_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["product", "-on"], name="event_of_product")]
        constraints = [
            models.CheckConstraint(
                name="product_event_void_has_who_and_why",
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason=""),
            ),
            models.CheckConstraint(
                name="renewal_says_until_when",
                condition=~Q(kind=ProductEventKind.RENEWAL) | Q(insured_until__isnull=False),
                violation_error_message=_("Say until when the product is insured now."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.kind} {self.on}"
