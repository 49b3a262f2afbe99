"""Rows that an address names: out of reach they do not exist (404), without the right 403."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from customers.models import Contact
from customers.queries import MaskedCustomer, with_masked_phone
from customers.queries import visible as visible_customers
from followups import queries
from followups.queries import TaskOfDay
from staff.requests import Request


def get_customer_for(request: Request, pk: int) -> MaskedCustomer:
    """The customer `pk` with store, keeper and masked number."""
    customers = with_masked_phone(visible_customers(request.reach))
    return get_object_or_404(customers.select_related("store", "owner"), pk=pk)


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
