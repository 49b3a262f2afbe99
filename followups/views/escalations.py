"""What was reported up, and the tap that says it has been dealt with."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.days import date_text, moment_text
from core.phones import mask_in_text
from core.refusals import Refused
from followups.forms.plans import SeenForm
from followups.models import Escalation
from followups.naming import name_of
from followups.queries.escalations import reported as visible_reports
from followups.queries.escalations import with_rows
from followups.services.escalations import mark_seen, may_mark, may_unmark, unmark_seen
from staff.access import only
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES

PAGE_SIZE = 50
SEEN = "seen"


@only(CUSTOMER_ROLES)
@require_safe
def reported(request: Request) -> HttpResponse:
    """What was left overdue within one's reach: what nobody has seen, or what was seen."""
    shows_seen = request.GET.get("show") == SEEN
    rows = visible_reports(request.reach)
    waiting = rows.filter(seen_at=None).count()
    shown = with_rows(rows.filter(seen_at__isnull=not shows_seen))
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    now = timezone.now()
    address = reverse("followups:reported")
    context = {
        "rows": [_row(row, request, now=now) for row in page],
        "page": page,
        "path_for": f"?show={SEEN}&page=" if shows_seen else "?page=",
        "counts": [
            {"label": _("not seen yet"), "count": waiting, "url": address,
             "is_current": not shows_seen, "tone": "late" if waiting else "plain"},
            {"label": _("seen"), "count": "", "url": f"{address}?show={SEEN}",
             "is_current": shows_seen, "tone": "plain"},
        ],
    }  # fmt: skip
    return TemplateResponse(request, "followups/reported.html", context)


def _row(row: Escalation, request: Request, *, now) -> dict[str, object]:
    work = row.obligation
    return {
        "pk": row.pk,
        "customer_id": work.customer_id,
        "name": work.customer.shown_name,
        "what": name_of(work),
        "who": work.assignee.name if work.assignee else _("no keeper"),
        "since": date_text(work.due_on, today=timezone.localdate(now)),
        "state": work.get_state_display(),
        "is_open": work.state == "open",
        "to": row.to.name if row.to else _("nobody"),
        "at": moment_text(row.at, now=now),
        "seen": moment_text(row.seen_at, now=now) if row.seen_at else "",
        "seen_by": row.seen_by.name if row.seen_by else "",
        "note": mask_in_text(row.note),
        "task_id": work.task_id,
        "may_unmark": may_unmark(row, by=request.user, now=now),
        "may_mark": row.seen_at is None and may_mark(row, request.reach),
        "may_reassign": request.reach.may_reassign and work.state == "open" and work.task_id,
    }


@only(CUSTOMER_ROLES)
@require_POST
def report_seen(request: Request, pk: int) -> HttpResponse:
    """Somebody has dealt with what was reported."""
    row = get_object_or_404(visible_reports(request.reach), pk=pk)
    if not may_mark(row, request.reach):
        raise PermissionDenied
    form = SeenForm(request.POST, kept=row.note)
    if not form.is_valid():
        messages.error(request, str(form.errors["note"][0]))
        return redirect("followups:reported")
    try:
        mark_seen(
            escalation=row,
            note=form.cleaned_data["note"],
            by=request.user,
            reach=request.reach,
            now=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Marked as seen. Under “seen” it may be taken back for ten minutes.")
        )
    return redirect("followups:reported")


@only(CUSTOMER_ROLES)
@require_POST
def report_unseen(request: Request, pk: int) -> HttpResponse:
    """It was marked by mistake: it waits again."""
    row = get_object_or_404(visible_reports(request.reach), pk=pk)
    try:
        unmark_seen(escalation=row, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back: it is not seen yet."))
    return redirect("followups:reported")
