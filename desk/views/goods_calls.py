"""Goods meet customers: whom to call about a style, with what the guard says of each."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.refusals import Refused
from customers.models import Customer
from customers.queries.interested import interested_in
from desk.forms.goods_calls import CallForm
from desk.goods_words import caller_rows, why_words, withheld_rows
from desk.services.goods_calls import call_about, list_name, whom_to_call
from desk.services.inviting import MOST
from followups.queries.campaigns import put_on_list
from staff.access import only
from staff.lists import chosen_number
from staff.models import Store
from staff.requests import Request
from staff.scope import CAMPAIGN_ROLES, STOCK_ROLES, serving_stores
from stock.models import Style
from stock.queries.calling import Calling, calling_of
from stock.showing.addresses import style_page

CLOSEST = ("grade", "-last_contact_at", "pk")


def _style(pk: int) -> Style:
    rows = Style.objects.select_related("brand", "series", "season", "shoe_type")
    return get_object_or_404(rows, pk=pk)


def _store(request: Request) -> tuple[Store | None, list[Store]]:
    """The store whose customers are called, and those to choose from; a manager has the own ones.

    Who sees all stores begins with all of them. Raises 404 for a store out of reach.
    """
    stores = list(serving_stores(request.reach).order_by("code", "pk"))
    key = chosen_number(request.POST or request.GET, "store")
    if key is None:
        return (None if request.reach.sees_all or not stores else stores[0]), stores
    found = next((store for store in stores if store.pk == key), None)
    if found is None:
        raise Http404
    return found, stores


@only(CAMPAIGN_ROLES | STOCK_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def goods_calls(request: Request, pk: int) -> HttpResponse:
    """Whose recorded interest fits a style that waits for customers; the list becomes tasks.

    Merchandisers see how many, nobody by name.
    """
    style = _style(pk)
    if not request.reach.has_role(CAMPAIGN_ROLES):
        if request.method == "POST":
            raise PermissionDenied
        return _counted(request, style)
    store, stores = _store(request)
    calling = calling_of(style, store, on=timezone.localdate())
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = _call(request, style, store, form)
        if done is not None:
            return done
    rows = interested_in(style, reach=request.reach).select_related("owner", "store")
    if store is not None:
        rows = rows.filter(store=store)
    found = list(rows.order_by(*CLOSEST)[: MOST + 1])
    too_many, found = len(found) > MOST, found[:MOST]
    told = whom_to_call(style=style, customers=[] if too_many else found, now=timezone.now())
    by_key = {who.pk: who for who in found}
    context = {
        **_head(style, calling),
        "stores": [("", _("all stores")), *((each.pk, each.name) for each in stores)]
        if request.reach.sees_all
        else [(each.pk, each.name) for each in stores],
        "store": store.pk if store else "",
        "too_many": too_many,
        "most": MOST,
        "rows": caller_rows(style, [by_key[key] for key in told.ready]),
        "there": len(told.there),
        "withheld": withheld_rows(told, by_key),
        "kept_off": sum(len(each) for each in told.withheld.values()),
        "found": len(found),
        "may_call": bool(calling.reasons and told.ready),
        "form": CallForm(initial={"shown": ",".join(str(key) for key in told.asked)}),
    }  # fmt: skip
    return TemplateResponse(request, "desk/goods_calls.html", context)


def _head(style: Style, calling: Calling) -> dict[str, Any]:
    return {
        "style": list_name(style, calling),
        "number": style.number,
        "why": why_words(calling),
        "is_gone": calling.is_gone,
        "stock": calling.stock,
        "back_url": style_page(style),
    }


def _counted(request: Request, style: Style) -> HttpResponse:
    """The numbers alone, for who reads no customers."""
    rows = interested_in(style, reach=None).select_related("owner", "store")
    found: list[Customer] = list(rows.order_by("pk")[: MOST + 1])
    too_many, found = len(found) > MOST, found[:MOST]
    told = whom_to_call(style=style, customers=found, now=timezone.now())
    context = {
        **_head(style, calling_of(style, None, on=timezone.localdate())),
        "too_many": too_many,
        "most": MOST,
        "found": len(found),
        "ready": len(told.ready),
        "there": len(told.there),
        "withheld": withheld_rows(told, {}),
        "kept_off": sum(len(each) for each in told.withheld.values()),
    }
    return TemplateResponse(request, "desk/goods_counted.html", context)


def _call(
    request: Request, style: Style, store: Store | None, form: CallForm
) -> HttpResponse | None:
    """Put those that were shown on the list; None where it was refused and the page says why."""
    ids = form.cleaned_data["shown"]
    seen = interested_in(style, reach=request.reach).filter(pk__in=ids)
    if store is not None:
        seen = seen.filter(store=store)
    chosen = list(seen.order_by("pk").values_list("pk", flat=True))
    try:
        campaign, job = call_about(
            style=style, store=store, customers=chosen, by=request.user,
            key=form.cleaned_data["key"], now=timezone.now(),
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None
    if job is not None:
        return redirect("core:job", pk=job.pk)
    listed, kept_off = put_on_list(campaign, chosen)
    words = ngettext(
        "%(count)s call is on the lists of who keeps the customer.",
        "%(count)s calls are on the lists of those who keep the customers.",
        listed,
    )
    messages.success(request, words % {"count": listed})
    if kept_off:
        words = ngettext(
            "%(count)s is kept off by the guard.",
            "%(count)s are kept off by the guard.",
            kept_off,
        )
        messages.info(request, words % {"count": kept_off})
    return redirect(reverse("desk:campaign", args=[campaign.pk]))
