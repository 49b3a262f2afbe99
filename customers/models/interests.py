"""What customers are interested in, and the tags a company gives them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from customers.models.customers import Customer
from staff.models import Person
from stock.models import Brand, Style


class Interest(models.Model):
    """A product, style or brand in which a customer has shown interest (forms 2.7)."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="interests")
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, blank=True, related_name="+")
    style = models.ForeignKey(Style, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField(_("product"), max_length=120, blank=True)
    noted_at = models.DateTimeField(db_default=Now())
    noted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="interest_names_something",
                condition=~Q(text="") | Q(brand__isnull=False) | Q(style__isnull=False),
                violation_error_message=_("Name a product, a style or a brand."),
            )
        ]

    def __str__(self) -> str:
        return self.text or str(self.style or self.brand)


class Tag(models.Model):
    """A word by which a company groups customers, such as “autumn fair”."""

    name = models.CharField(_("tag"), max_length=30)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="one_tag_a_name")]

    def __str__(self) -> str:
        return self.name


class TaggedCustomer(models.Model):
    """One customer has one tag."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="tagged")
    tagged_at = models.DateTimeField(db_default=Now())
    tagged_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tag", "customer"], name="one_tag_a_customer")
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.tag_id}"
