"""Quotes and orders, their lines and the papers kept with them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, Upper
from django.utils.translation import gettext_lazy as _

from core.models import StoredFile
from customers.models import Customer, Designer, Project
from filings.models import SpecialPriceLine
from orders.models.triggers import keeps_orders, keeps_promise, keeps_what_is_due
from orders.states import (
    OPEN_ORDERS,
    FileKind,
    LineState,
    OrderChannel,
    OrderState,
    Preparation,
    QuoteState,
    Supply,
    Terms,
)
from staff.models import Person, Store
from stock.models import Style


class PricedLine(models.Model):
    """So many pieces of one product at a price (forms 2.10).

    Prices are yuan a piece. `floor_price` is the break-even price as it was known then (null:
    unknown); under it only with the approved special price that carries it (FIL-38). `amount` is
    computed, never typed (ORD-27).
    """

    position = models.PositiveSmallIntegerField()
    style = models.ForeignKey(Style, models.PROTECT, null=True, blank=True, related_name="+")
    product = models.CharField(_("product"), max_length=120)
    spec = models.CharField(_("spec"), max_length=80, blank=True)
    colour = models.CharField(_("colour"), max_length=40, blank=True)
    qty = models.PositiveIntegerField(_("quantity"))
    list_price = models.DecimalField(_("list price"), max_digits=12, decimal_places=2)
    agreed_price = models.DecimalField(_("agreed price"), max_digits=12, decimal_places=2)
    floor_price = models.DecimalField(
        _("floor price"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    special_price = models.ForeignKey(
        SpecialPriceLine, models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_accessory = models.BooleanField(_("accessory"), default=False)
    amount = models.GeneratedField(
        expression=F("qty") * F("agreed_price"),
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
        db_persist=True,
    )
    remark = models.CharField(_("asked and noted"), max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_has_pieces_and_prices",
                condition=Q(qty__gt=0, list_price__gte=0, agreed_price__gte=0),
                violation_error_message=_("A line has at least one piece, and no price under 0."),
            ),
            models.CheckConstraint(
                name="%(class)s_under_floor_has_number",
                condition=Q(floor_price=None)
                | Q(agreed_price__gte=F("floor_price"))
                | Q(special_price__isnull=False),
                violation_error_message=_(
                    "A price under the floor needs an approved special price."
                ),
            ),
        ]


class Quote(models.Model):
    """Prices offered to one customer until a day; recorded at the server's time (FIL-35).

    `buyer` is the name as whoever quotes was told it: all that those read who do not see the card
    (decision 4). A quote for a known customer opens no project.
    """

    number = models.CharField(_("quote no."), max_length=40, unique=True)
    buyer = models.CharField(_("name"), max_length=64, blank=True, db_default="")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="quotes")
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="quotes")
    store = models.ForeignKey(Store, models.PROTECT, related_name="quotes")
    seller = models.ForeignKey(Person, models.PROTECT, related_name="quotes")
    quoted_at = models.DateTimeField(_("quoted at"), db_default=Now())
    valid_until = models.DateField(_("valid until"))
    state = models.CharField(max_length=10, choices=QuoteState.choices, default=QuoteState.OPEN)
    remark = models.CharField(_("remark"), max_length=400, blank=True)
    declined_reason = models.CharField(_("why"), max_length=200, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    key = models.UUIDField(unique=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-quoted_at"], name="quote_of_customer"),
            models.Index(fields=["store", "-quoted_at", "-id"], name="quote_of_store"),
            models.Index(fields=["seller", "-quoted_at", "-id"], name="quote_of_seller"),
            models.Index(fields=["-quoted_at", "-id"], name="quote_newest"),
        ]

    def __str__(self) -> str:
        return self.number


class QuoteLine(PricedLine):
    """One line of a quote."""

    quote = models.ForeignKey(Quote, models.CASCADE, related_name="lines")

    class Meta(PricedLine.Meta):
        constraints = [
            *PricedLine.Meta.constraints,
            models.UniqueConstraint(fields=["quote", "position"], name="one_line_a_quote_position"),
        ]

    def __str__(self) -> str:
        return self.product


class Order(models.Model):
    """One order of one customer for one project.

    `buyer` is the name as the seller was told it (decision 4). One that began with a deposit has
    no lines yet: its `amount` is null until they are written.
    `promised_on` never changes once the customer was told it; `current_on` is what is planned now
    (ORD-13). Of the columns at the end the database itself keeps the sums, from lines, payments,
    credits and dues (`triggers`): no path around the services makes them wrong, and
    nobody pays more than is owed. `due_before` is what the terms ask for before delivery
    (decision 16).
    """

    number = models.CharField(_("order no."), max_length=40, unique=True)
    buyer = models.CharField(_("name"), max_length=64, blank=True, db_default="")
    ordered_on = models.DateField(_("ordered on"))
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="orders")
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="orders")
    store = models.ForeignKey(Store, models.PROTECT, related_name="orders")
    seller = models.ForeignKey(Person, models.PROTECT, related_name="orders")
    made_at = models.DateTimeField(db_default=Now())
    quote = models.OneToOneField(Quote, models.PROTECT, null=True, related_name="order")
    state = models.CharField(
        max_length=10,
        choices=OrderState.choices,
        default=OrderState.RECEIVED,
        db_default=OrderState.RECEIVED,
    )
    channel = models.CharField(
        _("came"),
        max_length=10,
        choices=OrderChannel.choices,
        default=OrderChannel.IN_STORE,
        db_default=OrderChannel.IN_STORE,
    )
    clerk = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("order clerk")
    )
    designer = models.ForeignKey(
        Designer, models.PROTECT, null=True, related_name="orders", verbose_name=_("designer")
    )
    address = models.CharField(_("delivered to"), max_length=120, blank=True, db_default="")
    terms = models.CharField(
        _("terms"),
        max_length=12,
        choices=Terms.choices,
        default=Terms.PREPAID,
        db_default=Terms.PREPAID,
    )
    promised_on = models.DateField(_("promised for"), null=True, blank=True)
    wished_on = models.DateField(_("wished for"), null=True, blank=True)
    current_on = models.DateField(_("planned for"), null=True, blank=True)
    original_amount = models.DecimalField(
        _("amount on the customer's original"), max_digits=14, decimal_places=2, null=True
    )
    difference_reason = models.CharField(
        _("why it differs"), max_length=200, blank=True, db_default=""
    )
    remark = models.CharField(_("remark"), max_length=400, blank=True, db_default="")
    letter_sent_at = models.DateTimeField(null=True)
    letter_way = models.CharField(
        max_length=10, choices=OrderChannel.choices, blank=True, db_default=""
    )
    confirmed_at = models.DateTimeField(_("confirmed by the customer"), null=True)
    signed_on = models.DateField(_("signed on"), null=True)
    crew = models.CharField(_("crew"), max_length=80, blank=True, db_default="")
    time_window = models.CharField(_("time of day"), max_length=40, blank=True, db_default="")
    preparation = ArrayField(
        models.CharField(max_length=15, choices=Preparation.choices),
        default=list,
        db_default=[],
        blank=True,
    )
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    release_reason = models.CharField(
        _("why it is released"), max_length=200, blank=True, db_default=""
    )
    delivered_on = models.DateField(_("delivered on"), null=True)
    settled_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(
        _("why it is cancelled"), max_length=200, blank=True, db_default=""
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True)
    paid = models.DecimalField(_("paid"), max_digits=14, decimal_places=2, default=0, db_default=0)
    unconfirmed = models.DecimalField(max_digits=14, decimal_places=2, default=0, db_default=0)
    due_before = models.DecimalField(max_digits=14, decimal_places=2, default=0, db_default=0)
    lines_all = models.PositiveSmallIntegerField(default=0, db_default=0)
    lines_submitted = models.PositiveSmallIntegerField(default=0, db_default=0)
    lines_arrived = models.PositiveSmallIntegerField(default=0, db_default=0)
    lines_delivered = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        triggers = [keeps_what_is_due(), keeps_promise()]
        indexes = [
            models.Index(fields=["store", "-ordered_on"], name="order_of_store"),
            models.Index(fields=["-ordered_on", "-id"], name="order_newest"),
            models.Index(fields=["seller", "-ordered_on", "-id"], name="order_of_seller"),
            models.Index(fields=["customer", "-ordered_on"], name="order_of_customer"),
            models.Index(fields=["current_on", "id"], name="order_by_planned_day"),
            models.Index(F("amount").asc(nulls_first=True), "id", name="order_by_amount"),
            models.Index(
                fields=["-ordered_on", "-id"],
                condition=Q(state__in=OPEN_ORDERS),
                name="order_open",
            ),
            models.Index(
                fields=["seller"],
                condition=Q(state__in=OPEN_ORDERS),
                name="order_open_of_seller",
            ),
            # What a few letters find, and the beginning of a number in either case.
            GinIndex(OpClass("buyer", "gin_trgm_ops"), name="order_by_buyer"),
            models.Index(OpClass(Upper("number"), "varchar_pattern_ops"), name="order_by_number"),
            models.Index(
                fields=["designer", "-ordered_on"],
                condition=Q(designer__isnull=False),
                name="order_of_designer",
            ),
            models.Index(
                fields=["-ordered_on", "-id"],
                condition=Q(designer__isnull=False),
                name="order_with_designer",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="nobody_pays_more_than_is_owed",
                condition=Q(paid__gte=0) & (Q(amount=None) | Q(paid__lte=F("amount"))),
                violation_error_message=_("More is paid than this order costs."),
            ),
            models.CheckConstraint(
                name="difference_from_original_says_why",
                condition=Q(original_amount=None)
                | Q(amount=None)
                | Q(original_amount=F("amount"))
                | ~Q(difference_reason=""),
                violation_error_message=_("Say why the amount differs from the original."),
            ),
            models.CheckConstraint(
                name="confirmed_order_has_its_amount_and_day",
                condition=~Q(state=OrderState.CONFIRMED)
                | Q(amount__isnull=False, promised_on__isnull=False),
            ),
            models.CheckConstraint(
                name="settled_order_is_paid",
                condition=~Q(state__in=[OrderState.SETTLED, OrderState.ARCHIVED])
                | Q(amount=F("paid"), unconfirmed=0, settled_at__isnull=False),
                violation_error_message=_("An order with money open is not settled."),
            ),
            models.CheckConstraint(
                name="released_order_says_by_whom_and_why",
                condition=Q(released_at=None, released_by=None, release_reason="")
                | Q(released_at__isnull=False, released_by__isnull=False) & ~Q(release_reason=""),
            ),
            models.CheckConstraint(
                name="cancelled_order_says_why",
                condition=Q(state=OrderState.CANCELLED, cancelled_at__isnull=False)
                & ~Q(cancel_reason="")
                | ~Q(state=OrderState.CANCELLED) & Q(cancelled_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(PricedLine):
    """One line of an order: what its goods cost, where they come from and how far they are.

    `delivered_qty` counts deliveries that stand, `returned_qty` settled returns: what came back is
    out of the order's amount, not of the line's own.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    supply = models.CharField(_("from"), max_length=15, choices=Supply.choices)
    state = models.CharField(
        max_length=15, choices=LineState.choices, default=LineState.OPEN, db_default=LineState.OPEN
    )
    po_no = models.CharField(_("purchase order no."), max_length=40, blank=True)
    arrives_on = models.DateField(_("expected"), null=True, blank=True)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    tracking_no = models.CharField(_("tracking no."), max_length=60, blank=True)
    delivered_qty = models.PositiveIntegerField(_("delivered"), default=0, db_default=0)
    returned_qty = models.PositiveIntegerField(_("returned"), default=0, db_default=0)

    class Meta(PricedLine.Meta):
        triggers = keeps_orders("order_id")
        indexes = [
            models.Index(
                fields=["arrives_on"],
                condition=Q(state__in=[LineState.SUBMITTED, LineState.IN_PRODUCTION]),
                name="line_awaited",
            ),
            models.Index(
                fields=["order"],
                condition=Q(supply=Supply.FLOOR_SAMPLE),
                name="line_of_floor_sample",
            ),
        ]
        constraints = [
            *PricedLine.Meta.constraints,
            models.UniqueConstraint(fields=["order", "position"], name="one_line_a_position"),
            models.CheckConstraint(
                name="no_more_delivered_than_ordered",
                condition=Q(delivered_qty__lte=F("qty")),
                violation_error_message=_("More is delivered than was ordered."),
            ),
            models.CheckConstraint(
                name="no_more_returned_than_delivered",
                condition=Q(returned_qty__lte=F("delivered_qty")),
                violation_error_message=_("More comes back than was delivered."),
            ),
        ]

    def __str__(self) -> str:
        return self.product


class OrderFile(models.Model):
    """One paper kept with an order: the customer's original, the signed scan, a slip (ORD-08)."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="files")
    kind = models.CharField(_("kind"), max_length=10, choices=FileKind.choices)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    caption = models.CharField(_("caption"), max_length=120, blank=True)
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["order", "-added_at"], name="file_of_order")]
        constraints = [
            models.CheckConstraint(
                name="order_file_removal_has_who",
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.caption or self.get_kind_display()
