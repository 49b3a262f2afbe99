"""The household of a customer and a company's key people: written down, changed, removed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from core.refusals import Refused
from core.services.sent import arrived
from customers.forms.people import KeyPersonForm, MemberForm
from customers.models import Customer, HouseholdMember, KeyPerson
from customers.queries import are_visible
from customers.services.people import SomebodyNotSaved
from followups.services import people as services
from followups.views.fetching import get_customer_for
from staff.access import only
from staff.requests import Request
from staff.scope import REGISTERING_ROLES

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Noun:
    """What differs between a member of the household and a key person."""

    name: str
    model: type[HouseholdMember | KeyPerson]
    form: type[MemberForm | KeyPersonForm]
    add: Callable
    title_new: str | Promise
    title: str | Promise
    removed: str | Promise


MEMBER = Noun(
    "member", HouseholdMember, MemberForm, services.add_member,
    _("Add to the household"), _("Member of the household"),
    _("Taken off the household."),
)  # fmt: skip
KEY_PERSON = Noun(
    "key_person", KeyPerson, KeyPersonForm, services.add_key_person,
    _("Add a key person"), _("Key person"),
    _("Taken off the key people."),
)  # fmt: skip


def household_url(customer_id: int) -> str:
    """The tab of the card on which they stand."""
    return reverse("desk:customer", args=[customer_id]) + "?tab=household"


@only(REGISTERING_ROLES)
@GET_OR_POST
def add_member(request: Request, pk: int) -> HttpResponse:
    """Somebody new in the household of customer `pk`."""
    return _add(request, pk, MEMBER)


@only(REGISTERING_ROLES)
@GET_OR_POST
def add_key_person(request: Request, pk: int) -> HttpResponse:
    """Somebody new who counts in the purchases of customer `pk`."""
    return _add(request, pk, KEY_PERSON)


@only(REGISTERING_ROLES)
@GET_OR_POST
def member(request: Request, pk: int) -> HttpResponse:
    """Change one member of a household."""
    return _change(request, pk, MEMBER)


@only(REGISTERING_ROLES)
@GET_OR_POST
def key_person(request: Request, pk: int) -> HttpResponse:
    """Change one key person."""
    return _change(request, pk, KEY_PERSON)


@only(REGISTERING_ROLES)
@require_POST
def remove_member(request: Request, pk: int) -> HttpResponse:
    """Take a member off the household."""
    return _remove(request, pk, MEMBER)


@only(REGISTERING_ROLES)
@require_POST
def remove_key_person(request: Request, pk: int) -> HttpResponse:
    """Take somebody off the key people."""
    return _remove(request, pk, KEY_PERSON)


def _fetch(request: Request, pk: int, noun: Noun) -> HouseholdMember | KeyPerson:
    rows = noun.model.objects.filter(are_visible(request.reach, path="customer"))
    found = get_object_or_404(rows.select_related("customer__store"), pk=pk)
    return cast(HouseholdMember | KeyPerson, found)


def _add(request: Request, pk: int, noun: Noun) -> HttpResponse:
    customer = get_customer_for(request, pk)
    form = noun.form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            noun.add(
                customer=customer,
                by=request.user,
                now=timezone.now(),
                key=form.cleaned_data["key"],
                **form.values(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return arrived(redirect(household_url(pk)), f"{noun.name}:new:{pk}")
    return _page(request, customer, form, noun, draft=f"{noun.name}:new:{pk}")


def _change(request: Request, pk: int, noun: Noun) -> HttpResponse:
    somebody = _fetch(request, pk, noun)
    form = noun.form(request.POST if request.method == "POST" else None, somebody=somebody)
    if form.is_valid():
        try:
            services.change_somebody(
                somebody=somebody,
                seen=form.cleaned_data["seen"],
                drop_number=form.cleaned_data.get("drop_number", False),
                by=request.user,
                now=timezone.now(),
                **form.values(),
            )
        except SomebodyNotSaved as refusal:
            form.add_error(None, str(refusal))
            if "changed_meanwhile" in refusal.codes:
                form.see_anew()
        else:
            draft = f"{noun.name}:{pk}:{form.cleaned_data['seen']}"
            return arrived(redirect(household_url(somebody.customer_id)), draft)
    draft = f"{noun.name}:{pk}:{form['seen'].value()}"
    remove_url = reverse(f"followups:remove_{noun.name}", args=[pk])
    return _page(request, somebody.customer, form, noun, draft=draft, remove_url=remove_url)


def _page(
    request: Request,
    customer: Customer,
    form: MemberForm | KeyPersonForm,
    noun: Noun,
    *,
    draft: str,
    remove_url: str = "",
) -> HttpResponse:
    context = {
        "form": form,
        "customer": customer,
        "title": noun.title if remove_url else noun.title_new,
        "draft": draft,
        "remove_url": remove_url,
        "back_url": household_url(customer.pk),
    }
    return TemplateResponse(request, "customers/somebody.html", context)


def _remove(request: Request, pk: int, noun: Noun) -> HttpResponse:
    somebody = _fetch(request, pk, noun)
    services.remove_somebody(somebody=somebody, by=request.user, now=timezone.now())
    messages.success(request, str(noun.removed))
    return redirect(household_url(somebody.customer_id))
