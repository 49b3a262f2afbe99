"""What the customer card says of leads beside the filing itself, in the card's own statement."""

from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from customers.models import Customer
from filings.models import Deal, Filing, Measuring, Policy

if TYPE_CHECKING:
    from datetime import datetime

    from django_stubs_ext import WithAnnotations

    class _Leads(TypedDict):
        measured_at: datetime | None
        sold_at: datetime | None
        sold_order: str
        files_leads: bool
        is_filed: bool

    CustomerWithLeads = WithAnnotations[Customer, _Leads]
else:
    CustomerWithLeads = Customer


def with_leads(customers: QuerySet[Customer], *, today: date) -> QuerySet:
    """Customers with what their card says of their leads, as columns of the one read.

    `measured_at`: when their home was measured last, if the contact stands (FIL-17); `sold_at` and
    `sold_order` of the last deal that stands; `files_leads`: their store's trade files leads;
    `is_filed`: there are filings of them, whatever these came to.
    """
    measured = Measuring.objects.filter(customer=OuterRef("pk"), contact__voided_at=None)
    deals = Deal.objects.filter(customer=OuterRef("pk"), undone_at=None).order_by("-at", "-pk")
    policies = Policy.objects.filter(trade=OuterRef("store__trade"), valid_from__lte=today)
    in_force = policies.order_by("-valid_from").values("is_on")[:1]
    return customers.annotate(
        measured_at=Subquery(measured.order_by("-at", "-pk").values("at")[:1]),
        sold_at=Subquery(deals.values("at")[:1]),
        sold_order=Subquery(deals.values("order_no")[:1]),
        files_leads=Coalesce(Subquery(in_force), False),
        is_filed=Exists(Filing.objects.filter(customer=OuterRef("pk"))),
    )
