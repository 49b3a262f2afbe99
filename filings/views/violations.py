"""Violations by the week (FIL-39, XRG-05): listed, cleared with a reason, exported."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.days import moment_text
from core.forms import show_refusal
from core.listing import OpenList
from core.refusals import Refused
from filings.forms.violations import ClearForm
from filings.lists.violations import ALL, VIOLATIONS, week_text
from filings.queries.violations import counts_by, visible_violations, week_of
from filings.services.violations import clear_violation as clear
from filings.states import ViolationKind
from staff.access import only
from staff.models import Person
from staff.requests import Request
from staff.scope import REASSIGNING_ROLES
from staff.states import Role
from staff.views.exporting import export_page

CLEARING_ROLES = frozenset({Role.OPS_MANAGER})
MOST_PEOPLE = 12


def _open(request: Request, *, today: date) -> OpenList:
    return VIOLATIONS.open(
        request,
        visible_violations(request.reach),
        filter_with={"reach": request.reach, "today": today},
        draw_with={"may_clear": request.reach.has_role(CLEARING_ROLES)},
    )


@only(REASSIGNING_ROLES)
@require_safe
def violations(request: Request) -> HttpResponse:
    """What was done against the scheme in a week, counted by kind and by person."""
    today = timezone.localdate()
    found = _open(request, today=today)
    context = {
        "week": _week(request, today=today),
        "by_kind": _by_kind(request, found),
        "by_person": _by_person(request, found),
        "export_url": f"{reverse('filings:export_violations')}?{request.GET.urlencode()}",
    }
    return VIOLATIONS.answer(request, found, "filings/violations.html", context)


def _week(request: Request, *, today: date) -> str:
    """The week of the page in words."""
    asked = request.GET.get("week", "")
    if asked == ALL:
        return _("of all weeks")
    try:
        monday = date.fromisoformat(asked) if asked else week_of(today)
    except ValueError:
        monday = week_of(today)
    return week_text(monday, today=today)


def _address(request: Request, **asked: str) -> str:
    """The page narrowed by one thing more; chosen again it is left out."""
    kept = {name: str(value) for name, value in request.GET.items() if value}
    for name in ("after", "before", "part"):
        kept.pop(name, None)
    for name, value in asked.items():
        if kept.get(name) == value:
            del kept[name]
        else:
            kept[name] = value
    return f"{reverse('filings:violations')}?{urlencode(kept)}".rstrip("?")


def _by_kind(request: Request, found: OpenList) -> list[dict[str, object]]:
    """How many of each kind; each opens its rows."""
    chosen = request.GET.get("kind", "")
    return [
        {
            "label": ViolationKind(str(kind)).label,
            "count": count,
            "url": _address(request, kind=str(kind)),
            "is_here": chosen == kind,
        }
        for kind, count in counts_by(found.found, "kind").items()
    ]


def _by_person(request: Request, found: OpenList) -> list[dict[str, object]]:
    """Who has most; each opens the own rows."""
    counts = list(counts_by(found.found, "person").items())[:MOST_PEOPLE]
    people = Person.objects.in_bulk([pk for pk, _count in counts])
    return [
        {
            "name": people[pk].name,
            "count": count,
            "url": _address(request, person=str(pk), store=str(people[pk].store_id or "")),
        }
        for pk, count in counts
    ]


@only(CLEARING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def clear_violation(request: Request, pk: int) -> HttpResponse:
    """Operations have seen that it was none; it stays readable, with the reason."""
    found, now = get_object_or_404(visible_violations(request.reach), pk=pk), timezone.now()
    if found.person_id == request.user.pk:
        raise PermissionDenied
    form = ClearForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            clear(violation=found, by=request.user, now=now, **form.cleaned_data)
        except Refused as refusal:
            show_refusal(form, refusal, {"reason_missing": "note"})
        else:
            messages.success(request, _("Cleared."))
            return redirect("filings:violations")
    context = {
        "violation": found,
        "when": moment_text(found.moment, now=now),
        "customer": found.customer.shown_name,
        "form": form,
        "label": _("Clear a violation"),
        "back_url": reverse("filings:violations"),
    }
    return TemplateResponse(request, "filings/violation_clear.html", context)


@only(REASSIGNING_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export_violations(request: Request) -> HttpResponse:
    """Exactly the list of the address as a file, counted and marked like every export."""
    found = _open(request, today=timezone.localdate())
    return export_page(request, found, back_url=reverse("filings:violations"))
