"""Quotes (decision 4): made from a number, listed, printed, declined."""

from datetime import timedelta
from functools import partial

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.days import day_text
from core.forms import show_refusal
from core.refusals import Refused
from core.services.once import FormOfSomebodyElse
from core.services.sent import arrived
from customers.models import Customer
from customers.views.fetching import get_customer_for
from orders.forms.lines import LineForms, as_shown
from orders.forms.sales import DeclineForm, QuoteForm
from orders.lists.quotes import QUOTES
from orders.models import QuoteLine
from orders.queries.rights import may_read, may_write_on
from orders.queries.visible import visible_quotes
from orders.services.lines import LinesNotPlaced
from orders.services.quoting import USUAL_DAYS, Quoted, decline_quote, make_quote
from orders.showing.quotes import quote_shown
from orders.views.acting import act_page
from orders.views.answering import answer_to_inquiry
from orders.views.fetching import quote_for, refuse_unless
from orders.views.lines import tell_stock
from orders.wording.deposits import Answer
from staff.access import only, signed_in
from staff.requests import Request
from staff.scope import ORDERING_ROLES

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
# The fields on which the answer before the button depends.
ASKED = ("phone", "address", "is_new_purchase")


@signed_in
@require_safe
def quotes(request: Request) -> HttpResponse:
    """The quotes within reach, newest first."""
    refuse_unless(may_read(request.reach))
    now = timezone.now()
    rows = visible_quotes(request.reach, today=timezone.localdate(now))
    found = QUOTES.open(
        request,
        rows.select_related("store", "seller", "customer", "order"),
        filter_with={"reach": request.reach, "now": now},
        draw_with={"reach": request.reach, "now": now},
    )
    may_quote = request.reach.has_role(ORDERING_ROLES)
    context = {"new_url": reverse("orders:new_quote") if may_quote else ""}
    return QUOTES.answer(request, found, "orders/quotes.html", context)


@only(ORDERING_ROLES)
@never_cache
@GET_OR_POST
def new_quote(request: Request, pk: int | None = None) -> HttpResponse:
    """Quote to whoever has a number, or to the customer `pk` whose card one sees; it files them,
    somebody new is registered first (FIL-35).
    """
    customer = get_customer_for(request, pk) if pk is not None else None
    if request.method != "POST":
        until = timezone.localdate() + timedelta(days=USUAL_DAYS)
        form = QuoteForm(by=request.user, customer=customer, initial={"valid_until": until})
        return _page(request, form, _first_lines(request), _first_answer(request, customer))
    if "more" in request.POST:
        return _typed(request, customer, blanks=1)
    form = QuoteForm(request.POST, by=request.user, customer=customer)
    lines = LineForms(request.POST, has_supply=False)
    answer = answer_to_inquiry(request, form)
    is_whole = [form.is_valid(), lines.is_valid()]
    if all(is_whole) and (quoted := _make(request, form, lines)):
        if quoted.said:
            messages.warning(request, quoted.said)
        elif quoted.is_filed:
            messages.success(request, _("The customer is filed with this quote."))
        draft = f"quote:{pk}" if pk else "quote"
        return arrived(redirect("orders:quote", pk=quoted.quote.pk), draft)
    if "key" in form.errors:
        form.renew_key()
        form.add_error(None, _("This form was damaged on its way. Check it and send it again."))
    return _page(request, form, lines, answer)


def _make(request: Request, form: QuoteForm, lines: LineForms) -> Quoted | None:
    """The quote, or None and why not on the form."""
    try:
        return make_quote(
            said=form.quote(lines.lines()), by=request.user, key=form.cleaned_data["key"]
        )
    except FormOfSomebodyElse as refusal:
        form.renew_key()
        form.add_error(None, str(refusal))
    except LinesNotPlaced as refusal:
        for sentence in lines.show_refusal(refusal):
            form.add_error(None, sentence)
    except Refused as refusal:
        show_refusal(form, refusal, form.fields_of_codes)
    return None


