"""The stock ledger (收发存): every pair that came or left, and what is on its way or asked for."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from staff.models import Person, Store
from stock.models.masters import Style
from stock.states import Kind


class Movement(models.Model):
    """One row of the shop's own ledger: so many pairs moved in an office on a day (forms 2.14).

    `quantity` is over 0, but of an opening stock. Yuan a pair: `unit_price` is what was paid, of
    sales and customers' returns; `unit_cost` of purchases and opening stock. It is the same row
    again when office, document and line agree, or without a line office, document, style, size,
    kind and day.
    """

    office = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("office"))
    style = models.ForeignKey(Style, models.PROTECT, related_name="movements")
    on = models.DateField(_("day"))
    kind = models.PositiveSmallIntegerField(_("type"), choices=Kind.choices)
    size = models.CharField(_("size"), max_length=10, blank=True)
    colour = models.CharField(_("colour"), max_length=20, blank=True)
    quantity = models.IntegerField(_("quantity"))
    unit_price = models.DecimalField(_("paid a pair"), max_digits=12, decimal_places=2, null=True)
    unit_cost = models.DecimalField(_("cost a pair"), max_digits=12, decimal_places=2, null=True)
    document = models.CharField(_("document"), max_length=40)
    line = models.CharField(_("line"), max_length=20, blank=True)
    reference = models.CharField(_("refers to"), max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["style", "office", "on"], name="movement_of_style"),
            models.Index(fields=["style", "document"], name="movement_of_document"),
            models.Index(
                fields=["style", "reference"],
                condition=~Q(reference=""),
                name="movement_that_refers",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "document", "line"],
                condition=~Q(line=""),
                name="one_movement_a_line",
            ),
            models.UniqueConstraint(
                fields=["office", "document", "style", "size", "kind", "on"],
                condition=Q(line=""),
                name="one_movement_without_line",
            ),
            models.CheckConstraint(
                name="only_opening_stock_is_negative",
                condition=Q(quantity__gt=0) | Q(kind=Kind.OPENING) & ~Q(quantity=0),
            ),
            models.CheckConstraint(name="movement_has_a_document", condition=~Q(document="")),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.line}".strip()


class DaySum(models.Model):
    """What the movements of one style in one office and day come to, all sizes together.

    Kept: recounted for every day that an import touches, never added to. The rows of a style are
    what `stock.rules.threads.condensed` makes of its movements, so that ages reckoned from them are
    those of the ledger: receipts or outflows of a day whose order says nothing are one row without
    document; the others keep their documents, a transfer its size. `position` is the place in the
    order of the office's day, from 0 over all kinds.
    `quantity` is pairs. Yuan: `amount` was paid for the `priced` pairs among them, `cost` for the
    `costed` ones.
    """

    # The database does not check these keys: the movements that are summed have them checked. Sums
    # are asked for by style, which the one index has first; each more would be kept for every row.
    office = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    style = models.ForeignKey(
        Style, models.PROTECT, related_name="day_sums", db_constraint=False, db_index=False
    )
    on = models.DateField()
    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    position = models.PositiveIntegerField(default=0)
    document = models.CharField(max_length=40, blank=True)
    reference = models.CharField(max_length=40, blank=True)
    size = models.CharField(max_length=10, blank=True)
    quantity = models.IntegerField()
    priced = models.IntegerField(default=0)
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    costed = models.IntegerField(default=0)
    cost = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["style", "office", "on", "kind", "position"], name="one_sum_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.style_id} {self.office_id} {self.on}"


class SizeStock(models.Model):
    """What lies of one size in one office, after all movements of the ledger; kept like the sums.

    A size that ever moved has a row, at 0 too: those of all offices are the range of a style and
    colour.
    """

    office = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    style = models.ForeignKey(
        Style, models.PROTECT, related_name="size_stocks", db_constraint=False, db_index=False
    )
    colour = models.CharField(max_length=20, blank=True)
    size = models.CharField(max_length=10, blank=True)
    quantity = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["style", "office", "colour", "size"], name="one_stock_a_size"
            )
        ]

    def __str__(self) -> str:
        return f"{self.style_id} {self.office_id} {self.size}"


class InTransit(models.Model):
    """Pairs on their way to an office by the shop's own system, with the day they are due.

    What transfers of the ledger have on the way is not here.
    """

    office = models.ForeignKey(Store, models.PROTECT, related_name="+")
    style = models.ForeignKey(Style, models.PROTECT, related_name="in_transit")
    size = models.CharField(_("size"), max_length=10, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"))
    due_on = models.DateField(_("due"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["style", "office", "size", "due_on"],
                nulls_distinct=False,
                name="one_in_transit_a_due_day",
            ),
            models.CheckConstraint(name="in_transit_is_some", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.style_id} {self.office_id} {self.due_on}"


class Request(models.Model):
    """What an office asked for on a day and what was shipped to it (要货, MER-27).

    `served` is what was shipped of each line of the day, no more than that line asked for, added
    up: what one line got beyond its request makes up for no other (formulas 3.6).
    """

    office = models.ForeignKey(Store, models.PROTECT, related_name="+")
    style = models.ForeignKey(Style, models.PROTECT, related_name="requests")
    on = models.DateField(_("day"))
    requested = models.PositiveIntegerField(_("requested"))
    shipped = models.PositiveIntegerField(_("shipped"), default=0)
    served = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["on", "office"], name="request_of_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["style", "office", "on"], name="one_request_an_office_and_day"
            ),
            models.CheckConstraint(
                name="request_is_some", condition=Q(requested__gt=0) | Q(shipped__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.style_id} {self.office_id} {self.on}"


class SheetMapping(models.Model):
    """Which columns of one shop's sheet are read as what, as somebody chose it: key → place.

    `headers` is a hash of the sheet's headers, by which the source is known again.
    """

    kind = models.CharField(max_length=20)
    headers = models.CharField(max_length=64)
    columns = models.JSONField()
    chosen_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "headers"], name="one_mapping_a_source")
        ]

    def __str__(self) -> str:
        return self.kind
