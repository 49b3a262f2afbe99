"""The page of one order."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from orders.showing import frame
from orders.showing.reader import Reader
from orders.views.fetching import coloured_order_for
from staff.access import signed_in
from staff.requests import Request


@signed_in
@require_safe
def order(request: Request, pk: int) -> HttpResponse:
    """One order: its head, what is next, and its sections."""
    found, now = coloured_order_for(request, pk), timezone.now()
    reader = Reader.of(found, request.reach)
    context = {
        "head": frame.head_of(found, reader=reader, now=now),
        "main": frame.drawn(frame.MAIN, found, reader=reader, now=now),
        "aside": frame.drawn(frame.ASIDE, found, reader=reader, now=now),
        "story": frame.drawn(frame.STORY, found, reader=reader, now=now),
        "back_url": reverse("orders:ledger"),
    }
    return TemplateResponse(request, "orders/order.html", context)
