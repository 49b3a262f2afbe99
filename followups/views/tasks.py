"""Moving, skipping and answering a task, and taking back a contact."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.days import day_text, moment_text
from core.forms import show_refusal
from core.phones.text import mask_in_text
from core.refusals import Refused
from followups import services
from followups.forms import MoveForm, SkipForm, VoidForm
from followups.queries import TaskOfDay
from followups.rows import left_of, log_url, why
from followups.services import ContactNotLogged
from followups.states import State
from followups.survey_words import undone_words
from followups.views.fetching import get_contact_for, get_task_to_serve
from staff.access import signed_in
from staff.requests import Request

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@signed_in
@GET_OR_POST
def task_move(request: Request, pk: int) -> HttpResponse:
    """Put a task on another day, with a reason."""
    task = get_task_to_serve(request, pk)
    today = task.customer.store.today(timezone.now())
    form = MoveForm(request.POST if request.method == "POST" else None, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            services.move_task(task=task, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            show_refusal(form, refusal, form.fields_of_codes)
        else:
            day = day_text(form.cleaned_data["day"], today=today)
            messages.success(
                request,
                _("%(name)s: moved to %(day)s.") % {"name": task.customer.shown_name, "day": day},
            )
            return redirect("followups:today")
    return _change_page(request, task, move_form=form, skip_form=SkipForm())


@signed_in
@GET_OR_POST
def task_skip(request: Request, pk: int) -> HttpResponse:
    """Leave a task undone, with a reason."""
    task = get_task_to_serve(request, pk)
    today = task.customer.store.today(timezone.now())
    form = SkipForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.skip_task(task=task, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            show_refusal(form, refusal, form.fields_of_codes)
        else:
            messages.success(request, _("%(name)s: skipped.") % {"name": task.customer.shown_name})
            return redirect("followups:today")
    return _change_page(request, task, move_form=MoveForm(today=today), skip_form=form)


@signed_in
@require_POST
def close_with(request: Request, pk: int, contact_pk: int) -> HttpResponse:
    """Somebody has reached the customer already: the task is closed by that contact (FUP-09)."""
    task, contact = get_task_to_serve(request, pk), get_contact_for(request, contact_pk)
    name = task.customer.shown_name
    try:
        services.close_with(task=task, contact=contact, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s: closed by the earlier contact.") % {"name": name})
    return redirect("followups:today")


def _change_page(
    request: Request, task: TaskOfDay, *, move_form: MoveForm, skip_form: SkipForm
) -> HttpResponse:
    now = timezone.now()
    context = {
        "task": task,
        "customer": task.customer,
        "title": task.customer.shown_title,
        "is_open": task.state == State.OPEN,
        "state_word": task.get_state_display(),
        "why": why(task, now=now),
        "due": left_of(task, now=now) if task.state == State.OPEN else None,
        "move_form": move_form,
        "skip_form": skip_form,
        "may_give": request.reach.may_reassign,
        "back_url": log_url(task.customer_id, task_id=task.pk, kept={}),
    }
    return TemplateResponse(request, "followups/task_change.html", context)


@signed_in
@GET_OR_POST
def void_contact(request: Request, pk: int) -> HttpResponse:
    """Take back a contact logged by mistake (decision 12)."""
    contact, now = get_contact_for(request, pk), timezone.now()
    blockers = services.blockers_of_void(contact, by=request.user, now=now)
    if any(blocker.code == "not_yours_to_void" for blocker in blockers):
        raise PermissionDenied
    form = VoidForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            undone = services.void_contact(
                contact=contact, by=request.user, now=now, **form.cleaned_data
            )
        except Refused as refusal:
            show_refusal(form, refusal, {"void_reason_missing": "reason"})
        else:
            messages.success(
                request, _("The contact is taken back. It stays on the card, crossed out.")
            )
            for sentence in undone_words(undone):
                messages.info(request, sentence)
            return redirect("desk:customer", contact.customer_id)
    context = {
        "contact": contact,
        "customer": contact.customer,
        "when": moment_text(contact.occurred_at, now=now),
        "logged": moment_text(contact.logged_at, now=now),
        "note": mask_in_text(contact.note),
        "refusals": ContactNotLogged(*blockers).sentences() if blockers else [],
        "form": form,
    }
    return TemplateResponse(request, "followups/contact_void.html", context)
