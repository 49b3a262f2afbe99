"""Handing a filing over, and taking a customer from the pool."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.days import date_text
from core.phones import mask_in_text
from core.refusals import Refused
from desk.forms.filing_moves import AbroadForm, NewHolderForm
from desk.services.filing_moves import hand_over_filing as hand_over
from desk.services.pool import NotTaken, take_from_pool
from filings.models import Filing
from filings.queries import home_region, terms_for
from filings.queries.offered import leads, may_hand_over
from filings.queries.pool import pool, pool_rows
from filings.rules import is_foreign
from filings.services import FilingNotChanged
from filings.showing.quota import quota_of
from filings.states import Invalid
from filings.states.lights import WhyFree
from filings.views.detail import act_page, get_filing_for
from staff.access import only
from staff.models import Person
from staff.requests import Request
from staff.scope import FILING_ROLES, REASSIGNING_ROLES, visible_people
from staff.states import Role

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@only(REASSIGNING_ROLES)
@GET_OR_POST
def hand_over_filing(request: Request, pk: int) -> HttpResponse:
    """Another person of the unit holds a filing from now on (ADJ-06)."""
    found = get_filing_for(request.reach, pk, now=timezone.now())
    if not leads(request.reach, found):
        raise PermissionDenied
    form = NewHolderForm(request.POST or None, people=_holders(request, found))
    if form.is_valid():
        try:
            hand_over(filing=found, by=request.user, **form.cleaned_data)
        except FilingNotChanged as refusal:
            form.add_error(None, str(refusal))
        else:
            name = form.cleaned_data["holder"].name
            messages.success(request, _("Handed over to %(name)s.") % {"name": name})
            return redirect("filings:detail", pk=pk)
    return act_page(
        request,
        found,
        title=_("Hand over"),
        hint=_(
            "The priority of the filing stays, and its limit to measure. The new holder has a"
            " new duty to follow up, and serves the customer from now on."
        ),
        submit_label=_("Hand over"),
        form=form,
        may_act=may_hand_over(request.reach, found),
    )


def _holders(request: Request, filing: Filing) -> QuerySet[Person]:
    """People who file and are of the unit; operations choose among all units."""
    people = visible_people(request.reach).filter(role__in=FILING_ROLES, is_active=True)
    if request.reach.role != Role.OPS_MANAGER:
        people = people.filter(store=filing.store_id)
    return people.exclude(pk__in=[filing.holder_id, request.user.pk]).order_by(
        "store__code", "name", "pk"
    )


@only(FILING_ROLES)
@never_cache
@GET_OR_POST
def take(request: Request, pk: int) -> HttpResponse:
    """Take a free customer: what follows is said first, then a normal filing (PUL-01)."""
    now = timezone.now()
    own = request.user.store
    listed = pool(now=now, day=timezone.localdate(now), trade=own.trade if own else None)
    free = pool_rows(listed).filter(pk=pk).first()
    if free is None:
        # The same answer for whom somebody took, for whom one may not see, and for nobody.
        messages.warning(request, str(NotTaken.because("not_free")))
        return redirect("filings:pool")
    region, refusal = home_region(free, address=free.home_address or ""), ""
    form = None
    if own is not None and is_foreign(
        region=region.pk if region else None, own=own.region_id, is_approved=False
    ):
        sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        form = AbroadForm(*sent)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            abroad = form.abroad() if form is not None else None
            filing = take_from_pool(customer=free, by=request.user, abroad=abroad)
        except Refused as refused:
            refusal = str(refused)
        else:
            return _taken(request, filing)
    context = {
        "form": form,
        "region": region.name if region else "",
        "free": free,
        "why": WhyFree(free.why_free).label,
        "since": date_text(free.store.today(free.free_since), today=free.store.today(now)),
        "need": mask_in_text(free.need),
        "terms": _terms(request.user, now=now),
        "refusal": refusal,
    }
    return TemplateResponse(request, "desk/take.html", context)


def _taken(request: Request, filing: Filing) -> HttpResponse:
    """Where a taking leads: to the card, or to the filing where the card stays shut."""
    if filing.submitted_at is None:
        words = _("Operations decide whether you may file this customer. You are told.")
        messages.success(request, words)
    elif not filing.invalid:
        messages.success(request, _said(filing))
        return redirect("desk:customer", pk=filing.customer_id)
    else:
        messages.warning(request, _refused_words(filing))
    return redirect("filings:detail", pk=filing.pk)


def _said(filing: Filing) -> str:
    return _("Filed as %(number)s. The customer is yours: call them first.") % {
        "number": filing.number
    }


def _refused_words(filing: Filing) -> str:
    return _("Not filed: %(why)s.") % {"why": Invalid(filing.invalid).label}


def _terms(person: Person, *, now: datetime) -> dict[str, object]:
    """What taking means for this person: the three limits, and what is used of the quota."""
    terms, quota = terms_for(person.store, now=now), quota_of(person, now=now)
    if terms is None:
        return {}
    said: dict[str, object] = {
        "update": terms.update_days,
        "protection": terms.protection_days,
        "limit": terms.field_limit_days if quota else 0,
    }
    return said | {"used": quota.used, "quota": quota.most} if quota else said
