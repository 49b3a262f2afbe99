"""The customer card on paper."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.days import date_text
from core.services import audit
from desk.card.paper import paper_of
from desk.views.cards import get_customer_for
from staff.access import only
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES


@only(CUSTOMER_ROLES)
@require_safe
@never_cache
def print_card(request: Request, pk: int) -> HttpResponse:
    """The card as one sheet of A4; that it was asked for stands in the audit trail."""
    found = get_customer_for(request.reach, pk)
    now = timezone.now()
    audit.record(verb="print", of=found, by=request.user)
    context = {
        "paper": paper_of(found, request.reach, now=now),
        "printed_on": date_text(found.store.today(now)),
        "back_url": reverse("desk:customer", args=[found.pk]),
    }
    return TemplateResponse(request, "desk/card_print.html", context)
