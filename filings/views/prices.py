"""Special prices (特价申请, FIL-38): asked for on a customer's card, decided, listed."""

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.forms import show_refusal
from core.listing.following import page_of
from core.refusals import Refused
from customers.views.fetching import get_customer_for
from filings.forms.prices import DecidePriceForm, PriceForm
from filings.models import SpecialPrice
from filings.queries import waiting
from filings.queries.deciders import powers_of
from filings.rules.deciders import Powers
from filings.services import prices as services
from filings.showing import deciding as showing
from filings.showing.prices import price_row
from filings.states import SpecialPriceState
from filings.views.deciding import may_decide, order, part_of, refuse_unless
from staff.access import only, signed_in
from staff.requests import Request
from staff.scope import SERVING_ROLES

OLDEST = order("asked", "asked_at", newest_first=False)
EARLIER = 5
NEWEST = order("asked", "asked_at", newest_first=True)


def _parts(powers: Powers) -> dict[str, str]:
    """Who decides begins with what waits, who asks with the own."""
    own = {"own": _("Asked by me")}
    listed = {"all": _("All")}
    if not powers.decides_anything:
        return {**own, **listed}
    return {"waiting": pgettext("special price", "Waiting"), **own, **listed}


def _powers(request: Request) -> Powers:
    return powers_of(request.user, today=timezone.localdate())


def _may(powers: Powers, price: SpecialPrice) -> bool:
    return may_decide(powers, services.matter_of(price), price, store=price.store_id)


@signed_in
@require_safe
def prices(request: Request) -> HttpResponse:
    """Special prices: what waits for this person, what they asked for, all within reach."""
    powers, now = _powers(request), timezone.now()
    refuse_unless(powers.decides_anything or request.reach.has_role(SERVING_ROLES))
    offered = _parts(powers)
    part = part_of(request, offered)
    rows = waiting.visible_prices(request.reach, powers).prefetch_related("lines")
    if part == "waiting":
        rows = rows.filter(state=SpecialPriceState.OPEN)
    elif part == "own":
        rows = rows.filter(asked_by__in=request.reach.acts_for)
    found, next_url = page_of(request, rows, OLDEST if part == "waiting" else NEWEST)
    context = {
        "places": showing.places(powers, here="prices") if powers.decides_anything else [],
        "parts": showing.parts(offered, here=part),
        "part": part,
        "rows": [
            price_row(price, may=_may(powers, price), now=now)
            for price in cast(list[SpecialPrice], found)
        ],
        "next_url": next_url,
    }
    return TemplateResponse(request, "filings/prices.html", context)


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_price(request: Request, pk: int) -> HttpResponse:
    """Ask to sell to this customer under the price system."""
    customer, now = get_customer_for(request, pk), timezone.now()
    store = request.user.store or customer.store
    form = PriceForm(request.POST if request.method == "POST" else None, today=store.today(now))
    if request.method == "POST" and form.is_valid():
        try:
            price = services.ask_price(
                customer=customer, lines=form.said_lines, by=request.user, **form.cleaned_data
            )
        except Refused as refusal:
            show_refusal(form, refusal, form.fields_of_codes)
        else:
            messages.success(
                request,
                _("Special price %(number)s is asked for. Quote when it is approved.")
                % {"number": price.number},
            )
            return redirect("filings:price", pk=price.pk)
    context = {
        "form": form,
        "earlier": _earlier(request, customer.pk),
        "lines": form.lines[1:],
        "customer": customer,
        "title": customer.shown_title,
        "back_url": reverse("desk:customer", args=[customer.pk]),
    }
    return TemplateResponse(request, "filings/price_new.html", context)


def _earlier(request: Request, customer: int) -> list[dict[str, object]]:
    """What was asked for this customer before, as far as the reader sees it: nobody asks twice."""
    rows = waiting.visible_prices(request.reach, _powers(request)).filter(customer=customer)
    found, now = rows.prefetch_related("lines").order_by("-pk")[:EARLIER], timezone.now()
    return [price_row(price, may=False, now=now) for price in found]


def _price_for(request: Request, powers: Powers, pk: int) -> SpecialPrice:
    """A special price within reach; any other does not exist (404)."""
    rows = waiting.visible_prices(request.reach, powers).prefetch_related("lines")
    return get_object_or_404(rows, pk=pk)


@signed_in
@require_safe
def price(request: Request, pk: int) -> HttpResponse:
    """One application: its lines, its number, how it was decided."""
    powers = _powers(request)
    return _page(request, _price_for(request, powers, pk), powers, DecidePriceForm())


@signed_in
@require_POST
def decide_price(request: Request, pk: int) -> HttpResponse:
    """Approve a special price, or refuse it with a reason."""
    powers = _powers(request)
    found = _price_for(request, powers, pk)
    refuse_unless(_may(powers, found))
    form = DecidePriceForm(request.POST)
    if form.is_valid():
        is_approved = request.POST.get("answer") == "approve"
        try:
            services.decide_price(
                price=found, is_approved=is_approved, by=request.user, **form.cleaned_data
            )
        except Refused as refusal:
            show_refusal(form, refusal, {"note_missing": "note"})
            found = _price_for(request, powers, pk)
        else:
            said = _("Approved.") if is_approved else _("Refused.")
            messages.success(request, f"{found.number}: {said}")
            return redirect("filings:prices")
    return _page(request, found, powers, form)


def _page(
    request: Request, found: SpecialPrice, powers: Powers, form: DecidePriceForm
) -> HttpResponse:
    may = _may(powers, found)
    context = {
        "row": price_row(found, may=may, now=timezone.now()),
        "form": form,
        "back_url": reverse("filings:prices"),
    }
    return TemplateResponse(request, "filings/price.html", context)
