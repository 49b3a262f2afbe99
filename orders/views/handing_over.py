"""Handing goods over, and mending what was recorded wrongly."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.days import date_text
from core.forms import show_refusal
from core.refusals import Refused
from core.services.sent import arrived
from followups.views.products import warn_of_oddities
from orders.forms.deliveries import CorrectForm, HandOverForm, InstalledForm, ReasonForm
from orders.models import Delivery, OrderLine
from orders.queries.rights import name_of
from orders.services.delivering import deliver_goods, products_of
from orders.services.delivery_mistakes import correct_delivery, note_installation, void_delivery
from orders.services.gate import DeliveryHeld, held_because
from orders.services.holding import hold_order
from orders.showing.money import ways_on
from orders.showing.progress_acts import is_here
from orders.showing.reader import Reader
from orders.states import OrderState
from orders.views.acting import as_seen
from orders.views.fetching import order_to_move, part_to_move
from orders.views.goods_acts import GoodsAct, goods_act, page_of
from staff.access import signed_in
from staff.requests import Request


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def deliver(request: Request, pk: int) -> HttpResponse:
    """What was handed over, who signed, what was gone through; the plan of care starts at once."""
    order, now = order_to_move(request, pk), timezone.now()
    rows = OrderLine.objects.filter(order=order).order_by("position")
    lines = [line for line in rows if is_here(line)]
    reader = Reader.of(order, request.reach)
    is_sent = request.method == "POST"
    form = HandOverForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        order=order,
        lines=lines,
        initial={
            "delivered_on": order.store.today(now),
            "signed_by": name_of(order, is_card_seen=reader.sees_card),
        },
    )
    if is_sent and form.is_valid():
        try:
            delivery = deliver_goods(order=order, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            show_refusal(form, refusal, form.fields_of_codes)
        else:
            messages.success(request, _("Recorded. This is what falls due from now on."))
            for product in products_of(delivery):
                warn_of_oddities(request, product)
            return arrived(redirect(page_of(order, "deliveries")), request.path)
    held = held_because(order, now=now)
    context = {
        "form": form,
        "number": order.number,
        "held": DeliveryHeld(*held).sentences() if held else [],
        "stands": _why_not(order.state, lines),
        "ways": ways_on(order, reader=reader, now=now) if held else [],
        "back_url": page_of(order),
    }
    return TemplateResponse(request, "orders/hand_over.html", context)


def _why_not(state: str, lines: list[OrderLine]) -> str:
    """Why nothing can be handed over as the order stands, or nothing."""
    if state == OrderState.DELIVERED:
        return _("Everything of this order is delivered.")
    if state != OrderState.CONFIRMED:
        return _("The customer has not confirmed this order yet: have it confirmed.")
    return "" if lines else _("No goods are here yet. Say first that they arrived.")


def _act(delivery: Delivery, title: str, button: str, hint: str) -> GoodsAct:
    today = delivery.order.store.today(timezone.now())
    return GoodsAct(
        title=title,
        button=button,
        back_url=page_of(delivery.order, "deliveries"),
        at=delivery.order.number,
        facts=[(_("Delivered on"), date_text(delivery.delivered_on, today=today))],
        hint=hint,
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: Request, pk: int) -> HttpResponse:
    """The goods were handed over on another day; open tasks move along."""
    found = part_to_move(request, Delivery.objects.all(), pk)
    hint = _("Open tasks of the care move along; what is done stays.")
    act = _act(found, _("Correct the day"), _("Correct the day"), hint)

    def form_of(data: QueryDict | None = None) -> CorrectForm:
        found.refresh_from_db(fields=["delivered_on", "delivered_at"])
        return CorrectForm(data, delivery=found)

    form = form_of(request.POST if request.method == "POST" else None)
    do = as_seen(
        form,
        partial(correct_delivery, delivery=found, by=request.user),
        hold=partial(hold_order, found.order),
        anew=form_of,
    )
    said = _("Corrected.")
    return goods_act(request, act, form, do, said=said, fields=form.fields_of_codes)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def void(request: Request, pk: int) -> HttpResponse:
    """The delivery was a mistake; it stays readable."""
    found = part_to_move(request, Delivery.objects.all(), pk)
    hint = _("The goods are here again, and their product goes off the card with its care.")
    act = _act(found, _("Take the delivery back"), _("Take back"), hint)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    do = partial(void_delivery, delivery=found, by=request.user)
    said = _("Taken back. It stays readable.")
    return goods_act(request, act, form, do, said=said, fields={"reason_missing": "reason"})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def installed(request: Request, pk: int) -> HttpResponse:
    """What was delivered is installed."""
    found = part_to_move(request, Delivery.objects.all(), pk)
    act = _act(found, _("Installed"), _("It is installed"), "")
    today = found.order.store.today(timezone.now())

    def form_of(data: QueryDict | None = None) -> InstalledForm:
        found.refresh_from_db(fields=["installed_on"])
        form = InstalledForm(data, initial={"on": found.installed_on or today})
        form.kept = {"on": found.installed_on}
        return form

    form = form_of(request.POST if request.method == "POST" else None)
    do = as_seen(
        form,
        partial(note_installation, delivery=found, by=request.user),
        hold=partial(hold_order, found.order),
        anew=form_of,
    )
    fields = {"in_future": "on", "installed_before": "on"}
    return goods_act(request, act, form, do, said=_("Noted."), fields=fields)
