"""Acts on an owned product: correct it, note what happened, say that it is gone, take back."""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.days import date_text
from core.forms import show_refusal
from core.phones import mask_in_text
from core.refusals import Refused
from core.services.sent import arrived
from customers import services as customers
from customers.models import Customer, OwnedProduct
from customers.queries import visible, with_this_number
from customers.services import EventNotRecorded, NumberNotLookedUp, ProductNotRecorded
from customers.showing.products import odd_words
from customers.states import GoneReason, ProductEventKind, Replacement
from followups import services
from followups.forms import (
    ChangeProductForm,
    EndProductForm,
    ProductEventForm,
    WhyForm,
)
from followups.views.deliveries import sellers_for
from followups.views.fetching import get_product_event_for, get_product_for
from staff.access import only
from staff.requests import Request
from staff.scope import REGISTERING_ROLES, SERVING_ROLES

ENDS = [GoneReason.SOLD, GoneReason.SCRAPPED, GoneReason.RETURNED]


def _back_to(product: OwnedProduct) -> str:
    return f"{reverse('desk:customer', args=[product.customer_id])}?tab=products"


def _done(request: Request, product: OwnedProduct, text: str) -> HttpResponseRedirect:
    """Back on the card, where the panel shows what was done and what looks odd."""
    messages.success(request, text)
    return redirect(f"{_back_to(product)}#product-{product.pk}")


def _page(request: Request, name: str, product: OwnedProduct, **context) -> TemplateResponse:
    return TemplateResponse(
        request,
        f"followups/{name}.html",
        {
            "product": product,
            "title": mask_in_text(product.product),
            "serial": mask_in_text(product.serial),
            "customer": mask_in_text(product.customer.name),
            "back_url": _back_to(product),
            **context,
        },
    )


def _refuse_gone(product: OwnedProduct) -> None:
    """A page that is offered for what is there alone; the service says so in words, too."""
    if product.gone_on:
        raise PermissionDenied(str(ProductNotRecorded.because("product_is_gone")))


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def change_product(request: Request, pk: int) -> HttpResponse:
    """Correct what is written of a product; its open tasks move along."""
    product = get_product_for(request, pk)
    _refuse_gone(product)
    form = ChangeProductForm(
        request.POST if request.method == "POST" else None,
        product=product,
        sellers=sellers_for(request),
    )
    if form.is_valid():
        told = dict(form.cleaned_data)
        try:
            services.change_delivery(
                product=product,
                name=told.pop("product"),
                by=request.user,
                now=timezone.now(),
                **told,
            )
        except Refused as refusal:
            show_refusal(form, refusal, form.fields_of_codes)
            if "changed_meanwhile" in refusal.codes:
                form.see_anew()
        else:
            product.refresh_from_db()
            warn_of_oddities(request, product)
            answer = _done(request, product, _("Saved."))
            return arrived(answer, f"product:{pk}")
    order_url = f"{reverse('orders:ledger')}?{urlencode({'q': product.order_no})}"
    return _page(request, "product_change", product, form=form, order_url=order_url)


def warn_of_oddities(request: Request, product: OwnedProduct) -> None:
    """What looks mistyped is said at once, while the papers are at hand."""
    for sentence in odd_words(product):
        messages.warning(request, sentence)


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def product_event(request: Request, pk: int) -> HttpResponse:
    """Note a service, a repair, a complaint or a renewal."""
    product = get_product_for(request, pk)
    _refuse_gone(product)
    now = timezone.now()
    form = ProductEventForm(
        request.POST if request.method == "POST" else None,
        initial={
            "on": product.customer.store.today(now),
            "kind": request.GET.get("kind", ""),
            "insurer": mask_in_text(product.insurer),
        },
    )
    if form.is_valid():
        try:
            services.record_product_event(
                product=product,
                told=form.told(),
                by=request.user,
                now=now,
                key=form.cleaned_data["key"],
            )
        except Refused as refusal:
            show_refusal(form, refusal, form.fields_of_codes)
        else:
            return arrived(_done(request, product, _("Noted.")), f"product_event:{pk}")
    return _page(request, "product_event", product, form=form)


def _reasons_for(request: Request, product: OwnedProduct, now: datetime) -> list[GoneReason]:
    """What this person may say of the product: who serves, what became of it; who may void it,
    that it was a mistake (decision 12).
    """
    blockers = customers.blockers_of_taking_back(product, by=request.user, now=now)
    mistake = [] if blockers else [GoneReason.MISTAKE]
    return [*(ENDS if request.reach.may_serve else []), *mistake]


