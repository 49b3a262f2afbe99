"""Opening a text message to one customer in the phone's own program: the counted reveal."""

from urllib.parse import quote

from django.http import HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from customers import services as customers
from desk.views.cards import get_customer_for
from desk.views.numbers import spoken
from staff.access import only
from staff.requests import Request
from staff.scope import REVEALING_ROLES

LONGEST = 2000


def message_link(number: str, text: str) -> str:
    """The link that opens a message with its text; iPhones want the `&`, Androids the `?`."""
    return f"sms:{number}?&body={quote(text[:LONGEST])}"


@only(REVEALING_ROLES)
@require_POST
@never_cache
def write_message(request: Request, pk: int) -> HttpResponse:
    """Answer with the link that opens the message: the number is opened, counted and audited."""
    found = get_customer_for(request.reach, pk)
    now = timezone.now()
    number, refused, status = "", "", 200
    try:
        number = customers.reveal_number(
            customer=found, by=request.user, now=now, today=found.store.today(now)
        )
    except customers.NumberNotRevealed as refusal:
        refused = str(refusal)
        status = 429 if "limit_reached" in refusal.codes else 409
    link = message_link(number, request.POST.get("text", "")) if number else ""
    if "application/json" in request.headers.get("Accept", "") and not refused:
        return JsonResponse({"tel": link}, headers={"Cache-Control": "no-store"})
    context = {
        "customer": found,
        "link": link,
        "number": spoken(number),
        "refused": refused,
        "back_url": reverse("desk:customer", args=[pk]),
    }
    return TemplateResponse(
        request,
        "desk/message.html",
        context,
        status=status,
        headers={"Cache-Control": "no-store"},
    )
