"""The people around a customer: the household, and the key people of a company."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models.customers import Customer
from customers.models.kept import (
    HasBirthday,
    HasNumber,
    birthday_has_month_and_day,
    birthday_is_noted,
)
from customers.states import BuyerRole, Relation
from staff.models import Person


class HouseholdMember(HasNumber, HasBirthday):
    """One member of a customer's household (AFT-26, forms 2.5)."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="household")
    relation = models.CharField(_("relation"), max_length=10, choices=Relation.choices)
    name = models.CharField(_("name"), max_length=64, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            birthday_has_month_and_day("member_birthday_has_month_and_day"),
            birthday_is_noted("member_birthday_is_noted"),
        ]
        indexes = [
            models.Index(fields=["key"], condition=Q(key__isnull=False), name="member_by_number")
        ]

    def __str__(self) -> str:
        return self.name or self.get_relation_display()


class KeyPerson(HasNumber, HasBirthday):
    """Somebody who counts in the purchase of a company that is our customer (AFT-26, KNW-05)."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="key_people")
    name = models.CharField(_("name"), max_length=64)
    position = models.CharField(_("position"), max_length=60, blank=True)
    role = models.CharField(
        _("part in the purchase"), max_length=20, choices=BuyerRole.choices, blank=True
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            birthday_has_month_and_day("key_person_birthday_has_month_and_day"),
            birthday_is_noted("key_person_birthday_is_noted"),
        ]

    def __str__(self) -> str:
        return self.name