def _new_owner(form: EndProductForm, request: Request, now: datetime) -> Customer | None:
    """The customer with this number, within reach. Whether a number is known tells whose it is
    not: it is counted. Puts what is wrong on the form.
    """
    phone = form.cleaned_data["to_phone"]
    if phone is None or form.cleaned_data["because"] != GoneReason.SOLD:
        return None
    try:
        customers.look_up_number(phone=phone, by=request.user, now=now)
    except NumberNotLookedUp as refusal:
        form.add_error("to_phone", str(refusal))
        return None
    row = with_this_number(phone.e164)
    found = visible(request.reach).filter(pk=row.customer_id).first() if row else None
    if found is None:
        form.add_error(
            "to_phone",
            _("No customer of yours has this number. Register them first, or leave it empty."),
        )
    return found


@only(REGISTERING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def end_product(request: Request, pk: int) -> HttpResponse:
    """Say that a product is gone, or was recorded by mistake; its care ends."""
    product, now = get_product_for(request, pk), timezone.now()
    _refuse_gone(product)
    reasons = _reasons_for(request, product, now)
    form = EndProductForm(
        request.POST if request.method == "POST" else None,
        reasons=reasons,
        today=product.customer.store.today(now),
    )
    if form.is_valid():
        to = _new_owner(form, request, now)
        if not form.errors and _ended(form, product, to=to, request=request, now=now):
            return _done(request, product, _("Noted. Nothing more falls due for this product."))
    return _page(request, "product_end", product, form=form, may_be_sold=request.reach.may_serve)


def _ended(
    form: EndProductForm,
    product: OwnedProduct,
    *,
    to: Customer | None,
    request: Request,
    now: datetime,
) -> bool:
    """Do what the form says; false where it was refused and the form says why."""
    told = form.cleaned_data
    because = GoneReason(told["because"])
    try:
        if because == GoneReason.MISTAKE:
            services.remove_product(product=product, reason=told["note"], by=request.user, now=now)
        else:
            services.end_product(
                product=product,
                gone_on=told["gone_on"],
                because=because,
                note=told["note"],
                to=to,
                by=request.user,
                now=now,
            )
    except Refused as refusal:
        show_refusal(form, refusal, form.fields_of_codes)
        return False
    return True


@only(REGISTERING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def restore_product(request: Request, pk: int) -> HttpResponse:
    """The product is with the customer after all; its care goes on."""
    product, now = get_product_for(request, pk), timezone.now()
    blockers = customers.blockers_of_restoring(product, by=request.user, now=now)
    if any(blocker.code == "not_yours_to_take_back" for blocker in blockers):
        raise PermissionDenied
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.restore_product(product=product, by=request.user, now=now, **form.cleaned_data)
        except Refused as refusal:
            show_refusal(form, refusal, {"reason_missing": "reason"})
        else:
            return _done(request, product, _("The product is back, and its care goes on."))
    return _take_back(
        request,
        product,
        form,
        what=str(GoneReason(product.gone_reason).label) if product.gone_reason else "",
        refusals=ProductNotRecorded(*blockers).sentences(),
        hint=_("Its care goes on where it stopped. What was noted stays readable."),
    )


@only(REGISTERING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def void_product_event(request: Request, pk: int) -> HttpResponse:
    """Take back something noted by mistake (decision 12)."""
    event, now = get_product_event_for(request, pk), timezone.now()
    blockers = customers.blockers_of_voiding(event, by=request.user, now=now)
    if any(blocker.code == "not_yours_to_take_back" for blocker in blockers):
        raise PermissionDenied
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.void_product_event(event=event, by=request.user, now=now, **form.cleaned_data)
        except Refused as refusal:
            show_refusal(form, refusal, {"void_reason_missing": "reason"})
        else:
            return _done(request, event.product, _("Taken back. It stays readable, crossed out."))
    if event.voided_at:
        blockers = [*EventNotRecorded.because("already_voided").blockers]
    return _take_back(
        request,
        event.product,
        form,
        what=f"{ProductEventKind(event.kind).label} "
        f"{date_text(event.on, today=timezone.localdate(now))}",
        refusals=EventNotRecorded(*blockers).sentences(),
        hint=_("It stays on the card, crossed out. A renewal gives the former insurance back."),
    )


def _take_back(
    request: Request, product: OwnedProduct, form: Form, *, what: str, refusals: list, hint: str
) -> HttpResponse:
    """The page that asks why; with refusals, nothing can be done."""
    return _page(
        request, "product_take_back", product, form=form, what=what, refusals=refusals, hint=hint
    )


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def product_replacement(request: Request, pk: int) -> HttpResponse:
    """Note when the owner means to replace the product: one tap on its panel, one to confirm."""
    product = get_product_for(request, pk)
    _refuse_gone(product)
    chosen = (request.POST if request.method == "POST" else request.GET).get("to", "")
    if request.method == "POST" and chosen in Replacement.values:
        customers.set_replacement(
            product=product, replacement=Replacement(chosen), by=request.user, now=timezone.now()
        )
        return _done(request, product, _("Noted."))
    choices = [
        {"value": value, "label": label, "is_chosen": value == (chosen or product.replacement)}
        for value, label in Replacement.choices
    ]
    return _page(request, "product_replacement", product, choices=choices)
