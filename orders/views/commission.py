"""Commission of designers: the list, one designer, paying out, and the sheet of a month."""

import re
from datetime import date, timedelta
from functools import partial

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.amounts import money_text
from core.calendars import add_months
from core.days import month_text
from core.listing import OpenList
from core.phones import mask_in_text
from customers.models import Customer, Designer
from customers.queries import visible
from customers.queries.finding import with_this_number
from customers.services import NumberNotLookedUp, look_up_number
from orders.forms.commission import IntroduceForm, NameDesignerForm, PayForm
from orders.lists.commissions import COMMISSIONS
from orders.queries.commission import commission_in_short
from orders.queries.commission_rows import (
    Days,
    account_of,
    commission_designers,
    commission_orders,
    entries_in,
    rows_in,
    rows_of_designer,
    unintroduced,
)
from orders.rules.commission import agreed_rates
from orders.services.commission import pay_commission as pay
from orders.services.holding import hold_order
from orders.services.introducing import introduce as write_introduction
from orders.services.introducing import name_designer as write_designer
from orders.showing.commission import entry_shown, facts_of, rates_words, row_shown, sums_of
from orders.views.acting import act_page, as_seen
from orders.views.fetching import order_for, order_to_write
from staff.access import only, signed_in
from staff.requests import Request
from staff.scope import (
    MONEY_ROLES,
    ORDER_EXPORTING_ROLES,
    ORDER_READERS,
    ORDERING_ROLES,
)
from staff.views.exporting import export_page

SHOWN = 200
MONTH = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])")


def designer_for(request: Request, pk: int) -> Designer:
    """The designer `pk`; out of reach they do not exist (404)."""
    rows = commission_designers(request.reach).select_related("keeper", "store")
    return get_object_or_404(rows, pk=pk)


def _open(request: Request, *, today: date) -> OpenList:
    return COMMISSIONS.open(
        request,
        commission_orders(request.reach, today=today),
        filter_with={"reach": request.reach},
        draw_with={"reader": request.reach},
    )


@only(ORDER_READERS)
@require_safe
def commissions(request: Request) -> HttpResponse:
    """Each order that a designer brought: delivered, due, paid, clawed back, payable."""
    found = _open(request, today=timezone.localdate())
    may_export = request.reach.has_role(ORDER_EXPORTING_ROLES)
    export = f"{reverse('orders:export_commissions')}?{request.GET.urlencode()}"
    context = {
        "export_url": export if may_export else "",
        "month_url": reverse("reports:commission"),
    }
    return COMMISSIONS.answer(request, found, "orders/commissions.html", context)


