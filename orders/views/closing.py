"""Settling an order with finance, and putting it away (ORD-08)."""

from functools import partial

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.amounts import money_text
from orders.forms.progress import SureForm
from orders.models import Order
from orders.queries.rights import may_close
from orders.services.closing import OrderNotClosed, archive_order, settle_order, settling_blockers
from orders.states import OrderState
from orders.views.fetching import order_for, refuse_unless
from orders.views.goods_acts import GoodsAct, goods_act, page_of
from staff.access import signed_in
from staff.requests import Request


def _order(request: Request, pk: int) -> Order:
    found = order_for(request, pk)
    refuse_unless(may_close(request.reach))
    return found


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: Request, pk: int) -> HttpResponse:
    """Everything is delivered and paid; or the sentences that say what is not."""
    order = _order(request, pk)
    found = settling_blockers(order)
    amount = money_text(order.amount) if order.amount is not None else "–"
    act = GoodsAct(
        title=_("Settle"),
        button="" if found else _("Settle the order"),
        back_url=page_of(order),
        at=order.number,
        facts=[(_("Amount"), amount), (_("Paid"), money_text(order.paid))],
        hint="" if found else _("Nothing about a settled order changes any more."),
        warning=str(OrderNotClosed(*found)) if found else "",
    )
    form = SureForm(request.POST if request.method == "POST" else None)
    do = partial(settle_order, order=order, by=request.user)
    return goods_act(request, act, form, do, said=_("Settled."))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: Request, pk: int) -> HttpResponse:
    """Put a settled order away: it is read, never changed."""
    order = _order(request, pk)
    may_act = order.state == OrderState.SETTLED
    act = GoodsAct(
        title=_("Archive"),
        button=_("Archive the order") if may_act else "",
        back_url=page_of(order),
        at=order.number,
        hint=_("It stays readable with all its papers."),
        warning="" if may_act else str(OrderNotClosed.messages["not_settled"]),
    )
    form = SureForm(request.POST if request.method == "POST" else None)
    do = partial(archive_order, order=order, by=request.user)
    return goods_act(request, act, form, do, said=_("Archived."))
