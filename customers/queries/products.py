"""What customers own, as the card shows it."""

from django.db.models import Prefetch, QuerySet

from customers.models import Customer, OwnedProduct, ProductEvent
from customers.queries.attachments import attached


def products_of(customer: Customer) -> QuerySet[OwnedProduct]:
    """What this customer owns, the newest first, with what happened to each and its pictures; what
    is gone stands at the end. Three queries, however many.
    """
    events = ProductEvent.objects.select_related("noted_by", "voided_by")
    pictures = attached()
    return (
        OwnedProduct.objects.filter(customer=customer)
        .select_related("store", "sold_by")
        .prefetch_related(
            Prefetch("events", events.order_by("-on", "-pk")),
            Prefetch("attachments", pictures.order_by("-added_at", "-pk")),
        )
        .order_by(
            "-gone_on",  # none first: PostgreSQL sorts nothing before everything, descending
            "-delivered_on",
            "-purchased_on",
            "-pk",
        )
    )
