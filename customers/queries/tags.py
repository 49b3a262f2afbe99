"""Which tags there are, and whose."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from customers.models import Customer, Tag, TaggedCustomer


def all_tags() -> QuerySet[Tag]:
    """Every tag, by name."""
    return Tag.objects.order_by("name", "pk")


def tagged_with(tag: int) -> QuerySet:
    """The ids of the customers who have this tag."""
    return TaggedCustomer.objects.filter(tag=tag).values("customer")


def with_tags(customers: QuerySet[Customer]) -> QuerySet:
    """Each customer with `tag_names`, a list in order."""
    names = TaggedCustomer.objects.filter(customer=OuterRef("pk")).order_by("tag__name", "pk")
    return customers.annotate(tag_names=ArraySubquery(names.values("tag__name")))
