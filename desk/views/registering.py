"""Registering a customer: the number first, its answer before anything else is typed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.phones import mask_in_text
from core.refusals import Refused
from core.services.once import FormOfSomebodyElse
from core.services.sent import arrived
from customers import queries
from customers.models import Customer
from customers.queries.designers import visible_designers
from customers.services import CustomerNotRegistered, NumberNotLookedUp, look_up_number
from customers.states import Source
from desk import card as cards
from desk.forms.registering import RegisterForm
from desk.pairs import doubts_of
from desk.services import Reception, register
from desk.views.cards import get_customer_for
from desk.views.numbers import answer_for
from staff.access import only
from staff.models import Person
from staff.requests import Request
from staff.scope import REGISTERING_ROLES


def _form(request: Request, **kwargs: Any) -> RegisterForm:
    return RegisterForm(by=request.user, reader=request.reach, today=timezone.localdate(), **kwargs)


def _page(request: Request, form: RegisterForm, answer: object = None) -> HttpResponse:
    context = {
        "form": form,
        "answer": answer,
        "back_url": reverse("desk:home"),
        "submit_label": _("Register"),
        "referred": "|".join(("friend", "owner_referral", "designer")),
    }
    return TemplateResponse(request, "desk/register.html", context)


@only(REGISTERING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def register_customer(request: Request) -> HttpResponse:
    """One screen: number, name, need, next step; what was typed stays when a rule refuses."""
    if request.method != "POST":
        return _page(request, _form(request, initial=_brought(request)))
    form = _form(request, data=request.POST)
    answer = None
    if form.is_valid():
        try:
            registered = _register(request, form)
            return arrived(redirect("desk:registered", pk=registered.pk), "register")
        except CustomerNotRegistered as refusal:
            form.add_error("phone", str(_counted(form, refusal, by=request.user)))
            answer = answer_for(request, request.POST.get("phone", ""))
        except FormOfSomebodyElse as refusal:
            form.renew_key()
            form.add_error(None, str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    if "key" in form.errors:
        form.renew_key()
        form.add_error(None, _("This form was damaged on its way. Check it and register again."))
    return _page(request, form, answer)


def _brought(request: Request) -> dict[str, object]:
    """Who brings the customer, where the page was opened from their card or a designer's."""
    if pk := _key(request.GET.get("brought_by")):
        found = queries.visible(request.reach).filter(pk=pk).first()
        if found is not None:
            name = found.shown_name
            return {"source": Source.OWNER_REFERRAL, "referrer": name, "brought_by": pk}
    if pk := _key(request.GET.get("designer")):
        designer = visible_designers(request.reach).filter(pk=pk).first()
        if designer is not None:
            return {"source": Source.DESIGNER, "referrer": mask_in_text(designer.name)}
    return {}


def _key(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def _counted(form: RegisterForm, refusal: Refused, *, by: Person) -> Refused:
    """What is said of a number that is known: it was asked for, and that counts and is limited."""
    if "number_is_known" not in refusal.codes:
        return refusal
    try:
        look_up_number(phone=form.cleaned_data["phone"], by=by, now=timezone.now())
    except NumberNotLookedUp as limit:
        return limit
    return refusal


def _register(request: Request, form: RegisterForm) -> Customer:
    step = form.agreed()
    keeper = form.chosen_keeper
    reception = None
    if step is not None:
        reception = Reception(
            channel=form.cleaned_data["channel"],
            next_step=step,
            on_behalf_of=keeper if keeper.pk in request.reach.assists else None,
        )
    return register(
        name=form.cleaned_data["name"],
        phones=[form.cleaned_data["phone"]] if form.cleaned_data["phone"] else [],
        keeper=keeper,
        grade=form.cleaned_data["grade"],
        card=form.card(),
        reception=reception,
        by=request.user,
        now=timezone.now(),
        key=form.cleaned_data["key"],
    )


@only(REGISTERING_ROLES)
@require_POST
@never_cache
def check_phone(request: Request) -> HttpResponse:
    """What a number is to us: the answer alone for htmx, else the form with it."""
    answer = answer_for(request, request.POST.get("phone", ""))
    if request.htmx:
        return TemplateResponse(request, "desk/register.html#answer", {"answer": answer})
    typed = {name: request.POST.get(name) for name in request.POST if name != "need"}
    form = _form(request, initial=typed | {"need": request.POST.getlist("need")})
    return _page(request, form, answer)


@only(REGISTERING_ROLES)
@require_safe
def registered(request: Request, pk: int) -> HttpResponse:
    """What happened, and what is next."""
    found = get_customer_for(request.reach, pk)
    now = timezone.now()
    context = {
        "customer": cards.head_of(found),
        "at": timezone.localtime(found.registered_at),
        "next_step": cards.next_step_of(found, now=now, today=timezone.localdate()),
        "missing": cards.missing_of(found),
        "doubts": doubts_of(found, request.reach),
        "edit_url": reverse("desk:edit_customer", args=[pk]),
    }
    return TemplateResponse(request, "desk/registered.html", context)
