"""Credits: the list, one of them, and what becomes of it (ORD-17)."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.amounts import money_text
from core.listing import OpenList
from orders.forms.credits import ContactForm, OffsetForm, PayRefundForm, RefundForm
from orders.forms.money import ReasonForm
from orders.lists.credits import CREDITS
from orders.models import Credit, CreditUse, Order
from orders.queries.money_lists import listed_credits
from orders.queries.rights import may_write
from orders.queries.visible import visible_orders
from orders.services import credits as services
from orders.showing.credits import credit_shown, name_on_list
from orders.showing.money_places import places_of
from orders.states import CLOSED_ORDERS, CreditUseKind
from orders.views.acting import act_page
from orders.views.fetching import refuse_unless
from orders.views.listing import export_page, export_url
from staff.access import only, signed_in
from staff.requests import Request
from staff.scope import MONEY_READERS, MONEY_ROLES, ORDER_READERS

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def _sent(request: Request):
    """What was sent, or nothing."""
    return request.POST if request.method == "POST" else None


def _open(request: Request) -> OpenList:
    today = timezone.localdate()
    return CREDITS.open(
        request,
        listed_credits(request.reach, today=today),
        filter_with={"reach": request.reach, "today": today},
        draw_with={"reader": request.reach, "today": today},
    )


@only(MONEY_READERS)
@require_safe
def credits(request: Request) -> HttpResponse:
    """Money of customers that changes of orders left with us."""
    context = {
        "places": places_of(request.reach, here="credits"),
        "export_url": export_url(request, reverse("orders:export_credits")),
    }
    return CREDITS.answer(request, _open(request), "orders/credits.html", context)


@only(MONEY_READERS)
@never_cache
@GET_OR_POST
def export_credits(request: Request) -> HttpResponse:
    """The list of credits as a file."""
    return export_page(request, _open(request), back_url=reverse("orders:credits"))


def _credit_for(request: Request, pk: int) -> Credit:
    """A credit of an order within reach; any other does not exist (404)."""
    return get_object_or_404(listed_credits(request.reach, today=timezone.localdate()), pk=pk)


def _to_act(request: Request, pk: int) -> Credit:
    """The same for who writes orders or keeps the money (403 for others)."""
    found = _credit_for(request, pk)
    refuse_unless(may_write(request.reach) or request.reach.has_role(MONEY_ROLES))
    return found


@only(ORDER_READERS)
@require_safe
def credit(request: Request, pk: int) -> HttpResponse:
    """One credit: where it came from, when it is due, where it went."""
    found = _credit_for(request, pk)
    context = {
        "credit": credit_shown(found, reach=request.reach, now=timezone.now()),
        "back_url": reverse("orders:credits"),
    }
    return TemplateResponse(request, "orders/credit.html", context)


def _facts(request: Request, credit: Credit) -> list[tuple[str, str]]:
    return [
        (_("Customer"), name_on_list(credit, request.reach) or "–"),
        (_("Order no."), credit.order.number),
        (_("Still with us"), money_text(credit.amount - credit.used)),
        (_("Refundable from"), credit.refundable_from.isoformat()),
    ]


@signed_in
@GET_OR_POST
def contact(request: Request, pk: int) -> HttpResponse:
    """What the customer said about their money, before it is due."""
    found = _to_act(request, pk)
    return act_page(
        request,
        title=_("Note what the customer said"),
        subject=found.order.number,
        submit=_("Note it"),
        form=ContactForm(_sent(request)),
        facts=_facts(request, found),
        act=partial(services.note_contact, credit=found, by=request.user),
        back_url=reverse("orders:credit", args=[pk]),
        said=_("Noted."),
        stops={"text_missing": "text"},
    )


@signed_in
@GET_OR_POST
def offset(request: Request, pk: int) -> HttpResponse:
    """Put a credit into another order of the same customer, who agreed to it."""
    found = _to_act(request, pk)
    orders = _other_orders(request, found)
    form = OffsetForm(_sent(request), orders=orders, most=found.amount - found.used)
    has_other = orders.exists()
    return act_page(
        request,
        title=_("Offset against another order"),
        subject=found.order.number,
        submit=_("Offset it") if has_other else "",
        warning="" if has_other else _("This customer has no other order with something open."),
        form=form,
        facts=_facts(request, found),
        act=partial(services.offset_credit, credit=found, by=request.user),
        back_url=reverse("orders:credit", args=[pk]),
        said=_("Offset."),
        stops=OffsetForm.stops,
    )


def _other_orders(request: Request, credit: Credit):
    """Orders of the same customer of which something is open."""
    seen = visible_orders(request.reach, today=timezone.localdate())
    others = seen.filter(customer=credit.customer_id).exclude(pk=credit.order_id)
    open_ones = [pk for pk, amount, paid in others.exclude(state__in=CLOSED_ORDERS).values_list(
        "pk", "amount", "paid") if amount is not None and paid < amount]  # fmt: skip
    return Order.objects.filter(pk__in=open_ones).order_by("-ordered_on", "-pk")


@only(ORDER_READERS)
@GET_OR_POST
def ask_refund(request: Request, pk: int) -> HttpResponse:
    """Ask finance to pay a credit out."""
    found = _credit_for(request, pk)
    left = found.amount - found.used
    sent = _sent(request)
    form = RefundForm(sent) if sent else RefundForm(initial={"amount": left})
    return act_page(
        request,
        title=_("Ask for the refund"),
        subject=found.order.number,
        submit=_("Ask for it") if left else "",
        warning="" if left else _("Nothing of this credit is left."),
        hint=_("Finance pays it out from its day on, and never whoever asked for it."),
        form=form,
        facts=_facts(request, found),
        act=partial(services.ask_refund, credit=found, by=request.user),
        back_url=reverse("orders:credit", args=[pk]),
        said=_("Asked for."),
        stops=RefundForm.stops,
    )


def _use_for(request: Request, pk: int) -> CreditUse:
    credits = listed_credits(request.reach, today=timezone.localdate())
    rows = CreditUse.objects.filter(kind=CreditUseKind.REFUND, credit__in=credits.values("pk"))
    return get_object_or_404(rows.select_related("credit__order__store"), pk=pk)


@only(MONEY_ROLES)
@GET_OR_POST
def pay_refund(request: Request, pk: int) -> HttpResponse:
    """Pay out what somebody else asked for."""
    use = _use_for(request, pk)
    found = _credit_for(request, use.credit_id)
    facts = [(_("To be paid out"), money_text(use.amount)), *_facts(request, found)]
    return act_page(
        request,
        title=_("Pay out a refund"),
        subject=found.order.number,
        submit=_("It is paid out"),
        form=PayRefundForm(_sent(request)),
        facts=facts,
        act=partial(services.pay_refund, use=use, by=request.user),
        back_url=reverse("orders:credit", args=[use.credit_id]),
        said=_("Paid out."),
        stops=PayRefundForm.stops,
    )


@only(MONEY_ROLES)
@GET_OR_POST
def refuse_refund(request: Request, pk: int) -> HttpResponse:
    """A refund that was asked for is not paid out."""
    use = _use_for(request, pk)
    return act_page(
        request,
        title=_("Refuse the refund"),
        subject=use.credit.order.number,
        submit=_("Refuse it"),
        form=ReasonForm(_sent(request), label=_("Why"), missing=_("Say why it is not refunded.")),
        facts=[(_("Asked for"), money_text(use.amount))],
        act=partial(services.refuse_refund, use=use, by=request.user),
        back_url=reverse("orders:credit", args=[use.credit_id]),
        said=_("Refused."),
        stops={"reason_missing": "reason"},
    )
