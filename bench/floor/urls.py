"""The pages of the floor, at the addresses of the product."""

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from customers.models import Customer, CustomerPhone
from customers.queries import with_masked_phone

ROWS = 25


def _found(text: str) -> QuerySet:
    customers = Customer.objects.select_related("owner", "store")
    if not text:
        return customers.order_by("next_contact_on", "pk")
    if text.isdigit():
        numbers = CustomerPhone.objects.filter(last4=text)
        return customers.filter(pk__in=numbers.values("customer")).order_by("pk")
    return customers.filter(search__contains=text).order_by("pk")


@login_required
def customers(request: HttpRequest) -> HttpResponse:
    """Twenty-five rows, in order or found."""
    rows = with_masked_phone(_found(request.GET.get("q", "")))
    if behind := request.GET.get("behind"):
        rows = rows.filter(next_contact_on__gte=behind)
    return render(request, "list.html", {"rows": rows[:ROWS]})


@login_required
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """One customer with the last contacts."""
    rows = with_masked_phone(Customer.objects.select_related("owner", "store"))
    found = get_object_or_404(rows, pk=pk)
    contacts = found.contacts.select_related("by").order_by("-occurred_at", "-pk")[:ROWS]
    numbers = list(found.phones.all())
    context = {"customer": found, "contacts": contacts, "numbers": numbers}
    return render(request, "card.html", context)


urlpatterns = [path("customers/", customers), path("customers/<int:pk>/", customer)]
