"""Where leads come from: the sources and their secrets, the sheets, and who is on duty."""

from datetime import date, timedelta
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.models import Job
from core.services.jobs import store_file
from core.services.once import FormOfSomebodyElse
from core.states import JobState
from customers.models import DispatchRule, LeadSource
from customers.queries.parameters import parameters
from customers.services import lead_sources as services
from customers.states import OPEN_LEADS, DispatchMethod
from desk import lead_jobs
from desk.forms.leads import DispatchForm, LeadFileForm, NewSourceForm, StandingSourceForm
from desk.forms.rota import RotaGrid
from staff.access import only
from staff.models import RotaDay, Store
from staff.queries import people_of_store
from staff.requests import Request
from staff.scope import DISPATCHING_ROLES, LEAD_SOURCE_ROLES, serving_stores
from staff.services.rota import set_rota
from staff.states import SALES_ROLES, STORE_BOUND_ROLES

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
SHOWN_ONCE = "desk.shown_once"
MOST_PAST = 10
WEEKS_AHEAD = 8
WEEK = timedelta(days=7)


@only(LEAD_SOURCE_ROLES)
@never_cache
@GET_OR_POST
def lead_sources(request: Request) -> HttpResponse:
    """All sources, and a new one; its secret is shown once, on its page."""
    form = NewSourceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made, secret = services.create_source(
                **form.cleaned_data, by=request.user, now=timezone.now()
            )
        except services.SourceNotChanged as refusal:
            form.add_error("code", str(refusal))
        else:
            _keep_secret(request, made, secret)
            return redirect("desk:lead_source", pk=made.pk)
    sources = LeadSource.objects.select_related("store", "region").annotate(
        leads_count=Count("leads"),
        open_count=Count("leads", filter=Q(leads__state__in=OPEN_LEADS)),
        last_at=Max("leads__received_at"),
    )
    context = {"sources": sources.order_by("-is_active", "name", "pk"), "form": form}
    return TemplateResponse(request, "desk/lead_sources.html", context)


def _keep_secret(request: Request, origin: LeadSource, secret: str) -> None:
    """Keep a secret until the source's page has shown it, once."""
    request.session[SHOWN_ONCE] = {"source": origin.pk, "secret": secret}


def _take_secret(request: Request, origin: LeadSource) -> str:
    if request.session.get(SHOWN_ONCE, {}).get("source") != origin.pk:
        return ""
    return str(request.session.pop(SHOWN_ONCE)["secret"])


@only(LEAD_SOURCE_ROLES)
@never_cache
@GET_OR_POST
def lead_source(request: Request, pk: int) -> HttpResponse:
    """One source: where its leads go, its address, and what a platform has to sign."""
    origin = get_object_or_404(LeadSource, pk=pk)
    standing = {
        name: getattr(origin, name) for name in ("name", "source", "store", "region", "is_active")
    }
    form = StandingSourceForm(request.POST if request.method == "POST" else None, initial=standing)
    if form.is_valid():
        services.change_source(origin=origin, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("desk:lead_sources")
    context = {
        "origin": origin,
        "form": form,
        "secret": _take_secret(request, origin),
        "address": request.build_absolute_uri(reverse("desk:lead_in", args=[origin.code])),
    }
    return TemplateResponse(request, "desk/lead_source.html", context)


@only(LEAD_SOURCE_ROLES)
@require_POST
def rotate_secret(request: Request, pk: int) -> HttpResponse:
    """Another secret; the one before is refused from now on."""
    origin = get_object_or_404(LeadSource, pk=pk)
    _keep_secret(request, origin, services.rotate_secret(origin=origin, by=request.user))
    return redirect("desk:lead_source", pk=pk)


@only(LEAD_SOURCE_ROLES)
@never_cache
@GET_OR_POST
def lead_import(request: Request) -> HttpResponse:
    """Send in a sheet of leads, or look at what one brought in before."""
    is_sent = request.method == "POST"
    form = LeadFileForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        initial={"key": uuid4()},
    )
    if form.is_valid():
        try:
            job = _ask_to_import(request, form)
        except FormOfSomebodyElse as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("core:job", pk=job.pk)
    past = Job.objects.filter(kind=lead_jobs.TASK, asked_by=request.user).select_related("source")
    rows = past.defer("source__content").order_by("-asked_at", "-pk")[:MOST_PAST]
    return TemplateResponse(request, "desk/lead_import.html", {"form": form, "past": rows})


