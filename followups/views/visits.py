"""Visits suggested: on the way this week, and for one customer on the card (AFT-07)."""

from datetime import date

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.days import day_text
from core.phones import mask_in_text
from followups.queries.visits import Occasion, Visit, occasions
from followups.states import Anchor
from followups.views.fetching import get_customer_for
from staff.access import signed_in
from staff.requests import Request
from staff.scope import SERVING_ROLES

# What fits on the day beside the work; the page of its own has all.
MOST_ON_TODAY = 3


@signed_in
@never_cache
@require_safe
def visits(request: Request) -> HttpResponse:
    """Everybody whom this person may visit this week; within the day, the first of them."""
    today = timezone.localdate()
    found = []
    if request.reach.has_role(SERVING_ROLES):
        found = occasions(request.reach, today=today)
    shown = found[:MOST_ON_TODAY] if request.htmx else found
    context = {
        "visits": [row_of(visit, today=today) for visit in shown],
        "more_url": reverse("followups:visits") if len(shown) < len(found) else "",
        "total": len(found),
    }
    template = "followups/visits.html#strip" if request.htmx else "followups/visits.html"
    return TemplateResponse(request, template, context)


@signed_in
@never_cache
@require_safe
def visit_of(request: Request, pk: int) -> HttpResponse:
    """The occasion for a visit to one customer this week, for the card; empty without one."""
    customer = get_customer_for(request, pk)
    today = timezone.localdate()
    found = []
    if request.reach.has_role(SERVING_ROLES):
        found = occasions(request.reach, today=today, customer=customer)
    # Where they live stands on the card already.
    context = {"visits": [row_of(visit, today=today) | {"address": ""} for visit in found]}
    return TemplateResponse(request, "followups/visit_of.html", context)


def row_of(visit: Visit, *, today: date) -> dict[str, object]:
    """One suggestion in words."""
    return {
        "customer_id": visit.customer.pk,
        "name": mask_in_text(visit.customer.name),
        "grade": visit.customer.grade,
        "address": mask_in_text(visit.customer.address),
        # Translators: stands between the occasions for one visit.
        "why": _(", ").join(occasion_words(each, today=today) for each in visit.occasions),
        "near": [{"pk": row.pk, "name": mask_in_text(row.name)} for row in visit.near],
        "log_url": reverse("followups:log", args=[visit.customer.pk]),
    }


def occasion_words(occasion: Occasion, *, today: date) -> str:
    """Thursday: 2 years since the delivery of the S1."""
    words: dict[str, str] = {
        Anchor.BIRTHDAY: _("birthday"),
        Anchor.HOUSEHOLD_BIRTHDAY: _("birthday in the household"),
        Anchor.KEY_BIRTHDAY: _("birthday of a key person"),
    }
    said = words.get(occasion.anchor, "")
    if occasion.kind != "birthday":
        told = {"years": occasion.years, "what": mask_in_text(occasion.what)}
        since_purchase = ngettext(
            "%(years)s year since the purchase: %(what)s",
            "%(years)s years since the purchase: %(what)s", occasion.years,
        )  # fmt: skip
        since_delivery = ngettext(
            "%(years)s year since the delivery: %(what)s",
            "%(years)s years since the delivery: %(what)s", occasion.years,
        )  # fmt: skip
        said = (since_purchase if occasion.kind == "purchase" else since_delivery) % told
    return _("%(day)s %(occasion)s") % {
        "day": day_text(occasion.on, today=today),
        "occasion": said,
    }