@only(ORDER_EXPORTING_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export_commissions(request: Request) -> HttpResponse:
    """Exactly the list of the address as a file, counted and marked like every export."""
    found = _open(request, today=timezone.localdate())
    return export_page(request, found, back_url=reverse("orders:commissions"))


@only(ORDER_READERS)
@require_safe
def commissions_of(request: Request, pk: int) -> HttpResponse:
    """One designer: the agreement, what they brought, what is payable, what was paid."""
    designer, today = designer_for(request, pk), timezone.localdate()
    rows = rows_of_designer(designer, reach=request.reach, today=today)
    account = account_of(rows)
    ever = Days(begins=date.min, ends=date.max)
    entries = entries_in(designer, ever, reach=request.reach, today=today)
    may_introduce = request.reach.has_role(ORDERING_ROLES)
    waiting = unintroduced(designer, reach=request.reach)[:SHOWN] if may_introduce else []
    rates = agreed_rates(furniture=designer.furniture_rate, accessories=designer.accessories_rate)
    to_introduce = reverse("orders:introduce", args=[pk])
    context = {
        "name": mask_in_text(designer.name),
        "facts": facts_of(designer, rates),
        "sums": sums_of(rows, account),
        "rows": [row_shown(row) for row in rows[:SHOWN]],
        "is_cut": len(rows) > SHOWN,
        "entries": [entry_shown(entry) for entry in reversed(entries)],
        "waiting": [
            {"name": card.shown_name, "url": f"{to_introduce}?customer={card.pk}"}
            for card in waiting
        ],
        "introduce_url": to_introduce if may_introduce else "",
        "statement_url": f"{reverse('orders:commission_statement', args=[pk])}?month={today:%Y-%m}",
        "back_url": reverse("orders:commissions"),
    }
    return TemplateResponse(request, "orders/commissions_of.html", context)


@only(ORDERING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def introduce(request: Request, pk: int) -> HttpResponse:
    """Write down that this designer brought a customer, chosen on a page or by their number."""
    designer, now = designer_for(request, pk), timezone.now()
    chosen = _chosen(request)
    form = IntroduceForm(request.POST or None, customer=chosen, today=timezone.localdate(now))
    customer = chosen
    if form.is_valid() and customer is None:
        customer = _of_number(request, form)
    rates = agreed_rates(furniture=designer.furniture_rate, accessories=designer.accessories_rate)
    facts = [(_("Rates"), rates_words(rates))]
    if chosen is not None:
        facts.append((_("Customer"), chosen.shown_name))

    def do(*, on: date, key, **_phone) -> None:
        if customer is None:
            raise RuntimeError("a form without a customer is not valid")
        write_introduction(designer=designer, customer=customer, on=on, by=request.user, key=key)

    return act_page(
        request,
        title=_("Note an introduction"),
        subject=mask_in_text(designer.name),
        facts=facts,
        hint=_("The rates of the agreement hold as they are today, for all this customer orders."),
        submit=_("Note the introduction"),
        form=form,
        act=do,
        back_url=reverse("orders:commissions_of", args=[pk]),
        said=_("Introduction noted."),
        stops=form.fields_of_codes,
    )


def _chosen(request: Request) -> Customer | None:
    """The customer of the address; out of reach there is none (404)."""
    asked = request.GET.get("customer", "")
    if not asked:
        return None
    is_key = asked.isascii() and asked.isdecimal() and len(asked) < 19
    rows = visible(request.reach).select_related("store")
    return get_object_or_404(rows, pk=int(asked) if is_key else 0)


def _of_number(request: Request, form: IntroduceForm) -> Customer | None:
    """The customer with the number that is typed, within reach; counted as a look-up."""
    phone = form.cleaned_data["phone"]
    try:
        look_up_number(phone=phone, by=request.user, now=timezone.now())
    except NumberNotLookedUp as refusal:
        form.add_error("phone", str(refusal))
        return None
    row = with_this_number(phone.e164)
    found = visible(request.reach).filter(pk=row.customer_id).first() if row else None
    if found is None:
        text = _("No customer of yours has this number. Register them first.")
        form.add_error("phone", text)
    return found


@only(MONEY_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def pay_commission(request: Request, pk: int) -> HttpResponse:
    """Write down what the designer of an order was paid (ORD-18)."""
    order = order_for(request, pk)
    told = commission_in_short(order)
    payable = told.payable if told else None
    today = timezone.localdate()
    form = PayForm(request.POST or None, initial={"amount": payable or None, "on": today})
    facts = []
    if told is not None and order.designer is not None:
        back = told.reckoned.clawed_back
        facts += [
            (_("Designer"), mask_in_text(order.designer.name)),
            (_("Delivered"), money_text(told.delivered)),
            (_("Rates"), rates_words(told.rates)),
            (_("Commission"), money_text(told.reckoned.earned)),
            (_("Clawed back"), money_text(back) if back else ""),
            (_("Paid out"), money_text(told.reckoned.paid)),
            (_("Payable now"), money_text(told.payable)),
        ]

    def do(**said) -> None:
        pay(order=order, by=request.user, **said)

    return act_page(
        request,
        title=_("Pay commission"),
        subject=order.number,
        facts=[(label, text) for label, text in facts if text],
        warning=_why_not(told),
        submit="" if _why_not(told) else _("Note the payment"),
        form=form,
        act=do,
        back_url=reverse("orders:order", args=[pk]),
        said=_("Payment noted."),
        stops=form.fields_of_codes,
    )


def _why_not(told) -> str:
    """Why nothing is to be paid now; empty where something is."""
    if told is None:
        return _("No designer is named on this order.")
    if not told.reckoned.is_completed:
        return _("Commission is paid once the order is completed: delivered whole, and paid.")
    if told.payable <= 0 < told.reckoned.open:
        return _("What is due for this order is taken against what the designer owes.")
    return "" if told.payable > 0 else _("Nothing is payable for this order.")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def name_designer(request: Request, pk: int) -> HttpResponse:
    """Say to which designer the commission of an order is owed."""
    order = order_to_write(request, pk)
    designers = commission_designers(request.reach).filter(is_active=True, signed_on__isnull=False)

    def form_of(data: QueryDict | None = None) -> NameDesignerForm:
        order.refresh_from_db(fields=["designer"])
        known = {"designer": order.designer_id or order.customer.designer_id}
        among = designers.order_by("search", "pk")
        return NameDesignerForm(data, designers=among, initial=known)

    form = form_of(request.POST if request.method == "POST" else None)

    def do(*, designer: Designer | None) -> None:
        write_designer(order=order, designer=designer, by=request.user)

    return act_page(
        request,
        title=_("Designer of the order"),
        subject=order.number,
        hint=_(
            "A designer who has not introduced this customer before does so with this order, on "
            "its day; the agreement has to hold then."
        ),
        submit=_("Name the designer"),
        form=form,
        act=as_seen(form, do, hold=partial(hold_order, order, even_closed=True), anew=form_of),
        back_url=reverse("orders:order", args=[pk]),
        said=_("The designer of the order is written down."),
    )


@only(ORDER_READERS)
@require_safe
def commission_statement(request: Request, pk: int) -> HttpResponse:
    """The sheet of a designer's month, to print: what they brought, what was paid."""
    designer, today = designer_for(request, pk), timezone.localdate()
    days = _month(request, today=today)
    rows = rows_in(days, reach=request.reach, today=today, designer=designer)
    everything = rows_of_designer(designer, reach=request.reach, today=today)
    rates = agreed_rates(furniture=designer.furniture_rate, accessories=designer.accessories_rate)
    entries = entries_in(designer, days, reach=request.reach, today=today)
    here = reverse("orders:commission_statement", args=[pk])
    context = {
        "name": mask_in_text(designer.name),
        "month": month_text(days.begins),
        "facts": facts_of(designer, rates),
        "rows": [row_shown(row) for row in rows],
        "entries": [entry_shown(entry) for entry in entries],
        "sums": sums_of(rows, account_of(everything)),
        "store": designer.store.name,
        "earlier_url": f"{here}?month={add_months(days.begins, -1):%Y-%m}",
        "later_url": f"{here}?month={add_months(days.begins, 1):%Y-%m}",
        "printed_on": today.isoformat(),
        "back_url": reverse("orders:commissions_of", args=[pk]),
    }
    return TemplateResponse(request, "orders/print/commission_statement.html", context)


def _month(request: Request, *, today: date) -> Days:
    """The month of the address, this one without."""
    first = today.replace(day=1)
    if asked := request.GET.get("month", ""):
        if MONTH.fullmatch(asked):
            first = date.fromisoformat(f"{asked}-01")
        else:
            messages.error(request, _("This is no month. Here is the present one."))
    return Days(begins=first, ends=add_months(first, 1) - timedelta(days=1))
