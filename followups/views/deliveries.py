"""A delivery recorded from the card."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.forms import show_refusal
from core.refusals import Refused
from core.services.sent import arrived
from customers.showing.products import odd_words
from followups import services
from followups.forms import DeliveryForm
from followups.views.fetching import get_customer_for
from staff.access import only
from staff.models import Person
from staff.requests import Request
from staff.scope import SERVING_ROLES, visible_people
from staff.states import SALES_ROLES, UNIT_MANAGER_ROLES


def sellers_for(request: Request) -> QuerySet[Person]:
    """Who may have sold something, among those this person sees."""
    people = visible_people(request.reach)
    return people.filter(role__in=(*SALES_ROLES, *UNIT_MANAGER_ROLES), is_active=True)


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def deliver(request: Request, pk: int) -> HttpResponse:
    """Record what was sold and handed over; its plan starts at once."""
    customer = get_customer_for(request, pk)
    form = DeliveryForm(
        request.POST if request.method == "POST" else None,
        customer=customer,
        sellers=sellers_for(request).order_by("name", "pk"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            product = services.record_delivery(
                customer=customer, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            show_refusal(form, refusal, form.fields_of_codes)
        else:
            messages.success(request, _("Recorded. This is what falls due from now on."))
            for sentence in odd_words(product):
                messages.warning(request, sentence)
            card = reverse("desk:customer", args=[customer.pk])
            return arrived(redirect(f"{card}?tab=calendar"), f"deliver:{customer.pk}")
    return TemplateResponse(request, "followups/deliver.html", {"customer": customer, "form": form})
