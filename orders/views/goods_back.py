"""Goods that come back: asking, deciding, settling, the case, and the review of them all."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.amounts import money_text
from core.forms import show_refusal
from core.phones import mask_in_text
from core.refusals import Refused
from followups.models import Case
from followups.queries.cases import visible_cases
from orders.forms.goods_back import AskForm, DecideForm, PromiseForm, ReturnCaseForm
from orders.forms.lines import LineForms
from orders.lists.returns import RETURNS
from orders.models import Return
from orders.queries.order_terms import order_terms
from orders.queries.returns import OF_RETURN, cost_of, visible_returns, with_the_customer
from orders.queries.rights import may_read, name_of, sees_card
from orders.queries.visible import visible_orders
from orders.rules.credits import left_over
from orders.services.goods_back import ask_return as write_return
from orders.services.goods_back import decide_return as decide
from orders.services.goods_back import open_return_case
from orders.services.settling_returns import Instead
from orders.services.settling_returns import settle_return as settle
from orders.showing.goods_back import acts_of, back_shown, facts_of, may_ask, may_decide, waits_for
from orders.states import ReturnKind, ReturnState
from orders.views.acting import act_page
from orders.views.fetching import order_for, refuse_unless
from staff.access import signed_in
from staff.requests import Request

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
SHOWN = 50


def return_for(request: Request, pk: int) -> Return:
    """The return `pk` with its order; out of reach it does not exist (404)."""
    refuse_unless(may_read(request.reach))
    rows = visible_returns(request.reach, today=timezone.localdate())
    return get_object_or_404(rows.select_related(*OF_RETURN, "case"), pk=pk)


@signed_in
@require_safe
def returns(request: Request) -> HttpResponse:
    """Every return and exchange within reach: why, how much, how soon, by the policy or not."""
    refuse_unless(may_read(request.reach))
    now = timezone.now()
    found = RETURNS.open(
        request,
        visible_returns(request.reach, today=timezone.localdate(now)).select_related(*OF_RETURN),
        filter_with={"reach": request.reach},
        draw_with={"reader": request.reach},
    )
    context = {"report_url": reverse("reports:returns")}
    return RETURNS.answer(request, found, "orders/returns.html", context)


@signed_in
@require_safe
def goods_back(request: Request, pk: int) -> HttpResponse:
    """One return: what is asked, decided and settled, and what may be done."""
    row, now = return_for(request, pk), timezone.now()
    seen = sees_card(row.order, request.reach)
    acts = acts_of(row, reach=request.reach)
    is_main = bool(acts) and row.state in (ReturnState.ASKED, ReturnState.AGREED)
    main = acts[0] if is_main and acts[0].icon != "message-2" else None
    context = {
        "shown": back_shown(row, now=now),
        "number": row.order.number,
        "order_url": reverse("orders:order", args=[row.order_id]),
        "customer": name_of(row.order, is_card_seen=seen),
        "facts": facts_of(row, now=now),
        "waits": waits_for(row),
        "main": main,
        "acts": [act for act in acts if act is not main],
        "case_url": reverse("followups:case", args=[row.case_id]) if row.case_id and seen else "",
        "credit_url": reverse("orders:credit", args=[row.credit_id]) if row.credit_id else "",
    }
    return TemplateResponse(request, "orders/goods_back.html", context)


@signed_in
@GET_OR_POST
def ask_return(request: Request, pk: int) -> HttpResponse:
    """Write down which goods a customer wants to give back or exchange, and why."""
    order = order_for(request, pk)
    refuse_unless(may_ask(order, request.reach))
    case = _case_of(request)
    among = with_the_customer(order)
    form = AskForm(request.POST or None, among=among, initial=_chosen_line(request))
    days = order_terms(order.store).return_days
    done: list[Return] = []

    def act(**said: Any) -> None:
        done.append(write_return(by=request.user, case=case, **said))

    answer = act_page(
        request,
        title=_("Return or exchange"),
        subject=order.number,
        hint=_(
            "At the customer's wish goods come back within %(days)s days after the delivery. "
            "Quality, damage and wrong goods are taken later, too: a manager says why."
        )
        % {"days": days},
        warning="" if among else _("Nothing of this order is with the customer."),
        submit=_("Ask for it") if among else "",
        form=form,
        act=act,
        back_url=reverse("orders:order", args=[pk]),
        said=_("Written down. A manager decides."),
        stops=form.stops,
    )
    return redirect("orders:goods_back", pk=done[0].pk) if done else answer


def _chosen_line(request: Request) -> dict[str, str]:
    asked = request.GET.get("line", "")
    return {"line": asked} if asked.isdecimal() else {}


def _case_of(request: Request) -> Case | None:
    """The case that the address names; out of reach there is none (404)."""
    asked = request.GET.get("case", "")
    if not asked:
        return None
    is_key = asked.isascii() and asked.isdecimal() and len(asked) < 19
    return get_object_or_404(visible_cases(request.reach), pk=int(asked) if is_key else 0)


def _facts(row: Return) -> list[tuple[str, str]]:
    return [
        (_("Goods"), f"{mask_in_text(row.line.product)} × {row.qty}"),
        (_("Wanted"), row.get_kind_display()),
        (_("Why"), row.get_cause_display()),
        (_("What the customer says"), mask_in_text(row.note)),
        (_("Amount"), money_text(cost_of(row))),
    ]


@signed_in
@GET_OR_POST
def decide_return(request: Request, pk: int) -> HttpResponse:
    """A manager agrees to it or refuses it."""
    row = return_for(request, pk)
    if not may_decide(row, request.reach):
        raise PermissionDenied
    form = DecideForm(request.POST or None)
    late = _("The days of the policy are over: say why it is taken back all the same.")

    def act(*, is_agreed: bool, reason: str) -> None:
        decide(goods_back=row, is_agreed=is_agreed, reason=reason, by=request.user)

    return act_page(
        request,
        title=_("Decide about the return"),
        subject=row.order.number,
        facts=[(label, text) for label, text in _facts(row) if text],
        warning="" if row.is_within else late,
        submit=_("Note the decision"),
        form=form,
        act=act,
        back_url=reverse("orders:goods_back", args=[pk]),
        said=_("Decided."),
        stops=form.stops,
    )


@signed_in
@GET_OR_POST
def settle_return(request: Request, pk: int) -> HttpResponse:
    """The goods are here: the money is made good, and what comes instead is written down."""
    row = return_for(request, pk)
    refuse_unless(may_ask(row.order, request.reach))
    if row.state not in (ReturnState.AGREED, ReturnState.SETTLED):
        raise PermissionDenied
    is_exchange = row.kind == ReturnKind.EXCHANGE
    data = request.POST if request.method == "POST" else None
    lines = LineForms(data) if is_exchange else None
    form = PromiseForm(data)
    is_valid = data is not None and form.is_valid() and (lines is None or lines.is_valid())
    if is_valid and _settled(request, row, form, lines):
        messages.success(request, _("The return is settled."))
        return redirect("orders:goods_back", pk=pk)
    context = {
        "number": row.order.number,
        "facts": [(label, text) for label, text in _facts(row) if text],
        "money": _money(row),
        "form": form,
        "lines": lines,
        "back_url": reverse("orders:goods_back", args=[pk]),
    }
    return TemplateResponse(request, "orders/settle_return.html", context)


def _settled(request: Request, row: Return, form: PromiseForm, lines: LineForms | None) -> bool:
    """Settle it; false where it was refused and the page says why."""
    instead = None
    if lines is not None:
        said = lines.lines()
        if len(said) != 1:
            form.add_error(None, _("Say what the customer gets instead: one product."))
            return False
        instead = Instead(line=said[0], promised_on=form.cleaned_data["promised_on"])
    try:
        settle(goods_back=row, by=request.user, instead=instead)
    except Refused as refusal:
        show_refusal(form, refusal, form.stops)
        return False
    return True


def _money(row: Return) -> str:
    """What settling does with the customer's money, before the button."""
    order = row.order
    if row.kind == ReturnKind.EXCHANGE:
        return _(
            "What comes instead for less leaves a credit, as far as it is paid; for more, the rest "
            "is due before its delivery."
        )
    credit = left_over(paid=order.paid, new_amount=(order.amount or 0) - cost_of(row))
    if not credit:
        return _("Nothing is paid beyond what stays, so there is no credit.")
    return _("%(credit)s are kept for the customer as a credit.") % {"credit": money_text(credit)}


