"""Placing an order: from a number, or from a quote with its lines (decision 4)."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.amounts import money_text
from core.forms import show_refusal
from core.phones import mask_in_text
from core.refusals import Refused
from core.services.once import FormOfSomebodyElse
from core.services.sent import arrived
from customers.models import Customer, Designer
from customers.views.fetching import get_customer_for
from orders.forms.lines import LineForms
from orders.forms.sales import OrderForm
from orders.models import Order, Quote, QuoteLine
from orders.queries.commission_rows import commission_designers
from orders.queries.rights import may_write_on, name_of, sees_card
from orders.services.lines import LinesNotPlaced
from orders.services.ordering import place_order
from orders.showing.lines import line_shown
from orders.views.answering import answer_of_quote, answer_to
from orders.views.fetching import quote_for, refuse_unless
from orders.views.lines import tell_stock
from orders.wording.deposits import WAIT, Answer
from orders.wording.sales import answer_to_order
from staff.access import only
from staff.requests import Request
from staff.scope import ORDERING_ROLES

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
# The fields on which the answer before the button depends.
ASKED = ("phone", "address", "order_no", "is_new_purchase")


def _designers(request: Request) -> QuerySet[Designer]:
    """Whom an order may name as its designer."""
    found = commission_designers(request.reach).filter(is_active=True, signed_on__isnull=False)
    return found.order_by("search", "pk")


def _form(request: Request, data: Any = None, **more: Any) -> OrderForm:
    files = request.FILES if data is not None else None
    today: date = timezone.localdate()
    if request.user.store is not None:
        today = request.user.store.today(timezone.now())
    return OrderForm(
        data, files, by=request.user, designers=_designers(request), today=today, **more
    )


@only(ORDERING_ROLES)
@never_cache
@GET_OR_POST
def new_order(request: Request, pk: int | None = None) -> HttpResponse:
    """Place an order for whoever has a number: no card needs to be in sight; or for the customer
    `pk` whose card one sees.
    """
    customer = get_customer_for(request, pk) if pk is not None else None
    if request.method != "POST":
        return _first(request, customer)
    if "more" in request.POST:
        return _typed(request, customer, blanks=1)
    form = _form(request, request.POST, customer=customer)
    lines = LineForms(request.POST)
    answer = answer_to(request, form, answer_to_order)
    is_whole = [form.is_valid(), lines.is_valid()]
    if all(is_whole) and (placed := _place(request, form, lines, answer)):
        return arrived(redirect("orders:order", pk=placed.pk), f"order:{pk}" if pk else "order")
    _mend_key(form)
    return _page(request, form, lines, answer)


def _first(request: Request, customer: Customer | None) -> HttpResponse:
    """The blank page; of a customer who is known with the answer and their address."""
    if customer is None:
        return _page(request, _form(request), LineForms(), None)
    initial = {"address": mask_in_text(customer.address)}
    asked = _form(request, initial, customer=customer)
    form = _form(request, initial=initial, customer=customer)
    return _page(request, form, LineForms(), answer_to(request, asked, answer_to_order))


def _mend_key(form: OrderForm) -> None:
    if "key" in form.errors:
        form.renew_key()
        form.add_error(None, _("This form was damaged on its way. Check it and send it again."))


def _place(
    request: Request, form: OrderForm, lines: LineForms | None, answer: Answer | None
) -> Order | None:
    """The order, or None and why not on the form; what was read is held against what is true.

    Whoever could be told nothing may place it all the same.
    """
    expected: str | None = form.cleaned_data["seen"]
    if answer is not None and answer.seen == WAIT:
        expected = None if expected == WAIT else ""
    try:
        return place_order(
            said=form.order(lines.lines() if lines else []),
            by=request.user,
            key=form.cleaned_data["key"],
            expected=expected,
        )
    except FormOfSomebodyElse as refusal:
        form.renew_key()
        form.add_error(None, str(refusal))
    except LinesNotPlaced as refusal:
        for sentence in lines.show_refusal(refusal) if lines else refusal.sentences():
            is_about_original = "difference_unexplained" in refusal.codes
            form.add_error("difference_reason" if is_about_original else None, sentence)
    except Refused as refusal:
        show_refusal(form, refusal, form.fields_of_codes)
    return None


def _typed(request: Request, customer: Customer | None, *, blanks: int) -> HttpResponse:
    """The page with what was typed, not judged yet, and its answer."""
    sent = _form(request, request.POST, customer=customer)
    typed = request.POST.dict()
    form = _form(request, initial=typed, customer=customer)
    lines = LineForms(typed=typed, blanks=blanks)
    return _page(request, form, lines, answer_to(request, sent, answer_to_order))


def _page(
    request: Request,
    form: OrderForm,
    lines: LineForms | None,
    answer: Answer | None,
    **more: object,
) -> HttpResponse:
    if lines is not None:
        tell_stock(lines.forms, reach=request.reach, store=request.user.store)
    context: dict[str, object] = {
        "form": form,
        "lines": lines,
        "answer": answer,
        "asked": ",".join(ASKED),
        "swaps": False,
        "quote": None,
        "form_url": reverse("orders:new_order"),
        "check_url": reverse("orders:check_order_number"),
        "back_url": reverse("desk:home"),
    }
    if form.customer is not None:
        here = [form.customer.pk]
        context["form_url"] = reverse("orders:order_for", args=here)
        context["check_url"] = reverse("orders:check_order_for", args=here)
        context["back_url"] = reverse("desk:customer", args=here)
    context |= more
    return TemplateResponse(request, "orders/order_new.html", context)


@only(ORDERING_ROLES)
@require_POST
@never_cache
def check_order_number(request: Request, pk: int | None = None) -> HttpResponse:
    """What a number is: the answer alone for htmx, else the page with it."""
    customer = get_customer_for(request, pk) if pk is not None else None
    if not request.htmx:
        return _typed(request, customer, blanks=0)
    form = _form(request, request.POST, customer=customer)
    return _answer_alone(request, answer_to(request, form, answer_to_order))


def _answer_alone(request: Request, answer: Answer | None) -> HttpResponse:
    context = {"answer": answer, "swaps": True, "asked": "", "check_url": ""}
    return TemplateResponse(request, "orders/number.html#answer", context)


@only(ORDERING_ROLES)
@never_cache
@GET_OR_POST
def order_quote(request: Request, pk: int) -> HttpResponse:
    """Turn a quote into an order: its lines are copied."""
    quote = quote_for(request, pk)
    refuse_unless(may_write_on(quote, request.reach))
    known = _known_address(quote, request)
    if request.method != "POST":
        shown = mask_in_text(known)
        initial = {"address": shown, "remark": mask_in_text(quote.remark)}
        blank = _form(request, initial=initial, quote=quote)
        asked = _form(request, {"address": shown}, quote=quote, kept_address=known)
        return _quote_page(request, quote, blank, answer_of_quote(request, asked, quote,
                                                                  answer_to_order))  # fmt: skip
    form = _form(request, request.POST, quote=quote, kept_address=known)
    answer = answer_of_quote(request, form, quote, answer_to_order)
    if form.is_valid() and (placed := _place(request, form, None, answer)):
        return arrived(redirect("orders:order", pk=placed.pk), f"order:quote:{pk}")
    _mend_key(form)
    return _quote_page(request, quote, form, answer)


@only(ORDERING_ROLES)
@require_POST
@never_cache
def check_quote_address(request: Request, pk: int) -> HttpResponse:
    """Whose the credit is with the address typed, before a quote becomes an order."""
    quote = quote_for(request, pk)
    known = _known_address(quote, request)
    form = _form(request, request.POST, quote=quote, kept_address=known)
    return _answer_alone(request, answer_of_quote(request, form, quote, answer_to_order))


def _known_address(quote: Quote, request: Request) -> str:
    """The address of its home, to those who see the card (decision 4)."""
    if quote.project is None or not sees_card(quote, request.reach):
        return ""
    return quote.project.address or quote.customer.address


def _quote_page(request: Request, quote: Quote, form: OrderForm, answer: Answer) -> HttpResponse:
    lines = QuoteLine.objects.filter(quote=quote).order_by("position")
    return _page(
        request,
        form,
        None,
        answer,
        quote=quote,
        name=name_of(quote, is_card_seen=sees_card(quote, request.reach)),
        rows=[line_shown(each) for each in lines.select_related("special_price__application")],
        quote_amount=money_text(quote.amount),
        form_url=reverse("orders:order_quote", args=[quote.pk]),
        check_url=reverse("orders:check_quote_address", args=[quote.pk]),
        back_url=reverse("orders:quote", args=[quote.pk]),
    )
