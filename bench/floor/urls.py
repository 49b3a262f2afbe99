"""The pages of the floor, at the addresses of the product."""

from datetime import timedelta
from typing import cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone

from core.models import FormToken
from customers.models import Contact, Customer, CustomerPhone
from customers.queries import with_masked_phone
from customers.states import Channel, Grade, NextKind, Outcome, Reason
from followups.models import Obligation, Step, Task
from followups.states import Anchor
from orders.models import Order, OrderLine
from staff.models import Person

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


@login_required
def orders(request: HttpRequest) -> HttpResponse:
    """Twenty-five orders, the newest first, with what was ordered first."""
    first = OrderLine.objects.filter(order=OuterRef("pk")).order_by("position")
    rows = Order.objects.select_related("customer", "seller")
    rows = rows.annotate(goods=Subquery(first.values("product")[:1]))
    if behind := request.GET.get("behind"):
        rows = rows.filter(ordered_on__lte=behind)
    if q := request.GET.get("q"):
        rows = rows.filter(number=q)
    return render(request, "orders.html", {"rows": rows.order_by("-ordered_on", "-pk")[:ROWS]})


class VisitForm(forms.Form):
    """What is said of a visit."""

    key = forms.UUIDField()
    reason = forms.ChoiceField(choices=Reason.choices)
    grade = forms.ChoiceField(choices=Grade.choices)
    next_kind = forms.ChoiceField(choices=NextKind.choices)
    next_on_other = forms.DateField()


@login_required
@transaction.atomic
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """A visit and its next step: the contact, the step on a task, the card; and that the form was
    sent once. Nothing is asked, moved, guarded or closed.
    """
    form = VisitForm(request.POST)
    if not form.is_valid():
        return HttpResponse(form.errors.as_text(), status=422)
    said, now, by = form.cleaned_data, timezone.now(), cast(Person, request.user)
    rows = Customer.objects.select_related("store").select_for_update(of=["self"], no_key=True)
    found = get_object_or_404(rows, pk=pk)
    token, is_new = FormToken.objects.get_or_create(
        key=said["key"], defaults={"purpose": "contact", "by": by}
    )
    if not is_new:
        return redirect("/customers/")
    due_at = now + timedelta(days=1)
    agreed = {
        "next_kind": said["next_kind"],
        "next_on": said["next_on_other"],
    }
    contact = Contact.objects.create(
        customer=found, by=by, channel=Channel.CALL, outcome=Outcome.CONNECTED,
        reached=True, is_effective=True, reason=said["reason"], grade=said["grade"],
        is_inbound=True, occurred_at=now, **agreed,
    )  # fmt: skip
    day = said["next_on_other"]
    task = Task.objects.create(customer=found, assignee=by, day=day, shown_on=day, due_at=due_at)
    Obligation.objects.create(
        step=Step.objects.get(anchor=Anchor.NEXT_STEP), subject_id=pk, occurrence=contact.pk,
        customer=found, assignee=by, due_on=day, due_at=due_at, shown_on=day, task=task,
    )  # fmt: skip
    Customer.objects.filter(pk=pk).update(last_contact_at=now, next_contact_on=day)
    FormToken.objects.filter(pk=token.pk).update(result_id=contact.pk)
    return redirect("/customers/")


urlpatterns = [
    path("customers/", customers),
    path("customers/<int:pk>/", customer),
    path("customers/<int:pk>/log/", visit),
    path("orders/", orders),
]
