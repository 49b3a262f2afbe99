"""Payments: taken, listed, confirmed by another, rejected, voided; bills on their way."""

from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.amounts import money_text
from core.listing import OpenList
from core.phones import mask_in_text
from core.refusals import Refused
from orders.forms.money import BillMoveForm, PaymentForm, ReasonForm
from orders.lists.money import BILLS, PAYMENTS
from orders.models import Bill, Order, Payment
from orders.queries.deposits import visible_payments
from orders.queries.money import dues_of, owed_by
from orders.queries.money_lists import listed_bills, listed_payments
from orders.queries.rights import sees_card
from orders.rules.bills import BILL_MOVES
from orders.rules.terms import asked_by
from orders.services.bills import move_bill as write_bill
from orders.services.confirming import confirm_payment, reject_payment
from orders.services.holding import balance_of
from orders.services.payments import take_payment
from orders.services.returning import void_payment
from orders.showing.money_places import places_of
from orders.showing.payments import paper_of
from orders.states import BillState
from orders.views.acting import act_page
from orders.views.fetching import order_for, refuse_closed, refuse_unless
from orders.views.listing import export_page, export_url
from staff.access import only
from staff.requests import Request
from staff.scope import MONEY_READERS, MONEY_ROLES, PAYING_ROLES

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def page_of_order(order: Order) -> str:
    """The order's page, at its money."""
    return reverse("orders:order", args=[order.pk]) + "#money"


def _first_typed(request: Request, order: Order) -> dict[str, object]:
    """What a payment of it most likely is: what is asked for by today, from its customer."""
    today = order.store.today(timezone.now())
    amount = asked_by(owed_by(dues_of(order)), order.paid, on=today)
    typed: dict[str, object] = {"amount": f"{amount:.2f}"} if amount else {}
    name = order.buyer or (order.customer.name if sees_card(order, request.reach) else "")
    if name == mask_in_text(name):
        typed["payer"] = name
    return typed


@only(PAYING_ROLES)
@GET_OR_POST
def pay(request: Request, pk: int) -> HttpResponse:
    """Take money for a known order: never more than is open."""
    order = order_for(request, pk)
    refuse_closed(request, order)
    is_sent = request.method == "POST"
    form = (
        PaymentForm(request.POST) if is_sent else PaymentForm(initial=_first_typed(request, order))
    )
    rest = balance_of(order)
    facts = [(_("Still open"), money_text(rest))] if rest is not None else []
    return act_page(
        request,
        title=_("Take a payment"),
        subject=order.number,
        submit=_("Record the payment"),
        form=form,
        facts=facts,
        act=lambda key, **_said: take_payment(
            order=order, taken=form.taken(), by=request.user, key=key
        ),
        back_url=page_of_order(order),
        said=_("Payment recorded."),
        stops=PaymentForm.stops,
        template="orders/pay.html",
    )


def _open_payments(request: Request) -> OpenList:
    return PAYMENTS.open(
        request,
        listed_payments(request.reach),
        filter_with={"reach": request.reach},
        draw_with={
            "may_confirm": request.reach.has_role(MONEY_ROLES),
            "reader_id": request.user.pk,
        },
    )


@only(MONEY_READERS)
@require_safe
def payments(request: Request) -> HttpResponse:
    """Payments: first those that finance has still to confirm."""
    found = _open_payments(request)
    context = {
        "places": places_of(request.reach, here="payments"),
        "export_url": export_url(request, reverse("orders:export_payments")),
        "may_confirm": request.reach.has_role(MONEY_ROLES),
    }
    return PAYMENTS.answer(request, found, "orders/payments.html", context)


@only(MONEY_READERS)
@never_cache
@GET_OR_POST
def export_payments(request: Request) -> HttpResponse:
    """The list of payments as a file."""
    return export_page(request, _open_payments(request), back_url=reverse("orders:payments"))


def _payment_for(request: Request, pk: int) -> Payment:
    """A payment within reach; any other does not exist (404)."""
    rows = visible_payments(request.reach).select_related(
        "order__store", "taken_by", "slip", "bill"
    )
    return get_object_or_404(rows, pk=pk)


def _facts(payment: Payment) -> list[tuple[str, str]]:
    found = [
        (_("Amount"), money_text(payment.amount)),
        (_("Paid by"), payment.get_method_display()),
        (_("Received from"), mask_in_text(payment.payer)),
        (_("Taken by"), payment.taken_by.name),
        (
            pgettext("money", "Taken"),
            timezone.localtime(payment.taken_at).strftime("%Y-%m-%d %H:%M"),
        ),
        (_("Slip or bill"), paper_of(payment)),
    ]
    return [fact for fact in found if fact[1]]


