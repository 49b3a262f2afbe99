"""Leave and stand-ins: one's own, the unit's, everybody's."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.days import date_text
from core.forms import show_refusal
from core.refusals import Refused
from staff.absence_forms import AbsenceForm
from staff.absence_rules import Worker, may_set
from staff.access import only
from staff.models import Absence
from staff.queries_of_absences import (
    leave_ahead,
    people_to_excuse,
    people_to_stand_in,
    visible_absences,
)
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES
from staff.services.absences import AbsenceNotSet, end_absence, set_absence, worker
from staff.states import Role


@only(CUSTOMER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: Request) -> HttpResponse:
    """Who is away and who stands in, and the form that says so."""
    today = timezone.localdate()
    me = worker(request.user, today=today)
    stand_ins = people_to_stand_in(me)
    form = AbsenceForm(
        request.POST if request.method == "POST" else None,
        people=people_to_excuse(me),
        stand_ins=stand_ins,
        away={row.person_id: _days(row, today=today) for row in leave_ahead(stand_ins, on=today)},
        initial={"person": request.user.pk},
    )
    if form.is_valid():
        try:
            absence = set_absence(**form.cleaned_data, by=request.user, now=timezone.now())
        except AbsenceNotSet as refusal:
            show_refusal(form, refusal, form.fields_of_codes)
        else:
            said = {"name": absence.person.name, "other": absence.stand_in.name}
            messages.success(request, _("%(other)s stands in for %(name)s.") % said)
            return redirect("staff:absences")
    rows = [
        _row(absence, today=today, me=me)
        for absence in visible_absences(request.reach, today=today)
    ]
    context = {
        "form": form,
        "running": [row for row in rows if row["state"] == "running"],
        "ahead": [row for row in rows if row["state"] == "ahead"],
        "over": [row for row in rows if row["state"] == "over"][::-1],
    }
    return TemplateResponse(request, "staff/absences.html", context)


def _row(absence: Absence, *, today: date, me: Worker) -> dict[str, object]:
    is_over = absence.called_off_at is not None or absence.ends_on < today
    state = "over" if is_over else "ahead" if absence.starts_on > today else "running"
    person = absence.person
    them = Worker(person_id=person.pk, role=Role(person.role), home=person.store_id)
    return {
        "pk": absence.pk,
        "name": person.name,
        "store": person.store.name if person.store else "",
        "stand_in": absence.stand_in.name,
        "why": absence.get_kind_display(),
        "days": _days(absence, today=today),
        "note": absence.note,
        "state": state,
        "is_called_off": absence.called_off_at is not None,
        "may_end": not is_over and may_set(by=me, person=them),
    }


def _days(absence: Absence, *, today: date) -> str:
    return _("%(first)s – %(last)s") % {
        "first": date_text(absence.starts_on, today=today),
        "last": date_text(absence.ends_on, today=today),
    }


@only(CUSTOMER_ROLES)
@require_POST
def absence_end(request: Request, pk: int) -> HttpResponse:
    """Somebody is back, or does not go."""
    rows = visible_absences(request.reach, today=timezone.localdate())
    absence = get_object_or_404(rows, pk=pk)
    try:
        end_absence(absence=absence, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s is there again.") % {"name": absence.person.name})
    return redirect("staff:absences")
