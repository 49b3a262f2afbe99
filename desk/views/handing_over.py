"""Somebody leaves: what they have in hand, who takes it over, and the report of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.models import Job
from core.phones import mask_in_text
from core.refusals import Refused
from core.services import audit
from core.states import JobState
from core.views import attachment
from customers.models import HandOver
from customers.rules.sharing import share_out
from desk import leaving
from desk.forms.handing_over import HandOverForm
from desk.leaving import InHand
from desk.leaving_sheet import XLSX, report_workbook
from desk.services import handing_over as services
from staff import queries as staff
from staff import rules
from staff.access import only
from staff.models import Person
from staff.requests import Request
from staff.rules import Right
from staff.scope import REASSIGNING_ROLES, visible_people

# What of the hand-over was promised to end at once, in the order in which it is told.
ENDINGS = ("sessions", "duties", "assistants", "rota_days", "offers", "accesses")


def _leaver_for(request: Request, pk: int) -> Person:
    """The person `pk`; a stranger's does not exist (404), not theirs to hand over is 403."""
    person = staff.get_person_for(request.reach, pk)
    rights = rules.rights_over(by=staff.standing_of(request.user), person=staff.standing_of(person))
    if Right.HAND_OVER not in rights:
        raise PermissionDenied
    return person


@only(REASSIGNING_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: Request, pk: int) -> HttpResponse:
    """Choose who takes over, see what each would get, and do it."""
    leaver = _leaver_for(request, pk)
    receivers = leaving.receivers_for(leaver, reach=request.reach)
    posted = request.POST if request.method == "POST" else None
    form = HandOverForm(posted, receivers=receivers, initial={"key": uuid4()})
    seen = leaving.in_hand(leaver, now=timezone.now())
    if form.is_valid() and "go" in request.POST:
        try:
            job = services.hand_over(
                leaver=leaver, by=request.user, now=timezone.now(), **_told(form)
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            job = services.done_at_once(job, customers=seen.customers)
            is_done = job.state == JobState.DONE
            return redirect("desk:hand_over_done" if is_done else "core:job", pk=job.pk)
    return TemplateResponse(request, "desk/hand_over.html", _page(leaver, form, seen))


def _told(form: HandOverForm) -> dict[str, Any]:
    values = form.cleaned_data
    return {**values, "receivers": list(values["receivers"])}


def _page(leaver: Person, form: HandOverForm, seen: InHand) -> dict[str, object]:
    """The counts, and with receivers chosen what each of them would get."""
    chosen = list(form.cleaned_data["receivers"]) if form.is_bound and form.is_valid() else []
    return {
        "person": leaver,
        "form": form,
        "seen": seen,
        "stats": _stats(seen),
        "endings": _endings(
            {
                "duties": seen.duties,
                "assistants": seen.assistants,
                "rota_days": seen.rota_days,
                "offers": seen.offers,
                "accesses": seen.accesses,
            }
        ),
        "shares": _shares(leaver, chosen),
        "is_ready": bool(chosen),
        "earlier": list(leaving.hand_overs_of(leaver)[:5]),
        "back_url": reverse("staff:person", args=[leaver.pk]),
    }


def _shares(leaver: Person, chosen: Sequence[Person]) -> list[dict[str, object]]:
    """What each of the chosen would get, by grade."""
    if not chosen:
        return []
    cards = leaving.customers_to_deal(leaver)
    grades = dict(cards)
    dealt = share_out(ids=[pk for pk, _grade in cards], among=[person.pk for person in chosen])
    return [
        {
            "person": person,
            "count": len(dealt[person.pk]),
            "grades": sorted(Counter(grades[pk] for pk in dealt[person.pk]).items()),
            "moves_store": person.store_id not in (None, leaver.store_id),
        }
        for person in chosen
    ]


def _stats(seen: InHand) -> list[dict[str, object]]:
    return [
        {"value": f"{seen.customers:,}", "label": _("customers")},
        {
            "value": f"{seen.tasks_late:,}",
            "label": _("tasks overdue"),
            "tone": "late" if seen.tasks_late else "",
        },
        {
            "value": f"{seen.tasks_today:,}",
            "label": _("tasks today"),
            "tone": "soon" if seen.tasks_today else "",
        },
        {"value": f"{seen.tasks_later:,}", "label": _("tasks later")},
        {"value": f"{seen.opportunities:,}", "label": _("open opportunities")},
        {"value": f"{seen.appointments:,}", "label": pgettext("hand-over", "appointments")},
        {"value": f"{seen.designers:,}", "label": _("designers")},
        {"value": f"{seen.filings:,}", "label": _("filings held")},
        {"value": f"{seen.orders:,}", "label": _("orders under way")},
        {"value": f"{seen.quotes:,}", "label": _("open quotes")},
        {"value": f"{seen.credits:,}", "label": _("credits handled")},
        {"value": f"{seen.chores:,}", "label": _("to do in the house")},
    ]


def _endings(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """What ends, in words, as far as there is any."""
    words = {
        "sessions": _("open sessions"),
        "duties": _("duties of this person"),
        "assistants": _("people who assisted this person"),
        "rota_days": _("days on the duty rota"),
        "offers": _("leads offered and not accepted; they are offered anew"),
        "accesses": _("customers of others that were open to this person"),
    }
    return [(words[name], counts[name]) for name in ENDINGS if counts.get(name)]


@only(REASSIGNING_ROLES)
@require_safe
def hand_over_done(request: Request, pk: int) -> HttpResponse:
    """From the finished work to its report."""
    job = get_object_or_404(Job, pk=pk, asked_by=request.user, kind=services.HAND_OVER)
    return redirect("desk:hand_over_report", pk=job.params["hand_over"])


def _report_for(request: Request, pk: int) -> HandOver:
    """A hand-over of somebody within reach; a stranger's does not exist (404)."""
    found = HandOver.objects.select_related("leaver", "leaver__store", "by")
    return get_object_or_404(found, pk=pk, leaver__in=visible_people(request.reach))


@only(REASSIGNING_ROLES)
@never_cache
@require_safe
def hand_over_report(request: Request, pk: int) -> HttpResponse:
    """What went to whom, what to look at, and what the leaver took out before."""
    handed = _report_for(request, pk)
    verbs = {
        "reveal": pgettext("trace", "Number opened"),
        "export": pgettext("trace", "List exported"),
        "print": pgettext("trace", "Printed"),
    }
    counts = leaving.trace_counts(handed.leaver, until=handed.at)
    traces = leaving.traces_of(handed.leaver, until=handed.at)
    names = leaving.names_of(traces, reach=request.reach)
    context = {
        "handed": handed,
        "reason": mask_in_text(handed.reason),
        "is_done": handed.moved.get("is_done", False),
        "shares": leaving.shares_of(handed),
        "flagged": leaving.flagged(handed, reach=request.reach),
        "endings": _endings(handed.moved.get("ended", {})),
        "traces": [
            {
                "what": verbs[trace.verb],
                "name": names.get(trace.customer_id or 0, ""),
                "trace": trace,
            }
            for trace in traces
        ],
        "trace_counts": [(label, counts[verb]) for verb, label in verbs.items() if verb in counts],
        "back_url": reverse("staff:person", args=[handed.leaver_id]),
    }
    return TemplateResponse(request, "desk/hand_over_report.html", context)


@only(REASSIGNING_ROLES)
@never_cache
@require_safe
def hand_over_sheet(request: Request, pk: int) -> HttpResponse:
    """The report as a workbook, a row for each thing that changed hands; counted in the trail."""
    handed = _report_for(request, pk)
    content, rows = report_workbook(handed, reach=request.reach, reader=request.user)
    audit.record(verb="hand_over_sheet", of=handed.leaver, by=request.user, rows=rows)
    name = _("hand-over %(name)s.xlsx") % {"name": handed.leaver.username}
    headers = {"Content-Disposition": attachment(name), "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=XLSX, headers=headers)
