"""A delivery recorded from the card."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.refusals import Refused
from core.services.sent import arrived
from followups import services
from followups.forms import DeliveryForm, show_refusal
from followups.views.fetching import get_customer_for
from staff.access import only
from staff.requests import Request
from staff.scope import SERVING_ROLES, visible_people
from staff.states import SALES_ROLES, UNIT_MANAGER_ROLES


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def deliver(request: Request, pk: int) -> HttpResponse:
    """Record what was sold and handed over; its plan starts at once."""
    customer = get_customer_for(request, pk)
    sellers = visible_people(request.reach).filter(
        role__in=(*SALES_ROLES, *UNIT_MANAGER_ROLES), is_active=True
    )
    form = DeliveryForm(
        request.POST if request.method == "POST" else None,
        customer=customer,
        sellers=sellers.order_by("name", "pk"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.record_delivery(
                customer=customer, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            show_refusal(form, refusal, form.fields_of_codes)
        else:
            messages.success(request, _("Recorded. This is what falls due from now on."))
            card = reverse("desk:customer", args=[customer.pk])
            return arrived(redirect(f"{card}?tab=calendar"), f"deliver:{customer.pk}")
    return TemplateResponse(request, "followups/deliver.html", {"customer": customer, "form": form})
