"""The business calendar: which days the company works."""

from datetime import date

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.queries import business_calendar
from core.services.calendar import FIRST_YEAR, LAST_YEAR, DayNotChanged, clear_day, set_day
from staff import queries, scope
from staff.access import only, signed_in
from staff.forms import DayForm, OneDayForm


@signed_in
@require_GET
def calendar(request, year=None):
    year = year or timezone.localdate().year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return _calendar_page(request, year=year, form=DayForm())


def _calendar_page(request, *, year: int, form: DayForm):
    """One year's days that differ from the ordinary week."""
    return TemplateResponse(
        request,
        "staff/calendar.html",
        {
            "year": year,
            "earlier": year - 1 if year > FIRST_YEAR else None,
            "later": year + 1 if year < LAST_YEAR else None,
            "today": timezone.localdate(),
            "days": queries.named_days(year),
            "is_provisional": business_calendar().is_provisional(year),
            "may_edit": request.reach.has_role(scope.CALENDAR_ROLES),
            "form": form,
        },
    )


@only(scope.CALENDAR_ROLES)
@require_POST
def day_set(request):
    form = DayForm(request.POST)
    if form.is_valid():
        try:
            set_day(**form.cleaned_data, by=request.user, now=timezone.now())
        except DayNotChanged as refusal:
            form.add_error("day", str(refusal))
        else:
            return redirect("staff:calendar", year=form.cleaned_data["day"].year)
    return _calendar_page(request, year=_year_of(form), form=form)


def _year_of(form: DayForm) -> int:
    """The year to show again: the one typed, where there is one."""
    day: date | None = form.cleaned_data.get("day")
    year = day.year if day else timezone.localdate().year
    return min(max(year, FIRST_YEAR), LAST_YEAR)


@only(scope.CALENDAR_ROLES)
@require_POST
def day_clear(request):
    form = OneDayForm(request.POST)
    if not form.is_valid():
        raise Http404
    day = form.cleaned_data["day"]
    try:
        clear_day(day=day, by=request.user, now=timezone.now())
    except DayNotChanged as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The day follows the statutory calendar again."))
    return redirect("staff:calendar", year=min(max(day.year, FIRST_YEAR), LAST_YEAR))
