"""The customer card, and the acts on it."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.services.sent import arrived
from customers import queries
from customers.models import Customer
from customers.queries import MaskedCustomer
from customers.queries.knowing import KnownCustomer, with_what_is_known
from customers.services import CustomerNotRegistered, NumberNotLookedUp
from customers.states import Quiet
from desk import card as cards
from desk.deal_words import held_of, sold_of
from desk.filing_words import draft_words, was_filed
from desk.forms.card import CardForm
from desk.forms.cards import KeeperForm
from desk.pairs import doubts_of
from desk.services import CardNotSaved, save_card
from filings.queries import drafts_of
from filings.queries.on_card import with_leads
from followups import services as followups
from followups.guard_words import sentence_of
from followups.queries.guarding import objections_to_call
from orders.queries.on_card import with_hold
from staff.access import only
from staff.requests import Request
from staff.scope import (
    CUSTOMER_ROLES,
    REASSIGNING_ROLES,
    REGISTERING_ROLES,
    Reach,
)


def get_customer_for(reach: Reach, pk: int, *, has_leads: bool = False) -> KnownCustomer:
    """The customer `pk` with keeper, store and masked number; a stranger's does not exist (404).

    A card that was merged is the one it went into: what is sent to it lands there. With `has_leads`
    the same read brings what the card says of leads, and whether deliveries are held.
    """
    rows = _with_all(queries.visible(reach))
    if has_leads:
        rows = with_hold(with_leads(rows, today=timezone.localdate()))
    found = rows.filter(pk=pk).first()
    return with_what_is_known(found or get_object_or_404(rows, pk=queries.card_that_stands(pk)))


def _with_all(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """All of the card, and of keeper, store and referrer what stands on it."""
    own = [field.name for field in Customer._meta.concrete_fields if field.editable]
    kept = ("last_contact_at", "next_contact_on", "id_masked")
    value = ("bought_count", "bought_total", "last_bought_on")
    others = ("owner__name", "store__name", "store__zone", "store__trade", "referrer__name")
    rows = customers.select_related("owner", "store", "referrer")
    return rows.only(*own, *kept, *value, *others)


@only(CUSTOMER_ROLES)
@require_safe
def customer(request: Request, pk: int) -> HttpResponse:
    """The card: who they are, what is next, and one of its tabs."""
    found: Any = get_customer_for(request.reach, pk, has_leads=True)
    if found.pk != pk:
        return redirect("desk:customer", pk=found.pk)
    now, today = timezone.now(), timezone.localdate()
    tab = cards.tab_named(request.GET.get("tab", ""), request.reach)
    may_serve, may_write = request.reach.may_serve, request.reach.has_role(REGISTERING_ROLES)
    filing = cards.filing_of(found, request.reach, now=now)
    context = {
        "customer": cards.head_of(found),
        "next_step": cards.next_step_of(found, now=now, today=today),
        "facts": cards.facts_of(found, request.reach, today=today),
        "missing": cards.missing_of(found, said=filing.lacking if filing else ()),
        "measured": cards.measured_of(found, today=today),
        "filing": filing,
        "sold": sold_of(found, today=today),
        "held": held_of(found, request.reach),
        "doubts": doubts_of(found, request.reach) if found.is_doubted else [],
        "tabs": cards.links_of(tab, request.reach, path=request.path),
        "tab": tab.template,
        "acts": cards.acts_of(found, request.reach),
        "proposed": cards.proposed_for(found, request.reach),
        "back_url": reverse("desk:customers"),
        "print_url": reverse("desk:print_card", args=[pk]),
        "edit_url": reverse("desk:edit_customer", args=[pk]) if may_write else "",
        "log_url": reverse("followups:log", args=[pk]) if may_serve else "",
        "call_url": reverse("desk:reveal", args=[pk]) if request.reach.may_reveal else "",
        "guard": [sentence_of(each) for each in objections_to_call(found, now=now)]
        if may_serve and found.quiet != Quiet.ALL
        else [],
        **tab.content(found, reader=request.reach, request_get=request.GET, now=now),
    }
    return TemplateResponse(request, "desk/customer.html", context)


@only(REGISTERING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_customer(request: Request, pk: int) -> HttpResponse:
    """Write on the card; what somebody else wrote meanwhile is not written over."""
    found = get_customer_for(request.reach, pk)
    form = CardForm(request.POST or None, customer=found, reader=request.reach)
    drafts = list(drafts_of(found))
    if form.is_valid():
        values = form.cleaned_data
        try:
            save_card(
                customer=found,
                seen=values["seen"],
                name=values["name"],
                main_phone=values["phone"],
                new_phones=[values["phone2"]] if values["phone2"] else [],
                card=form.card(),
                id_number=values["id_number"] or None,
                by=request.user,
                now=timezone.now(),
            )
        except CardNotSaved as refusal:
            form.add_error(None, str(refusal))
            form.see_anew()
        except (CustomerNotRegistered, NumberNotLookedUp) as refusal:
            form.add_error("phone2" if values["phone2"] else "phone", str(refusal))
        else:
            # What was drafted and is a filing now says until when it protects.
            then = "desk:registered" if was_filed(drafts) else "desk:customer"
            return arrived(redirect(then, pk=pk), f"card:{pk}")
    context = {**_edit_context(found, form), "draft": draft_words(drafts, found)}
    return TemplateResponse(request, "desk/customer_edit.html", context)


def _edit_context(found: MaskedCustomer, form: CardForm) -> dict[str, object]:
    """The form, and where one writes down what it leaves to pages of their own."""
    card_url = reverse("desk:customer", args=[found.pk])
    return {
        "form": form,
        "customer": found,
        "back_url": card_url,
        "numbers_url": reverse("customers:numbers", args=[found.pk]),
        "interests_url": reverse("customers:interests", args=[found.pk]),
        "household_url": f"{card_url}?tab=household",
        "paper_url": reverse("desk:reveal", args=[found.pk]) if found.id_masked else "",
    }


def _act(request: Request, found: MaskedCustomer, form, **words: str) -> HttpResponse:
    """The page of one act on a customer: a few taps, a reason, one button."""
    context = {
        "form": form,
        "customer": cards.head_of(found),
        "back_url": reverse("desk:customer", args=[found.pk]),
        **words,
    }
    return TemplateResponse(request, "desk/customer_act.html", context)


@only(REASSIGNING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: Request, pk: int) -> HttpResponse:
    """Give the customer to another keeper; open tasks go along with their days."""
    found = get_customer_for(request.reach, pk)
    form = KeeperForm(request.POST or None, reader=request.reach, initial={"keeper": found.owner})
    if form.is_valid():
        followups.assign_keeper(
            customer=found, by=request.user, now=timezone.now(), **form.cleaned_data
        )
        return redirect("desk:customer", pk=pk)
    return _act(
        request,
        found,
        form,
        title=_("Change the keeper"),
        submit_label=_("Hand over"),
        hint=_("Open tasks go along and keep their days."),
    )
