"""Rows that an address names: out of reach they do not exist (404), without the right 403."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from customers.models import Contact, OwnedProduct, ProductEvent
from customers.queries import MaskedCustomer, card_that_stands, with_masked_phone
from customers.queries import visible as visible_customers
from filings.queries.foreseeing import IS_STANDING
from followups import queries
from followups.queries import TaskOfDay
from staff.requests import Request


def get_customer_for(request: Request, pk: int) -> MaskedCustomer:
    """The customer `pk` with store and masked number; a merged card's is where it went.

    The keeper is read by the few who ask for more than who it is; `is_filed` says whether a filing
    of theirs stands, whoever holds it: no page shows that.
    """
    visible = with_masked_phone(visible_customers(request.reach))
    rows = visible.select_related("store").annotate(is_filed=IS_STANDING)
    return rows.filter(pk=pk).first() or get_object_or_404(rows, pk=card_that_stands(pk))


def get_task_to_serve(request: Request, pk: int) -> TaskOfDay:
    """A task within reach that this person may do; whoever only reads it is refused (403)."""
    task = queries.get_task_for(request.reach, pk)
    if not request.reach.may_serve:
        raise PermissionDenied
    return task


def get_contact_for(request: Request, pk: int) -> Contact:
    """A contact of a customer within reach."""
    contacts = Contact.objects.select_related("customer__store", "by", "on_behalf_of")
    return get_object_or_404(contacts.filter(customer__in=visible_customers(request.reach)), pk=pk)


def get_product_for(request: Request, pk: int) -> OwnedProduct:
    """A product of a customer within reach, with its store, customer and seller."""
    products = OwnedProduct.objects.select_related(
        "store", "sold_by", "customer__store", "customer__owner"
    )
    return get_object_or_404(products.filter(customer__in=visible_customers(request.reach)), pk=pk)


def get_product_event_for(request: Request, pk: int) -> ProductEvent:
    """Something that happened to a product of a customer within reach."""
    events = ProductEvent.objects.select_related("product__store", "product__customer", "noted_by")
    seen = visible_customers(request.reach)
    return get_object_or_404(events.filter(product__customer__in=seen), pk=pk)
