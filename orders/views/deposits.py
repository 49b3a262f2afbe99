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
from core.phones import PhoneRefused, mask_in_text, normalise
from core.refusals import Refused
from core.services.once import FormOfSomebodyElse
from core.services.sent import arrived
from customers.services import NumberNotLookedUp, look_up_number
from orders import services
from orders.forms import DepositForm, ReturnForm
from orders.models import Deposit
from orders.queries import credit_of, standing_of, visible_deposits
from orders.wording import Answer, answer_of, credited, not_told
from staff.access import only
from staff.requests import Request
from staff.scope import DEPOSIT_ROLES, RECEIPT_ROLES, RETURNING_ROLES


def _answer(request: Request, text: str) -> Answer | None:
    """What this number is, counted as a look-up like any other; None while nothing is typed."""
    if not text.strip():
        return None
    now = timezone.now()
    try:
        found = look_up_number(phone=normalise(text), by=request.user, now=now)
    except (PhoneRefused, NumberNotLookedUp) as refusal:
        return not_told(str(refusal))
    card = found.merged_into if found and found.merged_into else found
    return answer_of(standing_of(card, by=request.user, now=now))


def _page(request: Request, form: DepositForm, answer: Answer | None) -> HttpResponse:
    context = {"form": form, "answer": answer, "back_url": reverse("desk:home")}
    return TemplateResponse(request, "orders/deposit.html", context)


@only(DEPOSIT_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def deposit(request: Request) -> HttpResponse:
    """Take a deposit, for whichever customer the number is: no card needs to be in sight."""
    if request.method != "POST":
        return _page(request, DepositForm(by=request.user), None)
    form = DepositForm(request.POST, by=request.user)
    answer = _answer(request, request.POST.get("phone", ""))
    if form.is_valid():
        if answer is None or form.cleaned_data["seen"] != answer.seen:
            form.add_error(None, _("Read whose the credit is, then take the deposit."))
        elif taken := _take(request, form):
            return arrived(redirect("orders:receipt", pk=taken.pk), "deposit")
    if "key" in form.errors:
        form.renew_key()
        form.add_error(None, _("This form was damaged on its way. Check it and send it again."))
    return _page(request, form, answer)


def _take(request: Request, form: DepositForm) -> Deposit | None:
    """The deposit, or None and why not on the form."""
    try:
        return services.take_deposit(
            taken=form.taken(), by=request.user, key=form.cleaned_data["key"]
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
    answer = _answer(request, request.POST.get("phone", ""))
    if request.htmx:
        return TemplateResponse(request, "orders/deposit.html#answer", {"answer": answer})
    typed = {name: request.POST.get(name) for name in request.POST}
    return _page(request, DepositForm(initial=typed, by=request.user), answer)


def _deposit_for(request: Request, pk: int) -> Deposit:
    found = visible_deposits(request.reach).select_related(
        "order__store", "order__customer", "taken_by", "returned_by"
    )
    return get_object_or_404(found, pk=pk)


@only(RECEIPT_ROLES)
@require_safe
def receipt(request: Request, pk: int) -> HttpResponse:
    """What was taken, and whose the credit is: here the filer is named (decision 4)."""
    found = _deposit_for(request, pk)
    may_return = request.reach.has_role(RETURNING_ROLES) and found.taken_by_id != request.user.pk
    context = {
        "deposit": found,
        "payer": mask_in_text(found.payer),
        "amount": money_text(found.amount),
        "taken_at": timezone.localtime(found.taken_at),
        "returned_at": timezone.localtime(found.returned_at) if found.returned_at else None,
        "reason": mask_in_text(found.return_reason),
        "credited": credited(credit_of(found.order.number)),
        "return_url": reverse("orders:return_deposit", args=[pk])
        if may_return and found.returned_at is None
        else "",
        "back_url": reverse("desk:home"),
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
            services.return_deposit(deposit=found, by=request.user, **form.cleaned_data)
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
