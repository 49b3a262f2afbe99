"""The page of the first response: how soon, by whom, and which leads each figure counts."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.days import moment_text
from core.phones import mask_in_text
from customers.queries.parameters import parameters
from customers.states import LeadState
from reports.asking.parameters import ReportNotMade
from reports.figures import leads
from reports.figures.leads import Answered
from reports.forms.day_range import DayRangeForm
from reports.rules.shares import percent_text
from staff.access import only
from staff.requests import Request
from staff.scope import LEAD_ROLES

MOST_ROWS = 200
BY = {
    "store": gettext_lazy("Store"),
    "person": gettext_lazy("Person"),
    "source": gettext_lazy("From"),
}
LABELS = {
    "leads": gettext_lazy("Leads"),
    "accepted": gettext_lazy("Accepted"),
    "joined": gettext_lazy("Known"),
    "waiting": gettext_lazy("Not accepted yet"),
    "responded": gettext_lazy("Answered"),
    "reached": gettext_lazy("Reached"),
    "late": gettext_lazy("Late"),
}


class ResponseFilter(DayRangeForm):
    """Which days, and one row for each of what."""

    by = forms.ChoiceField(
        label=gettext_lazy("Grouped by"),
        choices=list(BY.items()),
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )


def _answered(request: Request, said: dict[str, Any], now: datetime) -> list[Answered]:
    """The leads of these days within reach. Raises ReportNotMade."""
    within = leads.leads_received(request.reach, begins=said["begins"], ends=said["ends"])
    return leads.answered_leads(within, by=said["by"], now=now)


@only(LEAD_ROLES)
@require_safe
def first_response(request: Request) -> HttpResponse:
    """How soon leads are accepted and answered within one's reach; each figure opens its leads."""
    now = timezone.now()
    today = timezone.localdate(now)
    first: dict[str, Any] = {
        "begins": today - timedelta(days=leads.DAYS),
        "ends": today,
        "by": "store",
    }
    form = ResponseFilter({**first, **request.GET.dict()} if request.GET else first)
    said = (
        {**first, **{k: v for k, v in form.cleaned_data.items() if v}} if form.is_valid() else first
    )
    try:
        rows = _answered(request, said, now)
    except ReportNotMade as refusal:
        messages.error(request, str(refusal))
        said = first
        rows = _answered(request, said, now)
    kept = {"begins": _iso(said["begins"]), "ends": _iso(said["ends"]), "by": said["by"]}
    asked = request.GET.get("show", "")
    shown = (
        leads.counted(rows, asked, key=request.GET.get("key", "")) if asked in leads.COUNTED else []
    )
    total = leads.figures(rows)
    context = {
        "filter_form": form,
        "by": BY[said["by"]],
        "limit": parameters(today).response_minutes,
        "stats": _stats(total, kept),
        "labels": list(LABELS.values()),
        "rows": [_row(row, kept) for row in leads.grouped(rows, by=said["by"])],
        "shown_label": LABELS.get(asked, _("In time")) if shown or asked in leads.COUNTED else "",
        "shown": [_lead(row, now=now) for row in shown[:MOST_ROWS]],
        "wrong": form.wrong_for(is_part=bool(request.htmx)),
        "more": max(len(shown) - MOST_ROWS, 0),
    }
    return TemplateResponse(request, "reports/first_response.html", context)


def _iso(day: date) -> str:
    return day.isoformat()


def _url(kept: dict[str, str], **asked: str) -> str:
    return f"{reverse('reports:first_response')}?{urlencode({**kept, **asked})}#leads"


def _minutes(value: object) -> str:
    return "–" if value is None else f"{float(str(value)):g}"


def _share(value: object) -> str:
    return percent_text(None if value is None else float(str(value)))


def _stats(total: dict[str, Any], kept: dict[str, str]) -> list[dict[str, object]]:
    minutes = _("min")
    return [
        {"value": total["leads"], "label": _("leads"), "unit": "", "tone": "",
         "url": _url(kept, show="leads"), "formula": _("received on these days, repeats left out")},
        {"value": total["waiting"], "label": _("open"), "unit": "",
         "tone": "late" if total["waiting"] else "good",
         "url": _url(kept, show="waiting"), "formula": _("waiting or offered")},
        {"value": _minutes(total["median_response"]), "label": _("median to the first answer"),
         "unit": minutes, "tone": "", "url": _url(kept, show="responded"),
         "formula": _("minutes of opening time from arrival to the first contact logged; "
                      "an attempt counts")},
        {"value": _minutes(total["p90_response"]), "label": _("nine in ten within"),
         "unit": minutes, "tone": "", "url": _url(kept, show="responded"),
         "formula": _("the time that nine in ten answered leads did not exceed")},
        {"value": _share(total["within"]), "label": _("answered in time"), "unit": "",
         "tone": "", "url": _url(kept, show="within"),
         "formula": _("answered in time / answered or past their time")},
    ]  # fmt: skip


def _row(row: dict[str, Any], kept: dict[str, str]) -> dict[str, object]:
    key = "none" if row["key"] is None else str(row["key"])
    late = {"late": row["late"]}
    figures = [
        {
            "value": {**row, **late}[name],
            "url": _url(kept, key=key, show=name),
            "is_late": name == "late",
        }
        for name in LABELS
    ]
    return {
        "name": row["name"] or _("nobody yet"),
        "url": _url(kept, key=key, show="leads"),
        "figures": figures,
        "accept": _minutes(row["median_accept"]),
        "response": _minutes(row["median_response"]),
        "p90": _minutes(row["p90_response"]),
        "within": _share(row["within"]),
    }


def _lead(row: Answered, *, now: datetime) -> dict[str, object]:
    lead = row.lead
    return {
        "name": mask_in_text(lead.name) or _("no name"),
        "url": reverse("desk:lead", args=[lead.pk]),
        "state": LeadState(lead.state).label,
        "received": moment_text(lead.received_at, now=now),
        "accept": _minutes(row.accept),
        "response": _minutes(row.response),
        "is_late": row.is_within is False,
        "is_answered": row.response is not None,
        "who": lead.closed_by.name if lead.closed_by else "–",
    }
