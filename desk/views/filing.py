"""Filing a customer who has a card, and what the forms of filing say while they are filled in."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.refusals import Refused
from core.services.sent import arrived
from customers.queries import MaskedCustomer
from desk import card as cards
from desk.filing_words import does_file, lacks, missing_now
from desk.forms.filing import ClaimFields, FileForm, door_hint, filers_for
from desk.services import file_for
from desk.views.cards import get_customer_for
from filings.queries import terms_for
from filings.showing.quota import quota_of
from staff.access import only
from staff.models import Person
from staff.requests import Request
from staff.scope import FILING_ROLES, REGISTERING_ROLES


def clock_of(request: Request, form: ClaimFields, *, now: datetime) -> dict[str, object] | None:
    """Until when the form is in time to file (FIL-26), as it is filled in now."""
    terms = terms_for(request.user.store, now=now)
    if not form.has_claim or terms is None:
        return None
    said = {
        "opened_at": form["opened_at"].value(),
        "acquired": form["acquired"].value(),
        "acquired_time": _time_of(form),
    }
    until = form.read_acquired(said) + timedelta(hours=terms.file_within_hours)
    return {"until": until, "hours": terms.file_within_hours, "is_late": until < now}


def _time_of(form: ClaimFields) -> object:
    """The hour that is typed, where it is one."""
    try:
        return form.fields["acquired_time"].clean(form["acquired_time"].value())
    except ValidationError:
        return None


@only(REGISTERING_ROLES)
@require_POST
@never_cache
def filing_clock(request: Request) -> HttpResponse:
    """The countdown to the last moment for filing, for the time that is stated."""
    form = ClaimFields(request.POST)
    context = {"clock": clock_of(request, form, now=timezone.now())}
    return TemplateResponse(request, "desk/register.html#clock", context)


@only(REGISTERING_ROLES)
@require_POST
@never_cache
def check_address(request: Request) -> HttpResponse:
    """Whether the address that is typed reaches the door (FIL-08)."""
    address = request.POST.get("address", "")[:300]
    context = {"door": door_hint(address, store=request.user.store)}
    return TemplateResponse(request, "desk/register.html#door", context)


def _filer(request: Request, found: MaskedCustomer) -> Person:
    """For whom is filed unless somebody is chosen: the keeper, where the reader may, else they."""
    if found.owner is not None and filers_for(request.reach).filter(pk=found.owner.pk).exists():
        return found.owner
    return request.user


@only(FILING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def file_lead(request: Request, pk: int) -> HttpResponse:
    """File a customer within reach: for which home, and since when the data are there."""
    found = get_customer_for(request.reach, pk)
    now = timezone.now()
    filer = _filer(request, found)
    if not does_file(filer, now=now):
        raise Http404
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = FileForm(*sent, customer=found, filer=filer, reader=request.reach)
    if form.is_bound and form.is_valid() and _file(request, form, found):
        return arrived(redirect("desk:registered", pk=found.pk), f"file:{found.pk}")
    missing = missing_now(found, form.chosen_filer, now=now)
    context = {
        "form": form,
        "customer": cards.head_of(found),
        "back_url": reverse("desk:customer", args=[found.pk]),
        "edit_url": reverse("desk:edit_customer", args=[found.pk]),
        "missing": lacks(missing) if missing else "",
        "clock": clock_of(request, form, now=now),
        "quota": quota_of(form.chosen_filer, now=now),
    }
    return TemplateResponse(request, "desk/file.html", context)


def _file(request: Request, form: FileForm, found: MaskedCustomer) -> bool:
    """Whether something was filed or drafted; else the form says why not."""
    claim = form.claim()
    if claim is None:  # the address lies elsewhere, and there is no reason
        return True
    try:
        file_for(customer=found, claim=claim, filer=form.chosen_filer, by=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