@only(MONEY_ROLES)
@require_POST
def confirm_payments(request: Request) -> HttpResponse:
    """Confirm the payments that were ticked; what cannot be is told, the others stand."""
    chosen = [int(pk) for pk in request.POST.getlist("payment")[:200] if pk.isdecimal()]
    confirmed, told = 0, []
    for payment in visible_payments(request.reach).filter(pk__in=chosen).order_by("pk"):
        try:
            confirm_payment(payment=payment, by=request.user)
        except Refused as refusal:
            told.append(str(refusal))
        else:
            confirmed += 1
    if confirmed:
        said = ngettext("%(count)s payment confirmed.", "%(count)s payments confirmed.", confirmed)
        messages.success(request, said % {"count": confirmed})
    for sentence in dict.fromkeys(told):
        messages.error(request, sentence)
    if not chosen:
        messages.error(request, _("Tick the payments that are there."))
    return redirect("orders:payments")


@only(MONEY_ROLES)
@GET_OR_POST
def confirm(request: Request, pk: int) -> HttpResponse:
    """Confirm one payment, with all that is known of it before the button."""
    payment = _payment_for(request, pk)
    return act_page(
        request,
        title=_("Confirm a payment"),
        subject=payment.order.number,
        submit=_("The money is there"),
        form=forms.Form(request.POST if request.method == "POST" else None),
        facts=_facts(payment),
        act=partial(confirm_payment, payment=payment, by=request.user),
        back_url=reverse("orders:receipt", args=[pk]),
        said=_("Payment confirmed."),
    )


@only(MONEY_ROLES)
@GET_OR_POST
def reject(request: Request, pk: int) -> HttpResponse:
    """The money never came: the payment is reversed, with what it caused (decision 5)."""
    payment = _payment_for(request, pk)
    return act_page(
        request,
        title=_("Reject a payment"),
        subject=payment.order.number,
        submit=_("Reject the payment"),
        hint=_(
            "It counts as never paid: a deal and a credit that stand on it alone go with it, and "
            "whoever recorded it hears of it."
        ),
        form=ReasonForm(
            request.POST if request.method == "POST" else None,
            label=_("Why"),
            missing=_("Say why it cannot be confirmed."),
        ),
        facts=_facts(payment),
        act=partial(reject_payment, payment=payment, by=request.user),
        back_url=reverse("orders:receipt", args=[pk]),
        said=_("Payment rejected."),
        stops={"reason_missing": "reason"},
    )


@only(PAYING_ROLES)
@GET_OR_POST
def void(request: Request, pk: int) -> HttpResponse:
    """Take the own mistake back, within ten minutes (decision 12)."""
    payment = _payment_for(request, pk)
    return act_page(
        request,
        title=_("Take back a mistake"),
        subject=payment.order.number,
        submit=_("Take it back"),
        hint=_("The payment stays visible as taken back. Record it anew as it was."),
        form=ReasonForm(
            request.POST if request.method == "POST" else None,
            label=_("What was wrong"),
            missing=_("Say what was wrong."),
        ),
        facts=_facts(payment),
        act=partial(void_payment, payment=payment, by=request.user),
        back_url=reverse("orders:receipt", args=[pk]),
        said=_("Taken back."),
        stops={"reason_missing": "reason"},
    )


def _open_bills(request: Request) -> OpenList:
    return BILLS.open(
        request,
        listed_bills(request.reach),
        filter_with={"reach": request.reach},
        draw_with={
            "may_move": request.reach.has_role(MONEY_ROLES),
            "today": timezone.localdate(),
        },
    )


@only(MONEY_READERS)
@require_safe
def bills(request: Request) -> HttpResponse:
    """Cheques and acceptances in hand, by the day on which they fall due."""
    context = {
        "places": places_of(request.reach, here="bills"),
        "export_url": export_url(request, reverse("orders:export_bills")),
    }
    return BILLS.answer(request, _open_bills(request), "orders/bills.html", context)


@only(MONEY_READERS)
@never_cache
@GET_OR_POST
def export_bills(request: Request) -> HttpResponse:
    """The list of bills as a file."""
    return export_page(request, _open_bills(request), back_url=reverse("orders:bills"))


@only(MONEY_ROLES)
@GET_OR_POST
def move_bill(request: Request, pk: int) -> HttpResponse:
    """Where a bill is now; one that bounced takes its payment with it."""
    found = get_object_or_404(listed_bills(request.reach), pk=pk)
    ways = [(to.value, to.label) for to in BillState if to in BILL_MOVES[BillState(found.state)]]
    refuse_unless(bool(ways))
    form = BillMoveForm(request.POST if request.method == "POST" else None, ways=ways)
    return act_page(
        request,
        title=_("Where is the bill?"),
        subject=found.number,
        submit=_("Write it down"),
        hint=_("A bill that bounced was no money: its payment is reversed."),
        form=form,
        facts=_bill_facts(found),
        act=lambda to, reason: write_bill(
            bill=found, to=BillState(to), reason=reason, by=request.user
        ),
        back_url=reverse("orders:bills"),
        said=_("Written down."),
        stops=BillMoveForm.stops,
    )


def _bill_facts(bill: Bill) -> list[tuple[str, str]]:
    return [
        (_("Amount"), money_text(bill.payment.amount)),
        (_("Bank"), mask_in_text(bill.bank)),
        (_("Due on"), bill.due_on.isoformat()),
        (_("State"), bill.get_state_display()),
    ]
