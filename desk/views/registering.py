"""Registering a customer: the number first, its answer before anything else is typed."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
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
from core.sentences import joined
from core.services.once import FormOfSomebodyElse
from core.services.sent import arrived
from customers import queries
from customers.models import Customer
from customers.queries import with_this_number
from customers.queries.designers import visible_designers
from customers.services import CustomerNotRegistered, NumberNotLookedUp, look_up_number
from customers.states import Source
from desk import card as cards
from desk.filing_words import does_file, shown
from desk.forms.registering import RegisterForm
from desk.pairs import doubts_of
from desk.services import LeadNotRegistered, Reception, Typed, register, register_lead
from desk.views.cards import get_customer_for
from desk.views.filing import clock_of
from desk.views.numbers import answer_for
from filings.models import Filing
from filings.queries import filings_of
from filings.services import AlreadyProtected, LeadNotFiled
from filings.showing.quota import quota_of
from filings.wording import refusal_of
from staff.access import only
from staff.models import Person
from staff.requests import Request
from staff.scope import REGISTERING_ROLES

# What is said beside the number.
NUMBER_REFUSED = (
    CustomerNotRegistered,
    NumberNotLookedUp,
    LeadNotRegistered,
    LeadNotFiled,
    AlreadyProtected,
)


def _form(request: Request, **kwargs: Any) -> RegisterForm:
    return RegisterForm(
        by=request.user,
        reader=request.reach,
        today=timezone.localdate(),
        is_filing=does_file(request.user, now=timezone.now()),
        **kwargs,
    )


def _page(request: Request, form: RegisterForm, answer: object = None) -> HttpResponse:
    now = timezone.now()
    context = {
        "form": form,
        "answer": answer,
        "back_url": reverse("desk:home"),
        "submit_label": _("Register and file") if form.has_claim else _("Register"),
        "referred": "|".join(("friend", "owner_referral", "designer")),
        "clock": clock_of(request, form, now=now),
        "quota": quota_of(request.user, now=now) if form.has_claim else None,
        "door": "",
    }
    return TemplateResponse(request, "desk/register.html", context)


@only(REGISTERING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def register_customer(request: Request) -> HttpResponse:
    """One screen: number, name, need, next step; what was typed stays when a rule refuses."""
    if request.method != "POST":
        return _page(request, _form(request, initial=_brought(request)))
    form = _form(request, data=request.POST, files=request.FILES)
    answer = None
    if form.is_valid():
        try:
            if answered := _registered_as(request, form):
                return answered
            answer = answer_for(request, request.POST.get("phone", ""))
        except NUMBER_REFUSED as refusal:
            form.add_error("phone", str(_counted(form, refusal, by=request.user)))
            answer = answer_for(request, request.POST.get("phone", ""))
        except FormOfSomebodyElse as refusal:
            form.renew_key()
            form.add_error(None, str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    if answer is None and "phone" not in form.errors:
        # Whatever else is wrong, what the number is to us stays said: asked once, counted once.
        answer = answer_for(request, request.POST.get("phone", ""))
    if "key" in form.errors:
        form.renew_key()
        form.add_error(None, _("This form was damaged on its way. Check it and register again."))
    return _page(request, form, answer)


def _registered_as(request: Request, form: RegisterForm) -> HttpResponse | None:
    """Where a registration leads; None where its filing was refused on a card out of reach."""
    claim = form.claim()
    if claim is None:
        registered = _register(request, form)
        return arrived(redirect("desk:registered", pk=registered.pk), "register")
    if with_this_number(form.cleaned_data["phone"].e164):
        look_up_number(phone=form.cleaned_data["phone"], by=request.user, now=timezone.now())
    done = register_lead(
        typed=_typed(request, form),
        claim=claim,
        reader=request.reach,
        by=request.user,
        key=form.cleaned_data["key"],
    )
    if queries.visible(request.reach).filter(pk=done.customer.pk).exists():
        if done.said:
            messages.warning(request, done.said)
        return arrived(redirect("desk:registered", pk=done.customer.pk), "register")
    if done.filing is not None and done.filing.submitted_at and not done.filing.invalid:
        # The card opens once operations have seen that it is another project (FIL-33).
        return arrived(redirect("filings:detail", pk=done.filing.pk), "register")
    if done.filing is not None and not done.filing.invalid:
        words = _("Operations decide whether you may file this customer. You are told.")
        messages.success(request, words)
        return arrived(redirect("desk:home"), "register")
    if done.filing is not None:
        form.renew_key()
        form.add_error("phone", joined(refusal_of(done.filing)))
    return None


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


def _typed(request: Request, form: RegisterForm) -> Typed:
    step = form.agreed()
    keeper = form.chosen_keeper
    reception = None
    if step is not None:
        reception = Reception(
            channel=form.cleaned_data["channel"],
            next_step=step,
            on_behalf_of=keeper if keeper.pk in request.reach.assists else None,
        )
    return Typed(
        name=form.cleaned_data["name"],
        phones=[form.cleaned_data["phone"]] if form.cleaned_data["phone"] else [],
        keeper=keeper,
        grade=form.cleaned_data["grade"],
        card=form.card(),
        reception=reception,
    )


def _register(request: Request, form: RegisterForm) -> Customer:
    """The card alone: there is no number, or nobody files here."""
    return register(
        typed=_typed(request, form),
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
        # A reason that is typed already stands in the part that is answered anew.
        typed = {"project_reason": request.POST.get("project_reason", "")[:200]}
        context = {"answer": answer, "form": _form(request, initial=typed)}
        return TemplateResponse(request, "desk/register.html#answer", context)
    typed = {name: request.POST.get(name, "") for name in request.POST if name != "need"}
    form = _form(request, initial=typed | {"need": request.POST.getlist("need")})
    return _page(request, form, answer)


@only(REGISTERING_ROLES)
@require_safe
def registered(request: Request, pk: int) -> HttpResponse:
    """What happened, and what is next."""
    found = get_customer_for(request.reach, pk)
    now = timezone.now()
    filing = _own_filing(request, found)
    is_admitted = filing is not None and filing.submitted_at is not None and not filing.invalid
    is_draft = filing is not None and filing.submitted_at is None
    context = {
        "is_card_ahead": not is_draft,
        "customer": cards.head_of(found),
        "at": timezone.localtime(found.registered_at),
        "next_step": cards.next_step_of(found, now=now, today=timezone.localdate()),
        "missing": cards.missing_of(found),
        "doubts": doubts_of(found, request.reach),
        "edit_url": reverse("desk:edit_customer", args=[pk]),
        "filing": shown(filing, found, now=now) if filing is not None else None,
        "quota": quota_of(filing.filer, now=now, has_new=is_admitted) if filing else None,
    }
    return TemplateResponse(request, "desk/registered.html", context)


def _own_filing(request: Request, found: Customer) -> Filing | None:
    """The last filing of this customer that the reader has made, or somebody has for them."""
    rows = filings_of(found).select_related("filer__store")
    return rows.filter(Q(filer__in=request.reach.acts_for) | Q(by=request.user)).first()
