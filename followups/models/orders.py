"""What orders make appear in follow-up: days from which steps count, and chores in the house."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from customers.models import Customer
from followups.states import ORDER_ANCHORS, Anchor, ChoreKind
from staff.models import Person, Store


class AnchorDay(models.Model):
    """A day of an order, a receivable or a credit from which steps count.

    `subject_id` is the row above that says so, `on` the day as it stands, `noted_at` when it was
    noted so (decision 9). `assignee` does what a step gives to who sold; null: the keeper. `text`
    says what it is about in any language, `path` opens it. While it is paused, and once it has
    ended, nothing is owed for it; what would have fallen due before `asks_from`, the day on which
    it went on, never is.
    """

    anchor = models.CharField(
        max_length=20, choices=[(each.value, each.label) for each in ORDER_ANCHORS]
    )
    subject_id = models.BigIntegerField()
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="anchor_days")
    assignee = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    noted_at = models.DateTimeField()
    text = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=200, blank=True)
    paused_from = models.DateField(null=True)
    asks_from = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["anchor", "subject_id"], name="one_day_a_subject_of_an_order"
            ),
            models.CheckConstraint(
                name="day_of_an_order_has_its_anchor", condition=Q(anchor__in=ORDER_ANCHORS)
            ),
        ]

    def __str__(self) -> str:
        return f"{Anchor(self.anchor)} {self.subject_id} {self.on}"


class Chore(models.Model):
    """Work inside the house that is no contact with a customer (ORD-14, ORD-23, ORD-31).

    `subject_id` is what it is about; `occurrence` tells those apart that come again, as the weekly
    look at one's own orders does. `person` null: whoever has the duty for the store, else who leads
    it (`followups.states.DUTY_OF_CHORE`). It is open until it is done, or dropped because nothing
    is left to do.
    """

    kind = models.CharField(max_length=12, choices=ChoreKind.choices)
    subject_id = models.BigIntegerField()
    occurrence = models.PositiveIntegerField(default=0)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="chores")
    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    due_on = models.DateField()
    text = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "occurrence"], name="one_chore_an_occurrence"
            ),
            models.CheckConstraint(
                name="done_chore_has_who_and_when",
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
            ),
            models.CheckConstraint(
                name="chore_is_done_or_dropped",
                condition=Q(done_at=None) | Q(dropped_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["person", "due_on"],
                condition=Q(done_at=None, dropped_at=None),
                name="chore_open_of_person",
            ),
            models.Index(
                fields=["store", "due_on", "id"],
                condition=Q(done_at=None, dropped_at=None),
                name="chore_open_of_store",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"
