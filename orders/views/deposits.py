"""Taking a deposit from a number: the answer first, then the button, then the receipt."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.amounts import money_text
from core.forms import show_refusal
from core.phones import mask_in_text
from core.refusals import Refused
from core.services.once import FormOfSomebodyElse
from core.services.sent import arrived
from orders import services
from orders.forms.deposits import DepositForm, ReturnForm
from orders.models import Payment
from orders.queries.deposits import credit_of, visible_payments
from orders.showing.payments import acts_of, paper_of, standing_of
from orders.views.answering import answer_to
from orders.wording.deposits import WAIT, Answer, answer_of, credited
from staff.access import only
from staff.requests import Request
from staff.scope import DEPOSIT_ROLES, MONEY_ROLES, RECEIPT_ROLES, RETURNING_ROLES

# The fields on which the answer before the button depends.
ASKED = ("phone", "address", "order_no", "is_new_purchase")


def _page(request: Request, form: DepositForm, answer: Answer | None) -> HttpResponse:
    context = {
        "form": form,
        "answer": answer,
        "asked": ",".join(ASKED),
        "swaps": False,
        "back_url": reverse("desk:home"),
    }
    return TemplateResponse(request, "orders/deposit.html", context)


@only(DEPOSIT_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def deposit(request: Request) -> HttpResponse:
    """Take a deposit, for whichever customer the number is: no card needs to be in sight."""
    if request.method != "POST":
        return _page(request, DepositForm(by=request.user), None)
    form = DepositForm(request.POST, by=request.user)
    answer = answer_to(request, form, answer_of)
    if form.is_valid() and (taken := _take(request, form, answer)):
        return arrived(redirect("orders:receipt", pk=taken.pk), "deposit")
    if "key" in form.errors:
        form.renew_key()
        form.add_error(None, _("This form was damaged on its way. Check it and send it again."))
    return _page(request, form, answer)


def _take(request: Request, form: DepositForm, answer: Answer | None) -> Payment | None:
    """The deposit, or None and why not on the form.

    What was read is held against what is true under the lock, after the form's key: a form that
    was taken already gives its receipt. Whoever could be told nothing may take it all the same.
    """
    expected: str | None = form.cleaned_data["seen"]
    if answer is not None and answer.seen == WAIT:
        expected = None if expected == WAIT else ""
    try:
        return services.take_deposit(
            taken=form.taken(), by=request.user, key=form.cleaned_data["key"], expected=expected
        )
    except FormOfSomebodyElse as refusal:
        form.renew_key()
        form.add_error(None, str(refusal))
    except Refused as refusal:
        show_refusal(form, refusal, form.fields_of_codes)
    return None


@only(DEPOSIT_ROLES)
@require_POST
@never_cache
def check_number(request: Request) -> HttpResponse:
    """What a number is: the answer alone for htmx, else the page with it."""
    answer = answer_to(request, DepositForm(request.POST, by=request.user), answer_of)
    if request.htmx:
        context = {"answer": answer, "swaps": True}
        return TemplateResponse(request, "orders/deposit.html#answer", context)
    typed = {name: request.POST.get(name) for name in request.POST}
    return _page(request, DepositForm(initial=typed, by=request.user), answer)


def _deposit_for(request: Request, pk: int) -> Payment:
    found = visible_payments(request.reach).select_related(
        "order__store", "order__customer", "taken_by", "returned_by", "slip", "bill"
    )
    return get_object_or_404(found, pk=pk)


@only(RECEIPT_ROLES)
@require_safe
def receipt(request: Request, pk: int) -> HttpResponse:
    """What was taken, and whose the credit is: here the filer is named (decision 4)."""
    found, now = _deposit_for(request, pk), timezone.now()
    is_order_seen = (
        found.order.seller_id in request.reach.acts_for
        or request.reach.leads_stores
        or request.reach.has_role(MONEY_ROLES)
    )
    back = reverse("orders:order", args=[found.order_id]) if is_order_seen else reverse("desk:home")
    context = {
        "deposit": found,
        "payer": mask_in_text(found.payer),
        "amount": money_text(found.amount),
        "taken_at": timezone.localtime(found.taken_at),
        "returned_at": timezone.localtime(found.returned_at) if found.returned_at else None,
        "reason": mask_in_text(found.return_reason),
        "standing": standing_of(found),
        "paper": paper_of(found),
        "credited": credited(credit_of(found.order.number)),
        "acts": acts_of(found, reach=request.reach, now=now),
        "back_url": back,
        "again_url": reverse("orders:deposit") if request.reach.has_role(DEPOSIT_ROLES) else "",
    }
    return TemplateResponse(request, "orders/receipt.html", context)


@only(RETURNING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def return_deposit(request: Request, pk: int) -> HttpResponse:
    """Give a deposit back in full, with a reason that stays (FIL-22)."""
    found = _deposit_for(request, pk)
    form = ReturnForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.return_payment(payment=found, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("orders:receipt", pk=pk)
    context = {
        "deposit": found,
        "payer": mask_in_text(found.payer),
        "amount": money_text(found.amount),
        "form": form,
        "back_url": reverse("orders:receipt", args=[pk]),
    }
    return TemplateResponse(request, "orders/return_deposit.html", context)
