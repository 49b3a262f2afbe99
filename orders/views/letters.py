"""The confirmation letter: read, printed, sent, confirmed by the customer (M08)."""

from functools import partial

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from core.sentences import joined
from orders.forms.progress import LetterSentForm, SureForm
from orders.services.letters import confirm_order, send_letter
from orders.showing.letters import letter_of
from orders.showing.reader import Reader
from orders.states import CLOSED_ORDERS, OrderChannel, OrderState
from orders.views.fetching import order_for, order_to_move
from orders.views.goods_acts import GoodsAct, goods_act, page_of
from staff.access import signed_in
from staff.requests import Request


@signed_in
@require_safe
def letter(request: Request, pk: int) -> HttpResponse:
    """The letter on a sheet of A4, and above it whether it was sent and confirmed."""
    order, now = order_for(request, pk), timezone.now()
    reader = Reader.of(order, request.reach)
    may_act = reader.may_move and order.confirmed_at is None and order.state not in CLOSED_ORDERS
    is_sent = order.letter_sent_at is not None
    context = {
        "letter": letter_of(order, reader=reader, now=now),
        "sent_url": reverse("orders:letter_sent", args=[pk]) if may_act else "",
        "confirm_url": reverse("orders:confirm", args=[pk]) if may_act and is_sent else "",
        "back_url": page_of(order),
    }
    return TemplateResponse(request, "orders/print/letter.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def letter_sent(request: Request, pk: int) -> HttpResponse:
    """The letter went out."""
    order = order_to_move(request, pk)
    letter = letter_of(order, reader=Reader.of(order, request.reach), now=timezone.now())
    act = GoodsAct(
        title=pgettext("order", "Letter sent"),
        button="" if letter.lacks else _("It is sent"),
        back_url=page_of(order),
        at=order.number,
        facts=[(_("Delivery"), letter.delivery or "–"), (_("Amount"), letter.amount or "–")],
        warning=joined(letter.lacks),
    )
    way = order.channel if order.channel != OrderChannel.PHONE else OrderChannel.WECHAT
    form = LetterSentForm(request.POST if request.method == "POST" else None, initial={"way": way})
    do = partial(send_letter, order=order, by=request.user)
    return goods_act(request, act, form, do, said=_("The letter is marked as sent."))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request, pk: int) -> HttpResponse:
    """The customer confirms; from now on the delivery date is a promise (ORD-33)."""
    order = order_to_move(request, pk)
    letter = letter_of(order, reader=Reader.of(order, request.reach), now=timezone.now())
    may_act = not letter.lacks and order.state == OrderState.CHECKED
    act = GoodsAct(
        title=_("Customer confirmed"),
        button=_("The customer has confirmed") if may_act else "",
        back_url=page_of(order),
        at=order.number,
        facts=[
            (_("Customer"), letter.customer or "–"),
            (_("Products"), "、".join(f"{line.product} × {line.qty}" for line in letter.lines)),
            (_("Amount"), letter.amount or "–"),
            (_("Delivery"), letter.delivery or "–"),
            (pgettext("order", "Letter sent"), letter.sent or _("not yet")),
        ],
        hint=_("The delivery date is promised from now on: it stays, whatever is planned later."),
        warning=joined(letter.lacks),
    )
    form = SureForm(request.POST if request.method == "POST" else None)
    do = partial(confirm_order, order=order, by=request.user)
    return goods_act(request, act, form, do, said=_("Confirmed."))
