"""The owner card, to be printed."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.days import moment_text
from core.services import audit
from desk.owner_card import owner_card
from desk.views.cards import get_customer_for
from staff.access import only
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES


@only(CUSTOMER_ROLES)
@require_safe
def print_owner_card(request: Request, pk: int) -> HttpResponse:
    """One sheet of all that is known of an owner; who opened it to print is kept."""
    found, now = get_customer_for(request.reach, pk), timezone.now()
    context = {
        "card": owner_card(found, reader=request.reach, now=now),
        "printed_by": request.user.name,
        "printed_at": moment_text(now, now=now),
        "back_url": f"{reverse('desk:customer', args=[pk])}?tab=products",
    }
    audit.record(verb="print", of=found, by=request.user, sheet="owner")
    return TemplateResponse(request, "desk/owner_card.html", context)
