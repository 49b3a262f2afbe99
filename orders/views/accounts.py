"""What a customer owes, on what terms they buy, what they dispute, and their statements."""

from datetime import timedelta
from functools import partial

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.amounts import money_text
from core.refusals import Refused
from followups.services import hold_one
from orders.forms.accounts import AccountForm, DisputeForm, StatementForm
from orders.models import Account, Due, Order, Statement
from orders.queries.rights import accounts_seen, name_of
from orders.queries.statements import movements
from orders.queries.visible import visible_orders
from orders.services import accounts, statements
from orders.showing.accounts import shown_account
from orders.views.acting import act_page, as_seen
from orders.views.fetching import refuse_unless
from staff.access import only
from staff.requests import Request
from staff.scope import ACCOUNT_ROLES, ORDER_READERS

QUARTER = timedelta(days=90)


def _orders_of(request: Request, pk: int) -> list[Order]:
    """This customer's orders within reach; somebody without any does not exist (404)."""
    rows = visible_orders(request.reach, today=timezone.localdate()).filter(customer=pk)
    found = list(rows.select_related("customer__store", "customer__owner").order_by("pk"))
    if not found:
        raise Http404
    return found


def _sees_all_of(request: Request, pk: int) -> bool:
    return bool(accounts_seen([pk], request.reach))


@only(ORDER_READERS)
@require_safe
def account(request: Request, pk: int) -> HttpResponse:
    """Everything open of one customer, oldest first, with what is kept and agreed."""
    orders, sees_all = _orders_of(request, pk), _sees_all_of(request, pk)
    customer = orders[0].customer
    shown = shown_account(
        customer,
        orders,
        today=customer.store.today(timezone.now()),
        may_dispute=True,
        sees_all=sees_all,
    )
    context = {
        "customer": name_of(orders[-1], is_card_seen=sees_all),
        "shown": shown,
        "terms_url": reverse("orders:account_terms", args=[pk])
        if request.reach.has_role(ACCOUNT_ROLES)
        else "",
        "new_statement_url": reverse("orders:new_statement", args=[pk]) if sees_all else "",
        "back_url": reverse("reports:ageing"),
    }
    return TemplateResponse(request, "orders/account.html", context)


@only(ACCOUNT_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def account_terms(request: Request, pk: int) -> HttpResponse:
    """Monthly terms, a limit, a hold (FIN-05, FIN-06)."""
    orders = _orders_of(request, pk)
    customer = orders[0].customer

    def form_of(data: QueryDict | None = None) -> AccountForm:
        known = Account.objects.filter(customer=customer).first()
        return AccountForm(data, initial=model_to_dict(known) if known else None)

    form = form_of(request.POST or None)
    return act_page(
        request,
        title=_("Terms of the customer"),
        subject=name_of(orders[-1], is_card_seen=_sees_all_of(request, pk)),
        submit=_("Set the terms"),
        form=form,
        act=as_seen(
            form,
            lambda **_said: accounts.set_account(
                customer=customer, terms=form.terms(), by=request.user
            ),
            hold=partial(hold_one, customer),
            anew=form_of,
        ),
        back_url=reverse("orders:account", args=[pk]),
        stops={"reason_missing": "reason"},
    )


def _due_for(request: Request, pk: int) -> Due:
    rows = visible_orders(request.reach, today=timezone.localdate())
    found = Due.objects.select_related("order__store", "order__customer__store")
    return get_object_or_404(found.filter(order__in=rows.values("pk")), pk=pk)


@only(ORDER_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: Request, pk: int) -> HttpResponse:
    """The customer disputes an amount: its reminders rest."""
    due = _due_for(request, pk)
    return act_page(
        request,
        title=_("The customer disputes an amount"),
        subject=f"{due.order.number} · {money_text(due.amount)}",
        hint=_("Reminders and letters rest until it is settled; the days go on being counted."),
        submit=_("Note the dispute"),
        form=DisputeForm(request.POST or None),
        act=lambda reason: accounts.dispute(due=due, reason=reason, by=request.user),
        back_url=reverse("orders:account", args=[due.order.customer_id]),
        stops={"reason_missing": "reason"},
    )


@only(ORDER_READERS)
@require_POST
def end_dispute(request: Request, pk: int) -> HttpResponse:
    """The dispute is settled: reminders go on."""
    due = _due_for(request, pk)
    if due.disputed_at is not None:
        try:
            accounts.end_dispute(due=due, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("orders:account", pk=due.order.customer_id)


@only(ORDER_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_statement(request: Request, pk: int) -> HttpResponse:
    """Make a statement of some days, of all that the customer bought."""
    customer = _orders_of(request, pk)[0].customer
    refuse_unless(_sees_all_of(request, pk))
    today = customer.store.today(timezone.now())
    form = StatementForm(request.POST or None, initial={"begins": today - QUARTER, "ends": today})
    return act_page(
        request,
        title=_("New statement"),
        subject=customer.shown_name,
        hint=_("It keeps what the customer is told now; print it, and note when they agree."),
        submit=_("Make the statement"),
        form=form,
        act=lambda begins, ends: statements.make_statement(
            customer=customer, begins=begins, ends=ends, by=request.user
        ),
        back_url=reverse("orders:account", args=[pk]),
        stops={"ends_before_it_begins": "ends", "ends_ahead": "ends"},
    )


def _statement_for(request: Request, pk: int) -> Statement:
    """A statement of a customer of whom this person may know everything; any other does not exist
    (404).
    """
    found = Statement.objects.select_related("customer__store", "made_by", "confirmed_by")
    row = get_object_or_404(found, pk=pk)
    if not _sees_all_of(request, row.customer_id):
        raise Http404
    return row


@only(ORDER_READERS)
@require_safe
def statement(request: Request, pk: int) -> HttpResponse:
    """A statement on a sheet of A4."""
    row = _statement_for(request, pk)
    told = movements(row.customer, begins=row.starts_on, ends=row.ends_on)
    context = {
        "statement": row,
        "customer": row.customer.shown_name,
        "opening": money_text(told.opening),
        "entries": [
            {
                "on": entry.on,
                "what": entry.kind.label,
                "order_no": entry.order_no,
                "owed": money_text(entry.owed) if entry.owed else "",
                "received": money_text(entry.received) if entry.received else "",
            }
            for entry in told.entries
        ],
        "closing": money_text(told.closing),
        "balance": money_text(row.balance),
        "has_moved": told.closing != row.balance,
        "printed_on": timezone.localdate(),
        "back_url": reverse("orders:account", args=[row.customer_id]),
    }
    return TemplateResponse(request, "orders/print/statement.html", context)


@only(ORDER_READERS)
@require_POST
def confirm_statement(request: Request, pk: int) -> HttpResponse:
    """The customer agrees with it."""
    row = _statement_for(request, pk)
    if row.confirmed_at is None:
        try:
            statements.confirm_statement(statement=row, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("orders:statement", pk=pk)
