"""What a customer is interested in: the list, one more, one less, and suggestions."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.phones import mask_in_text
from core.refusals import Refused
from customers.forms.interests import InterestForm
from customers.models import Interest
from customers.queries import are_visible
from customers.queries.interests import interests_of, suggestions
from customers.services import interests as services
from customers.views.fetching import get_customer_for
from staff.access import only
from staff.requests import Request
from staff.scope import REGISTERING_ROLES

LONGEST_ASKED = 120


@only(REGISTERING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def interests(request: Request, pk: int) -> HttpResponse:
    """What interests customer `pk`, and a box for one more thing."""
    customer = get_customer_for(request, pk)
    form = InterestForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.add_interest(
                customer=customer, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            return redirect("customers:interests", pk=pk)
    context = {
        "customer": customer,
        "form": form,
        "interests": [(each.pk, mask_in_text(str(each))) for each in interests_of(customer)],
        "suggestions": suggestions(""),
        "back_url": reverse("desk:customer", args=[pk]),
    }
    return TemplateResponse(request, "customers/interests.html", context)


@only(REGISTERING_ROLES)
@require_POST
def remove_interest(request: Request, pk: int) -> HttpResponse:
    """Take one interest off the card."""
    rows = Interest.objects.filter(are_visible(request.reach, path="customer"))
    interest = get_object_or_404(rows.select_related("customer"), pk=pk)
    services.remove_interest(interest=interest, by=request.user, now=timezone.now())
    return redirect("customers:interests", pk=interest.customer_id)


@only(REGISTERING_ROLES)
@require_safe
def suggest_interests(request: Request) -> HttpResponse:
    """Brands and styles that begin like what is typed, as options."""
    typed = request.GET.get("text", "")[:LONGEST_ASKED]
    context = {"suggestions": suggestions(typed)}
    return TemplateResponse(request, "customers/interests.html#options", context)
