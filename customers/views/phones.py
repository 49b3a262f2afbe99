"""The numbers of a customer: all of them, one more, the main one, those no longer right."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core.refusals import Refused
from customers.forms.phones import NumberForm
from customers.models import Customer, CustomerPhone
from customers.queries import are_visible
from customers.services import phones as services
from customers.views.fetching import get_customer_for
from staff.access import only
from staff.requests import Request
from staff.scope import REGISTERING_ROLES


@only(REGISTERING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def numbers(request: Request, pk: int) -> HttpResponse:
    """The numbers of customer `pk`, and a box for one more."""
    customer = get_customer_for(request, pk)
    form = NumberForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.add_number(
                customer=customer,
                phone=form.cleaned_data["phone"],
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("phone", str(refusal))
        else:
            return redirect("customers:numbers", pk=pk)
    return _page(request, customer, form)


def _page(
    request: Request, customer: Customer, form: NumberForm, refused: str = ""
) -> HttpResponse:
    kept = list(customer.phones.order_by("-is_primary", "pk"))
    context = {
        "customer": customer,
        "form": form,
        "numbers": [number for number in kept if number.retired_at is None],
        "retired": [number for number in kept if number.retired_at is not None],
        "refused": refused,
        "back_url": reverse("desk:customer", args=[customer.pk]),
    }
    return TemplateResponse(request, "customers/numbers.html", context)


def _act(request: Request, pk: int, act) -> HttpResponse:
    rows = CustomerPhone.objects.filter(are_visible(request.reach, path="customer"))
    number = get_object_or_404(rows.select_related("customer"), pk=pk)
    try:
        act(number=number, by=request.user, now=timezone.now())
    except services.NumberNotChanged as refusal:
        return _page(request, number.customer, NumberForm(), refused=str(refusal))
    return redirect("customers:numbers", pk=number.customer_id)


@only(REGISTERING_ROLES)
@require_POST
def main_number(request: Request, pk: int) -> HttpResponse:
    """Call this number first."""
    return _act(request, pk, services.make_main)


@only(REGISTERING_ROLES)
@require_POST
def retire_number(request: Request, pk: int) -> HttpResponse:
    """Call this number no more; it stays known."""
    return _act(request, pk, services.retire_number)


@only(REGISTERING_ROLES)
@require_POST
def take_up_number(request: Request, pk: int) -> HttpResponse:
    """Call a retired number again."""
    return _act(request, pk, services.take_up_number)
