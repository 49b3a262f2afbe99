"""Pictures kept with a customer: floor plans, photos, sketches."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.models import StoredFile
from customers.models.customers import Customer
from customers.models.possessions import OwnedProduct
from customers.states import AttachmentKind
from staff.models import Person


class Attachment(models.Model):
    """One picture, re-encoded by us when it came in: nothing else is kept of what was sent."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="attachments")
    product = models.ForeignKey(OwnedProduct, models.PROTECT, null=True, related_name="attachments")
    kind = models.CharField(_("kind"), max_length=12, choices=AttachmentKind.choices)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    thumbnail = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    caption = models.CharField(_("caption"), max_length=120, blank=True)
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["customer", "-added_at"], name="attachment_of_customer")]
        constraints = [
            models.CheckConstraint(
                name="attachment_removal_has_who",
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.caption or self.get_kind_display()