@signed_in
@GET_OR_POST
def return_case(request: Request, pk: int) -> HttpResponse:
    """Open the service case or complaint that it belongs to (ORD-38)."""
    row = return_for(request, pk)
    refuse_unless(may_ask(row.order, request.reach))
    form = ReturnCaseForm(request.POST or None, initial={"text": mask_in_text(row.note)})

    def act(**said: Any) -> None:
        open_return_case(goods_back=row, by=request.user, **said)

    return act_page(
        request,
        title=_("Open a service case"),
        subject=row.order.number,
        facts=[(label, text) for label, text in _facts(row)[:3] if text],
        submit=_("Open the case"),
        form=form,
        act=act,
        back_url=reverse("orders:goods_back", args=[pk]),
        said=_("The case is open."),
        stops=form.stops,
    )


@signed_in
@require_safe
def returns_of_case(request: Request, pk: int) -> HttpResponse:
    """What comes back because of a case, and the orders of the customer of which more might."""
    refuse_unless(may_read(request.reach))
    case = get_object_or_404(visible_cases(request.reach).select_related("customer"), pk=pk)
    now = timezone.now()
    today = timezone.localdate(now)
    rows = visible_returns(request.reach, today=today).filter(case=case)
    orders = visible_orders(request.reach, today=today).filter(
        customer=case.customer_id, lines__delivered_qty__gt=0
    )
    newest = orders.select_related("store", "customer").distinct().order_by("-ordered_on", "-pk")
    context = {
        "number": case.pk,
        "customer": case.customer.shown_name,
        "rows": [
            back_shown(row, now=now)
            for row in rows.select_related(*OF_RETURN).order_by("-asked_on", "-pk")
        ],
        "orders": [
            {
                "number": order.number,
                "on": order.ordered_on.isoformat(),
                "url": f"{reverse('orders:ask_return', args=[order.pk])}?case={case.pk}",
            }
            for order in newest[:SHOWN]
            if may_ask(order, request.reach)
        ],
        "back_url": reverse("followups:case", args=[pk]),
    }
    return TemplateResponse(request, "orders/returns_of_case.html", context)
