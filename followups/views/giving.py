"""One task given to somebody else by a manager."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.forms import show_refusal
from core.refusals import Refused
from followups import queries
from followups.forms import GiveForm
from followups.queries.giving import able_to_take
from followups.rows import left_of, why
from followups.services.giving import give_task
from followups.states import State
from staff.access import only
from staff.requests import Request
from staff.scope import REASSIGNING_ROLES, visible_people


@only(REASSIGNING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def task_give(request: Request, pk: int) -> HttpResponse:
    """To whom a task goes, and why."""
    task, now = queries.get_task_for(request.reach, pk), timezone.now()
    able = able_to_take(task.customer, now=now).exclude(pk=task.assignee_id or 0)
    people = visible_people(request.reach).filter(pk__in=able.values("pk"))
    form = GiveForm(
        request.POST if request.method == "POST" else None,
        people=people.order_by("store__code", "name", "pk"),
    )
    if form.is_valid():
        try:
            given = give_task(task=task, by=request.user, now=now, **form.cleaned_data)
        except Refused as refusal:
            show_refusal(form, refusal, form.fields_of_codes)
        else:
            who = given.assignee.name if given.assignee else ""
            said = {"name": task.customer.shown_name, "who": who}
            messages.success(request, _("%(who)s does it now: %(name)s.") % said)
            return redirect("followups:today")
    context = {
        "task": task,
        "customer": task.customer,
        "title": task.customer.shown_title,
        "is_open": task.state == State.OPEN,
        "state_word": task.get_state_display(),
        "whose": task.assignee.name if task.assignee else _("no keeper"),
        "why": why(task, now=now),
        "due": left_of(task, now=now) if task.state == State.OPEN else None,
        "form": form,
    }
    return TemplateResponse(request, "followups/task_give.html", context)