def _lines_of(request: Request, pk: int) -> QuerySet[QuoteLine]:
    lines = QuoteLine.objects.filter(quote=quote_for(request, pk)).order_by("position")
    return lines.select_related("special_price__application")


def _first_lines(request: Request) -> LineForms:
    """A blank line, or those of the quote that is made again."""
    like = request.GET.get("like", "")
    typed: dict[str, object] = {}
    if like.isdecimal() and len(like) < 18:
        for index, line in enumerate(_lines_of(request, int(like))):
            typed |= as_shown(line, index)
    return LineForms(typed=typed or None, has_supply=False, blanks=0)


def _first_answer(request: Request, customer: Customer | None) -> Answer | None:
    """What is to be said before anything is typed: something of a known customer alone."""
    if customer is None:
        return None
    return answer_to_inquiry(request, QuoteForm({}, by=request.user, customer=customer))


def _typed(request: Request, customer: Customer | None, *, blanks: int) -> HttpResponse:
    """The page with what was typed, not judged yet, and its answer."""
    form = QuoteForm(request.POST, by=request.user, customer=customer)
    answer = answer_to_inquiry(request, form)
    typed = request.POST.dict()
    again = QuoteForm(initial=typed, by=request.user, customer=customer)
    return _page(request, again, LineForms(typed=typed, has_supply=False, blanks=blanks), answer)


def _page(
    request: Request, form: QuoteForm, lines: LineForms, answer: Answer | None
) -> HttpResponse:
    tell_stock(lines.forms, reach=request.reach, store=request.user.store)
    context = {
        "form": form,
        "lines": lines,
        "answer": answer,
        "asked": ",".join(ASKED),
        "swaps": False,
        "form_url": reverse("orders:new_quote"),
        "check_url": reverse("orders:check_quote_number"),
        "back_url": reverse("orders:quotes"),
    }
    if form.customer is not None:
        here = [form.customer.pk]
        context["form_url"] = reverse("orders:quote_for", args=here)
        context["check_url"] = reverse("orders:check_quote_for", args=here)
        context["back_url"] = reverse("desk:customer", args=here)
    return TemplateResponse(request, "orders/quote_new.html", context)


@only(ORDERING_ROLES)
@require_POST
@never_cache
def check_quote_number(request: Request, pk: int | None = None) -> HttpResponse:
    """What a number is: the answer alone for htmx, else the page with it."""
    customer = get_customer_for(request, pk) if pk is not None else None
    if not request.htmx:
        return _typed(request, customer, blanks=0)
    form = QuoteForm(request.POST, by=request.user, customer=customer)
    answer = answer_to_inquiry(request, form)
    context = {"answer": answer, "swaps": True, "asked": "", "check_url": ""}
    return TemplateResponse(request, "orders/number.html#answer", context)


@signed_in
@require_safe
def quote(request: Request, pk: int) -> HttpResponse:
    """One quote: its lines, until when, what became of it."""
    found = quote_for(request, pk)
    shown = quote_shown(found, reach=request.reach, now=timezone.now())
    context = {"quote": shown, "back_url": reverse("orders:quotes")}
    return TemplateResponse(request, "orders/quote.html", context)


@signed_in
@require_safe
def print_quote(request: Request, pk: int) -> HttpResponse:
    """The quotation on a sheet of A4."""
    found = quote_for(request, pk)
    now = timezone.now()
    context = {
        "quote": quote_shown(found, reach=request.reach, now=now),
        "printed_on": day_text(timezone.localdate(now)),
        "back_url": reverse("orders:quote", args=[pk]),
    }
    return TemplateResponse(request, "orders/print/quote.html", context)


@signed_in
@GET_OR_POST
def decline(request: Request, pk: int) -> HttpResponse:
    """The customer does not take it, and why."""
    found = quote_for(request, pk)
    refuse_unless(may_write_on(found, request.reach))
    return act_page(
        request,
        title=_("Declined by the customer"),
        subject=found.number,
        submit=_("Note it"),
        form=DeclineForm(request.POST if request.method == "POST" else None),
        act=partial(decline_quote, quote=found, by=request.user),
        back_url=reverse("orders:quote", args=[pk]),
    )
