"""Measuring done (量尺打卡), by thumb in an unfinished flat."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.forms import show_refusal
from core.refusals import Refused
from core.services.sent import arrived
from customers.models import Appointment, Customer
from customers.queries import appointments as queries
from filings.queries import projects_held
from followups import services
from followups.filed_panel import filed_panel
from followups.forms import MeasuringForm
from followups.views.fetching import get_customer_for
from staff.access import only
from staff.requests import Request
from staff.scope import SERVING_ROLES


def _appointment(request: Request, customer: Customer) -> Appointment | None:
    """The appointment that the address names; it is this customer's."""
    asked = request.GET.get("appointment", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        raise Http404
    row = queries.get_appointment_for(request.reach, int(asked))
    if row.customer_id != customer.pk:
        raise Http404
    return row


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: Request, pk: int) -> HttpResponse:
    """A photo, the place, what is next: the home was measured (FIL-17)."""
    customer = get_customer_for(request, pk)
    booked = _appointment(request, customer)
    now = timezone.now()
    form = MeasuringForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        customer=customer,
        place=booked.place if booked else "",
        today=customer.store.today(now),
        projects=projects_held(customer, request.user),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.record_measuring(
                customer=customer,
                appointment=booked,
                by=request.user,
                now=now,
                **form.cleaned_data,
            )
        except Refused as refusal:
            show_refusal(form, refusal, form.fields_of_codes)
        else:
            words = {"name": customer.shown_name}
            messages.success(request, _("Measured: %(name)s.") % words)
            card = reverse("desk:customer", args=[customer.pk])
            return arrived(redirect(card), f"measure:{customer.pk}")
    context = {
        "customer": customer,
        "title": customer.shown_title,
        "form": form,
        "filed": filed_panel(customer, holders=[request.user.pk], now=now),
        "back_url": (
            reverse("followups:appointment", args=[booked.pk])
            if booked
            else reverse("desk:customer", args=[customer.pk])
        ),
    }
    return TemplateResponse(request, "followups/measure.html", context)
