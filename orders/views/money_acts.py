"""Acts on the money of an order: terms, slips, the release of goods, changes, calling it off."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.amounts import money_text
from core.phones import mask_in_text
from orders.forms.credits import CancelForm, ChangeForm
from orders.forms.money import ReasonForm, SlipForm, TermsForm
from orders.models import Order, OrderLine, Slip
from orders.queries.money import dues_of, unproved_transfers
from orders.queries.rights import may_read, may_write, may_write_on
from orders.queries.visible import visible_orders
from orders.services.cancelling import OrderNotCancelled, cancel_order, cancelling_blockers
from orders.services.changing import OrderNotReduced, change_order
from orders.services.gate import DeliveryHeld, held_because, release_delivery
from orders.services.holding import hold_order
from orders.services.slips import NewSlip, note_slip, settle_slip
from orders.services.terms import set_terms
from orders.states import LineState
from orders.views.acting import act_page, as_seen
from orders.views.fetching import order_for, order_to_change, refuse_closed, refuse_unless
from orders.views.payments import page_of_order
from staff.access import only, signed_in
from staff.requests import Request
from staff.scope import MONEY_ROLES, ORDERING_ROLES, RELEASING_ROLES

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def _sent(request: Request):
    """What was sent, or nothing."""
    return request.POST if request.method == "POST" else None


@signed_in
@GET_OR_POST
def order_terms(request: Request, pk: int) -> HttpResponse:
    """When an order is paid: all before, on delivery, in instalments, monthly (FIN-01)."""
    order = order_for(request, pk)
    refuse_unless(may_write_on(order, request.reach) or request.reach.has_role(RELEASING_ROLES))
    refuse_closed(request, order)

    def form_of(data: QueryDict | None = None) -> TermsForm:
        order.refresh_from_db(fields=["terms"])
        return TermsForm(data, terms=order.terms, dues=dues_of(order))

    form = form_of(_sent(request))
    facts = [(_("Amount"), money_text(order.amount))] if order.amount is not None else []
    return act_page(
        request,
        title=_("Terms of payment"),
        subject=order.number,
        submit=_("Set the terms"),
        form=form,
        facts=facts,
        act=as_seen(
            form,
            lambda **_said: set_terms(order=order, by=request.user, **form.said()),
            hold=partial(hold_order, order),
            anew=form_of,
        ),
        back_url=page_of_order(order),
        said=_("Terms set."),
        stops=TermsForm.stops,
        template="orders/terms.html",
    )


@signed_in
@GET_OR_POST
def slip(request: Request, pk: int) -> HttpResponse:
    """Note a remittance slip: it is held against what is asked for (ORD-30)."""
    order = order_for(request, pk)
    refuse_unless(may_write(request.reach) or request.reach.has_role(MONEY_ROLES))
    refuse_closed(request, order)
    today = order.store.today(timezone.now())
    form = SlipForm(
        _sent(request),
        request.FILES or None,
        order=order,
        waiting=unproved_transfers(order, None),
        today=today,
        initial={"paid_on": today},
    )
    return act_page(
        request,
        title=_("Remittance slip"),
        subject=order.number,
        submit=_("Compare the slip"),
        form=form,
        act=lambda key, **said: note_slip(
            order=order, slip=NewSlip(**said), by=request.user, key=key
        ),
        back_url=page_of_order(order),
        stops=SlipForm.stops,
    )


def _slip_for(request: Request, pk: int) -> Slip:
    refuse_unless(may_read(request.reach))
    orders = visible_orders(request.reach, today=timezone.localdate())
    rows = Slip.objects.filter(order__in=orders.values("pk")).select_related("order__store")
    return get_object_or_404(rows, pk=pk)


@signed_in
@GET_OR_POST
def settle(request: Request, pk: int) -> HttpResponse:
    """Say how the difference of a slip was settled (ORD-31)."""
    found = _slip_for(request, pk)
    refuse_unless(may_write(request.reach) or request.reach.has_role(MONEY_ROLES))
    return act_page(
        request,
        title=_("Difference of a slip"),
        subject=found.order.number,
        submit=_("It is settled"),
        form=ReasonForm(
            _sent(request),
            label=_("How it was settled"),
            missing=_("Say how the difference was settled."),
        ),
        facts=[
            (_("Amount on the slip"), money_text(found.amount)),
            (_("Asked for"), money_text(found.compared_with)),
            (_("Missing"), money_text(found.compared_with - found.amount)),
            (_("Payer"), mask_in_text(found.payer)),
        ],
        act=lambda reason: settle_slip(slip=found, text=reason, by=request.user),
        back_url=page_of_order(found.order),
        said=_("Settled."),
        stops={"note_missing": "reason"},
    )


@only(RELEASING_ROLES)
@GET_OR_POST
def release(request: Request, pk: int) -> HttpResponse:
    """Let goods go that are held: the reason stays (ORD-20, decision 16)."""
    order = order_for(request, pk)
    because = DeliveryHeld(*held_because(order, now=timezone.now()))
    return act_page(
        request,
        title=_("Release the delivery"),
        subject=order.number,
        submit=_("Release the delivery"),
        warning=str(because),
        form=ReasonForm(
            _sent(request),
            label=_("Why the goods go out all the same"),
            missing=_("Say why the goods go out all the same."),
        ),
        act=partial(release_delivery, order=order, by=request.user),
        back_url=page_of_order(order),
        said=_("Delivery released."),
        stops={"reason_missing": "reason"},
    )


@only(ORDERING_ROLES | RELEASING_ROLES)
@GET_OR_POST
def cancel(request: Request, pk: int) -> HttpResponse:
    """Call an order off; what is paid is kept as a credit (FIL-22)."""
    order = order_for(request, pk)
    refuse_unless(may_write_on(order, request.reach) or request.reach.has_role(RELEASING_ROLES))
    stops = cancelling_blockers(order, by=request.user)
    hint = _("The lead is open again: the customer can be filed, filings go by their own clocks.")
    if order.paid:
        kept = _("%(paid)s are kept for the customer as a credit.")
        hint = f"{kept % {'paid': money_text(order.paid)}} {hint}"
    return act_page(
        request,
        title=_("Call the order off"),
        subject=order.number,
        submit="" if stops else _("Call the order off"),
        warning=str(OrderNotCancelled(*stops)) if stops else "",
        hint="" if stops else hint,
        form=CancelForm(_sent(request)),
        act=partial(cancel_order, order=order, by=request.user),
        back_url=page_of_order(order),
        said=_("The order is called off."),
        stops={"reason_missing": "reason"},
    )


@signed_in
@GET_OR_POST
def change_line(request: Request, pk: int) -> HttpResponse:
    """Make a line less, or exchange it: what is paid beyond the new amount is a credit (ORD-17)."""
    orders = visible_orders(request.reach, today=timezone.localdate())
    refuse_unless(may_read(request.reach))
    rows = OrderLine.objects.filter(order__in=orders.values("pk"))
    line = get_object_or_404(rows, pk=pk)
    order: Order = order_to_change(request, line.order_id)
    if line.state == LineState.CANCELLED and request.method != "POST":
        raise PermissionDenied(
            str(OrderNotReduced.because("gone_already", product=mask_in_text(line.product)))
        )
    form = ChangeForm(_sent(request), line=line)
    return act_page(
        request,
        title=_("Change of the order"),
        subject=order.number,
        submit=_("Change the order"),
        form=form,
        facts=[
            (_("Product"), mask_in_text(line.product)),
            (_("Quantity"), str(line.qty)),
            (_("Agreed price"), money_text(line.agreed_price)),
            (_("Paid of the order"), money_text(order.paid)),
        ],
        act=lambda key, **_said: change_order(
            order=order, change=form.change(), by=request.user, key=key
        ),
        back_url=reverse("orders:order", args=[order.pk]),
        hint=_("What is paid beyond the new amount becomes a credit, refundable four weeks later."),
        stops=ChangeForm.stops,
        template="orders/change_line.html",
    )