def _ask_to_import(request: Request, form: LeadFileForm) -> Job:
    told = form.cleaned_data
    source = store_file(
        name=told["file"].name,
        content=told["file"].read(),
        content_type=told["file"].content_type or "",
        by=request.user,
    )
    job = lead_jobs.ask_to_import(
        source=source, origin=told["origin"], by=request.user, key=told["key"]
    )
    return lead_jobs.done_at_once(job) if job.state == JobState.WAITING else job


@only(DISPATCHING_ROLES)
@never_cache
@GET_OR_POST
def rota(request: Request, pk: int) -> HttpResponse:
    """One week of a store: who is on duty when, and how its leads are handed out."""
    stores = serving_stores(request.reach)
    store = get_object_or_404(stores, pk=pk)
    grid, monday, today = _grid(request, store)
    rule = _rule_form(request, store)
    if request.method == "POST":
        if store.pk not in request.reach.store_ids and not request.reach.sees_all:
            raise PermissionDenied
        if rule.is_bound and rule.is_valid():
            services.set_dispatch_rule(store=store, by=request.user, **rule.cleaned_data)
            return _saved(request, store, monday)
        if not rule.is_bound:
            set_rota(store=store, days=grid.chosen(), by=request.user)
            return _saved(request, store, monday)
    context = {
        "store": store,
        "grid": grid,
        "rule_form": rule,
        "week": monday,
        "earlier_url": _week_url(store, monday - WEEK) if monday > today else "",
        "later_url": _week_url(store, monday + WEEK) if monday < today + WEEKS_AHEAD * WEEK else "",
        "stores": list(stores.order_by("code", "pk")),
        "nobody_today": not grid.standing.get(today) and monday <= today < monday + WEEK,
    }
    return TemplateResponse(request, "desk/rota.html", context)


def _saved(request: Request, store: Store, monday: date) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(_week_url(store, monday))


def _week_url(store: Store, monday: date) -> str:
    return f"{reverse('desk:rota', args=[store.pk])}?week={monday.isoformat()}"


def _grid(request: Request, store: Store) -> tuple[RotaGrid, date, date]:
    """The week that the address names, the present one where it names none."""
    today = store.today(timezone.now())
    monday = _monday(request.GET.get("week", ""), today)
    days = [monday + timedelta(days=number) for number in range(7)]
    people = [each for each in people_of_store(store) if each.role in STORE_BOUND_ROLES]
    people.sort(key=lambda each: (each.role not in SALES_ROLES, each.name, each.pk))
    standing: dict[date, list[int]] = {}
    rows = RotaDay.objects.filter(store=store, on__in=days).order_by("on", "position", "pk")
    for on, person in rows.values_list("on", "person"):
        standing.setdefault(on, []).append(person)
    data = request.POST if request.method == "POST" else None
    grid = RotaGrid(data, people=people, days=days, standing=standing, today=today)
    return grid, monday, today


def _monday(text: str, today: date) -> date:
    """The Monday of the week of a day; the present week for none. A day that is none is a 404."""
    day = today
    if text:
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise Http404 from error
        if abs((day - today).days) > 400:
            raise Http404
    return day - timedelta(days=day.weekday())


def _rule_form(request: Request, store: Store) -> DispatchForm:
    """How the store hands out its leads; bound only where that form was sent."""
    rule = DispatchRule.objects.filter(store=store).first()
    minutes = parameters(store.today(timezone.now())).accept_minutes
    standing = {
        "method": rule.method if rule else DispatchMethod.ROTA,
        "accept_minutes": rule.accept_minutes if rule else minutes,
    }
    is_sent = request.method == "POST" and "method" in request.POST
    return DispatchForm(request.POST if is_sent else None, initial=standing)
