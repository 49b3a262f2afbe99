"""Booking an appointment, moving it, and saying what became of it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.days import day_text
from core.forms import show_refusal
from core.phones import mask_in_text
from core.refusals import Refused
from core.services.sent import arrived
from customers.models import Appointment, Customer, Opportunity
from customers.queries import MaskedCustomer
from customers.queries import appointments as queries
from customers.states import AppointmentState, Quiet
from followups import services
from followups.booking import page_of, panel_of
from followups.diary import hours_text
from followups.forms import AppointmentForm, CancelForm, CloseForm
from followups.queries import task_of_appointment
from followups.rows import log_url, measure_url
from followups.views.fetching import get_customer_for
from staff.access import only
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES, SERVING_ROLES


@dataclass(frozen=True, kw_only=True)
class BookPage:
    """What the form stands on: for whom, from where, and what is moved."""

    customer: MaskedCustomer
    now: datetime
    back_url: str
    opportunity: Opportunity | None = None
    moved: Appointment | None = None


def _pk(request: HttpRequest, name: str) -> int | None:
    """A row that the address names; what is no number is no row (404)."""
    asked = request.GET.get(name, "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        raise Http404
    return int(asked)


def _opportunity(request: Request, customer: Customer) -> Opportunity | None:
    pk = _pk(request, "opportunity")
    return get_object_or_404(Opportunity, pk=pk, customer=customer) if pk else None


def _back_url(request: Request, customer: Customer) -> str:
    """The card, or the form of a contact that one came from."""
    if request.GET.get("then") != "log":
        return reverse("desk:customer", args=[customer.pk])
    return log_url(customer.pk, task_id=_pk(request, "task"), kept={})


def _form(request: Request, page: BookPage, data) -> AppointmentForm:
    return AppointmentForm(
        data,
        customer=page.customer,
        people=queries.people_for(page.customer, by=request.reach.person_id),
        resources=list(queries.resources_of(page.customer.store_id)),
        today=page.customer.store.today(page.now),
        moved=page.moved,
        kind=request.GET.get("kind", ""),
    )


def _is_asking(request: Request) -> bool:
    """The form asks what else is booked then, while it is filled in."""
    return bool(request.htmx) and request.method == "GET"


def _answer(request: Request, page: BookPage, form: AppointmentForm) -> HttpResponse:
    asked = form if form.is_bound else _as_if_sent(request, page, form)
    panel = panel_of(
        asked, customer=page.customer, reach=request.reach, now=page.now, moved=page.moved
    )
    context = {
        "customer": page.customer,
        "title": page.customer.shown_title,
        "form": form,
        "panel": panel,
        "moved": page_of(page.moved, now=page.now) if page.moved else None,
        "opportunity": mask_in_text(str(page.opportunity)) if page.opportunity else "",
        "address": mask_in_text(page.customer.address),
        "is_silent": page.customer.quiet == Quiet.ALL,
        "back_url": page.back_url,
        "ask_url": request.get_full_path() if not _is_asking(request) else request.path,
        "draft": f"appointment:{page.customer.pk}:{page.moved.pk if page.moved else ''}",
    }
    part = "#conflicts" if _is_asking(request) else ""
    return TemplateResponse(request, f"followups/appointment_book.html{part}", context)


def _as_if_sent(request: Request, page: BookPage, form: AppointmentForm) -> AppointmentForm:
    """What a fresh form proposes, to say beforehand what else is booked then."""
    values = {name: form[name].value() for name in form.fields}
    proposed = _form(request, page, {name: value for name, value in values.items() if value})
    proposed.full_clean()
    return proposed


def _fill_in(request: Request, page: BookPage) -> AppointmentForm:
    """The form as sent, as asked about, or fresh."""
    if request.method == "POST":
        return _form(request, page, request.POST)
    form = _form(request, page, request.GET if _is_asking(request) else None)
    if _is_asking(request):
        form.full_clean()
    return form


def _show(form: AppointmentForm, refusal: Refused) -> None:
    show_refusal(form, refusal, form.fields_of_codes)


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: Request, pk: int) -> HttpResponse:
    """Book an appointment with this customer; what else is booked then is said at once."""
    customer = get_customer_for(request, pk)
    page = BookPage(
        customer=customer,
        now=timezone.now(),
        back_url=_back_url(request, customer),
        opportunity=_opportunity(request, customer),
    )
    form = _fill_in(request, page)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.book_appointment(
                customer=customer,
                kind=form.cleaned_data["kind"],
                opportunity=page.opportunity,
                by=request.user,
                now=page.now,
                **form.arguments(),
            )
        except Refused as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("Booked: %(what)s.") % {"what": _words(row, customer)})
            then = page.back_url if "then" in request.GET else _page_url(row)
            return arrived(redirect(then), f"appointment:{customer.pk}:")
    return _answer(request, page, form)


def _page_url(row: Appointment) -> str:
    return reverse("followups:appointment", args=[row.pk])


def _words(row: Appointment, customer: Customer) -> str:
    zone = customer.store.tzinfo
    day = day_text(row.starts_at.astimezone(zone).date())
    return f"{row.get_kind_display()} {day} {hours_text(row, zone)}"


@only(CUSTOMER_ROLES)
@require_safe
def appointment(request: Request, pk: int) -> HttpResponse:
    """One appointment: what it is, and what may be done about it."""
    return _show_page(request, queries.get_appointment_for(request.reach, pk))


def _show_page(
    request: Request,
    row: Appointment,
    *,
    cancel_form: CancelForm | None = None,
    refusals: list[str] | None = None,
) -> HttpResponse:
    now = timezone.now()
    may_serve = request.reach.may_serve and row.state == AppointmentState.BOOKED
    context = {
        "appointment": page_of(row, now=now),
        "customer": row.customer,
        "title": row.customer.shown_title,
        "may_act": may_serve,
        "has_begun": row.starts_at <= now,
        "is_today": row.customer.store.today(row.starts_at) <= row.customer.store.today(now),
        "arrived_url": _arrived_url(row) if may_serve else "",
        "cancel_form": cancel_form or CancelForm(),
        "close_form": CloseForm(),
        "refusals": refusals or [],
        "calendar_url": _calendar_url(row),
    }
    return TemplateResponse(request, "followups/appointment.html", context)


def _calendar_url(row: Appointment) -> str:
    day = row.starts_at.astimezone(row.customer.store.tzinfo).date()
    return f"{reverse('followups:calendar')}?{urlencode({'day': day.isoformat()})}"


# What the form of a contact proposes when the customer is there.
RESULTS = {
    "store_visit": "came",
    "test_drive": "came",
    "service": "came",
    "home_visit": "visited",
    "delivery": "visited",
}


def _arrived_url(row: Appointment) -> str:
    """Where the meeting is written down: the form of a contact, or the measuring."""
    if row.kind not in RESULTS:
        return measure_url(row.customer_id, row.pk)
    task = task_of_appointment(row)
    if task is None:
        return ""
    return log_url(row.customer_id, task_id=task, kept={"result": RESULTS[row.kind]})


def _get_to_act(request: Request, pk: int) -> Appointment:
    return queries.get_appointment_for(request.reach, pk)


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, pk: int) -> HttpResponse:
    """Book it anew at another time (改期)."""
    row = _get_to_act(request, pk)
    if row.state != AppointmentState.BOOKED:
        return redirect(_page_url(row))
    page = BookPage(
        customer=get_customer_for(request, row.customer_id),
        now=timezone.now(),
        back_url=_page_url(row),
        moved=row,
    )
    form = _fill_in(request, page)
    if request.method == "POST" and form.is_valid():
        try:
            new = services.move_appointment(
                appointment=row, by=request.user, now=page.now, **form.arguments()
            )
        except Refused as refusal:
            _show(form, refusal)
        else:
            words = _words(new, page.customer)
            messages.success(request, _("Moved: %(what)s.") % {"what": words})
            return redirect(_page_url(new))
    return _answer(request, page, form)


@only(SERVING_ROLES)
@require_POST
def miss(request: Request, pk: int) -> HttpResponse:
    """The customer did not come (爽约): what is next is booked anew or falls due by grade."""
    row = _get_to_act(request, pk)
    return _close(
        request, row, services.miss_appointment, _("Noted: missed."), note=_result(request)
    )


@only(SERVING_ROLES)
@require_POST
def keep(request: Request, pk: int) -> HttpResponse:
    """It took place, and there is no contact to log."""
    row = _get_to_act(request, pk)
    return _close(
        request, row, services.keep_appointment, _("Noted: kept."), result=_result(request)
    )


def _result(request: Request) -> str:
    form = CloseForm(request.POST)
    return form.cleaned_data["result"] if form.is_valid() else ""


def _close(request: Request, row: Appointment, act, said: str, **words: str) -> HttpResponse:
    try:
        act(appointment=row, by=request.user, now=timezone.now(), **words)
    except Refused as refusal:
        fresh = _get_to_act(request, row.pk)
        return _show_page(request, fresh, refusals=refusal.sentences())
    messages.success(request, said)
    return redirect(_page_url(row))


@only(SERVING_ROLES)
@require_POST
def cancel(request: Request, pk: int) -> HttpResponse:
    """Call it off, with the reason."""
    row = _get_to_act(request, pk)
    form = CancelForm(request.POST)
    if form.is_valid():
        try:
            services.cancel_appointment(
                appointment=row, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            show_refusal(form, refusal, form.fields_of_codes)
            row = _get_to_act(request, pk)
        else:
            messages.success(request, _("The appointment is cancelled."))
            return redirect(_page_url(row))
    return _show_page(request, row, cancel_form=form)
