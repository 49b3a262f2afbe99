"""Rows that a page asks for, as far as the reader's reach goes: a stranger's is a 404."""

from django.shortcuts import get_object_or_404

from customers.models import Customer
from customers.queries import card_that_stands, visible
from staff.requests import Request


def get_customer_for(request: Request, pk: int) -> Customer:
    """The customer `pk`, with store and keeper; a merged card's is where it went."""
    rows = visible(request.reach).select_related("store", "owner")
    return rows.filter(pk=pk).first() or get_object_or_404(rows, pk=card_that_stands(pk))
